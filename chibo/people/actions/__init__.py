"""Every change to the register: members and offices, import of lists, doubled persons."""

from chibo.people.actions.importing import (
    ENTERED_AT_ONCE,
    ask_to_enter,
    ask_to_undo,
    clear_lists,
    enter_some,
    stop_list,
    undo_list,
    why_not_undo,
    work_through,
)
from chibo.people.actions.matching import (
    choose_cells,
    match,
    match_once_more,
    read_on,
)
from chibo.people.actions.merging import (
    merge_persons,
    tell_apart,
)
from chibo.people.actions.receiving import (
    KEPT_FOR,
    MOST_BYTES,
    MOST_ROWS,
    MOST_SHEETS,
    choose_columns,
    receive_list,
)
from chibo.people.actions.register import (
    change_status,
    correct_person,
    empty_units,
    end_membership,
    enter_member,
    form_committee,
    leave_office,
    move_members,
    note_reading,
    take_office,
    transfer_member,
)

__all__ = [
    "ENTERED_AT_ONCE",
    "KEPT_FOR",
    "MOST_BYTES",
    "MOST_ROWS",
    "MOST_SHEETS",
    "ask_to_enter",
    "ask_to_undo",
    "change_status",
    "choose_cells",
    "choose_columns",
    "clear_lists",
    "correct_person",
    "empty_units",
    "end_membership",
    "enter_member",
    "enter_some",
    "form_committee",
    "leave_office",
    "match",
    "match_once_more",
    "merge_persons",
    "move_members",
    "note_reading",
    "read_on",
    "receive_list",
    "stop_list",
    "take_office",
    "tell_apart",
    "transfer_member",
    "undo_list",
    "why_not_undo",
    "work_through",
]
