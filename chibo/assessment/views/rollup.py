"""The monthly form that goes up: each cell's regular meeting with its score, and where points were lost."""

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.actions import note_reading
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.assessment import queries
from chibo.assessment.rules import burden
from chibo.core import clock, period, sheets
from chibo.core.http import asked_month, months_around
from chibo.meetings import queries as meetings

PER_PAGE = 25


@page(get=Capability.SEE_SCORES)
def month(request: Request, unit_id: UUID) -> HttpResponse:
    """Cell by cell in the order of their names, never of their points."""
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today, ended=True)
    month = asked_month(request, today)
    cells = queries.cells_of(request.actor, unit, min(today, period.month(month).last_day or today))
    if sheets.is_wanted(request):
        rows = queries.month_of_cells(request.actor, list(sheets.all_of(cells)), month)
        _note_reading(request, rows)
        return _as_sheet(unit.name or "", month, rows)
    shown = Paginator(cells, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.month_of_cells(request.actor, list(shown), month)
    _note_reading(request, rows)
    bands = queries.bands_below(request.actor, unit, month)
    context = {
        "unit": unit,
        "month": month,
        **months_around(month),
        "page": shown,
        "rows": rows,
        "may_see_burden": access.can(request.actor, Capability.SEE_BURDEN, unit),
        "bands": bands,
        "scored": sum(bands.values()),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Scores of the month"), "url": ""},
        ],
    }
    return render(request, "assessment/month.html", context)


def _note_reading(request: Request, rows: list[queries.Row]) -> None:
    """Of each cell its total, and the criteria that the form names by themselves."""
    read = {row.unit.pk: [burden.TOTAL, *(burden.field_of(one) for one, _n in row.lost)] for row in rows if row.scoring}
    note_reading(actor=request.actor, read=read, at=clock.now())


@page(get=Capability.SEE_BURDEN)
def burden_meter(request: Request, unit_id: UUID) -> HttpResponse:
    """What a unit, or all below it, were asked for in a month, field by field, and what nobody above looks at."""
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today, ended=True)
    month = asked_month(request, today)
    asked = queries.burden_of(request.actor, unit, month, today)
    context = {
        "unit": unit,
        "month": month,
        **months_around(month),
        "page": Paginator(asked, PER_PAGE).get_page(request.GET.get("page")),
        "asked": len(asked),
        "by_facts": sum(one.is_by_facts for one in asked),
        "by_hand": sum(not one.is_by_facts for one in asked),
        "unread": [one for one in asked if one.standing is burden.Standing.UNREAD],
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("What was asked for"), "url": ""},
        ],
    }
    return render(request, "assessment/burden.html", context)


def _as_sheet(name: str, month: date, rows: list[queries.Row]) -> HttpResponse:
    """The form as it is sent up: number, unit, members, day, points, band, note on deductions; a row of totals."""
    head = [_("No."), _("Unit"), _("Members"), _("Day"), _("Points"), _("Band"), _("Where points were lost")]
    lines: list[list[object]] = [
        [
            n,
            row.unit.name,
            row.members,
            row.meeting.on if row.meeting else "",
            float(row.scoring.total) if row.scoring and row.scoring.total is not None else "",
            row.band.title.vi if row.band else "",
            row.note,
        ]
        for n, row in enumerate(rows, start=1)
    ]
    scored = sum(row.scoring is not None for row in rows)
    lines.append(["", _("All together"), sum(row.members for row in rows), "", scored, "", ""])
    return sheets.download_lists(f"cham-diem-{month:%Y%m}", [sheets.Sheet(name, head, lines)])
