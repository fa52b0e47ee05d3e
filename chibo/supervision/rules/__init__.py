"""Attending and inspecting cells in plain Python: reports, promises, a month without clashes, a fair sample."""

from chibo.supervision.rules.drawing import Candidate, draw, number
from chibo.supervision.rules.inspections import (
    NO,
    NOT_APPLICABLE,
    YES,
    InspectionState,
    checklist,
    what_is_missing,
    why_not_answer_finding,
    why_not_draw,
    why_not_hold,
    why_not_recheck,
)
from chibo.supervision.rules.planning import Cell, Choice, Plan, Slot, half_day, plan
from chibo.supervision.rules.reports import (
    FINDING,
    PROPOSAL,
    REMINDER,
    Standing,
    promise_standing,
    report_standing,
    why_not_hand_in,
    why_not_report,
)

__all__ = [
    "FINDING",
    "NO",
    "NOT_APPLICABLE",
    "PROPOSAL",
    "REMINDER",
    "YES",
    "Candidate",
    "Cell",
    "Choice",
    "InspectionState",
    "Plan",
    "Slot",
    "Standing",
    "checklist",
    "draw",
    "half_day",
    "number",
    "plan",
    "promise_standing",
    "report_standing",
    "what_is_missing",
    "why_not_answer_finding",
    "why_not_draw",
    "why_not_hand_in",
    "why_not_hold",
    "why_not_recheck",
    "why_not_report",
]
