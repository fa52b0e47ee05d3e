"""A month's dues and the means of 2,000 cells with 46,000 members.

`python -m tests.bench_dues`. Promises: the sums of all, commune by commune, within 500 ms, those of one commune
within 50 ms; what all have to work with within 100 ms.
"""

import os
from datetime import date
from functools import partial

import django

from tests.bench_opinions import median

FILLS = (
    # 40 communes of 50 cells each below the district.
    """
    CREATE TEMP TABLE filled AS
    SELECT n, uuidv7() AS id, (CASE WHEN n <= 40 THEN 'grassroots' ELSE 'cell' END) AS kind,
        CASE WHEN n <= 40 THEN n ELSE 1 + (n - 41) %% 40 END AS commune
    FROM generate_series(1, 2040) n
    """,
    """
    INSERT INTO org_unit (id, kind_id, code, during, path)
    SELECT f.id, f.kind, 'bench-' || f.n, daterange('2020-01-01', NULL),
        %(district)s || CASE WHEN f.n <= 40 THEN '' ELSE replace(up.id::text, '-', '') || '/' END
        || replace(f.id::text, '-', '') || '/'
    FROM filled f LEFT JOIN filled up ON up.n = f.commune
    """,
    """
    INSERT INTO org_unitname (id, unit_id, name, sort_key, during)
    SELECT uuidv7(), id, (CASE kind WHEN 'cell' THEN 'Chi bộ số ' ELSE 'Đảng bộ xã số ' END) || n,
        lpad(n::text, 8, '0'), daterange('2020-01-01', NULL) FROM filled
    """,
    "CREATE TEMP TABLE folk AS SELECT n, uuidv7() AS id FROM generate_series(1, 46000) n",
    """
    INSERT INTO people_person (id, name, sort_key, email, card_number)
    SELECT id, 'Bùi Văn Hòa ' || n, n::text, '', '' FROM folk
    """,
    """
    INSERT INTO people_membership (id, person_id, unit_id, status, during, decision)
    SELECT uuidv7(), p.id, f.id, 'official', daterange('2020-01-01', NULL), ''
    FROM folk p JOIN filled f ON f.n = 41 + p.n %% 2000
    """,
    # Each has had two amounts, and has paid for six months.
    """
    INSERT INTO dues_amount (id, person_id, payer, amount, since, at)
    SELECT uuidv7(), id, 'other', 11000 + 100 * s, make_date(2026, s, 1), now() FROM folk, generate_series(3, 8, 5) s
    """,
    """
    INSERT INTO dues_payment (id, unit_id, issued_by_id, person_id, month, amount, kept, paid_on, number, why, at)
    SELECT uuidv7(), f.id, f.id, p.id, make_date(2026, m, 1), 11000, 7700, make_date(2026, m, 5), p.n, '', now()
    FROM folk p JOIN filled f ON f.n = 41 + p.n %% 2000, generate_series(6, 11) m
    """,
    """
    INSERT INTO readiness_answer (id, unit_id, year, computer, printer, signal, at_ease, at)
    SELECT uuidv7(), id, y, n %% 2 = 0, n %% 3 = 0, n %% 5 > 0, n %% 7 > 2, now()
    FROM filled, generate_series(2024, 2026) y WHERE kind = 'cell'
    """,
)
TABLES = "org_unit, org_unitname, people_person, people_membership, dues_amount, dues_payment, readiness_answer"


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from chibo.core.actor import SYSTEM
    from chibo.dues import queries as dues
    from chibo.org.models import Unit
    from chibo.readiness import queries as readiness
    from chibo.testing.cast import NOW, Cast

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        cast = Cast(at=NOW)
        with connection.cursor() as cursor:
            for fill in FILLS:
                cursor.execute(fill, {"district": cast.district.path})
            cursor.execute(f"VACUUM ANALYZE {TABLES}")
        today, month = date(2026, 11, 3), date(2026, 11, 1)
        commune = Unit.objects.get(code="bench-7")
        for unit, of, most in ((cast.district, "2,000 cells", 500), (commune, "50 cells", 50)):
            lines = dues.sums(SYSTEM, unit, month, today)
            assert sum(one.collected for one in lines) == 11_000 * sum(one.payers for one in lines if one.owed)
            act = partial(dues.sums, SYSTEM, unit, month, today)
            print(f"sums of dues of {of:14} {median(act):8.0f} ms  ({most:,})")
        board = partial(readiness.board, SYSTEM, cast.district, 2026)
        print(f"means of 2,000 cells           {median(board):8.0f} ms  (100)")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
