"""Reading one row of an office's list: days, names, card numbers as people write them, and what is in doubt about them.

What is understood is said plainly; what could be read in two ways is a doubt, never a guess.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from chibo.core.names import canonical, fold
from chibo.core.words import Said
from chibo.core.words import say as _

type Value = str | int | float | bool | date | time | timedelta | None


class Column(StrEnum):
    """What a column of a list can hold that the register takes; NUMBER only tells rows from headings."""

    NUMBER = "number"
    NAME = "name"
    BORN_ON = "born_on"
    CELL = "cell"
    STATUS = "status"
    JOINED_ON = "joined_on"
    OFFICIAL_ON = "official_on"
    SINCE = "since"
    CARD_NUMBER = "card_number"
    EMAIL = "email"


DAYS = (Column.BORN_ON, Column.JOINED_ON, Column.OFFICIAL_ON, Column.SINCE)
SPREAD = (Column.NAME, Column.BORN_ON)
"""What may stand in several columns: a name in parts, a day of birth in the column of the sex."""

# What is wrong or open, by its code; each says what to do. `messages` fills in the facts.
SENTENCES: dict[str, Said] = {
    "name_missing": _("There is no name. Write the full name."),
    "name_short": _("One word is no full name. Write family, middle and given name."),
    "name_figures": _("A name has no figures. Write only the full name in this column."),
    "name_long": _("This is too long for a name. Write only the full name in this column."),
    "day_two_figures": _("The year has two figures, so its century is open. Write it with four, as in {example}."),
    "day_no_day": _("The day is missing. Write day, month and year, as in 03/02/1998."),
    "day_only_year": _("Only the year is known. Write day, month and year, as in 03/02/1998."),
    "day_not_in_calendar": _("This day is not in the calendar. Check day and month; the day comes first."),
    "day_unreadable": _("This is no day that can be read. Write day, month and year, as in 03/02/1998."),
    "day_far": _("This day is too long ago. Check the year."),
    "day_future": _("This day has not come yet. Check the year."),
    "official_before_joined": _("Official before admission: one of the two days is wrong. Correct it."),
    "born_twice": _("Two days of birth stand in this row. Keep the right one and empty the other column."),
    "since_before_joined": _("In the cell before admission: one of the two days is wrong. Correct it."),
    "joined_before_born": _("Admitted before the day of birth: one of the two days is wrong. Correct it."),
    "status_missing": _("Write how the member belongs: official, probationary, exempt, suspended or elsewhere."),
    "status_unknown": _("This is no known status. Write official, probationary, exempt, suspended or elsewhere."),
    "probationary_official": _(
        "A probationary member has no day of official membership. Correct the one or the other."
    ),
    "card_letters": _("A card number is made of figures. Copy it from the card."),
    "card_short": _("This is too short for a card number. Copy it from the card, or leave it empty."),
    "card_long": _("This is too long for a card number. Copy it from the card."),
    "card_noughts": _(
        "The others have {length} figures: the program that made the list took the leading noughts off. Write the "
        "number in full, in a column of text."
    ),
    "email_wrong": _("This is no e-mail address. Correct it or leave it empty."),
    "cell_missing": _("The row does not say which cell. Write the name of the cell."),
    "cell_unknown": _(
        "No cell of this name is below the unit. Correct the name, choose the cell on this page, or found it first."
    ),
    "cell_several": _("More than one cell may be meant. Choose the right one on this page."),
    "doubled_in_file": _("The same person stands in “{sheet}”, row {row}. Take one of the two out."),
    "card_in_file": _("“{sheet}”, row {row} has the same card number and another name. Correct the number."),
    "card_of_other": _("This card number belongs to {name} in the register. Correct it here or there."),
    "other_card": _(
        "{name} of the same birth day is in this cell with another card number. Correct it here or on that page."
    ),
    "same_name": _(
        "Somebody of this name is in this cell already, and the birth day or card number to tell them apart is missing "
        "on one side. Complete it here or on that page."
    ),
    "near_birth": _(
        "{name} in this cell has nearly the same day of birth. Correct the day here or on that page; for two different "
        "persons write both card numbers."
    ),
    "same_name_in_file": _(
        "“{sheet}”, row {row} has the same name in the same cell, and no birth day or card number on both sides tells "
        "them apart. Complete both, or take one out."
    ),
    "in_other_cell": _("This person is in the register of {cell}. Who has moved is transferred, on his own page."),
    "was_member": _("This person belonged to {cell} until {day}. Open his page in the register."),
    "card_elsewhere": _(
        "This card number is in the register of an organisation outside your reach. Ask the committee above both for "
        "the transfer, or correct the number."
    ),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that keeps a row from being entered: the column, what is open, and the facts of its sentence."""

    column: Column
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"column": self.column.value, "code": self.code, "facts": dict(self.facts)}


