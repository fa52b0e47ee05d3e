"""What comes next in a practice month, and what a practice is made of."""

from chibo.training.rules.guide import (
    CLOCK_RUNS_FOR,
    KEPT_UNUSED,
    Month,
    Place,
    Stage,
    Step,
    clock_at,
    first_day,
    next_step,
    practice_month,
)
from chibo.training.rules.texts import Comrade, Speech, Texts, texts

__all__ = [
    "CLOCK_RUNS_FOR",
    "KEPT_UNUSED",
    "Comrade",
    "Month",
    "Place",
    "Speech",
    "Stage",
    "Step",
    "Texts",
    "clock_at",
    "first_day",
    "next_step",
    "practice_month",
    "texts",
]
