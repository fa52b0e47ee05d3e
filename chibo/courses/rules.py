"""For whom a course is, when it may be announced and ended, and who has earned its certificate."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from chibo.core.words import Said
from chibo.core.words import say as _

MOST_SEATS = 500
MOST_MONTHS = 240


class Nature(StrEnum):
    """For whom a course is: what somebody has to be in his unit to be sent to it."""

    SECRETARY = "secretary"
    COMMITTEE = "committee"
    ATTENDING = "attending"
    NEW_MEMBER = "new_member"
    MEMBER = "member"


class State(StrEnum):
    PREPARING = "preparing"
    OPEN = "open"
    ENDED = "ended"
    CALLED_OFF = "called_off"


class Here(StrEnum):
    """Whether somebody was at a session."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


def last_day(issued_on: date, months: int | None) -> date | None:
    """The last day of a certificate of so many months (Civil Code, art. 148); None for one that does not expire."""
    if months is None:
        return None
    year, month = divmod(issued_on.month - 1 + months, 12)
    year, month = issued_on.year + year, month + 1
    return date(year, month, min(issued_on.day, monthrange(year, month)[1]))


def why_not_write(
    title: str, aim: str, named_until: date, today: date, *, seats: int | None, share: int, months: int | None
) -> dict[str, list[Said]]:
    """Why a course may not be written so, by field; empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if not title.strip():
        wrong["title"] = [_("Write what the course is called.")]
    if not aim.strip():
        wrong["aim"] = [_("Write what somebody can do after the course that he could not before.")]
    if named_until < today:
        wrong["named_until"] = [_("Choose a day that is still to come; the units need time to choose.")]
    if seats is not None and not 1 <= seats <= MOST_SEATS:
        wrong["seats"] = [_("Write a number from 1 to {n}, or leave it empty.").format(n=MOST_SEATS)]
    if not 1 <= share <= 100:
        wrong["share"] = [_("Write a number from 1 to 100.")]
    if months is not None and not 1 <= months <= MOST_MONTHS:
        wrong["months"] = [_("Write a number from 1 to {n}, or leave it empty.").format(n=MOST_MONTHS)]
    return wrong


def why_not_change(state: State) -> Said | None:
    """Why a course, its sessions and who takes part may not be changed any more; None while they may."""
    if state is State.ENDED:
        return _("The course has ended; what was written down stands.")
    if state is State.CALLED_OFF:
        return _("The course was called off.")
    return None


def why_not_announce(state: State, sessions: Collection[date], named_until: date, today: date) -> Said | None:
    """Why a course may not be announced; None if it may."""
    if state is not State.PREPARING:
        return _("It was announced already.")
    if not sessions:
        return _("Enter at least one session first: the units must know when and where.")
    if named_until < today:
        return _("The last day for names is over. Set it anew first.")
    if min(sessions) < named_until:
        return _("The first session, on {day}, is before the last day for names. Change one of them.").format(
            day=f"{min(sessions):%d/%m/%Y}"
        )
    return None


def why_not_name(state: State, named_until: date, today: date, *, free: int | None, wanted: int) -> Said | None:
    """Why a unit may not send somebody more; None if it may. `free` places are left, None without limit."""
    if state is not State.OPEN:
        return why_not_change(state) or _("It is not announced yet.")
    if today > named_until:
        return _("Names were taken until {day}. Ask the office that holds the course.").format(
            day=f"{named_until:%d/%m/%Y}"
        )
    if free is not None and wanted > free:
        return _("Only {n} places are left. Choose fewer, or ask the office that holds the course.").format(n=free)
    return None


def why_not_call(state: State, on: date, today: date) -> Said | None:
    """Why the roll of a session may not be called; None if it may."""
    if state is State.PREPARING:
        return _("It is not announced yet.")
    if on > today:
        return _("The session is on {day}; its roll is called then.").format(day=f"{on:%d/%m/%Y}")
    return why_not_change(state)


def why_not_end(state: State, uncalled: Sequence[date]) -> Said | None:
    """Why a course may not be ended; None if it may."""
    if state is State.PREPARING:
        return _("It is not announced yet.")
    if reason := why_not_change(state):
        return reason
    if uncalled:
        return _("The roll of the session on {day} was not called yet.").format(day=f"{uncalled[0]:%d/%m/%Y}")
    return None


def attended(marks: Sequence[Here], sessions: int) -> int:
    """The share of all sessions at which somebody was, in whole percent, rounded down."""
    return 100 * sum(one is Here.PRESENT for one in marks) // sessions if sessions else 0
