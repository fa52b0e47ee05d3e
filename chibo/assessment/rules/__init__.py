"""Scoring in plain Python: what a framework is, how its text is read, what a sheet and a year come to."""

from chibo.assessment.rules.conditions import FACTS, Fact
from chibo.assessment.rules.evaluating import (
    Answer,
    Answers,
    Mark,
    Proposal,
    Result,
    evaluate,
    points_of,
    proposed,
    why_not_answer,
)
from chibo.assessment.rules.frameworks import Band, Criterion, Framework, Kind, Policy, possible_points
from chibo.assessment.rules.reading import Mistake, Unreadable, read
from chibo.assessment.rules.sheets import (
    Given,
    answers,
    differs,
    in_figures,
    lacks,
    plain,
    sheet_of,
    which_stands,
    why_not_replace,
    why_not_score,
    wrong,
)
from chibo.assessment.rules.yearly import YearResult, year_of

__all__ = [
    "FACTS",
    "Answer",
    "Answers",
    "Band",
    "Criterion",
    "Fact",
    "Framework",
    "Given",
    "Kind",
    "Mark",
    "Mistake",
    "Policy",
    "Proposal",
    "Result",
    "Unreadable",
    "YearResult",
    "answers",
    "differs",
    "evaluate",
    "in_figures",
    "lacks",
    "plain",
    "points_of",
    "possible_points",
    "proposed",
    "read",
    "sheet_of",
    "which_stands",
    "why_not_answer",
    "why_not_replace",
    "why_not_score",
    "wrong",
    "year_of",
]
