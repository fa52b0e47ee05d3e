"""What may become of a unit, in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chibo.core.period import Period
from chibo.core.words import Said
from chibo.core.words import say as _

ENDED = "~"  # stands in a path before the id of a unit that is no more


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on which a change of one unit rests."""

    number: str
    issuer: str
    signed_on: date

    @property
    def facts(self) -> dict[str, str]:
        return {"number": self.number, "issuer": self.issuer, "signed_on": self.signed_on.isoformat()}


def why_not_on(day: date, *, exists: Period, today: date) -> Said | None:
    """Why a change to a unit may not take effect on a day; None if it may."""
    if day > today:
        return _("Choose today or a day before: a change with a later day belongs to a reorganisation decision.")
    if day not in exists:
        return _("On that day the unit did not exist. Choose a day between its founding and its end.")
    return None


def why_not_end_on(day: date, *, exists: Period, last_change: date | None, today: date) -> Said | None:
    """Why a unit may not end on a day (the first on which it is no more); None if it may.

    `last_change` is the latest day from which it has its name or its place.
    """
    if exists.until is not None:
        return _("The unit ended on {day} already.").format(day=f"{exists.until:%d/%m/%Y}")
    if reason := why_not_on(day, exists=exists, today=today):
        return reason
    if last_change is not None and day <= last_change:
        return _("The unit was founded, renamed or moved on {day}. Choose a later day.").format(
            day=f"{last_change:%d/%m/%Y}"
        )
    return None


def why_not_below(*, above: int, below: int) -> Said | None:
    """Why a unit of one rank may not stand below one of another (Kind.rank, the highest first); None if it may."""
    if below <= above:
        return _("A unit of this kind does not stand below its superior unit. Choose another kind or another superior.")
    return None


def why_not_under(unit_path: str, parent_path: str) -> Said | None:
    """Why a unit may not stand below another (both as today's paths); None if it may."""
    if parent_path.startswith(unit_path):
        return _("A unit cannot stand below itself or below a unit of its own. Choose another superior unit.")
    return None


def why_not_changed_from(since: date, *, current: Period | None, exists: Period) -> Said | None:
    """Why the newest of a unit's names or places may not give way to another from a day on; None if it may.

    `current` is the one that holds on that day: only the newest may be cut, so that nothing later is overwritten.
    """
    if current is None or current.since == since or current.until != exists.until:
        return _("The unit was changed on that day or later already. Choose a later day.")
    return None


# A reorganisation: what one decision makes of many units on one day


@dataclass(frozen=True, slots=True)
class Founding:
    """A unit that begins. `kind` is a code of org.Kind; the id is chosen beforehand, so that others may stand below."""

    unit_id: UUID
    code: str
    kind: str
    name: str
    parent_id: UUID | None


@dataclass(frozen=True, slots=True)
class Inheritance:
    """That a unit, whole or in part, goes on in another; the first named of a predecessor is its first heir."""

    predecessor_id: UUID
    successor_id: UUID
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Restructuring:
    """What becomes of units on one day; `renamed` and `moved` pair a unit with its new name or its new parent."""

    founded: Sequence[Founding] = ()
    renamed: Sequence[tuple[UUID, str]] = ()
    moved: Sequence[tuple[UUID, UUID]] = ()
    inherited: Sequence[Inheritance] = ()
    ended: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a reorganisation did to one row of a table: it added the row (no `column`), or what a column said before.

    Of a period (`during`) `was` has the end as an ISO day, empty where none was known.
    """

    table: str
    row: UUID
    column: str = ""
    was: str = ""
