"""Periods of days, the end excluded."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibo.core.period import Period, days, month, quarter

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_periods_overlap_when_they_share_a_day(a: date, b: date, c: date, d: date) -> None:
    one = Period(min(a, b), max(a, b) + timedelta(days=1))
    other = Period(min(c, d), max(c, d) + timedelta(days=1))
    shared = max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))
    assert one.overlaps(other) == shared
    assert other.overlaps(one) == shared


@given(DAYS)
def test_a_month_holds_its_days_and_no_other(day: date) -> None:
    found = month(day)
    assert all(one.month == day.month and one.year == day.year for one in days(found))
    assert found.since is not None
    assert found.since - timedelta(days=1) not in found
    assert found.until not in found if found.until else False


@given(DAYS)
def test_a_quarter_holds_three_months(day: date) -> None:
    assert {one.month for one in days(quarter(day))} == {(day.month - 1) // 3 * 3 + n for n in (1, 2, 3)}


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(date(2026, 2, 1), date(2026, 2, 1))


def test_an_open_period_has_no_list_of_days() -> None:
    with pytest.raises(ValueError, match="bounded"):
        list(days(Period(date(2026, 1, 1))))
