"""Fixtures for every test; chibo/testing/plugin.py has prepared the database."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from chibo.testing.cast import Cast


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; at the end, sessions that threads and servers of tests have left in a pool are ended."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )


@pytest.fixture
def cast(db: None) -> "Cast":
    """Nà Phòn and its neighbours, on the evening of 3 November 2026."""
    from chibo.testing.cast import NOW, Cast

    return Cast(at=NOW)


@pytest.fixture
def that_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at ten of the cast's evening, for what is so only for some days after it."""
    from chibo.core import clock
    from chibo.testing.cast import NOW

    monkeypatch.setattr(clock, "now", lambda: NOW.replace(hour=22))


@pytest.fixture
def _kinds_stay(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    from chibo.org.models import Kind

    with django_db_blocker.unblock():
        kinds = list(Kind.objects.all())
    yield
    with django_db_blocker.unblock():
        Kind.objects.bulk_create(kinds, ignore_conflicts=True)


@pytest.fixture
def committed(_kinds_stay: None, transactional_db: None) -> None:
    """A database in which this test's own commits stand, for other threads and processes to see.

    All tables are emptied afterwards; the kinds of units, which came with a migration, are put back.
    """


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; where there is none, tests of pages are left out, but not where all must run."""
    chromium = shutil.which("chromium")
    if not chromium:
        words = "Chromium is missing: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    # Root has no sandbox of its own.
    return {"executable_path": chromium, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
