"""For whom a course is, when it may be announced and ended, and who has earned its certificate."""

from datetime import date

import pytest

from chibo.courses import rules
from chibo.courses.rules import Here, State

TODAY = date(2026, 11, 3)
pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 3), 60, date(2031, 11, 3)),
        (date(2026, 11, 3), None, None),
    ],
)
def test_a_certificate_ends_on_the_corresponding_day(issued: date, months: int | None, last: date | None) -> None:
    assert rules.last_day(issued, months) == last


@pytest.mark.parametrize(
    ("marks", "sessions", "share"),
    [([Here.PRESENT] * 4 + [Here.ABSENT], 5, 80), ([Here.EXCUSED] * 3, 3, 0), ([Here.PRESENT] * 2, 3, 66), ([], 0, 0)],
)
def test_the_share_counts_all_sessions_and_is_rounded_down(marks: list[Here], sessions: int, share: int) -> None:
    assert rules.attended(marks, sessions) == share


def test_a_course_is_announced_with_a_session_after_the_last_day_for_names() -> None:
    until = date(2026, 11, 10)

    def why(state: State, *sessions: date) -> str:
        return str(rules.why_not_announce(state, sessions, until, TODAY) or "")

    assert "one session" in why(State.PREPARING)
    assert "03/11/2026" in why(State.PREPARING, TODAY, date(2026, 11, 12))
    assert not why(State.PREPARING, until)
    assert "already" in why(State.OPEN, until)
    assert "is over" in str(rules.why_not_announce(State.PREPARING, [until], date(2026, 11, 1), TODAY))


def test_names_are_taken_until_the_day_and_as_long_as_there_are_places() -> None:
    until = date(2026, 11, 10)

    def why(on: date, free: int | None, wanted: int) -> str:
        return str(rules.why_not_name(State.OPEN, until, on, free=free, wanted=wanted) or "")

    assert not why(until, None, 400)
    assert not why(until, 2, 2)
    assert "Only 2 places" in why(until, 2, 3)
    assert "until 10/11/2026" in why(date(2026, 11, 11), None, 1)
    assert "called off" in str(rules.why_not_name(State.CALLED_OFF, until, TODAY, free=None, wanted=1))


def test_what_is_written_is_checked_field_by_field() -> None:
    wrong = rules.why_not_write(" ", "", date(2026, 11, 2), TODAY, seats=0, share=101, months=241)
    assert set(wrong) == {"title", "aim", "named_until", "seats", "share", "months"}
    assert not rules.why_not_write("Lớp", "Làm được.", TODAY, TODAY, seats=None, share=80, months=None)
