"""Every change to a task: given, corrected, reported, settled, extended, raised, answered, reminded, cancelled."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock, names
from chibo.core.actor import Actor
from chibo.core.refusals import Edit, Forbidden, NotThere, Refused, Stale
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.documents import actions as documents
from chibo.documents.models import File
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people.models import Person
from chibo.tasks import queries, rules
from chibo.tasks.models import Assignee, Extension, Question, ReportFile, Task, TaskReport
from chibo.tasks.rules import Origin, Outcome, State


@transaction.atomic
def give_task(
    *,
    actor: Actor,
    unit_id: UUID,
    title: str,
    expected: str = "",
    due_on: date | None = None,
    assignee_ids: Sequence[UUID] = (),
    lead_id: UUID | None = None,
    origin: Origin | None = None,
    matter: UUID | None = None,
    at: datetime,
) -> Task:
    """Gives a task of a unit to some of its members, by a day; in a meeting it may lack either for a while.

    It is given on the day of its origin, else today. Of several one is named to lead. `matter` is the meeting whose
    clerk may give and correct it. Raises Refused with sentences beside `title`, `due_on`, `assignees`, `lead`.
    """
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere(_("There is no such unit."))
    access.require(actor, Capability.GIVE_TASK, unit, matter=matter)
    given_on = origin.on if origin else clock.day_of(at)
    title, expected = names.canonical(title), expected.strip()
    documents.refuse_classified(title=title, expected=expected)
    _check(
        rules.why_not_worded_so(title, due_on, given_on) | _leaderless(assignee_ids, lead_id),
        rules.why_not_given_to(assignee_ids, lead_id, _strangers(unit_id, assignee_ids, given_on)),
    )
    task = Task.objects.create(
        unit=unit,
        title=title,
        expected=expected,
        given_on=given_on,
        given_by_id=actor.person_id,
        due_on=due_on,
        origin_kind=origin.kind if origin else "",
        origin_id=origin.id if origin else None,
        origin_label=origin.label if origin else "",
        matter=matter,
    )
    _assign(task, assignee_ids, lead_id)
    who = [str(one) for one in assignee_ids]
    audit.record(actor, Verb.TASK_GIVEN, task, at=at, title=title, due_on=_iso(due_on), assignees=who)
    return task


@transaction.atomic
def correct_task(
    *,
    actor: Actor,
    task_id: UUID,
    seen_version: int,
    title: str,
    expected: str,
    due_on: date | None,
    assignee_ids: Sequence[UUID],
    lead_id: UUID | None,
    at: datetime,
) -> Task:
    """Puts the wording of an open task right, or fills in what it lacks.

    A due day that was set moves back by an extension once the day of giving is over; what stands in locked minutes
    stays, but others may take the task over. Raises Stale with both texts when somebody else changed the task since
    version `seen_version`, else Refused with sentences beside the fields.
    """
    task = _locked(actor, task_id)
    access.require(actor, Capability.GIVE_TASK, task.unit, matter=task.matter)
    _refuse(rules.why_not_correct(task.state))
    title, expected = names.canonical(title), expected.strip()
    documents.refuse_classified(title=title, expected=expected)
    before = queries.assignee_ids(task_id)
    if seen_version != task.version:
        raise Stale(
            _("Somebody changed this task while you were writing. Nothing was overwritten: compare both texts."),
            edit=Edit(
                label=_("Task"),
                stands=_as_text(task.title, task.expected, task.due_on, _names_of(before)),
                typed=_as_text(title, expected, due_on, _names_of(assignee_ids)),
                version=task.version,
            ),
        )
    today = clock.day_of(at)
    wrong = rules.why_not_worded_so(title, due_on, task.given_on)
    is_recorded = task.recorded_at is not None
    if moved := rules.why_not_move_due_day(task.due_on, due_on, task.given_on, today, is_recorded=is_recorded):
        wrong.setdefault("due_on", []).append(moved)
    if reason := rules.why_not_change_words(is_recorded=is_recorded):
        changed = {"title": title != task.title, "expected": expected != task.expected}
        wrong |= {field: [reason] for field, is_changed in changed.items() if is_changed}
    newcomers = [one for one in assignee_ids if one not in before]
    on = max(task.given_on, today)
    wrong |= _leaderless(assignee_ids, lead_id)
    _check(wrong, rules.why_not_given_to(assignee_ids, lead_id, _strangers(task.unit_id, newcomers, on)))
    was_due_on = task.due_on
    task.title, task.expected, task.due_on, task.version = title, expected, due_on, task.version + 1
    task.save(update_fields=["title", "expected", "due_on", "version"])
    task.assignees.all().delete()
    _assign(task, assignee_ids, lead_id)
    audit.record(
        actor,
        Verb.TASK_CORRECTED,
        task,
        at=at,
        title=title,
        was_due_on=_iso(was_due_on),
        due_on=_iso(due_on),
        assignees=[str(one) for one in assignee_ids],
    )
    return task


def stand_in_minutes(*, origin_id: UUID, at: datetime) -> None:
    """From now on the tasks given in a meeting stand in locked minutes: a step of adopting these."""
    Task.objects.filter(origin_id=origin_id, recorded_at=None).update(recorded_at=at)


@transaction.atomic
def report_task(
    *,
    actor: Actor,
    task_id: UUID,
    outcome: Outcome,
    text: str,
    attachments: "Sequence[UploadedFile[bytes]]" = (),
    at: datetime,
) -> TaskReport:
    """Reports how it went, by one of those who do it or the secretary for them; now the task waits for the unit.

    The attachments are open to everybody who may see the task. Raises Refused with sentences beside `text` and
    `attachments`.
    """
    task = _locked(actor, task_id)
    access.require(actor, Capability.REPORT_TASK, task.unit)
    is_assignee = actor.person_id in queries.assignee_ids(task_id)
    leads = access.can(actor, Capability.SETTLE_TASK, task.unit)
    if reason := rules.why_not_report(task.state, is_assignee=is_assignee, may_speak_for_them=leads):
        raise (Refused if is_assignee or leads else Forbidden)(reason)
    report = TaskReport.objects.create(
        task=task, by_id=actor.person_id, at=at, outcome=outcome, text=_said(text, "text", _("Write how it went."))
    )
    ReportFile.objects.bulk_create(
        ReportFile(report=report, file=_stored(actor, task, upload, at)) for upload in attachments
    )
    task.state = State.REPORTED
    task.save(update_fields=["state"])
    audit.record(actor, Verb.TASK_REPORTED, task, at=at, outcome=outcome, report=str(report.pk))
    return report


@transaction.atomic
def accept_task(
    *,
    actor: Actor,
    task_id: UUID,
    outcome: Outcome,
    settlement: str,
    at: datetime,
    without_answer: bool = False,
) -> Task:
    """Settles a reported task: done, done in part or not done, with the unit's sentence about it.

    Nobody settles his own while another leader of the unit can. `without_answer`: the actor knows that a question to
    the unit above is still open. Raises Refused with sentences beside `settlement`, `without_answer`.
    """
    task = _locked(actor, task_id)
    access.require(actor, Capability.SETTLE_TASK, task.unit)
    _refuse(rules.why_not_settle(task.state))
    _refuse(queries.why_not_settle_ones_own(actor, task, queries.assignee_ids(task_id), clock.day_of(at)))
    is_waiting = task.questions.filter(answered_at=None).exists()
    if why_not := rules.why_not_settle_unanswered(is_waiting=is_waiting, is_meant=without_answer):
        raise Refused(fields={"without_answer": [why_not]})
    settlement = _said(settlement, "settlement", _("Write in a sentence how the cell sees the result."))
    _end(task, State.SETTLED, outcome=outcome, settlement=settlement, actor=actor, at=at)
    audit.record(actor, Verb.TASK_ACCEPTED, task, at=at, outcome=outcome)
    return task


@transaction.atomic
def return_task(*, actor: Actor, task_id: UUID, reason: str, at: datetime) -> TaskReport:
    """Gives a reported task back to those who do it, with the reason; it is open again."""
    task = _locked(actor, task_id)
    access.require(actor, Capability.SETTLE_TASK, task.unit)
    _refuse(rules.why_not_settle(task.state))
    report = task.reports.order_by("-at", "-id")[0]
    report.returned_because = _said(reason, "reason", _("Write what is still missing."))
    report.returned_at = at
    report.save(update_fields=["returned_because", "returned_at"])
    task.state = State.OPEN
    task.save(update_fields=["state"])
    audit.record(actor, Verb.TASK_RETURNED, task, at=at, reason=report.returned_because)
    return report


@transaction.atomic
def extend_task(*, actor: Actor, task_id: UUID, to_on: date, reason: str, at: datetime) -> Extension:
    """Gives an open task more time, with the reason."""
    task = _locked(actor, task_id)
    access.require(actor, Capability.SETTLE_TASK, task.unit)
    from_on = task.due_on
    if (why_not := rules.why_not_extend(task.state, from_on, to_on, clock.day_of(at))) or from_on is None:
        raise Refused(fields={"to_on": [why_not]})
    reason = _said(reason, "reason", _("Write why more time is needed."))
    extension = Extension.objects.create(
        task=task, from_on=from_on, to_on=to_on, reason=reason, by_id=actor.person_id, at=at
    )
    task.due_on, task.version = to_on, task.version + 1
    task.save(update_fields=["due_on", "version"])
    audit.record(
        actor, Verb.TASK_EXTENDED, task, at=at, from_on=_iso(from_on), to_on=_iso(to_on), extension=str(extension.pk)
    )
    return extension


@transaction.atomic
def cancel_task(*, actor: Actor, task_id: UUID, reason: str, at: datetime) -> Task:
    """Takes a task back, with the reason; whoever may give it may take it back."""
    task = _locked(actor, task_id)
    access.require(actor, Capability.GIVE_TASK, task.unit, matter=task.matter)
    _refuse(rules.why_not_cancel(task.state))
    reason = _said(reason, "reason", _("Write why the task is cancelled."))
    _end(task, State.CANCELLED, outcome="", settlement=reason, actor=actor, at=at)
    audit.record(actor, Verb.TASK_CANCELLED, task, at=at, reason=reason)
    return task


@transaction.atomic
def raise_task(*, actor: Actor, task_id: UUID, to_unit_id: UUID, question: str, at: datetime) -> Question:
    """Puts a question about a task to the unit directly above; the task itself goes on."""
    task = _locked(actor, task_id)
    access.require(actor, Capability.RAISE_TASK, task.unit)
    is_waiting = task.questions.filter(answered_at=None).exists()
    _refuse(rules.why_not_raise(task.state, to_unit_id, queries.unit_above(task.unit), is_waiting=is_waiting))
    text = _said(question, "question", _("Write what the unit above is asked."))
    asked = Question.objects.create(task=task, to_unit_id=to_unit_id, text=text, by_id=actor.person_id, at=at)
    audit.record(actor, Verb.TASK_RAISED, task, at=at, to_unit=str(to_unit_id), question=str(asked.pk))
    return asked


@transaction.atomic
def answer_task(*, actor: Actor, task_id: UUID, answer: str, at: datetime) -> Question:
    """Answers the question that waits, by an officer of the unit it was put to."""
    task = _locked(actor, task_id)
    access.require(actor, Capability.ANSWER_TASK, task.unit)
    asked = task.questions.filter(answered_at=None).first()
    is_there = asked is not None and queries.is_officer_of(actor, asked.to_unit_id)
    if reason := rules.why_not_answer(is_waiting=asked is not None, is_officer_there=is_there):
        raise (Forbidden if asked else Refused)(reason)
    assert asked is not None
    asked.answer = _said(answer, "answer", _("Write the answer."))
    asked.answered_by_id, asked.answered_at = actor.person_id, at
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record(actor, Verb.TASK_ANSWERED, task, at=at, question=str(asked.pk))
    return asked


@transaction.atomic
def remind_task(*, actor: Actor, task_id: UUID, at: datetime) -> Task:
    """Reminds those who do an open task, at most once a day."""
    task = _locked(actor, task_id)
    access.require(actor, Capability.REMIND_TASK, task.unit)
    today = clock.day_of(at)
    has_assignee = task.assignees.exists()
    _refuse(rules.why_not_remind(task.state, task.reminded_on, today, has_assignee=has_assignee))
    task.reminded_on = today
    task.save(update_fields=["reminded_on"])
    audit.record(actor, Verb.TASK_REMINDED, task, at=at)
    return task


# A reorganisation: open tasks change hands. The room of that name says which go where, and keeps the effects.


def hand_over(*, actor: Actor, going: Mapping[UUID, UUID], on: date, at: datetime) -> list[Effect]:
    """Lets other units answer for tasks (by task: the unit). What is over stays with the unit that gave it."""
    tasks = list(Task.objects.select_for_update().filter(pk__in=going).exclude(state__in=rules.OVER))
    units = Unit.objects.filter(pk__in={*going.values(), *(task.unit_id for task in tasks)})
    access.require_all(actor, Capability.MANAGE_UNITS, units)
    effects = org.reassign("tasks_task", "unit_id", {task.pk: going[task.pk] for task in tasks})
    lines: list[org.Entry] = [
        (Verb.TASK_HANDED_OVER, task, going[task.pk], {"was": str(task.unit_id), "since": on.isoformat()})
        for task in tasks
    ]
    audit.record_all(actor, lines, at=at)
    return effects


def redirect_questions(*, actor: Actor, to: Mapping[UUID, UUID], at: datetime) -> list[Effect]:
    """Lets the heirs of units that end answer what was asked of these and is not answered yet (by unit: the heir)."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=[*to, *to.values()]))
    open_ones = list(Question.objects.select_related("task").filter(to_unit__in=to, answered_at=None))
    effects = org.reassign("tasks_question", "to_unit_id", {one.pk: to[one.to_unit_id] for one in open_ones})
    lines: list[org.Entry] = [
        (Verb.TASK_HANDED_OVER, one.task, to[one.to_unit_id], {"was": str(one.to_unit_id)}) for one in open_ones
    ]
    audit.record_all(actor, lines, at=at)
    return effects


def _locked(actor: Actor, task_id: UUID) -> Task:
    """The task, held until the transaction ends. Raises NotThere if there is none that the actor may see."""
    task = Task.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=task_id).first()
    if task is None or not (actor.is_system or access.can(actor, Capability.SEE_TASKS, task.unit, matter=task.matter)):
        raise NotThere(_("There is no such task, or none that is yours to see."))
    return task


def _refuse(reason: Said | None) -> None:
    if reason is not None:
        raise Refused(reason)


def _leaderless(assignee_ids: Sequence[UUID], lead_id: UUID | None) -> dict[str, list[Said]]:
    reason = rules.why_not_led(assignee_ids, lead_id)
    return {"lead": [reason]} if reason else {}


def _check(wrong: dict[str, list[Said]], wrong_people: list[Said]) -> None:
    if wrong_people:
        wrong = wrong | {"assignees": wrong_people}
    if wrong:
        raise Refused(fields=wrong)


def _said(text: str, field: str, what_to_do: Said) -> str:
    text = text.strip()
    if not text:
        raise Refused(fields={field: [what_to_do]})
    documents.refuse_classified(**{field: text})
    return text


def _stored(actor: Actor, task: Task, upload: "UploadedFile[bytes]", at: datetime) -> File:
    """One file of a report, kept. A refusal names the file, since several may have been sent."""
    try:
        return documents.store_file(
            actor=actor,
            capability=Capability.REPORT_TASK,
            seen_with=Capability.SEE_TASKS,
            unit_id=task.unit_id,
            upload=upload,
            at=at,
        )
    except Forbidden:
        raise
    except Refused as refusal:
        why = [_("{name}: {why}").format(name=upload.name, why=sentence) for sentence in refusal.sentences]
        raise Refused(fields={"attachments": why}) from refusal


def _end(task: Task, state: State, *, outcome: str, settlement: str, actor: Actor, at: datetime) -> None:
    task.state, task.outcome, task.settlement = state, outcome, settlement
    task.settled_at, task.settled_by_id = at, actor.person_id
    task.save(update_fields=["state", "outcome", "settlement", "settled_at", "settled_by"])


def _assign(task: Task, assignee_ids: Sequence[UUID], lead_id: UUID | None) -> None:
    lead_id = lead_id or next(iter(assignee_ids), None)
    Assignee.objects.bulk_create(Assignee(task=task, person_id=one, is_lead=one == lead_id) for one in assignee_ids)


def _strangers(unit_id: UUID, person_ids: Sequence[UUID], on: date) -> list[str]:
    """The names of those who cannot be given a task of this unit on that day."""
    if not person_ids:
        return []
    able = set(queries.possible_assignees(unit_id, on).filter(pk__in=person_ids).values_list("pk", flat=True))
    unable = [one for one in person_ids if one not in able]
    return _names_of(unable) or (["?"] if unable else [])


def _names_of(person_ids: Sequence[UUID] | set[UUID]) -> list[str]:
    if not person_ids:
        return []
    return list(Person.objects.filter(pk__in=person_ids).order_by("sort_key").values_list("name", flat=True))


def _as_text(title: str, expected: str, due_on: date | None, assignees: list[str]) -> str:
    lines = [title, expected, f"{due_on:%d/%m/%Y}" if due_on else "", ", ".join(assignees)]
    return "\n".join(line for line in lines if line)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
