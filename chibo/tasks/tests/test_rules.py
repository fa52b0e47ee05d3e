"""The rules alone, without a database."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from chibo.tasks import rules
from chibo.tasks.rules import Outcome, State

DAYS = st.dates(date(2025, 1, 1), date(2030, 1, 1))
STATES = st.sampled_from(list(State))
TODAY = date(2026, 12, 3)


@given(STATES, st.none() | DAYS, DAYS)
def test_only_what_nobody_has_reported_can_be_late(state: State, due_on: date | None, today: date) -> None:
    late = rules.is_overdue(state, due_on, today)
    assert late == (state is State.OPEN and due_on is not None and today > due_on)


@given(STATES, st.sampled_from(list(Outcome)), st.none() | DAYS, DAYS)
def test_every_task_stands_somehow_and_only_a_late_one_is_toned_late(
    state: State, outcome: Outcome, due_on: date | None, today: date
) -> None:
    standing = rules.standing(state, outcome if state is State.SETTLED else "", due_on, today)
    assert str(standing.words)
    assert (standing.tone == "late") == rules.is_overdue(state, due_on, today)


@given(DAYS, st.integers(-400, 400))
def test_the_days_that_are_left_are_said_as_a_number(today: date, n: int) -> None:
    said = str(rules.days_left(State.OPEN, today + timedelta(days=n), today))
    assert said == (f"Còn {n} ngày" if n > 0 else f"Quá hạn {-n} ngày" if n < 0 else "Hôm nay đến hạn")


def test_a_settled_task_has_no_days_left() -> None:
    assert rules.days_left(State.SETTLED, TODAY, TODAY) is None


@given(STATES, st.booleans(), st.booleans())
def test_a_report_is_open_to_assignees_and_leaders_of_an_open_task_only(
    state: State, is_assignee: bool, leads: bool
) -> None:
    allowed = rules.why_not_report(state, is_assignee=is_assignee, may_speak_for_them=leads) is None
    assert allowed == (state is State.OPEN and (is_assignee or leads))


@given(STATES, st.none() | DAYS, DAYS, DAYS)
def test_an_extension_always_gives_more_time(state: State, due_on: date | None, to_on: date, today: date) -> None:
    if rules.why_not_extend(state, due_on, to_on, today) is None:
        assert due_on is not None
        assert to_on > due_on
        assert to_on >= today
        assert state is State.OPEN


@given(STATES, st.none() | DAYS, DAYS)
def test_reminders_go_out_once_a_day(state: State, reminded_on: date | None, today: date) -> None:
    if rules.why_not_remind(state, reminded_on, today, has_assignee=True) is None:
        assert rules.why_not_remind(state, today, today, has_assignee=True) is not None
        assert rules.why_not_remind(state, today, today + timedelta(days=1), has_assignee=True) is None


@given(STATES, st.booleans())
def test_what_is_over_stays_as_it_is(state: State, flag: bool) -> None:
    person = uuid4()
    answers = [
        rules.why_not_correct(state),
        rules.why_not_report(state, is_assignee=True, may_speak_for_them=flag),
        rules.why_not_settle(state),
        rules.why_not_extend(state, TODAY, TODAY + timedelta(days=9), TODAY),
        rules.why_not_cancel(state),
        rules.why_not_raise(state, person, person, is_waiting=False),
        rules.why_not_remind(state, None, TODAY, has_assignee=True),
    ]
    assert all(answer is not None for answer in answers) == (state in rules.OVER)


def test_a_due_day_moves_back_only_with_a_reason_once_the_day_of_giving_is_over() -> None:
    given_on, old, later = date(2026, 11, 3), date(2026, 11, 20), date(2026, 11, 30)
    assert rules.why_not_move_due_day(old, later, given_on, given_on) is None
    assert rules.why_not_move_due_day(None, later, given_on, TODAY) is None
    assert rules.why_not_move_due_day(old, given_on, given_on, TODAY) is None
    assert rules.why_not_move_due_day(old, later, given_on, TODAY) is not None
    assert rules.why_not_move_due_day(old, None, given_on, TODAY) is not None


def test_what_is_missing_names_the_tasks() -> None:
    lacks = rules.what_is_missing(
        [
            rules.Given("Làm đường", has_due_day=False, has_assignee=True),
            rules.Given("Thu đảng phí", has_due_day=False, has_assignee=False),
            rules.Given("Thăm hộ nghèo", has_due_day=True, has_assignee=True),
        ]
    )
    assert len(lacks) == 2
    assert "Làm đường; Thu đảng phí" in str(lacks[0])
    assert "Thu đảng phí" in str(lacks[1])
    assert "Làm đường" not in str(lacks[1])
