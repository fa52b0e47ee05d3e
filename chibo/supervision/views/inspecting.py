"""Pages about inspections: a year's plan, one inspection with its result, findings and their answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.actions import note_reading
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.forms import Form
from chibo.core.http import asked_id, asked_year, download
from chibo.core.refusals import NotThere
from chibo.documents.rules import CONTENT_TYPES
from chibo.meetings import queries as meetings
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.supervision import actions, forms, paperwork, queries, rules
from chibo.supervision.models import Inspection, InspectionKind, InspectionPlan
from chibo.supervision.rules import InspectionState

PER_PAGE = 25
WORD = CONTENT_TYPES["docx"]


def _year(request: Request) -> int:
    this = clock.today().year
    return asked_year(request, this, most=this + 1)


def _path(unit: Unit, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (unit.name or "", reverse("unit", args=[unit.pk])),
        (_("Inspections"), reverse("supervision:inspections", args=[unit.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.INSPECT, post=Capability.INSPECT)
def inspections(request: Request, unit_id: UUID) -> HttpResponse:
    """A committee's year: what was drawn under which seed, the inspections, what is found again and again."""
    today, year = clock.today(), _year(request)
    unit = access.managed_unit(request.actor, unit_id, Capability.INSPECT, today)
    plan = queries.plan_of(request.actor, unit, year)
    form = forms.Draw(request.POST if request.method == "POST" else None)
    if plan and sheets.is_wanted(request):
        return _draw_as_sheet(plan)

    def act() -> None:
        typed = form.cleaned_data
        actions.draw_plan(
            actor=request.actor,
            unit_id=unit_id,
            year=year,
            seed=typed["seed"],
            count=typed["count"],
            at=clock.now(),
        )

    if status := carry_out(form, act):
        shown = Paginator(queries.inspections_below(request.actor, unit, year), PER_PAGE).get_page(
            request.GET.get("page")
        )
        names = org.names_on({one.unit_id for one in shown}, today)
        context = {
            "unit": unit,
            "year": year,
            "plan": plan,
            "drawn": queries.drawn(plan, today) if plan else [],
            "form": form,
            "page": shown,
            "rows": [(one, names.get(one.unit_id, "")) for one in shown],
            "again": queries.again_and_again(request.actor, unit, year),
            "path": _path(unit),
        }
        return render(request, "supervision/inspections.html", context, status=status)
    messages.success(request, _("The cells are drawn. Seed, weights and result stand below for everybody to check."))
    return redirect(reverse("supervision:inspections", args=[unit_id]) + f"?year={year}")


def _draw_as_sheet(plan: InspectionPlan) -> HttpResponse:
    """Every cell with its weight and its number under the seed: what anybody needs to draw again."""
    drawn = {one["code"] for one in plan.drawn}
    head = [_("Code"), _("Weight"), _("Number of the draw"), _("Drawn")]
    lines = [
        [code, weight, rules.number(plan.seed, code), _("Yes") if code in drawn else ""]
        for code, weight in plan.weights.items()
    ]
    return sheets.download_lists(f"boc-chon-{plan.year}", [sheets.Sheet(plan.seed, head, lines)])


