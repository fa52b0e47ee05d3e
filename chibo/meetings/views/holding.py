"""The evening itself: one page for each thing that is written down, and the agenda that leads from one to the next."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.core.forms import Form
from chibo.core.http import asked_id, download
from chibo.core.refusals import NotThere, Refused, Sentence
from chibo.core.templatetags.chibo import moment
from chibo.documents.rules import CONTENT_TYPES
from chibo.meetings import actions, paperwork, queries, rules
from chibo.meetings.forms import holding as forms
from chibo.meetings.models import ATTENDANCE_WORDS, Contribution, Meeting, Part, Vote
from chibo.meetings.queries import RollLine
from chibo.meetings.rules import AttendanceStatus, Kind, State, VoteMatter
from chibo.meetings.views.preparation import path_of, refuse, with_way
from chibo.org import queries as org
from chibo.people.models import Person
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task

UNREADABLE = 422
EARLY = timedelta(minutes=30)  # Who opens a meeting sooner than that is asked once.

# On which page a part of the agenda is written, by what it holds; all others on the page of what is said to them.
WRITTEN_ON = {
    "clerk": "meetings:officers",
    "roll_call": "meetings:roll",
    "conclusions": "meetings:conclude",
    "lessons": "meetings:conclude",
    "tasks": "meetings:give_task",
    "resolution": "meetings:resolution",
    "score": "assessment:sheet",
    "answers": "opinions:to_tell",
}
# On which page something that is missing before the end is filled in.
MISSING_FROM = {
    "officers": "meetings:officers",
    "roll": "meetings:roll",
    "conclusions": "meetings:conclude",
    "lessons": "meetings:conclude",
    "resolution": "meetings:resolution",
    "votes": "meetings:vote",
    "tasks": "meetings:give_task",
}


# The agenda as the evening stands


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the agenda with all that was written to it, its state, and the page where the viewer writes it."""

    part: Part
    url: str
    state: str
    said: list[Contribution]
    votes: list[Vote]


