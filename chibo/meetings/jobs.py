"""The calendar's own work: every night the rule makes the meetings of this month and the next for every cell."""

import logging

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job
from chibo.meetings import actions, queries, rules

log = logging.getLogger(__name__)


@job(every="10 1 * * *")
def plan_months() -> None:
    """Makes the regular and thematic meetings that are missing, cell by cell, each in its own transaction.

    A cell whose meetings cannot be made is written into the log, and its turn comes again the next night.
    """
    at = clock.now()
    for month in rules.months_ahead(clock.day_of(at), count=2):
        assert month.since is not None
        for unit_id in queries.cells_without_meeting(month.since).iterator(chunk_size=1000):
            try:
                actions.plan_month(actor=SYSTEM, unit_id=unit_id, month=month.since, at=at)
            except Exception:  # whatever is wrong with one cell, the others go on
                log.exception("the meetings of %s in %s were not made", unit_id, month.since)
