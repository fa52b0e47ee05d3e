"""Finding a cell by the name that an office gives it: "CB xóm Nà Phòn", "Chi bộ Nà Phòn", "chi bo na phon"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chibo.core.names import fold
from chibo.people.rules.reading import Value, as_text

_SIGNS = re.compile(r"[^a-z0-9]+")
_LONG = (
    ("c b", "chi bo"),
    ("cbcs", "chi bo co so"),
    ("cb", "chi bo"),
    ("dbcs", "dang bo co so"),
    ("tdp", "to dan pho"),
)
# Kinds of places and units before the name itself, dropped from its beginning one after the other.
_BEFORE = (
    "chi bo co so", "chi bo", "dang bo co so", "dang bo", "to dan pho", "khu dan cu", "khu pho", "khoi pho",
    "xom", "thon", "ban", "lang", "ap", "buon", "tieu khu", "khu", "khoi", "truc thuoc",
)  # fmt: skip
_SECTION = re.compile(r"^(?:[ivxlc]+|\d+|[a-z])?\s*[.)\-:/]?\s*(?=(?:chi bo|cb|dang bo)\b)")


def plain_name(name: str) -> str:
    """A name of a unit without marks and signs, its abbreviations written out."""
    words = _SIGNS.sub(" ", fold(name)).strip()
    for short, long in _LONG:
        words = re.sub(rf"^{short}\b", long, words)
    return words


def core_name(name: str) -> str:
    """The same without the kinds before it; a name that consists of nothing else stays as it is."""
    words = plain_name(name)
    changed = True
    while changed:
        changed = False
        for kind in _BEFORE:
            if words.startswith(f"{kind} "):
                words, changed = words[len(kind) + 1 :], True
                break
    return re.sub(r"\b0+(?=\d)", "", words)


@dataclass(slots=True)
class Cells:
    """The cells below a unit, by name."""

    by_name: dict[str, set[UUID]] = field(default_factory=dict)
    by_core: dict[str, set[UUID]] = field(default_factory=dict)
    all: set[UUID] = field(default_factory=set)

    @classmethod
    def of(cls, named: Iterable[tuple[UUID, str]]) -> "Cells":
        cells = cls()
        for unit_id, name in named:
            cells.all.add(unit_id)
            cells.by_name.setdefault(plain_name(name), set()).add(unit_id)
            cells.by_core.setdefault(core_name(name), set()).add(unit_id)
        return cells

    def called(self, text: str) -> set[UUID]:
        """The cells that a text may name: one where it is plain, several where it is not, none where it is unknown."""
        return self.by_name.get(plain_name(text)) or self.by_core.get(core_name(text)) or set()


def heading(cells: Sequence[Value]) -> str:
    """The cell named by a row that stands as a heading over those after it; empty for every other row."""
    texts = list(dict.fromkeys(text for cell in cells if (text := as_text(cell))))
    if not 1 <= len(texts) <= 2:
        return ""
    if len(texts) == 2 and not (len(texts[0]) <= 4 and " " not in texts[0]):
        return ""
    words = fold(texts[-1])
    if not _SECTION.match(words) or not re.match(r"(?:chi bo|cb|dang bo)\b", _SECTION.sub("", words)):
        return ""
    return _without_number(texts[-1])


_LIST_OF = re.compile(r".*danh sách[^,:]*?(?=chi bộ)", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:[IVXLC]+|\d+|[A-Za-z])\s*[.)\-:/]\s*")
_COUNT = re.compile(r"\s*[:(–-]\s*\(?\d+.*$")


def _without_number(text: str) -> str:
    return _COUNT.sub("", _NUMBER.sub("", text.strip())).strip()


def named_in(texts: Iterable[str], cells: Cells) -> str:
    """The first of these texts (a sheet's name, lines of its title) that plainly names one cell; else empty."""
    for text in texts:
        for part in (text, _without_number(text), text.rpartition(":")[2], _LIST_OF.sub("", text)):
            if part.strip() and len(cells.called(part)) == 1:
                return part.strip()
    return ""
