"""Founding, naming, moving and dissolving units, each from a day on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical, unit_sort_key
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, Refused
from chibo.org import queries, rules
from chibo.org.models import Ancestry, Kind, Parentage, Succession, Unit, UnitName, ids_of, path_of
from chibo.org.rules import Decision, Effect, Restructuring

type Entry = tuple[Verb, Model, UUID | None, dict[str, Any]]
"""A line for `audit.record_all`."""

TREE = 2_025_0701
BATCH = 5000
MANY = 1000
MOST_NAMED = 5  # of what stands against a correction


def hold_the_tree() -> None:
    """Until the transaction ends nobody else changes a place in the tree: a path is made from the paths above it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE])


_PATHS = """
WITH RECURSIVE line(id, path) AS (
    SELECT id, path FROM org_unit WHERE id = %(root)s
    UNION ALL
    SELECT * FROM (SELECT id, replace(id::text, '-', '') || '/' FROM org_unit u WHERE %(root)s IS NULL AND
        during @> %(today)s::date AND NOT EXISTS (
            SELECT FROM org_parentage WHERE unit_id = u.id AND during @> %(today)s::date)) roots
    UNION ALL
    SELECT below.id, line.path || below.sign || replace(below.id::text, '-', '') || '/'
    FROM line CROSS JOIN LATERAL (
        SELECT unit_id AS id, '' AS sign FROM org_parentage WHERE parent_id = line.id AND during @> %(today)s::date
        UNION ALL
        SELECT predecessor_id, '~' FROM org_succession s JOIN org_unit u ON u.id = s.predecessor_id
        WHERE s.successor_id = line.id AND s.n = 0 AND s.on = upper(u.during) AND s.on <= %(today)s::date
        UNION ALL
        SELECT p.unit_id, '~' FROM org_parentage p JOIN org_unit u ON u.id = p.unit_id
        WHERE p.parent_id = line.id AND upper(u.during) <= %(today)s::date AND upper(p.during) = upper(u.during)
            AND NOT EXISTS (SELECT FROM org_succession s WHERE s.predecessor_id = u.id AND s.on = upper(u.during))
    ) below
)
UPDATE org_unit SET path = line.path FROM line WHERE org_unit.id = line.id AND org_unit.path <> line.path"""


_ANCESTRIES_END = """
WITH ended AS (
    DELETE FROM org_ancestry WHERE path >= %(path)s AND path < %(path)s || 'g' AND during <@ %(days)s::daterange
)
UPDATE org_ancestry SET during = during - %(days)s::daterange
WHERE path >= %(path)s AND path < %(path)s || 'g' AND during && %(days)s::daterange
    AND NOT during <@ %(days)s::daterange"""

_ANCESTRIES_BEGIN = """
WITH RECURSIVE line(unit_id, during, path) AS (
    SELECT p.unit_id, p.during * above.during * %(days)s::daterange,
        above.path || replace(p.unit_id::text, '-', '') || '/'
    FROM org_parentage p JOIN org_ancestry above
        ON above.unit_id = p.parent_id AND above.during && p.during * %(days)s::daterange
    WHERE p.unit_id = %(root)s
    UNION ALL
    SELECT id, unnest(datemultirange(during * %(days)s::daterange) - coalesce(
            (SELECT range_agg(p.during) FROM org_parentage p WHERE p.unit_id = u.id), '{}')),
        replace(id::text, '-', '') || '/'
    FROM org_unit u
    WHERE (id = %(root)s OR %(root)s IS NULL) AND during && %(days)s::daterange
        AND NOT EXISTS (SELECT FROM org_parentage p WHERE p.unit_id = u.id AND p.during @> u.during)
    UNION ALL
    SELECT p.unit_id, p.during * line.during, line.path || replace(p.unit_id::text, '-', '') || '/'
    FROM line JOIN org_parentage p ON p.parent_id = line.unit_id AND p.during && line.during
), unbroken AS (
    DELETE FROM org_ancestry was USING line
    WHERE was.unit_id = line.unit_id AND was.during -|- line.during AND was.path = line.path
    RETURNING was.unit_id, was.during, was.path
)
INSERT INTO org_ancestry (unit_id, path, during)
SELECT unit_id, path, unnest(range_agg(during))
FROM (TABLE line UNION ALL TABLE unbroken) AS parts(unit_id, during, path)
GROUP BY unit_id, path"""


