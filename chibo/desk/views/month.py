"""This month: the work of a cell from the results of last month to locked minutes, step by step down one column."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages as told
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.assessment import queries as assessment
from chibo.assessment.models import Tier
from chibo.assessment.queries.scores import Side
from chibo.core import clock
from chibo.core.refusals import Sentence
from chibo.core.templatetags.chibo import day, hour, points, spoken
from chibo.desk import actions, menu, queries
from chibo.desk.views import waiting
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import State
from chibo.opinions import queries as opinions
from chibo.people import queries as people
from chibo.people.models import Person, Title
from chibo.supervision import queries as supervision
from chibo.tasks import queries as tasks
from chibo.tasks.queries import Row
from chibo.tasks.rules import State as TaskState

A_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing within a step: a task, a part; with its state in words."""

    text: str
    url: str
    note: str
    tone: str
    words: Sentence


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    is_post: bool = False


@dataclass(slots=True)
class Step:
    """One step of the month: its state, whose it is, its day, one sentence and at most one button."""

    title: str
    tone: str
    words: Sentence
    who: str
    due: str
    sentence: Sentence
    button: Button | None = None
    warnings: list[Sentence] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    is_now: bool = False

    @property
    def state(self) -> str:
        if self.is_now:
            return "now"
        return "done" if self.tone == "done" else "wait"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the six steps are told from; read once. `hearing` is the meeting in which tasks are told of, `side` the
    cell's score sheet once the meeting is open.
    """

    viewer_person: UUID | None
    today: date
    meeting: Meeting
    hearing: Meeting | None
    can: frozenset[str]
    may_remind: bool
    secretary: Person | None
    leads_alone: bool
    ledger: list[Row]
    to_remind: int
    parts: list[Part]
    warning: Sentence
    side: Side | None
    may_score: bool

    def whose(self, person: Person | None, office: str) -> str:
        """Whose step it is: the viewer's own, or who by name and office."""
        if person is None:
            return office
        if person.pk == self.viewer_person:
            return _("You, %(office)s") % {"office": office}
        return _("Comrade %(name)s, %(office)s") % {"name": person.name, "office": office}

    @property
    def told_until(self) -> date:
        """Tasks due until this day are told of in the meeting that hears of them."""
        return (self.hearing or self.meeting).on

    @property
    def secretarys(self) -> str:
        return self.whose(self.secretary, str(Title.SECRETARY.label))


@page(get=Capability.SEE_MEETING)
def month(request: Request, unit_id: UUID) -> HttpResponse:
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today)
    meeting = meetings.current(unit_id, today)
    context: dict[str, object] = {
        "unit": unit,
        "meeting": meeting,
        "today": today,
        "here": reverse("month", args=[unit_id]),
        "desks": queries.desks(request.actor, today),
        "to_receive": people.to_receive(request.actor, unit_id),
        "opinions": opinions.counts_of(request.actor, unit, today),
        "places": menu.places(request.actor, unit),
        "waiting": waiting.of_cell(request.actor, unit, today, but=meeting),
        "proposals": supervision.proposals_for(request.actor, unit_id),
        "predecessors": meetings.predecessors(request.actor, unit, today),
    }
    if meeting:
        context["steps"] = _steps(_facts(request, meeting, today))
        soon = today + A_FORTNIGHT
        months = {today.replace(day=1), meeting.month}
        others = meetings.in_months(request.actor, [unit_id], *months, soon.replace(day=1))
        context["others"] = [one for one in others if one.pk != meeting.pk and (one.month in months or one.on <= soon)]
        context["unnumbered"] = meetings.unnumbered(request.actor, unit_id)
        context["previous"] = meetings.previous(meeting)
    return render(request, "desk/month.html", context)


@page(post=Capability.REMIND_TASK)
def remind(request: Request, unit_id: UUID) -> HttpResponse:
    reminded = actions.remind_all(actor=request.actor, unit_id=unit_id, at=clock.now())
    people = ngettext("One comrade is reminded", "%(n)s comrades are reminded", reminded.people) % {
        "n": reminded.people
    }
    of_tasks = ngettext("of one task.", "of %(n)s tasks.", reminded.tasks) % {"n": reminded.tasks}
    if reminded.people:
        told.success(request, f"{people} {of_tasks}")
    if reminded.in_person:
        sentence = _("No notice is sure to reach them, so remind them in person: %(names)s.")
        told.warning(request, sentence % {"names": ", ".join(reminded.in_person)})
    return redirect("month", unit_id)


