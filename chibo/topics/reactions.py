"""What follows from a meeting for its topics."""

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.topics import actions


@on(Verb.MEETING_ENDED)
def note_what_was_studied(entry: Entry) -> None:
    """A directive that stood on the agenda and was dealt with counts as studied on that day."""
    actions.mark_studied(actor=SYSTEM, meeting_id=entry.object_id, at=entry.at)
