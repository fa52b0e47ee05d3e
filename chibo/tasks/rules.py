"""What may happen to a task, and how it stands on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from chibo.core.words import Said, ngettext
from chibo.core.words import say as _


class State(StrEnum):
    """Where a task is: being done, waiting for the unit's word on a report, or over."""

    OPEN = "open"
    REPORTED = "reported"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How it went, as reported and as settled."""

    DONE = "done"
    IN_PART = "in_part"
    NOT_DONE = "not_done"


OUTCOMES = {
    Outcome.DONE: _("Carried out"),
    Outcome.IN_PART: _("Carried out in part"),
    Outcome.NOT_DONE: _("Not carried out"),
}
OVER = frozenset({State.SETTLED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a task comes from, in the words of the one who gives it.

    `id` is what `incomplete` is asked by; `label` stands on the task's page and in the ledger; `on` is the day of the
    meeting: the task is given on it, and not due before it.
    """

    kind: str
    id: UUID
    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task stands, in words; `tone` is one of the tones of a status tag."""

    tone: str
    words: Said


@dataclass(frozen=True, slots=True)
class Given:
    """A task as it was given in a meeting, and whether it says who and by when."""

    title: str
    has_due_day: bool
    has_assignee: bool


# How it stands


def is_overdue(state: str, due_on: date | None, today: date) -> bool:
    """Whether a task is late; one that was reported waits for the unit and is not."""
    return state == State.OPEN and due_on is not None and due_on < today


def standing(state: str, outcome: str, due_on: date | None, today: date) -> Standing:
    """How a task stands on a day."""
    if state == State.SETTLED:
        return Standing("done", OUTCOMES[Outcome(outcome)])
    if state == State.CANCELLED:
        return Standing("wait", _("Cancelled"))
    if state == State.REPORTED:
        return Standing("wait", _("Reported, waits for the cell"))
    if is_overdue(state, due_on, today):
        return Standing("late", _("Overdue"))
    return Standing("now", _("Under way"))


def days_left(state: str, due_on: date | None, today: date) -> Said | None:
    """How much time is left, in words; None once the task is reported or over."""
    if state != State.OPEN:
        return None
    if due_on is None:
        return _("No due day yet")
    left = (due_on - today).days
    if left > 0:
        return ngettext("One day left", "{n} days left", left)
    if left == 0:
        return _("Due today")
    return ngettext("One day late", "{n} days late", -left)


def what_is_missing(given: Iterable[Given]) -> list[Said]:
    """What the tasks of a meeting lack before it can be closed; a sentence for each lack, empty if nothing."""
    given = list(given)
    no_day = [one.title for one in given if not one.has_due_day]
    nobody = [one.title for one in given if not one.has_assignee]
    lacks = []
    if no_day:
        lacks.append(
            ngettext("One task has no due day: {titles}.", "{n} tasks have no due day: {titles}.", len(no_day)).format(
                titles="; ".join(no_day)
            )
        )
    if nobody:
        lacks.append(
            ngettext(
                "One task is given to nobody: {titles}.", "{n} tasks are given to nobody: {titles}.", len(nobody)
            ).format(titles="; ".join(nobody))
        )
    return lacks


# Why not


def why_not_worded_so(title: str, due_on: date | None, given_on: date) -> dict[str, list[Said]]:
    """What is wrong with a task's fields as they were typed, by field; empty if nothing."""
    wrong = {}
    if not title:
        wrong["title"] = [_("Write what is to be done.")]
    if due_on is not None and due_on < given_on:
        wrong["due_on"] = [
            _("The due day is before {given:%d/%m/%Y}, when the task is given. Choose that day or a later one.").format(
                given=given_on
            )
        ]
    return wrong


def why_not_given_to(assignee_ids: Sequence[UUID], lead_id: UUID | None, strangers: Sequence[str]) -> list[Said]:
    """Why a task cannot be given to these; `strangers` names those who are no working members of the unit."""
    if strangers:
        return [
            _("Not a working member of this unit on that day: {names}. Choose members of the unit.").format(
                names=", ".join(strangers)
            )
        ]
    if len(set(assignee_ids)) != len(assignee_ids):
        return [_("Somebody is chosen twice. Choose each person once.")]
    if lead_id is not None and lead_id not in assignee_ids:
        return [_("The one who leads must be among those who do the task.")]
    return []


def why_not_led(assignee_ids: Sequence[UUID], lead_id: UUID | None) -> Said | None:
    """One alone leads; of several it is said who, since the order of a list chooses nobody."""
    if lead_id is None and len(assignee_ids) > 1:
        return _("Several do this task. Choose who leads.")
    return None


