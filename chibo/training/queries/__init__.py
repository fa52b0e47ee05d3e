"""Reading a practice and its month."""

from chibo.training.queries.practice import Guide, guide, month_of, of_owner, played, units_of, unused

__all__ = ["Guide", "guide", "month_of", "of_owner", "played", "units_of", "unused"]
