"""A person's page, and keeping the register: members, offices, imports, doubled persons."""

from chibo.people.views.doubles import (
    doubled,
    merge,
    merge_with,
    tell_apart,
)
from chibo.people.views.importing import (
    enter_list,
    list_cells,
    list_columns,
    list_of_members,
    list_rest,
    undo_list,
)
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
    "doubled",
    "end",
    "enter",
    "enter_list",
    "form_committee",
    "leave_office",
    "list_cells",
    "list_columns",
    "list_of_members",
    "list_rest",
    "merge",
    "merge_with",
    "person",
    "seen",
    "take_office",
    "tell_apart",
    "transfer",
    "undo_list",
]
