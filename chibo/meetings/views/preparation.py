"""Before a meeting: its page, the agenda and who prepares what, day and place, notice, the committee's own meeting."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock, sheets
from chibo.core.forms import Form
from chibo.core.refusals import NotThere, Refused, Sentence, Stale, Way
from chibo.meetings import actions, queries, rules
from chibo.meetings.forms import preparation as forms
from chibo.meetings.models import Meeting, Part, PartFile
from chibo.meetings.rules import Kind, State
from chibo.notifications import actions as notices
from chibo.org import queries as org
from chibo.people import queries as people
from chibo.people.models import Person
from chibo.readiness import queries as readiness

PER_PAGE = 20
UNREADABLE = 422


def path_of(meeting: Meeting, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """The breadcrumbs from the meetings of a unit to a page of one of them."""
    above = [
        (_("Meetings"), reverse("meetings:of_unit", args=[meeting.unit_id])),
        (meeting.title, reverse("meetings:meeting", args=[meeting.pk]) if steps else ""),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in above]


def with_way(refusal: Refused, meeting: Meeting) -> Refused:
    """A refusal about a meeting that is over leads to its minutes."""
    if meeting.is_over:
        refusal.way = Way(_("To the minutes"), reverse("meetings:minutes", args=[meeting.pk]))
    return refusal


# The meetings of a unit, and one of them


@page(get=Capability.SEE_MEETING)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    today = clock.today()
    unit = queries.unit_of_meetings(request.actor, unit_id, today, ended=True)
    rows = queries.of_unit(request.actor, unit_id)
    if sheets.is_wanted(request):
        head = [_("Kind"), _("Day"), _("Time"), _("Place"), _("Topic"), _("State")]
        lines = (
            [one.get_kind_display(), one.on, f"{one.time:%H:%M}", one.place, one.topic, one.get_state_display()]
            for one in sheets.all_of(rows)
        )
        return sheets.download_lists("buoi-hop", [sheets.Sheet(unit.name, head, lines)])
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    may_plan = access.can(request.actor, Capability.PLAN_MEETING, unit)
    may_see_rolls = access.can(request.actor, Capability.SEE_ROLLS, unit)
    context = {
        "unit": unit,
        "page": shown,
        "may_plan": may_plan,
        "may_see_rolls": may_see_rolls,
        "today": today,
        "is_there": today in unit.during,
        "predecessors": queries.predecessors(request.actor, unit, today),
    }
    return render(request, "meetings/of_unit.html", context)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper laid before the meeting, and whether it came after the day papers are due."""

    added: PartFile
    part: Part
    is_late: bool


def texts_of(parts: list[Part]) -> list[Part]:
    """The parts whose text lies before the meeting for everybody to read."""
    return [part for part in parts if part.handed_in_at and part.material.strip()]


