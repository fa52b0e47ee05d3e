"""Reading the calendar: the day of a regular meeting by the rules, and which one comes on or after a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from chibo.core import period
from chibo.meetings import rules
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, State
from chibo.org.models import Unit
from chibo.regulations import queries as regulations
from chibo.regulations import rules as regulation_rules
from chibo.regulations.rules import InForce

CALENDAR = (
    "meeting.regular.window",
    "meeting.regular.day",
    "meeting.regular.last_day",
    "meeting.regular.time",
    "meeting.thematic.per_quarter",
    "meeting.minutes.alone",
    "calendar.weekend",
)
"""The regulations by which the calendar makes meetings."""


def regular_day(month: date, in_force: Mapping[str, InForce]) -> date:
    """The day of a unit's regular meeting in a month, by the regulations in force for it on the first of that month."""
    days_off = regulation_rules.days_off(period.month(month), in_force["calendar.weekend"].value)
    if window := in_force.get("meeting.regular.window"):
        return rules.day_by_window(month, since=window.value["first"], until=window.value["last"], days_off=days_off)
    return rules.day_by_rule(
        month,
        day=in_force["meeting.regular.day"].value,
        last_day=in_force["meeting.regular.last_day"].value,
        days_off=days_off,
    )


def regular_month(unit: Unit, since: date) -> date:
    """The month of the first regular meeting of a unit on a day or later: one that is planned, else by the rules."""
    month = since.replace(day=1)
    planned = Meeting.objects.filter(unit=unit, kind=Kind.REGULAR, month__gte=month).exclude(state=State.CANCELLED)
    days = dict(planned.values_list("month", "on"))
    while (days.get(month) or regular_day(month, regulations.values(CALENDAR, unit, month))) < since:
        month = (month + timedelta(days=31)).replace(day=1)
    return month


def hearing(meeting: Meeting) -> Meeting | None:
    """The meeting in which tasks are told of: a regular one itself, for any other the next regular one that is planned.

    None where the calendar has not made it yet.
    """
    return meeting if meeting.kind == Kind.REGULAR else next_regular(meeting.unit_id, meeting.on)


def next_regular(unit_id: UUID, since: date) -> Meeting | None:
    """The next regular meeting of a unit on a day or later that has not begun."""
    rows = Meeting.objects.select_related("unit").filter(unit_id=unit_id, kind=Kind.REGULAR, on__gte=since)
    return rows.filter(state__in=[State.PREPARING, State.ANNOUNCED]).order_by("on").first()
