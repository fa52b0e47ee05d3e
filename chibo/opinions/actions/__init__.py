"""Every change about opinions, and about what the public is asked before a meeting."""

from chibo.opinions.actions.answering import (
    AT_ONCE,
    answer_opinion,
    follow_units,
    join,
    move_late,
    raise_from_meeting,
    raise_opinion,
    say_satisfied,
    send_on,
    tell_in_meeting,
)
from chibo.opinions.actions.collecting import (
    end_collection,
    lay_before,
    open_collection,
    receive,
    reply,
    set_aside,
    take_up,
)

__all__ = [
    "AT_ONCE",
    "answer_opinion",
    "end_collection",
    "follow_units",
    "join",
    "lay_before",
    "move_late",
    "open_collection",
    "raise_from_meeting",
    "raise_opinion",
    "receive",
    "reply",
    "say_satisfied",
    "send_on",
    "set_aside",
    "take_up",
    "tell_in_meeting",
]
