"""Pages about attending: the board of a committee, a month on one line, reports, proposals, reminders."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.actions import note_reading
from chibo.access.capabilities import Capability
from chibo.access.pages import UNREADABLE, Request, carry_out, page
from chibo.core import clock, period
from chibo.core.forms import Form
from chibo.core.http import asked_id, asked_month, asked_words, months_around
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.meetings.rules import State
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.supervision import actions, forms, queries, rules
from chibo.supervision.models import Promise, Report

PER_PAGE = 25
PER_LINE = 60
MOST_FOUND = 20
A_WEEK = 7


def _unit(request: Request, unit_id: UUID, on: date) -> Unit:
    """A unit whose cells' attendance a viewer plans. Raises NotThere for the unseen."""
    return access.managed_unit(request.actor, unit_id, Capability.PLAN_ATTENDANCE, on)


def _path(unit: Unit, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (unit.name or "", reverse("unit", args=[unit.pk])),
        (_("Who attends which cell"), reverse("supervision:board", args=[unit.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


# For a committee


@page(get=Capability.PLAN_ATTENDANCE)
def board(request: Request, unit_id: UUID) -> HttpResponse:
    """Who follows which cell, who follows how many, what is missing and what was promised and is late."""
    today = clock.today()
    unit = _unit(request, unit_id, today)
    shown = Paginator(queries.cells(request.actor, unit, today), PER_PAGE).get_page(request.GET.get("page"))
    missing = queries.missing(request.actor, unit, today)
    late = queries.promises_late(request.actor, unit, today)
    loads, reminders = queries.loads(unit, today), queries.reminders_of(request.actor, unit)
    context = {
        "unit": unit,
        "page": shown,
        "assigned": queries.assignments(unit, list(shown), today),
        "loads": loads[:PER_PAGE],
        "loads_n": len(loads),
        "without": queries.without_follower(request.actor, unit, today).count(),
        "missing": missing.count(),
        "late": _with_units(late[:PER_PAGE], today),
        "late_n": late.count(),
        "reminders": reminders[:PER_PAGE],
        "reminders_n": reminders.count(),
        "path": _path(unit),
    }
    return render(request, "supervision/board.html", context)


def _with_units(promises: Any, today: date) -> list[tuple[Promise, str]]:
    rows = list(promises)
    names = org.names_on({one.report.meeting.unit_id for one in rows}, today)
    return [(one, names.get(one.report.meeting.unit_id, "")) for one in rows]


@page(get=Capability.PLAN_ATTENDANCE)
def missing(request: Request, unit_id: UUID) -> HttpResponse:
    """The meetings on which nobody has reported in time, for the committee that sent somebody."""
    today = clock.today()
    unit = _unit(request, unit_id, today)
    shown = Paginator(queries.missing(request.actor, unit, today), PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.unit_id for one in shown}, today)
    who = meetings.attending_of(list(shown))
    context = {
        "unit": unit,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, ""), ", ".join(person.name for person in who[one.pk])) for one in shown],
        "path": _path(unit, (_("Reports that are missing"), "")),
    }
    return render(request, "supervision/missing.html", context)


@page(get=Capability.PLAN_ATTENDANCE, post=Capability.PLAN_ATTENDANCE)
def assign(request: Request, unit_id: UUID) -> HttpResponse:
    """Lets somebody follow several cells; found by his name first."""
    today = clock.today()
    unit = _unit(request, unit_id, today)
    words = asked_words(request)
    found = access.people_with_accounts(request.actor, words, today)[:MOST_FOUND]
    users = [(str(one.person.user_id), f"{one.person.name}, {one.unit_name}") for one in found]
    shown = Paginator(queries.cells(request.actor, unit, today), PER_PAGE).get_page(request.GET.get("page"))
    cells = [(str(one.pk), one.name or "") for one in shown]
    form = forms.Assign(
        request.POST if request.method == "POST" else None, users=users, cells=cells, initial={"since": today}
    )

    def act() -> None:
        typed = form.cleaned_data
        actions.assign(
            actor=request.actor,
            unit_ids=[UUID(one) for one in typed["cells"]],
            user_id=UUID(typed["user"]),
            since=typed["since"],
            replaces=typed["replaces"],
            at=clock.now(),
        )

    if status := carry_out(form, act):
        context = {
            "unit": unit,
            "form": form if users or form.is_bound else None,
            "words": words,
            "page": shown,
            "path": _path(unit, (_("Assign"), "")),
        }
        return render(request, "supervision/assign.html", context, status=status)
    messages.success(request, _("It is entered who follows these cells."))
    return redirect("supervision:board", unit_id)