def why_not_correct(state: str) -> Said | None:
    if state == State.OPEN:
        return None
    if state == State.REPORTED:
        return _("This task was reported already. Give it back before its wording is changed.")
    return _over(state)


def why_not_change_words(*, is_recorded: bool) -> Said | None:
    """What minutes hold that are locked is not worded otherwise beside them."""
    if is_recorded:
        return _("The minutes that hold this task are locked. If it was the wrong task, cancel it and say why.")
    return None


def why_not_move_due_day(
    old: date | None, new: date | None, given_on: date, today: date, *, is_recorded: bool = False
) -> Said | None:
    """A due day that was set may be put right on the day it was set; later it moves back only with a reason.

    Once minutes that hold it are locked it moves by an extension alone, whichever day it is.
    """
    if old is None or old == new:
        return None
    if is_recorded:
        return _(
            "The minutes hold the due day {old:%d/%m/%Y} and are locked. For more time, extend the task and say why."
        ).format(old=old)
    if today <= given_on or (new is not None and new <= old):
        return None
    return _("The due day {old:%d/%m/%Y} was set already. To allow more time, extend the task and say why.").format(
        old=old
    )


def why_not_report(state: str, *, is_assignee: bool, may_speak_for_them: bool) -> Said | None:
    if state == State.REPORTED:
        return _("A report waits for the cell already. Ask the secretary to give it back if something is to be added.")
    if state != State.OPEN:
        return _over(state)
    if not (is_assignee or may_speak_for_them):
        return _("This task is given to others. One of them reports, or the secretary for them.")
    return None


def why_not_settle(state: str) -> Said | None:
    """Accepting and giving back both answer a report."""
    if state == State.REPORTED:
        return None
    if state == State.OPEN:
        return _("Nobody has reported on this task yet. Ask for a report, or write one for whoever does the task.")
    return _over(state)


def why_not_settle_ones_own(*, is_assignee: bool, can_others: bool) -> Said | None:
    """Who does a task does not say himself how the cell sees it, while somebody else who leads the cell can."""
    if is_assignee and can_others:
        return _("You do this task yourself: the other one who leads the cell says how the cell sees the result.")
    return None


def why_not_settle_unanswered(*, is_waiting: bool, is_meant: bool) -> Said | None:
    """A task is settled before the unit above has answered only by who knows that it has not."""
    if is_waiting and not is_meant:
        return _(
            "A question about this task waits for the answer of the unit above. Wait for it, or mark below that the "
            "task is settled without it."
        )
    return None


def why_not_extend(state: str, due_on: date | None, to_on: date, today: date) -> Said | None:
    if state == State.REPORTED:
        return _("This task was reported already. Accept the report or give it back first.")
    if state != State.OPEN:
        return _over(state)
    if due_on is None:
        return _("This task has no due day yet. Set one by correcting the task.")
    if to_on <= due_on:
        return _("The task is due on {due:%d/%m/%Y} already. Choose a later day.").format(due=due_on)
    if to_on < today:
        return _("That day is past. Choose today or a later day.")
    return None


def why_not_cancel(state: str) -> Said | None:
    return _over(state)


def why_not_raise(state: str, to_unit: UUID, above: UUID | None, *, is_waiting: bool) -> Said | None:
    """A question goes up one level, one at a time."""
    if over := _over(state):
        return over
    if is_waiting:
        return _("A question about this task waits for an answer already.")
    if above is None:
        return _("There is no unit above this one. The question has to be settled here.")
    if to_unit != above:
        return _("A question goes to the unit directly above. Open the page again: the tree may have changed.")
    return None


def why_not_answer(*, is_waiting: bool, is_officer_there: bool) -> Said | None:
    if not is_waiting:
        return _("No question about this task waits for an answer.")
    if not is_officer_there:
        return _("This question was put to another unit. An officer of that unit answers it.")
    return None


def why_not_remind(state: str, reminded_on: date | None, today: date, *, has_assignee: bool) -> Said | None:
    if state == State.REPORTED:
        return _("A report waits for the cell already; nobody needs a reminder.")
    if state != State.OPEN:
        return _over(state)
    if not has_assignee:
        return _("This task is given to nobody yet. Correct it and say who does it.")
    if reminded_on is not None and reminded_on >= today:
        return _("A reminder went out today already. The next one can go tomorrow.")
    return None


def _over(state: str) -> Said | None:
    if state == State.SETTLED:
        return _("This task is settled; nothing more can be changed.")
    if state == State.CANCELLED:
        return _("This task was cancelled; nothing more can be changed.")
    return None
