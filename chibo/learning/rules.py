"""What may be sent down and how, and how far a unit is with it."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from chibo.core.words import Said
from chibo.core.words import say as _

LONGEST = 6_000
LONGEST_TIME = timedelta(days=366)
STILL_ASKED = timedelta(days=366)
"""How long after its day a directive is still laid before who has not studied it."""


class Nature(StrEnum):
    """A directive is studied and reported on; guidance is what to talk about for a while."""

    DIRECTIVE = "directive"
    GUIDANCE = "guidance"


class Stage(StrEnum):
    """How far a unit is with what was sent to it."""

    SENT = "sent"
    RECEIVED = "received"
    STUDIED = "studied"
    REPORTED = "reported"


LONGEST_TEXT = 40_000
"""Letters of an edition: some fifteen pages, which an old telephone still opens at once."""
LISTED_AHEAD = 12  # months


QUESTIONS = (
    "Văn bản này đòi hỏi chi bộ làm khác đi điều gì? Ai làm, đến ngày nào xong? Vướng ở đâu, cần cấp trên giúp gì?"
)
"""What a cell asks itself of everything that it studies."""


def stage(*, is_received: bool, is_studied: bool, is_reported: bool) -> Stage:
    """How far a unit is; whoever reports has studied, and whoever has studied has received."""
    if is_reported:
        return Stage.REPORTED
    if is_studied:
        return Stage.STUDIED
    return Stage.RECEIVED if is_received else Stage.SENT


def fits(kinds: Collection[str], kind: str) -> bool:
    """Whether what was sent to some kinds of unit (none: to every kind) is for a unit of a kind."""
    return not kinds or kind in kinds


def why_not_send(title: str, gist: str, until: date, today: date) -> dict[str, list[Said]]:
    """Why something may not be sent down so, by field; empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if not title.strip():
        wrong["title"] = [_("Write what it is called, with its number and day.")]
    if not gist.strip():
        wrong["gist"] = [_("Write in your own words what it asks of the units: a cell reads this aloud.")]
    if not today <= until <= today + LONGEST_TIME:
        wrong["until"] = [_("Choose a day from today on, within a year.")]
    return wrong


def why_not_adapt(plan: str, until: date, today: date, *, latest: date) -> dict[str, list[Said]]:
    """Why a committee may not adapt so what came from above, by field; empty if it may. `latest` is the day above."""
    wrong: dict[str, list[Said]] = {}
    if not plan.strip():
        wrong["plan"] = [_("Write what the units below you are to do, and how you help them.")]
    if not today <= until <= max(latest, today):
        wrong["until"] = [
            _("Choose a day from today on, not after the day set above ({day}).").format(day=f"{latest:%d/%m/%Y}")
        ]
    return wrong


def why_not_report(stage: Stage, changes: str, who: str) -> dict[str, list[Said]]:
    """Why a unit may not report so, by field ("" for the whole); empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if stage in (Stage.SENT, Stage.RECEIVED):
        wrong[""] = [_("Study it in a meeting first: take it onto an agenda, or write on which day it was studied.")]
    if not changes.strip():
        wrong["changes"] = [_("Write what the cell does otherwise from now on; “nothing, because …” is an answer.")]
    if not who.strip():
        wrong["who"] = [_("Write who does it, and by when.")]
    return wrong


def why_not_studied(on: date, issued_on: date, today: date) -> Said | None:
    """Why something cannot have been studied on a day; None if it can."""
    if not issued_on <= on <= today:
        sentence = _("Write the day of the meeting in which it was studied: from {sent} on, and not after today.")
        return sentence.format(sent=f"{issued_on:%d/%m/%Y}")
    return None


def why_not_publish(title: str, text: str, what_changed: str, *, is_first: bool) -> dict[str, list[Said]]:
    """Why a material may not be published so, by field; empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if not title.strip():
        wrong["title"] = [_("Write what the material is called.")]
    if not text.strip():
        wrong["text"] = [_("Write its text, or what matters in it: many read only this, on an old telephone.")]
    if not is_first and not what_changed.strip():
        wrong["what_changed"] = [_("Write what is new against the edition before.")]
    return wrong


def why_not_list(month: date, today: date) -> Said | None:
    """Why nothing is put on the reading list of a month; None if it may."""
    ahead = (month.year - today.year) * 12 + month.month - today.month
    return None if 0 <= ahead <= LISTED_AHEAD else _("Choose this month, or one of the next twelve.")