def draw_ancestries(root_id: UUID | None, since: date | None) -> None:
    """Draws what stands above a unit and above each below it (None: in the forest) anew from a day on (None: on all).

    What stands above the unit itself must be right already, and what left its subtree must be drawn from a place above
    both.
    """
    days = f"[{since or ''},)"
    places = Ancestry.objects.filter(unit=root_id, during__overlap=Period(since)).values_list("path", flat=True)
    # One by one: of a path in the statement the server knows how many rows lie below it.
    with connection.cursor() as cursor:
        for path in list(places) if root_id else [""]:
            cursor.execute(_ANCESTRIES_END, {"path": path, "days": days})
        cursor.execute(_ANCESTRIES_BEGIN, {"root": root_id, "days": days})


def draw(root_id: UUID | None, since: date | None, today: date) -> None:
    """Draws what is kept of the tree for quick reading: the ancestries of each day from one on, and today's paths."""
    draw_ancestries(root_id, since)
    set_paths(root_id, today)


def draw_around(plan: Restructuring, on: date, today: date) -> None:
    """Draws anew what a plan has changed from its day on: below the lowest unit that stood above it all since."""
    places = {one.parent_id for one in plan.founded} | {parent for _unit, parent in plan.moved}
    changed = {unit for unit, _parent in plan.moved} | set(plan.ended) | {one.successor_id for one in plan.inherited}
    rows = Ancestry.objects.filter(unit__in=(places | changed) - {None}, during__overlap=Period(on))
    lines = [ids_of(path)[: None if unit in places else -1] for unit, path in rows.values_list("unit", "path")]
    if lines or plan.founded:
        above_all = [one[0] for one in takewhile(lambda step: len(set(step)) == 1, zip(*lines, strict=False))]
        draw(above_all[-1] if above_all else None, on, today)


def set_paths(root_id: UUID | None, today: date) -> None:
    """Makes the paths of all units below one (None: of the whole forest) what the edges say of today."""
    with connection.cursor() as cursor:
        # Of a tree that was filled in this very transaction the server knows no numbers yet, and would read a whole
        # table for each unit.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_PATHS, {"root": root_id, "today": today})
        cursor.execute("SET LOCAL enable_seqscan = on")


def _named(unit: Unit, name: str, during: Period) -> UnitName:
    name = canonical(name)
    if not name:
        raise Refused(fields={"name": [_("Write the unit's name.")]})
    return UnitName(unit=unit, name=name, sort_key=unit_sort_key(name), during=during)


@transaction.atomic
def found_unit(
    *,
    actor: Actor,
    kind: str,
    code: str,
    name: str,
    parent_id: UUID | None,
    since: date,
    at: datetime,
    decision: Decision | None = None,
    is_practice: bool = False,
) -> Unit:
    """Founds a unit below a parent (none: the root of a tree, which only the system may plant, also one to practise
    in)."""
    hold_the_tree()
    parent = None
    if parent_id:
        parent = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=parent_id)
    elif not actor.is_system:
        raise Refused(_("A new unit stands below another. Choose its superior unit."))
    unit = Unit(kind=Kind.objects.get(pk=kind), code=canonical(code), during=Period(since))
    unit.path = (parent.path if parent else "") + path_of([unit.pk])
    unit.is_practice = parent.is_practice if parent else is_practice
    access.require(actor, Capability.MANAGE_UNITS, unit)
    if reason := rules.why_not_on(since, exists=parent.during if parent else Period(), today=clock.day_of(at)):
        raise Refused(fields={"since": [reason]})
    if since not in unit.kind.during:
        raise Refused(fields={"kind": [_("There were no units of this kind on that day. Choose another kind.")]})
    if parent and (reason := rules.why_not_below(above=parent.kind.rank, below=unit.kind.rank)):
        raise Refused(fields={"kind": [reason]})
    if parent and parent.during.until is not None:
        raise Refused(_("The superior unit has ended. Choose one that is still there."))
    if not unit.code:
        raise Refused(fields={"code": [_("Write a code of letters and figures.")]})
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(fields={"code": [_("Another unit has this code. Choose another one.")]}) from error
    first = _named(unit, name, unit.during)
    first.save(force_insert=True)
    if parent:
        Parentage.objects.create(unit=unit, parent=parent, during=unit.during)
    draw_ancestries(unit.pk, since)
    facts = {"name": first.name, "since": since.isoformat()} | _resting_on(decision, first.pk)
    audit.record(actor, Verb.UNIT_FOUNDED, unit, at=at, unit_id=unit.pk, **facts)
    return unit