@page(get=Capability.PLAN_ATTENDANCE)
def plan(request: Request, unit_id: UUID) -> HttpResponse:
    """A month on one line, its clashes, and the fewest moves and stand-ins that mend them."""
    today = clock.today()
    unit = _unit(request, unit_id, today)
    # In its second week a month is planned no more: then the next one is shown.
    month = asked_month(request, today if today.day <= A_WEEK else period.month_after(today))
    line = queries.line_of_month(request.actor, unit, month)
    clashes = sum(one.clashes for one in line)
    changes, without = queries.proposed(unit, line, month, today) if clashes else ([], [])
    nobody = [one for one in line if not one.people]
    shown = Paginator([one for one in line if one.people], PER_LINE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "month": month,
        "page": shown,
        "days": [(on, list(lines)) for on, lines in groupby(shown, key=lambda one: one.meeting.on)],
        "clashes": clashes,
        "changes": changes[:PER_PAGE],
        "changes_n": len(changes),
        "without": without[:PER_PAGE],
        "without_n": len(without),
        "nobody": nobody[:PER_PAGE],
        "nobody_n": len(nobody),
        **months_around(month),
        "path": _path(unit, (_("The month on one line"), "")),
    }
    return render(request, "supervision/plan.html", context)


def _planned(request: Request, meeting_id: UUID) -> Meeting:
    meeting = meetings.get(request.actor, meeting_id)
    access.require(request.actor, Capability.PLAN_ATTENDANCE, meeting.unit)
    return meeting


def _frame(meeting: Meeting, heading: str) -> dict[str, object]:
    name = org.name_on(meeting.unit_id, meeting.on)
    title = meeting.title
    return {
        "meeting": meeting,
        "unit_name": name,
        "title": title,
        "heading": heading,
        "caption": f"{name} · {title}",
        "path": [
            {"name": name, "url": reverse("unit", args=[meeting.unit_id])},
            {"name": title, "url": reverse("meetings:meeting", args=[meeting.pk])},
            {"name": heading, "url": ""},
        ],
    }


def _small(
    request: Request, form: Form, act: Callable[[], object], frame: dict[str, object], button: str, done: str, back: str
) -> HttpResponse:
    """One small form on a page of its own; once it is done, a word and the way back."""
    if status := carry_out(form, act):
        return render(request, "core/one_form.html", frame | {"form": form, "button": button}, status=status)
    messages.success(request, done)
    return redirect(back)


def _back_to_plan(request: Request, meeting: Meeting) -> str:
    above = request.GET.get("of", "")
    try:
        unit_id = UUID(above)
    except ValueError:
        return reverse("meetings:meeting", args=[meeting.pk])
    return reverse("supervision:plan", args=[unit_id]) + f"?month={meeting.month:%Y-%m}"


@page(get=Capability.PLAN_ATTENDANCE, post=Capability.PLAN_ATTENDANCE)
def propose(request: Request, meeting_id: UUID) -> HttpResponse:
    """Another day proposed to the secretary; `?on=` and `?of=` come from the plan."""
    meeting = _planned(request, meeting_id)
    initial: dict[str, object] = {"reason": _("Who follows the cell has another meeting at that time.")}
    with suppress(ValueError):
        initial["to_on"] = date.fromisoformat(request.GET.get("on", ""))
    form = forms.Propose(request.POST if request.method == "POST" else None, initial=initial)
    return _small(
        request,
        form,
        lambda: actions.propose_day(actor=request.actor, meeting_id=meeting_id, at=clock.now(), **form.cleaned_data),
        _frame(meeting, _("Propose another day")),
        _("Send it to the secretary"),
        _("The proposal is with the secretary."),
        _back_to_plan(request, meeting),
    )


