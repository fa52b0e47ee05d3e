"""A reorganisation against the tree, the register and the open matters of its day: the plan, and all that is wrong."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from chibo.access.models import Grant, Role
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings import queries as meetings
from chibo.org.models import Ancestry, Kind, Parentage, Unit, ids_of
from chibo.org.rules import Restructuring
from chibo.people.models import Committee, Membership, Office, Status, Title, Transfer
from chibo.regulations import queries as regulations
from chibo.reorganisation import rules
from chibo.reorganisation.models import Allocation, Reorganisation, Sort
from chibo.reorganisation.rules import Fate, KindOf, Plan, Problem, Standing, Thing
from chibo.tasks.models import Task
from chibo.tasks.rules import OVER

MOST = 20  # of a sort of problems


@dataclass(frozen=True, slots=True)
class Given:
    """What a draft or a file says of a person or a task (`thing`, its id): to which unit it goes, or which office."""

    sort: str
    thing: UUID
    unit: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class OfficeToBe:
    """An office or role that somebody has from the day on; `unit` is the unit's code."""

    person_id: UUID
    person_name: str
    unit_id: UUID
    unit: str
    title: str


@dataclass(slots=True)
class Checked:
    """A reorganisation read against the tree of its day: ready to be carried out where `is_sound`.

    `members` and `tasks` say where memberships and open tasks go (their id: the unit).
    """

    structure: Restructuring
    fates: dict[UUID, Fate]
    ids: dict[str, UUID]
    problems: list[Problem]
    members: dict[UUID, UUID] = field(default_factory=dict)
    tasks: dict[UUID, UUID] = field(default_factory=dict)
    offices: list[OfficeToBe] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(one.is_blocking for one in self.problems)

    @property
    def sole_heirs(self) -> dict[UUID, UUID]:
        """Of each unit that ends and goes on in others, the one that keeps its papers."""
        return {unit: fate.heirs[0] for unit, fate in self.fates.items() if fate.ends and fate.heirs}

    @property
    def new_heirs(self) -> dict[UUID, list[UUID]]:
        """Of each founded unit that takes others over, these others in the order of the lines."""
        founded = {one.unit_id for one in self.structure.founded}
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for line in self.structure.inherited:
            if line.successor_id in founded:
                found[line.successor_id].append(line.predecessor_id)
        return found


def _standing(codes: Iterable[str], ids: Iterable[UUID], on: date) -> dict[str, Standing]:
    """Units by code as they stand on the day before, or on the day itself where they began then."""
    eve = on - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"codes": list(codes), "ids": list(ids), "eve": eve})
        return {
            code: Standing(unit_id, code, kind, name or code, above or "", Period(since, until), changed_on)
            for unit_id, code, kind, name, above, since, until, changed_on in cursor.fetchall()
        }


_STANDING = """
SELECT u.id, u.code, u.kind_id, n.name, above.code, lower(u.during), upper(u.during),
    greatest(
        (SELECT max(lower(during)) FROM org_unitname WHERE unit_id = u.id),
        (SELECT max(lower(during)) FROM org_parentage WHERE unit_id = u.id),
        (SELECT max(s.on) FROM org_succession s WHERE s.predecessor_id = u.id))
FROM org_unit u
LEFT JOIN org_unitname n ON n.unit_id = u.id AND n.during @> %(eve)s::date
LEFT JOIN org_parentage p ON p.unit_id = u.id AND p.during @> %(eve)s::date
LEFT JOIN org_unit above ON above.id = p.parent_id
WHERE u.code = ANY(%(codes)s) OR u.id = ANY(%(ids)s)"""


def _kinds() -> dict[str, KindOf]:
    return {kind.code: KindOf(kind.rank, kind.has_members, kind.during) for kind in Kind.objects.all()}


