"""A province with 100,000 opinions that wait: its officer's inbox, one opinion, and what seems to say the same.

`python -m tests.bench_opinions`. Promises: the inbox within 50 ms, what is alike within a second of its being entered.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import django

WAITING = 100_000
FILL = """
INSERT INTO opinions_opinion (id, unit_id, source, place, text, holder_id, due_on, state, raised_at)
SELECT uuidv7(), %(unit)s, 'public', 'xóm ' || n,
       (ARRAY['Đề nghị sửa', 'Kiến nghị làm mới', 'Nhân dân phản ánh hỏng', 'Xin hỗ trợ sửa'])[1 + n %% 4] || ' '
       || (ARRAY['cầu tràn qua suối', 'đường liên xóm', 'kênh mương nội đồng', 'nhà văn hóa xóm', 'trạm bơm',
                 'lưới điện', 'đường nước sạch', 'sân thể thao', 'chợ phiên', 'lớp mầm non', 'bãi rác',
                 'đèn đường'])[1 + n / 4 %% 12] || ' '
       || (ARRAY['trước mùa mưa', 'trong năm nay', 'vì đã xuống cấp', 'cho bà con đi lại', 'theo kế hoạch của xã',
                 'như đã hứa tại buổi họp', 'để kịp vụ chiêm'])[1 + n / 48 %% 7] || ', khu vực số ' || n,
       %(holder)s, date '2027-01-01' + (n %% 60)::int, 'open', timestamptz '2026-11-01' + n * interval '1 second'
FROM generate_series(1, %(n)s) AS n
"""


def median(act: Callable[[], object], rounds: int = 7) -> float:
    """Milliseconds of the middle one of some rounds."""
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


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
    from chibo.opinions import actions, queries
    from chibo.opinions.models import Opinion
    from chibo.opinions.rules import Source
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
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"unit": cast.na_phon.pk, "holder": cast.province.pk, "n": WAITING})
            cursor.execute("ANALYZE opinions_opinion")
        client = Client()
        client.force_login(cast.user("officer"), backend="allauth.account.auth_backends.AuthenticationBackend")
        inbox = reverse("opinions:inbox", args=[cast.province.pk])
        assert client.get(inbox).context["page"].paginator.count == WAITING
        print(f"the inbox of {WAITING:,} opinions             {median(partial(client.get, inbox)):8.0f} ms  (50)")
        new = actions.raise_opinion(
            actor=cast.member, unit_id=cast.na_phon.pk, source=Source.MEMBER, place="", at=cast.at,
            text="Đề nghị sửa cầu tràn qua suối trước mùa mưa",
        )  # fmt: skip
        Opinion.objects.filter(pk=new.pk).update(holder=cast.province)
        new.refresh_from_db()
        found = queries.alike(cast.officer, new)
        assert "cầu tràn" in found[0].text
        took = median(lambda: queries.alike(cast.officer, new))
        print(f"what seems to say the same             {took:8.0f} ms  (1,000)")
        one = reverse("opinions:opinion", args=[new.pk])
        print(f"its page                               {median(partial(client.get, one)):8.0f} ms")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
