"""The clock: instants are aware and UTC inside, days are days in Việt Nam."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")

_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())
"""By how much the clock of a practice is ahead of the real one; nothing everywhere else."""


def now() -> datetime:
    """This instant, aware, in UTC; in a practice that of the practice."""
    return real_now() + _shift.get()


def real_now() -> datetime:
    """This instant of the real clock, also in a practice."""
    return datetime.now(UTC)


@contextmanager
def set_to(at: datetime) -> Iterator[None]:
    """Inside, the clock shows an instant and goes on from there: a practice has its own day."""
    token = _shift.set(at - real_now())
    try:
        yield
    finally:
        _shift.reset(token)


def day_of(at: datetime) -> date:
    """The local day on which an instant falls."""
    return at.astimezone(HERE).date()


def stamp(at: datetime | None) -> int:
    """An instant as a number that a form brings back, to tell whether something was changed since; 0 for none."""
    return round(at.timestamp() * 1_000_000) if at else 0


def today() -> date:
    return day_of(now())


def instant(on: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant of a local wall-clock time on a local day."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=HERE)