def read(lines: Sequence[rules.Line], on: date) -> Plan:
    """What lines come to on a day, with the units directly below those that end. A handful of queries."""
    codes = rules.codes_of(lines)
    ending = [line.unit for line in lines if line.what in rules.ENDING]
    eve = on - timedelta(days=1)
    # Those that stand there through the day: what moved away or ended on it needs no heir.
    edges = Parentage.objects.filter(parent__code__in=ending, during__contains=Period(eve, on + timedelta(days=1)))
    below: dict[str, list[str]] = defaultdict(list)
    children = []
    for unit_id, code, above in edges.values_list("unit_id", "unit__code", "parent__code").order_by("unit__code"):
        below[above].append(code)
        children.append(unit_id)
    above_them = Parentage.objects.filter(unit__code__in=codes, during__contains=eve).values_list(
        "parent_id", flat=True
    )
    standing = _standing(codes, [*children, *above_them], on)
    return rules.read(lines, standing, _kinds(), below, on=on, taken=(), new_id=uuid7)


def checked(one: Reorganisation) -> Checked:
    """A reorganisation against the tree, the register and the open matters of its day, with all that is wrong."""
    lines = [line.as_rule for line in one.lines.all()]
    plan = read(lines, one.on)
    found = Checked(plan.structure, plan.fates, plan.ids, plan.problems)
    codes = {unit_id: code for code, unit_id in plan.ids.items()}
    given = list(one.allocations.select_related("person"))
    ids = _known(given, plan, found, one.on)
    if one.root is not None:
        _within(one.root, plan, found)
    if not plan.is_sound:
        return found
    on, touched = one.on, list(plan.fates)
    told = {row.thing: ids[row.unit] for row in given if row.sort == Sort.MEMBER and row.unit in ids}
    members = _members(touched, on, told)
    by_person = {thing.id: person for thing, person in members}
    members_told = {thing: told[person] for thing, person in by_person.items() if person in told}
    found.members, left = rules.destinations([thing for thing, _p in members], plan.fates, members_told)
    found.problems += rules.members_left(left, codes)
    _strangers(given, {person for _thing, person in members}, found)
    told = {row.thing: ids[row.unit] for row in given if row.sort == Sort.TASK and row.unit in ids}
    found.tasks, left = rules.destinations(_tasks(touched, found.members, told), plan.fates, told)
    found.problems += rules.matters_left(left, codes)
    found.offices = [
        OfficeToBe(row.thing, row.person.name if row.person else "", ids[row.unit], row.unit, row.title)
        for row in given
        if row.sort == Sort.OFFICE and row.unit in ids
    ]
    found.problems += _office_holders(found, on)
    found.problems += _in_the_way(plan, on, codes)
    found.problems += _letters(found, codes)
    found.problems += _doubts(found, on, codes)
    return found


def _known(given: Sequence[Allocation], plan: Plan, found: Checked, on: date) -> dict[str, UUID]:
    """The ids of the units to which somebody or something goes; a code that is none becomes a problem."""
    others = {row.unit for row in given} - set(plan.ids)
    ids = plan.ids | {code: pk for pk, code in Unit.objects.on(on).filter(code__in=others).values_list("pk", "code")}
    ended = set(plan.structure.ended)
    for code in sorted({row.unit for row in given}):
        if code not in ids or ids[code] in ended:
            found.problems.append(
                Problem(
                    _("Somebody or something is to go to {code}, which is not there after that day.").format(code=code),
                    _("Write the code of a unit that goes on or is founded."),
                    unit=code,
                )
            )
            ids.pop(code, None)
    return ids


