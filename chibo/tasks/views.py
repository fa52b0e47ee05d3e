"""The lists of tasks, and the page of one task with what can be done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock, sheets
from chibo.core.actor import Actor
from chibo.core.http import asked_words
from chibo.core.refusals import NotThere, Refused, Sentence, Stale
from chibo.core.words import Said
from chibo.org import queries as org
from chibo.readiness import queries as readiness
from chibo.readiness.rules import Way
from chibo.tasks import actions, forms, queries
from chibo.tasks import messages as said
from chibo.tasks.models import Question, Task, TaskQuerySet
from chibo.tasks.rules import Standing

PER_PAGE = 20
UNREADABLE = 422

LISTS: dict[str, Callable[[Actor], TaskQuerySet]] = {
    "mine": queries.mine,
    "given": queries.given_by_me,
    "unit": queries.of_my_unit,
    "waiting": queries.waiting_for_above,
    "asked": queries.asked_of,
}

# In the order in which they stand on the page.
DECISIONS: dict[str, type[forms.Decision]] = {
    "answer": forms.Answer,
    "report": forms.Report,
    "accept": forms.Accept,
    "return": forms.Return,
    "remind": forms.Remind,
    "extend": forms.Extend,
    "raise": forms.Raise,
    "cancel": forms.Cancel,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A task as a list shows it."""

    task: Task
    standing: Standing
    days_left: Said | None
    unit: str
    questions: list[Question]
    """Those that wait for an answer, in the lists of questions."""


@page(get=Capability.SEE_TASKS)
def tasks(request: Request, which: str, unit_id: UUID | None = None) -> HttpResponse:
    """A list of the viewer's; with a unit only what that very unit gave."""
    words = asked_words(request)
    today = clock.today()
    rows = LISTS[which](request.actor).found_by(words)
    unit = queries.unit_of_tasks(request.actor, unit_id, today) if unit_id else None
    if unit:
        rows = rows.filter(unit=unit)
    if sheets.is_wanted(request):
        return _as_sheet(rows, today)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    units = org.names_on({task.unit_id for task in shown}, today)
    lines = [
        Line(
            task,
            task.standing_on(today),
            task.days_left_on(today),
            units.get(task.unit_id, "") if len(units) > 1 or which == "asked" else "",
            getattr(task, "waiting", []),
        )
        for task in shown
    ]
    context = {
        "which": which if unit is None else "",
        "unit": unit,
        "words": words,
        "page": shown,
        "lines": lines,
        "is_asked": which == "asked" or bool(queries.offices_of(request.actor)),
    }
    return render(request, "tasks/tasks.html", context)


def _as_sheet(rows: TaskQuerySet, today: date) -> HttpResponse:
    found = list(sheets.all_of(rows))
    units = org.names_on({task.unit_id for task in found}, today)

    def line(task: Task) -> list[object]:
        who = ", ".join(one.person.name for one in task.assignees.all())
        standing = str(task.standing_on(today).words)
        return [units.get(task.unit_id, ""), task.title, task.origin_label, who, task.due_on, standing]

    head = [_("Unit"), _("Task"), _("Origin"), _("Who does it"), _("Due day"), _("Status")]
    return sheets.download_lists(f"nhiem-vu-{today:%Y%m%d}", [sheets.Sheet(_("Tasks"), head, map(line, found))])


@page(get=Capability.SEE_TASKS)
def task(request: Request, task_id: UUID) -> HttpResponse:
    return _task_page(request, task_id)


@page(post=Capability.REPORT_TASK)
def report(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "report", actions.report_task, _("Your report is with the cell now."))


@page(post=Capability.SETTLE_TASK)
def accept(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "accept", actions.accept_task, _("The task is settled."))


@page(post=Capability.SETTLE_TASK)
def give_back(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "return", actions.return_task, _("The report is given back."))


@page(post=Capability.SETTLE_TASK)
def extend(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "extend", actions.extend_task, _("The task has more time."))


@page(post=Capability.GIVE_TASK)
def cancel(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "cancel", actions.cancel_task, _("The task is cancelled."))


@page(post=Capability.RAISE_TASK)
def ask_above(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "raise", actions.raise_task, _("The question is with the unit above now."))


@page(post=Capability.ANSWER_TASK)
def answer(request: Request, task_id: UUID) -> HttpResponse:
    return _decide(request, task_id, "answer", actions.answer_task, _("Your answer is with the cell now."))


@page(post=Capability.REMIND_TASK)
def remind(request: Request, task_id: UUID) -> HttpResponse:
    task, today = queries.get(request.actor, task_id), clock.today()
    who = task.assignees.all()
    in_person = readiness.in_person(task.unit_id, [one.person_id for one in who], today)
    done = _("The reminder is on its way.")
    if in_person:
        names = ", ".join(in_person.values())
        done = _("No notice is sure to reach them, so remind them in person: %(names)s.") % {"names": names}
        if len(in_person) < len(who):
            done = f"{_('The reminder is on its way.')} {done}"
    elif readiness.way_of(task.unit_id, today) is Way.SMS:
        besides = _("A short message to send besides:")
        done = f"{done} {besides} {said.short_message(task)}"
    return _decide(request, task_id, "remind", actions.remind_task, done)