def _facts(request: Request, meeting: Meeting, today: date) -> Facts:
    leaders = people.leaders(meeting.unit_id, today)
    parts = meetings.parts(meeting)
    may_remind = access.can(request.actor, Capability.REMIND_TASK, meeting.unit)
    hearing = meetings.hearing(meeting)
    told_until = (hearing or meeting).on
    to_remind = tasks.to_remind(request.actor, meeting.unit_id, due_until=told_until, on=today)
    return Facts(
        viewer_person=request.actor.person_id,
        today=today,
        meeting=meeting,
        hearing=hearing,
        can=meetings.doable(request.actor, meeting),
        may_remind=may_remind,
        secretary=next((one.person for one in leaders if one.title == Title.SECRETARY), None),
        leads_alone=len(leaders) < 2,
        ledger=meetings.ledger(hearing or meeting, as_of=today),
        to_remind=to_remind.count() if may_remind else 0,
        parts=parts,
        warning=meetings.why_all_the_secretarys(meeting, parts),
        side=assessment.side(meeting, Tier.SELF) if meeting.is_open or meeting.is_over else None,
        may_score=access.can(request.actor, Capability.SCORE_MEETING, meeting.unit, matter=meeting.pk),
    )


def _steps(facts: Facts) -> list[Step]:
    steps = [_results(facts), _prepare(facts), _announce(facts), _hold(facts), _score(facts), _close(facts)]
    _mark_now(facts, steps)
    return steps


def _mark_now(facts: Facts, steps: list[Step]) -> None:
    """The one step that is due: what the meeting's state asks for, else the first that is not done."""
    state = State(facts.meeting.state)
    first = {State.PREPARING: 1, State.ANNOUNCED: 3, State.UNDER_WAY: 3}.get(state, 5)
    if facts.meeting.is_over and steps[4].tone != "done":
        first = 4
    if state is State.PREPARING and steps[1].tone == "done":
        first = 2
    if state is State.ANNOUNCED and facts.today < facts.meeting.on:
        # A session that hears of no task does not wait for their reports.
        before = (0, 1) if facts.hearing == facts.meeting else (1,)
        first = next((n for n in before if steps[n].tone != "done"), 3)
    if steps[first].tone != "done":
        steps[first].is_now = True


def _results(facts: Facts) -> Step:
    """1. Last month's tasks: who has reported, who has not. What runs on past the meeting is not asked for yet."""
    asked = [
        row
        for row in facts.ledger
        if row.state != TaskState.OPEN or row.due_on is None or row.due_on <= facts.told_until
    ]
    silent = [row for row in asked if row.state == TaskState.OPEN]
    step = Step(
        title=_("Last month's tasks"),
        tone="done",
        words=_("All reported"),
        who=facts.secretarys,
        due=_("told at the regular meeting of %(day)s") % {"day": day(facts.hearing.on)}
        if facts.hearing
        else _("told at the next regular meeting"),
        sentence=_("No task of an earlier meeting is waiting for a result."),
    )
    later = len(facts.ledger) - len(asked)
    unsettled = sum(row.state == TaskState.REPORTED for row in asked)
    if not asked:
        step.words = _("Nothing due yet") if later else _("Nothing open")
    else:
        step.sentence = ngettext(
            "%(n)s of %(all)s task has been reported.", "%(n)s of %(all)s tasks have been reported.", len(asked)
        ) % {"n": len(asked) - len(silent), "all": len(asked)}
    if unsettled:
        step.sentence = f"{step.sentence} " + ngettext(
            "One report waits for the cell's word.", "%(n)s reports wait for the cell's word.", unsettled
        ) % {"n": unsettled}
    if later:
        step.sentence = f"{step.sentence} " + ngettext(
            "One task runs on past this meeting.", "%(n)s tasks run on past this meeting.", later
        ) % {"n": later}
    if asked and later:
        step.words = _("All that is due is reported")
    if not asked:
        return step
    step.lines = [
        Line(
            row.title,
            reverse("tasks:task", args=[row.task_id]),
            ", ".join(row.assignees) + (f" · {row.due_on:%d/%m/%Y}" if row.due_on else ""),
            row.standing.tone,
            row.status,
        )
        for row in silent
    ]
    if silent:
        step.tone = "late" if any(row.standing.tone == "late" for row in silent) else "wait"
        step.words = ngettext("One report missing", "%(n)s reports missing", len(silent)) % {"n": len(silent)}
        if facts.to_remind:
            step.button = Button(_("Remind them"), reverse("remind_all", args=[facts.meeting.unit_id]), is_post=True)
        elif facts.may_remind and all(row.assignees for row in silent):
            step.sentence = f"{step.sentence} " + _("Everybody was reminded today.")
    return step


