"""`make bench`: what scoring costs. A framework of 200 criteria evaluated; a province's year under a new framework; and
a month planned for 1,200 cells. Figures are medians on this machine, beside what they are measured against."""

import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import django

from chibo.assessment import rules
from chibo.assessment.rules import Answer, Fact, Framework
from chibo.supervision.rules.planning import Cell, HalfDay, Slot, plan

ROUNDS = 200
GROUPS, IN_A_GROUP = 10, 20


def large() -> str:
    """A framework of 200 criteria, half of them read from facts."""
    groups = []
    facts = ("attendance_share", "spoke_share", "tasks_met_share", "agenda_share")
    for group in range(GROUPS):
        lines = []
        for n in range(IN_A_GROUP):
            code = f"c-{group}-{n}"
            head = f"      - code: {code}\n        title: {{vi: {code}, en: {code}}}\n        points: 5\n"
            if n % 2:
                fact = facts[n % len(facts)]
                steps = "".join(
                    f"          - {{points: {points}, when: {{{fact}: at least {share} %}}}}\n"
                    for points, share in ((5, 90 - group), (4, 75 - group), (3, 60 - group))
                )
                lines.append(f"{head}        kind: computed\n        steps:\n{steps}          - {{points: 0}}\n")
            else:
                lines.append(f"{head}        kind: number\n")
        groups.append(
            f"  - code: g-{group}\n    title: {{vi: Nhóm, en: Group}}\n    points: {5 * IN_A_GROUP}\n    kind: group\n"
            f"    criteria:\n{''.join(lines)}"
        )
    return (
        "code: large\ntitle: {vi: Lớn, en: Large}\nissuer: {vi: Thử, en: Trial}\nsource: none\n"
        f"total: {5 * IN_A_GROUP * GROUPS}\nopen: true\nscores: {{self: committee, superior: none, stands: self}}\n"
        "deadlines: {self: 2, superior: 5}\n"
        "bands:\n  - {code: tot, title: {vi: Tốt, en: Good}, at_least: 900}\n"
        "  - {code: kem, title: {vi: Kém, en: Poor}, at_least: 0}\ncriteria:\n" + "".join(groups)
    )


def median(act: Callable[[], object], rounds: int) -> float:
    """Milliseconds."""
    took = []
    for _turn in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def sheet(framework: Framework, chance: random.Random) -> dict[str, Answer]:
    return {one.code: Answer(Decimal(chance.choice([2, 3, 4, 5]))) for one in framework.leaves() if not one.reads}


YEAR = """
WITH made AS (
    SELECT uuidv7() AS id, u.id AS unit_id, m, row_number() OVER () AS n
    FROM org_unit u, generate_series(date '2026-01-01', date '2026-12-01', interval '1 month') AS m
    WHERE u.code LIKE 'bench-%%' AND u.kind_id = 'cell'
), held AS (
    INSERT INTO meetings_meeting (id, unit_id, kind, month, "on", time, place, topic, state, is_by_rule, guests,
                                  conclusion, lessons, rules, version)
    SELECT id, unit_id, 'regular', m, m + interval '2 days', '19:30', 'Nhà văn hóa', '', 'locked', true, '', '', '',
           '{}', 1 FROM made
)
INSERT INTO assessment_scoring (id, meeting_id, framework_id, tier, answers, facts, total, band, reason, stands,
                                saved_at, handed_in_at, version)
SELECT uuidv7(), made.id, s.framework_id, 'self', s.answers,
       s.facts || jsonb_build_object('tasks_met_share', (n %% 20) || '/20', 'spoke_share', (n %% 13) || '/13',
                                     'has_tasks_due', true, 'attendance_share', (10 + n %% 11) || '/20'),
       s.total, s.band, '', true, s.saved_at, s.handed_in_at, 1
FROM made, assessment_scoring s WHERE s.id = %(like)s
"""
"""Twelve scored meetings for every cell, each with other facts, like one that was scored through the actions."""
COMMUNES = 600  # of 20 cells each: a province of 12,000


