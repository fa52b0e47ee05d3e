"""Reading a reorganisation: its lines against the tree of its day, who is left over, the figures before and after."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_lazy

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.core.refusals import NotThere
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings import queries as meetings
from chibo.org import queries as org
from chibo.org.models import Kind, Parentage, Unit
from chibo.org.rules import Effect, Restructuring
from chibo.people import queries as people
from chibo.people.models import Committee, Membership, Office, Status, Title
from chibo.regulations import queries as regulations
from chibo.reorganisation import rules
from chibo.reorganisation.models import Allocation, Done, Reorganisation, Sort
from chibo.reorganisation.rules import Fate, KindOf, Plan, Problem, Standing, State, Thing
from chibo.tasks.models import Task
from chibo.tasks.rules import OVER

MOST = 20  # of a sort of problems
MOST_READ = 20_000  # units of a rehearsed tree
MOST_SHOWN = 200  # of its changed ones


@dataclass(frozen=True, slots=True)
class Given:
    """What a draft or a file says of a person or a task (`thing`, its id): to which unit it goes, or which office."""

    sort: str
    thing: UUID
    unit: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class OfficeToBe:
    """An office or role that somebody has from the day on."""

    person_id: UUID
    person_name: str
    unit_id: UUID
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


# What a viewer may open


def visible(viewer: Actor) -> QuerySet[Reorganisation]:
    """The reorganisations of the units whose subtree a viewer manages."""
    rows = Reorganisation.objects.select_related("root", "drafted_by", "submitted_by", "approved_by")
    if viewer.is_system:
        return rows
    # Whoever manages what stands below a unit manages the reorganisations there.
    q = Q(pk__in=[])
    for reach in access.reaches(viewer, Capability.MANAGE_UNITS):
        q |= reach.q("root") | Q(root=reach.held.unit_id)
    return rows.filter(q)


def get(viewer: Actor, reorganisation_id: UUID) -> Reorganisation:
    """One reorganisation. Raises NotThere for the unseen."""
    found = visible(viewer).filter(pk=reorganisation_id).first()
    if found is None:
        raise NotThere
    return found


def below(viewer: Actor, unit: Unit) -> QuerySet[Reorganisation]:
    """The reorganisations below a unit or a unit of its own, the latest day first."""
    return visible(viewer).filter(root__path__startswith=unit.path).order_by("-on", "-pk")


# Against the tree of the day


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
        (SELECT max(lower(during)) FROM org_parentage WHERE unit_id = u.id))
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
    edges = Parentage.objects.filter(parent__code__in=ending, during__contains=eve)
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
        OfficeToBe(row.thing, row.person.name if row.person else "", ids[row.unit], row.title)
        for row in given
        if row.sort == Sort.OFFICE and row.unit in ids
    ]
    found.problems += _in_the_way(plan, on, codes)
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
    found += _begun_since(ended, on, codes)
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


def _begun_since(ended: Sequence[UUID], on: date, codes: Mapping[UUID, str]) -> list[Problem]:
    """Who was entered, took an office or was given a role in a unit on the day on which it ends, or later."""
    mend = _("Choose a later day for the decision, or correct the register first.")
    grants = Grant.objects.select_related("user__person")
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
    return rules.doubts_of(cells, fewest=_fewest(there, on))


def _fewest(units: Mapping[UUID, Unit], on: date) -> int:
    unit = (
        next(iter(units.values()), None) or Unit.objects.filter(kind__has_members=True).first() or Unit.objects.first()
    )
    assert unit is not None
    found = regulations.find("cell.official_members.least", unit, on)
    return int(found.value) if found else 0


# What was built on it


def effects(one: Reorganisation) -> list[Effect]:
    """What an applied reorganisation did, row by row, in its order."""
    rows = one.effects.values_list("table", "row", "column", "was")
    return [Effect(*row) for row in rows.iterator(chunk_size=5000)]


def founded(done: Sequence[Effect]) -> list[UUID]:
    """The units that these effects founded."""
    return [one.row for one in done if (one.table, one.column) == (Unit._meta.db_table, "")]


BENIGN = {Verb.MEETING_PLANNED, Verb.MEETING_FORGOTTEN, Verb.PERSON_READ, Verb.NOTICE_SENT, Verb.NOTICE_READ}
"""What happens by itself, and goes with the units when they go."""

OF_WHAT = {
    "unit": gettext_lazy("The tree: a unit was founded, renamed, moved or dissolved."),
    "person": gettext_lazy("The register: somebody was entered or corrected."),
    "membership": gettext_lazy("The register: somebody came, left or changed how he belongs."),
    "office": gettext_lazy("Somebody took or left an office."),
    "committee": gettext_lazy("A committee was entered."),
    "grant": gettext_lazy("A role was given or ended."),
    "task": gettext_lazy("A task was given, reported or settled."),
    "regulation": gettext_lazy("A rule was set or ended."),
}


def built_on(one: Reorganisation) -> list[object]:
    """A sentence for each sort of change since it was applied, in the units that it founded or to what it moved.

    None: it can be undone. The audit tells, whatever room the change was in.
    """
    done = effects(one)
    applied = Entry.objects.filter(object_id=one.pk, verb=Verb.REORGANISATION_APPLIED).order_by("-id").first()
    assert applied is not None
    since = Entry.objects.filter(id__gt=applied.pk).exclude(verb__in=BENIGN)
    since = since.filter(Q(unit_id__in=founded(done)) | Q(object_id__in=[row.row for row in done]))
    undone = Reorganisation.objects.filter(state=State.UNDONE).values_list("applied_at", "undone_at")
    since = since.exclude(at__in=[at for pair in undone for at in pair]).exclude(object_id=one.pk)
    found: dict[object, tuple[datetime, UUID | None]] = {}
    for verb, at, unit_id in since.order_by("id").values_list("verb", "at", "unit_id"):
        words = OF_WHAT.get(verb.split(".")[0], gettext("A meeting was prepared, held or recorded."))
        found.setdefault(str(words), (at, unit_id))
    today = clock.today()
    return [
        gettext("%(unit)s, %(day)s: %(what)s")
        % {"unit": org.name_on(unit_id, today) if unit_id else "", "day": f"{clock.day_of(at):%d/%m/%Y}", "what": words}
        for words, (at, unit_id) in found.items()
    ]


# The figures before and after


@dataclass(frozen=True, slots=True)
class Figures:
    """A subtree counted on a day: units by kind, members by status, cells that lack something, open tasks."""

    units: dict[str, int]
    members: dict[str, int]
    too_few: int
    without_head: int
    open_tasks: int


def figures(root: Unit | None, on: date) -> Figures:
    """The figures of the units below one (None: of the forest), as today's paths have them, on a day. Five queries."""
    units = Unit.objects.on(on).filter(during__contains=on)
    if root is not None:
        units = units.filter(path__startswith=root.path)
    by_kind = dict(units.values_list("kind").annotate(n=Count("pk")).order_by())
    rows = Membership.objects.on(on).filter(unit__in=units.values("pk")) if root else Membership.objects.on(on)
    by_status = dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
    cells = units.filter(kind__has_members=True)
    head = Office.objects.on(on).filter(unit=OuterRef("pk"), title=Title.SECRETARY)
    official = [Status.OFFICIAL, Status.EXEMPT, Status.SUSPENDED, Status.ELSEWHERE]
    enough = Membership.objects.on(on).filter(unit=OuterRef("pk"), status__in=official)
    counted = enough.order_by().values("unit").annotate(n=Count("pk")).values("n")
    fewest = _fewest({}, on)
    tasks = Task.objects.exclude(state__in=OVER)
    if root is not None:
        tasks = tasks.filter(unit__path__startswith=root.path)
    return Figures(
        units=by_kind,
        members=by_status,
        too_few=cells.annotate(n=Coalesce(Subquery(counted), 0)).filter(n__lt=fewest).count(),
        without_head=cells.filter(~Exists(head)).count(),
        open_tasks=tasks.count(),
    )


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in a tree as it is shown: how deep, its kind and name, its members."""

    unit_id: UUID
    depth: int
    kind: str
    name: str
    members: int
    parent_id: UUID | None = None

    @property
    def is_other_than(self) -> tuple[object, ...]:
        """What a reader would call changed, if it is another."""
        return self.unit_id, self.name, self.members, self.parent_id


@dataclass(frozen=True, slots=True)
class Picture:
    """The figures of a subtree and its units in their order, on a day."""

    figures: Figures
    tree: list[Branch]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a reorganisation would make of a subtree."""

    before: Picture
    after: Picture

    def changed_before(self) -> list[Branch]:
        """The units that would be otherwise, as they are, with those above them."""
        return _changed(self.before.tree, self.after.tree)

    def changed_after(self) -> list[Branch]:
        """The same as they would be."""
        return _changed(self.after.tree, self.before.tree)

    def lines(self, kinds: Mapping[str, str]) -> Iterator[tuple[object, int, int]]:
        """Each figure with its words, before and after; `kinds` are the words for kinds of units, in their order."""
        a, b = self.before.figures, self.after.figures
        for code, name in kinds.items():
            if code in a.units or code in b.units:
                yield name, a.units.get(code, 0), b.units.get(code, 0)
        for status in Status:
            if status in a.members or status in b.members:
                yield status.label, a.members.get(status, 0), b.members.get(status, 0)
        yield gettext("Cells with too few official members"), a.too_few, b.too_few
        yield gettext("Cells without a secretary"), a.without_head, b.without_head
        yield gettext("Open tasks"), a.open_tasks, b.open_tasks


