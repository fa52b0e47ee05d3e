"""Every change to frameworks and scores."""

from chibo.assessment.actions.frameworks import (
    discard_framework,
    draft_framework,
    end_framework,
    publish_framework,
    write_framework,
)
from chibo.assessment.actions.scoring import (
    POWER,
    hand_in,
    lay_remedies_before,
    name_observer,
    save_sheet,
    score_again,
)

__all__ = [
    "POWER",
    "discard_framework",
    "draft_framework",
    "end_framework",
    "hand_in",
    "lay_remedies_before",
    "name_observer",
    "publish_framework",
    "save_sheet",
    "score_again",
    "write_framework",
]
