"""The worker's part in sending: the post."""

from chibo.core import clock
from chibo.core.jobs import job


@job(every="*/5 * * * *")
def post_letters() -> None:
    """Posts the letters that are due; every five minutes by itself, for those that are tried again."""
    from chibo.notifications import actions  # the two know each other: sending asks for the post

    while actions.post_letters(at=clock.now()):
        pass
