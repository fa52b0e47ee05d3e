"""The background work of programmes: comparisons over the whole tree, so that no page waits for them."""

import logging

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job
from chibo.programmes import actions, queries

log = logging.getLogger(__name__)


@job(every="*/10 * * * *")
def work_out() -> None:
    """Works out the comparisons that wait; one that fails is written into the log, and its turn comes again."""
    for spread_id in queries.to_work_out():
        try:
            actions.work_out(actor=SYSTEM, spread_id=spread_id, at=clock.now())
        except Exception:  # whatever is wrong with one, the others go on
            log.exception("the comparison %s was not worked out", spread_id)
