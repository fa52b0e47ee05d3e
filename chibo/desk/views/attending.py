"""The superior's member who follows cells: who meets when in a month, on one line of time."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.access.pages import Request, page
from chibo.assessment import queries as assessment
from chibo.core import clock
from chibo.core.http import asked_month, months_around
from chibo.desk import queries
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.org import queries as org
from chibo.supervision import queries as supervision
from chibo.supervision.models import Report
from chibo.supervision.rules import Standing, report_standing
from chibo.tasks import queries as tasks
from chibo.tasks.rules import State as TaskState

MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    meeting: Meeting
    unit: str
    clashes: bool
    papers: int
    report: Standing | None
    is_scored: bool


@page(get=Capability.SEE_MEETING)
def attending(request: Request) -> HttpResponse:
    today = clock.today()
    month = asked_month(request, today)
    units = queries.units_held(access.held_by(request.actor), [Role.ATTENDING])
    found = meetings.in_months(request.actor, units, month)
    names = org.names_on(units, today)
    to_come = [one for one in found if one.on >= today and not one.is_over]
    clashes = meetings.clashes(to_come)
    papers = meetings.papers_counts(found)
    open_tasks = tasks.visible(request.actor).filter(unit_id__in=units, state=TaskState.OPEN, due_on__isnull=False)
    written = supervision.my_reports(request.actor, units)
    scored = assessment.scored_by_superior(found)
    lines = [
        Line(
            one,
            names.get(one.unit_id, ""),
            one.pk in clashes,
            papers.get(one.pk, 0),
            _report_on(one, written.get(one.pk), today) if one.is_over else None,
            one.pk in scored,
        )
        for one in found
    ]
    context = {
        "today": today,
        "month": month,
        "here": reverse("attending"),
        "desks": queries.desks(request.actor, today),
        "lines": [line for line in lines if line.meeting in to_come],
        "past": [line for line in lines if line.meeting not in to_come],
        "without": [name for unit_id, name in names.items() if unit_id not in {one.unit_id for one in found}],
        "has_cells": bool(units),
        "clashes": bool(clashes),
        "promises": supervision.promises_of(request.actor, units)[:MOST],
        "tasks": [
            (one, names.get(one.unit_id, ""), one.standing_on(today), one.days_left_on(today))
            for one in open_tasks.order_by("due_on", "id")[:MOST]
        ],
        **months_around(month),
    }
    return render(request, "desk/attending.html", context)


def _report_on(meeting: Meeting, written: Report | None, today: date) -> Standing:
    """How the viewer's report on a meeting that is over stands."""
    handed_in = written.handed_in_at if written else None
    return report_standing(
        handed_in_on=clock.day_of(handed_in) if handed_in else None,
        due_on=supervision.due_on(meeting),
        today=today,
    )
