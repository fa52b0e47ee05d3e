"""Pages of growth: the cases of a cell, one case in its steps, what is due below a committee, its targets."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.admissions import actions, forms, paperwork, queries, rules
from chibo.admissions.models import STAGE_WORDS, Case, Step
from chibo.admissions.rules import COUNTED, MATTERS, Stage, State
from chibo.core import clock, period, sheets
from chibo.core.forms import Form
from chibo.core.http import asked_year, download
from chibo.core.refusals import NotThere
from chibo.core.words import Said
from chibo.documents.rules import CONTENT_TYPES
from chibo.org import queries as org
from chibo.org.models import Unit

PER_PAGE = 25
LINES = 50
BUTTONS = {
    Stage.HELPER: gettext_lazy("Name the helper"),
    Stage.REMARK: gettext_lazy("Write down a remark"),
    Stage.COURSE: gettext_lazy("Write down the certificate"),
    Stage.APPROVAL: gettext_lazy("Write down the special approval"),
    Stage.FILE: gettext_lazy("The file is complete"),
    Stage.CELL_VOTE: gettext_lazy("Choose the vote of the meeting"),
    Stage.COMMITTEE_VOTE: gettext_lazy("Enter the committee's vote"),
    Stage.DECISION: gettext_lazy("Enter the decision"),
    Stage.CEREMONY: gettext_lazy("Write down the ceremony"),
    Stage.RECOGNITION_VOTE: gettext_lazy("Choose the vote of the meeting"),
    Stage.RECOGNITION_COMMITTEE: gettext_lazy("Enter the committee's vote"),
    Stage.RECOGNITION: gettext_lazy("Enter the decision"),
    Stage.REMOVAL_VOTE: gettext_lazy("Choose the vote on the removal"),
    Stage.REMOVAL: gettext_lazy("Enter the removal"),
}


def _path(unit: Unit, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (unit.name or "", reverse("unit", args=[unit.pk])),
        (_("Growth of the Party"), reverse("admissions:of_unit", args=[unit.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


def _path_to(found: Case, *steps: tuple[str, str]) -> list[dict[str, str]]:
    unit = org.known_as(found.unit, clock.today())
    return _path(unit, (found.name, reverse("admissions:case", args=[found.pk])), *steps)


# A cell, a committee


@page(get=Capability.SEE_ADMISSIONS)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """Of a cell its cases, what is due first; of a committee what is due below it this month and before."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    if not unit.kind.has_members:
        return _below(request, unit)
    shown = Paginator(queries.cases(request.actor, unit), PER_PAGE).get_page(request.GET.get("page"))
    until = period.month(today).last_day or today
    _due, without_since = queries.at_a_glance(request.actor, unit, until, today)
    context = {
        "unit": unit,
        "page": shown,
        "today": today,
        "until": until,
        "may_begin": access.can(request.actor, Capability.LEAD_ADMISSION, unit),
        "without_since": without_since,
        "leads": access.can(request.actor, Capability.SEE_ADMISSIONS, unit),
        "path": _path(unit),
    }
    return render(request, "admissions/of_unit.html", context)


def _below(request: Request, unit: Unit) -> HttpResponse:
    access.require(request.actor, Capability.SEE_ADMISSIONS, unit)
    today = clock.today()
    until = period.month(today).last_day
    assert until is not None
    rows = queries.due_below(request.actor, unit, until, waiting=True)
    if sheets.is_wanted(request):
        return _due_as_sheet(unit, list(sheets.all_of(rows)))
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on((one.unit_id for one in shown), today)
    since = queries.since_without(unit, today)
    context = {
        "unit": unit,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, "")) for one in shown],
        "today": today,
        "until": until,
        "without_n": queries.cells_without(request.actor, unit, since, today).order_by().count(),
        "since": since,
        "path": _path(unit),
    }
    return render(request, "admissions/below.html", context)


def _due_as_sheet(unit: Unit, rows: list[Case]) -> HttpResponse:
    names = org.names_on((one.unit_id for one in rows), clock.today())
    head = [_("Unit"), _("Full name"), _("What is due"), _("By")]
    lines = [[names.get(one.unit_id, ""), one.name, one.get_due_for_display(), one.due_on] for one in rows]
    return sheets.download_lists(f"ket-nap-{clock.today():%Y%m%d}", [sheets.Sheet(unit.name or "", head, lines)])


