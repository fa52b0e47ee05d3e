"""A period of days, the end excluded: the one type in which every fact says when it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` (included; None: always was) until `until` (excluded; None: no end known)."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"a period ends after it begins: {self.since} – {self.until}")

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: Self) -> bool:
        return (self.since is None or other.until is None or self.since < other.until) and (
            other.since is None or self.until is None or other.since < self.until
        )

    def until_day(self, day: date | None) -> "Period":
        """The same beginning with another end."""
        return Period(self.since, day)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None while no end is known."""
        return self.until - timedelta(days=1) if self.until else None


def month(day: date) -> Period:
    """The calendar month in which a day falls."""
    return Period(day.replace(day=1), month_after(day))


def month_after(day: date) -> date:
    """The first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before that of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def quarter(day: date) -> Period:
    """The calendar quarter in which a day falls."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(first, month(first + timedelta(days=64)).until)


def days(period: Period) -> Iterable[date]:
    """Every day of a bounded period."""
    if period.since is None or period.until is None:
        raise ValueError("only a bounded period has a list of days")
    return (period.since + timedelta(days=n) for n in range((period.until - period.since).days))
