"""Reading a reorganisation: its lines against the tree of its day, who is left over, the figures before and after."""

from chibo.reorganisation.queries.checking import Checked, Given, OfficeToBe, checked, read
from chibo.reorganisation.queries.drafts import (
    below,
    decisions_behind,
    eve,
    get,
    members_to_tell,
    moved_members,
    of_line,
    people_for_office,
    tasks_to_tell,
    visible,
    who_may_approve,
)
from chibo.reorganisation.queries.pictures import (
    MOST_SHOWN,
    Branch,
    Figures,
    Picture,
    Rehearsal,
    figures,
    picture,
    tree,
)
from chibo.reorganisation.queries.undoing import built_on, effects, founded

__all__ = [
    "MOST_SHOWN",
    "Branch",
    "Checked",
    "Figures",
    "Given",
    "OfficeToBe",
    "Picture",
    "Rehearsal",
    "below",
    "built_on",
    "checked",
    "decisions_behind",
    "effects",
    "eve",
    "figures",
    "founded",
    "get",
    "members_to_tell",
    "moved_members",
    "of_line",
    "people_for_office",
    "picture",
    "read",
    "tasks_to_tell",
    "tree",
    "visible",
    "who_may_approve",
]