@transaction.atomic
def rename_unit(
    *, actor: Actor, unit_id: UUID, name: str, since: date, at: datetime, decision: Decision | None = None
) -> Unit:
    """Gives a unit a new name from a day on; papers of before keep the old one."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_UNITS, unit)
    if reason := rules.why_not_on(since, exists=unit.during, today=clock.day_of(at)):
        raise Refused(fields={"since": [reason]})
    current = unit.names.get(during__contains=since)
    if reason := rules.why_not_changed_from(since, current=current.during, exists=unit.during):
        raise Refused(fields={"since": [reason]})
    new = _named(unit, name, Period(since, current.during.until))
    if new.name == current.name:
        raise Refused(fields={"name": [_("This is the name already. Write the new one.")]})
    current.during = current.during.until_day(since)
    current.save(update_fields=["during"])
    new.save(force_insert=True)
    facts = {"was": current.name, "name": new.name, "since": since.isoformat()} | _resting_on(decision, new.pk)
    audit.record(actor, Verb.UNIT_RENAMED, unit, at=at, unit_id=unit.pk, **facts)
    return unit


@transaction.atomic
def move_unit(
    *, actor: Actor, unit_id: UUID, parent_id: UUID, since: date, at: datetime, decision: Decision | None = None
) -> Unit:
    """Puts a unit, with all below it, under another parent from a day on.

    Ranks grow strictly downwards on every day, so that no move on any day can close a circle.
    """
    hold_the_tree()
    ids = sorted([unit_id, parent_id])
    rows = Unit.objects.select_for_update(of=("self",)).select_related("kind").filter(pk__in=ids).order_by("pk")
    locked = {unit.pk: unit for unit in rows}
    unit, parent = locked[unit_id], locked[parent_id]
    old, new = unit.path, parent.path + path_of([unit.pk])
    access.require(actor, Capability.MANAGE_UNITS, unit)
    access.require(actor, Capability.MANAGE_UNITS, Unit(pk=unit.pk, path=new))
    for exists in (unit.during, parent.during):
        if reason := rules.why_not_on(since, exists=exists, today=clock.day_of(at)):
            raise Refused(fields={"since": [reason]})
    if reason := rules.why_not_under(unit.path, parent.path):
        raise Refused(fields={"parent": [reason]})
    if reason := rules.why_not_below(above=parent.kind.rank, below=unit.kind.rank):
        raise Refused(fields={"parent": [reason]})
    current = unit.parentages.filter(during__contains=since).first()
    if reason := rules.why_not_changed_from(since, current=current.during if current else None, exists=unit.during):
        raise Refused(fields={"since": [reason]})
    assert current is not None
    if current.parent_id == parent_id:
        raise Refused(fields={"parent": [_("The unit stands there already. Choose another superior unit.")]})
    if parent.during.until is not None and (unit.during.until is None or parent.during.until < unit.during.until):
        raise Refused(fields={"parent": [_("The superior unit ends before this unit does. Choose another one.")]})
    was, until = current.parent_id, current.during.until
    current.during = current.during.until_day(since)
    current.save(update_fields=["during"])
    place = Parentage.objects.create(unit=unit, parent=parent, during=Period(since, until))
    Unit.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr("path", len(old) + 1, Length(F("path"))))
    )
    unit.path = new
    draw_ancestries(unit.pk, since)
    facts = {"was": str(was), "parent": str(parent_id), "since": since.isoformat()} | _resting_on(decision, place.pk)
    audit.record(actor, Verb.UNIT_MOVED, unit, at=at, unit_id=unit.pk, **facts)
    return unit


@transaction.atomic
def dissolve_unit(*, actor: Actor, unit_id: UUID, on: date, at: datetime, decision: Decision | None = None) -> Unit:
    """Ends a unit on a day (the first on which it is no more). Its members and the units below it must have left."""
    hold_the_tree()
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_UNITS, unit)
    lasting = [row for rows in (unit.names, unit.parentages) for row in rows.filter(during__upper_inf=True)]
    last_change = max((row.during.since for row in lasting if row.during.since), default=None)
    if reason := rules.why_not_end_on(on, exists=unit.during, last_change=last_change, today=clock.day_of(at)):
        raise Refused(fields={"on": [reason]})
    if unit.child_parentages.filter(during__overlap=Period(on)).exists():
        raise Refused(_("Units still stand below this one. Move or dissolve them first."))
    if unit.memberships.filter(during__overlap=Period(on)).exists():
        raise Refused(_("The unit still has members. Transfer them first."))
    if unit.offices.filter(during__overlap=Period(on)).exists():
        raise Refused(_("Somebody still holds an office in the unit. End the office first."))
    if unit.transfers_in.running().exists() or unit.transfers_out.running().exists():
        raise Refused(_("A letter of introduction from or to the unit is not settled. Settle or withdraw it first."))
    for row in lasting:
        row.during = row.during.until_day(on)
        row.save(update_fields=["during"])
    unit.during = unit.during.until_day(on)
    unit.save(update_fields=["during"])
    draw_ancestries(unit.pk, on)
    set_paths(next(reversed(unit.ancestor_ids), None), clock.day_of(at))
    facts = {"on": on.isoformat()} | _resting_on(decision, unit.pk)
    audit.record(actor, Verb.UNIT_DISSOLVED, unit, at=at, unit_id=unit.pk, **facts)
    return unit


def _resting_on(decision: Decision | None, row: UUID) -> dict[str, Any]:
    """The facts of a decision, with the row of the tree that it brought about or ended."""
    return {"decision": decision.facts, "row": str(row)} if decision else {}


# Corrections: the past was otherwise than it was written down. What was believed until now is kept (org.models.Past).


@transaction.atomic
def correct_name(*, actor: Actor, name_id: UUID, name: str, reason: str, at: datetime) -> UnitName:
    """Puts a name of any period right, as it should have been written then; papers that were issued stay as they
    are."""
    row = UnitName.objects.select_for_update(of=("self",)).select_related("unit").get(pk=name_id)
    access.require(actor, Capability.MANAGE_UNITS, row.unit)
    was, row.name = row.name, canonical(name)
    if not row.name:
        raise Refused(fields={"name": [_("Write the unit's name.")]})
    if row.name == was:
        raise Refused(fields={"name": [_("This is the name already. Write the right one.")]})
    _require_reason(reason)
    row.sort_key = unit_sort_key(row.name)
    row.save(update_fields=["name", "sort_key"])
    _record_correction(actor, row.unit, row.pk, at, reason, was=was, name=row.name)
    return row


@transaction.atomic
def correct_day(*, actor: Actor, row_id: UUID, since: date, reason: str, at: datetime) -> Unit:
    """Puts right the day from which a unit has a name or a place; the first of its names: the day of its founding."""
    hold_the_tree()
    name = UnitName.objects.select_related("unit").filter(pk=row_id).first()
    rows = UnitName if name else Parentage
    row = name or Parentage.objects.select_related("unit").get(pk=row_id)
    unit = row.unit
    access.require(actor, Capability.MANAGE_UNITS, unit)
    _require_reason(reason)
    was = row.during.since
    if since == was:
        raise Refused(fields={"since": [_("This is the day already. Write the right one.")]})
    if since > clock.day_of(at):
        raise Refused(fields={"since": [_("A day to come belongs to a reorganisation. Write the day it was.")]})
    if row.during.until is not None and since >= row.during.until:
        raise Refused(fields={"since": [_("On that day this had been over already. Write an earlier day.")]})
    try:
        with transaction.atomic():
            if was == unit.during.since:
                _shift_founding(unit, since, earlier=since < was)
            else:
                before = rows.objects.get(unit=unit, during__endswith=was)
                if before.during.since is not None and since <= before.during.since:
                    raise Refused(fields={"since": [_("That is before what it follows had begun. Write a later day.")]})
                pair = [(before, before.during.until_day(since)), (row, Period(since, row.during.until))]
                for one, during in pair if since < was else reversed(pair):
                    one.during = during
                    one.save(update_fields=["during"])
    except IntegrityError as error:
        raise Refused(fields={"since": [_what_does_not_fit(unit, was, since)]}) from error
    if rows is Parentage or unit.during.since == since:
        draw_ancestries(unit.pk, min(was, since) if was else None)
    _record_correction(actor, unit, row.pk, at, reason, was=was.isoformat(), since=since.isoformat())
    return unit


def _what_does_not_fit(unit: Unit, was: date | None, since: date) -> str:
    """Why another day is not the first of a row, by what stands against it."""
    found = queries.against_day(Unit.objects.get(pk=unit.pk), was, since)
    if not found:
        return str(_("Members, offices or units of other days do not fit to this day. Correct them first."))
    more = len(found) - MOST_NAMED
    told = "; ".join(found[:MOST_NAMED]) + (str(_("; and %(n)s more")) % {"n": more} if more > 0 else "")
    return str(_("What does not fit to this day: %(what)s. Correct that first.")) % {"what": told}


def _shift_founding(unit: Unit, since: date, *, earlier: bool) -> None:
    was = unit.during.since
    own = [row for rows in (unit.names, unit.parentages) for row in rows.filter(during__startswith=was)]
    if any(row.during.until and row.during.until <= since for row in own):
        raise Refused(fields={"since": [_what_does_not_fit(unit, was, since)]})
    rows: list[Unit | UnitName | Parentage] = [unit, *own] if earlier else [*own, unit]
    for one in rows:
        one.during = Period(since, one.during.until)
        one.save(update_fields=["during"])


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write how it is known that it was otherwise.")]})


def _record_correction(actor: Actor, unit: Unit, row: UUID, at: datetime, reason: str, **facts: str) -> None:
    audit.record(
        actor, Verb.HISTORY_CORRECTED, unit, at=at, unit_id=unit.pk, row=str(row), reason=reason.strip(), **facts
    )


# A reorganisation. The room of that name plans it, asks whose it is for each unit, and keeps the effects.


def restructure(*, actor: Actor, plan: Restructuring, on: date, at: datetime) -> list[Effect]:
    """Founds, renames and moves units, and says who inherits from whom, from a day on; ends nobody yet.

    Takes a plan that was checked. Who lives in a unit that ends must move before `end_units`; `draw_around` comes last.
    """
    hold_the_tree()
    above = [one.parent_id for one in plan.founded] + [parent for _unit, parent in plan.moved]
    paths = dict(Unit.objects.filter(pk__in=[*_touched(plan), *filter(None, above)]).values_list("pk", "path"))
    founded = []
    for one in plan.founded:
        unit = Unit(pk=one.unit_id, kind_id=one.kind, code=one.code, during=Period(on))
        # Until the paths are made anew; a founding stands in the list after the one above it.
        unit.path = paths[one.unit_id] = (paths[one.parent_id] if one.parent_id else "") + path_of([unit.pk])
        founded.append(unit)
    places = [(one, paths[one]) for one in _touched(plan)]
    places += [(one, paths[parent] + path_of([one])) for one, parent in plan.moved]
    access.require_all(actor, Capability.MANAGE_UNITS, [Unit(pk=one, path=path) for one, path in places])
    Unit.objects.bulk_create(founded, batch_size=BATCH)
    moved = dict(plan.moved)
    effects = [Effect("org_unit", unit.pk) for unit in founded]
    effects += cut("org_unitname", [unit_id for unit_id, _name in plan.renamed], on)
    # What a place was to end on, its successor ends on: what goes with its superior may have ended or moved later.
    ends = dict(
        Parentage.objects.filter(unit__in=moved, during__contains=on).values_list("unit_id", "during__endswith")
    )
    effects += cut("org_parentage", list(moved), on)
    names = [(one.unit_id, one.name) for one in plan.founded] + list(plan.renamed)
    rows = [
        UnitName(unit_id=unit_id, name=name, sort_key=unit_sort_key(name), during=Period(on)) for unit_id, name in names
    ]
    effects += [Effect("org_unitname", row.pk) for row in UnitName.objects.bulk_create(rows, batch_size=BATCH)]
    edges = [(one.unit_id, one.parent_id) for one in plan.founded if one.parent_id]
    edges += plan.moved
    rungs = [Parentage(unit_id=one, parent_id=above, during=Period(on, ends.get(one))) for one, above in edges]
    effects += [Effect("org_parentage", row.pk) for row in Parentage.objects.bulk_create(rungs, batch_size=BATCH)]
    counted: Counter[UUID] = Counter()
    heirs = []
    for line in plan.inherited:
        n = counted[line.predecessor_id]
        counted[line.predecessor_id] += 1
        heirs.append(
            Succession(
                predecessor_id=line.predecessor_id, successor_id=line.successor_id, on=on, is_whole=line.is_whole, n=n
            )
        )
    effects += [Effect("org_succession", row.pk) for row in Succession.objects.bulk_create(heirs, batch_size=BATCH)]
    if len(effects) >= MANY:
        _count_anew()
    since = on.isoformat()
    lines: list[Entry] = [
        (Verb.UNIT_FOUNDED, Unit(pk=one.unit_id), one.unit_id, {"name": one.name, "since": since})
        for one in plan.founded
    ]
    lines += [(Verb.UNIT_RENAMED, Unit(pk=one), one, {"name": name, "since": since}) for one, name in plan.renamed]
    lines += [
        (Verb.UNIT_MOVED, Unit(pk=one), one, {"parent": str(parent), "since": since}) for one, parent in plan.moved
    ]
    audit.record_all(actor, lines, at=at)
    return effects


def _count_anew() -> None:
    """Lets the server count the tables of the tree: what follows in the same transaction is planned by these numbers.

    Without them a tree that was filled just now passes for empty, and every join reads whole tables for each unit.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE org_unit, org_unitname, org_parentage, org_succession")


