"""The rules of a case: both sides of every age, time and share, and any order of steps beside a way counted by hand."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chibo.admissions import rules
from chibo.admissions.rules import Due, Figures, Stage, State, Way
from chibo.meetings.rules import Threshold
from chibo.regulations.rules import working_day_after

FIGURES = Figures(
    age_least=18,
    age_most=60,
    certificate_months=60,
    remarks_least=1,
    remark_months=6,
    helper_days=30,
    committee_days=30,
    decision_days=30,
    ceremony_days=30,
    probation_months=12,
    recognition_days=30,
    committee_share=Threshold(2, 3, is_strict=False),
)
ON = date(2026, 11, 3)
BORN = date(2001, 5, 4)
BEFORE_THE_VOTE = {
    Stage.FOUND: date(2026, 1, 6),
    Stage.HELPER: date(2026, 2, 3),
    Stage.REMARK: date(2026, 9, 3),
    Stage.COURSE: date(2026, 5, 20),
    Stage.FILE: date(2026, 10, 20),
}


def way(days: dict[Stage, date] | None = None, **more: Any) -> Way:
    facts: dict[str, Any] = {"state": State.OPEN, "remarks": 1, "born_on": BORN, "asks_committee": True}
    return Way(days=BEFORE_THE_VOTE if days is None else days, **facts | more)


def after(day: date, n: int) -> date:
    return working_day_after(day, n, ("6", "7"))


def why(stage: Stage, on: date, found: Way, today: date | None = None, *, figures: Figures = FIGURES) -> list[str]:
    wrong = rules.why_not_step(stage, on, found, figures, today or on)
    with translation.override("en"):
        return [str(line) for lines in wrong.values() for line in lines]


# Times


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 3), 12, date(2027, 11, 3)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_time_in_months_ends_on_the_corresponding_day(day: date, n: int, expected: date) -> None:
    assert rules.months_after(day, n) == expected


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 700))
def test_months_are_counted_as_a_calendar_counts_them(day: date, n: int) -> None:
    found = rules.months_after(day, n)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == n
    assert found.day == day.day or ((found + timedelta(days=1)).day == 1 and found.day < day.day)


# Both sides


def test_the_age_on_both_sides() -> None:
    birthday = date(2008, 11, 3)
    assert why(Stage.CELL_VOTE, ON, way(born_on=birthday)) == []
    assert why(Stage.CELL_VOTE, ON, way(born_on=birthday + timedelta(days=1))) == [
        "The candidate is 18 years old on 04/11/2026. Wait until then."
    ]
    old = date(1966, 11, 3)
    assert why(Stage.CELL_VOTE, ON, way(born_on=old)) == []
    beyond = way(born_on=old - timedelta(days=1))
    assert why(Stage.CELL_VOTE, ON, beyond) == [
        "The candidate is more than 60 years old: the committee enters the special approval first."
    ]
    approved = replace(beyond, days=BEFORE_THE_VOTE | {Stage.APPROVAL: date(2026, 10, 1)})
    assert why(Stage.CELL_VOTE, ON, approved) == []


def test_who_is_born_on_a_leap_day_is_old_enough_on_the_last_of_february() -> None:
    leap = date(2008, 2, 29)
    days = BEFORE_THE_VOTE | {Stage.FILE: date(2026, 2, 20), Stage.REMARK: date(2026, 2, 10)}
    early = way(days | {Stage.COURSE: date(2025, 5, 20)}, born_on=leap)
    assert why(Stage.CELL_VOTE, date(2026, 2, 28), early) == []
    assert why(Stage.CELL_VOTE, date(2026, 2, 27), early) != []


def test_the_certificate_on_both_sides() -> None:
    given_on = date(2021, 11, 3)
    last = way(BEFORE_THE_VOTE | {Stage.COURSE: given_on})
    assert why(Stage.CELL_VOTE, ON, last) == []
    assert why(Stage.CELL_VOTE, ON, way(BEFORE_THE_VOTE | {Stage.COURSE: given_on - timedelta(days=1)})) == [
        "The certificate of the course was valid until 02/11/2026. Write down a new one first."
    ]
    prepared: dict[Stage, date] = {
        one: day for one, day in BEFORE_THE_VOTE.items() if one not in (Stage.COURSE, Stage.FILE)
    }
    assert why(Stage.COURSE, given_on, way(prepared), ON) == []
    assert why(Stage.COURSE, given_on - timedelta(days=1), way(prepared), ON) != []


def test_probation_on_both_sides() -> None:
    days = BEFORE_THE_VOTE | dict.fromkeys((Stage.CELL_VOTE, Stage.COMMITTEE_VOTE, Stage.DECISION, Stage.CEREMONY), ON)
    probation = way(days, state=State.PROBATION)
    assert why(Stage.RECOGNITION_VOTE, date(2027, 11, 3), probation) == []
    assert why(Stage.RECOGNITION_VOTE, date(2027, 11, 2), probation) == [
        "Probation lasts 12 months. The cell votes on 03/11/2027 or later."
    ]
    assert why(Stage.REMOVAL_VOTE, date(2027, 1, 4), probation) == []
    removed = replace(probation, days=days | {Stage.REMOVAL_VOTE: date(2027, 1, 4)})
    assert why(Stage.RECOGNITION_VOTE, date(2027, 11, 3), removed) == [
        "The cell has voted for the removal. That decision comes first."
    ]
    assert rules.next_stage(removed) is Stage.REMOVAL


def test_remarks_are_counted() -> None:
    figures = replace(FIGURES, remarks_least=2)
    assert why(Stage.FILE, ON, way(remarks=1), figures=figures) == ["This step was taken already."]
    open_file: dict[Stage, date] = {one: day for one, day in BEFORE_THE_VOTE.items() if one is not Stage.FILE}
    assert why(Stage.FILE, ON, way(open_file, remarks=1), figures=figures) == [
        "Meetings have remarked on the candidate 1 times; at least 2 are asked for."
    ]
    assert why(Stage.FILE, ON, way(open_file, remarks=2), figures=figures) == []


@given(st.integers(1, 400), st.integers(0, 400))
def test_two_thirds_as_fractions_say(base: int, in_favour: int) -> None:
    share = FIGURES.committee_share
    assert share.carries(in_favour, base) == (Fraction(in_favour, base) >= Fraction(2, 3))
    assert share.needed(base) == -(-2 * base // 3)


@pytest.mark.parametrize(("base", "least"), [(3, 2), (9, 6), (10, 7), (15, 10), (16, 11), (20, 14), (21, 14)])
def test_two_thirds_on_both_sides(base: int, least: int) -> None:
    assert FIGURES.committee_share.carries(least, base)
    assert not FIGURES.committee_share.carries(least - 1, base)


def test_a_count_is_of_all_members_of_the_committee() -> None:
    count = {"in_favour": 8, "against": 2, "abstained": 0}
    assert rules.why_not_count(base=10, known=10, **count) == {}
    assert list(rules.why_not_count(base=9, known=10, **count)) == ["base"]
    assert list(rules.why_not_count(base=9, known=0, **count)) == ["in_favour"]
    assert list(rules.why_not_count(base=0, known=0, **count)) == ["base"]
    assert list(rules.why_not_count(base=9, known=0, in_favour=0, against=0, abstained=0)) == ["in_favour"]


# What is due


def test_the_days_of_each_step() -> None:
    found = {Stage.FOUND: date(2026, 1, 6)}
    assert rules.due(way(found), FIGURES, None, after) == Due(Stage.HELPER, after(date(2026, 1, 6), 30))
    helped = found | {Stage.HELPER: date(2026, 2, 3)}
    assert rules.due(way(helped), FIGURES, None, after) == Due(Stage.REMARK, date(2026, 8, 3))
    remarked = helped | {Stage.REMARK: date(2026, 3, 3)}
    assert rules.due(way(remarked), FIGURES, date(2026, 3, 3), after) == Due(Stage.REMARK, date(2026, 9, 3))
    ended_first = remarked | {Stage.COURSE: date(2021, 5, 3)}
    assert rules.due(way(ended_first), FIGURES, date(2026, 3, 3), after) == Due(Stage.FILE, date(2026, 5, 3))
    assert rules.due(way(), FIGURES, date(2026, 9, 3), after) == Due(Stage.CELL_VOTE, date(2031, 5, 20))
    days = BEFORE_THE_VOTE | {Stage.CELL_VOTE: ON}
    assert rules.due(way(days), FIGURES, None, after) == Due(Stage.COMMITTEE_VOTE, after(ON, 30))
    assert rules.due(way(days, asks_committee=False), FIGURES, None, after) == Due(Stage.DECISION, after(ON, 30))
    days |= {Stage.COMMITTEE_VOTE: date(2026, 11, 20), Stage.DECISION: date(2026, 12, 1)}
    assert rules.due(way(days), FIGURES, None, after) == Due(Stage.CEREMONY, date(2027, 1, 13))
    days |= {Stage.CEREMONY: date(2026, 12, 20)}
    probation = way(days, state=State.PROBATION)
    assert rules.due(probation, FIGURES, None, after) == Due(Stage.RECOGNITION_VOTE, after(date(2027, 12, 20), 30))
    assert rules.due(way(days, state=State.RECOGNISED), FIGURES, None, after) is None


def test_thirty_working_days_leave_out_weekends_and_holidays() -> None:
    # From 1 December 2026: 1 January is a day off, and ten weekend days lie between.
    day, worked = date(2026, 12, 1), 0
    while worked < 30:
        day += timedelta(days=1)
        worked += day.weekday() < 5 and day != date(2027, 1, 1)
    assert after(date(2026, 12, 1), 30) == day == date(2027, 1, 13)


# Any order of steps


ORDER = [
    "found", "helper", "remark", "course", "file", "cell_vote", "committee_vote", "decision", "ceremony",
    "recognition_vote", "recognition_committee", "recognition",
]  # fmt: skip


seen: set[str] = set()


class AnyOrder(RuleBasedStateMachine):
    """Somebody presses any button on any day; what was taken is written down again, by hand, beside the rules."""

    @initialize(born=st.dates(date(1950, 1, 1), date(2012, 1, 1)), asks_committee=st.booleans())
    def begin(self, born: date, asks_committee: bool) -> None:
        self.today = date(2026, 1, 6)
        self.way = Way(State.OPEN, {Stage.FOUND: self.today}, 0, born, asks_committee)
        self.taken: list[tuple[str, date]] = [("found", self.today)]

    @rule(days=st.integers(0, 200))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(stage=st.sampled_from([one for one in Stage if one is not Stage.FOUND]), ago=st.integers(-5, 400))
    def somebody_enters(self, stage: Stage, ago: int) -> None:
        self._enter(stage, self.today - timedelta(days=ago))

    @rule()
    def the_next_is_taken(self) -> None:
        if stage := rules.next_stage(self.way):
            self._enter(stage, self.today)

    def _enter(self, stage: Stage, on: date) -> None:
        if rules.why_not_step(stage, on, self.way, FIGURES, self.today):
            return
        state = {
            Stage.CEREMONY: State.PROBATION,
            Stage.RECOGNITION: State.RECOGNISED,
            Stage.REMOVAL: State.REMOVED,
        }.get(stage, self.way.state)
        remarks = self.way.remarks + (stage is Stage.REMARK)
        last = max(on, self.way.days.get(stage, on))
        self.way = replace(self.way, state=state, days={**self.way.days, stage: last}, remarks=remarks)
        self.taken.append((stage.value, on))
        seen.add(stage.value)

    @invariant()
    def no_step_comes_before_what_it_needs(self) -> None:
        if not hasattr(self, "taken"):
            return
        names = [name for name, _on in self.taken]
        line = [one for one in ORDER if self.way.asks_committee or "committee" not in one]
        for name in ("file", "cell_vote", "decision", "ceremony", "recognition_vote", "recognition"):
            if name in names:
                before = line[: line.index(name)]
                assert set(before) <= set(names[: names.index(name)]), f"{name} without {before}"
                assert names.count(name) == 1
        if not self.way.asks_committee:
            assert not {"committee_vote", "recognition_committee"} & set(names)

    @invariant()
    def days_ages_and_certificates_hold(self) -> None:
        if not hasattr(self, "taken"):
            return
        when = dict(self.taken)
        assert all(on <= self.today for on in when.values())
        if vote := when.get("cell_vote"):
            born = self.way.born_on
            assert born is not None
            before = [on for name, on in self.taken[: self.taken.index(("cell_vote", vote))] if name == "course"]
            certificate = max(before)
            assert (vote.year, vote.month, vote.day) <= (certificate.year + 5, certificate.month, certificate.day)
            years = vote.year - born.year - ((vote.month, vote.day) < (born.month, born.day))
            assert years >= 18 or (born.month, born.day) == (2, 29)
            if years > 60:
                assert "approval" in when
            assert vote >= when["file"] >= when["found"]
        if recognised := when.get("recognition_vote"):
            ceremony = when["ceremony"]
            assert (recognised.year, recognised.month, recognised.day) >= (
                ceremony.year + 1, ceremony.month, min(ceremony.day, 28) if ceremony.month == 2 else ceremony.day
            )  # fmt: skip
            assert "removal_vote" not in when or "recognition" not in when or when["removal_vote"] >= recognised

    @invariant()
    def what_is_next_is_what_may_be_taken(self) -> None:
        if not hasattr(self, "taken"):
            return
        following = rules.next_stage(self.way)
        assert (following is None) == (self.way.state in rules.OVER)
        if following is not None:
            assert following in rules.possible(self.way)
            assert rules.due(self.way, FIGURES, self.way.days.get(Stage.REMARK), after) is not None


def test_any_order_of_steps() -> None:
    always = settings(max_examples=200, stateful_step_count=50, deadline=None, derandomize=True)
    run_state_machine_as_test(AnyOrder, settings=always)
    assert set(ORDER[1:9]) <= seen
