"""What follows a change to a task: those whom it concerns are told, once each; whoever made the change knows it."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.notifications import actions as notifications
from chibo.org import queries as org
from chibo.tasks import messages, queries
from chibo.tasks.messages import Message
from chibo.tasks.models import Extension, Question, Task, TaskReport


@on(Verb.TASK_GIVEN, Verb.TASK_CORRECTED)
def tell_who_is_given_a_task(entry: Entry) -> None:
    """Tells each assignee of a task once that it is his, also when he is named later."""
    task = Task.objects.get(pk=entry.object_id)
    _tell(entry, task, queries.assignee_ids(task.pk), messages.given(task), key=f"{Verb.TASK_GIVEN}/{task.pk}")


@on(Verb.TASK_REPORTED)
def tell_who_settles_a_report(entry: Entry) -> None:
    """Tells the secretary and the deputy that a report waits."""
    task = Task.objects.get(pk=entry.object_id)
    report = TaskReport.objects.select_related("by").get(pk=entry.facts["report"])
    _tell(entry, task, _leaders(entry, task), messages.reported(task, report))


@on(Verb.TASK_RETURNED)
def tell_whose_report_came_back(entry: Entry) -> None:
    """Tells the assignees what is still missing."""
    task = Task.objects.get(pk=entry.object_id)
    _tell(entry, task, queries.assignee_ids(task.pk), messages.returned(task, entry.facts["reason"]))


@on(Verb.TASK_EXTENDED)
def tell_who_has_more_time(entry: Entry) -> None:
    """Tells the assignees the new due day."""
    task = Task.objects.get(pk=entry.object_id)
    extension = Extension.objects.get(pk=entry.facts["extension"])
    _tell(entry, task, queries.assignee_ids(task.pk), messages.extended(task, extension))


@on(Verb.TASK_CANCELLED)
def tell_whose_task_is_cancelled(entry: Entry) -> None:
    """Tells the assignees that they need not do it any more."""
    task = Task.objects.get(pk=entry.object_id)
    _tell(entry, task, queries.assignee_ids(task.pk), messages.cancelled(task))


@on(Verb.TASK_RAISED)
def tell_who_is_asked(entry: Entry) -> None:
    """Tells the officers of the unit above that a question waits for them."""
    task = Task.objects.get(pk=entry.object_id)
    question = Question.objects.get(pk=entry.facts["question"])
    asking = org.name_on(task.unit_id, clock.day_of(entry.at))
    officers = queries.officer_ids(question.to_unit_id, clock.day_of(entry.at))
    _tell(entry, task, officers, messages.raised(task, question, asking))


@on(Verb.TASK_ANSWERED)
def tell_who_waits_for_an_answer(entry: Entry) -> None:
    """Tells the assignees and the leaders of the unit what the unit above has answered."""
    task = Task.objects.get(pk=entry.object_id)
    question = Question.objects.get(pk=entry.facts["question"])
    answering = org.name_on(question.to_unit_id, clock.day_of(entry.at))
    waiting = queries.assignee_ids(task.pk) | _leaders(entry, task)
    _tell(entry, task, waiting, messages.answered(task, question, answering))


@on(Verb.TASK_REMINDED)
def tell_who_is_reminded(entry: Entry) -> None:
    """Reminds the assignees."""
    task = Task.objects.get(pk=entry.object_id)
    _tell(entry, task, queries.assignee_ids(task.pk), messages.reminded(task))


def _leaders(entry: Entry, task: Task) -> set[UUID]:
    return queries.leader_ids(task.unit_id, clock.day_of(entry.at))


def _tell(entry: Entry, task: Task, person_ids: Iterable[UUID], message: Message, *, key: str = "") -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=set(person_ids) - {entry.person_id},
        subject=message.subject,
        body=message.body,
        path=reverse("tasks:task", args=[task.pk]),
        unit_id=task.unit_id,
        key=key or f"{entry.verb}/{entry.pk}",
        at=entry.at,
    )
