"""Every change about attending and inspecting."""

from chibo.supervision.actions.attending import (
    answer_proposal,
    answer_reminder,
    assign,
    keep_promise,
    name_stand_in,
    propose_day,
    save_report,
    send_reminder,
)
from chibo.supervision.actions.inspecting import (
    answer_finding,
    draw_plan,
    hold_inspection,
    plan_inspection,
    recheck,
)

__all__ = [
    "answer_finding",
    "answer_proposal",
    "answer_reminder",
    "assign",
    "draw_plan",
    "hold_inspection",
    "keep_promise",
    "name_stand_in",
    "plan_inspection",
    "propose_day",
    "recheck",
    "save_report",
    "send_reminder",
]
