"""The register's own work in the background: long lists are read and entered, and forgotten on their day."""

import logging

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job
from chibo.core.refusals import Refused
from chibo.people import actions, queries

log = logging.getLogger(__name__)


@job(every="*/5 * * * *")
def work_on_lists() -> None:
    """Works through the lists that wait, each with the powers of who asked for it, part by part.

    A list that may not go on any more stops with its reason; one that fails is written into the log, and its turn comes
    again. After a fall of the worker it goes on where it was.
    """
    for received in queries.lists_under_way():
        try:
            actions.work_through(actor=queries.who_asked(received), import_id=received.pk, at=clock.now())
        except Refused as refusal:
            actions.stop_list(actor=SYSTEM, import_id=received.pk, reason=str(refusal), at=clock.now())
        except Exception:  # whatever is wrong with one list, the others go on
            log.exception("the list %s was not worked through", received.pk)


@job(every="20 3 * * *")
def clear_lists() -> None:
    """Clears the rows of lists whose day has come."""
    at = clock.now()
    actions.clear_lists(actor=SYSTEM, on=clock.day_of(at), at=at)
