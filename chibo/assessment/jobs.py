"""Scoring's own work in the background: drafts of frameworks are tried out on the sessions of a year."""

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
