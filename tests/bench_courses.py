"""A course for 12,000 cells of a province of 100,000: who is told, its pages with 500 in it, 24,000 certificates.

`python -m tests.bench_courses`. Promises: everybody is told within 10 s, each page shows within 50 ms.
"""

import os
import time
from datetime import date, timedelta
from functools import partial
from typing import Any

import django

from tests.bench_opinions import median
from tests.bench_programmes import ALL_CELLS, CELLS, FILLS

# Who leads a cell takes part: 500 in the course that is open, all of them in one that has ended.
SEATS = """
INSERT INTO courses_seat (id, course_id, person_id, unit_id, named_on, why)
SELECT uuidv7(), %(course)s, o.person_id, o.unit_id, %(today)s, '' FROM people_office o
JOIN org_unit u ON u.id = o.unit_id WHERE u.path LIKE %(below)s AND o.title IN ('secretary', 'deputy') LIMIT %(most)s
"""
CERTIFICATES = """
INSERT INTO courses_certificate (id, seat_id, unit_id, number, issued_on, valid_until, signed_by, because, why)
SELECT uuidv7(), s.id, %(unit)s, row_number() OVER (), date '2024-01-10', %(today)s::date + (30 + random() * 300)::int,
    '', '', '' FROM courses_seat s WHERE s.course_id = %(course)s
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
    from chibo.audit import actions as audit
    from chibo.core import clock
    from chibo.core.actor import SYSTEM
    from chibo.core.period import Period
    from chibo.courses import actions
    from chibo.courses.models import Course
    from chibo.courses.rules import Nature
    from chibo.notifications.models import Notice
    from chibo.testing.cast import NOW, Cast

    call_command("collectstatic", interactive=False, verbosity=0)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        cast = Cast(at=NOW)
        access.give_grant(
            actor=SYSTEM, user_id=cast.user("officer").pk, role=Role.OFFICER, unit_id=cast.district.pk,
            during=Period(date(2025, 1, 1)), subtree=True, at=cast.at,
        )  # fmt: skip
        now, today = clock.now(), clock.today()
        tables = "org_unit, org_unitname, people_person, people_membership, people_office"
        with connection.cursor() as cursor:
            for statement in FILLS[:7]:
                cursor.execute(statement, {"province": cast.province.path, "district": cast.district.path})
            cursor.execute(f"VACUUM ANALYZE {tables}")
        course = actions.write_course(
            actor=SYSTEM, unit_id=cast.district.pk, course_id=None, nature=Nature.SECRETARY, title="Lớp", aim="x",
            named_until=today, seats=None, share=80, months=12, seen_version=0, at=now,
        )  # fmt: skip
        actions.write_session(
            actor=SYSTEM, course_id=course.pk, session_id=None, on=today, begins=now.time(), place="x", topic="x",
            teacher="", at=now,
        )  # fmt: skip
        audit.deliver()
        began = time.perf_counter()
        actions.announce(actor=SYSTEM, course_id=course.pk, at=now)
        audit.deliver()
        told = Notice.objects.filter(path=reverse("courses:course", args=[course.pk])).count()
        print(f"announced to {told:,} who lead {CELLS:,} cells: {time.perf_counter() - began:.2f} s   (10)")
        over = Course.objects.create(
            unit=cast.district, nature=Nature.SECRETARY, title="Lớp trước", aim="x", named_until=today, share=80,
            announced_on=today, ended_on=today,
        )  # fmt: skip
        given: dict[str, Any] = {"unit": cast.district.pk, "today": today, "below": cast.district.path + "%"}
        with connection.cursor() as cursor:
            cursor.execute(SEATS, given | {"course": course.pk, "most": 500})
            cursor.execute(SEATS, given | {"course": over.pk, "most": 24_000})
            cursor.execute(CERTIFICATES, given | {"course": over.pk})
            cursor.execute("VACUUM ANALYZE courses_seat, courses_certificate")
        client = Client()
        client.force_login(cast.user("officer"), backend="allauth.account.auth_backends.AuthenticationBackend")
        for name, of in (
            ("courses:of_unit", cast.district.pk),
            ("courses:course", course.pk),
            ("courses:units", course.pk),
        ):
            page = partial(client.get, reverse(name, args=[of]))
            assert page().status_code == 200
            print(f"{name:20} among {ALL_CELLS:,} cells {median(page):8.0f} ms  (50)")
        began = time.perf_counter()
        n = actions.tell_of_ends(actor=SYSTEM, at=now + timedelta(hours=1))
        print(f"{n} of 24,000 certificates told of in one round of the night: {time.perf_counter() - began:.2f} s")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
