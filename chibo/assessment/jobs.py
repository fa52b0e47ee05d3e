"""Scoring's own work in the background: trials of drafts, and remedies that waited for the superior's last day."""

import logging

from chibo.assessment import actions, queries
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import job

log = logging.getLogger(__name__)


@job(every="*/5 * * * *")
def run_trials() -> None:
    """Runs the trials that wait; one that fails is written into the log, and its turn comes again."""
    for trial in queries.to_run():
        try:
            actions.run_trial(actor=SYSTEM, trial_id=trial.pk, at=clock.now())
        except Exception:  # whatever is wrong with one, the others go on
            log.exception("the trial %s was not run", trial.pk)


@job(every="40 0 * * *")
def bring_remedies_back() -> None:
    """Lays remedies on the next agenda that waited only for the day until which the superior could score."""
    at = clock.now()
    for unit_id in queries.unsealed_lately(clock.day_of(at)):
        try:
            actions.lay_remedies_before(actor=SYSTEM, unit_id=unit_id, at=at)
        except Exception:  # whatever is wrong with one, the others go on
            log.exception("the remedies of %s were not laid on an agenda", unit_id)
