"""How a cell meets: the day, the roll, the base of a vote, what stands in the way of each step."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibo.core.period import days, month
from chibo.meetings import rules
from chibo.meetings.rules import (
    CAME,
    AttendanceStatus,
    Base,
    Kind,
    Point,
    Proceedings,
    Seat,
    State,
    Threshold,
)

pytestmark = pytest.mark.usefixtures("in_english")

ALL_OUT = ["elsewhere", "exempt_unless_present", "suspended"]
HALF = Threshold(1, 2, is_strict=True)
TWO_THIRDS = Threshold(2, 3, is_strict=False)

months = st.dates(date(2024, 1, 1), date(2032, 12, 31)).map(lambda day: day.replace(day=1))
memberships = st.sampled_from(["official", "probationary", "exempt", "suspended", "elsewhere"])
statuses = st.none() | st.sampled_from(list(AttendanceStatus))
seats = st.builds(Seat, memberships, statuses)


def weekends(of: date) -> frozenset[date]:
    return frozenset(day for day in days(month(of)) if day.isoweekday() > 5)


def by_rule(of: date, off: frozenset[date] | None = None) -> date:
    return rules.day_by_rule(of, day=3, last_day=7, days_off=weekends(of) if off is None else off)


# The day


def test_a_cell_meets_on_day_3() -> None:
    assert by_rule(date(2026, 11, 1)) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("of", "on"),
    [
        (date(2026, 10, 1), date(2026, 10, 5)),  # the 3rd is a Saturday
        (date(2026, 5, 1), date(2026, 5, 4)),  # a Sunday
    ],
)
def test_a_weekend_moves_it_to_the_next_working_day(of: date, on: date) -> None:
    assert by_rule(of) == on


def test_where_only_days_before_the_third_are_working_days_it_moves_back() -> None:
    off = frozenset(date(2026, 2, n) for n in range(3, 8))
    assert by_rule(date(2026, 2, 1), off) == date(2026, 2, 2)


def test_in_a_first_week_that_is_all_tet_the_fixed_day_stands() -> None:
    off = frozenset(date(2027, 2, n) for n in range(1, 11))
    assert by_rule(date(2027, 2, 1), off) == date(2027, 2, 3)


@given(months, st.frozensets(st.integers(1, 28)))
def test_the_day_lies_in_the_first_week_and_is_a_working_day_if_there_is_one(
    of: date, off_days: frozenset[int]
) -> None:
    off = frozenset(of.replace(day=n) for n in off_days)
    on = by_rule(of, off)
    assert on.day <= 7
    assert on not in off or all(of.replace(day=n) in off for n in range(1, 8))


def test_a_first_week_that_is_all_off_lets_the_meeting_move_to_the_first_working_day_after() -> None:
    tet = date(2049, 2, 1)
    off = frozenset(tet.replace(day=n) for n in range(1, 9))
    assert rules.latest_day(tet, last_day=7, days_off=off) == date(2049, 2, 9)
    assert rules.latest_day(tet, last_day=7, days_off=off - {date(2049, 2, 2)}) == date(2049, 2, 7)


def test_before_july_2025_a_window_at_the_end_of_the_month_begins_with_its_first_working_day() -> None:
    of = date(2025, 4, 1)
    assert rules.day_by_window(of, since=26, until=31, days_off=weekends(of)) == date(2025, 4, 28)


def test_a_window_of_days_26_to_31_ends_with_february() -> None:
    of = date(2025, 2, 1)
    off = weekends(of) | {date(2025, 2, 26), date(2025, 2, 27)}
    assert rules.day_by_window(of, since=26, until=31, days_off=off) == date(2025, 2, 28)


def test_a_window_that_a_short_month_does_not_reach_is_its_last_day() -> None:
    assert rules.day_by_window(date(2025, 2, 1), since=29, until=31, days_off=frozenset()) == date(2025, 2, 28)


@given(months, st.integers(1, 31), st.integers(0, 30), st.frozensets(st.dates(date(2024, 1, 1), date(2032, 12, 31))))
def test_a_windows_day_is_of_its_month(of: date, since: int, length: int, off: frozenset[date]) -> None:
    on = rules.day_by_window(of, since=since, until=since + length, days_off=off)
    assert on in month(of)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_each_quarter_has_one_month_for_its_thematic_session(day: date) -> None:
    found = rules.thematic_month(day)
    assert found.day == 1
    assert found.month in (2, 5, 8, 11)
    assert (found.year, (found.month - 1) // 3) == (day.year, (day.month - 1) // 3)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.integers(1, 6))
def test_months_ahead_follow_each_other(today: date, count: int) -> None:
    found = rules.months_ahead(today, count=count)
    assert len(found) == count
    assert today in found[0]
    assert all(one.until == other.since for one, other in pairwise(found))


def test_what_comes_before_a_meeting_is_due_by_the_rule_but_not_before_its_day_was_set() -> None:
    on = date(2026, 11, 3)
    assert rules.due_before(on, days_before=3, set_on=date(2026, 10, 20)) == date(2026, 10, 31)
    assert rules.due_before(on, days_before=3, set_on=date(2026, 11, 2)) == date(2026, 11, 2)
    assert rules.due_before(on, days_before=3, set_on=on) == on
    assert rules.due_before(on, days_before=3, set_on=None) == date(2026, 10, 31)


# The roll


@given(memberships, st.sampled_from(list(AttendanceStatus)))
def test_what_the_register_lets_expect_is_always_allowed(membership: str, status: AttendanceStatus) -> None:
    expected = rules.expected_attendance(membership)
    assert expected is None or rules.why_not_attendance(membership, expected, "") is None
    assert (status in rules.possible_attendance(membership)) == (
        rules.why_not_attendance(membership, status, "vì ốm") is None
    )


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_absence_with_reason_has_its_reason(reason: str) -> None:
    why = rules.why_not_attendance("official", AttendanceStatus.ABSENT_WITH_REASON, reason)
    assert "Write the reason" in str(why)


@pytest.mark.parametrize("status", [AttendanceStatus.EXEMPT, AttendanceStatus.ELSEWHERE, AttendanceStatus.SUSPENDED])
def test_only_whom_the_register_holds_so_is_exempt_elsewhere_or_suspended(status: AttendanceStatus) -> None:
    assert "register does not hold" in str(rules.why_not_attendance("official", status, ""))


def test_a_suspended_member_takes_no_part() -> None:
    assert rules.possible_attendance("suspended") == [AttendanceStatus.SUSPENDED]


def test_an_exempt_member_may_come() -> None:
    assert AttendanceStatus.PRESENT in rules.possible_attendance("exempt")


# The base


def room(
    *, official: int = 0, probationary: int = 0, exempt: int = 0, elsewhere: int = 0, absent: int = 0
) -> list[Seat]:
    return [
        *[Seat("official", AttendanceStatus.ABSENT_WITH_REASON)] * absent,
        *[Seat("official", AttendanceStatus.PRESENT)] * (official - absent),
        *[Seat("probationary", AttendanceStatus.PRESENT)] * probationary,
        *[Seat("exempt", AttendanceStatus.EXEMPT)] * exempt,
        *[Seat("elsewhere", AttendanceStatus.ELSEWHERE)] * elsewhere,
    ]


def test_the_worked_case_twenty_official_two_probationary_three_absent_is_base_20() -> None:
    base = rules.base_of(room(official=20, probationary=2, absent=3), excludes=ALL_OUT)
    assert (base.convened, base.probationary, base.base, base.voters) == (22, 2, 20, 17)
    assert HALF.needed(base.base) == 11
    assert TWO_THIRDS.needed(base.base) == 14


def test_an_exempt_member_who_did_not_come_is_out_of_the_base_and_one_who_came_is_in_it() -> None:
    seats = room(official=20, probationary=2, exempt=1)
    assert rules.base_of(seats, excludes=ALL_OUT).base == 20
    came = [*seats[:-1], Seat("exempt", AttendanceStatus.PRESENT)]
    assert rules.base_of(came, excludes=ALL_OUT).base == 21


def test_a_guest_is_told_of_besides_and_not_taken_off_those_convened() -> None:
    seats = [Seat("official", AttendanceStatus.PRESENT)] * 3 + [Seat(rules.GUEST, AttendanceStatus.PRESENT)]
    base = rules.base_of(seats, excludes=[])
    assert [str(one) for one in base.in_words] == ["3 belong to the cell"]
    assert "One guest from another cell takes part besides" in str(base.guests_in_words)


def test_before_its_month_a_regular_meeting_is_not_advised_to_be_moved_to_today() -> None:
    (why,) = rules.why_not_open(
        kind=Kind.REGULAR, state=State.ANNOUNCED, on=date(2026, 12, 3), today=date(2026, 11, 26)
    )
    assert "plan an extraordinary meeting" in str(why)
    assert "Move it to today" not in str(why)


def test_the_base_says_in_words_how_it_was_worked_out() -> None:
    base = rules.base_of(room(official=20, probationary=2, exempt=1), excludes=ALL_OUT)
    words = ", ".join(str(one) for one in base.in_words)
    assert words == "23 belong to the cell, 2 are probationary, one is exempt and did not come"
    assert str(HALF.in_words(base.base)) == "more than half of 20: at least 11 in favour"
    assert str(TWO_THIRDS.in_words(base.base)) == "at least 2/3 of 20: at least 14 in favour"


def test_members_elsewhere_and_suspended_are_out_where_the_rule_says_so() -> None:
    seats = [*room(official=5, elsewhere=2), Seat("suspended", AttendanceStatus.SUSPENDED)]
    assert rules.base_of(seats, excludes=ALL_OUT).base == 5
    assert rules.base_of(seats, excludes=[]).base == 8


@given(st.lists(seats, max_size=60), st.lists(st.sampled_from(ALL_OUT), unique=True))
def test_everybody_is_counted_once_in_a_base(room: list[Seat], excludes: list[str]) -> None:
    base = rules.base_of(room, excludes=excludes)
    out = base.probationary + base.elsewhere + base.exempt_not_come + base.suspended
    assert base.convened == len(room) == out + base.base
    assert 0 <= base.voters <= base.base
    assert base.voters <= sum(seat.attendance in CAME for seat in room)
    assert Base(**base.as_facts) == base


@given(st.integers(1, 400), st.data(), st.sampled_from([HALF, TWO_THIRDS, Threshold(3, 4, is_strict=True)]))
def test_a_threshold_agrees_with_exact_fractions(base: int, data: st.DataObject, threshold: Threshold) -> None:
    in_favour = data.draw(st.integers(0, base))
    share, asked = Fraction(in_favour, base), Fraction(threshold.numerator, threshold.denominator)
    assert threshold.carries(in_favour, base) == (share > asked if threshold.is_strict else share >= asked)
    needed = threshold.needed(base)
    assert threshold.carries(needed, base)
    assert not threshold.carries(needed - 1, base)


def test_exactly_half_does_not_carry_and_exactly_two_thirds_does() -> None:
    assert not HALF.carries(10, 20)
    assert TWO_THIRDS.carries(14, 21)


def test_nothing_carries_of_an_empty_base() -> None:
    assert not HALF.carries(0, 0)


def test_a_threshold_is_read_from_its_regulation() -> None:
    assert Threshold.of({"over": [1, 2]}) == HALF
    assert Threshold.of({"at_least": [2, 3]}) == TWO_THIRDS


def count(base: Base, in_favour: int, against: int = 0, abstained: int = 0) -> str:
    return str(rules.why_not_vote(base, in_favour=in_favour, against=against, abstained=abstained) or "")


def test_more_votes_than_voters_are_refused_with_both_numbers() -> None:
    base = rules.base_of(room(official=20, absent=3), excludes=ALL_OUT)
    assert not count(base, 17)
    assert "18 votes were entered, but only 17" in count(base, 16, 1, 1)


def test_a_count_needs_votes_and_somebody_who_can_vote() -> None:
    assert "Enter how many" in count(rules.base_of(room(official=3), excludes=ALL_OUT), 0)
    assert "nobody can vote" in count(rules.base_of(room(probationary=3), excludes=ALL_OUT), 1)


# The steps


@pytest.mark.parametrize(("official", "may"), [(2, False), (3, True), (20, True)])
def test_a_cell_of_fewer_than_three_official_members_does_not_meet(official: int, may: bool) -> None:
    why = rules.why_not_meet(official=official, least=3)
    assert (why is None) == may
    assert may or "needs at least 3" in str(why)


def test_preparing_ends_when_the_meeting_begins() -> None:
    assert rules.why_not_prepare(State.ANNOUNCED) is None
    assert "has begun" in str(rules.why_not_prepare(State.UNDER_WAY))
    assert "cancelled" in str(rules.why_not_prepare(State.CANCELLED))


def test_proceedings_are_written_only_while_the_meeting_is_under_way() -> None:
    assert rules.why_not_record(State.UNDER_WAY) is None
    assert "Open it first" in str(rules.why_not_record(State.ANNOUNCED))
    assert "put right in the minutes" in str(rules.why_not_record(State.ENDED))
    assert "nothing about this meeting can be changed" in str(rules.why_not_record(State.LOCKED))


def test_a_meeting_opens_on_its_day_or_later_in_its_month_once_it_was_announced() -> None:
    on = date(2026, 11, 3)

    def why(today: date = on, state: State = State.ANNOUNCED, kind: Kind = Kind.REGULAR) -> str:
        return " ".join(str(one) for one in rules.why_not_open(kind=kind, state=state, on=on, today=today))

    assert why() == why(date(2026, 11, 30)) == ""
    assert "set for 03/11/2026" in why(on - timedelta(days=1))
    assert "cannot be opened any more" in why(date(2026, 12, 1))
    assert "Move it to today first" in why(date(2026, 12, 1), kind=Kind.EXTRAORDINARY)
    assert "Announce it first" in why(state=State.PREPARING)
    assert "opened already" in why(state=State.UNDER_WAY)


def evening(**facts: object) -> Proceedings:
    """A regular meeting that lacks nothing but what is said."""
    all_of_it: dict[str, object] = {
        "kind": Kind.REGULAR,
        "state": State.UNDER_WAY,
        "has_chair": True,
        "has_clerk": True,
        "is_chair_absent": False,
        "is_clerk_absent": False,
        "not_called": 0,
        "came": 20,
        "conclusion": "Thống nhất.",
        "lessons": "",
        "clauses": 0,
        "is_resolution_voted": False,
        "is_scored": False,
        "outdated_votes": (),
        "incomplete_tasks": (),
    }
    return Proceedings(**all_of_it | facts)  # type: ignore[arg-type]  # facts of several types


def missing(**facts: object) -> str:
    return " ".join(str(one) for one in rules.why_not_end(evening(**facts)))


def test_a_meeting_with_everything_can_end() -> None:
    assert missing() == ""


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"state": State.ENDED}, "not under way"),
        ({"has_chair": False}, "The chair is missing"),
        ({"has_clerk": False}, "The clerk is missing"),
        ({"is_chair_absent": True}, "the chair did not come"),
        ({"is_clerk_absent": True}, "the clerk did not come"),
        ({"not_called": 1}, "One member has not been called"),
        ({"not_called": 3}, "3 members have not been called"),
        ({"came": 0}, "Nobody is marked as present"),
        ({"conclusion": " "}, "conclusion is missing"),
        ({"kind": Kind.THEMATIC}, "results and lessons"),
        ({"clauses": 2}, "not been put to the vote"),
        ({"outdated_votes": ("Mua loa",)}, "“Mua loa”. Take the count back and enter it again"),
        ({"incomplete_tasks": ("2 tasks have no due day: a; b.",)}, "2 tasks have no due day"),
    ],
)
def test_what_is_missing_at_the_end_is_named(facts: dict[str, object], sentence: str) -> None:
    assert sentence in missing(**facts)


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert len(rules.why_not_end(evening(has_clerk=False, conclusion="", not_called=2))) == 3


def test_minutes_are_adopted_after_they_were_read_back_and_once() -> None:
    def why(state: State = State.ENDED, *, is_read_back: bool = True, is_adopted: bool = False) -> str:
        return str(rules.why_not_adopt(state=state, is_read_back=is_read_back, is_adopted=is_adopted) or "")

    assert why() == ""
    assert "Read them aloud first" in why(is_read_back=False)
    assert "adopted already" in why(is_adopted=True)
    assert "when the meeting has ended" in why(State.UNDER_WAY)


def test_all_parts_with_the_secretary_are_remarked_where_others_could_help() -> None:
    assert "Every part is prepared by the secretary" in str(
        rules.why_all_the_secretarys(["s", "s", None], "s", others=True)
    )
    assert rules.why_all_the_secretarys(["s", "d"], "s", others=True) is None
    assert rules.why_all_the_secretarys(["s", "s"], "s", others=False) is None


# Where the evening stands


def point(holds: str, section: str = "conduct", *, is_expected: bool = True, has_trace: bool = False) -> Point:
    return Point(holds, section, is_expected, has_trace)


AGENDA = [
    point("clerk", "opening"),
    point("roll_call", "opening"),
    point("ledger"),
    point("none"),
    point("admissions", is_expected=False),
    point("discussion"),
    point("conclusions", "closing"),
    point("tasks", "closing"),
    point("resolution", "closing"),
    point("minutes", "closing"),
]


def leads_to(*traces: str, **facts: object) -> str | None:
    points = [Point(one.holds, one.section, one.is_expected, one.holds in traces) for one in AGENDA]
    found = rules.next_point(points, evening(**facts))
    return None if found is None else points[found].holds


def test_the_evening_leads_from_the_chair_to_the_roll_and_along_the_agenda() -> None:
    assert leads_to(has_clerk=False, not_called=22, conclusion="") == "clerk"
    assert leads_to(not_called=22, conclusion="") == "roll_call"
    assert leads_to(conclusion="") == "ledger"
    assert leads_to("ledger", conclusion="") == "none"
    assert leads_to("none", conclusion="") == "discussion"
    assert leads_to("discussion", conclusion="") == "conclusions"


def test_after_the_conclusion_it_leads_to_the_tasks_the_resolution_and_the_end() -> None:
    assert leads_to() == "tasks"
    assert leads_to("tasks", incomplete_tasks=("One task has no due day.",)) == "tasks"
    assert leads_to("tasks") == "resolution"
    assert leads_to("tasks", is_resolution_voted=True) is None


def test_an_incomplete_roll_comes_first_even_late_in_the_evening() -> None:
    assert leads_to("discussion", "tasks", not_called=1) == "roll_call"


# Two people, one text


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5)), max_size=6))
def test_what_one_did_not_touch_keeps_what_the_other_wrote(rows: list[tuple[str, str, str]]) -> None:
    seen, now, typed = ([row[n].strip() for row in rows] for n in range(3))
    for before, stands, text, result in zip(seen, now, typed, rules.merged(seen, now, typed), strict=True):
        assert result == (stands if text == before else text)
