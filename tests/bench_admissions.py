"""The way to the Party in a province of 100,000 cells: 120,000 cases, of which 12,000 cells lie below one district.

`python -m tests.bench_admissions`. Promise: each page within 50 ms.
"""

import os
from datetime import date
from functools import partial

import django

from tests.bench_opinions import median
from tests.bench_programmes import FILLS

# Two thirds under way, one sixth in probation, one sixth recognised this year; a tenth is due within the month.
CASES = """
INSERT INTO admissions_case (id, unit_id, name, born_on, found_by, found_on, state, why, due_for, due_on, laid_for,
    admitted_in_id, admitted_on, closed_on, empty_on, version)
SELECT uuidv7(), f.id, 'Bùi Thị Lan ' || i, '2000-01-01', '', '2026-02-01',
    CASE WHEN k < 4 THEN 'open' WHEN k = 4 THEN 'probation' ELSE 'recognised' END, '',
    CASE WHEN k = 5 THEN '' WHEN mod(i, 7) = 0 THEN 'committee_vote' ELSE 'remark' END,
    CASE WHEN k = 5 THEN NULL ELSE date '2026-11-20' + mod(i, 300) END, '',
    CASE WHEN k < 4 THEN NULL ELSE f.id END, CASE WHEN k < 4 THEN NULL ELSE date '2026-03-01' END,
    CASE WHEN k = 5 THEN date '2026-10-01' END, CASE WHEN k = 5 THEN date '2027-10-01' END, 1
FROM generate_series(1, 120000) g(i) JOIN filled f ON f.n = 2001 + mod(i * 7, 100000), LATERAL (SELECT mod(i, 6) AS k) s
"""


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases
    from django.urls import reverse

    from chibo.access import actions as access
    from chibo.access.models import Role
    from chibo.core.actor import SYSTEM
    from chibo.core.period import Period
    from chibo.org import actions as org
    from chibo.testing.cast import NOW, Cast

    call_command("collectstatic", interactive=False, verbosity=0)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        cast = Cast(at=NOW)
        for unit in (cast.province, cast.district):
            access.give_grant(
                actor=SYSTEM, user_id=cast.user("officer").pk, role=Role.OFFICER, unit_id=unit.pk,
                during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
            )  # fmt: skip
        with connection.cursor() as cursor:
            for statement in FILLS[:7]:
                cursor.execute(statement, {"province": cast.province.path, "district": cast.district.path})
            cursor.execute(CASES)
            cursor.execute("VACUUM ANALYZE org_unit, org_unitname, people_membership, people_office, admissions_case")
        org.draw(cast.vinh_dong.pk, None, cast.at.date())
        client = Client()
        client.force_login(cast.user("officer"), backend="allauth.account.auth_backends.AuthenticationBackend")
        for unit, of in ((cast.na_phon, "a cell"), (cast.district, "12,000 cells"), (cast.province, "100,000 cells")):
            for name in ("of_unit", "without", "targets"):
                page = partial(client.get, reverse(f"admissions:{name}", args=[unit.pk]))
                if (status := page().status_code) == 200:
                    print(f"{of:14} {name:10} {median(page):8.0f} ms  (50)")
                else:
                    print(f"{of:14} {name:10} {status}")
        page = partial(client.get, reverse("officer", args=[cast.province.pk]))
        print(f"the desk of its officer: {median(page):.0f} ms")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
