"""Attending cells in plain Python: reports and when they are due, promises, and a month without clashes."""

from chibo.supervision.rules.planning import Cell, Choice, Plan, Slot, half_day, plan
from chibo.supervision.rules.reports import (
    Standing,
    promise_standing,
    report_standing,
    why_not_hand_in,
    why_not_report,
)

__all__ = [
    "Cell",
    "Choice",
    "Plan",
    "Slot",
    "Standing",
    "half_day",
    "plan",
    "promise_standing",
    "report_standing",
    "why_not_hand_in",
    "why_not_report",
]