@dataclass(slots=True)
class Member:
    """What was understood of one row."""

    name: str = ""
    born_on: date | None = None
    cell: str = ""
    status: str = ""
    joined_on: date | None = None
    official_on: date | None = None
    since: date | None = None
    card_number: str = ""
    email: str = ""
    is_left_out: bool = False
    doubts: list[Doubt] = field(default_factory=list)


# Days

_EXCEL_EPOCH = date(1899, 12, 30)  # noqa: RUF100  # day 0 of spreadsheets, with their 29 February 1900
_SERIALS = range(3_653, 80_000)  # 1910 to 2119
_YEARS = range(1_900, 2_101)
_OLDEST = 1900
_PLAIN = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_SPLIT = re.compile(r"\s*[/.\-–,\s]\s*")
_WORDS = re.compile(r"(?:ngay)?\s*(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{2,4})")
_MONTH_WORDS = re.compile(r"thang\s*(\d{1,2})\s*nam\s*(\d{4})")
_YEAR_WORDS = re.compile(r"(?:nam\s*)?(\d{4})")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_EMPTY = {"", "-", "–", "—", "x", "khong", "khong co", "khong ro", "chua", "chua co", "0", "..."}


def read_day(cell: Value, *, today: date) -> tuple[date | None, str]:
    """The day in a cell, and the code of the doubt about it ('' if it is plain); (None, '') for an empty cell."""
    found, code = _day(cell)
    if found is None:
        return None, code
    if found > today:
        return None, "day_future"
    if found.year < _OLDEST:
        return None, "day_far"
    return found, ""


def _day(cell: Value) -> tuple[date | None, str]:
    if isinstance(cell, datetime):
        return cell.date(), ""
    if isinstance(cell, date):
        return cell, ""
    if isinstance(cell, bool):
        return None, "day_unreadable"
    if isinstance(cell, int | float):
        return _day_of_number(int(cell)) if float(cell).is_integer() or cell in _SERIALS else _day_of_serial(cell)
    if match := _PLAIN.fullmatch(str(cell or "")):
        return _date(match[1], match[2], match[3])
    words = fold(str(cell or "")).strip(" .'")
    if words in _EMPTY:
        return None, ""
    words = _CLOCK.sub("", words)
    if match := _WORDS.fullmatch(words):
        return _date(match[1], match[2], match[3])
    if _MONTH_WORDS.fullmatch(words):
        return None, "day_no_day"
    if match := _YEAR_WORDS.fullmatch(words):
        return None, "day_only_year" if int(match[1]) in _YEARS else "day_unreadable"
    if words.isdecimal() and words.isascii():
        return _day_of_number(int(words), len(words))
    parts = [part for part in _SPLIT.split(words) if part]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return None, "day_unreadable"
    if len(parts) == 3:
        return _date(parts[2], parts[1], parts[0]) if len(parts[0]) == 4 else _date(*parts)
    if len(parts) == 2 and len(parts[1]) == 4 and len(parts[0]) <= 2:
        return None, "day_no_day"
    return None, "day_unreadable"


def _day_of_serial(number: float) -> tuple[date | None, str]:
    """A day with a time of day, as spreadsheets count: the part behind the point is the time."""
    return _day_of_number(int(number))


def _day_of_number(number: int, length: int = 0) -> tuple[date | None, str]:
    """A bare number: a year, a spreadsheet's count of days, or day, month and year without signs between."""
    if number in _YEARS:
        return None, "day_only_year"
    if number in _SERIALS and length in (0, 5):
        return _EXCEL_EPOCH + timedelta(days=number), ""
    text = str(number).zfill(8)
    if (length or len(str(number))) in (7, 8) and len(text) == 8:
        return _date(text[:2], text[2:4], text[4:])
    return None, "day_unreadable"


def _date(day: str, month: str, year: str) -> tuple[date | None, str]:
    if len(year) == 2:
        return None, "day_two_figures"
    if len(year) != 4 or len(day) > 2 or len(month) > 2:
        return None, "day_unreadable"
    try:
        return date(int(year), int(month), int(day)), ""
    except ValueError:
        return None, "day_not_in_calendar"


def four_figures(cell: Value) -> str:
    """A day with two figures for its year as it could be meant, to show how it is written."""
    parts = [part for part in _SPLIT.split(str(cell or "").strip()) if part.isdecimal()]
    if len(parts) != 3:
        return "03/02/1998"
    return f"{int(parts[0]):02d}/{int(parts[1]):02d}/19{parts[2][-2:]}"


# Names

_LONGEST_NAME = 120
_ADDRESS = re.compile(r"^(?:đ/c|đ\.c|đồng chí|đc)\s*[.:]?\s+", re.IGNORECASE)
_BEFORE_A_NAME = frozenset("đĐ0123456789")
_FIGURE = re.compile(r"\d")
_NUMBERED = re.compile(r"^\d{1,4}\s*[.)/-]\s*")


