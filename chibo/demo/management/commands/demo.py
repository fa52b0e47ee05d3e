"""`chibo demo`: builds Kim Bôi district as it was, or keeps the one that is there; then tells how to get in."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import as_completed
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from chibo.core import clock
from chibo.demo import admissions, courses, district, dues, ending, months, programmes, readiness, workers
from chibo.org.models import Unit

BUILDING, READY = "chibo demo, being built", "chibo demo, ready"


class Command(BaseCommand):
    help = "Build the demo district, or keep the one that is there, and print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="throw the demo away and build it anew")
        parser.add_argument("--serve", action="store_true", help="then serve it until Ctrl-C")
        parser.add_argument("--cells", type=int, default=0, help="play the months of this many cells only (0: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["serve"]:
            # Building takes minutes: what would stop the pages in the end is said before.
            call_command("serve", "--check")
        state = self._state()
        if state is None:
            raise CommandError(
                "This database holds an office's own data: set CHIBO_HOME to an empty folder (or DATABASE_URL to an "
                "empty database) for the demo."
            )
        if state != READY or options["reset"]:
            if state == BUILDING:
                self.stdout.write("The last build was interrupted; starting over.")
            self._clear()
            self._build(options["cells"])
        else:
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write("The demo district is there already (chibo demo --reset starts over).")
        self._tell()
        if options["serve"]:
            call_command("serve")

    # What is there

    def _state(self) -> str | None:
        """READY, BUILDING, "" for an empty database, None for one with somebody's data."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT obj_description('public'::regnamespace), to_regclass('public.org_unit') IS NOT NULL")
            comment, has_tables = cursor.fetchone()
        if comment in (READY, BUILDING):
            return str(comment)
        return None if has_tables and Unit.objects.exists() else ""

    def _mark(self, state: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON SCHEMA public IS '{state}'")

    def _clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        self._mark(BUILDING)
        for folder in ("files", "mail"):
            shutil.rmtree(settings.HOME / folder, ignore_errors=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)

    # Building

    def _build(self, cells: int) -> None:
        began = time.monotonic()
        at = clock.now()
        self.stdout.write("Founding the units …")
        ids = district.found_tree(at)
        plans = [plan for plan in district.plans() if plan.members]
        with workers.pool() as pool:
            self._progress("members", pool.submit, _enter, [(plan, ids[plan.code]) for plan in plans])
            self.stdout.write("Ending the districts as on 1 July 2025 …")
            ending.found_the_rest(ids, district.FOUNDED, at)
            ending.end_the_districts(ids, at)
            district.open_sign_ins(ids, at)
            # The cells of the sign-ins first, so that a short build has them too.
            chosen = sorted(plans, key=lambda plan: plan.above != district.COMMUNE)[: cells or None]
            today = clock.today()
            self._progress("cells", pool.submit, _play, [(ids[plan.code], today) for plan in chosen])
            self._progress("notices", pool.submit, _deliver, [(n,) for n in range(os.cpu_count() or 2)])
        months.show(ids, clock.now())
        months.assign(ids, district.signed_in_as("canboxa"), clock.now())
        months.attend(ids, district.signed_in_as("duhop"), clock.now())
        months.raise_opinions(ids, district.signed_in_as("canboxa"), clock.now())
        months.send_down(ids, district.signed_in_as("canboxa"), clock.now())
        programmes.spread(ids, district.signed_in_as("canboxa"), clock.now())
        admissions.grow(ids, district.signed_in_as("canboxa"), clock.now())
        dues.collect(ids, district.signed_in_as("canboxa"), clock.now())
        readiness.answer(ids, clock.now())
        courses.hold(ids, district.signed_in_as("canboxa"), clock.now())
        district.introduce(ids, clock.now())
        ending.draft_a_merger(ids, district.signed_in_as("canboxa"), ("vinh-dong-10", "vinh-dong-11"), clock.now())
        self._mark(READY)
        self.stdout.write(f"Built in {time.monotonic() - began:.0f} s.")

    def _progress(self, what: str, submit: Callable[..., Any], work: Any, each: Iterable[tuple[Any, ...]]) -> None:
        """Runs the work for each, two at a time, and says how far it is in tenths."""
        connections.close_all()
        running = [submit(work, *one) for one in each]
        tenth = 0
        try:
            for done, one in enumerate(as_completed(running), start=1):
                one.result()
                if done * 10 // len(running) > tenth:
                    tenth = done * 10 // len(running)
                    self.stdout.write(f"  {what}: {done} of {len(running)}")
                    self.stdout.flush()
        finally:
            for one in running:
                one.cancel()

    def _tell(self) -> None:
        self.stdout.write(
            f"\nchibo, Kim Bôi: {settings.URL}/\nMật khẩu chung (one password for all): {district.PASSWORD}\n\n"
        )
        for one in district.SIGN_INS:
            self.stdout.write(f"  {one.username:<10} {one.role:<36} {one.first}")
        self.stdout.write(f"\nThư gửi đi nằm ở (letters are written to): {settings.HOME / 'mail'}\n")


def _enter(plan: district.Plan, unit_id: UUID) -> None:
    district.people_of(plan, unit_id, clock.now())


def _play(unit_id: UUID, today: date) -> int:
    return months.play(unit_id, today)


def _deliver(_turn: int) -> None:
    from chibo.audit import actions as audit

    while audit.deliver():
        pass
