"""Reports after a meeting, what was promised in them, and how both stand."""

from dataclasses import dataclass
from datetime import date

from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings.rules import State

REMINDER, FINDING, PROPOSAL = "answer.reminder", "answer.finding", "answer.proposal"
"""What a unit answers, as readings of it name it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands: a tone (done, now, late, wait) and its words."""

    tone: str
    words: Said


def report_standing(*, handed_in_on: date | None, due_on: date, today: date) -> Standing:
    """How the report on a meeting stands on a day."""
    if handed_in_on is not None:
        late = handed_in_on > due_on
        return Standing("done", _("Reported late") if late else _("Reported"))
    if today > due_on:
        return Standing("late", _("Report missing"))
    return Standing("now", _("Report due by {day}").format(day=f"{due_on:%d/%m/%Y}"))


def promise_standing(*, kept_on: date | None, due_on: date, today: date) -> Standing:
    """How a promise stands on a day."""
    if kept_on is not None:
        return Standing("done", _("Kept"))
    if today > due_on:
        return Standing("late", _("Overdue"))
    return Standing("wait", _("Promised for {day}").format(day=f"{due_on:%d/%m/%Y}"))


def why_not_report(state: State, *, is_handed_in: bool) -> Said | None:
    """Why a report on a meeting may not be written now; None if it may."""
    if is_handed_in:
        return _("This report is handed in and stands as it is.")
    if state not in (State.ENDED, State.LOCKED):
        return _("The meeting has not been held yet. The report is written when it has ended.")
    return None


def why_not_hand_in(*, was_there: bool, seen: str, absent_because: str) -> dict[str, list[Said]]:
    """What a report lacks, by field; empty if nothing."""
    if was_there and not seen.strip():
        return {"seen": [_("Write what you saw: how the meeting was prepared, held and concluded.")]}
    if not was_there and not absent_because.strip():
        return {"absent_because": [_("Write why you could not attend, and who went in your stead if anybody did.")]}
    return {}
