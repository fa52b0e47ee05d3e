"""What the demo's cells have to work with: most answered this year, one last year, others not yet; one is on paper."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from chibo.core import clock
from chibo.demo.months import cell
from chibo.readiness import actions
from chibo.readiness.rules import Given

ANSWERS = {
    "vinh-dong-02": Given(computer=True, printer=True, signal=True, at_ease=True),
    "vinh-dong-03": Given(computer=False, printer=False, signal=False, at_ease=False),
    "vinh-dong-04": Given(computer=False, printer=False, signal=True, at_ease=False),
    "vinh-dong-05": Given(computer=True, printer=False, signal=True, at_ease=True),
    "vinh-dong-06": Given(computer=True, printer=True, signal=True, at_ease=False),
}
"""By cell. That of the sign-ins answered last year only, and is asked to say whether all is as it was."""
LAST_YEAR = ("vinh-dong-01", Given(computer=True, printer=False, signal=True, at_ease=True))
A_YEAR = timedelta(days=365)


@transaction.atomic
def answer(ids: dict[str, UUID], at: datetime) -> None:
    """Lets the secretaries answer."""
    code, given = LAST_YEAR
    _answer(ids[code], given, at - A_YEAR, at)
    for code, given in ANSWERS.items():
        _answer(ids[code], given, at, at)


def _answer(unit_id: UUID, given: Given, at: datetime, now: datetime) -> None:
    secretary = cell(unit_id, clock.day_of(now)).secretary
    actions.answer(actor=secretary, unit_id=unit_id, given=given, at=at)
