"""Every change to the register: members and offices, import of lists, doubled persons."""

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
    "change_status",
    "correct_person",
    "empty_units",
    "end_membership",
    "enter_member",
    "form_committee",
    "leave_office",
    "move_members",
    "note_reading",
    "take_office",
    "transfer_member",
]
