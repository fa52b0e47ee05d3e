"""Where an opinion is, what may happen to it next, and why not."""

from datetime import date, timedelta
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
ALIKE = 0.4
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


# What the public is asked

LONGEST_VOICE = 1_000
LONGEST_TIME = timedelta(days=92)
"""How long a question stays open at most: a quarter."""
MOST_A_DAY = 300
"""How much one collection takes in a day: a flood is held down without knowing from whom it comes."""
A_GIST = 60


def why_not_open(question: str, closes_on: date, today: date) -> dict[str, list[Said]]:
    """Why a question may not be opened so, by field; empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if not question.strip():
        wrong["question"] = [_("Write what you ask, in a sentence.")]
    if not today <= closes_on <= today + LONGEST_TIME:
        wrong["closes_on"] = [_("Choose a day from today on, within three months.")]
    return wrong


def why_not_receive(text: str, *, is_open: bool, counted: int) -> Said | None:
    """Why something may not be taken in; None if it may."""
    if not is_open:
        return _("This collection is over. Tell the secretary of the cell in person, or wait for the next one.")
    if counted >= MOST_A_DAY:
        return _(
            "So much has come in today that no more is taken. Send it again tomorrow; it stays on this page until then."
        )
    if not text.strip():
        return _("Write what you want to say.")
    if len(text) > LONGEST_VOICE:
        return _("Write it in at most {n} letters.").format(n=LONGEST_VOICE)
    return None


def gist(text: str) -> str:
    """The first words of a text, for a line of an agenda."""
    if len(text) <= A_GIST:
        return text.rstrip(". ")
    return text[:A_GIST].rsplit(" ", 1)[0].rstrip(",;. ") + "…"
