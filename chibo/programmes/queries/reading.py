"""Programmes and entries as a viewer may see them, and who has taken what from whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.refusals import NotThere
from chibo.meetings.models import Attendance, Meeting
from chibo.meetings.rules import CAME
from chibo.meetings.rules import State as MeetingState
from chibo.org import queries as org
from chibo.org.models import Unit, holds, ids_of
from chibo.people.models import Membership
from chibo.programmes.models import Check, Cycle, Entry, Kit, Programme, Recognition
from chibo.programmes.rules import IN_HAND, CheckKind, State

MOST_KITS = 200
"""Of how many kits that fit the words the likest are chosen."""
MOST_ROUNDS = 12
"""In how many of the rounds that are open to one's units something is offered to be taken up, the latest of all."""


# Programmes


def programmes_of(viewer: Actor, unit: Unit) -> QuerySet[Programme]:
    """What a unit, and those above it, have called for: what goes on first, then the latest."""
    rows = Programme.objects.filter(unit__in=[unit.pk, *unit.ancestor_ids])
    seen = access.visible(viewer, Capability.SEE_PROGRAMMES, rows)
    return seen.order_by("ended_on", "-at", "-pk")


def programme(viewer: Actor, programme_id: UUID) -> Programme:
    """One of them. Raises NotThere for the unseen."""
    rows = Programme.objects.select_related("unit__kind").filter(pk=programme_id)
    found = access.visible(viewer, Capability.SEE_PROGRAMMES, rows).first()
    if found is None:
        raise NotThere
    return found


def cycles(found: Programme) -> QuerySet[Cycle]:
    return found.cycles.order_by("-opens_on", "-pk")


def to_take_up(viewer: Actor, found: Entry, on: date) -> list[tuple[Unit, Cycle]]:
    """In which rounds that are open on a day a viewer may take an entry up, and for which of his units; those of its
    own programme first, since what works outlives the programme in which it was tried."""
    units = [unit for unit in _entering(viewer, on) if unit.pk != found.unit_id]
    above = {pk for unit in units for pk in unit.ancestor_ids}
    rows = Cycle.objects.filter(
        programme__unit__in=above, programme__ended_on=None, opens_on__lte=on, registers_until__gte=on
    ).select_related("programme__unit")
    seen = access.visible(viewer, Capability.SEE_PROGRAMMES, rows, field="programme__unit")
    own_first = seen.alias(own=Q(programme=found.cycle.programme_id)).order_by("-own", "-opens_on", "-pk")
    return [
        (unit, one) for one in own_first[:MOST_ROUNDS] for unit in units if one.programme.unit_id in unit.ancestor_ids
    ]


def open_to(unit: Unit, on: date) -> QuerySet[Cycle]:
    """The rounds in which a unit may register on a day and has nothing in hand, the first to close on top. Who may see
    it was asked by the caller."""
    rows = Cycle.objects.filter(
        programme__unit__in=unit.ancestor_ids, programme__ended_on=None, opens_on__lte=on, registers_until__gte=on
    )
    in_hand = Entry.objects.filter(cycle=OuterRef("pk"), unit=unit, state__in=[State.PREPARING, *IN_HAND])
    return rows.filter(~Exists(in_hand)).select_related("programme").order_by("registers_until", "pk")


def cycle(viewer: Actor, cycle_id: UUID) -> Cycle:
    """One round. Raises NotThere for the unseen."""
    rows = Cycle.objects.select_related("programme__unit__kind").filter(pk=cycle_id)
    found = access.visible(viewer, Capability.SEE_PROGRAMMES, rows, field="programme__unit").first()
    if found is None:
        raise NotThere
    return found


def own_units(viewer: Actor, programme: Programme, on: date) -> list[Unit]:
    """The units below the one that calls for which a viewer may enter something."""
    return [unit for unit in _entering(viewer, on) if programme.unit_id in unit.ancestor_ids]