@page(get=Capability.SEE_PROCEEDINGS)
def hold(request: Request, meeting_id: UUID) -> HttpResponse:
    """What has been written so far, and where to go on; for who only reads, the same without a way to write."""
    return _evening(request, _get(request, meeting_id))


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.HOLD_MEETING)
def open_it(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = _get(request, meeting_id)
    if request.method != "POST":
        return _ask_to_open(request, meeting)
    try:
        opened = actions.open_meeting(actor=request.actor, meeting_id=meeting_id, at=clock.now())
    except Refused as refusal:
        return _evening(request, meeting, refusal)
    if opened.on != meeting.on:
        days = {"planned": f"{meeting.on:%d/%m/%Y}", "day": f"{opened.on:%d/%m/%Y}"}
        messages.warning(
            request, _("This meeting was set for %(planned)s. Its papers now carry the day it is held, %(day)s.") % days
        )
    messages.success(request, _("The meeting is open. Whatever you write is saved page by page."))
    return redirect("meetings:hold", meeting_id)


def _begins_at(meeting: Meeting) -> datetime:
    return datetime.combine(meeting.on, meeting.time, clock.HERE)


def _ask_to_open(request: Request, meeting: Meeting) -> HttpResponse:
    """Before its hour a meeting is opened with a second press: from then on its agenda stands."""
    if meeting.state != State.ANNOUNCED or "hold" not in queries.doable(request.actor, meeting):
        return redirect("meetings:hold", meeting.pk)
    set_for = moment(_begins_at(meeting))
    context = {
        "title": _("Open the meeting now?"),
        "caption": meeting.title,
        "path": evening_path(meeting, (_("Open the meeting"), "")),
        "sentences": [
            _("It is set for %(at)s. It is %(now)s now.") % {"at": set_for, "now": moment(clock.now())},
            _("Once it is open the agenda stands as it is, and it cannot be closed again without being held."),
        ],
        "button": _("Open the meeting"),
        "back": back_to(meeting),
    }
    return render(request, "meetings/confirm.html", context)


def _ask_to_end(request: Request, meeting: Meeting) -> HttpResponse:
    """A meeting is ended with a second press; what may have been overlooked is named first."""
    now = queries.proceedings(meeting, queries.roll(meeting), queries.votes(meeting))
    if rules.why_not_end(now) or "end" not in queries.doable(request.actor, meeting):
        return redirect("meetings:hold", meeting.pk)
    context = {
        "title": _("End the meeting?"),
        "caption": meeting.title,
        "path": evening_path(meeting, (_("End the meeting"), "")),
        "warnings": [
            ToDo(one.sentence, _("Score the session"), reverse("assessment:sheet", args=[meeting.pk]))
            if one.of == "score"
            else ToDo(one.sentence)
            for one in queries.worth_a_second_look(meeting, clock.now())
        ],
        "sentences": [_("After that nothing more is written into it, and its minutes are composed.")],
        "button": _("End the meeting"),
        "back": back_to(meeting, "end"),
    }
    return render(request, "meetings/confirm.html", context)


@page(get=Capability.SEE_PROCEEDINGS, post=Capability.HOLD_MEETING)
def end(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = _get(request, meeting_id)
    if request.method != "POST":
        return _ask_to_end(request, meeting)
    try:
        actions.end_meeting(actor=request.actor, meeting_id=meeting_id, at=clock.now())
    except Refused as refusal:
        return _evening(request, meeting, refusal)
    messages.success(request, _("The meeting has ended, and its minutes are composed. Read them through."))
    return redirect("meetings:minutes", meeting_id)


def _get(request: Request, meeting_id: UUID) -> Meeting:
    return queries.get(request.actor, meeting_id, Capability.SEE_PROCEEDINGS)


def _evening(request: Request, meeting: Meeting, refusal: Refused | None = None) -> HttpResponse:
    can = queries.doable(request.actor, meeting)
    lines = queries.roll(meeting)
    parts = list(meeting.parts.select_related("owner"))
    given = tasks.of_origin([meeting.pk])
    votes, said = queries.votes(meeting), queries.contributions(meeting)
    now = queries.proceedings(meeting, lines, votes)
    said_to, voted_on = _by_part(said), _by_part(votes)
    points = queries.points(meeting, parts, said, votes, given)
    here = rules.next_point(points, now) if meeting.is_open else None
    steps = [
        Step(
            part,
            "" if part.holds == "clerk" and "officers" not in can else _written_on(meeting, part),
            "now" if n == here else "done" if rules.is_done(point, now) else "wait",
            said_to[part.pk],
            voted_on[part.pk],
        )
        for n, (part, point) in enumerate(zip(parts, points, strict=True))
    ]
    resolution = getattr(meeting, "resolution", None)
    before = _before_opening(meeting, can, len(parts))
    context = {
        "meeting": meeting,
        "title": meeting.title,
        "unit": org.name_on(meeting.unit_id, meeting.on),
        "path": path_of(meeting, (_("The meeting as it goes"), "")),
        "can": can,
        "minutes_since": _minutes_since(meeting),
        "may_open": meeting.state == State.ANNOUNCED and "hold" in can and not before,
        "before": before,
        "is_early": meeting.on == clock.today() and clock.now() < _begins_at(meeting) - EARLY,
        "may_write": meeting.is_open and "hold" in can,
        "counts": counts_in_words(lines),
        "absentees": absentees(lines),
        "is_called": bool(lines) and not now.not_called,
        "may_raise": access.can(request.actor, Capability.RECORD_MEETING, meeting.unit, matter=meeting.pk),
        "may_read_score": queries.may_read_score(request.actor, meeting),
        "steps": steps,
        "next": steps[here] if here is not None else None,
        "other_votes": voted_on[None],
        "given": [(task, lacks(task)) for task in given],
        "holds": {part.holds for part in parts},
        "resolution": resolution,
        "clauses": list(resolution.clauses.all()) if resolution else [],
        "missing": _missing(meeting, now, can) if meeting.is_open else [],
        "refusal": refusal,
    }
    return render(request, "meetings/hold.html", context, status=refusal.status if refusal else 200)


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that stands in the way: the sentence, and where it is dealt with, if the viewer may."""

    sentence: Sentence
    label: str = ""
    url: str = ""


def _missing(meeting: Meeting, now: rules.Proceedings, can: frozenset[str]) -> list[ToDo]:
    """What is missing before the end, each with the way to it; the end itself asks the same."""
    return [
        ToDo(one.sentence)
        if one.of == "officers" and "officers" not in can
        else ToDo(one.sentence, _("Go there"), reverse(MISSING_FROM[one.of], args=[meeting.pk]))
        for one in rules.what_is_missing(now)
    ]


def _before_opening(meeting: Meeting, can: frozenset[str], parts: int) -> list[ToDo]:
    """What stands in the way of opening a meeting, for who may open it; the opening itself asks the same."""
    kind, state = Kind(meeting.kind), State(meeting.state)
    change = reverse("meetings:change", args=[meeting.pk])
    if state is State.PREPARING and "announce" in can:
        lacks = rules.why_not_announce(state=state, place=meeting.place, parts=parts)
        found = [ToDo(why, _("Change day, time or place"), change) for why in lacks]
        notice = reverse("meetings:announce", args=[meeting.pk])
        why_not = rules.why_not_open(kind=kind, state=state, on=meeting.on, today=clock.today())
        return found + [ToDo(why, "" if found else _("Give notice"), "" if found else notice) for why in why_not]
    if state is not State.ANNOUNCED or "hold" not in can:
        return []
    today = clock.today()
    is_of_later_month = kind is Kind.REGULAR and meeting.month > today
    way = (
        (_("Plan another meeting"), reverse("meetings:plan", args=[meeting.unit_id]))
        if is_of_later_month
        else (_("Change day, time or place"), change)
    )
    return [ToDo(why, *way) for why in rules.why_not_open(kind=kind, state=state, on=meeting.on, today=today)]


def _by_part[T: (Contribution, Vote)](rows: Sequence[T]) -> dict[UUID | None, list[T]]:
    found: dict[UUID | None, list[T]] = defaultdict(list)
    for row in rows:
        found[row.part_id].append(row)
    return found


def _written_on(meeting: Meeting, part: Part) -> str:
    if part.holds == "minutes":
        return "#end"
    if name := WRITTEN_ON.get(part.holds):
        return reverse(name, args=[meeting.pk])
    return reverse("meetings:contribute", args=[part.pk])


def _minutes_since(meeting: Meeting) -> int:
    """For how many minutes a meeting has gone on, or went on."""
    if meeting.opened_at is None:
        return 0
    return int(((meeting.ended_at or clock.now()) - meeting.opened_at).total_seconds() // 60)


def counts_in_words(lines: Sequence[RollLine]) -> list[str]:
    """How many stand in the roll under each status, in words: `20 có mặt`."""
    counts = queries.roll_counts(lines)
    return [f"{counts[status]} {words}" for status, words in ATTENDANCE_WORDS.items() if counts[status]]


def absentees(lines: Sequence[RollLine]) -> list[RollLine]:
    """Who was called and did not come, or not for the whole time."""
    there = (AttendanceStatus.PRESENT, AttendanceStatus.ONLINE)
    return [line for line in lines if line.attendance and line.attendance.status not in there]


def lacks(task: Task) -> list[str]:
    """What a task was given without."""
    lacks = [] if task.due_on else [_("no due day")]
    return lacks if task.assignees.all() else [*lacks, _("nobody to do it")]


# Writing something down


def to_record(request: Request, meeting_id: UUID) -> Meeting:
    """A meeting to write into. Only the empty page is refused as a whole: what was typed is kept on it."""
    meeting = _get(request, meeting_id)
    if request.method != "POST":
        access.require(request.actor, Capability.RECORD_MEETING, meeting.unit, matter=meeting.pk)
        if reason := rules.why_not_record(State(meeting.state)):
            raise with_way(Refused(reason), meeting)
    return meeting


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page on which one thing is written: its template, its name, what happens, what is said then, where one goes."""

    template: str
    title: str
    act: Callable[[dict[str, Any]], object]
    done: str
    back: str


def write_down(
    request: Request, meeting: Meeting, sheet: Sheet, form: Form, context: dict[str, object]
) -> HttpResponse:
    """Shows a sheet; once it is sent and can be read, acts and leads back. A refusal keeps all that was typed."""
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = UNREADABLE
        if form.is_valid():
            try:
                sheet.act(form.cleaned_data)
            except NotThere:
                raise
            except Refused as refused:
                refusal, status = refused, refused.status
                refuse(request, form, with_way(refused, meeting))
            else:
                messages.success(request, sheet.done)
                return redirect(sheet.back)
    shown = {
        "meeting": meeting,
        "title": meeting.title,
        "heading": sheet.title,
        "path": evening_path(meeting, (sheet.title, "")),
        "form": form,
        "refusal": refusal,
        "minutes_since": _minutes_since(meeting),
    }
    return render(request, sheet.template, shown | context, status=status)


def evening_path(meeting: Meeting, *steps: tuple[str, str]) -> list[dict[str, str]]:
    return path_of(meeting, (_("The meeting as it goes"), reverse("meetings:hold", args=[meeting.pk])), *steps)


def back_to(meeting: Meeting, place: str = "") -> str:
    return reverse("meetings:hold", args=[meeting.pk]) + (f"#{place}" if place else "")


def step_of(meeting: Meeting, holds: str) -> str:
    """The place of a part on the page of the evening, by what it holds."""
    part = meeting.parts.filter(holds=holds).first()
    return f"part-{part.pk}" if part else ""


@page(get=Capability.HOLD_MEETING, post=Capability.HOLD_MEETING)
def officers(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = _get(request, meeting_id)
    if request.method != "POST":
        access.require(request.actor, Capability.HOLD_MEETING, meeting.unit)
        if meeting.is_over:
            stands = Refused(_("The meeting is over: who chaired and who took the minutes stands as it was."))
            raise with_way(stands, meeting)
    members = [line.person for line in queries.roll(meeting) if not line.is_guest]
    form = forms.Officers(
        request.POST or None,
        initial={
            "chair": str(meeting.chair_id or ""),
            "clerk": str(meeting.clerk_id or ""),
            "guests": meeting.guests,
        },
        members=members,
    )

    def act(typed: dict[str, Any]) -> object:
        return actions.name_chair_and_clerk(
            actor=request.actor,
            meeting_id=meeting_id,
            chair_id=typed["chair"],
            clerk_id=typed["clerk"],
            guests=typed["guests"],
            at=clock.now(),
        )

    sheet = Sheet("meetings/officers.html", _("Chair, clerk, guests"), act, _("It is written down."), back_to(meeting))
    return write_down(request, meeting, sheet, form, {})


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def roll(request: Request, meeting_id: UUID) -> HttpResponse:
    meeting = to_record(request, meeting_id)
    lines = queries.roll(meeting)
    form = forms.Roll(request.POST or None, lines=lines)

    def act(_typed: dict[str, Any]) -> object:
        return actions.call_roll(
            actor=request.actor, meeting_id=meeting_id, called=form.called, seen=form.seen, at=clock.now()
        )

    sheet = Sheet("meetings/roll.html", _("Roll call"), act, _("The roll is saved."), back_to(meeting, "roll"))
    return write_down(request, meeting, sheet, form, {"counts": counts_in_words(lines)})


# What is said to a part, and what came of it


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def contribute(request: Request, part_id: UUID) -> HttpResponse:
    """A part while it is spoken to: its material, what was said so far, and the next contribution."""
    part = queries.part(request.actor, part_id)
    meeting = to_record(request, part.meeting_id)
    form = forms.Contribute(request.POST or None, speakers=_speakers(queries.roll(meeting)))

    def act(typed: dict[str, Any]) -> object:
        return actions.record_contribution(
            actor=request.actor,
            meeting_id=meeting.pk,
            part_id=part_id,
            person_id=typed["person"],
            guest=typed["guest"],
            nature=typed["nature"],
            gist=typed["gist"],
            at=clock.now(),
        )

    sheet = Sheet("meetings/contribute.html", part.title, act, _("What was said is saved."), _said(part_id))
    return write_down(request, meeting, sheet, form, _part_context(meeting, part))


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def outcome(request: Request, part_id: UUID) -> HttpResponse:
    part = queries.part(request.actor, part_id)
    meeting = to_record(request, part.meeting_id)
    form = forms.OutcomeOfPart(
        request.POST or None,
        initial={"seen_version": part.version, "outcome": part.outcome, "note": part.outcome_note},
    )

    def act(typed: dict[str, Any]) -> object:
        return actions.set_outcome(actor=request.actor, part_id=part_id, at=clock.now(), **typed)

    back = back_to(meeting, f"part-{part_id}")
    sheet = Sheet("meetings/outcome.html", part.title, act, _("What came of the part is saved."), back)
    return write_down(request, meeting, sheet, form, {"part": part})


def _speakers(lines: Sequence[RollLine]) -> list[Person]:
    """Who may speak: those who came; before the roll call everybody."""
    return [line.person for line in lines if line.attendance is None or line.seat.came]


def _said(part_id: UUID) -> str:
    return reverse("meetings:contribute", args=[part_id]) + "#said"


def _part_context(meeting: Meeting, part: Part) -> dict[str, object]:
    following = meeting.parts.filter(position__gt=part.position).order_by("position").first()
    return {
        "part": part,
        "files": part.files.select_related("file").order_by("added_at", "pk"),
        "said": part.contributions.select_related("person").order_by("at", "pk"),
        "votes": part.votes.order_by("at", "pk"),
        "ledger": queries.ledger(meeting) if part.holds == "ledger" else None,
        "may_postpone": part.section == "conduct",
        "following": following,
        "following_url": _following(meeting, following),
    }


def _following(meeting: Meeting, part: Part | None) -> str:
    return back_to(meeting, "end") if part is None or part.holds == "minutes" else _written_on(meeting, part)


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def contribution(request: Request, contribution_id: UUID) -> HttpResponse:
    said = queries.contribution(request.actor, contribution_id)
    meeting = to_record(request, said.meeting_id)
    form = forms.Correct(
        request.POST or None, initial={"seen_version": said.version, "nature": said.nature, "gist": said.gist}
    )

    def act(typed: dict[str, Any]) -> object:
        return actions.correct_contribution(
            actor=request.actor, contribution_id=contribution_id, at=clock.now(), **typed
        )

    sheet = Sheet(
        "meetings/contribution.html", _("Correct what was said"), act, _("It is corrected."), _said(said.part_id)
    )
    return write_down(request, meeting, sheet, form, {"said": said})


@page(post=Capability.RECORD_MEETING)
def remove_contribution(request: Request, contribution_id: UUID) -> HttpResponse:
    said = queries.contribution(request.actor, contribution_id)
    actions.remove_contribution(actor=request.actor, contribution_id=contribution_id, at=clock.now())
    messages.success(request, _("The contribution is taken out."))
    return redirect(_said(said.part_id))


# Votes


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def vote(request: Request, meeting_id: UUID) -> HttpResponse:
    """A vote: how its base and threshold were worked out stands above the three numbers."""
    meeting = to_record(request, meeting_id)
    lines = queries.roll(meeting)
    base = queries.base(meeting, lines)
    thresholds = {matter: queries.threshold(meeting, matter) for matter in VoteMatter}
    on_paper = queries.rule(meeting, "vote.on_paper")
    assert isinstance(on_paper, list)
    parts = list(meeting.parts.filter(section="conduct"))
    form = forms.Vote(
        request.POST or None,
        initial={"part": request.GET.get("part", "")},
        base=base,
        thresholds=thresholds,
        on_paper=on_paper,
        parts=parts,
    )

    def act(typed: dict[str, Any]) -> object:
        return actions.take_vote(
            actor=request.actor,
            meeting_id=meeting_id,
            subject=typed["subject"],
            matter=typed["matter"],
            part_id=typed["part"],
            in_favour=typed["in_favour"],
            against=typed["against"],
            abstained=typed["abstained"],
            not_voting=typed["not_voting"],
            once_more=typed["once_more"],
            at=clock.now(),
        )

    back = reverse("meetings:vote", args=[meeting_id]) + "#taken"
    sheet = Sheet("meetings/vote.html", _("Votes"), act, _("The count is saved."), back)
    context = base_context(lines, base) | {"votes": queries.votes(meeting), "asked": asked_id(request, "part")}
    return write_down(request, meeting, sheet, form, context)


@page(get=Capability.RECORD_MEETING)
def ballots(request: Request, meeting_id: UUID, what: str) -> HttpResponse:
    """The ballots of a secret vote, or the list of who gets one with the record of the count, as Word files to print;
    `?part=` names the part of the agenda that is voted on."""
    meeting = to_record(request, meeting_id)
    part_id = asked_id(request, "part")
    part = meeting.parts.filter(pk=part_id).first() if part_id else None
    about = part.title if part else ""
    if what == "list":
        return download("Danh sách biểu quyết.docx", paperwork.voters(meeting, about), CONTENT_TYPES["docx"])
    return download("Phiếu biểu quyết.docx", paperwork.ballots(meeting, about), CONTENT_TYPES["docx"])


def base_context(lines: Sequence[RollLine], base: rules.Base) -> dict[str, object]:
    return {"base": base, "not_called": sum(line.attendance is None for line in lines)}


@page(get=Capability.RECORD_MEETING, post=Capability.RECORD_MEETING)
def withdraw_vote(request: Request, vote_id: UUID) -> HttpResponse:
    """One page asks before a count is taken back."""
    found = queries.vote(request.actor, vote_id)
    if request.method != "POST":
        return _ask_to_withdraw(request, to_record(request, found.meeting_id), found)
    actions.withdraw_vote(actor=request.actor, vote_id=vote_id, at=clock.now())
    messages.success(request, _("The count is taken back. Enter it again as it was counted."))
    return redirect(_page_of(found))


def _page_of(vote: Vote) -> str:
    """The page on which a vote is entered."""
    is_resolution = vote.part is not None and vote.part.holds == "resolution"
    return reverse("meetings:resolution" if is_resolution else "meetings:vote", args=[vote.meeting_id])


def _ask_to_withdraw(request: Request, meeting: Meeting, vote: Vote) -> HttpResponse:
    count = {"in_favour": vote.in_favour, "against": vote.against, "abstained": vote.abstained, "base": vote.base}
    context = {
        "title": _("Take the count back?"),
        "caption": vote.subject,
        "path": evening_path(meeting, (_("Votes"), _page_of(vote)), (_("Take the count back"), "")),
        "sentences": [
            _("In favour %(in_favour)s of %(base)s, against %(against)s, abstained %(abstained)s.") % count,
            _("The vote is then as if it had not been entered; enter it again as it was counted."),
        ],
        "button": _("Take the count back"),
        "back": _page_of(vote),
    }
    return render(request, "meetings/confirm.html", context)
