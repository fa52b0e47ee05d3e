"""Every change to frameworks and scores."""

from chibo.assessment.actions.answering import answer_signal
from chibo.assessment.actions.frameworks import (
    add_criterion,
    ask_for_trial,
    discard_framework,
    draft_framework,
    end_framework,
    publish_framework,
    run_trial,
    write_criterion,
    write_framework,
)
from chibo.assessment.actions.reviewing import appraise, decide, review_self
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
    "add_criterion",
    "answer_signal",
    "appraise",
    "ask_for_trial",
    "decide",
    "discard_framework",
    "draft_framework",
    "end_framework",
    "hand_in",
    "lay_remedies_before",
    "name_observer",
    "publish_framework",
    "review_self",
    "run_trial",
    "save_sheet",
    "score_again",
    "write_criterion",
    "write_framework",
]
