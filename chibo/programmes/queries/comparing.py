"""What units came to before and after they took something up, for rules to compare with like units."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.meetings.rules import AttendanceStatus, Seat, base_of
from chibo.programmes.models import Entry, Programme, Spread
from chibo.programmes.rules import Subject
from chibo.regulations import queries as regulations

TASKS, ATTENDANCE = "tasks", "attendance"
INDICATORS = {
    TASKS: _("tasks carried out, of those that were due"),
    ATTENDANCE: _("members who took part in meetings"),
}
"""What every cell is measured by, whether it takes something up or not: shares of one, from meetings and tasks."""

MONTHS = (3, 6, 12)
"""Over how many months a share may be taken, before and after."""

_TASKS = """
SELECT t.unit_id, count(*) FILTER (WHERE t.outcome = 'done'), count(*)
FROM tasks_task t JOIN org_unit u ON u.id = t.unit_id
WHERE t.due_on >= %(since)s AND t.due_on < %(until)s AND t.state <> 'cancelled' AND u.path LIKE %(below)s
GROUP BY t.unit_id"""
_ROLLS = """
SELECT m.unit_id, a.belonged_as, a.status, m.rules #> '{vote.base.excludes,value}', count(*)
FROM meetings_meeting m JOIN meetings_attendance a ON a.meeting_id = m.id JOIN org_unit u ON u.id = m.unit_id
WHERE m."on" >= %(since)s AND m."on" < %(until)s AND m.state IN ('ended', 'locked') AND u.path LIKE %(below)s
GROUP BY 1, 2, 3, 4"""
_LIKE = """
SELECT u.id, u.kind_id, count(m.id) FROM org_unit u
LEFT JOIN people_membership m ON m.unit_id = u.id AND m.during @> %(month)s::date
WHERE u.path LIKE %(below)s AND u.during @> daterange(%(since)s, %(until)s) AND NOT EXISTS (
    SELECT FROM org_succession s
    WHERE u.id IN (s.predecessor_id, s.successor_id) AND s.on >= %(since)s AND s.on < %(until)s
)
GROUP BY u.id"""
_RELATED = """
WITH RECURSIVE related(id) AS (
    SELECT unnest(%(units)s::uuid[])
    UNION SELECT s.successor_id FROM related r JOIN org_succession s ON s.predecessor_id = r.id
)
SELECT id FROM related"""


def spreads(viewer: Actor, programme: Programme) -> QuerySet[Spread]:
    """What comparisons came to and those that wait, the latest first; for whoever sees the programme."""
    rows = Spread.objects.filter(programme=programme)
    return access.visible(viewer, Capability.SEE_PROGRAMMES, rows, field="programme__unit").order_by("-at", "-pk")


def to_work_out() -> list[UUID]:
    """The comparisons that wait for the worker, the oldest first."""
    return list(Spread.objects.filter(done_at=None).order_by("at", "pk").values_list("pk", flat=True))


@dataclass(slots=True)
class Subjects:
    """The units that took something up and those that did not, and how many takers could not be compared, and why."""

    took: list[Subject] = field(default_factory=list)
    others: list[Subject] = field(default_factory=list)
    early: int = 0
    changed: int = 0
    without: int = 0


def subjects(programme: Programme, indicator: str, months: int, today: date) -> Subjects:
    """The units below a programme that took something up, and those that never entered anything in it, each with its
    share before and after. Units that began in one month are compared over the same months as their like.

    A unit counts as a taker once, from its first entry on, as the unit that it was when it was accepted: who goes on
    with an entry after a reorganisation took nothing up by that, and is not among the others either. A unit that was
    reorganised within the months, or for which nothing was counted before or after, stands beside nobody.
    """
    began: dict[UUID, date] = {}
    rows = Entry.objects.filter(cycle__programme=programme)
    for unit_id, started_on in rows.exclude(taker=None).order_by("started_on").values_list("taker", "started_on"):
        if unit_id is not None and started_on is not None:
            began.setdefault(unit_id, started_on.replace(day=1))
    related = _related({*began, *rows.values_list("unit_id", flat=True)})
    found = Subjects()
    by_month: dict[date, set[UUID]] = defaultdict(set)
    for unit_id, month in began.items():
        if _months_on(month, months + 1) <= today:
            by_month[month].add(unit_id)
        else:  # its months afterwards are not over
            found.early += 1
    for month, units in sorted(by_month.items()):
        since, until = _months_on(month, -months), _months_on(month, months + 1)
        before = _shares(programme, indicator, since, month)
        after = _shares(programme, indicator, _months_on(month, 1), until)
        stood = _standing(programme, since, month, until)
        found.changed += len(units - stood.keys())
        for unit_id, (kind, size) in stood.items():
            is_counted = unit_id in before and unit_id in after
            if unit_id in units and not is_counted:
                found.without += 1
            elif is_counted and (unit_id in units or unit_id not in related):
                one = Subject(f"{kind}:{month:%Y-%m}", size, before[unit_id], after[unit_id], unit_id)
                (found.took if unit_id in units else found.others).append(one)
    return found


def _related(unit_ids: Iterable[UUID]) -> set[UUID]:
    """These units and all that went on with them or with a part of them."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATED, {"units": list(unit_ids)})
        return {pk for (pk,) in cursor.fetchall()}


def _shares(programme: Programme, indicator: str, since: date, until: date) -> dict[UUID, float]:
    counted = _attendance if indicator == ATTENDANCE else _tasks
    return {pk: part / whole for pk, (part, whole) in counted(programme, since, until).items() if whole}


def _rows(sql: str, programme: Programme, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"below": programme.unit.path + "%"})
        return list(cursor.fetchall())


def _tasks(programme: Programme, since: date, until: date) -> dict[UUID, tuple[int, int]]:
    return {pk: (done, n) for pk, done, n in _rows(_TASKS, programme, since=since, until=until)}


def _attendance(programme: Programme, since: date, until: date) -> dict[UUID, tuple[int, int]]:
    """By unit how many official members came and how many counted, each meeting by the base under which it was held
    (meetings.rules.base_of)."""
    in_force = regulations.find("vote.base.excludes", programme.unit, since)
    on_that_day = in_force.value if in_force else ()

    @cache
    def counts(belonged_as: str, status: str, excludes: tuple[str, ...]) -> tuple[int, int]:
        base = base_of([Seat(belonged_as, AttendanceStatus(status))], excludes=excludes)
        return base.voters, base.base

    found: dict[UUID, tuple[int, int]] = {}
    for unit_id, belonged_as, status, excludes, n in _rows(_ROLLS, programme, since=since, until=until):
        held_under = json.loads(excludes) if excludes else on_that_day
        came, whole = counts(belonged_as, status, tuple(held_under))
        part, all_of_it = found.get(unit_id, (0, 0))
        found[unit_id] = part + came * n, all_of_it + whole * n
    return found


def _standing(programme: Programme, since: date, month: date, until: date) -> dict[UUID, tuple[str, int]]:
    """By unit that stood unchanged through all those days its kind, and its members at the beginning."""
    rows = _rows(_LIKE, programme, since=since, month=month, until=until)
    return {pk: (kind, size) for pk, kind, size in rows}


def _months_on(month: date, n: int) -> date:
    """The first of the month so many months later."""
    whole = month.year * 12 + month.month - 1 + n
    return date(whole // 12, whole % 12 + 1, 1)
