"""What follows from dues: a meeting is told how many have paid; what is handed up is told to both sides."""

from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.dues import actions, messages, queries
from chibo.dues.models import Handing
from chibo.dues.rules import State
from chibo.meetings.models import Meeting
from chibo.notifications import actions as notifications
from chibo.org.queries import name_on
from chibo.people import queries as people


@on(Verb.MEETING_ANNOUNCED, Verb.MEETING_OPENED)
def tell_the_meeting(entry: Entry) -> None:
    """Its opening says how many have paid for the month."""
    meeting = Meeting.objects.get(pk=entry.object_id)
    actions.tell_meetings(actor=SYSTEM, unit_id=meeting.unit_id, month=meeting.month, at=entry.at)


@on(Verb.DUES_HANDED_UP)
def tell_who_confirms(entry: Entry) -> None:
    """The office of the unit above learns that something was handed up, unless it was taken back or answered since."""
    found, today = Handing.objects.get(pk=entry.object_id), clock.day_of(entry.at)
    if found.state == State.SENT:
        words = messages.handed_up(found, name_on(found.unit_id, today))
        path = reverse("dues:sums", args=[found.to_unit_id]) + f"?month={found.month:%Y-%m}"
        _send(entry, queries.officers(found.to_unit_id, today), words, path)


@on(Verb.DUES_HANDING_ANSWERED)
def tell_who_handed_it_up(entry: Entry) -> None:
    """Who handed it up, and who leads the cell, learn whether it came in; what they took back themselves they know.
    Who left the cell since reads its sums no longer."""
    found, today, state = Handing.objects.get(pk=entry.object_id), clock.day_of(entry.at), entry.facts["state"]
    if state in (State.RECEIVED, State.DECLINED):
        who = people.leads([found.unit_id], today)
        belongs = people.membership_now(found.by_id, today) if found.by_id else None
        if belongs is not None and found.by_id and belongs.unit_id == found.unit_id:
            who |= {found.by_id}
        words = messages.answered(found, state, name_on(found.to_unit_id, today))
        _send(entry, who, words, reverse("dues:month", args=[found.unit_id]) + f"?month={found.month:%Y-%m}")


def _send(entry: Entry, person_ids: set[UUID], words: tuple[str, str], path: str) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=person_ids - {entry.person_id} if entry.person_id else person_ids,
        subject=words[0],
        body=words[1],
        path=path,
        unit_id=entry.unit_id,
        key=f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )
