"""What follows elsewhere: a meeting that is announced or opened is told how many have paid."""

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.dues import actions
from chibo.meetings.models import Meeting


@on(Verb.MEETING_ANNOUNCED, Verb.MEETING_OPENED)
def tell_the_meeting(entry: Entry) -> None:
    """Its opening says how many have paid for the month."""
    meeting = Meeting.objects.get(pk=entry.object_id)
    actions.tell_meetings(actor=SYSTEM, unit_id=meeting.unit_id, month=meeting.month, at=entry.at)
