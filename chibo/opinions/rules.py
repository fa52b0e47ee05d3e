"""Where an opinion is, what may happen to it next, and why not."""

from datetime import date
from enum import StrEnum

from chibo.core.words import Said
from chibo.core.words import say as _


class State(StrEnum):
    """Waiting with its holder, answered, or going on in another that says the same."""

    OPEN = "open"
    ANSWERED = "answered"
    JOINED = "joined"


class Source(StrEnum):
    MEETING = "meeting"
    MEMBER = "member"
    PUBLIC = "public"


class What(StrEnum):
    """What was done with an opinion."""

    RAISED = "raised"
    MOVED_UP = "moved_up"
    SENT = "sent"
    ANSWERED = "answered"
    REOPENED = "reopened"
    SATISFIED = "satisfied"
    JOINED = "joined"
    TOLD = "told"


LONGEST = 2_000  # letters of an opinion
ALIKE = 0.3
"""From this share of common trigrams on, two texts are shown side by side; a person says whether they are one."""


def is_late(state: str, due_on: date, today: date) -> bool:
    """Whether an opinion waits although its day is over: then it moves up by itself."""
    return state == State.OPEN and due_on < today


def why_not_raise(text: str) -> Said | None:
    """Why something may not be raised so; None if it may."""
    if not text.strip():
        return _("Write what you raise, in a sentence or two.")
    if len(text) > LONGEST:
        return _("Write it in at most {n} letters.").format(n=LONGEST)
    return None


def why_not_answer(state: str, text: str) -> Said | None:
    """Why an opinion may not be answered so; None if it may."""
    if state == State.JOINED:
        return _("This goes on in another matter. Answer that one; the answer reaches all who raised it.")
    if state == State.ANSWERED:
        return _("This has been answered already.")
    if not text.strip():
        return _("Write the answer. An opinion is never closed without one.")
    return None


def why_not_send(state: str, reason: str, *, has_above: bool) -> Said | None:
    """Why an opinion may not be sent to the unit above; None if it may."""
    if state != State.OPEN:
        return _("Only what waits for an answer is sent on.")
    if not has_above:
        return _("No unit stands above this one: the answer is yours.")
    if not reason.strip():
        return _("Write why it is for the unit above to answer.")
    return None


def why_not_say(state: str, *, is_satisfied: bool, reason: str) -> Said | None:
    """Why who raised it may not say now whether the answer satisfies him; None if he may."""
    if state != State.ANSWERED:
        return _("There is no answer yet about which something could be said.")
    if not is_satisfied and not reason.strip():
        return _("Write what is still missing. It goes back to who answered.")
    return None


def why_not_join(state: str, into_state: str, *, is_same: bool) -> Said | None:
    """Why one opinion may not go on in another; None if it may."""
    if is_same:
        return _("Choose another one to join it with.")
    if State.OPEN not in (state, into_state) or {state, into_state} != {State.OPEN}:
        return _("Only what still waits for an answer is joined.")
    return None
