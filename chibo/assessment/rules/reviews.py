"""The annual review in plain Python: self, appraisal, decision; and how many may be excellent (366-QĐ/TW)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from chibo.core.words import Said
from chibo.core.words import say as _


def why_not_review(year: int, *, today: date, first_month: int, is_written: bool) -> Said | None:
    """Why a year may not be reviewed now; None if it may: from one of its months on, once."""
    if is_written:
        return _("This review is handed in. It stands as it is.")
    if year > today.year or (year == today.year and today.month < first_month):
        return _("The year is reviewed from month {month} on.").format(month=first_month)
    if year < today.year - 1:
        return _("Only this year and the last one are reviewed.")
    return None


def why_not_words(points: Mapping[str, Decimal], most: Mapping[str, int], words: str) -> dict[str, list[Said]]:
    """What a self-review lacks, by field; empty if nothing. `points` and the `most` of them by field: common, task."""
    wrong: dict[str, list[Said]] = {
        name: [_("Write points from 0 to {most}.").format(most=most[name])]
        for name, given in points.items()
        if not 0 <= given <= most[name]
    }
    if not words.strip():
        wrong["words"] = [_("Write what was achieved, and what was not.")]
    return wrong


def why_not_appraise(*, is_appraised: bool) -> Said | None:
    """Why a review may not be appraised; None if it may."""
    return _("This review has been appraised already.") if is_appraised else None


def why_not_decide(*, is_appraised: bool, is_decided: bool) -> Said | None:
    """Why a level may not be decided; None if it may."""
    if is_decided:
        return _("The level has been decided already.")
    if not is_appraised:
        return _("A review is appraised before its level is decided.")
    return None


def why_not_excellent(*, excellent: int, rated: int, share: Mapping[str, Sequence[int]]) -> Said | None:
    """Why one more may not be excellent; None if it may. `excellent` of `rated` are already, this one not among them.

    The base is all units of the same kind that the committee rated in the year, and this one (a doubt of its setting).
    """
    ((part, whole),) = share.values()
    if (excellent + 1) * whole <= (rated + 1) * part:
        return None
    return _(
        "Of {rated} units of this kind rated this year, {excellent} are excellent already; with this one it would be "
        "more than {part}/{whole}. Decide the others first, or choose another level."
    ).format(rated=rated, excellent=excellent, part=part, whole=whole)
