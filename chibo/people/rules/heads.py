"""Where the table of a sheet begins, and what its columns hold, guessed from their heads."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chibo.core.names import canonical, fold
from chibo.people.rules.reading import Column, Value, as_text

LOOK_AT = 60  # rows at the top of a sheet in which its heads are looked for
REASONS = "Lý do chưa nhập được"  # the last column of a list that goes back; it is no part of the list when it returns
_DEEPEST = 3
_NO_WORD = re.compile(r"[^a-z0-9]+")

# The words of heads without marks and signs; the first that fits, in this order. A name in brackets is left out of it.
_HEADS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        (Column.NUMBER, r"(s ?tt|tt|so thu tu|thu tu|no|so)"),
        (Column.CARD_NUMBER, r".*(so the|the dang|so tdv|so hieu the|card).*"),
        (Column.SINCE, r"(.*(ngay|thang|nam|tu) )?(chuyen (sinh hoat )?(den|ve)|ve|vao|den) (chi bo|cb)( .*)?"),
        (Column.SINCE, r".*(ngay|tu khi) chuyen( sinh hoat| dang)? (den|ve)|(member of|in) (the|this) cell since"),
        (Column.EMAIL, r".*(e ?mail|thu dien tu|mail).*"),
        (Column.OFFICIAL_ON, r".*(ngay|thang|nam|tu|cong nhan|official since|quyet dinh).*(chinh thuc|official).*"),
        (Column.OFFICIAL_ON, r"(official since|ngay ct|vao dang chinh thuc|chinh thuc|dang chinh thuc)"),
        (Column.JOINED_ON, r".*(vao dang|ket nap|nhap dang|du bi ngay|admitted|admission).*"),
        (Column.JOINED_ON, r".*(ngay|thang|nam).*(vao|du bi)"),
        (Column.BORN_ON, r".*(ngay|thang|nam) ?sinh.*|sinh ngay.*|.*\bsinh|ntns|born on|birth.*|date of birth"),
        (Column.STATUS, r".*(tinh trang|loai dang vien|trang thai|dien dang vien|dang vien ct db|status|belongs as).*"),
        (Column.STATUS, r"(dang vien|chinh thuc du bi|ct db|loai)"),
        (Column.CELL, r".*(chi bo|don vi|noi sinh hoat|to chuc dang|cell|unit).*"),
        (Column.NAME, r".*(ho va ten|ho ten|hoten|ten dang vien|full name)"),
        (Column.NAME, r".*(ho va chu dem|ho chu dem|ho dem|ho va dem|ho va ten dem)"),
        (Column.NAME, r"(ho va ten|ho ten).*|(ho|dem|ten|name|dang vien|dong chi)"),
    )
)
_NOT = re.compile(
    r".*\b(que quan|thuong tru|noi o|cu tru|cha|me|vo|chong|con|can cuoc|cccd|cmnd|cmt|cap the|dien thoai|"
    r"gioi tinh|noi sinh|gioi thieu|thuong goi|khai sinh)\b.*"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its first row, how many rows it takes, and the words over each column."""

    row: int
    depth: int
    words: tuple[str, ...]

    @property
    def shape(self) -> str:
        """By which the same kind of list is known again."""
        return hashlib.sha256("|".join(bare(word) for word in self.words).encode()).hexdigest()


def bare(words: str) -> str:
    """A head without marks, signs and what stands in brackets."""
    return _NO_WORD.sub(" ", fold(re.sub(r"\([^)]*\)", " ", words))).strip()


def column_of(words: str) -> Column | None:
    """What a column holds, by its head; None for what the register does not take."""
    text = bare(words) or _NO_WORD.sub(" ", fold(words)).strip()
    if not text:
        return None
    for column, pattern in _HEADS:
        if column is not Column.CARD_NUMBER and _NOT.fullmatch(text) and column is not Column.NAME:
            continue
        if column is Column.NAME and re.search(r"\b(cha|me|vo|chong|con|nguoi)\b", text):
            continue
        if column is Column.CARD_NUMBER and re.search(r"\b(ngay|noi|cap)\b", text):
            continue
        if pattern.fullmatch(text):
            return column
    return None


