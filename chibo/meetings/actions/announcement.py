"""Giving notice of a meeting, and saying that one has read its papers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.refusals import Forbidden, Refused
from chibo.meetings import rules
from chibo.meetings.models import Meeting, PaperReading
from chibo.meetings.rules import State


@transaction.atomic
def announce(*, actor: Actor, meeting_id: UUID, at: datetime) -> Meeting:
    """Gives notice of day, time, place, agenda and papers to every member and to the superior's member who follows
    the cell; the notices themselves are sent by a reaction."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.ANNOUNCE_MEETING, meeting.unit)
    if missing := rules.why_not_announce(state=State(meeting.state), place=meeting.place, parts=meeting.parts.count()):
        raise Refused(*missing)
    meeting.state, meeting.announced_at = State.ANNOUNCED, at
    meeting.save(update_fields=["state", "announced_at"])
    audit.record(actor, Verb.MEETING_ANNOUNCED, meeting, at=at)
    return meeting


@transaction.atomic
def read_papers(*, actor: Actor, meeting_id: UUID, at: datetime) -> None:
    """Notes that the actor has read the papers of an announced meeting; saying it twice notes it once."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.SEE_MEETING, meeting.unit)
    if actor.person_id is None:
        raise Forbidden(_("Only somebody in the register reads papers for a meeting."))
    if meeting.state not in (State.ANNOUNCED, State.UNDER_WAY):
        raise Refused(_("Papers are read between the announcement and the end of a meeting."))
    _reading, is_new = PaperReading.objects.get_or_create(
        meeting=meeting, person_id=actor.person_id, defaults={"at": at}
    )
    if is_new:
        audit.record(actor, Verb.PAPER_READ, meeting, at=at)