def _entering(viewer: Actor, on: date) -> list[Unit]:
    """The units for which a viewer may enter something: those in which he holds an office, hence few."""
    rows = Unit.objects.on(on).named(on).select_related("kind")
    return list(access.visible(viewer, Capability.ENTER_PROGRAMME, rows, field="").order_by(*org.BY_NAME))


# Entries


def entry(viewer: Actor, entry_id: UUID) -> Entry:
    """One entry: for its unit and those above it; what was recognised for everybody below the programme. Raises
    NotThere for the unseen."""
    rows = Entry.objects.select_related("unit__kind", "cycle__programme__unit", "source__unit", "part__meeting", "kit")
    found = rows.filter(pk=entry_id).first()
    if found is None or not (_is_shown(viewer, found) or sees_all_of(viewer, found)):
        raise NotThere
    return found


def sees_all_of(viewer: Actor, found: Entry) -> bool:
    """Whether a viewer sees what was said and checked on the way, and not only what came of it. What was never handed
    in is its unit's own."""
    is_draft = found.registered_on is None
    return access.can(viewer, Capability.SEE_DRAFT_ENTRIES if is_draft else Capability.SEE_ENTRIES, found.unit)


def _is_shown(viewer: Actor, found: Entry) -> bool:
    is_below = access.can(viewer, Capability.SEE_PROGRAMMES, found.cycle.programme.unit)
    return is_below and found.state == State.RECOGNISED


def of_unit(viewer: Actor, unit: Unit) -> QuerySet[Entry]:
    """What a unit has undertaken, the latest round first; what was never handed in is for the unit alone."""
    rows = Entry.objects.filter(unit=unit).select_related("cycle__programme")
    own = access.visible(viewer, Capability.SEE_DRAFT_ENTRIES, rows)
    handed_in = access.visible(viewer, Capability.SEE_ENTRIES, rows.exclude(registered_on=None))
    return (own | handed_in).order_by("-cycle__opens_on", "title", "pk")


def entries(viewer: Actor, cycle: Cycle, below: Unit, *, state: str = "", field: str = "") -> QuerySet[Entry]:
    """The entries of a round from a unit and all below it, as far as they were handed in, what waits for an answer
    first; of one state or field."""
    rows = Entry.objects.filter(cycle=cycle, unit__path__startswith=below.path).exclude(registered_on=None)
    if state:
        rows = rows.filter(state=state)
    if field:
        rows = rows.filter(fields__contains=[field])
    seen = access.visible(viewer, Capability.SEE_ENTRIES, rows).select_related("unit")
    return seen.alias(waits=Q(state=State.REGISTERED)).order_by("-waits", "title", "pk")


def checks(found: Entry) -> list[Check]:
    return list(found.checks.select_related("by").order_by("-at"))


def recognitions(viewer: Actor, found: Entry) -> list[Recognition]:
    """By whom an entry was recognised; what was withdrawn, and why, is for its unit and those above it."""
    rows = found.recognitions.select_related("unit").order_by("decided_on", "pk")
    return list(rows if sees_all_of(viewer, found) else rows.filter(withdrawn_on=None))


def recognition(viewer: Actor, recognition_id: UUID) -> Recognition:
    """One recognition, for who sees its entry. Raises NotThere for the unseen."""
    rows = Recognition.objects.select_related("unit", "entry__unit__kind", "entry__cycle__programme__unit")
    found = rows.filter(pk=recognition_id).first()
    if found is None:
        raise NotThere
    stands_for_others = found.withdrawn_on is None and _is_shown(viewer, found.entry)
    if not (stands_for_others or sees_all_of(viewer, found.entry)):
        raise NotThere
    return found


def judging(viewer: Actor, found: Entry) -> list[Unit]:
    """The committees above an entry for which a viewer decides, the nearest first."""
    rows = Unit.objects.filter(pk__in=found.unit.ancestor_ids)
    mine = access.visible(viewer, Capability.CALL_PROGRAMME, rows, field="")
    return list(mine.order_by("-path"))


def answers_for(unit: Unit, on: date) -> Unit:
    """Which committee answers on a day for what one decided: itself, or its first heir once it is no more."""
    seat = org.seats([unit.pk], on).get(unit.pk) or unit.pk
    return unit if seat == unit.pk else Unit.objects.get(pk=seat)


def behind(given: Iterable[Recognition], on: date) -> dict[UUID, UUID]:
    """By recognition the committee that answers for it on a day, as `answers_for` has it; as far as it stands."""
    standing = {one.pk: one.unit_id for one in given if one.withdrawn_on is None}
    seats = org.seats(set(standing.values()), on) if standing else {}
    return {pk: seats.get(unit_id) or unit_id for pk, unit_id in standing.items()}


def officers(unit: Unit, on: date) -> set[UUID]:
    """Who answers a registration: of those who work for the committees above a unit and may judge it on a day, those
    of the nearest."""
    rows = Grant.objects.on(on).filter(unit__in=unit.ancestor_ids, role=Role.OFFICER, user__person__isnull=False)
    who: dict[UUID, set[tuple[UUID, UUID]]] = {}
    for unit_id, user_id, person_id in rows.values_list("unit_id", "user_id", "user__person"):
        if person_id is not None:
            who.setdefault(unit_id, set()).add((user_id, person_id))
    for pk in reversed(unit.ancestor_ids):
        able = {
            person_id
            for user_id, person_id in who.get(pk, ())
            if access.can(Actor("", user_id, person_id), Capability.JUDGE_ENTRY, unit, on=on)
        }
        if able:
            return able
    return set()


def who_came(unit_id: UUID, on: date, *, ended_after: datetime | None = None) -> int | None:
    """How many members took part in the meeting that a unit held on a day, of several in the largest; None where it
    held none. `ended_after` leaves out those that were over before."""
    held = Meeting.objects.filter(unit_id=unit_id, on=on).exclude(
        state__in=[MeetingState.PREPARING, MeetingState.ANNOUNCED, MeetingState.CANCELLED]
    )
    if ended_after is not None:
        held = held.filter(Q(ended_at=None) | Q(ended_at__gt=ended_after))
    ids = list(held.values_list("pk", flat=True))
    if not ids:
        return None
    rows = Attendance.objects.filter(meeting__in=ids, status__in=CAME).values_list("meeting")
    counted = rows.annotate(n=Count("pk")).order_by()
    return max((n for _meeting, n in counted), default=0)