def end_units(*, actor: Actor, unit_ids: Sequence[UUID], on: date, at: datetime) -> list[Effect]:
    """Ends units on a day; nobody may be left in them (the temporal keys hold that)."""
    hold_the_tree()
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=unit_ids))
    ids = list(unit_ids)
    effects = cut("org_unitname", ids, on) + cut("org_parentage", ids, on)
    effects += cut("org_unit", ids, on, key="id")
    lines: list[Entry] = [(Verb.UNIT_DISSOLVED, Unit(pk=one), one, {"on": on.isoformat()}) for one in ids]
    audit.record_all(actor, lines, at=at)
    return effects


def take_back(*, actor: Actor, root: Unit | None, effects: Sequence[Effect], on: date, at: datetime) -> None:
    """Undoes effects of a day in the order opposite to the one in which they came about, in whatever room they were.

    All of them were below `root` (None: anywhere). Raises IntegrityError when something has been built on them.
    """
    hold_the_tree()
    _require_below(actor, root)
    for (table, column), group in groupby(reversed(effects), key=lambda one: (one.table, one.column)):
        with connection.cursor() as cursor:
            own = list(group)
            rows = [one.row for one in own]
            if not column:
                cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [rows])  # noqa: S608  # names of our own tables
                continue
            value = "daterange(lower(t.during), nullif(e.was, '')::date)" if column == "during" else "e.was"
            cursor.execute(
                f"UPDATE {table} t SET {column} = {value}{'::uuid' if column.endswith('_id') else ''} "  # noqa: S608  # names from our own code
                "FROM unnest(%s::uuid[], %s::text[]) e(row, was) WHERE t.id = e.row",
                [rows, [one.was for one in own]],
            )
    restored = [one.row for one in effects if (one.table, one.column) == (Unit._meta.db_table, "during")]
    audit.record_all(actor, [(Verb.UNIT_RESTORED, Unit(pk=one), one, {}) for one in restored], at=at)
    draw(root.pk if root else None, on, clock.day_of(at))