@page(get=Capability.SEE_ADMISSIONS)
def without(request: Request, unit_id: UUID) -> HttpResponse:
    """The cells below a committee in which nobody was found for a long time, by name."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    access.require(request.actor, Capability.SEE_ADMISSIONS, unit)
    since = queries.since_without(unit, today)
    shown = Paginator(queries.cells_without(request.actor, unit, since, today), LINES).get_page(request.GET.get("page"))
    notes = org.told_apart({one.pk: one.name or "" for one in shown})
    context = {
        "unit": unit,
        "page": shown,
        "cells": [(one, notes.get(one.pk, "")) for one in shown],
        "since": since,
        "path": _path(unit, (_("Cells without a candidate"), "")),
    }
    return render(request, "admissions/without.html", context)


@page(get=Capability.LEAD_ADMISSION, post=Capability.LEAD_ADMISSION)
def begin(request: Request, unit_id: UUID) -> HttpResponse:
    """Somebody whom an organisation proposes."""
    unit = org.get(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.LEAD_ADMISSION, unit)
    typed = request.POST if request.method == "POST" else None
    form = forms.Begin(typed, initial={"found_on": clock.today()})
    made: list[Case] = []

    def act() -> None:
        made.append(actions.begin(actor=request.actor, unit_id=unit_id, at=clock.now(), **form.cleaned_data))

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Write down who was found"),
            "text": _("Only the leaders of the cell, those who decide above, and the helpers see it."),
            "form": form,
            "button": _("Write it down"),
            "path": _path(unit, (_("Write down who was found"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is written down. Below you see what comes next, and by when."))
    return redirect("admissions:case", made[0].pk)


# One case


@page(get=Capability.SEE_ADMISSIONS)
def case(request: Request, case_id: UUID) -> HttpResponse:
    """One case in its steps: what is done, what comes next and by when, what is missing, and what may be entered."""
    viewer, today = request.actor, clock.today()
    found = queries.case(viewer, case_id)
    steps = queries.steps(found)
    way = queries.way(found, steps)
    figures = queries.figures(found.unit, today)
    powers = queries.powers(viewer, found)
    possible = [stage for stage in rules.possible(way) if stage in powers]
    if not rules.is_beyond_the_age(found.born_on, today, figures):
        possible = [stage for stage in possible if stage is not Stage.APPROVAL]
    following = rules.next_stage(way)
    names = org.names_on([found.unit_id, *(one.unit_id for one in steps if one.unit_id)], today)
    leads = Stage.HELPER in powers
    part, last = queries.laid(found), steps[-1]
    stops = found.state == State.STOPPED and not last.stands
    may_take_back = last.stage in powers and rules.why_not_take_back(
        Stage(last.stage), State(found.state), stands=last.stands, stops=stops and found.why == "not_agreed"
    ) is None  # fmt: skip
    context = {
        "case": found,
        "unit": names.get(found.unit_id, ""),
        "part": part,
        "lines": _lines(steps, way, names),
        "next": following,
        "next_words": STAGE_WORDS[following] if following else "",
        "due_words": found.get_due_for_display() if found.due_for != following else "",
        "from": rules.official_from(found.admitted_on, figures)
        if found.admitted_on and following is Stage.RECOGNITION_VOTE
        else None,
        "missing": _missing(following, way, figures, today) if following else [],
        "is_late": found.due_on is not None and found.due_on < today,
        "is_theirs": following in rules.OF_THE_COMMITTEE,
        "buttons": [
            (stage, BUTTONS[stage], stage == following)
            for stage in possible
            if stage not in MATTERS or found.part is None
        ],
        "lays": [stage for stage in (Stage.REMARK, *MATTERS) if leads and stage in possible and part is None],
        "helpers": found.helpers.order_by("sort_key", "pk"),
        "leads": leads,
        "may_take_back": may_take_back,
        "may_stop": leads and rules.why_not_stop(way) is None,
        "may_resume": leads and rules.why_not_resume(way.state, is_emptied=False) is None,
        "papers": paperwork.possible(found, steps),
        "path": _path_to(found),
    }
    return render(request, "admissions/case.html", context)


def _missing(stage: Stage, way: rules.Way, figures: rules.Figures, today: date) -> list[Said]:
    """What the next step lacks, if it were taken today."""
    wrong = rules.why_not_step(stage, today, way, figures, today)
    return [line for lines in wrong.values() for line in lines]


def _lines(steps: list[Step], way: rules.Way, names: dict[UUID, str]) -> list[tuple[str, list[tuple[Step, str]], bool]]:
    """The line of a case: each step in words, how often and when it was taken, and whether it comes next."""
    line = [
        stage
        for stage in Stage
        if any(one.stage == stage for one in steps)
        or (
            stage not in (Stage.APPROVAL, Stage.REMOVAL_VOTE, Stage.REMOVAL)
            and (way.asks_committee or stage not in COUNTED)
        )
    ]
    following = rules.next_stage(way)
    return [
        (
            capfirst(str(STAGE_WORDS[stage])),
            [(one, names.get(one.unit_id, "") if one.unit_id else "") for one in steps if one.stage == stage],
            stage is following,
        )
        for stage in line
    ]


def _one_form(
    request: Request, found: Case, form: Form, act: Callable[[], object], heading: str, button: str, text: str = ""
) -> HttpResponse | None:
    """One small form about a case on a page of its own; None once it is done."""
    if status := carry_out(form, act):
        context = {
            "caption": found.name,
            "heading": heading,
            "text": text,
            "form": form,
            "button": button,
            "path": _path_to(found, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    return None


def _stage(name: str) -> Stage:
    if name not in Stage or name == Stage.FOUND:
        raise NotThere
    return Stage(name)


@page(get=Capability.SEE_ADMISSIONS, post=Capability.SEE_ADMISSIONS)
def step(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """A step that was taken, entered with its day and paper."""
    found, stage, today = queries.case(request.actor, case_id), _stage(name), clock.today()
    power = Capability.DECIDE_ADMISSION if stage in rules.OF_THE_COMMITTEE else Capability.LEAD_ADMISSION
    access.require(request.actor, power, found.unit)
    above = queries.committees(found, today)
    typed = request.POST if request.method == "POST" else None
    initial = {
        "seen_version": found.version,
        "on": today,
        "unit_id": queries.deciding(found, stage, above),
        "helper_ids": list(found.helpers.values_list("pk", flat=True)) if stage is Stage.HELPER else None,
    }
    form = forms.TakeStep(typed, stage=stage, initial=initial)
    text = _offer(form, found, stage, above)

    def act() -> None:
        actions.step(
            actor=request.actor,
            case_id=case_id,
            stage=stage,
            taken=form.given,
            seen_version=form.cleaned_data["seen_version"],
            at=clock.now(),
        )

    shown = _one_form(request, found, form, act, str(BUTTONS[stage]), _("Write it down"), text)
    if shown is None:
        messages.success(request, _("It is written down. Below you see what comes next, and by when."))
    return shown or redirect("admissions:case", case_id)


def _offer(form: forms.TakeStep, found: Case, stage: Stage, above: list[Unit]) -> str:
    """Lets choose among who may help, which votes were taken, which committees there are; returns what to know."""
    if stage is Stage.HELPER:
        form.offer("helper_ids", [(one.pk, one.name) for one in queries.helpers_for(found.unit, clock.today())])
    elif stage in MATTERS:
        votes = queries.votes_for(found, stage)
        form.offer(
            "vote_id",
            [(one.pk, f"{one.meeting.on:%d/%m/%Y}: {one.subject} ({one.in_favour}/{one.base})") for one in votes],
        )
        return _("The votes that meetings of the cell have taken on this. A vote is entered in its meeting.")
    elif "unit_id" in form.fields:
        form.offer("unit_id", [(one.pk, one.name) for one in above])
    if stage is Stage.CEREMONY:
        return _("From that day on the register holds the candidate as a probationary member of the cell.")
    if stage is Stage.RECOGNITION:
        return _("The register then holds the member as official from the day on which probation was over.")
    if stage is Stage.REMOVAL:
        return _("The membership ends on that day.")
    return ""


@page(post=Capability.LEAD_ADMISSION)
def lay(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """One press: it stands on the next agenda."""
    part = actions.lay_before(actor=request.actor, case_id=case_id, stage=_stage(name), at=clock.now())
    messages.success(request, _("It stands on the agenda of the next regular meeting."))
    return redirect("meetings:part", part.pk)


def _seen(request: Request) -> int:
    seen = request.POST.get("seen_version", "")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else -1


@page(post=Capability.SEE_ADMISSIONS)
def take_back(request: Request, case_id: UUID) -> HttpResponse:
    """Takes the last step back."""
    queries.case(request.actor, case_id)
    actions.take_back(actor=request.actor, case_id=case_id, seen_version=_seen(request), at=clock.now())
    messages.success(request, _("The last step is taken back."))
    return redirect("admissions:case", case_id)


@page(get=Capability.LEAD_ADMISSION, post=Capability.LEAD_ADMISSION)
def stop(request: Request, case_id: UUID) -> HttpResponse:
    found = queries.case(request.actor, case_id)
    access.require(request.actor, Capability.LEAD_ADMISSION, found.unit)
    typed = request.POST if request.method == "POST" else None
    form = forms.Stop(typed, initial={"seen_version": found.version})
    shown = _one_form(
        request,
        found,
        form,
        lambda: actions.stop(actor=request.actor, case_id=case_id, at=clock.now(), **form.cleaned_data),
        _("Stop the case"),
        _("Stop the case"),
        _("It can be taken up again for some months; then what is kept of the candidate is erased."),
    )
    if shown is None:
        messages.success(request, _("The case has stopped."))
    return shown or redirect("admissions:case", case_id)


@page(post=Capability.LEAD_ADMISSION)
def resume(request: Request, case_id: UUID) -> HttpResponse:
    actions.resume(actor=request.actor, case_id=case_id, seen_version=_seen(request), at=clock.now())
    messages.success(request, _("The case goes on. What was voted and decided before is asked anew."))
    return redirect("admissions:case", case_id)


@page(get=Capability.SEE_ADMISSIONS)
def paper(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """A paper of a step as a Word file."""
    found = queries.case(request.actor, case_id)
    for code, title, made in paperwork.possible(found, queries.steps(found)):
        if code == name:
            return download(
                f"{title} – {found.name}.docx", paperwork.PAPERS[code].make(found, made), CONTENT_TYPES["docx"]
            )
    raise NotThere


# Targets


@page(get=Capability.SEE_ADMISSIONS)
def targets(request: Request, unit_id: UUID) -> HttpResponse:
    """The targets of a year (`?year=`) for the units below a committee, and how far each is, by name."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    year = asked_year(request, today.year, most=today.year + 1)
    lines = queries.board(request.actor, unit, year)
    if sheets.is_wanted(request):
        head = [_("Unit"), _("Target"), _("Admitted"), _("Under way")]
        rows = [[one.name, one.target, one.admitted, one.under_way] for one in lines]
        return sheets.download_lists(f"chi-tieu-ket-nap-{year}", [sheets.Sheet(unit.name or "", head, rows)])
    context = {
        "unit": unit,
        "year": year,
        "years": range(today.year - 2, today.year + 2),
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "total": [
            sum(one.target or 0 for one in lines),
            sum(one.admitted for one in lines),
            sum(one.under_way for one in lines),
        ],
        "may_set": _sets(request, unit),
        "path": _path(unit, (_("Targets of the year"), "")),
    }
    return render(request, "admissions/targets.html", context)


