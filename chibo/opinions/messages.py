"""What notices about opinions say. They name units, never who raised something."""

from datetime import date

from django.utils.translation import gettext as _

from chibo.opinions.models import Opinion


def _gist(opinion: Opinion) -> str:
    return opinion.text if len(opinion.text) <= 300 else f"{opinion.text[:300]}…"


def to_answer(opinion: Opinion, unit: str) -> tuple[str, str]:
    """To who answers for the unit with which it lies now."""
    return _("An opinion from %(unit)s waits for your answer") % {"unit": unit}, _(
        "%(text)s\n\nAnswer it by %(due)s; after that day it moves up to the unit above by itself."
    ) % {"text": _gist(opinion), "due": f"{opinion.due_on:%d/%m/%Y}"}


def moved(opinion: Opinion, holder: str, due_on: date) -> tuple[str, str]:
    """To who raised it, and to who did not answer in time: where it lies now."""
    return _("The opinion lies with %(holder)s now") % {"holder": holder}, _(
        "%(text)s\n\nIt is to be answered by %(due)s."
    ) % {"text": _gist(opinion), "due": f"{due_on:%d/%m/%Y}"}


def answered(opinion: Opinion, holder: str, answer: str) -> tuple[str, str]:
    """To who raised it, and to who leads the cell in which it was raised."""
    return _("%(holder)s has answered") % {"holder": holder}, f"{_gist(opinion)}\n\n{answer}"


def reopened(opinion: Opinion, reason: str) -> tuple[str, str]:
    """To who answered: the answer did not satisfy."""
    return _("An answer did not satisfy; the opinion waits again"), f"{_gist(opinion)}\n\n{reason}"
