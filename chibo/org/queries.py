"""Reading the tree as a viewer may see it, on a day."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.names import words_in
from chibo.core.period import Period
from chibo.core.refusals import NotThere
from chibo.org.models import (
    Ancestry,
    Kind,
    Parentage,
    Past,
    Succession,
    Unit,
    UnitName,
    UnitQuerySet,
    holds,
    ids_of,
    path_of,
)

MOST_PLACES = 50
BY_NAME = ("kind__rank", "name_key", "pk")
_THERE_FIRST = (F("during__endswith").desc(nulls_first=True), *BY_NAME)


def visible_units(viewer: Actor, on: date) -> UnitQuerySet:
    """The units a viewer may see, with their names of a day."""
    return access.visible(viewer, Capability.SEE_UNIT, Unit.objects.on(on).named(on), field="").select_related("kind")


def get(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit, named as of a day. Raises NotThere for the unseen."""
    unit = visible_units(viewer, on).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def known(viewer: Actor, unit_id: UUID) -> Unit:
    """One unit of any day, whether it is still there or not. Raises NotThere for the unseen."""
    units = access.visible(viewer, Capability.SEE_UNIT, Unit.objects.select_related("kind"), field="")
    unit = units.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def known_as(unit: Unit, on: date) -> Unit:
    """The same unit with its name of a day, or the last one it had; for a unit that was read without."""
    unit.name = name_on(unit.pk, on)
    return unit