def _within(root: Unit, plan: Plan, found: Checked) -> None:
    """All that changes must stand below the unit in whose area the decision holds."""
    touched = {one for one, _name in plan.structure.renamed} | {one for one, _above in plan.structure.moved}
    touched |= set(plan.structure.ended) | {line.successor_id for line in plan.structure.inherited}
    touched |= {line.predecessor_id for line in plan.structure.inherited}
    outside = Unit.objects.filter(pk__in=touched).exclude(path__startswith=root.path)
    outside |= Unit.objects.filter(pk__in=touched, pk=root.pk)
    for code in outside.values_list("code", flat=True):
        found.problems.append(
            Problem(
                _("{code} does not stand below the unit in whose area this decision holds.").format(code=code),
                _("Take its line out, or let the committee above both draw the decision up."),
                unit=code,
            )
        )
    for one in plan.structure.founded:
        if one.parent_id is None:
            found.problems.append(
                Problem(
                    _("{code} has no superior unit.").format(code=one.code),
                    _("Write the code of the unit above it."),
                    unit=one.code,
                )
            )


def _members(unit_ids: Sequence[UUID], on: date, told: Mapping[UUID, UUID]) -> list[tuple[Thing, UUID]]:
    """Who belongs on the day to units that end or give a part away, with the person's id."""
    rows = Membership.objects.on(on).filter(unit__in=unit_ids, during__startswith__lt=on)
    rows = rows.select_related("person").order_by("person__sort_key")
    return [
        (Thing(row.pk, row.person.name, row.unit_id), row.person_id)
        for row in rows.only("unit_id", "person_id", "person__name")
    ]


def _strangers(given: Sequence[Allocation], known: set[UUID], found: Checked) -> None:
    for row in given:
        if row.sort == Sort.MEMBER and row.thing not in known:
            name = row.person.name if row.person else ""
            found.problems.append(
                Problem(
                    _("{name} is in none of the units that end or give a part away.").format(name=name),
                    _("Take this person out of the list of members, or transfer him on his own page."),
                )
            )


def _tasks(unit_ids: Sequence[UUID], members: Mapping[UUID, UUID], told: dict[UUID, UUID]) -> list[Thing]:
    """The open tasks of these units. What nothing was said of goes with its leading assignee: added to `told`."""
    rows = Task.objects.filter(unit__in=unit_ids).exclude(state__in=OVER).prefetch_related("assignees").order_by("pk")
    with_person = dict(Membership.objects.filter(pk__in=members).values_list("person_id", "pk"))
    things = []
    for task in rows:
        things.append(Thing(task.pk, task.title, task.unit_id))
        lead = next(iter(sorted(task.assignees.all(), key=lambda one: not one.is_lead)), None)
        membership = with_person.get(lead.person_id) if lead else None
        if task.pk not in told and membership:
            told[task.pk] = members[membership]
    return things


def _office_holders(found: Checked, on: date) -> list[Problem]:
    """Who is to hold an office of a unit to which he will not belong then, or not as an official member."""
    wanted = [one for one in found.offices if one.title in Title.values]
    rows = Membership.objects.on(on).filter(person__in=[one.person_id for one in wanted])
    belongs = {row.person_id: (found.members.get(row.pk, row.unit_id), row.status) for row in rows}
    above = dict(found.structure.moved) | {one.unit_id: one.parent_id for one in found.structure.founded}
    lines = dict(
        Ancestry.objects.filter(
            unit__in={unit for unit, _status in belongs.values()} | {one for one in above.values() if one},
            during__contains=on - timedelta(days=1),
        ).values_list("unit", "path")
    )

    def reaches(step: UUID | None, unit: UUID) -> bool:
        while step in above and step != unit:
            step = above[step]
        return step == unit or (step is not None and unit in ids_of(lines.get(step, "")))

    problems = []
    for one in wanted:
        unit, status = belongs.get(one.person_id, (None, ""))
        if status != Status.OFFICIAL or not reaches(unit, one.unit_id):
            problems.append(
                Problem(
                    _("{name} is to hold an office in {unit} and will not be an official member there.").format(
                        name=one.person_name, unit=one.unit
                    ),
                    _("Let this person go to that unit, or take the office out and name another one."),
                    unit=one.unit,
                )
            )
    return problems


