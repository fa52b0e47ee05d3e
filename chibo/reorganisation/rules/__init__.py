"""What a reorganisation may do and what it comes to, in plain Python."""

from chibo.reorganisation.rules.hands import (
    CellAfter,
    Thing,
    destinations,
    doubts_of,
    matters_left,
    members_left,
)
from chibo.reorganisation.rules.lines import (
    ENDING,
    INHERITING,
    Fate,
    KindOf,
    Line,
    Plan,
    Problem,
    Standing,
    What,
    codes_of,
    read,
)
from chibo.reorganisation.rules.states import State, why_not_approve, why_not_change, why_not_submit

__all__ = [
    "ENDING",
    "INHERITING",
    "CellAfter",
    "Fate",
    "KindOf",
    "Line",
    "Plan",
    "Problem",
    "Standing",
    "State",
    "Thing",
    "What",
    "codes_of",
    "destinations",
    "doubts_of",
    "matters_left",
    "members_left",
    "read",
    "why_not_approve",
    "why_not_change",
    "why_not_submit",
]
