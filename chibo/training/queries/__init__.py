"""Reading a practice and its month; and what a unit could practise."""

from chibo.training.queries.needs import Typical, suggested, typical, unit_to_train, units_to_train, whom
from chibo.training.queries.practice import Guide, guide, kept_in, month_of, of_owner, played, units_of, unused

__all__ = [
    "Guide",
    "Typical",
    "guide",
    "kept_in",
    "month_of",
    "of_owner",
    "played",
    "suggested",
    "typical",
    "unit_to_train",
    "units_of",
    "units_to_train",
    "unused",
    "whom",
]
