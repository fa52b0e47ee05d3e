"""Drawing the cells of a year's inspections: by stated risk and by chance, so that anybody can draw the same again.

Each unit gets a number between 0 and 1 from the published seed and its code (SHA-256). The greater its weight, the
earlier it comes, by -ln(number) / weight (weighted sampling without replacement after Efraimidis and Spirakis, 2006).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from chibo.core.words import Said


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be drawn: its code, and the risks that are stated of it, in sentences."""

    code: str
    risks: tuple[Said, ...] = ()

    @property
    def weight(self) -> int:
        """One, and one more for each stated risk."""
        return 1 + len(self.risks)


def number(seed: str, code: str) -> float:
    """The number of a unit under a seed, above 0 and at most 1."""
    digest = sha256(f"{seed}\n{code}".encode()).digest()
    return (int.from_bytes(digest[:8]) + 1) / 2**64


def draw(candidates: Sequence[Candidate], seed: str, count: int) -> list[Candidate]:
    """So many units under a seed, in the order in which they are drawn; all of them where there are no more."""
    order = sorted(candidates, key=lambda one: (-math.log(number(seed, one.code)) / one.weight, one.code))
    return order[:count]
