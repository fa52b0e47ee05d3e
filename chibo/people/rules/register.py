"""Who may belong, hold an office, and for how long; in plain Python."""

from datetime import date

from chibo.core.period import Period
from chibo.core.words import Said
from chibo.core.words import say as _


def why_not_from(day: date, *, current: Period) -> Said | None:
    """Why something that holds in a period may not change from a day on; None if it may."""
    if current.since is not None and day <= current.since:
        return _("This began on {day}. Choose a later day.").format(day=f"{current.since:%d/%m/%Y}")
    if current.until is not None and day >= current.until:
        return _("This ended before that day. Choose an earlier day.")
    return None


def why_not_office(*, is_official: bool, is_of_the_unit: bool) -> Said | None:
    """Why somebody may not take an office on a day (Charter rules: only official members stand and are elected)."""
    if not is_official:
        return _("Only an official member may hold an office, and on that day this person was not one.")
    if not is_of_the_unit:
        return _("Only a member of the unit, or of one below it, may hold its office. Transfer the member first.")
    return None
