"""What to talk about: suggestions with their reasons, the library of themes, the plan of a year."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.core.http import download
from chibo.core.refusals import Refused, Stale
from chibo.documents.rules import CONTENT_TYPES
from chibo.meetings import queries as meetings
from chibo.org import queries as org
from chibo.topics import actions, forms, paperwork, queries, rules
from chibo.topics.models import SharedTheme

PER_PAGE = 25
UNREADABLE = 422


@page(get=Capability.SEE_TOPICS, post=Capability.PREPARE_MEETING)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The suggestions for the next meeting of a cell; one that is not for it is left here, with the reason."""
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today)
    meets_on = queries.next_day(unit, today)
    sent = forms.Leave(request.POST) if request.method == "POST" else None

    def act() -> None:
        assert sent is not None
        actions.leave(actor=request.actor, unit_id=unit_id, meets_on=meets_on, at=clock.now(), **sent.cleaned_data)

    if sent is not None and not (status := carry_out(sent, act)):
        messages.success(request, _("It stays away from now on."))
        return redirect("topics:of_unit", unit_id)
    found = queries.suggestions(request.actor, unit, meets_on, today)
    may = access.can(request.actor, Capability.PREPARE_MEETING, unit)
    asked = sent.data.get("key") if sent is not None else None
    context = {
        "unit": unit,
        "meets_on": meets_on,
        "meetings": queries.meetings_to_come(unit, today) if may else [],
        "may": may,
        "form": sent,
        "suggestions": [
            (
                one,
                sent
                if sent is not None and one.idea.key == asked
                else forms.Leave(initial={"key": one.idea.key}, auto_id=f"{n}_%s"),
            )
            for n, one in enumerate(found)
        ],
        "on_agendas": queries.on_agendas(request.actor, unit, today),
        "left": queries.left(request.actor, unit),
        "to_share": queries.to_share(request.actor, unit, today),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("What to talk about"), "url": ""},
        ],
    }
    return render(request, "topics/of_unit.html", context, status=status if sent is not None else 200)


@page(post=Capability.PREPARE_MEETING)
def take(request: Request, meeting_id: UUID) -> HttpResponse:
    """Takes a suggestion onto the agenda, and leads to the part that it became."""
    part = actions.take(
        actor=request.actor, meeting_id=meeting_id, key=request.POST.get("key", "")[:120], at=clock.now()
    )
    messages.success(request, _("It stands on the agenda."))
    return redirect(reverse("meetings:meeting", args=[part.meeting_id]) + "#agenda")


# The library of themes


@page(get=Capability.SEE_TOPICS)
def library(request: Request) -> HttpResponse:
    """The themes of which cells held good sessions, found by word and kind of unit."""
    kinds = org.kinds_that_meet(clock.today())
    form = forms.Find(request.GET)
    form.offer("kind", [("", _("all kinds")), *((one.code, str(one)) for one in kinds)])
    typed = form.cleaned_data if form.is_valid() else {"q": "", "kind": ""}
    rows = queries.themes(request.actor, typed["q"], typed["kind"])
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    names = org.names_on({one.unit_id for one in shown}, clock.today())
    context = {
        "form": form,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, "")) for one in shown],
        "path": [{"name": _("Library of themes"), "url": ""}],
    }
    return render(request, "topics/library.html", context)


@page(get=Capability.SEE_TOPICS)
def theme(request: Request, theme_id: UUID) -> HttpResponse:
    """One theme of the library."""
    found = queries.theme(request.actor, theme_id)
    context = {
        "theme": found,
        "cell": org.name_on(found.unit_id, clock.today()),
        "may": access.can(request.actor, Capability.PREPARE_MEETING, found.unit),
        "path": [{"name": _("Library of themes"), "url": reverse("topics:library")}, {"name": found.title, "url": ""}],
    }
    return render(request, "topics/theme.html", context)


@page(get=Capability.PREPARE_MEETING, post=Capability.PREPARE_MEETING)
def share(request: Request, meeting_id: UUID) -> HttpResponse:
    """Puts the theme of a good session into the library."""
    meeting = meetings.get(request.actor, meeting_id)
    access.require(request.actor, Capability.PREPARE_MEETING, meeting.unit)
    initial = {"title": meeting.topic, "experience": meeting.lessons}
    form = forms.Share(request.POST if request.method == "POST" else None, initial=initial)
    made: list[SharedTheme] = []

    def act() -> None:
        made.append(actions.share(actor=request.actor, meeting_id=meeting_id, at=clock.now(), **form.cleaned_data))

    if status := carry_out(form, act):
        context = {
            "caption": meeting.title,
            "heading": _("Share this session with other cells"),
            "text": _("Cells of the same kind get it as a suggestion, under the name of yours. You can take it back."),
            "form": form,
            "button": _("Share it"),
            "path": [
                {"name": _("Library of themes"), "url": reverse("topics:library")},
                {"name": _("Share this session with other cells"), "url": ""},
            ],
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It is in the library. Thank you: others start from it."))
    return redirect("topics:theme", made[0].pk)


@page(post=Capability.PREPARE_MEETING)
def withdraw(request: Request, theme_id: UUID) -> HttpResponse:
    actions.withdraw(actor=request.actor, theme_id=theme_id, at=clock.now())
    messages.success(request, _("It is out of the library."))
    return redirect("topics:library")


# The plan of a year


@page(get=Capability.SEE_TOPICS, post=Capability.PLAN_TOPICS)
def plan(request: Request, unit_id: UUID) -> HttpResponse:
    """The plan of a unit for a year; where there is none, a proposal to change and keep."""
    today = clock.today()
    unit = org.get(request.actor, unit_id, today)
    access.require(request.actor, Capability.SEE_TOPICS, unit)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in (str(today.year), str(today.year + 1)) else rules.year_to_plan(today)
    known = queries.plan_of(unit, year)
    if request.GET.get("as") == "docx" and known:
        known.unit = unit
        name = f"Kế hoạch sinh hoạt chuyên đề {year}.docx"
        return download(name, paperwork.plan_of_year(known, today), CONTENT_TYPES["docx"])
    may = access.can(request.actor, Capability.PLAN_TOPICS, unit)
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        form = forms.Plan(request.POST)
        status = UNREADABLE
        if form.is_valid():
            try:
                actions.write_plan(
                    actor=request.actor,
                    unit_id=unit_id,
                    year=year,
                    lines=form.lines(),
                    seen_version=form.cleaned_data["seen_version"],
                    at=clock.now(),
                )
            except Refused as refused:
                refusal, status = refused, refused.status
                form.refuse(refused)
            else:
                messages.success(request, _("The plan is kept. Each theme is suggested in its months."))
                return redirect(reverse("topics:plan", args=[unit_id]) + f"?year={year}")
    else:
        lines = known.as_lines() if known else queries.proposal(unit, year, today) if may else []
        form = forms.Plan(lines=lines, version=known.version if known else 0)
    context = {
        "unit": unit,
        "year": year,
        "years": [today.year, today.year + 1],
        "plan": known,
        "lines": known.as_lines() if known else [],
        "form": form if may or request.method == "POST" else None,
        "refusal": refusal,
        # Once both texts were on the page, sending again is a choice and no accident.
        "seen_version": refusal.edit.version if isinstance(refusal, Stale) else form["seen_version"].value(),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Plan of the year"), "url": ""},
        ],
    }
    return render(request, "topics/plan.html", context, status=status)
