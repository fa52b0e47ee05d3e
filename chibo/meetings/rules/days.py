"""The day: when a cell meets, by when things are due, and which meetings overlap."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from chibo.core.period import Period, days, month
from chibo.meetings.rules.terms import HALF_A_MONTH


def day_by_rule(month_of: date, *, day: int, last_day: int, days_off: frozenset[date]) -> date:
    """The day of a regular meeting: the fixed day, or the next working day of the first week, else the one before.

    If the whole first week is off (Tết), the fixed day stands, and the cell moves it by decision.
    """
    first = month_of.replace(day=1)
    week = [first.replace(day=n) for n in range(1, last_day + 1)]
    later = [one for one in week if one.day >= day]
    earlier = [one for one in reversed(week) if one.day < day]
    return next((one for one in later + earlier if one not in days_off), first.replace(day=day))


def day_by_window(month_of: date, *, since: int, until: int, days_off: frozenset[date]) -> date:
    """The day of a regular meeting before July 2025: the first working day of the unit's own window of days.

    A window that reaches past the end of a short month ends with it.
    """
    window = [one for one in days(month(month_of)) if since <= one.day <= until]
    window = window or list(days(month(month_of)))[-1:]
    return next((one for one in window if one not in days_off), window[0])


def latest_day(month_of: date, *, last_day: int, days_off: frozenset[date]) -> date:
    """The last day of a month to which a regular meeting may be moved: the last one of the first week.

    If the whole first week is off (Tết), the first working day after it.
    """
    first = month_of.replace(day=1)
    week = [first.replace(day=n) for n in range(1, last_day + 1)]
    if any(one not in days_off for one in week):
        return week[-1]
    return next((one for one in days(month(first)) if one > week[-1] and one not in days_off), week[-1])


def clashing(starts: Sequence[tuple[UUID, datetime]], *, minutes: int) -> frozenset[UUID]:
    """Which meetings nobody can attend from beginning to end: another begins before their least length has passed."""
    inside = timedelta(minutes=minutes)
    return frozenset(
        one for one, begins in starts for other, at in starts if one != other and abs(begins - at) < inside
    )


def thematic_month(day: date) -> date:
    """The month of a quarter for which the calendar plans its thematic session: the second."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return (first + timedelta(days=31)).replace(day=1)


def month_directed(on: date) -> date:
    """The month for which a regular meeting sets tasks: its own, or in the second half of a month the following one.

    The meeting of day 3 looks back on the month that is over; that of the last days of a month, as before July 2025,
    on the one that ends.
    """
    first = on.replace(day=1)
    return first if on.day <= HALF_A_MONTH else (first + timedelta(days=31)).replace(day=1)


def due_before(on: date, *, days_before: int, set_on: date | None) -> date:
    """The day by which something is due before a meeting; never earlier than the day was set, nor after the meeting."""
    by_rule = on - timedelta(days=days_before)
    return max(by_rule, min(set_on, on)) if set_on else by_rule


def months_ahead(today: date, *, count: int) -> list[Period]:
    """This month and the ones after it."""
    found = [month(today)]
    while len(found) < count:
        following = found[-1].until
        assert following is not None
        found.append(month(following))
    return found
