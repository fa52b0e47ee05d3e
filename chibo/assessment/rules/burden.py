"""What a unit is asked for, field by field, and whether anybody above ever looks at it."""

from dataclasses import dataclass
from enum import StrEnum

from chibo.assessment.rules.frameworks import Criterion
from chibo.core.words import Said
from chibo.regulations.rules import Words

SHEET, TOTAL = "score.sheet", "score.total"
REVIEW, REVIEW_LEVEL = "review.words", "review.level"
"""Fields as readings name them: a score sheet as a whole, its total; what a review says, and its points and level."""


def field_of(criterion: Criterion) -> str:
    """One criterion as readings name it, where a page shows it by itself."""
    return f"score/{criterion.code}"


class Standing(StrEnum):
    """Whether a field is read above: within a year; not yet, in less than a year; not in a whole year."""

    READ = "read"
    NOT_YET = "not_yet"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field that was asked for in a month: `times` of `units` units, of which `read` were looked at within a year.

    `is_by_facts`: it fills itself in from what is written down anyway, and costs nobody anything.
    """

    title: Words | Said
    by: Words | Said
    times: int
    is_by_facts: bool
    units: int
    read: int
    is_a_year_old: bool

    @property
    def standing(self) -> Standing:
        if self.read:
            return Standing.READ
        return Standing.UNREAD if self.is_a_year_old else Standing.NOT_YET