def managed(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit that a viewer may name, move and dissolve. Raises NotThere for the unseen, Forbidden for the others."""
    unit = get(viewer, unit_id, on)
    access.require(viewer, Capability.MANAGE_UNITS, unit)
    return unit


def parent_to_be(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """One unit below which a viewer may found others. Raises NotThere for the unseen, Forbidden for the others."""
    unit = get(viewer, unit_id, on)
    access.require(viewer, Capability.MANAGE_UNITS, child_to_be(unit))
    return unit


def child_to_be(parent: Unit) -> Unit:
    """An unsaved unit below another, to ask what may be done there."""
    child = Unit()
    child.path = parent.path + path_of([child.pk])
    return child


def may_found_below(viewer: Actor, unit: Unit) -> bool:
    """Whether a viewer may found units below one that is still there."""
    return unit.during.until is None and access.can(viewer, Capability.MANAGE_UNITS, child_to_be(unit))


def former_names(unit_id: UUID, on: date) -> list[UnitName]:
    """What a unit was called before a day, the latest first."""
    return list(UnitName.objects.filter(unit_id=unit_id, during__fully_lt=Period(on)).order_by("-during"))


def kinds_that_meet(on: date) -> list[Kind]:
    """The kinds of unit that hold meetings on a day, from the top down."""
    return list(Kind.objects.filter(holds_meetings=True, during__contains=on))


def kinds_on(on: date) -> list[Kind]:
    """All kinds of unit of a day, from the top down."""
    return list(Kind.objects.filter(during__contains=on))


def kinds_below(parent: Unit, on: date) -> QuerySet[Kind]:
    """The kinds of units that may be founded below a unit on a day."""
    return Kind.objects.filter(during__contains=on, rank__gt=parent.kind.rank)


def places_for(viewer: Actor, unit: Unit, text: str, on: date) -> list[Unit]:
    """Units by name below which a viewer may move a unit: of a higher rank, and his to manage what stands there."""
    reach = access.reaches(viewer, Capability.MANAGE_UNITS)
    found = search(viewer, text, on).filter(kind__rank__lt=unit.kind.rank)[:MOST_PLACES]
    offered = [one for one in found if any(far.covers(child_to_be(one), None) for far in reach)]
    names = apart({one.pk: one.name for one in offered})
    for one in offered:
        one.name = names[one.pk]
    return offered


def children(viewer: Actor, unit_id: UUID, on: date) -> QuerySet[Unit]:
    """The units directly below one, in the order of their names."""
    return visible_units(viewer, on).children_of(unit_id, on).order_by(*BY_NAME)


def line_above(unit: Unit, on: date) -> list[Unit]:
    """The units above one on a day, the root first; names of units above are no secret to who sees the unit."""
    line = Ancestry.objects.filter(unit=unit, during__contains=on).values_list("path", flat=True).first() or ""
    above = {one.pk: one for one in Unit.objects.filter(pk__in=ids_of(line)).named(on).select_related("kind")}
    return [above[one] for one in ids_of(line)[:-1]]


def search(viewer: Actor, text: str, on: date, *, ended: bool = False) -> QuerySet[Unit]:
    """Units whose name, now or once, holds every word of the text, marks and case aside; none for an empty text.

    With `ended` those that are no more are among them, after those that are there.
    """
    names = UnitName.objects.filter(holds("search", text), unit=OuterRef("pk"))
    known = Unit.objects.filter(during__startswith__lte=on).last_named(on) if ended else Unit.objects.on(on).named(on)
    seen = access.visible(viewer, Capability.SEE_UNIT, known.select_related("kind"), field="")
    if not words_in(text):
        return seen.none()
    return seen.filter(Exists(names)).order_by(*_THERE_FIRST)


def found(viewer: Actor, text: str, on: date) -> list[UUID]:
    """The keys of the units that a search finds, also of those that are no more, in order: access.MOST_FOUND at most.

    Of them who shows a page reads its rows alone, by `listed`.
    """
    some = search(viewer, text, on, ended=True).order_by().values("pk")[: access.MOST_FOUND]
    rows = Unit.objects.filter(pk__in=some).last_named(on).order_by(*_THERE_FIRST)
    return list(rows.values_list("pk", flat=True))


def listed(keys: Collection[UUID], on: date) -> QuerySet[Unit]:
    """The units of some keys in the order of a search, also those that are no more."""
    rows = Unit.objects.filter(pk__in=keys).last_named(on)
    return rows.select_related("kind").order_by(*_THERE_FIRST)


def name_on(unit_id: UUID, on: date) -> str:
    """A unit's name on a day; the last one it had where it is no more."""
    names = UnitName.objects.filter(unit_id=unit_id)
    found = names.filter(during__contains=on).first() or names.order_by("-during").first()
    return found.name if found else ""


def names_on(unit_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """What units are called on a day, else as they were called last, namesakes told apart: one query, another where a
    unit has no name on that day, and another where there are namesakes."""
    ids = set(unit_ids)
    names = UnitName.objects.filter(unit_id__in=ids)
    found = dict(names.filter(during__contains=on).values_list("unit_id", "name"))
    if len(found) < len(ids):
        rest = names.exclude(unit_id__in=found).order_by("during")
        found |= dict(rest.values_list("unit_id", "name"))  # the last one of each stays
    return apart(found)


def last_superiors(unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """By each unit the name of what it stands below, or of what it stood below at its end; one query."""
    last = UnitName.objects.filter(unit=OuterRef("parent")).order_by("-during").values("name")[:1]
    places = Parentage.objects.filter(unit__in=list(unit_ids)).annotate(below=Subquery(last)).order_by("during")
    return dict(places.values_list("unit", "below"))


def told_apart(names: Mapping[UUID, str]) -> dict[UUID, str]:
    """By each unit in a list that shares its name with another, what tells it from that one: below which unit it stood
    before, else below which it stands, else its code. One query, and none where no two have one name."""
    count = Counter(names.values())
    twins = [pk for pk, name in names.items() if count[name] > 1]
    if not twins:
        return {}
    last = UnitName.objects.filter(unit=OuterRef("parent")).order_by("-during").values("name")[:1]
    places = Parentage.objects.filter(unit__in=twins).annotate(below=Subquery(last)).order_by("during")
    below: dict[UUID, list[str]] = {}
    codes: dict[UUID, str] = {}
    for pk, code, name in places.values_list("unit", "unit__code", "below"):
        codes[pk] = code
        if below.setdefault(pk, [])[-1:] != [name]:
            below[pk].append(name)
    before = {pk: passed[-2] for pk, passed in below.items() if len(passed) > 1}
    now = {pk: passed[-1] for pk, passed in below.items() if passed[-1]}
    same_before, same_now = (Counter((names[pk], name) for pk, name in where.items()) for where in (before, now))

    def note(pk: UUID) -> str:
        if pk in before and same_before[names[pk], before[pk]] == 1:
            return _("before below %(unit)s") % {"unit": before[pk]}
        if pk in now and same_now[names[pk], now[pk]] == 1:
            return _("below %(unit)s") % {"unit": now[pk]}
        return codes[pk]

    return {pk: note(pk) for pk in codes}


def apart(names: Mapping[UUID, str]) -> dict[UUID, str]:
    """The same names, those of namesakes with what tells them apart behind."""
    return dict(names) | {pk: f"{names[pk]} ({note})" for pk, note in told_apart(names).items()}


# A unit through time


@dataclass(frozen=True, slots=True)
class Event:
    """Something that became of a unit on a day. `what` is a code for the page's words; `row` the row that says it,
    with the other unit where there is one."""

    on: date
    what: str
    row: UUID
    text: str = ""
    other_id: UUID | None = None
    other: str = ""


def timeline(unit: Unit) -> list[Event]:
    """What became of a unit, the earliest first: founded, named, placed, what went on in it, in what it went on,
    ended."""
    events = []
    names = list(UnitName.objects.filter(unit=unit).order_by("during"))
    for n, name in enumerate(names):
        assert name.during.since is not None
        events.append(Event(name.during.since, "renamed" if n else "founded", name.pk, name.name))
    places = list(Parentage.objects.filter(unit=unit).order_by("during"))
    heirs = Succession.objects.filter(predecessor=unit).order_by("on", "n")
    before = Succession.objects.filter(successor=unit).order_by("on", "predecessor__code")
    others = {place.parent_id for place in places} | {one.successor_id for one in heirs}
    known = dict(
        UnitName.objects.filter(unit__in=others | {one.predecessor_id for one in before})
        .order_by("unit", "during")
        .values_list("unit_id", "name")
    )
    for n, place in enumerate(places):
        assert place.during.since is not None
        name_then = name_on(place.parent_id, place.during.since)
        what = "moved" if n else "placed"
        events.append(Event(place.during.since, what, place.pk, other_id=place.parent_id, other=name_then))
    for one in before:
        what = "inherited" if one.is_whole else "inherited_part"
        events.append(Event(one.on, what, one.pk, other_id=one.predecessor_id, other=known.get(one.predecessor_id, "")))
    for one in heirs:
        what = "went_on" if one.is_whole else "gave_part"
        events.append(Event(one.on, what, one.pk, other_id=one.successor_id, other=known.get(one.successor_id, "")))
    if unit.during.until:
        events.append(Event(unit.during.until, "ended", unit.pk))
    order = ("founded", "placed", "inherited", "inherited_part", "renamed", "moved", "gave_part", "went_on", "ended")
    return sorted(events, key=lambda event: (event.on, order.index(event.what)))


def decisions_of_changes(unit: Unit) -> dict[UUID, str]:
    """By rows of the tree, the decision on which a change of this one unit rests; one query."""
    changes = (Verb.UNIT_FOUNDED, Verb.UNIT_RENAMED, Verb.UNIT_MOVED, Verb.UNIT_DISSOLVED)
    entries = Entry.objects.filter(unit_id=unit.pk, verb__in=changes, facts__has_key="decision")
    found = {}
    for facts in entries.values_list("facts", flat=True):
        said = facts["decision"] | {"day": f"{date.fromisoformat(facts['decision']['signed_on']):%d/%m/%Y}"}
        found[UUID(facts["row"])] = _("%(number)s of %(day)s, %(issuer)s") % said
    return found


@dataclass(frozen=True, slots=True)
class Gone:
    """A unit that stood directly below one on its last day, and where it went: its heirs, or below what."""

    unit_id: UUID
    name: str
    to: list[tuple[UUID, str]]


def where_its_units_went(viewer: Actor, unit: Unit) -> list[Gone]:
    """What became of the units directly below one that is no more, on the day of its end, of those that a viewer may
    see; a handful of queries."""
    end = unit.during.until
    if end is None:
        return []
    places = Parentage.objects.filter(parent=unit, during__endswith=end)
    ids = list(access.visible(viewer, Capability.SEE_UNIT, places).values_list("unit_id", flat=True))
    to: dict[UUID, list[UUID]] = {one: [] for one in ids}
    for one in Succession.objects.filter(predecessor__in=ids, on=end, predecessor__during__endswith=end).order_by("n"):
        to[one.predecessor_id].append(one.successor_id)
    for place in Parentage.objects.filter(unit__in=ids, during__startswith=end):
        to[place.unit_id].append(place.parent_id)
    asked = {*ids, *(other for others in to.values() for other in others)}
    known = {one.pk: one for one in Unit.objects.filter(pk__in=asked).last_named(end).order_by(*BY_NAME)}
    return [
        Gone(pk, one.name, [(other, known[other].name) for other in to[pk]]) for pk, one in known.items() if pk in to
    ]


def heirs_of(unit_id: UUID, on: date) -> list[Unit]:
    """In which units a unit that is no more goes on today, however many reorganisations lie between; named as of a
    day."""
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, {"unit": unit_id, "on": on})
        ids = [row[0] for row in cursor.fetchall()]
    found = {one.pk: one for one in Unit.objects.filter(pk__in=ids).named(on).select_related("kind")}
    return [found[one] for one in ids]


def heir_for(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """Of the units in which one that is no more goes on, the first that a viewer may see. Raises NotThere."""
    for heir in heirs_of(unit_id, on):
        if access.can(viewer, Capability.SEE_UNIT, heir):
            return heir
    raise NotThere


_HEIRS = """
WITH RECURSIVE heirs(id, line) AS (
    SELECT s.successor_id, ARRAY[s.n] FROM org_succession s JOIN org_unit u ON u.id = s.predecessor_id
    WHERE u.id = %(unit)s AND s.on = upper(u.during)
    UNION
    SELECT s.successor_id, h.line || s.n FROM heirs h JOIN org_unit u ON u.id = h.id
    JOIN org_succession s ON s.predecessor_id = u.id AND s.on = upper(u.during)
)
SELECT h.id FROM heirs h JOIN org_unit u ON u.id = h.id
WHERE u.during @> %(on)s::date GROUP BY h.id ORDER BY min(h.line)"""


def seats(unit_ids: Iterable[UUID], on: date) -> dict[UUID, UUID | None]:
    """As which unit of a day each unit counts: itself where it existed then; where it had ended, its first heir and
    on; where it was not founded yet, the one unit that went on whole in it, and back. None where that cannot be told.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, {"ids": list(unit_ids), "on": on})
        return dict(cursor.fetchall())


_SEATS = """
WITH RECURSIVE seat(asked, id) AS (
    SELECT unnest(%(ids)s::uuid[]), unnest(%(ids)s::uuid[])
    UNION
    SELECT seat.asked, step.id FROM seat JOIN org_unit u ON u.id = seat.id CROSS JOIN LATERAL (
        SELECT s.successor_id AS id FROM org_succession s
        WHERE upper(u.during) <= %(on)s::date AND s.predecessor_id = u.id AND s.on = upper(u.during) AND s.n = 0
        UNION ALL
        SELECT min(s.predecessor_id::text)::uuid FROM org_succession s
        WHERE lower(u.during) > %(on)s::date AND s.successor_id = u.id AND s.on = lower(u.during)
        HAVING count(*) = 1 AND bool_and(s.is_whole)
    ) step
)
SELECT a.id, min(seat.id::text) FILTER (WHERE u.during @> %(on)s::date)::uuid
FROM unnest(%(ids)s::uuid[]) a(id) JOIN seat ON seat.asked = a.id JOIN org_unit u ON u.id = seat.id GROUP BY a.id"""


def counted(unit_id: UUID, structure: date, on: date) -> set[UUID]:
    """The units that may count on a day below one (itself included) on the structure of another: those that stood there
    on either day, and what they went on in or what went on in them between the two. `seats` says as which."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"unit": unit_id, "structure": structure, "on": on})
        return {row[0] for row in cursor.fetchall()}


_COUNTED = """
WITH RECURSIVE below(id) AS (
    SELECT line.unit_id
    FROM org_ancestry top JOIN org_ancestry line ON line.path >= top.path AND line.path < top.path || 'g'
    CROSS JOIN (VALUES (%(structure)s::date), (%(on)s::date)) AS day(d)
    WHERE top.unit_id = %(unit)s AND top.during @> day.d AND line.during @> day.d
    UNION
    SELECT step.id FROM below CROSS JOIN LATERAL (
        SELECT s.predecessor_id AS id FROM org_succession s
        WHERE s.successor_id = below.id AND s.on > %(on)s::date AND s.on <= %(structure)s::date
        UNION ALL
        SELECT s.successor_id FROM org_succession s
        WHERE s.predecessor_id = below.id AND s.on > %(structure)s::date AND s.on <= %(on)s::date
    ) step
)
SELECT id FROM below"""


def tops_below(seat_ids: Iterable[UUID], rank: int, on: date) -> dict[UUID, UUID]:
    """By each of these units the highest of those above it on a day, itself included, that is of a lower rank than one
    (Kind.rank): where to count what belongs to a unit that itself was not there on that day."""
    with connection.cursor() as cursor:
        cursor.execute(_TOPS_BELOW, {"ids": list(seat_ids), "rank": rank, "on": on})
        return dict(cursor.fetchall())


_TOPS_BELOW = """
SELECT DISTINCT ON (line.unit_id) line.unit_id, u.id
FROM org_ancestry line
CROSS JOIN LATERAL string_to_table(rtrim(line.path, '/'), '/') WITH ORDINALITY AS step(id, n)
JOIN org_unit u ON u.id = step.id::uuid JOIN org_kind k ON k.code = u.kind_id
WHERE line.unit_id = ANY(%(ids)s::uuid[]) AND line.during @> %(on)s::date AND k.rank > %(rank)s
ORDER BY line.unit_id, step.n"""


def child_of_each(unit_id: UUID, on: date) -> dict[UUID, UUID]:
    """By each unit below one on a day, the unit directly below it to whose subtree it belongs; one query."""
    with connection.cursor() as cursor:
        cursor.execute(CHILD_OF_EACH, {"unit": unit_id, "on": on})
        return dict(cursor.fetchall())


# What follows a path below it is a figure of an id, and the last of those is f. Cut as bytes: counting the letters of
# each path took seven times as long as finding it.
CHILD_OF_EACH = """
SELECT line.unit_id, encode(substr(line.path::bytea, octet_length(top.path) + 1, 32), 'escape')::uuid
FROM org_ancestry top JOIN org_ancestry line ON line.path > top.path AND line.path < top.path || 'g'
WHERE top.unit_id = %(unit)s AND top.during @> %(on)s::date AND line.during @> %(on)s::date"""


# What was believed when


@dataclass(frozen=True, slots=True)
class Belief:
    """What was believed of a unit on an instant, about a day."""

    exists: bool
    name: str
    parent_id: UUID | None


def believed(unit_id: UUID, on: date, at: datetime) -> Belief:
    """What the tree said of a unit on a day, as it was known at an instant (rows that were changed or taken out since
    count as they were)."""
    with connection.cursor() as cursor:
        cursor.execute(_BELIEVED, {"unit": unit_id, "on": on, "at": at})
        exists, name, parent_id = cursor.fetchone()
    return Belief(exists=bool(exists), name=name or "", parent_id=UUID(parent_id) if parent_id else None)


_BELIEVED = """
WITH known AS (
    SELECT 'org_unit' AS "table", to_jsonb(u) AS was FROM org_unit u WHERE id = %(unit)s AND recorded_at <= %(at)s
    UNION ALL
    SELECT 'org_unitname', to_jsonb(n) FROM org_unitname n WHERE unit_id = %(unit)s AND recorded_at <= %(at)s
    UNION ALL
    SELECT 'org_parentage', to_jsonb(p) FROM org_parentage p WHERE unit_id = %(unit)s AND recorded_at <= %(at)s
    UNION ALL
    SELECT "table", was FROM org_past WHERE unit_id = %(unit)s AND believed @> %(at)s
), held AS (
    SELECT * FROM known WHERE (was ->> 'during')::daterange @> %(on)s::date
)
SELECT (SELECT count(*) > 0 FROM held WHERE "table" = 'org_unit'),
    (SELECT min(was ->> 'name') FROM held WHERE "table" = 'org_unitname'),
    (SELECT min(was ->> 'parent_id') FROM held WHERE "table" = 'org_parentage')"""


def against_day(unit: Unit, was: date | None, since: date) -> list[str]:
    """What stands against a unit's having its name or its place of a day (`was`) from another day on: superior units
    that were not there then, and, where the day is that of its founding, members, offices and units of before."""
    places = unit.parentages.select_related("parent")
    above = [(one.parent_id, one.parent.during.since) for one in places.filter(during__startswith=was)]
    found = [(pk, day) for pk, day in above if day and day > since]
    others: list[str] = []
    if was == unit.during.since:
        found += [(one.parent_id, was) for one in places.filter(during__startswith=was, during__endswith__lte=since)]
        for name in unit.names.filter(during__startswith=was, during__endswith__lte=since):
            others.append(_from_on(name.name, was))
        below = unit.child_parentages.filter(during__startswith__lt=since).order_by("during")
        found += below.values_list("unit", "during__startswith")
        for rows in (unit.memberships, unit.offices):
            for one in rows.filter(during__startswith__lt=since).select_related("person").order_by("during", "pk"):
                others.append(_from_on(one.person.name, one.during.since))
    return list(dict.fromkeys([*(_from_on(name_on(pk, day or since), day) for pk, day in found), *others]))


def _from_on(name: str, day: date | None) -> str:
    return _("%(name)s (from %(day)s)") % {"name": name, "day": f"{day:%d/%m/%Y}" if day else "–"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What was once believed of a unit, who corrected it, and how it was known otherwise."""

    past: Past
    by: str
    reason: str


def corrections(unit_id: UUID) -> list[Correction]:
    """What was once believed of a unit and was corrected later: not what merely came to its end in time. Latest
    first."""
    entries: dict[str, list[Entry]] = {}
    for entry in Entry.objects.filter(unit_id=unit_id, verb=Verb.HISTORY_CORRECTED):
        entries.setdefault(entry.facts["row"], []).append(entry)
    found = []
    for past in Past.objects.filter(unit_id=unit_id).order_by("-id"):
        if of_row := entries.get(str(past.row)):
            # A row that was corrected twice: what was done when it ceased to be believed.
            entry = min(of_row, key=lambda one: abs(one.at - past.believed.upper))
            found.append(Correction(past, entry.actor_name, entry.facts.get("reason", "")))
    return found


def managed_name(viewer: Actor, name_id: UUID) -> UnitName:
    """A name of any period that a viewer may correct. Raises NotThere for every other."""
    rows = UnitName.objects.select_related("unit", "unit__kind")
    found = access.visible(viewer, Capability.MANAGE_UNITS, rows).filter(pk=name_id).first()
    if found is None:
        raise NotThere
    return found


def managed_row(viewer: Actor, row_id: UUID) -> tuple[Unit, date | None]:
    """The unit of a name or place of any period that a viewer may correct, and the row's first day. Raises NotThere."""
    for rows in (UnitName.objects, Parentage.objects):
        seen = access.visible(viewer, Capability.MANAGE_UNITS, rows.select_related("unit", "unit__kind"))
        if found := seen.filter(pk=row_id).first():
            return found.unit, found.during.since
    raise NotThere
