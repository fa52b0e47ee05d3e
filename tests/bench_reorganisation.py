"""`make bench`, second part: the reorganisation of 1 July 2025 in full, in one run, step by step."""

import time
from collections.abc import Callable
from datetime import timedelta

import django


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
    from chibo.accounts.models import User
    from chibo.core import clock
    from chibo.core.actor import SYSTEM, Actor
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
    _timed("check", lambda: queries.checked(one))
    _timed("rehearse", lambda: actions.rehearse(actor=SYSTEM, reorganisation_id=one.pk, at=at))
    actions.submit(actor=SYSTEM, reorganisation_id=one.pk, at=at)
    approver = Actor(name="approver", user_id=User.objects.create_user("approver").pk, is_system=True)
    _timed("approve and apply", lambda: actions.approve(actor=approver, reorganisation_id=one.pk, at=at))
    later = at + timedelta(minutes=1)
    _timed("undo", lambda: actions.undo(actor=SYSTEM, reorganisation_id=one.pk, reason="bench", at=later))


def _timed[T](what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    found = work()
    print(f"{what:<44}{time.perf_counter() - began:>10.2f} s")  # noqa: T201
    return found


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
    if not os.environ.get("DATABASE_URL"):
        from chibo.embedded import server

        server.ensure_running(server.home())
    main()