@page(get=Capability.GIVE_TASK, post=Capability.GIVE_TASK)
def correct(request: Request, task_id: UUID) -> HttpResponse:
    # What was typed is kept, so only the empty form is refused as a page.
    find = queries.get if request.method == "POST" else queries.get_to_correct
    task = find(request.actor, task_id)
    people = queries.assignable(task, clock.today())
    is_worded = task.recorded_at is not None
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        # A form that was opened before the minutes were locked still sends its words: they are refused beside them.
        form = forms.Correct(request.POST, people=people, is_worded=is_worded and "title" not in request.POST)
        status = UNREADABLE
        if form.is_valid():
            typed = form.cleaned_data
            try:
                actions.correct_task(
                    actor=request.actor,
                    task_id=task_id,
                    seen_version=typed["seen_version"],
                    title=typed.get("title", task.title),
                    expected=typed.get("expected", task.expected),
                    due_on=typed.get("due_on", task.due_on),
                    assignee_ids=[UUID(one) for one in typed["assignees"]],
                    lead_id=UUID(typed["lead"]) if typed["lead"] else None,
                    at=clock.now(),
                )
            except NotThere:
                raise
            except Refused as refused:
                refusal, status = refused, refused.status
                form.refuse(refused)
            else:
                messages.success(request, _("The task is corrected."))
                return redirect("tasks:task", task_id)
    else:
        form = forms.Correct(initial=_as_it_stands(task), people=people, is_worded=is_worded)
    # Once both texts were on the page, sending again is a choice and no accident.
    seen_version = refusal.edit.version if isinstance(refusal, Stale) else form["seen_version"].value()
    context = {"task": task, "form": form, "refusal": refusal, "seen_version": seen_version, "path": _path(task)}
    return render(request, "tasks/correct.html", context, status=status)


def _as_it_stands(task: Task) -> dict[str, object]:
    people = task.assignees.all()
    return {
        "seen_version": task.version,
        "title": task.title,
        "expected": task.expected,
        "due_on": task.due_on,
        "assignees": [str(one.person_id) for one in people],
        "lead": next((str(one.person_id) for one in people if one.is_lead), ""),
    }


def _decide(request: Request, task_id: UUID, name: str, action: Callable[..., object], done: Sentence) -> HttpResponse:
    """Does one thing to a task and returns to its page; what cannot be done is said there, with all that was typed."""
    form = DECISIONS[name](request.POST, request.FILES, auto_id=f"{name}_%s")
    status = UNREADABLE
    if form.is_valid():
        try:
            action(actor=request.actor, task_id=task_id, at=clock.now(), **form.cleaned_data)
        except NotThere:
            raise
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, str(done))
            return redirect("tasks:task", task_id)
    return _task_page(request, task_id, refused=(name, form), status=status)


def _task_page(
    request: Request, task_id: UUID, *, refused: tuple[str, forms.Decision] | None = None, status: int = 200
) -> HttpResponse:
    today = clock.today()
    task = queries.get(request.actor, task_id)
    can = queries.doable(request.actor, task, today)
    decisions = {name: _blank(name, task) for name in DECISIONS if name in can} | dict([refused] if refused else [])
    is_mine = any(one.person_id == request.actor.person_id for one in task.assignees.all())
    is_waiting = any(one.answered_at is None for one in task.questions.all())
    if isinstance(accept := decisions.get("accept"), forms.Accept):
        accept.ask_about_answer(is_waiting=is_waiting)
    first = next((name for name in ("answer", "report", "accept") if name in can and (name != "report" or is_mine)), "")
    if refused:
        first = refused[0]
    asked = {question.to_unit_id for question in task.questions.all()}
    units = org.names_on({task.unit_id} | asked, today)
    context = {
        "task": task,
        "unit": units.get(task.unit_id, ""),
        "standing": task.standing_on(today),
        "days_left": task.days_left_on(today),
        "questions": [(one, units.get(one.to_unit_id, "")) for one in task.questions.all()],
        "first": (first, decisions[first]) if first else None,
        "others": [(name, decisions[name]) for name in DECISIONS if name in decisions and name != first],
        "may_correct": "correct" in can,
        "is_for_others_to_settle": is_mine and "return" in can and "accept" not in can,
        "refused_form": refused[1] if refused else None,
        "path": _path(),
    }
    return render(request, "tasks/task.html", context, status=status)


def _blank(name: str, task: Task) -> forms.Decision:
    initial: dict[str, object] = {}
    if name == "accept":
        initial["outcome"] = task.reports.all()[0].outcome
    if name == "raise":
        initial["to_unit_id"] = queries.unit_above(task.unit)
    return DECISIONS[name](initial=initial, auto_id=f"{name}_%s")


def _path(task: Task | None = None) -> list[dict[str, str]]:
    steps = [{"name": _("Tasks"), "url": reverse("tasks:mine")}]
    if task is None:
        return steps
    back = {"name": task.title, "url": reverse("tasks:task", args=[task.pk])}
    return [*steps, back, {"name": _("Correct the task"), "url": ""}]
