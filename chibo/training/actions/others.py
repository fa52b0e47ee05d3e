"""What the others of a practice do by themselves, by the instant to which its clock is moved."""

from datetime import datetime, timedelta
from uuid import UUID

from chibo.core import clock
from chibo.core.actor import Actor
from chibo.meetings import actions as meetings
from chibo.meetings import queries
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import State
from chibo.people.models import Person
from chibo.supervision import actions as supervision
from chibo.tasks import actions as tasks
from chibo.tasks.models import Task
from chibo.tasks.rules import Outcome
from chibo.tasks.rules import State as TaskState
from chibo.training import rules
from chibo.training.models import Practice

PROMISED_FOR = timedelta(days=14)


def do_their_part(*, practice: Practice, at: datetime) -> None:
    """Lets everybody but who practises do what was asked of him by an instant, each through the action of its room."""
    _prepare(practice, at)
    _report(practice, at)
    _tell_above(practice, at)


def _members(practice: Practice) -> dict[UUID, Actor]:
    """The members of the cell who act by themselves, by their person."""
    rows = Person.objects.filter(memberships__unit=practice.cell_id, user__isnull=False).exclude(
        user=practice.account_id
    )
    return {one.pk: _actor(one) for one in rows}


def _actor(person: Person) -> Actor:
    return Actor(name=person.name, user_id=person.user_id, person_id=person.pk)


def _prepare(practice: Practice, at: datetime) -> None:
    """Who was given a part hands it in once it is due."""
    members, materials = _members(practice), rules.texts().materials
    waiting = Part.objects.filter(
        meeting__unit=practice.cell_id,
        meeting__state__in=[State.PREPARING, State.ANNOUNCED],
        is_prepared=True,
        handed_in_at=None,
        owner__in=members,
        due_on__lte=clock.day_of(at),
    )
    for part in waiting:
        assert part.owner_id is not None
        material = part.material or materials.get(part.code, materials[""])
        meetings.hand_in(
            actor=members[part.owner_id], part_id=part.pk, material=material, seen_version=part.version, at=at
        )


def _report(practice: Practice, at: datetime) -> None:
    """Once the minutes stand, who was given a task in the meeting reports how it went: the first as done, others in
    part."""
    members, results = _members(practice), rules.texts().results
    given = Task.objects.filter(unit=practice.cell_id, state=TaskState.OPEN, recorded_at__lte=at)
    for n, task in enumerate(given.order_by("pk")):
        doers = [members[one] for one in task.assignees.values_list("person", flat=True) if one in members]
        if doers:
            text = results[n % len(results)]
            outcome = Outcome.IN_PART if n else Outcome.DONE
            tasks.report_task(actor=doers[0], task_id=task.pk, outcome=outcome, text=text, at=at)


def _tell_above(practice: Practice, at: datetime) -> None:
    """Once the minutes stand, the superior who attended reports what he saw, and promises to ask about what lies with
    the committee above."""
    visit = rules.texts().visit
    held = Meeting.objects.filter(unit=practice.cell_id, state=State.LOCKED, locked_at__lte=at, visit_reports=None)
    for meeting in held.order_by("on"):
        for superior in queries.attending(meeting):
            supervision.save_report(
                actor=_actor(superior),
                meeting_id=meeting.pk,
                was_there=True,
                absent_because="",
                seen=visit["seen"],
                helped=visit["helped"],
                opinions="",
                promises=[(visit["promise"], clock.day_of(at) + PROMISED_FOR)],
                hands_in=True,
                seen_version=0,
                at=at,
            )
