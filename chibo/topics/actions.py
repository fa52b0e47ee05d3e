"""What becomes of a suggestion: taken onto an agenda in one step, or left with a reason."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting, Part
from chibo.org.models import Unit
from chibo.topics import queries, rules
from chibo.topics.models import Choice

MOST_LETTERS = 300  # of the title of a part


@transaction.atomic
def take(*, actor: Actor, meeting_id: UUID, key: str, at: datetime) -> Part:
    """Takes a suggestion onto the agenda of a meeting, with its material in the hands of who takes it.

    Raises NotThere for one that does not stand any more.
    """
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    idea = queries.one(actor, meeting.unit, key, meeting.on, clock.day_of(at)).idea
    part = meetings.add_part(
        actor=actor,
        meeting_id=meeting_id,
        title=idea.title[:MOST_LETTERS],
        owner_id=actor.person_id if idea.material else None,
        due_on=None,
        at=at,
    )
    if idea.material:
        part = meetings.write_part(
            actor=actor, part_id=part.pk, material=idea.material, seen_version=part.version, at=at
        )
    choice = Choice.objects.create(
        unit=meeting.unit, key=key, title=idea.title[:MOST_LETTERS], part=part, by_id=actor.person_id, at=at
    )
    audit.record(actor, Verb.TOPIC_TAKEN, choice, at=at, unit_id=meeting.unit_id, key=key, meeting=str(meeting.pk))
    return part


@transaction.atomic
def leave(*, actor: Actor, unit_id: UUID, key: str, meets_on: date, reason: str, at: datetime) -> Choice:
    """Leaves a suggestion with a reason; it stays away as long as its cause lasts."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.PREPARE_MEETING, unit)
    if why := rules.why_not_leave(reason):
        raise Refused(fields={"reason": [why]})
    refuse_classified(reason=reason)
    idea = queries.one(actor, unit, key, meets_on, clock.day_of(at)).idea
    choice = Choice.objects.create(
        unit=unit,
        key=key,
        title=idea.title[:MOST_LETTERS],
        is_left=True,
        reason=reason.strip(),
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.TOPIC_LEFT, choice, at=at, unit_id=unit.pk, key=key, reason=reason.strip())
    return choice
