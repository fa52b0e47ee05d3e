"""What was approved is applied on its day, early in the morning, before anybody meets."""

from chibo.core import clock
from chibo.core.jobs import job
from chibo.reorganisation import actions


@job(every="5 0 * * *")
def apply_due() -> None:
    """Applies each approved reorganisation whose day has come; one that no longer fits goes back with the reason."""
    actions.apply_due(at=clock.now())
