"""What comes next in a practice month, what a practice is made of, and short exercises."""

from chibo.training.rules.exercises import (
    Choice,
    Exercise,
    Mistake,
    Need,
    Read,
    Suggested,
    Whom,
    exercises,
    read,
    suggested,
)
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
    "Choice",
    "Comrade",
    "Exercise",
    "Mistake",
    "Month",
    "Need",
    "Place",
    "Read",
    "Speech",
    "Stage",
    "Step",
    "Suggested",
    "Texts",
    "Whom",
    "clock_at",
    "exercises",
    "first_day",
    "next_step",
    "practice_month",
    "read",
    "suggested",
    "texts",
]
