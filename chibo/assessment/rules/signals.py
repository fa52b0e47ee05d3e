"""Signs that a meeting has become a form: told to the cell and to who follows it, each with its reason, never a rank.

What is looked at are texts, numbers of speakers and scores of a cell's own regular meetings. Nobody is named.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from chibo.assessment.rules.frameworks import in_figures
from chibo.core.words import Said
from chibo.core.words import say as _

SAME = 0.9
"""From this share of equal text on, a text is nearly the one before it."""
SHORTEST = 80  # letters: two short sentences are alike by themselves
FEW, MANY = 3, 8
"""So many speakers are few where at least so many members came."""
MEETINGS = 3
"""How many meetings in a row make a habit."""


class Sign(StrEnum):
    CONCLUSION = "conclusion"
    MATERIAL = "material"
    SPEAKERS = "speakers"
    SCORE = "score"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Session:
    """One regular meeting as it is looked at; `is_judged_full`: all that was left to judgement got full points."""

    conclusion: str
    material: str
    speakers: frozenset[Hashable]
    came: int
    points: Decimal | None
    is_judged_full: bool


@dataclass(frozen=True, slots=True)
class Signal:
    sign: Sign
    sentence: Said


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1; blanks and letter case do not count."""
    left, right = (" ".join(text.lower().split()) for text in (one, other))
    if min(len(left), len(right)) < SHORTEST:
        return 0.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= SAME and matcher.quick_ratio() >= SAME else 0.0


def signals(sessions: Sequence[Session]) -> list[Signal]:
    """What is worth a second look in a cell's last regular meetings, the latest first."""
    found = []
    if len(sessions) > 1:
        last, before = sessions[0], sessions[1]
        if (share := likeness(last.conclusion, before.conclusion)) >= SAME:
            found.append(
                Signal(
                    Sign.CONCLUSION,
                    _(
                        "The conclusion of the last meeting is nearly word for word that of the one before ({share} % "
                        "the same). Conclusions help only if they say what is new."
                    ).format(share=round(share * 100)),
                )
            )
        if (share := likeness(last.material, before.material)) >= SAME:
            found.append(
                Signal(
                    Sign.MATERIAL,
                    _(
                        "What was prepared for the last meeting is nearly word for word that of the one before "
                        "({share} % the same)."
                    ).format(share=round(share * 100)),
                )
            )
    habit = sessions[:MEETINGS]
    if len(habit) < MEETINGS:
        return found
    speakers: frozenset[Hashable] = frozenset().union(*(one.speakers for one in habit))
    if 0 < len(speakers) <= FEW and min(one.came for one in habit) >= MANY:
        found.append(
            Signal(
                Sign.SPEAKERS,
                _(
                    "In the last {n} meetings only the same {speakers} members spoke, of {came} who came. Ask others "
                    "for their view before the meeting."
                ).format(n=MEETINGS, speakers=len(speakers), came=habit[0].came),
            )
        )
    totals = {one.points for one in habit}
    if len(totals) == 1 and (points := habit[0].points) is not None:
        written = in_figures(points)
        found.append(
            Signal(
                Sign.SCORE,
                _("The score has been {points} points {n} times running. Look whether it still says anything.").format(
                    points=written, n=MEETINGS
                ),
            )
        )
    if all(one.is_judged_full and one.points is not None for one in habit):
        found.append(
            Signal(
                Sign.JUDGEMENT,
                _(
                    "What is left to judgement has had full points {n} times running. Write down what was good, or "
                    "what was missing."
                ).format(n=MEETINGS),
            )
        )
    return found