def _in_the_way(plan: Plan, on: date, codes: Mapping[UUID, str]) -> list[Problem]:
    """What has happened in the units that end on the day or after it, and what must be finished before."""
    ended = list(plan.structure.ended)
    found = []
    for meeting in meetings.held_since(ended, on)[:MOST]:
        found.append(
            Problem(
                _("{unit} held a meeting on {day}, when it would be no more.").format(
                    unit=codes[meeting.unit_id], day=f"{meeting.on:%d/%m/%Y}"
                ),
                _("Choose a later day for the decision."),
                unit=codes[meeting.unit_id],
            )
        )
    for meeting in meetings.not_settled(ended)[:MOST]:
        found.append(
            Problem(
                _("The minutes of {unit} of {day} are not adopted, and nobody could adopt them later.").format(
                    unit=codes[meeting.unit_id], day=f"{meeting.on:%d/%m/%Y}"
                ),
                _("Let its secretary have them adopted before the decision is applied."),
                unit=codes[meeting.unit_id],
            )
        )
    found += _begun_since(ended, on, codes, heirs={unit for unit, fate in plan.fates.items() if fate.heirs})
    # Units may have come to stand below one that ends after the day.
    edges = Parentage.objects.filter(parent__in=ended, during__startswith__gte=on).select_related("unit", "parent")
    for edge in edges[:MOST]:
        found.append(
            Problem(
                _("{code} came below {above} on {day}, when that would be no more.").format(
                    code=edge.unit.code, above=edge.parent.code, day=f"{edge.during.since:%d/%m/%Y}"
                ),
                _("Choose a later day for the decision."),
                unit=edge.unit.code,
            )
        )
    return found


def _letters(found: Checked, codes: Mapping[UUID, str]) -> list[Problem]:
    """Letters of introduction that would lead nowhere any more, or from a unit into itself."""
    ended = list(found.structure.ended)
    rows = Transfer.objects.running().filter(Q(to_unit__in=list(found.fates)) | Q(from_unit__in=list(found.fates)))
    letters = list(rows.select_related("person"))
    theirs = Membership.objects.filter(person__in=[row.person_id for row in letters], pk__in=found.members)
    home = dict(theirs.values_list("person_id", "pk")) if letters else {}
    problems: list[Problem] = []
    for row in letters:
        stays_at = found.members[home[row.person_id]] if row.person_id in home else row.from_unit_id
        leads_to = found.sole_heirs.get(row.to_unit_id, row.to_unit_id) if row.to_unit_id else None
        if row.to_unit_id in ended and leads_to in ended:
            what = _("A letter introduces {name} to {unit}, which goes on in no other unit.")
        elif leads_to is not None and leads_to == stays_at:
            what = _("A letter introduces {name} to {unit}, and both units go on as one.")
        else:
            problems += _divided(row, found, codes)
            continue
        problems.append(
            Problem(
                what.format(name=row.person.name, unit=codes.get(row.to_unit_id or row.pk, "")),
                _("Let the letter be settled or withdrawn before: it stands in the list of letters of the unit."),
                unit=codes.get(row.to_unit_id or row.pk, ""),
            )
        )
    return problems[:MOST]


def _divided(row: Transfer, found: Checked, codes: Mapping[UUID, str]) -> list[Problem]:
    """That a letter leads to a unit that is divided, and to which of its heirs it would lead then."""
    fate = found.fates.get(row.to_unit_id) if row.to_unit_id else None
    if row.to_unit_id is None or fate is None or not fate.ends or len(fate.heirs) < 2:
        return []
    what = _("A letter introduces {name} to {unit}, which is divided: it will lead to {heir}.")
    return [
        Problem(
            what.format(name=row.person.name, unit=codes[row.to_unit_id], heir=codes.get(fate.heirs[0], "")),
            _("If the member is to go to another of the heirs, let the letter be settled or withdrawn before."),
            unit=codes[row.to_unit_id],
            is_blocking=False,
        )
    ]


