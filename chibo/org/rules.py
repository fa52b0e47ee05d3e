"""What may become of a unit, in plain Python."""

from datetime import date

from chibo.core.period import Period
from chibo.core.words import Said
from chibo.core.words import say as _


def why_not_on(day: date, *, exists: Period, today: date) -> Said | None:
    """Why a change to a unit may not take effect on a day; None if it may."""
    if day > today:
        return _("Choose today or a day before: a change with a later day belongs to a reorganisation decision.")
    if day not in exists:
        return _("On that day the unit did not exist. Choose a day between its founding and its end.")
    return None


def why_not_under(unit_path: str, parent_path: str) -> Said | None:
    """Why a unit may not stand below another (both as today's paths); None if it may."""
    if parent_path.startswith(unit_path):
        return _("A unit cannot stand below itself or below a unit of its own. Choose another superior unit.")
    return None