def _prepare(facts: Facts) -> Step:
    """2. The parts of the agenda, each with who prepares it by when, and the committee's own meeting."""
    meeting = facts.meeting
    ready, all_parts = meetings.handed_in(facts.parts)
    prepared = [part for part in facts.parts if part.is_prepared]
    due = [part.due_on for part in prepared if part.due_on]
    has_met = facts.leads_alone or hasattr(meeting, "preparatory")
    step = Step(
        title=_("Prepare"),
        tone="done",
        words=_("%(n)s of %(all)s handed in") % {"n": ready, "all": all_parts},
        who=facts.secretarys,
        due=_("until %(day)s") % {"day": day(max(due))} if due else "",
        sentence=_("Everything is handed in and the committee has met.")
        if hasattr(meeting, "preparatory")
        else _("Everything is handed in."),
        lines=[_part_line(part, facts.today) for part in prepared],
    )
    if meeting.is_open or meeting.is_over:
        step.sentence = _("The agenda and the papers stand as they were when the meeting began.")
        step.tone = "done" if ready == all_parts else "wait"
        step.lines = []
        return step
    step.warnings = [facts.warning] if facts.warning else []
    nobodys = next((part for part in prepared if part.owner_id is None), None)
    mine = next((one for one in prepared if one.owner_id == facts.viewer_person and one.handed_in_at is None), None)
    if ready < all_parts or not has_met:
        step.tone = "late" if any(line.tone == "late" for line in step.lines) else "wait"
    if nobodys:
        step.sentence = _("A part of the agenda is given to nobody yet.")
        step.button = _if("prepare" in facts.can, _("Say who prepares it"), "meetings:assign_part", nobodys.pk)
    elif mine and mine.owner_id:
        step.sentence = _("“%(title)s” is yours to prepare.") % {"title": mine.title}
        step.button = _if("write" in facts.can, _("Prepare my part"), "meetings:part", mine.pk)
    elif not has_met:
        step.sentence = _("The committee's own meeting, which agrees the content, is not recorded yet.")
        step.button = _if(
            "preparatory" in facts.can, _("Record the preparatory meeting"), "meetings:preparatory", meeting.pk
        )
    elif ready < all_parts:
        step.sentence = _("The parts below are still with those who prepare them.")
    step.button = step.button or _if("prepare" in facts.can, _("See the agenda"), "meetings:meeting", meeting.pk)
    return step


def _part_line(part: Part, today: date) -> Line:
    owner = part.owner.name if part.owner else _("nobody yet")
    tone, words = ("wait", _("Being prepared"))
    if part.handed_in_at:
        tone, words = ("done", _("Handed in"))
    elif part.owner is None or (part.due_on and part.due_on < today):
        tone, words = ("late", _("Overdue") if part.owner else _("Given to nobody"))
    note = f"{owner} · {part.due_on:%d/%m/%Y}" if part.due_on else owner
    return Line(part.title, reverse("meetings:part", args=[part.pk]), note, tone, words)


def _if(may: bool, label: str, name: str, thing: UUID) -> Button | None:  # reads as "if … then"
    return Button(label, reverse(name, args=[thing])) if may else None