def _begun_since(
    ended: Sequence[UUID], on: date, codes: Mapping[UUID, str], *, heirs: Collection[UUID]
) -> list[Problem]:
    """Who was entered, took an office or was given a role in a unit on the day on which it ends, or later. Who collects
    its dues goes on in its heir, where it is among those that have one (`heirs`)."""
    mend = _("Choose a later day for the decision, or correct the register first.")
    grants = Grant.objects.filter(matter=None).select_related("user__person")
    grants = grants.exclude(role=Role.COLLECTOR, unit__in=list(heirs))
    kinds: list[tuple[QuerySet[Any], Callable[[Any], str], Said]] = [
        (
            Membership.objects.select_related("person"),
            lambda row: row.person.name,
            _("{name} was entered in {unit} from {day}, when it would be no more."),
        ),
        (
            Office.objects.select_related("person"),
            lambda row: row.person.name,
            _("{name} has an office in {unit} from {day}, when it would be no more."),
        ),
        (
            Committee.objects.all(),
            lambda row: row.term,
            _("The committee {name} of {unit} begins on {day}, when it would be no more."),
        ),
        (
            grants,
            lambda row: str(getattr(row.user, "person", row.user)),
            _("{name} has a role in {unit} from {day}, when it would be no more."),
        ),
    ]
    return [
        Problem(
            words.format(name=name(row), unit=codes[row.unit_id], day=f"{row.during.since:%d/%m/%Y}"),
            mend,
            unit=codes[row.unit_id],
        )
        for rows, name, words in kinds
        for row in rows.filter(unit__in=ended, during__startswith__gte=on).order_by("during", "pk")[:MOST]
    ]


def _doubts(found: Checked, on: date, codes: Mapping[UUID, str]) -> list[Problem]:
    """Cells that would have too few official members or no secretary."""
    founded = {one.unit_id: (one.kind, one.name) for one in found.structure.founded}
    ended = set(found.structure.ended)
    concerned = {*founded, *found.members.values(), *(unit for unit, fate in found.fates.items() if not fate.ends)}
    concerned -= ended
    there = {unit.pk: unit for unit in Unit.objects.filter(pk__in=concerned).named(on).select_related("kind")}
    kinds = {kind.code for kind in Kind.objects.filter(has_members=True)}
    official = Q(status__in=[Status.OFFICIAL, Status.EXEMPT, Status.SUSPENDED, Status.ELSEWHERE])
    rows = Membership.objects.on(on).filter(official, unit__in=there).values("unit").annotate(n=Count("pk"))
    count = Counter({row["unit"]: row["n"] for row in rows.order_by()})
    moving = Membership.objects.filter(official, pk__in=found.members).values_list("pk", "unit_id")
    for membership, unit in moving:
        count[unit] -= 1
        count[found.members[membership]] += 1
    heads = set(Office.objects.on(on).filter(unit__in=there, title=Title.SECRETARY).values_list("unit_id", flat=True))
    heads |= {one.unit_id for one in found.offices if one.title == Title.SECRETARY}
    cells = []
    for unit_id in sorted(concerned, key=lambda one: codes.get(one, "")):
        kind, name = founded.get(unit_id) or (there[unit_id].kind_id, there[unit_id].name)
        if kind in kinds:
            cells.append(rules.CellAfter(codes.get(unit_id, name), name, count[unit_id], unit_id in heads))
    return rules.doubts_of(cells, fewest=fewest_in(there, on))


def fewest_in(units: Mapping[UUID, Unit], on: date) -> int:
    """How many official members a cell must have on a day, by the rule in force for one of these units."""
    unit = (
        next(iter(units.values()), None) or Unit.objects.filter(kind__has_members=True).first() or Unit.objects.first()
    )
    assert unit is not None
    found = regulations.find("cell.official_members.least", unit, on)
    return int(found.value) if found else 0