@page(get=Capability.PLAN_ATTENDANCE, post=Capability.PLAN_ATTENDANCE)
def stand_in(request: Request, meeting_id: UUID) -> HttpResponse:
    """Somebody else for one meeting, from among those who follow cells of the same committee."""
    meeting = _planned(request, meeting_id)
    people = [(str(one.pk), one.name) for one in queries.possible_stand_ins(meeting, clock.today())]
    form = forms.StandIn(
        request.POST if request.method == "POST" else None, initial={"person": request.GET.get("person", "")}
    )
    form.offer("person", people)

    def act() -> None:
        actions.name_stand_in(
            actor=request.actor, meeting_id=meeting_id, person_id=UUID(form.cleaned_data["person"]), at=clock.now()
        )

    return _small(
        request,
        form,
        act,
        _frame(meeting, _("Somebody else for this meeting")),
        _("Send him"),
        _("It is entered who goes to this meeting."),
        _back_to_plan(request, meeting),
    )


@page(get=Capability.SEE_MEETING, post=Capability.PLAN_MEETING)
def proposal(request: Request, proposal_id: UUID) -> HttpResponse:
    """Another day that a committee proposes: the secretary accepts it, or says why not."""
    found = queries.proposal(request.actor, proposal_id)
    if found.answered_at is not None:
        note_reading(actor=request.actor, read={found.meeting.unit_id: [rules.PROPOSAL]}, at=clock.now())
    form = forms.Answer(request.POST if request.method == "POST" else None)
    accepts = request.POST.get("then") == "accept"

    def act() -> None:
        actions.answer_proposal(
            actor=request.actor,
            proposal_id=proposal_id,
            accepts=accepts,
            answer=form.cleaned_data["answer"],
            at=clock.now(),
        )

    if status := carry_out(form, act):
        may = access.can(request.actor, Capability.PLAN_MEETING, found.meeting.unit)
        context = _frame(found.meeting, _("Another day is proposed")) | {"proposal": found, "form": form, "may": may}
        return render(request, "supervision/proposal.html", context, status=status)
    messages.success(request, _("The meeting is moved.") if accepts else _("Your answer is with the committee."))
    return redirect("meetings:meeting", found.meeting_id)


# Reports


@page(get=Capability.WRITE_REPORT, post=Capability.WRITE_REPORT)
def report(request: Request, meeting_id: UUID) -> HttpResponse:
    """One page after a meeting, by who attended it."""
    meeting, found = queries.report_of(request.actor, meeting_id)
    after = reverse("supervision:reports", args=[meeting_id])
    if not access.can(request.actor, Capability.SEE_REPORTS, meeting.unit, matter=meeting.pk):
        after = reverse("home")  # who was replaced since reads the cell's reports no more
    if found and found.handed_in_at and request.method != "POST":
        return redirect(after)
    why = rules.why_not_report(State(meeting.state), is_handed_in=False)
    if why and request.method != "POST":
        raise Refused(why)
    status = 200
    if request.method == "POST":
        form = forms.Report(request.POST)
        hands_in = request.POST.get("then") == "hand_in"
        status = UNREADABLE
        if form.is_valid():
            try:
                actions.save_report(
                    actor=request.actor, meeting_id=meeting_id, hands_in=hands_in, at=clock.now(), **form.given
                )
            except NotThere:
                raise
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(
                    request, _("The report is handed in.") if hands_in else _("The report is kept as it stands.")
                )
                return redirect(after if hands_in else request.path)
    else:
        form = forms.Report(initial=_as_it_stands(found))
    context = _frame(meeting, _("Report on the meeting")) | {"form": form, "due_on": queries.due_on(meeting)}
    return render(request, "supervision/report.html", context, status=status)


def _as_it_stands(found: Report | None) -> dict[str, object]:
    if found is None:
        return {"seen_version": 0}
    names = ("absent_because", "seen", "helped", "opinions")
    initial: dict[str, object] = {name: getattr(found, name) for name in names}
    initial |= {"was_there": "yes" if found.was_there else "no", "seen_version": found.version}
    for n, promise in enumerate(found.promises.order_by("due_on", "pk")):
        initial |= {f"promise_{n}": promise.text, f"due_on_{n}": promise.due_on}
    return initial


@page(get=Capability.SEE_REPORTS)
def reports(request: Request, meeting_id: UUID) -> HttpResponse:
    """What was reported on a meeting and promised there, for the cell and for the committee."""
    today = clock.today()
    meeting = meetings.get(request.actor, meeting_id)
    access.require(request.actor, Capability.SEE_REPORTS, meeting.unit, matter=meeting.pk)
    found = queries.reports_on(request.actor, meeting)
    may_keep = access.can(request.actor, Capability.WRITE_REPORT, meeting.unit, matter=meeting.pk)
    context = _frame(meeting, _("Reports on the meeting")) | {
        "reports": [
            (
                one,
                [
                    (
                        promise,
                        rules.promise_standing(
                            kept_on=clock.day_of(promise.kept_at) if promise.kept_at else None,
                            due_on=promise.due_on,
                            today=today,
                        ),
                    )
                    for promise in one.promises.all()
                ],
            )
            for one in found
        ],
        "may_keep": may_keep,
    }
    return render(request, "supervision/reports.html", context)