def _announce(facts: Facts) -> Step:
    """3. Day, place and papers go out; who has read."""
    meeting = facts.meeting
    step = Step(
        title=_("Give notice"),
        tone="done",
        words=_("Notice is given"),
        who=facts.secretarys,
        due="",
        sentence=_("%(time)s, %(day)s, %(place)s.")
        % {"time": hour(meeting.time), "day": day(meeting.on), "place": meeting.place or _("place not written yet")},
    )
    if meeting.state == State.PREPARING:
        notice_due_on = meetings.notice_due_on(meeting)
        step.due = _("until %(day)s") % {"day": day(notice_due_on)}
        step.tone, step.words = ("late", _("Overdue")) if notice_due_on < facts.today else ("wait", _("Not given yet"))
        if not meeting.place:
            step.button = _if("change" in facts.can, _("Write the place"), "meetings:change", meeting.pk)
        else:
            step.button = _if("announce" in facts.can, _("Give notice"), "meetings:announce", meeting.pk)
        return step
    if meeting.state == State.ANNOUNCED:
        audience = meetings.audience(meeting)
        step.sentence += " " + _(
            "%(opened)s of %(all)s invited have opened the notice, %(read)s have read the papers."
        ) % {
            "all": len(audience),
            "opened": sum(bool(one.notice and one.notice.read_at) for one in audience),
            "read": sum(one.papers_read_at is not None for one in audience),
        }
        step.button = Button(_("Who has read"), reverse("meetings:meeting", args=[meeting.pk]) + "#readers")
    return step


def _hold(facts: Facts) -> Step:
    """4. The meeting itself."""
    meeting = facts.meeting
    is_chair = meeting.chair is not None
    step = Step(
        title=_("Hold the meeting"),
        tone="wait",
        words=_("Not yet"),
        who=facts.whose(meeting.chair, _("chair")) if is_chair else facts.secretarys,
        due=f"{hour(meeting.time)}, {day(meeting.on)}",
        sentence=_("Roll call, discussion, votes, conclusions and tasks are written down while the meeting goes on."),
    )
    may_hold = "hold" in facts.can
    if meeting.is_over:
        step.tone, step.words = "done", _("Held")
        step.sentence = _("The meeting was held on %(day)s.") % {"day": day(meeting.on)}
    elif meeting.is_open:
        step.tone, step.words = "now", _("Meeting under way")
        step.button = _if(may_hold, _("Go on with the meeting"), "meetings:hold", meeting.pk)
    elif meeting.on < facts.today:
        step.tone, step.words = "late", _("Not held on its day")
        step.sentence = _("The day is over. Change it if the rule still allows, or give notice and open the meeting.")
        step.button = _if("change" in facts.can, _("Change the day"), "meetings:change", meeting.pk)
    if meeting.state == State.ANNOUNCED and facts.today >= meeting.on:
        step.button = _if(may_hold, _("Open the meeting"), "meetings:hold", meeting.pk)
    return step


def _score(facts: Facts) -> Step:
    """5. The session scored by the cell itself, before its minutes are read back."""
    meeting = facts.meeting
    side = facts.side
    step = Step(
        title=_("Score the session"),
        tone="wait",
        words=_("Not yet"),
        who=facts.secretarys,
        due="",
        sentence=_("Most of the sheet is filled in from what was written down; the rest is judged."),
    )
    if side is None:
        return step
    if side.due_on:
        step.due = _("until %(day)s") % {"day": day(side.due_on)}
    if side.framework.scores.self == "observer":
        step.who = facts.whose(side.observer, _("observer of the meeting")) if side.observer else _("nobody yet")
    if side.scoring and side.scoring.handed_in_at:
        step.tone, step.words = "done", _("Scored")
        step.sentence = _("The cell gave its session %(points)s points: %(band)s.") % {
            "points": points(side.scoring.total),
            "band": spoken(side.framework.band(side.scoring.band).title),
        }
        step.button = Button(_("See the score"), reverse("assessment:scores", args=[meeting.pk]))
    else:
        is_late = side.due_on is not None and facts.today > side.due_on
        step.tone, step.words = ("late", _("Overdue")) if is_late else ("now", _("To do"))
        step.button = _if(facts.may_score, _("Score the session"), "assessment:sheet", meeting.pk)
    return step


def _close(facts: Facts) -> Step:
    """6. Minutes read back, adopted, locked; papers in Word."""
    meeting = facts.meeting
    who = facts.whose(meeting.clerk, _("clerk of the meeting")) if meeting.clerk else facts.secretarys
    step = Step(
        title=_("Close: minutes and papers"),
        tone="wait",
        words=_("Not yet"),
        who=who,
        due=_("until %(day)s") % {"day": day(meetings.papers_out_on(meeting))},
        sentence=_("Minutes are composed from what was written down, read back, adopted and locked."),
    )
    if meeting.state == State.ENDED:
        step.tone, step.words = "now", _("To finish")
        step.button = _if("minutes" in facts.can, _("Finish the minutes"), "meetings:minutes", meeting.pk)
    return step