def read_name(text: str) -> tuple[str, str]:
    """A full name in its one spelling, and the code of the doubt about it. Capitals or small letters throughout are
    turned into a name's; "đ/c" and a running number before it are taken off."""
    name = canonical(text)
    if name[:1] in _BEFORE_A_NAME:
        name = _ADDRESS.sub("", _NUMBERED.sub("", name))
    name = name.strip(" .,;-")
    if not name:
        return "", "name_missing"
    if len(name) > _LONGEST_NAME:
        return name[:_LONGEST_NAME], "name_long"
    if _FIGURE.search(name):
        return name, "name_figures"
    if name.isupper() or name.islower():
        name = " ".join(_capital(word) for word in name.split())
    return name, "" if " " in name else "name_short"


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


# How somebody belongs: the words, the longest first, without marks

_STATUS = (
    ("tam thoi", "elsewhere"),
    ("chuyen sinh hoat", "elsewhere"),
    ("sinh hoat noi khac", "elsewhere"),
    ("elsewhere", "elsewhere"),
    ("dinh chi", "suspended"),
    ("suspended", "suspended"),
    ("mien", "exempt"),
    ("exempt", "exempt"),
    ("du bi", "probationary"),
    ("probationary", "probationary"),
    ("chinh thuc", "official"),
    ("official", "official"),
)
_SHORT = {"ct": "official", "db": "probationary", "dvct": "official", "dvdb": "probationary", "x": "official"}


@lru_cache(maxsize=1024)
def read_status(text: str) -> tuple[str, str]:
    """The status in a cell, and the code of the doubt; ('', '') for an empty one."""
    words = fold(text).strip(" .")
    if not words:
        return "", ""
    if found := _SHORT.get(words):
        return found, ""
    found = next((status for part, status in _STATUS if part in words), "")
    return found, "" if found else "status_unknown"


# Card numbers and addresses

_SHORTEST_CARD, _LONGEST_CARD = 5, 20
_NO_FIGURE = re.compile(r"[\s.\-–/']+")
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")


