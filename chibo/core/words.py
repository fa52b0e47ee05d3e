"""Sentences that rules say: plain Python that becomes the reader's language when it is shown.

A rule knows no framework, so a sentence keeps its English text and its facts until `str()`; the app gives `translate`
the catalogue when it starts. Written `_("…")` with `from chibo.core.words import say as _`: the catalogue finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


def _as_written(singular: str, plural: str | None, n: int) -> str:
    return singular if plural is None or n == 1 else plural


translate: Callable[[str, str | None, int], str] = _as_written


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, not yet in anybody's language; `facts` fill its {names}."""

    text: str
    plural: str | None = None
    n: int = 1
    facts: tuple[tuple[str, Any], ...] = ()

    def format(self, **facts: Any) -> "Said":
        """The sentence with its {names} filled, still translatable."""
        return replace(self, facts=(*self.facts, *facts.items()))

    def __str__(self) -> str:
        return translate(self.text, self.plural, self.n).format(**dict(self.facts))


def say(text: str) -> Said:
    """A sentence."""
    return Said(text)


def ngettext(singular: str, plural: str, n: int) -> Said:
    """A sentence about a number of things, `{n}` in its text being the number."""
    return Said(singular, plural, n, (("n", n),))
