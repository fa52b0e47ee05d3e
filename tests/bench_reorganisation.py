"""`make bench`, second part: the reorganisation of 1 July 2025 in full, in one run, step by step.

And whether permission notices the past: an officer's checks before it, after it, and after twenty more mergers of his
commune.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from chibo.core.actor import Actor
    from chibo.org.models import Unit

ROUNDS, MERGERS = 200, 20


def main() -> None:
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        _steps()
    finally:
        teardown_databases(old, verbosity=0)


def _steps() -> None:
    from django.db import transaction

    from chibo.access.models import Grant, Role
    from chibo.accounts.models import User
    from chibo.core import clock
    from chibo.core.actor import SYSTEM, Actor
    from chibo.core.period import Period
    from chibo.org.models import Unit
    from chibo.reorganisation import actions, queries
    from tests import nation

    at = clock.now()
    root = _timed("load 10,811 units of before", nation.load)
    one = actions.draft(
        actor=SYSTEM, root_id=root.pk, title="2025", number="202/2025/QH15", issuer="Quốc hội", on=nation.ON, at=at
    )
    _timed(
        "enter the lines",
        lambda: actions.add_lines(actor=SYSTEM, reorganisation_id=one.pk, lines=nation.lines(), at=at),
    )
    user = User.objects.create_user("officer")
    officer = Actor(name="officer", user_id=user.pk)
    Grant.objects.create(user=user, role=Role.OFFICER, unit=root, subtree=True, during=Period(nation.BEFORE))
    commune = Unit.objects.filter(kind="commune").earliest("code")
    _permission("before", officer, commune)
    _timed("check", lambda: queries.checked(one))
    _timed("rehearse", lambda: actions.rehearse(actor=SYSTEM, reorganisation_id=one.pk, at=at))
    actions.submit(actor=SYSTEM, reorganisation_id=one.pk, at=at)
    approver = Actor(name="approver", user_id=User.objects.create_user("approver").pk, is_system=True)
    _timed("approve and apply", lambda: actions.approve(actor=approver, reorganisation_id=one.pk, at=at))
    merged = Unit.objects.on(nation.ON).filter(predecessors__isnull=False, kind="commune").earliest("code")
    _permission("after it", officer, merged)
    with transaction.atomic():
        for n in range(MERGERS):
            merged = _merge(merged, root, n, approver)
        _permission(f"after {MERGERS} mergers more", officer, merged)
        transaction.set_rollback(True)
    later = at + timedelta(minutes=1)
    _timed("undo", lambda: actions.undo(actor=SYSTEM, reorganisation_id=one.pk, reason="bench", at=later))


def _merge(commune: "Unit", root: "Unit", n: int, approver: "Actor") -> "Unit":
    """Lets a commune go on in a new one."""
    from chibo.core import clock
    from chibo.core.actor import SYSTEM
    from chibo.org.models import Parentage, Unit
    from chibo.reorganisation import actions
    from chibo.reorganisation.rules import Line, What
    from tests import nation

    on = nation.ON + timedelta(days=n + 1)
    above = Parentage.objects.get(unit=commune, during__contains=on).parent
    one = actions.draft(
        actor=SYSTEM, root_id=root.pk, title="bench", number=str(n), issuer="bench", on=on, at=clock.now()
    )
    lines = [
        Line(1, What.FOUND, f"merged-{n}", name=f"Xã {n}", kind="commune", above=above.code),
        Line(2, What.MERGE, commune.code, heir=f"merged-{n}"),
    ]
    actions.add_lines(actor=SYSTEM, reorganisation_id=one.pk, lines=lines, at=clock.now())
    actions.submit(actor=SYSTEM, reorganisation_id=one.pk, at=clock.now())
    actions.approve(actor=approver, reorganisation_id=one.pk, at=clock.now())
    return Unit.objects.get(code=f"merged-{n}")


def _permission(when: str, officer: "Actor", commune: "Unit") -> None:
    """What one check costs, and the first fifty communes beside one that an officer may see."""
    from chibo.access import queries as access
    from chibo.access.capabilities import Capability
    from chibo.core import clock
    from chibo.org import queries
    from tests import nation

    on = nation.BEFORE if when == "before" else clock.today()
    unit = queries.get(officer, commune.pk, on)
    works: dict[str, Callable[[], object]] = {
        "a check": lambda: access.can(officer, Capability.MANAGE_UNITS, unit),
        "the communes beside it": lambda: list(queries.children(officer, unit.ancestor_ids[-1], on)[:50]),
    }
    for what, work in works.items():
        taken = []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            work()
            taken.append(time.perf_counter() - began)
        print(f"{what}, {when:<30}{statistics.median(taken) * 1000:>10.2f} ms")


def _timed[T](what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    found = work()
    print(f"{what:<44}{time.perf_counter() - began:>10.2f} s")
    return found


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
