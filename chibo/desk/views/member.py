"""A member's own page: the next meeting, his parts and tasks, his notices, his attendance."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.access.pages import Request, page
from chibo.core import clock, sheets
from chibo.core.actor import Actor
from chibo.courses import queries as courses
from chibo.desk import queries
from chibo.learning import queries as learning
from chibo.learning.models import Reading
from chibo.meetings import queries as meetings
from chibo.meetings.rules import State
from chibo.notifications import queries as notifications
from chibo.org import queries as org
from chibo.tasks import queries as tasks

MOST = 5
"""How many of a kind stand on the page; the rest is one press away."""


@page(get=Capability.HOME)
def my_page(request: Request) -> HttpResponse:
    today = clock.today()
    viewer = request.actor
    units = queries.units_held(access.held_by(viewer), queries.BELONGING)
    # Who is a guest of another cell goes to the meetings of both.
    coming = [one for unit_id in units if (one := meetings.next_for(viewer, unit_id, today))]
    meeting = min(coming, key=lambda one: (one.on, one.time), default=None)
    my_tasks = list(tasks.mine(viewer).filter(settled_at=None)[: MOST + 1])
    unread = list(notifications.mine(viewer).filter(read_at=None)[: MOST + 1])
    attendance = meetings.attendance_of(viewer, _a_year_before(today))
    if sheets.is_wanted(request):
        head = [_("Day"), _("Meeting"), _("Status"), _("Reason")]
        lines = [
            [one.meeting.on, one.meeting.get_kind_display(), one.get_status_display(), one.reason]
            for one in sheets.all_of(attendance)
        ]
        return sheets.download_lists(f"du-hop-{today:%Y%m%d}", [sheets.Sheet(viewer.name, head, lines)])
    context: dict[str, object] = {
        "today": today,
        "here": reverse("my_page"),
        "desks": queries.desks(viewer, today),
        "collects": queries.units_held(access.held_by(viewer), (Role.COLLECTOR,)),
        "meeting": meeting,
        "my_parts": list(meetings.my_parts(viewer, today)),
        "tasks": [(one, one.standing_on(today), one.days_left_on(today)) for one in my_tasks[:MOST]],
        "more_tasks": len(my_tasks) > MOST,
        "notices": unread[:MOST],
        "more_notices": len(unread) > MOST,
        "sessions": courses.sessions_to_come(viewer, today),
        "reading": _to_read(viewer, units[0], today) if units else [],
        "cell": units[0] if units else None,
        "attendance": attendance,
        "came": sum(one.came for one in attendance),
    }
    if meeting:
        context["papers"] = meetings.papers_counts([meeting]).get(meeting.pk, 0)
        context["has_read"] = viewer.person_id in meetings.readings(meeting)
        context["may_read"] = meeting.state in (State.ANNOUNCED, State.UNDER_WAY)
    return render(request, "desk/my_page.html", context)


def _to_read(viewer: Actor, unit_id: UUID, today: date) -> list[Reading]:
    """What the committees above his cell gave a member to read this month."""
    return learning.reading_list(viewer, org.get(viewer, unit_id, today), today)[:MOST]


def _a_year_before(day: date) -> date:
    """The first day of the twelve months that end with a day."""
    return day.replace(year=day.year - 1, day=1)
