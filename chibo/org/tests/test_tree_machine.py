"""The tree against a naive oracle: units are founded, renamed, moved and dissolved on random days, in random order.

The oracle is a table of days: for each unit and each day its name and its parent, kept in plain dictionaries. Whatever
an action does or refuses, children, ancestors, subtree, names, today's paths and what an officer sees must be the same
in both.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org import actions, queries
from chibo.org.models import Ancestry, Unit

FIRST = date(2026, 6, 1)
DAYS = 12
TODAY = FIRST + timedelta(days=DAYS - 1)
NOW = clock.instant(TODAY, 12)
KINDS = ("commune", "grassroots", "cell", "group")
RANKS = {"province": 10, "commune": 30, "grassroots": 40, "cell": 50, "group": 60}

numbers = st.integers(0, DAYS - 1)


@dataclass
class Known:
    """What the oracle knows of one unit: by the number of each day on which it exists, its name and its parent."""

    kind: str
    names: dict[int, str] = field(default_factory=dict)
    parents: dict[int, UUID | None] = field(default_factory=dict)
    has_ended: bool = False

    def exists_on(self, day: int) -> bool:
        return day in self.names


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


class Tree(RuleBasedStateMachine):
    units = Bundle("units")
    ended = Bundle("ended")

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[UUID, Known] = {}
        self.last_named: dict[UUID, int] = {}
        self.last_placed: dict[UUID, int] = {}
        self.serial = 0
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(target=units)
    def plant(self) -> MultipleResults[UUID]:
        """A root; a commune with an organisation, its cell and a group; a commune with a cell; an empty commune."""
        self.officer = Actor(name="officer", user_id=User.objects.create_user("officer").pk)
        root = self._found("province", None)
        first, second = self._found("commune", root), self._found("commune", root)
        organisation = self._found("grassroots", first)
        cell = self._found("cell", organisation)
        return multiple(
            root,
            first,
            second,
            self._found("commune", root),
            organisation,
            cell,
            self._found("group", cell),
            self._found("cell", second),
        )

    def _found(self, kind: str, parent: UUID | None, since: int = 0) -> UUID:
        self.serial += 1
        name = f"Đơn vị {self.serial}"
        unit = actions.found_unit(
            actor=SYSTEM,
            kind=kind,
            code=f"u{self.serial}",
            name=name,
            parent_id=parent,
            since=day_of(since),
            at=NOW,
        )
        self._write(unit.pk, kind, name, parent, since)
        return unit.pk

    def _write(self, unit_id: UUID, kind: str, name: str, parent_id: UUID | None, since: int) -> None:
        days = range(since, DAYS)
        self.known[unit_id] = Known(kind, dict.fromkeys(days, name), dict.fromkeys(days, parent_id))
        self.last_named[unit_id] = self.last_placed[unit_id] = since

    # What may happen

    @rule(target=units, parent=units, kind=st.sampled_from(KINDS), since=numbers)
    def found(self, parent: UUID, kind: str, since: int) -> MultipleResults[UUID]:
        above = self.known[parent]
        may = above.exists_on(since) and not above.has_ended and RANKS[kind] > RANKS[above.kind]
        try:
            unit = self._found(kind, parent, since)
        except Refused:
            assert not may
            return multiple()
        assert may
        return multiple(unit)

    @rule(unit=units, since=numbers)
    def rename(self, unit: UUID, since: int) -> None:
        self.serial += 1
        name = f"Tên {self.serial}"
        one = self.known[unit]
        may = one.exists_on(since) and since > self.last_named[unit]
        try:
            actions.rename_unit(actor=SYSTEM, unit_id=unit, name=name, since=day_of(since), at=NOW)
        except Refused:
            assert not may
            return
        assert may
        one.names |= {day: name for day in one.names if day >= since}
        self.last_named[unit] = since

    @rule(unit=units, parent=units, since=numbers)
    def move(self, unit: UUID, parent: UUID, since: int) -> None:
        one, above = self.known[unit], self.known[parent]
        may = (
            one.exists_on(since)
            and above.exists_on(since)
            and since > self.last_placed[unit]
            and one.parents[since] is not None
            and one.parents[since] != parent
            and RANKS[one.kind] > RANKS[above.kind]
            and all(above.exists_on(day) for day in one.names if day >= since)
            and (one.has_ended or not above.has_ended)
        )
        try:
            actions.move_unit(actor=SYSTEM, unit_id=unit, parent_id=parent, since=day_of(since), at=NOW)
        except Refused:
            assert not may
            return
        assert may
        one.parents |= {day: parent for day in one.parents if day >= since}
        self.last_placed[unit] = since

    @rule(unit=units, parent=ended, since=numbers)
    def move_below_what_ended(self, unit: UUID, parent: UUID, since: int) -> None:
        self.move(unit, parent, since)

    @rule(target=ended, unit=units, on=numbers)
    def dissolve(self, unit: UUID, on: int) -> MultipleResults[UUID]:
        one = self.known[unit]
        may = (
            not one.has_ended
            and one.exists_on(on)
            and on > max(self.last_named[unit], self.last_placed[unit])
            and not any(self._children_of(unit, day) for day in range(on, DAYS))
        )
        try:
            actions.dissolve_unit(actor=SYSTEM, unit_id=unit, on=day_of(on), at=NOW)
        except Refused:
            assert not may
            return multiple()
        assert may
        one.has_ended = True
        one.names = {day: name for day, name in one.names.items() if day < on}
        one.parents = {day: parent for day, parent in one.parents.items() if day < on}
        return multiple(unit)

    # What must be the same

    def _children_of(self, unit: UUID, day: int) -> set[UUID]:
        return {one for one, known in self.known.items() if known.parents.get(day) == unit}

    def _line(self, unit: UUID, day: int) -> list[UUID]:
        """A unit and those above it on a day, the root first."""
        line = [unit]
        while (above := self.known[line[0]].parents.get(day)) is not None:
            line.insert(0, above)
        return line

    def _subtree(self, unit: UUID, day: int) -> set[UUID]:
        return {one for one, known in self.known.items() if known.exists_on(day) and unit in self._line(one, day)}

    @rule(unit=units, number=numbers)
    def ask(self, unit: UUID, number: int) -> None:
        day, known = day_of(number), self.known[unit]
        there = {one for one, other in self.known.items() if other.exists_on(number)}
        assert {one.pk for one in Unit.objects.on(day)} == there
        assert {one.pk for one in Unit.objects.on(day).children_of(unit, day)} == self._children_of(unit, number)
        if not known.exists_on(number):
            return
        assert queries.name_on(unit, day) == known.names[number]
        assert {unit, *queries.child_of_each(unit, day)} == self._subtree(unit, number)
        assert {one.pk for one in Unit.objects.ancestors_of(unit, day)} == set(self._line(unit, number))
        line = queries.line_above(Unit.objects.get(pk=unit), day)
        assert [one.pk for one in line] == self._line(unit, number)[:-1]
        assert [one.name for one in line] == [self.known[one].names[number] for one in self._line(unit, number)[:-1]]

    @rule(unit=units)
    def see(self, unit: UUID) -> None:
        """What an officer of a unit sees today is what stands below it today, and what stands above."""
        if self.known[unit].has_ended:
            return
        Grant.objects.all().delete()
        Grant.objects.create(
            user=User.objects.get(), role=Role.OFFICER, unit_id=unit, subtree=True, during=Period(FIRST)
        )
        today = Unit.objects.on(TODAY)
        below = self._subtree(unit, DAYS - 1)
        seen = access.visible(self.officer, Capability.SEE_UNIT, today, field="")
        assert {one.pk for one in seen} == below | set(self._line(unit, DAYS - 1))
        kept = access.visible(self.officer, Capability.MANAGE_UNITS, today, field="")
        assert {one.pk for one in kept} == below - {unit}

    @invariant()
    def paths_are_todays_lines(self) -> None:
        for one in Unit.objects.on(TODAY):
            assert [*one.ancestor_ids, one.pk] == self._line(one.pk, DAYS - 1)

    @invariant()
    def lines_are_what_the_edges_say(self) -> None:
        drawn = set(Ancestry.objects.values_list("unit_id", "during", "path"))
        actions.draw_ancestries(None, None)
        assert set(Ancestry.objects.values_list("unit_id", "during", "path")) == drawn


@pytest.mark.django_db
def test_the_tree_is_what_a_table_of_days_says() -> None:
    run_state_machine_as_test(
        Tree,
        settings=settings(
            max_examples=70, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
