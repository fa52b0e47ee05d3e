"""Fixtures for every test; chibo/testing/plugin.py has prepared the database."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chibo.testing.cast import Cast


@pytest.fixture
def cast(db: None) -> "Cast":
    """Nà Phòn and its neighbours, on the evening of 3 November 2026."""
    from chibo.testing.cast import NOW, Cast

    return Cast(at=NOW)
