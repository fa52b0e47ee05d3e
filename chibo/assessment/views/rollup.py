"""The monthly form that goes up: each cell's regular meeting with its score, and where points were lost."""

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.assessment import queries
from chibo.core import clock, period, sheets
from chibo.core.http import asked_month
from chibo.meetings import queries as meetings

PER_PAGE = 25


@page(get=Capability.SEE_SCORES)
def month(request: Request, unit_id: UUID) -> HttpResponse:
    """Cell by cell in the order of their names, never of their points."""
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today, ended=True)
    month = asked_month(request, today)
    following = period.month(month).until
    assert following is not None
    cells = queries.cells_of(request.actor, unit, min(today, period.month(month).last_day or today))
    if sheets.is_wanted(request):
        return _as_sheet(
            unit.name or "", month, queries.month_of_cells(request.actor, list(sheets.all_of(cells)), month)
        )
    shown = Paginator(cells, PER_PAGE).get_page(request.GET.get("page"))
    bands = queries.bands_below(request.actor, unit, month)
    context = {
        "unit": unit,
        "month": month,
        "month_before": date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1),
        "month_after": following,
        "page": shown,
        "rows": queries.month_of_cells(request.actor, list(shown), month),
        "bands": bands,
        "scored": sum(bands.values()),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("Scores of the month"), "url": ""},
        ],
    }
    return render(request, "assessment/month.html", context)


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
