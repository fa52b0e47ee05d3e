"""What pytest needs before the settings are read: a home of its own, and a real PostgreSQL 18 to run on.

Loaded with `-p` (pyproject.toml), since conftest files come after pytest-django has read the settings. The server is
that of DATABASE_URL, or the bundled one in the tests' own home.
"""

import fcntl
import os
import tempfile
from pathlib import Path

import pytest

HOME = Path(tempfile.gettempdir()) / f"chibo-pytest-{os.getuid()}"
os.environ["CHIBO_HOME"] = str(HOME)
os.environ["CHIBO_URL"] = "http://127.0.0.1:8000"
os.environ.setdefault("CHIBO_SECRET", "tests")
# A browser driven from a test keeps an event loop running beside Django; nothing of ours is async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Starts the database before pytest-django reads the settings, which read its password."""
    from chibo.embedded import server

    # Before anything is laid into it, and also where the database is elsewhere.
    server.claim(HOME)
    if not os.environ.get("DATABASE_URL"):
        server.ensure_running(HOME)


def pytest_configure(config: pytest.Config) -> None:
    """Lays out the static files, once for all workers."""
    if hasattr(config, "workerinput"):
        return
    from django.core.management import call_command

    with (HOME / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("collectstatic", interactive=False, verbosity=0)


def pytest_unconfigure() -> None:
    from chibo.embedded import server

    server.release()
