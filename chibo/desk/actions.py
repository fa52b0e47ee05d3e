"""What is done from a desk to several things at once."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.meetings import queries as meetings
from chibo.people.models import Person
from chibo.tasks import actions as tasks
from chibo.tasks import queries as task_queries


class Reminded(NamedTuple):
    tasks: int
    people: int


@transaction.atomic
def remind_all(*, actor: Actor, unit_id: UUID, at: datetime) -> Reminded:
    """Reminds of every task that is to be reported at the unit's next meeting and was not reminded of today.

    Returns of how many tasks how many people were reminded. Raises NotThere for a unit whose meetings the actor may
    not see.
    """
    today = clock.day_of(at)
    meetings.unit_of_meetings(actor, unit_id, today)
    meeting = meetings.current(unit_id, today)
    if meeting is None:
        raise NotThere
    waiting = list(task_queries.to_remind(actor, unit_id, due_until=meeting.on, on=today))
    if not waiting:
        raise Refused(_("Everybody who has not reported yet was reminded today. The next reminder can go tomorrow."))
    for task in waiting:
        tasks.remind_task(actor=actor, task_id=task.pk, at=at)
    people = Person.objects.filter(assigned__task__in=waiting).distinct().count()
    return Reminded(tasks=len(waiting), people=people)
