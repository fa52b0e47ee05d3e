"""What is forgotten by itself: practices that nobody goes on with."""

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job
from chibo.training import actions


@job(every="30 2 * * *")
def end_unused() -> None:
    """Removes practices with which nobody has gone on for thirty days."""
    while actions.end_unused(actor=SYSTEM, at=clock.now()):
        pass
