"""What follows in the register from a change."""

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.jobs import soon
from chibo.people import jobs


@on(Verb.LIST_RECEIVED, Verb.LIST_COLUMNS_CHOSEN, Verb.LIST_ASKED_TO_ENTER, Verb.LIST_ASKED_TO_UNDO)
def work_on_lists(entry: Entry) -> None:
    """Asks the worker to go on with the lists that wait."""
    soon(jobs.work_on_lists)
