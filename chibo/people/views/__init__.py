"""A person's page, and keeping the register: members, offices, imports, doubled persons."""

from chibo.people.views.register import (
    change_status,
    correct,
    end,
    enter,
    form_committee,
    leave_office,
    person,
    seen,
    take_office,
    transfer,
)

__all__ = [
    "change_status",
    "correct",
    "end",
    "enter",
    "form_committee",
    "leave_office",
    "person",
    "seen",
    "take_office",
    "transfer",
]
