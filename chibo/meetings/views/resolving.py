"""What the meeting resolves: the draft and its clauses, the vote on it, the tasks given, and the conclusion."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.meetings import actions, queries
from chibo.meetings.forms import holding as forms
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, VoteMatter
from chibo.meetings.views.holding import Sheet, back_to, base_context, lacks, step_of, to_record, write_down
from chibo.tasks import queries as tasks

# The resolution


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def resolution(request: Request, meeting_id: UUID) -> HttpResponse:
    """The draft: its clauses, what it says of last month and the next, and the vote on it.

    It is one form, so that either of its buttons saves all that was typed.
    """
    meeting = to_record(request, meeting_id)
    draft = getattr(meeting, "resolution", None)
    adds_clause = request.POST.get("then") == "clause"
    form = forms.Resolution(request.POST or None, initial=_draft(meeting), adds_clause=adds_clause)

    def act(typed: dict[str, Any]) -> object:
        words = typed | {"clause": typed.pop("text")}
        return actions.write_resolution(actor=request.actor, meeting_id=meeting_id, at=clock.now(), **words)

    back = _draft_page(meeting, "clauses")
    done = _("The clause is added.") if request.POST.get("text", "").strip() else _("The draft is saved.")
    sheet = Sheet("meetings/resolution.html", _("Draft resolution"), act, done, back)
    return write_down(request, meeting, sheet, form, _resolution_context(meeting, draft))


def _draft(meeting: Meeting) -> dict[str, object]:
    draft = getattr(meeting, "resolution", None)
    if draft is None:
        return {"seen_version": 0}
    return {
        "seen_version": draft.version,
        "praise": draft.praise,
        "shortcomings": draft.shortcomings,
        "direction": draft.direction,
    }


def _resolution_context(meeting: Meeting, draft: Any) -> dict[str, object]:
    prepared = meeting.parts.filter(holds="resolution").first()
    return {
        "resolution": draft,
        "clauses": list(draft.clauses.select_related("task")) if draft else [],
        "prepared": prepared,
    }


def _draft_page(meeting: Meeting, place: str) -> str:
    return reverse("meetings:resolution", args=[meeting.pk]) + f"#{place}"


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def edit_clause(request: Request, clause_id: UUID) -> HttpResponse:
    found = queries.clause(request.actor, clause_id)
    meeting = to_record(request, found.resolution.meeting_id)
    form = forms.EditClause(request.POST or None, initial={"seen_version": found.version, "text": found.text})

    def act(typed: dict[str, Any]) -> object:
        return actions.write_clause(
            actor=request.actor, meeting_id=meeting.pk, clause_id=clause_id, at=clock.now(), **typed
        )

    title = _("Clause %(number)s") % {"number": found.number}
    sheet = Sheet("meetings/clause.html", title, act, _("The clause is saved."), _draft_page(meeting, "clauses"))
    return write_down(request, meeting, sheet, form, {"clause": found})


@page(post=Capability.RECORD_MEETING)
def remove_clause(request: Request, clause_id: UUID) -> HttpResponse:
    found = queries.clause(request.actor, clause_id)
    actions.remove_clause(actor=request.actor, clause_id=clause_id, at=clock.now())
    messages.success(request, _("The clause is taken out; the ones behind it have moved up."))
    return redirect(_draft_page(found.resolution.meeting, "clauses"))


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def vote_on_resolution(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = to_record(request, meeting_id)
    lines = queries.roll(meeting)
    base = queries.base(meeting, lines)
    threshold = queries.threshold(meeting, VoteMatter.ORDINARY)
    form = forms.Count(request.POST or None, base=base)

    def act(typed: dict[str, Any]) -> object:
        return actions.take_vote(
            actor=request.actor,
            meeting_id=meeting_id,
            subject="",
            matter=VoteMatter.ORDINARY,
            part_id=None,
            is_on_resolution=True,
            at=clock.now(),
            **typed,
        )

    sheet = Sheet(
        "meetings/vote_on_resolution.html",
        _("Vote on the resolution"),
        act,
        _("The count is saved."),
        _draft_page(meeting, "vote"),
    )
    draft = getattr(meeting, "resolution", None)
    context = base_context(lines, base) | _resolution_context(meeting, draft)
    return write_down(request, meeting, sheet, form, context | {"threshold": forms.threshold_words(threshold, base)})


# Tasks, conclusion


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def give_task(request: Request, meeting_id: UUID) -> HttpResponse:
    """A task as it is given; what is not known yet may be filled in before the meeting ends.

    Where no clause was chosen on the way here, the form offers the first that is nobody's task yet.
    """
    meeting = to_record(request, meeting_id)
    draft = getattr(meeting, "resolution", None)
    clauses = list(draft.clauses.all()) if draft else []
    waiting = next((str(one.pk) for one in clauses if one.task_id is None), "")
    form = forms.GiveTask(
        request.POST or None,
        initial={"clause": request.GET.get("clause", waiting)},
        people=list(tasks.possible_assignees(meeting.unit_id, meeting.on)),
        clauses=clauses,
    )

    def act(typed: dict[str, Any]) -> object:
        return actions.give_task(
            actor=request.actor,
            meeting_id=meeting_id,
            title=typed["title"],
            expected=typed["expected"],
            due_on=typed["due_on"],
            assignee_ids=typed["assignees"],
            lead_id=typed["lead"],
            clause_id=typed["clause"],
            at=clock.now(),
        )

    back = reverse("meetings:give_task", args=[meeting_id]) + "#given"
    sheet = Sheet("meetings/tasks.html", _("Tasks given"), act, _("The task is given."), back)
    given = [(task, lacks(task)) for task in tasks.of_origin([meeting.pk])]
    return write_down(request, meeting, sheet, form, {"given": given})


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def conclude(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = to_record(request, meeting_id)
    form = forms.Conclude(
        request.POST or None,
        initial={"seen_version": meeting.version, "conclusion": meeting.conclusion, "lessons": meeting.lessons},
        has_lessons=meeting.kind == Kind.THEMATIC,
    )

    def act(typed: dict[str, Any]) -> object:
        return actions.conclude(
            actor=request.actor,
            meeting_id=meeting_id,
            conclusion=typed["conclusion"],
            lessons=typed.get("lessons", ""),
            seen_version=typed["seen_version"],
            at=clock.now(),
        )

    back = back_to(meeting, step_of(meeting, "conclusions"))
    sheet = Sheet("meetings/conclude.html", _("Conclusion"), act, _("The conclusion is saved."), back)
    return write_down(request, meeting, sheet, form, {})
