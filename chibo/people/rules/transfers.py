"""What a letter of introduction needs, and who may be introduced; in plain Python (Charter rules, on transfers)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from chibo.core.words import Said
from chibo.core.words import say as _

NEED_A_DECISION = frozenset({"exempt", "suspended"})
"""The ways of belonging that begin with a decision."""

END_BY_DECISION = frozenset({"left", "struck_off", "expelled"})
"""The endings that are decided."""


def why_not_introduced(*, status: str, is_running: bool) -> Said | None:
    """Why somebody may not be introduced to another unit now; None if he may."""
    if is_running:
        return _("A letter of introduction of this member is not settled yet. Withdraw it, or wait until it is.")
    if status == "suspended":
        return _("A suspended member is not introduced to another unit. Wait until the suspension is over.")
    if status == "elsewhere":
        return _("The register holds this member as transferred elsewhere already. Correct that first.")
    return None


def why_not_issued(
    *, number: str, issued_on: date, ends_on: date | None, is_temporary: bool, today: date
) -> dict[str, list[object]]:
    """What is wrong with the letter itself, beside its fields."""
    wrong: dict[str, list[object]] = {}
    if not number.strip():
        wrong["number"] = [_("Write the number of the letter.")]
    if issued_on > today:
        wrong["issued_on"] = [_("A letter is entered on its day or later. Choose today or a day before.")]
    if is_temporary and ends_on is None:
        wrong["ends_on"] = [_("Write until when the member is to take part there.")]
    elif is_temporary and ends_on is not None and ends_on <= issued_on:
        wrong["ends_on"] = [_("The time there ends after the day of the letter. Choose a later day.")]
    return wrong


def why_not_settled_on(day: date, *, since: date, today: date) -> Said | None:
    """Why a letter may not be received, or a guest return, on a day; None if that may be."""
    if day < since:
        return _("That is before {day}, when it was issued or received. Choose a later day.").format(
            day=f"{since:%d/%m/%Y}"
        )
    return why_not_yet(day, today=today)


def why_not_yet(day: date, *, today: date) -> Said | None:
    """Why what happens on a day may not be entered; None if it may."""
    if day > today:
        return _("This is entered on its day or later. Choose today or a day before.")
    return None


def why_not_prolonged(day: date, *, ends_on: date | None) -> Said | None:
    """Why the time of a guest may not last until a day; None if it may."""
    if ends_on is not None and day <= ends_on:
        return _("The time there lasts until {day} already. Choose a later day.").format(day=f"{ends_on:%d/%m/%Y}")
    return None


def why_not_decided(*, decision: str, decided_on: date | None, is_needed: bool) -> dict[str, list[object]]:
    """What is missing of a decision that a change needs, beside its fields."""
    if not is_needed:
        return {}
    wrong: dict[str, list[object]] = {}
    if not decision.strip():
        wrong["decision"] = [_("This is decided. Write the number of the decision.")]
    if decided_on is None:
        wrong["decided_on"] = [_("This is decided. Write the day of the decision.")]
    return wrong


def why_not_elected(titles: Sequence[str]) -> Said | None:
    """Why these may not be the leaders of a term (one of `secretary`, `deputy`, `committee_member` each)."""
    if Counter(titles)["secretary"] != 1:
        return _("Every term has one secretary. Choose exactly one.")
    return None


def why_not_led_so(titles: Sequence[str], *, official: int, committee_from: int, most: int) -> Said | None:
    """Why a cell of so many official members may not elect these (208-QĐ/TW: a small cell elects no committee)."""
    if official < committee_from and (len(titles) > 2 or "committee_member" in titles):
        return _(
            "The cell has {official} official members; from {least} on it elects a committee. "
            "A smaller one elects a secretary, and if needed one deputy."
        ).format(official=official, least=committee_from)
    if len(titles) > most:
        return _("A cell elects {most} at most to its committee, and these are {n}.").format(most=most, n=len(titles))
    return None
