"""The worker's part in the event bus."""

from chibo.core.jobs import job


@job(every="* * * * *")
def deliver() -> None:
    """Delivers what was recorded; once a minute by itself, for entries whose process died before it could ask."""
    from chibo.audit import actions  # the two know each other: recording asks for a delivery

    while actions.deliver():
        pass
