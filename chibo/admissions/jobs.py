"""What is kept of candidates whose case is over goes early every morning."""

from chibo.admissions import actions
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job


@job(every="40 3 * * *")
def empty_cases() -> None:
    """Erases what is kept of persons whose time is over."""
    while actions.empty_cases(actor=SYSTEM, at=clock.now()) == actions.AT_ONCE:
        pass
