"""Beginning, moving on and ending a practice."""

from chibo.training.actions.practice import begin, end, end_unused, follow_up, move_on, resume

__all__ = ["begin", "end", "end_unused", "follow_up", "move_on", "resume"]
