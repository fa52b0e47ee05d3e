"""What goes down to 12,000 cells, and a comparison over 100,000 units.

`python -m tests.bench_programmes`. Promises: a directive is with everybody within 10 s, its board shows within 50 ms; a
comparison is asked for and read within 50 ms and worked out in the background within 30 s; a planted effect is found
and an absent one claimed in at most 5 of 100 runs over 100,000 units.
"""

import os
import random
import time
from datetime import date, timedelta
from functools import partial

import django

from tests.bench_opinions import median

COMMUNES, CELLS, ALL_CELLS = 240, 12_000, 100_000
TAKERS, EFFECT = 1_000, 0.06
RUNS = 200
FILLS = (
    # 240 communes and 12,000 cells below the district; 1,760 and 88,000 below the province beside it.
    """
    CREATE TEMP TABLE filled AS
    SELECT n, uuidv7() AS id, (CASE WHEN n <= 2000 THEN 'grassroots' ELSE 'cell' END) AS kind,
        CASE WHEN n <= 2000 THEN n ELSE 1 + (n - 2001) %% 2000 END AS commune
    FROM generate_series(1, 102000) n
    """,
    """
    INSERT INTO org_unit (id, kind_id, code, during, path)
    SELECT f.id, f.kind, 'bench-' || f.n, daterange('2020-01-01', NULL),
        (CASE WHEN f.commune <= 240 THEN %(district)s ELSE %(province)s END)
        || CASE WHEN f.n <= 2000 THEN '' ELSE replace(up.id::text, '-', '') || '/' END
        || replace(f.id::text, '-', '') || '/'
    FROM filled f LEFT JOIN filled up ON up.n = f.commune
    """,
    """
    INSERT INTO org_unitname (id, unit_id, name, sort_key, during)
    SELECT uuidv7(), id, (CASE kind WHEN 'cell' THEN 'Chi bộ số ' ELSE 'Đảng bộ xã số ' END) || n,
        lpad(n::text, 8, '0'), daterange('2020-01-01', NULL) FROM filled
    """,
    """
    CREATE TEMP TABLE folk AS SELECT n, uuidv7() AS id FROM generate_series(1, 1000000) n
    """,
    """
    INSERT INTO people_person (id, name, sort_key, email, card_number)
    SELECT id, 'Bùi Văn Hòa ' || n, n::text, '', '' FROM folk
    """,
    """
    INSERT INTO people_membership (id, person_id, unit_id, status, during, decision)
    SELECT uuidv7(), p.id, f.id, 'official', daterange('2020-01-01', NULL), ''
    FROM folk p JOIN filled f ON f.n = 2001 + p.n %% 100000
    """,
    """
    INSERT INTO people_office (id, person_id, unit_id, title, during, decision)
    SELECT uuidv7(), p.id, f.id, CASE WHEN p.n <= 100000 THEN 'secretary' ELSE 'deputy' END,
        daterange('2025-01-01', NULL), ''
    FROM folk p JOIN filled f ON f.n = 2001 + p.n %% 100000 WHERE p.n <= 200000
    """,
    # Six tasks due before the month of beginning and six after it; every taker has more carried out afterwards.
    """
    INSERT INTO tasks_task (id, unit_id, title, expected, given_on, due_on, state, origin_kind, origin_label, outcome,
        settlement, settled_at, version)
    SELECT uuidv7(), f.id, 'Việc số ' || m, '', day - 20, day, 'settled', '', '',
        CASE WHEN random() < 0.55 + 0.3 * ((f.n * 37) %% 101) / 101.0
            + CASE WHEN m > 6 AND f.n <= 2000 + %(takers)s THEN %(effect)s ELSE 0 END
        THEN 'done' ELSE 'not_done' END, '', day, 1
    FROM filled f, generate_series(1, 12) m,
        LATERAL (SELECT (date '2025-09-15' + CASE WHEN m > 6 THEN m ELSE m - 1 END * interval '1 month')::date AS day) d
    WHERE f.kind = 'cell'
    """,
    # One meeting before and one after, nine of ten on the roll came.
    """
    WITH held AS (
        INSERT INTO meetings_meeting (id, unit_id, kind, month, "on", time, place, topic, state, is_by_rule, guests,
            conclusion, lessons, rules, version)
        SELECT uuidv7(), f.id, 'regular', m, m + 2, '19:30', 'Nhà văn hóa', '', 'locked', true, '', '', '',
            '{"vote.base.excludes": {"value": ["elsewhere", "exempt_unless_present", "suspended"]}}', 1
        FROM filled f, (VALUES (date '2026-02-01'), (date '2026-05-01')) AS months(m)
        WHERE f.kind = 'cell' RETURNING id, unit_id
    )
    INSERT INTO meetings_attendance (id, meeting_id, membership_id, status, reason, belonged_as)
    SELECT uuidv7(), held.id, m.id, CASE WHEN random() < 0.9 THEN 'present' ELSE 'absent_without_reason' END, '',
        m.status
    FROM held JOIN people_membership m ON m.unit_id = held.unit_id
    """,
    """
    INSERT INTO programmes_entry (id, cycle_id, unit_id, title, fields, aim, measure, baseline, target, adapted, state,
        registered_on, started_on, taker_id, answer, version)
    SELECT uuidv7(), %(cycle)s, id, 'Mô hình', '{}', 'x', 'x', 0, 1, '', 'running', '2026-03-01', '2026-03-05', id, '',
        1
    FROM filled WHERE n > 2000 AND n <= 2000 + %(takers)s
    """,
)
TABLES = (
    "org_unit, org_unitname, people_person, people_membership, people_office, tasks_task, programmes_entry, "
    "meetings_meeting, meetings_attendance"
)


