"""The annual review as pages: of one unit, and of all that a committee decides on."""

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
from chibo.access.pages import Request, carry_out, page
from chibo.assessment import actions, forms, queries, rules
from chibo.assessment.models import Level, Subject
from chibo.assessment.rules import burden
from chibo.core import clock, sheets
from chibo.core.forms import Form
from chibo.core.http import asked_year
from chibo.meetings import queries as meetings
from chibo.org import queries as org
from chibo.org.models import Unit

PER_PAGE = 25


def _year(request: Request, unit: Unit) -> int:
    today = clock.today()
    last = today.year if today.month >= queries.first_month(unit, today.year) else today.year - 1
    return asked_year(request, last, most=today.year)


@page(get=Capability.SEE_REVIEWS)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The reviews of a unit in a year, and those still to be written."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today(), ended=True)
    access.require(request.actor, Capability.SEE_REVIEWS, unit)
    year = _year(request, unit)
    found = queries.reviews_of(request.actor, unit, year)
    written = {one.subject for one in found}
    may = access.can(request.actor, Capability.REVIEW_SELF, unit)
    first = queries.first_month(unit, year)
    why_not = rules.why_not_review(year, today=clock.today(), first_month=first, is_written=False)
    context = {
        "unit": unit,
        "year": year,
        "reviews": found,
        "to_write": [one for one in Subject if one.value not in written] if may and not why_not else [],
        "why_not": why_not,
        "path": [
            {"name": _("Scores of the year"), "url": reverse("assessment:year", args=[unit_id])},
            {"name": _("Annual review"), "url": ""},
        ],
    }
    return render(request, "assessment/reviews.html", context)


@page(get=Capability.REVIEW_SELF, post=Capability.REVIEW_SELF)
def write(request: Request, unit_id: UUID, subject: str) -> HttpResponse:
    """What a unit says of a year, with what its sessions came to before its eyes."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.REVIEW_SELF, unit)
    year = _year(request, unit)
    about = Subject(subject) if subject in Subject.values else Subject.UNIT
    form = forms.SelfReview(request.POST if request.method == "POST" else None, most=queries.most_points(unit, year))

    def act() -> None:
        typed = form.cleaned_data
        actions.review_self(
            actor=request.actor,
            unit_id=unit_id,
            year=year,
            subject=about,
            common=typed["common"],
            task=typed["task"],
            level=Level(typed["level"]),
            words=typed["words"],
            at=clock.now(),
        )

    if status := carry_out(form, act):
        context = {
            "caption": f"{unit.name} · {_('Year %(year)s') % {'year': year}}",
            "heading": _("Annual review: %(what)s") % {"what": about.label},
            "form": form,
            "button": _("Hand it in"),
            "quality": queries.year_of_unit(request.actor, unit, year),
            "path": [
                {"name": _("Annual review"), "url": reverse("assessment:reviews", args=[unit_id]) + f"?year={year}"},
                {"name": str(about.label), "url": ""},
            ],
        }
        return render(request, "assessment/self_review.html", context, status=status)
    messages.success(request, _("The review is handed in; the committee above appraises it."))
    return redirect(reverse("assessment:reviews", args=[unit_id]) + f"?year={year}")


@page(get=Capability.SEE_REVIEWS)
def review(request: Request, review_id: UUID) -> HttpResponse:
    return _page(request, review_id)


def _page(request: Request, review_id: UUID, refused: Form | None = None, status: int = 200) -> HttpResponse:
    """One review in its three steps, with the form of the step that is the viewer's."""
    found = queries.review(request.actor, review_id)
    note_reading(actor=request.actor, read={found.unit_id: [burden.REVIEW, burden.REVIEW_LEVEL]}, at=clock.now())
    may = access.can(request.actor, Capability.DECIDE_REVIEW, found.unit)
    form = refused
    if form is None and may and not found.level:
        form = forms.Decide() if found.appraised_at else forms.Appraise()
    context = {
        "review": found,
        "unit": org.name_on(found.unit_id, clock.today()),
        "of": sum(queries.most_points(found.unit, found.year).values()),
        "form": form,
        "step": "decide" if found.appraised_at else "appraise",
        "path": [
            {
                "name": _("Annual review"),
                "url": reverse("assessment:reviews", args=[found.unit_id]) + f"?year={found.year}",
            },
            {"name": str(found.get_subject_display()), "url": ""},
        ],
    }
    return render(request, "assessment/review.html", context, status=status)


@page(post=Capability.DECIDE_REVIEW)
def appraise(request: Request, review_id: UUID) -> HttpResponse:
    form = forms.Appraise(request.POST)

    def act() -> None:
        typed = form.cleaned_data
        actions.appraise(
            actor=request.actor, review_id=review_id, level=Level(typed["level"]), words=typed["words"], at=clock.now()
        )

    if status := carry_out(form, act):
        return _page(request, review_id, form, status)
    messages.success(request, _("The appraisal is written down."))
    return redirect("assessment:review", review_id)


@page(post=Capability.DECIDE_REVIEW)
def decide(request: Request, review_id: UUID) -> HttpResponse:
    form = forms.Decide(request.POST)

    def act() -> None:
        typed = form.cleaned_data
        actions.decide(
            actor=request.actor,
            review_id=review_id,
            level=Level(typed["level"]),
            decision=typed["decision"],
            decided_on=typed["decided_on"],
            at=clock.now(),
        )

    if status := carry_out(form, act):
        return _page(request, review_id, form, status)
    messages.success(request, _("The level is decided."))
    return redirect("assessment:review", review_id)


@page(get=Capability.DECIDE_REVIEW)
def below(request: Request, unit_id: UUID) -> HttpResponse:
    """The reviews that a committee appraises and decides."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today())
    year = _year(request, unit)
    rows = queries.reviews_below(request.actor, unit, year)
    if sheets.is_wanted(request):
        found = list(sheets.all_of(rows))
        names = org.names_on({one.unit_id for one in found}, clock.today())
        head = [_("Unit"), _("Whose year"), _("Points"), _("Self"), _("Appraisal"), _("Decision"), _("Number")]
        lines = [
            [
                names.get(one.unit_id, ""),
                one.get_subject_display(),
                float(one.points),
                one.get_own_level_display(),
                one.get_appraised_level_display(),
                one.get_level_display(),
                one.decision,
            ]
            for one in found
        ]
        return sheets.download_lists(f"xep-loai-{year}", [sheets.Sheet(unit.name or "", head, lines)])
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    note_reading(actor=request.actor, read={one.unit_id: [burden.REVIEW_LEVEL] for one in shown}, at=clock.now())
    names = org.names_on({one.unit_id for one in shown}, clock.today())
    context = {
        "unit": unit,
        "year": year,
        "page": shown,
        "rows": [(one, names.get(one.unit_id, "")) for one in shown],
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Annual reviews below"), "url": ""},
        ],
    }
    return render(request, "assessment/reviews_below.html", context)
