"""What follows from admissions, and what admissions follow: meetings that have voted, members who go elsewhere."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.admissions import actions, messages, queries
from chibo.admissions.models import Step
from chibo.admissions.rules import COUNTED, DECIDED, MATTERS, Stage
from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.notifications import actions as notifications
from chibo.org.queries import name_on
from chibo.people import queries as people
from chibo.people.models import Membership


@on(Verb.MEETING_ENDED)
def take_up_the_votes(entry: Entry) -> None:
    """The votes of a meeting decide the cases that stood on its agenda."""
    actions.hear_meeting(actor=SYSTEM, meeting_id=entry.object_id, at=entry.at)


@on(Verb.MEMBERSHIP_BEGUN, Verb.MEMBERSHIP_ENDED)
def go_with_the_member(entry: Entry) -> None:
    """The case of a probationary member goes with him."""
    found = Membership.objects.filter(pk=entry.object_id).values_list("person_id", flat=True).first()
    if found is not None:
        actions.follow_member(actor=SYSTEM, person_id=found, at=entry.at)


def _send(entry: Entry, person_ids: Iterable[UUID], words: tuple[str, str], found: Step) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one != entry.person_id],
        subject=words[0],
        body=words[1],
        path=reverse("admissions:case", args=[found.case_id]),
        unit_id=entry.unit_id,
        key=f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )


@on(Verb.ADMISSION_STEPPED)
def tell_who_has_the_next_step(entry: Entry) -> None:
    """A helper learns that he is one; the committee, that the cell has voted; the cell, what those above decided."""
    found = Step.objects.select_related("case__unit").filter(pk=entry.object_id).first()
    if found is None or found.case.emptied_on is not None:
        return
    stage, today = Stage(found.stage), clock.day_of(entry.at)
    if stage is Stage.HELPER:
        _send(entry, found.case.helpers.values_list("pk", flat=True), messages.helper(found.case), found)
        return
    words = messages.stepped(found, name_on(found.case.unit_id, today))
    if stage in MATTERS or stage is Stage.CEREMONY:
        _send(entry, queries.officers(found.case.unit, today), words, found)
    elif stage in (*COUNTED, *DECIDED):
        _send(entry, people.leads([found.case.unit_id], today), words, found)
