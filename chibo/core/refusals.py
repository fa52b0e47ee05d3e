"""A "no" carries its sentence: what a rule or an action answers when something may not happen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Sentence = Any
"""Whatever `str()` turns into the reader's language: a string, a Said of a rule, a lazy string of Django."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where to go on after a refusal, when it is another page."""

    label: Sentence
    url: str


class Refused(Exception):  # noqa: N818  # no error of anybody: an answer
    """An action did nothing, and says in sentences why and what to do instead.

    `sentences` go to the top of the page; `fields` maps the name of a form's field to the sentences that stand
    beside it. A refusal is a 409 on a page unless a subclass says otherwise.
    """

    status = 409
    way: Way | None = None
    """Set by a page that knows where to go on."""

    def __init__(self, *sentences: Sentence, fields: Mapping[str, Sequence[Sentence]] | None = None) -> None:
        self.fields = {name: list(lines) for name, lines in (fields or {}).items()}
        self.sentences = list(sentences) or [line for lines in self.fields.values() for line in lines]
        super().__init__(*self.sentences)

    def __str__(self) -> str:
        return " ".join(str(line) for line in self.sentences)


class Forbidden(Refused):
    """The actor sees the thing but may not do this to it."""

    status = 403


class NotThere(Refused):
    """There is no such thing, or none that the viewer may know of: the answer is the same."""

    status = 404


@dataclass(frozen=True, slots=True)
class Edit:
    """One text as it stands now and as it was typed, for a person to choose from."""

    label: Sentence
    stands: str
    typed: str
    version: int


class Stale(Refused):
    """Somebody else changed the text in the meantime; both texts are shown and nothing is overwritten."""

    def __init__(self, *sentences: Sentence, edit: Edit) -> None:
        super().__init__(*sentences)
        self.edit = edit
