"""`make bench`: the month's actions and pages of one cell, in a tree of 300 units and in one of 30,000, in one run.

The rest of the tree is filled in SQL with what a year leaves behind: 23 members a cell, three meetings with their roll,
six tasks. Figures are medians on this machine; what counts is the ratio between the two columns.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from chibo.testing.cast import Cast

ROUNDS = 9
SIZES = (300, 30_000)

FILL = """
WITH communes AS (
    INSERT INTO org_unit (id, kind_id, code, during, path)
    SELECT id, 'grassroots', 'bench-' || %(batch)s || '-' || n, '[2020-01-01,)',
           %(above)s || replace(id::text, '-', '') || '/'
    FROM (SELECT uuidv7() AS id, n FROM generate_series(1, %(communes)s) n) AS made RETURNING id, code, path
), cells AS (
    INSERT INTO org_unit (id, kind_id, code, during, path)
    SELECT id, 'cell', code || '-' || n, '[2020-01-01,)', path || replace(id::text, '-', '') || '/'
    FROM (SELECT uuidv7() AS id, code, path, n FROM communes, generate_series(1, 20) n) AS made RETURNING id, code, path
), named AS (
    INSERT INTO org_unitname (id, unit_id, name, sort_key, during)
    SELECT uuidv7(), id, 'Chi bộ xóm ' || code, code, '[2020-01-01,)' FROM (TABLE communes UNION ALL TABLE cells) AS u
), placed AS (
    INSERT INTO org_parentage (id, unit_id, parent_id, during)
    SELECT uuidv7(), id, %(parent)s, '[2020-01-01,)'::daterange FROM communes
    UNION ALL
    SELECT uuidv7(), cells.id, communes.id, '[2020-01-01,)' FROM cells
    JOIN communes ON cells.path LIKE communes.path || '%%'
), persons AS (
    INSERT INTO people_person (id, name, sort_key, email, card_number)
    SELECT uuidv7(), 'Bùi Văn ' || n, 'k' || n, '', '' FROM cells, generate_series(1, 23) n RETURNING id
)
INSERT INTO people_membership (id, person_id, unit_id, status, during)
SELECT uuidv7(), p.id, c.id, CASE WHEN p.rn %% 23 = 0 THEN 'probationary' ELSE 'official' END, '[2020-01-01,)'
FROM (SELECT id, row_number() OVER () - 1 AS rn FROM persons) p
JOIN (SELECT id, row_number() OVER () - 1 AS rn FROM cells) c ON c.rn = p.rn / 23
"""

YEAR = """
WITH held AS (
    INSERT INTO meetings_meeting (id, unit_id, kind, month, "on", time, place, topic, state, is_by_rule, guests,
                                  conclusion, lessons, rules, version)
    SELECT uuidv7(), u.id, 'regular', m, m + 2, '19:30', 'Nhà văn hóa', '', 'locked', true, '', '', '', '{}', 1
    FROM org_unit u, (VALUES (date '2026-08-01'), (date '2026-09-01'), (date '2026-10-01')) AS months(m)
    WHERE u.code LIKE 'bench-' || %(batch)s || '-%%' AND u.kind_id = 'cell' RETURNING id, unit_id
), tasks AS (
    INSERT INTO tasks_task (id, unit_id, title, expected, given_on, due_on, origin_kind, origin_id, origin_label, state,
                            outcome, settlement, settled_at, version)
    SELECT uuidv7(), unit_id, 'Nạo vét kênh mương', '', date '2026-10-03', date '2026-10-25', 'meeting', id, '',
           'settled', 'done', 'Đã xong', timestamptz '2026-11-01', 1 FROM held, generate_series(1, 2)
)
INSERT INTO meetings_attendance (id, meeting_id, membership_id, status, reason, belonged_as)
SELECT uuidv7(), held.id, m.id, 'present', '', m.status FROM held JOIN people_membership m ON m.unit_id = held.unit_id
"""


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from chibo.core import clock
    from chibo.org.actions import draw

    call_command("collectstatic", interactive=False, verbosity=0)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        columns = []
        cast = _cast()
        units = 0
        for batch, size in enumerate(SIZES):
            communes = (size - units) // 21
            with connection.cursor() as cursor:
                facts: dict[str, str | int] = {
                    "batch": str(batch),
                    "communes": communes,
                    "above": cast.vinh_dong.path.rsplit("/", 2)[0] + "/",
                    "parent": str(cast.district.pk),
                }
                cursor.execute(FILL, facts)
                cursor.execute(YEAR, facts)
                draw(cast.district.pk, None, clock.today())
                cursor.execute("ANALYZE")
                cursor.execute("SELECT count(*) FROM org_unit")
                units = cursor.fetchone()[0]
            columns.append((units, {name: _median(work) for name, work in _works(cast).items()}))
    finally:
        teardown_databases(old, verbosity=0)
    _print(columns)


def _median(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def _cast() -> "Cast":
    from chibo.testing.cast import NOW, Cast

    return Cast(at=NOW)


def _works(cast: "Cast") -> dict[str, Callable[[], object]]:
    """What is measured: pages as their reader gets them, actions inside a transaction that is taken back."""
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from chibo.core.actor import SYSTEM
    from chibo.meetings import actions, queries
    from chibo.meetings.models import Meeting
    from chibo.meetings.rules import AttendanceStatus, Kind, Nature
    from chibo.testing import make

    meeting = Meeting.objects.filter(unit=cast.na_phon, kind=Kind.REGULAR).first() or make.called(cast)

    def page(who: str, address: str) -> Callable[[], object]:
        client = Client()
        client.force_login(cast.user(who), backend="allauth.account.auth_backends.AuthenticationBackend")

        def get() -> object:
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)
            return response

        return get

    def undone(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            with transaction.atomic():
                work()
                transaction.set_rollback(True)

        return run

    lines = queries.roll(meeting)
    part = next(part for part in queries.parts(meeting) if part.holds == "discussion")
    following = date(2027, 2, 1)
    return {
        "page: this month (secretary)": page("secretary", reverse("home")),
        "page: meeting": page("secretary", reverse("meetings:meeting", args=[meeting.pk])),
        "page: hold": page("secretary", reverse("meetings:hold", args=[meeting.pk])),
        "page: tasks": page("secretary", reverse("tasks:mine")),
        "page: home (member)": page("member", reverse("home")),
        "page: home (attending)": page("attending", reverse("home")),
        "page: home (district officer)": page("officer", reverse("home")),
        "page: district": page("operator", reverse("unit", args=[cast.district.pk])),
        "page: search": page("secretary", reverse("search") + "?q=na+phon"),
        "page: search (everything)": page("operator", reverse("search") + "?q=chi+bo"),
        "action: plan a month": undone(
            lambda: actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=following, at=cast.at)
        ),
        "action: roll call": undone(
            lambda: actions.call_roll(
                actor=cast.secretary,
                meeting_id=meeting.pk,
                called=[(line.membership.pk, AttendanceStatus.PRESENT, "") for line in lines],
                at=cast.at,
            )
        ),
        "action: contribution": undone(
            lambda: actions.record_contribution(
                actor=cast.secretary,
                meeting_id=meeting.pk,
                part_id=part.pk,
                person_id=cast.person_id("deputy"),
                guest="",
                nature=Nature.OPINION,
                gist="Nhất trí.",
                at=cast.at,
            )
        ),
        "action: give a task": undone(
            lambda: actions.give_task(
                actor=cast.secretary,
                meeting_id=meeting.pk,
                title="Nạo vét kênh mương",
                expected="",
                due_on=meeting.on + timedelta(days=20),
                assignee_ids=[cast.person_id("deputy")],
                at=cast.at,
            )
        ),
    }


def _print(columns: list[tuple[int, dict[str, float]]]) -> None:
    (small, first), (large, second) = columns
    print(f"{'median ms of ' + str(ROUNDS):<34}{small:>10} u{large:>10} u{'ratio':>9}")
    for name, before in first.items():
        print(f"{name:<34}{before:>12.1f}{second[name]:>12.1f}{second[name] / before:>9.2f}")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
