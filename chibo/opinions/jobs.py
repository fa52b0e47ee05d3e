"""What waits although its day is over moves up early every morning."""

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job
from chibo.opinions import actions


@job(every="20 0 * * *")
def move_late() -> None:
    """Moves everything that is late, part by part."""
    while actions.move_late(actor=SYSTEM, at=clock.now()) == actions.AT_ONCE:
        pass
