"""That certificates end is told some time before."""

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job
from chibo.courses import actions


@job(every="40 1 * * *")
def tell_of_ends() -> None:
    """Tells of every certificate that ends soon, part by part."""
    while actions.tell_of_ends(actor=SYSTEM, at=clock.now()) == actions.AT_ONCE:
        pass
