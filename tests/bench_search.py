"""Search at national size: 250,000 units, 1,000,000 members, 400,000 papers, 100,000 opinions, 400,000 tasks.

`python -m tests.bench_search`. Promise: the page of a search within 50 ms, for who sees the whole nation and for a
secretary. The rows are written by SQL, in the shapes that the actions give them; a third of the papers are on a theme,
since of titles that are all alike the database cannot estimate how many hold a word.
"""

import os
from datetime import date
from functools import partial

import django

from tests.bench_opinions import FILL as OPINIONS
from tests.bench_opinions import median

PARTS = ["Đông", "Tây", "Nam", "Bắc", "Trung", "Thượng", "Hạ", "Cao", "Phú", "An", "Bình", "Hòa", "Vĩnh", "Tân", "Xuân"]
GIVEN = ["An", "Ánh", "Bình", "Đào", "Dũng", "Hậu", "Hòa", "Khuê", "Lợi", "Mận", "Oanh", "Phượng", "Quý"]
FILLS = (
    # Cells below communes, these below the cast's province: a path is 32 figures a step.
    """
    CREATE TEMP TABLE filled AS
    SELECT n, uuidv7() AS id, (CASE WHEN n <= 10000 THEN 'grassroots' ELSE 'cell' END) AS kind
    FROM generate_series(1, %(units)s) n
    """,
    """
    INSERT INTO org_unit (id, kind_id, code, during, path)
    SELECT f.id, f.kind, 'bench-' || f.n, daterange('2020-01-01', NULL),
        %(top)s || CASE WHEN f.n <= 10000 THEN '' ELSE replace(up.id::text, '-', '') || '/' END
        || replace(f.id::text, '-', '') || '/'
    FROM filled f LEFT JOIN filled up ON up.n = 1 + f.n %% 10000
    """,
    """
    INSERT INTO org_unitname (id, unit_id, name, sort_key, during)
    SELECT uuidv7(), id, CASE kind WHEN 'cell' THEN 'Chi bộ xóm ' ELSE 'Đảng bộ xã ' END
        || (%(parts)s::text[])[1 + n %% 15] || ' ' || (%(parts)s::text[])[1 + n / 15 %% 15] || ' ' || n / 225, n::text,
        daterange('2020-01-01', NULL) FROM filled
    """,
    """
    CREATE TEMP TABLE folk AS
    SELECT n, uuidv7() AS id, 'Bùi Văn ' || (%(given)s::text[])[1 + n %% 13] || ' ' || n %% 997 AS name
    FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO people_person (id, name, sort_key, email, card_number) SELECT id, name, n::text, '', '' FROM folk
    """,
    """
    INSERT INTO people_membership (id, person_id, unit_id, status, during, decision)
    SELECT uuidv7(), p.id, f.id, 'official', daterange('2020-01-01', NULL), ''
    FROM folk p JOIN filled f ON f.n = 10001 + p.n %% (%(units)s - 10000)
    """,
    """
    INSERT INTO tasks_task (id, unit_id, title, expected, given_on, state, origin_kind, origin_label, outcome,
        settlement, version)
    SELECT uuidv7(), f.id, 'Vận động hộ số ' || g.n || ' làm đường nội xóm', '', '2026-11-01', 'open', '', '', '', '', 1
    FROM generate_series(1, %(tasks)s) g(n) JOIN filled f ON f.n = 10001 + g.n %% (%(units)s - 10000)
    """,
    """
    CREATE TEMP TABLE sheets AS
    SELECT g.n, uuidv7() AS id, f.id AS unit_id
    FROM generate_series(1, %(papers)s) g(n) JOIN filled f ON f.n = 10001 + g.n %% (%(units)s - 10000)
    """,
    """
    INSERT INTO documents_file (id, unit_id, seen_with, name, content, content_type, size, sha256, stored_at)
    SELECT id, unit_id, 'see_proceedings', n || '.docx', n::text, '', 1, '', now() FROM sheets
    """,
    """
    INSERT INTO documents_paper (id, unit_id, kind, term, number, number_text, title, issued_on, signed_by, signed_as,
        origin_kind, origin_id, file_id)
    SELECT uuidv7(), unit_id, 'NQ', '', n, 'Số ' || n,
        CASE WHEN n %% 3 > 0 THEN 'Nghị quyết họp chi bộ thường kỳ tháng ' || 1 + n %% 12
        ELSE 'Nghị quyết chuyên đề: ' || (%(themes)s::text[])[1 + n %% cardinality(%(themes)s::text[])] || ' ở xóm '
            || (%(parts)s::text[])[1 + n %% 15] || ' ' || n / 225 END,
        date '2026-01-01' + n %% 300, '', '', '', id, id
    FROM sheets
    """,
)
SIZES = {"units": 250_000, "people": 1_000_000, "tasks": 400_000, "papers": 400_000}
TABLES = """org_unit, org_unitname, people_person, people_membership, tasks_task, documents_paper, documents_file,
    opinions_opinion"""


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
    from chibo.testing.cast import NOW, Cast
    from chibo.topics.rules import themes

    call_command("collectstatic", interactive=False, verbosity=0)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        cast = Cast(at=NOW)
        access.give_grant(
            actor=SYSTEM, user_id=cast.user("officer").pk, role=Role.OFFICER, unit_id=cast.province.pk,
            during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
        )  # fmt: skip
        with connection.cursor() as cursor:
            lists = {"parts": PARTS, "given": GIVEN, "themes": [one.title for one in themes()]}
            for fill in FILLS:
                cursor.execute(fill, {**SIZES, **lists, "top": cast.province.path})
            cursor.execute(OPINIONS, {"unit": cast.na_phon.pk, "holder": cast.province.pk, "n": 100_000})
            cursor.execute(f"VACUUM ANALYZE {TABLES}")
        for who, whose in (("officer", "who sees the nation"), ("secretary", "a secretary")):
            client = Client()
            client.force_login(cast.user(who), backend="allauth.account.auth_backends.AuthenticationBackend")
            for words in (
                "xom vinh phu 7",
                "bui van hoa 41",
                "lam duong noi xom 77",
                "cau tran 12",
                "chi bo",
                "nghi quyet 3",
                "ngh",
            ):
                page = partial(client.get, reverse("search"), {"q": words})
                assert page().status_code == 200
                print(f"{whose:22} {words:24} {median(page):8.0f} ms  (50)")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
