"""What notices about dues say: sums of a cell, never what one member pays."""

from django.utils.translation import gettext as _

from chibo.dues.models import Handing
from chibo.dues.rules import State


def _sum(found: Handing) -> dict[str, str]:
    return {"amount": f"{found.amount:,}".replace(",", "."), "month": f"{found.month:%m/%Y}"}


def handed_up(found: Handing, unit: str) -> tuple[str, str]:
    """To the office that confirms it."""
    return _("%(unit)s has handed dues up") % {"unit": unit}, _(
        "%(amount)s đ for month %(month)s, on %(on)s. Count it, and confirm it or give it back with the reason."
    ) % {**_sum(found), "on": f"{found.handed_on:%d/%m/%Y}"}


def answered(found: Handing, state: str, above: str) -> tuple[str, str]:
    """To who handed it up and who leads the cell."""
    words = {**_sum(found), "above": above}
    if state == State.RECEIVED:
        return _("%(above)s confirms that the dues came in") % words, _("%(amount)s đ for month %(month)s.") % words
    return _("%(above)s gives back what was handed up as dues") % words, _(
        "%(amount)s đ for month %(month)s: %(why)s Put it right and hand it up again."
    ) % {**words, "why": found.why if found.why.endswith((".", "!", "?")) else f"{found.why}."}
