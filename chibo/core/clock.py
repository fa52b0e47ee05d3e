"""The clock: instants are aware and UTC inside, days are days in Việt Nam."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


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