# Numbers


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries a round has: each once (`total`), and by state, field and kind of unit. An entry with two fields
    stands under both, so that fields add up to more than the total."""

    total: int
    states: dict[str, int]
    fields: dict[str, int]
    kinds: dict[str, int]


def counts(viewer: Actor, cycle: Cycle, below: Unit) -> Counts:
    """The numbers of a round for a unit and all below it, of what was handed in; three queries."""
    rows = entries(viewer, cycle, below).order_by()
    states = dict(rows.values_list("state").annotate(n=Count("pk")))
    in_hand = rows.filter(state__in=IN_HAND)
    kinds = dict(in_hand.values_list("unit__kind").annotate(n=Count("pk")))
    fields = dict.fromkeys(cycle.programme.fields, 0)
    several = in_hand.exclude(fields=[]).values_list("fields").annotate(n=Count("pk"))
    for names, n in several:
        for name in names:
            fields[name] = fields.get(name, 0) + n
    return Counts(sum(kinds.values()), states, fields, kinds)


@dataclass(frozen=True, slots=True)
class Line:
    """How far the units below one are in a round: how many there are, have entered something, and were recognised."""

    unit_id: UUID
    name: str
    units: int
    entered: int
    waiting: int
    running: int
    recognised: int


def board(viewer: Actor, cycle: Cycle, unit: Unit, on: date) -> list[Line]:
    """Of the units of a day directly below a committee, how far each and those below it are, in the order of their
    names. An entry of the committee itself is not among them. One query, two where there are namesakes."""
    access.require(viewer, Capability.CALL_PROGRAMME, unit)
    if not unit.path.startswith(cycle.programme.unit.path):
        raise NotThere
    with connection.cursor() as cursor:
        cursor.execute(
            _BOARD,
            {"cycle": cycle.pk, "path": unit.path, "after": unit.path + "g", "cut": len(unit.path) + 1, "on": on},
        )
        rows = cursor.fetchall()
    names = org.apart({row[0]: row[1] for row in rows})
    return [Line(pk, names[pk], *numbers) for pk, _name, *numbers in rows]


# A path is 32 hexadecimal figures a step, so that what lies below one sorts before the path with a g behind it.
_BOARD = """
WITH entered AS (
    SELECT unit_id, count(*) FILTER (WHERE state IN ('registered', 'running', 'recognised')) AS entered,
        count(*) FILTER (WHERE state = 'registered') AS waiting,
        count(*) FILTER (WHERE state = 'running') AS running,
        count(*) FILTER (WHERE state = 'recognised') AS recognised
    FROM programmes_entry WHERE cycle_id = %(cycle)s GROUP BY unit_id
), counted AS (
    SELECT encode(substr(u.path::bytea, %(cut)s, 32), 'escape')::uuid AS child, count(*) AS units,
        coalesce(sum(e.entered), 0) AS entered, coalesce(sum(e.waiting), 0) AS waiting,
        coalesce(sum(e.running), 0) AS running, coalesce(sum(e.recognised), 0) AS recognised
    FROM org_unit u LEFT JOIN entered e ON e.unit_id = u.id
    WHERE u.path > %(path)s AND u.path < %(after)s AND u.during @> %(on)s::date
    GROUP BY child
)
SELECT c.child, n.name, c.units, c.entered, c.waiting, c.running, c.recognised
FROM counted c JOIN org_unitname n ON n.unit_id = c.child AND n.during @> %(on)s::date
ORDER BY n.sort_key, c.child"""


# What was taken from whom


class Step(NamedTuple):
    """An entry in a line: how many steps from the first one (0)."""

    depth: int
    entry_id: UUID
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Descendant:
    """A step of a line to be shown, with the names of its unit and of the one from which it was taken; the entry
    carries as `value` the number of its last final appraisal."""

    depth: int
    entry: Entry
    unit: str
    source: str


def line_of(found: Entry) -> list[Step]:
    """The whole line to which an entry belongs, from the first one down, each before what was taken from it. What is
    not accepted yet or was declined is left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LINE, {"entry": found.pk})
        return [Step(*row) for row in cursor.fetchall()]


_LINE = """
WITH RECURSIVE up AS (
    SELECT id, source_id FROM programmes_entry WHERE id = %(entry)s
    UNION SELECT e.id, e.source_id FROM programmes_entry e JOIN up ON e.id = up.source_id
), down AS (
    SELECT e.id, e.unit_id, 0 AS depth, ARRAY[e.id] AS line FROM programmes_entry e JOIN up ON up.id = e.id
    WHERE e.source_id IS NULL
    UNION ALL SELECT e.id, e.unit_id, down.depth + 1, down.line || e.id
    FROM programmes_entry e JOIN down ON e.source_id = down.id
    WHERE e.started_on IS NOT NULL AND NOT e.id = ANY(down.line)
)
SELECT depth, id, unit_id FROM down ORDER BY line"""


def lineage(some: Sequence[Step], on: date) -> list[Descendant]:
    """Steps of a line (a page of them) with what each did otherwise and what it came to: the last final appraisal.
    Two queries, three where units share a name."""
    final = Check.objects.filter(entry=OuterRef("pk"), kind=CheckKind.FINAL).order_by("-at")
    found = Entry.objects.annotate(value=Subquery(final.values("value")[:1])).select_related("source")
    rows = found.in_bulk([one.entry_id for one in some])
    sources = {pk: row.source.unit_id for pk, row in rows.items() if row.source is not None}
    names = org.names_on({*sources.values(), *(one.unit_id for one in some)}, on)
    return [
        Descendant(
            one.depth, rows[one.entry_id], names.get(one.unit_id, ""), _name_of(names, sources.get(one.entry_id))
        )
        for one in some
    ]