def province() -> None:
    """A province's year under another framework, and the pages of its officer."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases
    from django.urls import reverse

    from chibo.access import actions as access
    from chibo.access.models import Role
    from chibo.assessment import queries
    from chibo.core import clock
    from chibo.core.actor import SYSTEM
    from chibo.core.period import Period
    from chibo.org.actions import draw
    from chibo.testing import make
    from chibo.testing.cast import NOW, Cast
    from tests.bench import FILL

    call_command("collectstatic", interactive=False, verbosity=0)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        cast = Cast(at=NOW)
        like = make.scored(cast, make.ended(cast))
        with connection.cursor() as cursor:
            facts: dict[str, str | int] = {
                "batch": "0",
                "communes": COMMUNES,
                "above": cast.vinh_dong.path.rsplit("/", 2)[0] + "/",
                "parent": str(cast.district.pk),
            }
            cursor.execute(FILL, facts)
            cursor.execute(YEAR, {"like": str(like.pk)})
            draw(cast.district.pk, None, clock.today())
            cursor.execute("ANALYZE")
        access.give_grant(
            actor=SYSTEM, user_id=cast.user("officer").pk, role=Role.OFFICER, unit_id=cast.province.pk,
            during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
        )  # fmt: skip
        an_phu = queries.parsed(queries.shipped()["an-phu-2025"])
        began = time.perf_counter()
        counts = queries.try_out(an_phu, cast.province, 2026)
        took = time.perf_counter() - began
        per = took / counts.sessions * 1e6
        print(f"{counts.sessions:,} sessions under a new framework     {took:8.1f} s    {per:.0f} µs each (60 s)")
        client = Client()
        client.force_login(cast.user("officer"), backend="allauth.account.auth_backends.AuthenticationBackend")
        for what, name, unit in (
            ("the month's scores of a province", "assessment:month", cast.province),
            ("the month's scores of a commune", "assessment:month", cast.vinh_dong),
            ("what was asked for in a province", "assessment:burden", cast.province),
            ("what was asked for in a commune", "assessment:burden", cast.vinh_dong),
            ("who attends what in a province", "supervision:board", cast.province),
            ("who attends what in a commune", "supervision:board", cast.vinh_dong),
        ):
            address = reverse(name, args=[unit.pk]) + "?month=2026-10"
            assert client.get(address).status_code == 200
            print(f"{what:<42} {median(partial(client.get, address), 5):8.0f} ms")
    finally:
        teardown_databases(old, verbosity=0)


def main() -> None:
    text = large()
    framework = rules.read(text)
    chance = random.Random(1)
    facts: dict[str, Fact] = {
        "attendance_share": Fraction(19, 20),
        "spoke_share": Fraction(9, 20),
        "tasks_met_share": Fraction(7, 10),
        "agenda_share": Fraction(1),
    }
    answers = sheet(framework, chance)
    evaluated = median(lambda: rules.evaluate(framework, answers, facts), ROUNDS)
    read = median(lambda: rules.read(text), 5)
    print(f"a framework of 200 criteria evaluated      {evaluated:8.3f} ms   (promise: 1 ms)")
    print(f"the same read and checked from its text    {read:8.1f} ms   {read / evaluated:.0f} times as long")
    evenings = tuple(date(2026, 12, day) for day in range(1, 8))
    cells = [
        Cell(n, Slot(evenings[2], HalfDay.EVENING), evenings, (n % 200, (n + 1) % 200, (n + 7) % 200))
        for n in range(1200)
    ]
    planned = median(lambda: plan(cells), 3)
    few = median(lambda: plan(cells[:300]), 3)
    print(f"1,200 cells on one evening planned         {planned:8.0f} ms   {planned / few:.1f} times 300 cells (10 s)")
    province()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
