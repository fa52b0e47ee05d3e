"""What holds in the register, in plain Python: belonging and offices, and reading the lists of offices."""

from chibo.people.rules.register import (
    why_not_from,
    why_not_office,
)

__all__ = [
    "why_not_from",
    "why_not_office",
]