@page(get=Capability.WRITE_REPORT, post=Capability.WRITE_REPORT)
def keep(request: Request, promise_id: UUID) -> HttpResponse:
    promise = queries.promise(request.actor, promise_id)
    meeting = promise.report.meeting
    if not queries.may_keep(request.actor, promise):
        raise Forbidden(_("Who gave this promise says how it was kept, or who follows the cell now."))
    is_reader = access.can(request.actor, Capability.SEE_REPORTS, meeting.unit, matter=meeting.pk)
    form = forms.Kept(request.POST if request.method == "POST" else None)
    return _small(
        request,
        form,
        lambda: actions.keep_promise(actor=request.actor, promise_id=promise_id, at=clock.now(), **form.cleaned_data),
        _frame(meeting, _("How the promise was kept")) | {"text": promise.text},
        _("Write it down"),
        _("It is written down, and the cell is told."),
        reverse("supervision:reports", args=[meeting.pk]) if is_reader else reverse("home"),
    )


# Reminders


@page(get=Capability.PLAN_ATTENDANCE, post=Capability.PLAN_ATTENDANCE)
def remind(request: Request, unit_id: UUID) -> HttpResponse:
    """A prompt reminder to who leads a cell or follows it."""
    today = clock.today()
    unit = _unit(request, unit_id, today)
    people = [(str(one.pk), one.name) for one in queries.who_is_reminded(unit, today)]
    initial = _of_missing_report(request, unit) if request.method == "GET" else {}
    form = forms.Remind(request.POST if request.method == "POST" else None, people=people, initial=initial)

    def act() -> None:
        typed = form.cleaned_data
        actions.send_reminder(
            actor=request.actor, unit_id=unit_id, to_id=UUID(typed["to"]), text=typed["text"], at=clock.now()
        )

    frame: dict[str, object] = {
        "caption": unit.name,
        "heading": _("Remind"),
        "path": [{"name": unit.name or "", "url": reverse("unit", args=[unit_id])}, {"name": _("Remind"), "url": ""}],
        "nobody": "" if people else _("Nobody leads or follows this unit yet, so nobody can be reminded."),
    }
    back = reverse("unit", args=[unit_id])
    return _small(request, form, act, frame, _("Send the reminder"), _("The reminder is on its way."), back)


def _of_missing_report(request: Request, unit: Unit) -> dict[str, str]:
    """What a reminder of a report that is missing begins with (`?meeting=`)."""
    meeting_id = asked_id(request, "meeting")
    meeting = queries.missing(request.actor, unit, clock.today()).filter(pk=meeting_id).first() if meeting_id else None
    if meeting is None:
        return {}
    who = meetings.attending(meeting)
    sentence = _("The report on the %(kind)s of %(on)s has not come in yet. Please hand it in.")
    text = sentence % {"kind": meeting.get_kind_display(), "on": f"{meeting.on:%d/%m/%Y}"}
    return {"text": text} | ({"to": str(who[0].pk)} if who else {})


@page(get=Capability.HOME, post=Capability.HOME)
def reminder(request: Request, reminder_id: UUID) -> HttpResponse:
    """A reminder and its answer: who was reminded answers here, who sent it reads it."""
    found = queries.reminder(request.actor, reminder_id)
    if found.answered_at is not None:
        note_reading(actor=request.actor, read={found.unit_id: [rules.REMINDER]}, at=clock.now())
    form = forms.ReminderAnswer(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.answer_reminder(
            actor=request.actor, reminder_id=reminder_id, answer=form.cleaned_data["answer"], at=clock.now()
        )

    if status := carry_out(form, act):
        context = {
            "reminder": found,
            "form": form,
            "unit_name": org.name_on(found.unit_id, clock.today()),
            "may_answer": found.to_id == request.actor.person_id and found.answered_at is None,
        }
        return render(request, "supervision/reminder.html", context, status=status)
    messages.success(request, _("Your answer is with the committee."))
    return redirect("supervision:reminder", reminder_id)
