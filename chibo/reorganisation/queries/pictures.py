"""The figures and the tree before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from chibo.org.models import Unit
from chibo.people.models import Membership, Office, Status, Title
from chibo.reorganisation.queries.checking import fewest_in
from chibo.tasks.models import Task
from chibo.tasks.rules import OVER

MOST_READ = 20_000  # units of a rehearsed tree
MOST_SHOWN = 200  # of its changed ones


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
    units = Unit.objects.real().on(on).filter(during__contains=on)
    to_practise_in = Unit.objects.filter(is_practice=True).values("pk")
    if root is not None:
        units = units.filter(path__startswith=root.path)
    by_kind = dict(units.values_list("kind").annotate(n=Count("pk")).order_by())
    rows = Membership.objects.on(on)
    rows = rows.filter(unit__in=units.values("pk")) if root else rows.exclude(unit__in=to_practise_in)
    by_status = dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
    cells = units.filter(kind__has_members=True)
    head = Office.objects.on(on).filter(unit=OuterRef("pk"), title=Title.SECRETARY)
    official = [Status.OFFICIAL, Status.EXEMPT, Status.SUSPENDED, Status.ELSEWHERE]
    enough = Membership.objects.on(on).filter(unit=OuterRef("pk"), status__in=official)
    counted = enough.order_by().values("unit").annotate(n=Count("pk")).values("n")
    fewest = fewest_in({}, on)
    tasks = Task.objects.exclude(state__in=OVER).exclude(unit__in=to_practise_in)
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