def _changed(tree: Sequence[Branch], other: Sequence[Branch]) -> list[Branch]:
    same = {branch.is_other_than for branch in other}
    kept: set[UUID] = set()
    parents = {branch.unit_id: branch.parent_id for branch in tree}
    for branch in tree:
        step: UUID | None = None if branch.is_other_than in same else branch.unit_id
        while step is not None and step not in kept:
            kept.add(step)
            step = parents.get(step)
    return [branch for branch in tree if branch.unit_id in kept]


def picture(root: Unit | None, on: date) -> Picture:
    """The figures and the tree of the units below one (None: of the forest) on a day."""
    return Picture(figures(root, on), tree(root, on))


def tree(root: Unit | None, on: date, most: int = MOST_READ) -> list[Branch]:
    """The units below one on a day, from the edges, each followed by those below it; `most` of them."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE, {"root": root.pk if root else None, "on": on, "most": most})
        return [Branch(*row) for row in cursor.fetchall()]


_TREE = """
WITH RECURSIVE down(id, depth, line) AS (
    SELECT u.id, 0, ARRAY[]::text[] COLLATE "C" FROM org_unit u WHERE u.during @> %(on)s::date AND (u.id = %(root)s
        OR (%(root)s::uuid IS NULL AND NOT EXISTS (
            SELECT FROM org_parentage WHERE unit_id = u.id AND during @> %(on)s::date)))
    UNION ALL
    SELECT p.unit_id, down.depth + 1, down.line || (k.rank || n.sort_key || p.unit_id::text) COLLATE "C"
    FROM down JOIN org_parentage p ON p.parent_id = down.id AND p.during @> %(on)s::date
    JOIN org_unit u ON u.id = p.unit_id JOIN org_kind k ON k.code = u.kind_id
    JOIN org_unitname n ON n.unit_id = u.id AND n.during @> %(on)s::date
)
SELECT down.id, down.depth, u.kind_id, n.name,
    (SELECT count(*) FROM people_membership m WHERE m.unit_id = down.id AND m.during @> %(on)s::date),
    (SELECT parent_id FROM org_parentage WHERE unit_id = down.id AND during @> %(on)s::date)
