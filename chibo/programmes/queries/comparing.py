"""What units came to before and after they took something up, for rules to compare with like units."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chibo.meetings.rules import CAME
from chibo.programmes.models import Entry, Programme, Spread
from chibo.programmes.rules import Subject

TASKS, ATTENDANCE = "tasks", "attendance"
INDICATORS = {
    TASKS: _("tasks carried out, of those that were due"),
    ATTENDANCE: _("members who took part in meetings"),
}
"""What every cell is measured by, whether it takes something up or not: shares of one, from meetings and tasks."""

MONTHS = (3, 6, 12)
"""Over how many months a share may be taken, before and after."""

_SHARES = {
    TASKS: """
SELECT t.unit_id, count(*) FILTER (WHERE t.outcome = 'done'), count(*)
FROM tasks_task t JOIN org_unit u ON u.id = t.unit_id
WHERE t.due_on >= %(since)s AND t.due_on < %(until)s AND t.state <> 'cancelled' AND u.path LIKE %(below)s
GROUP BY t.unit_id""",
    ATTENDANCE: """
SELECT m.unit_id, count(*) FILTER (WHERE a.status = ANY(%(came)s)), count(*)
FROM meetings_meeting m JOIN meetings_attendance a ON a.meeting_id = m.id JOIN org_unit u ON u.id = m.unit_id
WHERE m."on" >= %(since)s AND m."on" < %(until)s AND m.state IN ('ended', 'locked') AND u.path LIKE %(below)s
GROUP BY m.unit_id""",
}
_LIKE = """
SELECT u.id, u.kind_id, count(m.id) FROM org_unit u
LEFT JOIN people_membership m ON m.unit_id = u.id AND m.during @> %(on)s::date
WHERE u.path LIKE %(below)s AND u.during @> %(on)s::date GROUP BY u.id"""


def spreads(programme: Programme) -> list[Spread]:
    """What comparisons came to, the latest first."""
    return list(programme.spreads.order_by("-at")[:10])


def subjects(programme: Programme, indicator: str, months: int, today: date) -> tuple[list[Subject], list[Subject]]:
    """The units below a programme that took something up, and those that never entered anything in it, each with its
    share before and after. Units that began in one month are compared over the same months as their like; a unit for
    which nothing was counted in one of the two is left out."""
    began: dict[UUID, date] = {}
    entered = set(Entry.objects.filter(cycle__programme=programme).values_list("unit_id", flat=True))
    rows = Entry.objects.filter(cycle__programme=programme, started_on__isnull=False).order_by("started_on")
    for unit_id, started_on in rows.values_list("unit_id", "started_on"):
        if started_on is not None:
            began.setdefault(unit_id, started_on.replace(day=1))
    by_month: dict[date, set[UUID]] = defaultdict(set)
    for unit_id, month in began.items():
        if _months_on(month, months + 1) <= today:  # its months afterwards are over
            by_month[month].add(unit_id)
    took: list[Subject] = []
    others: list[Subject] = []
    for month, units in by_month.items():
        before = _shares(programme, indicator, _months_on(month, -months), month)
        after = _shares(programme, indicator, _months_on(month, 1), _months_on(month, months + 1))
        for unit_id, kind, size in _standing(programme, month):
            if unit_id not in before or unit_id not in after:
                continue
            one = Subject(f"{kind}:{month:%Y-%m}", size, before[unit_id], after[unit_id])
            if unit_id in units:
                took.append(one)
            elif unit_id not in entered:
                others.append(one)
    return took, others


def _shares(programme: Programme, indicator: str, since: date, until: date) -> dict[UUID, float]:
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"since": since, "until": until, "came": sorted(CAME)}
        cursor.execute(_SHARES[indicator], given | {"below": programme.unit.path + "%"})
        return {unit_id: part / whole for unit_id, part, whole in cursor.fetchall()}


def _standing(programme: Programme, on: date) -> list[tuple[UUID, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, {"on": on, "below": programme.unit.path + "%"})
        return list(cursor.fetchall())


def _months_on(month: date, n: int) -> date:
    """The first of the month so many months later."""
    whole = month.year * 12 + month.month - 1 + n
    return date(whole // 12, whole % 12 + 1, 1)