def _name_of(names: Mapping[UUID, str], unit_id: UUID | None) -> str:
    return names.get(unit_id, "") if unit_id else ""


def copies_by_place(found: Entry, line: Iterable[Step], on: date) -> list[tuple[str, int]]:
    """Where a line has gone: of each unit directly below the one that calls, how many entries of the line stand in it,
    by name. The map of a model, for who has no map."""
    top = found.cycle.programme.unit
    units = [one.unit_id for one in line]
    paths = dict(Unit.objects.filter(pk__in=set(units)).values_list("pk", "path"))
    counted: dict[UUID, int] = {}
    for unit_id in units:
        path = paths[unit_id]
        if path.startswith(top.path) and path != top.path:
            place = ids_of(path)[len(ids_of(top.path))]
            counted[place] = counted.get(place, 0) + 1
    names = org.names_on(counted, on)
    return sorted(((names.get(pk, ""), n) for pk, n in counted.items()), key=lambda one: fold(one[0]))


# What others need to do the same


@dataclass(frozen=True, slots=True)
class Found:
    """A kit, and how like the unit that made it is: whether of the same kind, and its members beside one's own."""

    kit: Kit
    unit: str
    is_same_kind: bool
    members: int
    copies: int


def kits(viewer: Actor) -> QuerySet[Kit]:
    """What units below the programmes that a viewer sees show to others."""
    rows = Kit.objects.filter(withdrawn_at=None, entry__state=State.RECOGNISED)
    return access.visible(viewer, Capability.SEE_PROGRAMMES, rows, field="entry__cycle__programme__unit")


def like_mine(viewer: Actor, unit: Unit, text: str, on: date) -> list[Found]:
    """The kits whose name holds every word (or all), of units most like one's own: of its kind first, then by how near
    their number of members is; one's own left out. Five queries."""
    rows = kits(viewer).exclude(entry__unit=unit).select_related("entry__unit", "entry__cycle__programme")
    some = list(rows.filter(holds("entry__search", text)).order_by("-at")[:MOST_KITS])
    units = {one.entry.unit_id for one in some} | {unit.pk}
    members = _members(units, on)
    mine = members.get(unit.pk, 0)
    names = org.names_on(units, on)
    taken = _copies(one.pk for one in some)
    found = [
        Found(
            one,
            names.get(one.entry.unit_id, ""),
            one.entry.unit.kind_id == unit.kind_id,
            members.get(one.entry.unit_id, 0),
            taken.get(one.pk, 0),
        )
        for one in some
    ]
    return sorted(found, key=lambda one: (not one.is_same_kind, abs(one.members - mine), -one.copies))


def _members(unit_ids: Iterable[UUID], on: date) -> dict[UUID, int]:
    rows = Membership.objects.on(on).filter(unit__in=set(unit_ids)).values_list("unit")
    return dict(rows.annotate(n=Count("pk")).order_by())


def _copies(entry_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = Entry.objects.filter(source__in=list(entry_ids), started_on__isnull=False).values_list("source")
    return {pk: n for pk, n in rows.annotate(n=Count("pk")).order_by() if pk is not None}


def to_be_taken(viewer: Actor, entry_id: UUID) -> Entry:
    """An entry that others may take up: shown by its unit, below a programme that a viewer sees. Raises NotThere."""
    kit = kits(viewer).select_related("entry").filter(pk=entry_id).first()
    if kit is None:
        raise NotThere
    return kit.entry


def kit_of(found: Entry) -> Kit | None:
    """What its unit shows others of an entry, if it does."""
    return Kit.objects.filter(entry=found, withdrawn_at=None).first()