def guess(words: Sequence[str]) -> dict[Column, list[int]]:
    """Which column holds what. A name may be spread over several, a day of birth over those of the two sexes; of all
    else the first column counts."""
    found: dict[Column, list[int]] = {}
    if born := _by_sex(words):
        found[Column.BORN_ON] = born
    for n, word in enumerate(words):
        column = column_of(word)
        if column is None:
            continue
        if column is Column.NAME or column not in found:
            found.setdefault(column, []).append(n)
    names = found.get(Column.NAME, [])
    if names:
        # Only columns side by side make one name together.
        together = [names[0]]
        for n in names[1:]:
            if n == together[-1] + 1:
                together.append(n)
        found[Column.NAME] = together
    return found


def _by_sex(words: Sequence[str]) -> list[int]:
    """The two columns of which one holds the day of birth of men and one that of women; none in other lists."""
    for n in range(len(words) - 1):
        sexes = [_sex(word) for word in words[n : n + 2]]
        born = [column_of(word) is Column.BORN_ON for word in words[n : n + 2]]
        # Below a head that was not merged only the first says what it is.
        if set(sexes) == {"nam", "nu"} and born[0] and (born[1] or bare(words[n + 1]) in ("nam", "nu")):
            return [n, n + 1]
    return []


def _sex(words: str) -> str:
    """The sex that a head names: not the year (năm)."""
    parts = re.findall(r"\w+", canonical(words).lower())
    return "nu" if {"nữ", "nu"} & set(parts) else "nam" if "nam" in parts else ""


def find_head(rows: Sequence[Sequence[Value]]) -> Head | None:
    """The head among the first rows of a sheet: where most columns are known, a name among them; None if nowhere."""
    best: tuple[int, Head] | None = None
    for row in range(min(len(rows), LOOK_AT)):
        if not any(as_text(cell) for cell in rows[row]):
            continue
        for depth in range(1, _DEEPEST + 1):
            if row + depth > len(rows) or (depth > 1 and not _goes_on(rows[row + depth - 2], rows[row + depth - 1])):
                break
            words = _over(rows[row : row + depth])
            guessed = guess(words)
            if Column.NAME not in guessed or (len(set(words)) < 2 and len(words) > 1):
                continue
            score = len(guessed)
            if best is None or score > best[0] or (score == best[0] and depth > best[1].depth and row == best[1].row):
                best = (score, Head(row, depth, words))
    return best[1] if best else None


def _goes_on(upper: Sequence[Value], lower: Sequence[Value]) -> bool:
    """Whether a row belongs to the head above it: a cell merged over both, or heads below one that spans columns."""
    if any(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in lower) or not (
        any(lower) and any(upper)
    ):
        return False
    pairs = [(as_text(a), as_text(b)) for a, b in zip(upper, lower, strict=False)]
    if len({b for _a, b in pairs if b}) < 2:
        # A lone text below a head is the heading of the first cell.
        return False
    if any(a and a == b for a, b in pairs):
        return True
    spans = [n for n in range(1, len(pairs)) if pairs[n][0] and pairs[n][0] == pairs[n - 1][0]]
    gaps = [
        n
        for n, (a, b) in enumerate(pairs)
        if not a and b and (column_of(b) or (n and {bare(b), bare(pairs[n - 1][1])} == {"nam", "nu"}))
    ]
    return any(pairs[n][1] and not any(char.isdigit() for char in pairs[n][1]) for n in spans) or bool(gaps)


def _over(rows: Sequence[Sequence[Value]]) -> tuple[str, ...]:
    width = max(len(row) for row in rows)
    found = []
    for n in range(width):
        parts = dict.fromkeys(text for row in rows if n < len(row) and (text := " ".join(as_text(row[n]).split())))
        found.append(" ".join(parts))
    while found and found[-1] in ("", REASONS):
        found.pop()
    return tuple(found)


def is_row_of_numbers(cells: Sequence[Value]) -> bool:
    """Whether a row only counts the columns, as forms do below their heads: 1, 2, 3 … or (1), (2), A, B."""
    texts = [text.strip("()[] .") for cell in cells if (text := as_text(cell))]
    return len(texts) > 2 and all(len(text) <= 2 for text in texts) and any(text.isdecimal() for text in texts)


def columns_as_json(mapping: Mapping[Column, Sequence[int]]) -> dict[str, list[int]]:
    return {column.value: list(places) for column, places in mapping.items()}


def columns_from_json(mapping: Mapping[str, Iterable[int]]) -> dict[Column, list[int]]:
    return {Column(column): list(places) for column, places in mapping.items()}