def _sets(request: Request, unit: Unit) -> bool:
    return access.can(request.actor, Capability.DECIDE_ADMISSION, org.child_to_be(unit))


@page(get=Capability.DECIDE_ADMISSION, post=Capability.DECIDE_ADMISSION)
def set_targets(request: Request, unit_id: UUID) -> HttpResponse:
    """The numbers of a year for the units directly below, a page of them at a time."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    access.require(request.actor, Capability.DECIDE_ADMISSION, org.child_to_be(unit))
    year = asked_year(request, today.year, most=today.year + 1)
    shown = Paginator(queries.board(request.actor, unit, year), PER_PAGE).get_page(request.GET.get("page"))
    typed = request.POST if request.method == "POST" else None
    form = forms.Targets(typed, units=[(one.unit_id, one.name, one.target) for one in shown])

    def act() -> None:
        actions.set_targets(actor=request.actor, year=year, numbers=form.numbers, at=clock.now())

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("Set the targets of %(year)s") % {"year": year},
            "text": _("How many are to be admitted in each unit and below it. An empty box sets no target."),
            "form": form,
            "button": _("Set the targets"),
            "path": _path(
                unit,
                (_("Targets of the year"), reverse("admissions:targets", args=[unit_id])),
                (_("Set the targets of %(year)s") % {"year": year}, ""),
            ),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The targets are set."))
    return redirect(f"{reverse('admissions:targets', args=[unit_id])}?year={year}&page={shown.number}")