@page(get=Capability.INSPECT, post=Capability.INSPECT)
def plan_one(request: Request, unit_id: UUID) -> HttpResponse:
    """Sets the day of an inspection: of a drawn cell (`?plan=`), or a surprise with its reason."""
    unit = access.managed_unit(request.actor, unit_id, Capability.INSPECT, clock.today())
    plan_id = asked_id(request, "plan")
    kind = InspectionKind.PERIODIC if plan_id else InspectionKind.SURPRISE
    form = forms.PlanInspection(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.plan_inspection(
            actor=request.actor,
            unit_id=unit_id,
            kind=kind,
            plan_id=plan_id,
            at=clock.now(),
            **form.cleaned_data,
        )

    if status := carry_out(form, act):
        context = {
            "caption": unit.name,
            "heading": _("A periodic inspection") if plan_id else _("A surprise inspection"),
            "text": _("The cell is told of the day.")
            if plan_id
            else _("The cell is not told; it reads the inspection once it was held. The reason stands in it."),
            "form": form,
            "button": _("Set the day"),
            "path": _path(unit, (_("Set the day"), "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("The day of the inspection is set."))
    return redirect("supervision:of_cell", unit_id)


@page(get=Capability.SEE_INSPECTIONS)
def of_cell(request: Request, unit_id: UUID) -> HttpResponse:
    """The inspections of one cell, for who leads it and for the committee."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today(), ended=True)
    access.require(request.actor, Capability.SEE_INSPECTIONS, unit)
    shown = Paginator(queries.inspections_of(request.actor, unit_id), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "page": shown,
        "drawn": queries.drawn_in(request.actor, unit, clock.today().year),
        "may_plan": access.can(request.actor, Capability.INSPECT, unit),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Inspections"), "url": ""},
        ],
    }
    return render(request, "supervision/of_cell.html", context)


@page(get=Capability.SEE_INSPECTIONS, post=Capability.INSPECT)
def inspection(request: Request, inspection_id: UUID) -> HttpResponse:
    """One inspection: its result is written here, then read, its findings answered and looked at again."""
    found = queries.inspection(request.actor, inspection_id)
    if found.findings.exclude(answered_at=None).exists():
        note_reading(actor=request.actor, read={found.unit_id: [rules.FINDING]}, at=clock.now())
    may = access.can(request.actor, Capability.INSPECT, found.unit)
    is_planned = found.state == InspectionState.PLANNED
    form = forms.HoldInspection(request.POST if request.method == "POST" else None, initial={"held_on": found.on})
    if request.method == "POST":

        def act() -> None:
            actions.hold_inspection(actor=request.actor, inspection_id=inspection_id, at=clock.now(), **form.given)

        if status := carry_out(form, act):
            return _page(request, found, form, status)
        messages.success(request, _("The result is written. The cell reads it from now on."))
        return redirect("supervision:inspection", inspection_id)
    return _page(request, found, form if may and is_planned else None)


def _page(request: Request, found: Inspection, form: forms.HoldInspection | None, status: int = 200) -> HttpResponse:
    viewer = request.actor
    titles = {code: words.spoken(get_language() or "") for code, words in rules.checklist().items()}
    may_answer = access.can(viewer, Capability.ANSWER_INSPECTION, found.unit)
    may_inspect = access.can(viewer, Capability.INSPECT, found.unit)
    context = {
        "inspection": found,
        "unit": org.name_on(found.unit_id, clock.today()),
        "form": form,
        "lines": [(titles[code], found.answers.get(code, "")) for code in titles] if found.answers else [],
        "findings": [(one, titles.get(one.code, one.code)) for one in found.findings.order_by("pk")],
        "may_answer": may_answer,
        "may_inspect": may_inspect,
        "papers": [(name, paperwork.PAPERS[name][1]) for name in paperwork.set_of(found)]
        if may_inspect or found.state != InspectionState.PLANNED
        else [],
        "path": [
            {"name": _("Inspections"), "url": reverse("supervision:of_cell", args=[found.unit_id])},
            {"name": str(found.get_kind_display()), "url": ""},
        ],
    }
    return render(request, "supervision/inspection.html", context, status=status)


@page(get=Capability.SEE_INSPECTIONS)
def paper(request: Request, inspection_id: UUID, name: str) -> HttpResponse:
    """One paper of the document set; before an inspection was held only who inspects has its papers."""
    found = queries.inspection(request.actor, inspection_id)
    if found.state == InspectionState.PLANNED:
        access.require(request.actor, Capability.INSPECT, found.unit)
    if name not in paperwork.set_of(found):
        raise NotThere
    prints, title = paperwork.PAPERS[name]
    return download(f"{title} {org.name_on(found.unit_id, found.on)} {found.on:%Y-%m-%d}.docx", prints(found), WORD)


@page(get=Capability.INSPECT)
def paper_of_year(request: Request, unit_id: UUID, name: str) -> HttpResponse:
    """The programme of a year, or what was found wanting most often in it (`?year=`)."""
    today, year = clock.today(), _year(request)
    unit = access.managed_unit(request.actor, unit_id, Capability.INSPECT, today)
    plan = queries.plan_of(request.actor, unit, year)
    if name == "programme" and plan:
        return download(f"Chương trình kiểm tra, giám sát {year}.docx", paperwork.programme(plan), WORD)
    counted = queries.again_and_again(request.actor, unit, year)
    if name == "typical" and counted:
        return download(f"Thiếu sót thường gặp {year}.docx", paperwork.typical(unit, year, counted, today), WORD)
    raise NotThere


def _about_finding(
    request: Request, finding_id: UUID, form: Form, act: Any, heading: str, button: str, done: str
) -> HttpResponse:
    found = queries.finding(request.actor, finding_id)
    if status := carry_out(form, act):
        context = {
            "caption": org.name_on(found.inspection.unit_id, clock.today()),
            "heading": heading,
            "text": found.text,
            "form": form,
            "button": button,
            "path": [
                {"name": _("Inspections"), "url": reverse("supervision:inspection", args=[found.inspection_id])},
                {"name": heading, "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, done)
    return redirect("supervision:inspection", found.inspection_id)


@page(get=Capability.SEE_INSPECTIONS, post=Capability.ANSWER_INSPECTION)
def answer_finding(request: Request, finding_id: UUID) -> HttpResponse:
    form = forms.FindingAnswer(request.POST if request.method == "POST" else None)
    return _about_finding(
        request,
        finding_id,
        form,
        lambda: actions.answer_finding(actor=request.actor, finding_id=finding_id, at=clock.now(), **form.cleaned_data),
        _("What was done about it"),
        _("Send the answer"),
        _("Your answer is with the committee."),
    )


@page(get=Capability.SEE_INSPECTIONS, post=Capability.INSPECT)
def recheck(request: Request, finding_id: UUID) -> HttpResponse:
    form = forms.Recheck(request.POST if request.method == "POST" else None)
    return _about_finding(
        request,
        finding_id,
        form,
        lambda: actions.recheck(actor=request.actor, finding_id=finding_id, at=clock.now(), **form.cleaned_data),
        _("The second look"),
        _("Write it down"),
        _("The finding is closed."),
    )
