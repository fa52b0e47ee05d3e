"""Tests run on a real PostgreSQL 18: the server of DATABASE_URL, or the bundled one in a home of its own."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chibo.testing.cast import Cast

HOME = Path(tempfile.gettempdir()) / f"chibo-tests-{os.getuid()}"
os.environ["CHIBO_HOME"] = str(HOME)
os.environ.setdefault("CHIBO_SECRET", "tests")

from chibo.embedded import server  # noqa: E402  # CHIBO_HOME is read when settings are imported

if not os.environ.get("DATABASE_URL"):
    server.ensure_running(HOME)


@pytest.fixture
def cast(db: None) -> "Cast":
    """Nà Phòn and its neighbours, on the evening of 3 November 2026."""
    from chibo.testing.cast import NOW, Cast

    return Cast(at=NOW)