@page(get=Capability.SEE_MEETING)
def meeting(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = queries.get(request.actor, meeting_id)
    # Who opens the page of a meeting has seen what its notices say.
    notices.mark_seen(actor=request.actor, path=reverse("meetings:meeting", args=[meeting_id]), at=clock.now())
    return render(request, "meetings/meeting.html", _overview(request, meeting))


def _overview(request: Request, meeting: Meeting) -> dict[str, object]:
    today = clock.today()
    parts = queries.parts(meeting)
    can = queries.doable(request.actor, meeting)
    audience = queries.audience(meeting)
    me = next((one for one in audience if one.person.pk == request.actor.person_id), None)
    papers_due_on = queries.papers_due_on(meeting)
    papers = [
        PaperLine(added, part, clock.day_of(added.added_at) > papers_due_on)
        for part in parts
        if part.handed_in_at or _may_write(request, part, can)
        for added in part.files.all()
    ]
    leaders = people.leaders(meeting.unit_id, meeting.on)
    handed_in, to_prepare = queries.handed_in(parts)
    may_read = me is not None and meeting.state in (State.ANNOUNCED, State.UNDER_WAY)
    return {
        "meeting": meeting,
        "title": meeting.title,
        "unit": org.name_on(meeting.unit_id, meeting.on),
        "path": path_of(meeting),
        "today": today,
        "can": can,
        "secretary": leaders[0].person if leaders else None,
        "sections": _sections(parts),
        "handed_in": handed_in,
        "to_prepare": to_prepare,
        "warning": queries.why_all_the_secretarys(meeting, parts) if "prepare" in can else None,
        "papers": papers,
        "texts": texts_of(parts),
        "has_papers": bool(papers or texts_of(parts)),
        "papers_due_on": papers_due_on,
        "audience": audience,
        "in_person": sum(one.in_person for one in audience),
        "way": readiness.way_of(meeting.unit_id, meeting.on),
        "opened": sum(bool(one.notice and one.notice.read_at) for one in audience),
        "has_read": sum(one.papers_read_at is not None for one in audience),
        "i_have_read": bool(me and me.papers_read_at),
        "may_read": may_read,
        "ledger": queries.ledger(meeting, as_of=today) if meeting.kind == Kind.REGULAR else [],
        "has_ledger_part": any(part.holds == "ledger" for part in parts),
        "preparatory": getattr(meeting, "preparatory", None),
        "is_due": meeting.state == State.ANNOUNCED and today >= meeting.on,
        "why_cancelled": queries.why_cancelled(meeting),
    }


def _sections(parts: list[Part]) -> list[tuple[str, list[Part]]]:
    words = {"opening": _("Opening"), "conduct": _("Conduct"), "closing": _("Closing")}
    return [
        (words[section], here) for section in words if (here := [part for part in parts if part.section == section])
    ]


@page(get=Capability.SEE_MEETING)
def booklet(request: Request, meeting_id: UUID) -> HttpResponse:
    """The agenda with all that was handed in to its parts, on one page to print and take along."""
    meeting = queries.get(request.actor, meeting_id)
    parts = queries.parts(meeting)
    ledger = queries.ledger(meeting, as_of=clock.today()) if meeting.kind == Kind.REGULAR else []
    context = {
        "meeting": meeting,
        "title": meeting.title,
        "unit": org.name_on(meeting.unit_id, meeting.on),
        "path": path_of(meeting, (_("Agenda with its texts"), "")),
        "sections": _sections(parts),
        "ledger": ledger,
        "files": sum(len(part.files.all()) for part in parts if part.handed_in_at),
    }
    return render(request, "meetings/booklet.html", context)


# One sheet to fill in


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with one form: what it is called, what its button says, where one was before, what to know first."""

    title: str
    button: str
    back: str
    path: list[dict[str, str]]
    caption: str = ""
    keep: str = ""
    meeting: Meeting | None = None
    remarks: list[Sentence] = field(default_factory=list)


def _fill_in(
    request: Request,
    sheet: Sheet,
    form: Form,
    act: Callable[[dict[str, Any]], HttpResponse],
) -> HttpResponse:
    """Shows a form; once it is sent and can be read, acts. A refusal is said on the sheet, with all that was typed."""
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = UNREADABLE
        if form.is_valid():
            try:
                return act(form.cleaned_data)
            except NotThere:
                raise
            except Refused as refused:
                refusal, status = refused, refused.status
                refuse(request, form, with_way(refused, sheet.meeting) if sheet.meeting else refused)
    context = {"sheet": sheet, "form": form, "refusal": refusal, "path": sheet.path}
    return render(request, "meetings/sheet.html", context, status=status)


def refuse(request: Request, form: Form, refusal: Refused) -> None:
    """Says a refusal on a form; once both texts were on the page, sending again is a choice and no accident."""
    form.refuse(refusal)
    if isinstance(refusal, Stale):
        typed = request.POST.copy()
        typed["seen_version"] = str(refusal.edit.version)
        form.data = typed


def back_to_page(meeting_id: UUID, place: str = "") -> HttpResponse:
    """Back to the meeting, to the place on its page where the person was."""
    return redirect(reverse("meetings:meeting", args=[meeting_id]) + (f"#{place}" if place else ""))


# Day and place


@page(get=Capability.PLAN_MEETING, post=Capability.PLAN_MEETING)
def plan(request: Request, unit_id: UUID) -> HttpResponse:
    today = clock.today()
    unit = queries.unit_of_meetings(request.actor, unit_id, today)
    access.require(request.actor, Capability.PLAN_MEETING, unit)
    back = reverse("meetings:of_unit", args=[unit_id])
    title = _("Plan a thematic session or an extraordinary meeting")
    sheet = Sheet(
        title,
        _("Plan the meeting"),
        back,
        [{"name": _("Meetings"), "url": back}, {"name": _("Plan"), "url": ""}],
        caption=unit.name,
        keep=f"plan-{unit_id}",
        remarks=[_("Regular meetings come from the calendar by themselves. Here you add the others.")],
    )

    def act(typed: dict[str, Any]) -> HttpResponse:
        planned = actions.plan_meeting(actor=request.actor, unit_id=unit_id, at=clock.now(), **typed)
        messages.success(request, _("The meeting is planned and its agenda is laid. Now give out its parts."))
        return back_to_page(planned.pk)

    return _fill_in(request, sheet, forms.Plan(request.POST or None), act)


@page(get=Capability.PLAN_MEETING, post=Capability.PLAN_MEETING)
def change(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = get_to_change(request, meeting_id, Capability.PLAN_MEETING)
    sheet = _sheet(meeting, _("Change day, time or place"), _("Save"), keep="change")
    if meeting.state == State.ANNOUNCED:
        sheet.remarks.append(_("The meeting is announced already: everybody who was invited is told of the change."))
    initial = {
        "seen_version": meeting.version,
        "on": meeting.on,
        "time": meeting.time,
        "place": meeting.place,
        "topic": meeting.topic,
    }

    def act(typed: dict[str, Any]) -> HttpResponse:
        actions.change_meeting(actor=request.actor, meeting_id=meeting_id, at=clock.now(), **typed)
        messages.success(request, _("Day, time and place are saved."))
        return back_to_page(meeting_id)

    return _fill_in(request, sheet, forms.Change(request.POST or None, initial=initial), act)


@page(get=Capability.PLAN_MEETING, post=Capability.PLAN_MEETING)
def cancel(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = get_to_change(request, meeting_id, Capability.PLAN_MEETING)
    sheet = _sheet(meeting, _("Call the meeting off"), _("Call the meeting off"), keep="cancel")

    def act(typed: dict[str, Any]) -> HttpResponse:
        actions.cancel_meeting(actor=request.actor, meeting_id=meeting_id, at=clock.now(), **typed)
        messages.success(request, _("The meeting is called off."))
        return back_to_page(meeting_id)

    return _fill_in(request, sheet, forms.Cancel(request.POST or None), act)


def get_to_change(request: Request, meeting_id: UUID, capability: Capability) -> Meeting:
    """A meeting for a sheet. Only the empty sheet is refused as a page: what was typed is kept on it."""
    if request.method == "POST":
        return queries.get(request.actor, meeting_id)
    meeting = queries.get_for(request.actor, meeting_id, capability)
    if reason := rules.why_not_prepare(State(meeting.state)):
        raise with_way(Refused(reason), meeting)
    return meeting


def _sheet(meeting: Meeting, title: str, button: str, *, keep: str, place: str = "") -> Sheet:
    back = reverse("meetings:meeting", args=[meeting.pk]) + (f"#{place}" if place else "")
    return Sheet(
        title,
        button,
        back,
        path_of(meeting, (title, "")),
        caption=meeting.title,
        keep=f"{keep}-{meeting.pk}",
        meeting=meeting,
    )


# The committee's own meeting


@page(get=Capability.RECORD_PREPARATORY_MEETING, post=Capability.RECORD_PREPARATORY_MEETING)
def preparatory(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = get_to_change(request, meeting_id, Capability.RECORD_PREPARATORY_MEETING)
    sheet = _sheet(
        meeting,
        _("The committee's preparatory meeting"),
        _("Save"),
        keep="preparatory",
        place="preparatory",
    )
    leaders = {office.person_id: office.person for office in people.leaders(meeting.unit_id, meeting.on)}
    record = getattr(meeting, "preparatory", None)
    initial = (
        {
            "seen_version": record.version,
            "held_on": record.held_on,
            "attendees": [str(one.pk) for one in record.attendees.all()],
            "agreed": record.agreed,
        }
        if record
        else {"seen_version": 0, "attendees": [str(one) for one in leaders]}
    )

    def act(typed: dict[str, Any]) -> HttpResponse:
        actions.record_preparatory_meeting(
            actor=request.actor,
            meeting_id=meeting_id,
            held_on=typed["held_on"],
            attendee_ids=typed["attendees"],
            agreed=typed["agreed"],
            seen_version=typed["seen_version"],
            at=clock.now(),
        )
        messages.success(request, _("The preparatory meeting is recorded."))
        return back_to_page(meeting_id, "preparatory")

    form = forms.Preparatory(request.POST or None, initial=initial, leaders=leaders.values())
    return _fill_in(request, sheet, form, act)


# The agenda


@page(get=Capability.PREPARE_MEETING, post=Capability.PREPARE_MEETING)
def add_part(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = get_to_change(request, meeting_id, Capability.PREPARE_MEETING)
    sheet = _sheet(meeting, _("Add a part to the agenda"), _("Add the part"), keep="add-part", place="agenda")

    def act(typed: dict[str, Any]) -> HttpResponse:
        added = actions.add_part(
            actor=request.actor,
            meeting_id=meeting_id,
            title=typed["title"],
            owner_id=typed["owner"],
            due_on=typed["due_on"],
            at=clock.now(),
        )
        messages.success(request, _("The part stands on the agenda."))
        _say_whom_no_notice_reaches(request, meeting.unit_id, typed["owner"])
        return back_to_page(meeting_id, f"part-{added.pk}")

    return _fill_in(
        request, sheet, forms.Assign(request.POST or None, members=_members(meeting), offices=_offices(meeting)), act
    )


def _say_whom_no_notice_reaches(request: Request, unit_id: UUID, owner_id: UUID | None) -> bool:
    """Says that who was given a part has to be told by somebody, where no notice is sure to reach him."""
    names = list(readiness.in_person(unit_id, [owner_id] if owner_id else [], clock.today()).values())
    for name in names:
        messages.warning(
            request,
            _("It is saved. No notice is sure to reach comrade %(name)s: tell him in person.") % {"name": name},
        )
    return bool(names)


def _members(meeting: Meeting) -> list[Person]:
    return [one.person for one in people.membership_on(meeting.unit_id, meeting.on)]


def _offices(meeting: Meeting) -> dict[UUID, str]:
    """By person what he leads in the cell: who prepares a part is best one of them."""
    return {one.person_id: one.called for one in people.leaders(meeting.unit_id, meeting.on)}


@page(get=Capability.PREPARE_MEETING, post=Capability.PREPARE_MEETING)
def assign_part(request: Request, part_id: UUID) -> HttpResponse:
    part = queries.part(request.actor, part_id)
    meeting = part.meeting
    if request.method == "GET":
        access.require(request.actor, Capability.PREPARE_MEETING, meeting.unit)
    sheet = Sheet(
        _("Who prepares this part"),
        _("Save"),
        reverse("meetings:part", args=[part_id]),
        path_of(meeting, (part.title, reverse("meetings:part", args=[part_id])), (_("Who prepares it"), "")),
        caption=part.title,
        keep=f"assign-{part_id}",
        meeting=meeting,
    )
    initial = {
        "seen_version": part.given_as,
        "title": part.title,
        "owner": str(part.owner_id or ""),
        "due_on": part.due_on,
    }

    def act(typed: dict[str, Any]) -> HttpResponse:
        actions.assign_part(
            actor=request.actor,
            part_id=part_id,
            title=typed["title"],
            owner_id=typed["owner"],
            due_on=typed["due_on"],
            seen=typed["seen_version"],
            at=clock.now(),
        )
        is_told = typed["owner"] and typed["owner"] != part.owner_id
        if not is_told:
            messages.success(request, _("It is saved."))
        elif not _say_whom_no_notice_reaches(request, meeting.unit_id, typed["owner"]):
            messages.success(request, _("It is saved. Whoever was newly given the part is told of it."))
        return back_to_page(meeting.pk, f"part-{part_id}")

    form = forms.Reassign(request.POST or None, initial=initial, members=_members(meeting), offices=_offices(meeting))
    return _fill_in(request, sheet, form, act)


@page(get=Capability.SEE_MEETING, post=Capability.WRITE_PART)
def part(request: Request, part_id: UUID) -> HttpResponse:
    """A part of the agenda to read; who prepares it writes it here."""
    return _write(request, part_id, actions.write_part)


@page(get=Capability.SEE_MEETING, post=Capability.WRITE_PART)
def hand_in(request: Request, part_id: UUID) -> HttpResponse:
    """The second button of the same form, so that nothing typed is lost."""
    return _write(request, part_id, actions.hand_in)


def _write(
    request: Request,
    part_id: UUID,
    action: Callable[..., Part],
    said: Callable[[Part], str] | None = None,
    *,
    to_agenda: bool = False,
    is_writing: bool = True,
) -> HttpResponse:
    """The one form of a part, whichever of its buttons was pressed.

    Only a button that says it writes may, pressed once more, put its text in the place of what another wrote meanwhile.
    """
    part = queries.part(request.actor, part_id)
    refusal: Refused | None = None
    status = 200
    form = forms.Material(
        request.POST or None,
        request.FILES or None,
        initial={"seen_version": part.version, "material": part.material},
    )
    if request.method == "POST":
        status = UNREADABLE
        if form.is_valid():
            typed = form.cleaned_data
            try:
                written = action(
                    actor=request.actor,
                    part_id=part_id,
                    material=typed["material"],
                    seen_version=typed["seen_version"],
                    upload=typed["file"],
                    at=clock.now(),
                )
            except NotThere:
                raise
            except Refused as refused:
                refusal, status = refused, refused.status
                told = with_way(refused, part.meeting)
                if is_writing:
                    refuse(request, form, told)
                else:
                    form.refuse(told)
            else:
                was_ready = part.handed_in_at is not None
                messages.success(request, said(written) if said else _what_became_of(written, was_ready=was_ready))
                return back_to_page(part.meeting_id, "agenda") if to_agenda else redirect("meetings:part", part_id)
    return render(request, "meetings/part.html", _part_context(request, part, form, refusal), status=status)


def _what_became_of(part: Part, *, was_ready: bool) -> str:
    if part.handed_in_at is None and was_ready:
        return _("The part is open again. Hand it in once more when it is ready.")
    if part.handed_in_at is None:
        return _("Your text is saved. It is not handed in yet.")
    return _("Your text is saved.") if was_ready else _("The part is handed in. The secretary is told of it.")


def _part_context(request: Request, part: Part, form: forms.Material, refusal: Refused | None) -> dict[str, object]:
    meeting = part.meeting
    can = queries.doable(request.actor, meeting)
    is_mine = part.owner_id == request.actor.person_id and part.owner_id is not None
    papers_due_on = queries.papers_due_on(meeting)
    may_write = _may_write(request, part, can)
    files = part.files.select_related("file").order_by("added_at", "pk")
    return {
        "meeting": meeting,
        "part": part,
        "title": meeting.title,
        "path": path_of(meeting, (part.title, "")),
        "papers": [PaperLine(one, part, clock.day_of(one.added_at) > papers_due_on) for one in files]
        if part.handed_in_at or may_write
        else [],
        "papers_due_on": papers_due_on,
        "today": clock.today(),
        "is_mine": is_mine,
        "may_write": may_write,
        "may_arrange": "prepare" in can,
        "may_remove": "prepare" in can and not rules.why_not_remove(part.code, is_carried=bool(part.carried_from_id)),
        "form": form,
        "refusal": refusal,
    }


def _may_write(request: Request, part: Part, can: frozenset[str]) -> bool:
    is_mine = part.owner_id == request.actor.person_id and part.owner_id is not None
    return "write" in can and (is_mine or "prepare" in can)


@page(get=Capability.SEE_MEETING, post=Capability.WRITE_PART)
def remove_paper(request: Request, part_file_id: UUID) -> HttpResponse:
    """One page asks before a paper is taken back."""
    paper = queries.paper(request.actor, part_file_id)
    back = reverse("meetings:part", args=[paper.part_id])
    if request.method == "POST":
        actions.remove_paper(actor=request.actor, part_file_id=part_file_id, at=clock.now())
        messages.success(request, _("“%(name)s” is taken back.") % {"name": paper.file.name})
        return redirect(back)
    if not _may_write(request, paper.part, queries.doable(request.actor, paper.part.meeting)):
        return redirect(back)
    context = {
        "title": _("Take the file back?"),
        "caption": paper.file.name,
        "path": path_of(paper.part.meeting, (paper.part.title, back), (_("Take the file back"), "")),
        "sentences": [_("The members see it no more. The record keeps that it was here.")],
        "button": _("Take the file back"),
        "back": back,
    }
    return render(request, "meetings/confirm.html", context)


@page(post=Capability.WRITE_PART)
def reopen_part(request: Request, part_id: UUID) -> HttpResponse:
    """The second button of a part that was handed in; it saves the text, too."""
    return _write(request, part_id, actions.reopen_part)


@page(post=Capability.PREPARE_MEETING)
def move_part(request: Request, part_id: UUID) -> HttpResponse:
    """A button of the same form, which saves the text, too."""
    action = partial(actions.move_part, up=request.POST.get("direction") == "up")

    def said(moved: Part) -> str:
        return _("The part is number %(number)s of the agenda now.") % {"number": moved.position}

    return _write(request, part_id, action, said, is_writing=False)


@page(post=Capability.PREPARE_MEETING)
def remove_part(request: Request, part_id: UUID) -> HttpResponse:
    """A button of the same form: a text that was typed keeps its part on the agenda."""

    def said(part: Part) -> str:
        return _("“%(title)s” is off the agenda.") % {"title": part.title}

    def act(*, seen_version: int, **typed: Any) -> Part:
        return actions.remove_part(**typed)

    return _write(request, part_id, act, said, to_agenda=True, is_writing=False)