def fill(cast: object, cycle: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        for statement in FILLS:
            cursor.execute(
                statement,
                {
                    "province": cast.province.path,  # type: ignore[attr-defined]  # the named cast
                    "district": cast.district.path,  # type: ignore[attr-defined]  # the same
                    "cycle": cycle.pk,  # type: ignore[attr-defined]  # a round of a programme
                    "takers": TAKERS,
                    "effect": EFFECT,
                },
            )
        cursor.execute(f"VACUUM ANALYZE {TABLES}")


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases
    from django.urls import reverse

    from chibo.access import actions as access
    from chibo.access.models import Role
    from chibo.audit import actions as audit
    from chibo.core import clock
    from chibo.core.actor import SYSTEM
    from chibo.core.period import Period
    from chibo.learning import actions as learning
    from chibo.learning.rules import Nature
    from chibo.notifications.models import Notice
    from chibo.programmes import actions as programmes
    from chibo.programmes import rules
    from chibo.programmes.rules import Nature as What
    from chibo.programmes.rules import Verdict
    from chibo.programmes.tests.test_spread import nation
    from chibo.testing.cast import NOW, Cast

    call_command("collectstatic", interactive=False, verbosity=0)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        cast = Cast(at=NOW)
        access.give_grant(
            actor=SYSTEM, user_id=cast.user("officer").pk, role=Role.OFFICER, unit_id=cast.province.pk,
            during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
        )  # fmt: skip
        now, today = clock.now(), clock.today()
        programme = programmes.call(
            actor=SYSTEM, unit_id=cast.province.pk, nature=What.MODEL_CELL, title="Kiểu mẫu", gist="x", fields=[],
            criteria={}, asks_members=False, at=now,
        )  # fmt: skip
        cycle = programmes.open_cycle(
            actor=SYSTEM, programme_id=programme.pk, title="2026", registers_until=today,
            ends_on=today + timedelta(days=300), at=now,
        )  # fmt: skip
        audit.deliver()
        fill(cast, cycle)
        client = Client()
        client.force_login(cast.user("officer"), backend="allauth.account.auth_backends.AuthenticationBackend")

        began = time.perf_counter()
        sent = learning.send_down(
            actor=SYSTEM, unit_id=cast.district.pk, nature=Nature.DIRECTIVE, title="Chỉ thị", gist="x", questions="",
            kinds=["cell"], until=today + timedelta(days=30), at=now,
        )  # fmt: skip
        audit.deliver()
        took = time.perf_counter() - began
        told = Notice.objects.filter(path=reverse("learning:directive", args=[sent.pk])).count()
        print(f"a directive with {told:,} who lead {CELLS:,} cells         {took:8.2f} s   (10)")
        board = partial(client.get, reverse("learning:board", args=[sent.pk, cast.district.pk]))
        assert board().context["total"][0] >= CELLS
        print(f"its board                                            {median(board):8.0f} ms  (50)")
        for unit, of in ((cast.district, "12,000"), (cast.province, "100,000")):
            for name in ("board", "entries"):
                page = partial(client.get, reverse(f"programmes:{name}", args=[cycle.pk, unit.pk]))
                assert page().status_code == 200
                print(f"a round over {of:7} cells: {name:8}                 {median(page):8.0f} ms")

        asked = partial(programmes.ask_to_compare, actor=SYSTEM, programme_id=programme.pk, months=6, at=now)
        for indicator in ("attendance", "tasks"):
            began = time.perf_counter()
            found = asked(indicator=indicator)
            took = 1000 * (time.perf_counter() - began)
            print(f"a comparison is asked for                            {took:8.0f} ms  (50)")
            began = time.perf_counter()
            found = programmes.work_out(actor=SYSTEM, spread_id=found.pk, at=now)
            took = time.perf_counter() - began
            print(f"worked out in the background: {indicator:12}           {took:8.2f} s   (30)")
        page = partial(client.get, reverse("programmes:programme", args=[programme.pk]))
        assert page().context["spreads"]
        print(f"the page with what it came to                        {median(page):8.0f} ms  (50)")
        assert found.verdict == Verdict.MORE, found
        print(
            f"{found.takers:,} units beside their like of {found.candidates:,}: {found.difference:+.3f} "
            f"({found.low:+.3f} to {found.high:+.3f}), planted {EFFECT:+.3f}"
        )
    finally:
        teardown_databases(old, verbosity=0)

    random.seed(1)
    for effect, wanted in ((0.02, "found"), (0.0, "claimed")):
        said = sum(
            rules.compare(*nation(seed, ALL_CELLS, effect)).verdict is not Verdict.NONE_SEEN for seed in range(RUNS)
        )
        print(f"100,000 simulated units, effect {effect:.2f}: {wanted} in {said} of {RUNS} runs")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