def read_card(cell: Value) -> tuple[str, str]:
    """A card number with its leading noughts, and the code of the doubt about it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    number = _NO_FIGURE.sub("", str(cell if cell is not None else ""))
    if _SHORTEST_CARD <= len(number) <= _LONGEST_CARD and number.isascii() and number.isdecimal():
        return number, ""
    if fold(number) in {"", "chuaco", "khong", "khongco", "chua", "0"}:
        return "", ""
    if not (number.isascii() and number.isdecimal()):
        return number[:_LONGEST_CARD], "card_letters"
    if len(number) > _LONGEST_CARD:
        return number[:_LONGEST_CARD], "card_long"
    return "", "card_short"


def card_key(number: str) -> str:
    """What two card numbers are compared by: their figures, without the noughts that programs drop."""
    return _NO_FIGURE.sub("", number).lstrip("0")


def read_email(text: str) -> tuple[str, str]:
    address = text.strip().strip(".;,")
    if not address or ("@" not in address and fold(address) in _EMPTY):
        return "", ""
    return (address, "") if len(address) <= 254 and _EMAIL.fullmatch(address) else ("", "email_wrong")


# A whole row

_FOOT = re.compile(
    r"(?:tong|cong)(?: cong| so)?\s*(?:$|[:\d(])"
    r"|(?:tong cong|tong so|nguoi lap|nguoi tong hop|ghi chu|noi nhan)\b|t/?m "
)


def read_row(
    cells: Sequence[Value],
    mapping: Mapping[Column, Sequence[int]],
    *,
    place: str,
    default_status: str,
    today: date,
    is_signature: bool = False,
) -> Member:
    """What a row says. `place` is the cell named above the row, in the sheet's name or in its title, if any.

    A row without a name and without anything else that the register takes is left out, as are totals and signatures
    (`is_signature`: it stands below the table, where who drew up the list signs).
    """
    member = Member()
    texts = [as_text(cell) for cell in cells]
    width = len(cells)
    name_text = " ".join(dict.fromkeys(texts[n] for n in mapping.get(Column.NAME, ()) if n < width and texts[n]))
    places = {
        column: next((n for n in held if n < width and texts[n]), -1)
        for column, held in mapping.items()
        if column is not Column.NAME
    }
    read: dict[Column, Value] = {column: cells[n] for column, n in places.items() if n >= 0}
    words: dict[Column, str] = {column: texts[n] for column, n in places.items() if n >= 0}
    if is_signature or _is_no_member(texts, name_text, words, has_number=bool(mapping.get(Column.NUMBER))):
        member.is_left_out = True
        return member

    def doubt(column: Column, code: str, **facts: str) -> None:
        if code:
            member.doubts.append(Doubt(column, code, tuple(facts.items())))

    member.name, code = read_name(name_text)
    doubt(Column.NAME, code)
    for column in DAYS:
        if column not in read:
            continue
        found, code, read[column] = _one_day([cells[n] for n in mapping[column] if n < width and texts[n]], today)
        setattr(member, column.value, found)
        doubt(column, code, **({"example": four_figures(read[column])} if code == "day_two_figures" else {}))
    member.card_number, code = read_card(read.get(Column.CARD_NUMBER))
    doubt(Column.CARD_NUMBER, code)
    member.email, code = read_email(words.get(Column.EMAIL, ""))
    doubt(Column.EMAIL, code)
    member.cell = words.get(Column.CELL) or place
    member.status, code = read_status(words.get(Column.STATUS, ""))
    doubt(Column.STATUS, code)
    if not member.status and not code:
        has_mark = words.get(Column.OFFICIAL_ON, "").lower() == "x"
        member.status = "official" if member.official_on or has_mark else default_status
        doubt(Column.STATUS, "" if member.status else "status_missing")
    if member.status == "probationary" and member.official_on:
        doubt(Column.OFFICIAL_ON, "probationary_official")
    if member.joined_on and member.official_on and member.official_on < member.joined_on:
        doubt(Column.OFFICIAL_ON, "official_before_joined")
    if member.joined_on and member.since and member.since < member.joined_on:
        doubt(Column.SINCE, "since_before_joined")
    if member.joined_on and member.born_on and member.joined_on <= member.born_on:
        doubt(Column.JOINED_ON, "joined_before_born")
    return member


def _one_day(filled: Sequence[Value], today: date) -> tuple[date | None, str, Value]:
    """The day in the columns that may hold it, the code of the doubt, and the cell that says so."""
    said: dict[tuple[date | None, str], Value] = {}
    for cell in filled:
        said.setdefault(read_day(cell, today=today), cell)
    if len(said) > 1:
        said.pop((None, ""), None)
    (found, code), cell = next(iter(said.items()))
    return (found, code, cell) if len(said) == 1 else (None, "born_twice", cell)


_SIGNED = re.compile(
    r"(?:nguoi|can bo) (?:lap|tong hop|thong ke)\b.*|lap bieu|t/?m\b.*|k/?t\b.*|thu truong.*|xac nhan\b.*|"
    r"[(]?ky\b.*ten.*|[^\d,]+,\s*ngay[\s.…\d]*thang[\s.…\d]*nam[\s.…\d]*"
)


def is_foot(cells: Sequence[Value]) -> bool:
    """Whether a row begins what stands below a table: place and day, who drew up the list, for whom he signs."""
    texts = list(dict.fromkeys(fold(text) for cell in cells if (text := as_text(cell))))
    return 1 <= len(texts) <= 3 and not texts[0][:1].isdecimal() and any(_SIGNED.fullmatch(text) for text in texts)


def is_signature(cells: Sequence[Value]) -> bool:
    """Whether a row below the foot of a table may be one of signatures: few words and no figure."""
    texts = {text for cell in cells if (text := as_text(cell))}
    return len(texts) <= 3 and not any(char.isdigit() for text in texts for char in text)


def _is_no_member(texts: Sequence[str], name: str, words: Mapping[Column, str], *, has_number: bool) -> bool:
    says_more = any(column in words for column in _SAYS_WHO)
    first = next((text for text in texts if text), "")
    if not first[:1].isdecimal() and _FOOT.match(fold(first)) and not (name and says_more):
        return True
    if not name:
        # A signature below the table may stand in any column; a member without a name has a day or a number.
        return not any(char.isdigit() for text in words.values() for char in text)
    if says_more:
        return False
    if len({text for text in texts if text}) == 1 and (has_number or not name.replace(" ", "").isalpha()):
        return True
    return has_number and Column.NUMBER not in words and Column.STATUS not in words


_SAYS_WHO = (*DAYS, Column.CARD_NUMBER, Column.EMAIL)


def as_text(cell: Value) -> str:
    """A cell as a person reads it."""
    if type(cell) is str:
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def belongs_since(
    *,
    status: str,
    since: date | None,
    joined_on: date | None,
    official_on: date | None,
    founded: date | None,
    list_day: date,
) -> date:
    """From when the register says that somebody belongs so: from the day of the list, which proves no day before.

    Where the list says since when he is in his cell, an official or probationary member belongs so from that day, or
    from his admission or official day if it came later. Nobody belongs to a cell before it was founded.
    """
    if since and status in ("official", "probationary"):
        day = max(since, (official_on if status == "official" else joined_on) or since)
    else:
        day = max(since or list_day, list_day)
    return max(day, founded) if founded else day