FROM down JOIN org_unit u ON u.id = down.id
JOIN org_unitname n ON n.unit_id = u.id AND n.during @> %(on)s::date
ORDER BY down.line LIMIT %(most)s"""


# For the pages of a draft


def eve(one: Reorganisation) -> date:
    """The day before: the tree on which the draft stands."""
    return one.on - timedelta(days=1)


def of_line(viewer: Actor, line_id: UUID) -> Reorganisation:
    """The reorganisation to which a line belongs. Raises NotThere for the unseen."""
    found = visible(viewer).filter(lines=line_id).first()
    if found is None:
        raise NotThere
    return found


def _divided(one: Reorganisation) -> list[str]:
    """The codes of units of whose members and tasks it must be told where they go."""
    whats = [rules.What.SPLIT, rules.What.CEDE, rules.What.DISSOLVE]
    return list(one.lines.filter(what__in=whats).values_list("unit", flat=True))


def members_to_tell(one: Reorganisation) -> QuerySet[Membership]:
    """The members of those units, by unit and name."""
    rows = Membership.objects.on(eve(one)).filter(unit__code__in=_divided(one)).select_related("person")
    return rows.order_by("unit__code", "person__sort_key", "pk")


def tasks_to_tell(one: Reorganisation) -> QuerySet[Task]:
    """The open tasks of those units."""
    return Task.objects.filter(unit__code__in=_divided(one)).exclude(state__in=OVER).order_by("unit__code", "pk")


def people_for_office(viewer: Actor, one: Reorganisation, words: str) -> QuerySet[Membership]:
    """The members of the area whose name holds every word, with their unit's name."""
    rows = people.search(viewer, words, eve(one))
    return rows.filter(unit__path__startswith=one.root.path) if one.root else rows


def decisions_behind(rows: Sequence[UUID]) -> dict[UUID, str]:
    """By rows of the tree, the number and issuer of the decision that brought each about; without one, no entry."""
    done = Done.objects.filter(row__in=rows, column="").select_related("reorganisation")
    return {one.row: f"{one.reorganisation.number}, {one.reorganisation.issuer}" for one in done}


# Who is told


def who_may_approve(one: Reorganisation, on: date) -> list[UUID]:
    """The officers in the register of the unit in whose area it happens, but the one who handed it in."""
    officers = Grant.objects.on(on).filter(unit=one.root_id, role=Role.OFFICER, user__person__isnull=False)
    return list(officers.exclude(user=one.submitted_by_id).values_list("user__person", flat=True))


def moved_members(one: Reorganisation) -> list[tuple[UUID, UUID]]:
    """Persons who changed their cell by an applied reorganisation, each with the new one."""
    added = one.effects.filter(table=Membership._meta.db_table, column="").values("row")
    return list(Membership.objects.filter(pk__in=added).values_list("person_id", "unit_id"))
