"""Reorganisations against a naive oracle: cells and communes are merged, split, moved, renamed, dissolved, corrected
and undone on random days; tree, members, rights and figures must be what a table of days says.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org import actions as org
from chibo.org import queries as units
from chibo.org.models import Ancestry, Parentage, Unit, UnitName
from chibo.people import actions as people
from chibo.people.models import Membership, Status
from chibo.reorganisation import actions
from chibo.reorganisation.models import Sort
from chibo.reorganisation.queries import Given
from chibo.reorganisation.rules import Line, What

FIRST = date(2026, 6, 1)
DAYS = 10
TODAY = FIRST + timedelta(days=DAYS - 1)
pick = st.integers(0, 30)
later = st.integers(1, DAYS - 1)
did: dict[str, int] = {}


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


@dataclass
class Known:
    """What the oracle knows of one unit: by day its name and its parent; when it was changed last; whether it ended,
    and who keeps its papers since."""

    kind: str
    names: dict[int, str] = field(default_factory=dict)
    parents: dict[int, str | None] = field(default_factory=dict)
    named: int = 0
    placed: int = 0
    gave: int = 0
    keeper: str | None = None
    has_ended: bool = False

    @property
    def changed(self) -> int:
        return max(self.named, self.placed, self.gave)


@dataclass
class World:
    units: dict[str, Known] = field(default_factory=dict)
    members: dict[str, dict[int, str]] = field(default_factory=dict)

    def alive(self, kind: str) -> list[str]:
        return sorted(code for code, one in self.units.items() if one.kind == kind and not one.has_ended)

    def of(self, code: str, day: int) -> list[str]:
        return sorted(who for who, days in self.members.items() if days.get(day) == code)

    def is_quiet(self, code: str, day: int) -> bool:
        """Whether a unit was there on the eve and nothing was changed in it on the day or later."""
        one = self.units[code]
        steady = all(self.of(code, each) == self.of(code, day) for each in range(day - 1, DAYS))
        below = {each for each in range(day, DAYS) for kid in self.units.values() if kid.parents.get(each) == code}
        same_below = not below or all(
            {kid for kid, k in self.units.items() if k.parents.get(each) == code}
            == {kid for kid, k in self.units.items() if k.parents.get(day - 1) == code}
            for each in range(day, DAYS)
        )
        return day - 1 in one.names and one.changed < day and not one.has_ended and steady and same_below


class Nation(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.past: list[tuple[UUID, World]] = []
        self.serial = 0
        self.at = clock.instant(TODAY, 8)
        self.ids: dict[str, UUID] = {}
        self.people: dict[str, UUID] = {}
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def fresh(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}-{self.serial}"

    @initialize()
    def plant(self) -> None:
        self.user = User.objects.create_user("viewer")
        self.viewer = Actor(name="viewer", user_id=self.user.pk)
        self.two = [
            Actor(name=name, user_id=User.objects.create_user(name).pk, is_system=True)
            for name in ("drafter", "second")
        ]
        root = self._found("province", None)
        for _n in range(2):
            commune = self._found("commune", root)
            for _m in range(2):
                cell = self._found("cell", commune)
                for _who in range(2):
                    self._enter(cell)
        self._found("commune", root)

    def _found(self, kind: str, above: str | None) -> str:
        code = self.fresh(kind)
        unit = org.found_unit(
            actor=SYSTEM,
            kind=kind,
            code=code,
            name=code,
            parent_id=self.ids[above] if above else None,
            since=FIRST,
            at=self.now(),
        )
        self.ids[code] = unit.pk
        days = range(DAYS)
        self.world.units[code] = Known(kind, dict.fromkeys(days, code), dict.fromkeys(days, above))
        return code

    def _enter(self, cell: str) -> None:
        who = self.fresh("person")
        membership = people.enter_member(
            actor=SYSTEM, unit_id=self.ids[cell], name=who, status=Status.OFFICIAL, since=FIRST, at=self.now()
        )
        self.people[who] = membership.person_id
        self.world.members[who] = dict.fromkeys(range(DAYS), cell)

    # One decision

    def _apply(self, lines: Sequence[Line], day: int, given: Sequence[Given] = ()) -> bool:
        before = deepcopy(self.world)
        try:
            with transaction.atomic():
                one = actions.draft(
                    actor=self.two[0], root_id=None, title="x", number="1", issuer="x", on=day_of(day), at=self.now()
                )
                actions.add_lines(actor=self.two[0], reorganisation_id=one.pk, lines=lines, at=self.now())
                actions.allocate(actor=self.two[0], reorganisation_id=one.pk, given=given, at=self.now())
                actions.submit(actor=self.two[0], reorganisation_id=one.pk, at=self.now())
                actions.approve(actor=self.two[1], reorganisation_id=one.pk, at=self.now())
        except Refused:
            return False
        self.past.append((one.pk, before))
        self.ids |= dict(Unit.objects.values_list("code", "pk"))
        return True

    def _note(self, what: str, *, done: bool, must: bool) -> None:
        assert done or not must, what
        did[what] = did.get(what, 0) + done

    def _end(self, code: str, day: int, keeper: str | None) -> None:
        one = self.world.units[code]
        last_parent = one.parents[max(one.parents)]
        one.has_ended, one.keeper = True, keeper or last_parent
        one.names = {each: name for each, name in one.names.items() if each < day}
        one.parents = {each: above for each, above in one.parents.items() if each < day}

    def _begin(self, code: str, kind: str, above: str, day: int) -> None:
        days = range(day, DAYS)
        self.world.units[code] = Known(
            kind, dict.fromkeys(days, code), dict.fromkeys(days, above), named=day, placed=day
        )

    def _go(self, who: str, cell: str, day: int) -> None:
        days = self.world.members[who]
        was = days[day]
        # Who moves on later, by a decision that was applied before, still does.
        for each in range(day, DAYS):
            if days[each] != was:
                break
            days[each] = cell

    @rule(a=pick, b=pick, c=pick, day=later, new=st.booleans())
    def merge_cells(self, a: int, b: int, c: int, day: int, *, new: bool) -> None:
        cells, communes = self.world.alive("cell"), self.world.alive("commune")
        if len(cells) < 2:
            return
        one, other = cells[a % len(cells)], cells[b % len(cells)]
        if one == other:
            return
        if new:
            code, above = self.fresh("cell"), communes[c % len(communes)]
            gone, heir = [one, other], code
            lines = [Line(0, What.FOUND, code, code, "cell", above)]
        else:
            gone, heir, above, lines = [one], other, "", []
        lines += [Line(0, What.MERGE, each, heir=heir) for each in gone]
        must = all(self.world.is_quiet(each, day) for each in {one, other} | ({above} if above else set()))
        done = self._apply(lines, day)
        self._note("merge", done=done, must=must)
        if not done:
            return
        if new:
            self._begin(heir, "cell", above, day)
        for each in gone:
            for who in self.world.of(each, day):
                self._go(who, heir, day)
            self._end(each, day, heir)

    @rule(a=pick, c=pick, day=later, mask=pick)
    def split_a_cell(self, a: int, c: int, day: int, mask: int) -> None:
        cells, communes = self.world.alive("cell"), self.world.alive("commune")
        cell, above = cells[a % len(cells)], communes[c % len(communes)]
        heirs = [self.fresh("cell"), self.fresh("cell")]
        lines = [Line(0, What.FOUND, heir, heir, "cell", above) for heir in heirs]
        lines += [Line(0, What.SPLIT, cell, heir=heir) for heir in heirs]
        who = self.world.of(cell, day)
        to = {one: heirs[mask >> n & 1] for n, one in enumerate(who)}
        given = [Given(Sort.MEMBER.value, self.people[one], heir) for one, heir in to.items()]
        must = self.world.is_quiet(cell, day) and self.world.is_quiet(above, day)
        done = self._apply(lines, day, given)
        self._note("split", done=done, must=must)
        if not done:
            return
        for heir in heirs:
            self._begin(heir, "cell", above, day)
        for one, heir in to.items():
            self._go(one, heir, day)
        self._end(cell, day, heirs[0])

    @rule(a=pick, b=pick, day=later)
    def cede_a_member(self, a: int, b: int, day: int) -> None:
        cells = self.world.alive("cell")
        cell, heir = cells[a % len(cells)], cells[b % len(cells)]
        who = self.world.of(cell, day)
        if cell == heir or not who:
            return
        given = [Given(Sort.MEMBER.value, self.people[who[0]], heir)]
        must = self.world.is_quiet(cell, day) and self.world.is_quiet(heir, day)
        done = self._apply([Line(0, What.CEDE, cell, heir=heir)], day, given)
        self._note("cede", done=done, must=must)
        if done:
            self._go(who[0], heir, day)
            self.world.units[cell].gave = day

    @rule(a=pick, b=pick, day=later)
    def merge_communes(self, a: int, b: int, day: int) -> None:
        communes = self.world.alive("commune")
        one, other = communes[a % len(communes)], communes[b % len(communes)]
        if one == other:
            return
        below = [code for code, kid in self.world.units.items() if kid.parents.get(day - 1) == one]
        must = self.world.is_quiet(one, day) and self.world.is_quiet(other, day)
        must = must and all(self.world.is_quiet(kid, day) for kid in below)
        done = self._apply([Line(0, What.MERGE, one, heir=other)], day)
        self._note("merge communes", done=done, must=must)
        if not done:
            return
        for kid in below:
            known = self.world.units[kid]
            known.parents |= {each: other for each, above in known.parents.items() if each >= day and above == one}
            known.placed = max(known.placed, day)
        self._end(one, day, other)

    def _place(self, code: str, above: str, day: int) -> None:
        one = self.world.units[code]
        one.parents |= {each: above for each in one.parents if each >= day}
        one.placed = day

    @rule(a=pick, b=pick, day=later)
    def move_a_cell(self, a: int, b: int, day: int) -> None:
        cells, communes = self.world.alive("cell"), self.world.alive("commune")
        cell, above = cells[a % len(cells)], communes[b % len(communes)]
        done = self._apply([Line(0, What.MOVE, cell, above=above)], day)
        self._note("move", done=done, must=self.world.is_quiet(cell, day) and self.world.is_quiet(above, day))
        if done:
            self._place(cell, above, day)

    @rule(a=pick, day=later)
    def rename_a_cell(self, a: int, day: int) -> None:
        cells = self.world.alive("cell")
        cell, name = cells[a % len(cells)], self.fresh("name")
        done = self._apply([Line(0, What.RENAME, cell, name)], day)
        self._note("rename", done=done, must=self.world.is_quiet(cell, day))
        if done:
            one = self.world.units[cell]
            one.names |= {each: name for each in one.names if each >= day}
            one.named = day

    @rule(a=pick, day=later)
    def dissolve_a_commune(self, a: int, day: int) -> None:
        communes = self.world.alive("commune")
        code = communes[a % len(communes)]
        empty = not any(
            kid.parents.get(each) == code for kid in self.world.units.values() for each in range(day - 1, DAYS)
        )
        if len(communes) < 2:
            return
        done = self._apply([Line(0, What.DISSOLVE, code)], day)
        self._note("dissolve", done=done, must=empty and self.world.is_quiet(code, day))
        if done:
            self._end(code, day, None)

    # Corrections, and taking back

    @rule(a=pick, day=later)
    def correct_the_day_of_a_name(self, a: int, day: int) -> None:
        renamed = sorted(code for code, one in self.world.units.items() if len(set(one.names.values())) > 1)
        if not renamed:
            return
        code = renamed[a % len(renamed)]
        one = self.world.units[code]
        rows = list(UnitName.objects.filter(unit=self.ids[code]).order_by("during"))
        before, last = rows[-2], rows[-1]
        must = before.during.since < day_of(day) != last.during.since and day in one.names
        try:
            org.correct_day(actor=SYSTEM, row_id=last.pk, since=day_of(day), reason="x", at=self.now())
        except Refused:
            assert not must
            return
        for each in one.names:
            if each >= min(day, one.named):
                one.names[each] = last.name if each >= day else before.name
        one.named = day
        self.past.clear()
        did["correct"] = did.get("correct", 0) + 1

    @rule()
    def undo_the_last(self) -> None:
        if not self.past:
            return
        pk, before = self.past.pop()
        actions.undo(actor=SYSTEM, reorganisation_id=pk, reason="x", at=self.now())
        self.world = before
        did["undo"] = did.get("undo", 0) + 1

    @rule(a=pick)
    def undo_an_earlier_one_only_if_nothing_stands_on_it(self, a: int) -> None:
        if len(self.past) < 2:
            return
        at = a % (len(self.past) - 1)
        with transaction.atomic():
            try:
                actions.undo(actor=SYSTEM, reorganisation_id=self.past[at][0], reason="x", at=self.now())
            except Refused:
                did["undo refused"] = did.get("undo refused", 0) + 1
                return
            # What was not built upon may go: then those that came after it go without it, and all is as before it.
            for pk, _before in reversed(self.past[at + 1 :]):
                actions.undo(actor=SYSTEM, reorganisation_id=pk, reason="x", at=self.now())
            for number in range(DAYS):
                self._is_as_in(self.past[at][1], number)
            did["undo earlier"] = did.get("undo earlier", 0) + 1
            # For the oracle it is put back.
            transaction.set_rollback(True)

    # What must be the same

    @rule(number=st.integers(0, DAYS - 1))
    def ask(self, number: int) -> None:
        self._is_as_in(self.world, number)

    def _is_as_in(self, world: World, number: int) -> None:
        """On a day the tables say what a world of the oracle says."""
        day = day_of(number)
        there = {self.ids[code] for code, one in world.units.items() if number in one.names}
        assert set(Unit.objects.on(day).values_list("pk", flat=True)) == there
        names = dict(UnitName.objects.filter(during__contains=day).values_list("unit__code", "name"))
        assert names == {code: one.names[number] for code, one in world.units.items() if number in one.names}
        edges = dict(Parentage.objects.filter(during__contains=day).values_list("unit__code", "parent__code"))
        assert edges == {code: one.parents[number] for code, one in world.units.items() if one.parents.get(number)}
        drawn = set(Ancestry.objects.values_list("unit_id", "during", "path"))
        org.draw_ancestries(None, None)
        assert set(Ancestry.objects.values_list("unit_id", "during", "path")) == drawn
        rows = dict(Membership.objects.on(day).values_list("person__name", "unit__code"))
        assert rows == {who: days[number] for who, days in world.members.items()}

    def _keepers(self, code: str) -> list[str]:
        """A unit and, while it is no more, who keeps its papers, and so on to one that is there."""
        line = [code]
        while self.world.units[line[-1]].has_ended:
            keeper = self.world.units[line[-1]].keeper
            assert keeper
            line.append(keeper)
        return line

    @rule(a=pick)
    def see(self, a: int) -> None:
        """Who leads a unit reads what was closed in it and in what it keeps; an officer all that stands or hangs
        below."""
        alive = sorted(code for code, one in self.world.units.items() if not one.has_ended)
        code = alive[a % len(alive)]
        mine = {each for each in self.world.units if self._keepers(each)[-1] == code}
        below = {each for each in self.world.units if code in self._line(self._keepers(each)[-1])}
        for role, expected in ((Role.SECRETARY, mine), (Role.OFFICER, below)):
            Grant.objects.all().delete()
            Grant.objects.create(user=self.user, role=role, unit_id=self.ids[code], subtree=True, during=Period(FIRST))
            seen = access.visible(self.viewer, Capability.SEE_PROCEEDINGS, Unit.objects.all(), field="", on=TODAY)
            assert set(seen.values_list("code", flat=True)) == expected
            for unit in Unit.objects.all():
                assert access.can(self.viewer, Capability.SEE_PROCEEDINGS, unit, on=TODAY) == (unit.code in expected)
        Grant.objects.all().delete()

    def _line(self, code: str) -> list[str]:
        line = [code]
        while (above := self.world.units[line[-1]].parents.get(DAYS - 1)) is not None:
            line.append(above)
        return line

    @rule(number=st.integers(0, DAYS - 1))
    def count(self, number: int) -> None:
        """Members of a day on today's structure: each counts where its cell of then is kept now."""
        expected: dict[str, int] = {}
        for days in self.world.members.values():
            seat = self._seat(days[number])
            expected[seat] = expected.get(seat, 0) + 1
        of = [self.ids[days[number]] for days in self.world.members.values()]
        seats = units.seats(of, TODAY)
        codes = {pk: code for code, pk in self.ids.items()}
        found: dict[str, int] = {}
        for one in of:
            seat_id = seats[one]
            assert seat_id is not None
            found[codes[seat_id]] = found.get(codes[seat_id], 0) + 1
        assert found == expected

    def _seat(self, code: str) -> str:
        while self.world.units[code].has_ended:
            keeper = self.world.units[code].keeper
            assert keeper
            code = keeper
        return code

    @invariant()
    def paths_are_todays_lines(self) -> None:
        for unit in Unit.objects.on(TODAY):
            codes = [code for code, pk in self.ids.items() for above in [*unit.ancestor_ids, unit.pk] if pk == above]
            assert set(codes) == set(self._line(unit.code))


@pytest.mark.django_db
def test_reorganisations_are_what_a_table_of_days_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    did.clear()
    run_state_machine_as_test(
        Nation,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,  # the same run everywhere; more examples look further
            suppress_health_check=list(HealthCheck),
        ),
    )
    # A test that only ever refuses proves nothing.
    for what in ("merge", "split", "cede", "merge communes", "move", "rename", "undo", "undo earlier", "correct"):
        assert did.get(what, 0) > 0, (what, did)