def _require_below(actor: Actor, root: Unit | None) -> None:
    if root is not None:
        access.require(actor, Capability.MANAGE_UNITS, queries.child_to_be(root))
    elif not actor.is_system:
        raise Forbidden(_("What changes the roots of the tree is for the system only. Choose a unit to work below."))


def _touched(plan: Restructuring) -> list[UUID]:
    return [one.unit_id for one in plan.founded] + [one for one, _ in plan.renamed] + [one for one, _ in plan.moved]


def cut(table: str, unit_ids: Sequence[UUID], on: date, *, key: str = "unit_id") -> list[Effect]:
    """Ends the rows of units in a table with a `during` that hold on a day and held on the eve."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET during = daterange(lower(t.during), %s) FROM {table} was "  # noqa: S608  # constants
            f"WHERE was.id = t.id AND t.{key} = ANY(%s) AND t.during @> %s::date AND t.during @> %s::date "
            "RETURNING t.id, upper(was.during)",
            [on, list(unit_ids), on, on - timedelta(days=1)],
        )
        return [Effect(table, row, "during", until.isoformat() if until else "") for row, until in cursor.fetchall()]


def reassign(table: str, column: str, to: Mapping[UUID, UUID]) -> list[Effect]:
    """Lets rows of a table point to other units (by row: the unit)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = e.unit FROM unnest(%s::uuid[], %s::uuid[]) e(row, unit), {table} was "  # noqa: S608  # names from our own code
            f"WHERE t.id = e.row AND was.id = t.id RETURNING t.id, was.{column}",
            [list(to), list(to.values())],
        )
        return [Effect(table, row, column, str(was)) for row, was in cursor.fetchall()]
