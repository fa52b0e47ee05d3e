"""The keys of regulations, their shipped values, and what may be set, in plain Python.

The YAML files in `values/` are read once per process. A number, a day or a threshold that a regulation fixes stands
there with its issuer, its source and what is doubtful about it, never in code.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import holidays
import yaml

from chibo.core.period import Period, days
from chibo.core.words import Said
from chibo.core.words import say as _

HERE = Path(__file__).parent
TOPICS = (
    *("meeting", "agenda", "vote", "score", "opinion", "supervision"),
    *("cell", "admission", "course", "dues", "document", "calendar"),
)
"""The files of `values/`, in the order in which people read them."""


class Type(StrEnum):
    """What a value is made of; `why_not` says the shape of each."""

    NUMBER = "number"
    TIME = "time"
    WINDOW = "window"
    SHARE = "share"
    CHOICES = "choices"
    TEXT = "text"
    RECORD = "record"
    AGENDA = "agenda"


class Section(StrEnum):
    OPENING = "opening"
    CONDUCT = "conduct"
    CLOSING = "closing"


class Owner(StrEnum):
    """Who answers for a part of the agenda unless somebody is named."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"
    COMMITTEE_MEMBER = "committee_member"
    CLERK = "clerk"


class Holds(StrEnum):
    """What is written down in a part while the meeting is under way."""

    NONE = "none"
    CLERK = "clerk"
    ROLL_CALL = "roll_call"
    LEDGER = "ledger"
    DISCUSSION = "discussion"
    CRITICISM = "criticism"
    ADMISSIONS = "admissions"
    CONCLUSIONS = "conclusions"
    TASKS = "tasks"
    ANSWERS = "answers"
    RESOLUTION = "resolution"
    LESSONS = "lessons"
    SCORE = "score"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    vi: str
    en: str

    def spoken(self, language: str) -> str:
        return self.en if language == "en" else self.vi

    def filled(self, **facts: Any) -> Self:
        return type(self)(self.vi.format(**facts), self.en.format(**facts))

    @classmethod
    def of(cls, written: Mapping[str, str] | str) -> Self:
        """From YAML: a mapping vi/en, or one text for both."""
        return cls(written, written) if isinstance(written, str) else cls(written["vi"], written["en"])


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """One part of an agenda template. `prepared`: it has material, which its owner hands in before the meeting."""

    code: str
    section: Section
    owner: Owner
    prepared: bool
    holds: Holds
    title: Words


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a key, in force during a period, for some kinds of unit (none named: for all)."""

    value: Any
    during: Period
    kinds: frozenset[str]
    issuer: Words
    source: str
    doubt: Words | None


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a regulation fixes. `is_open`: a committee may set it for its own units."""

    name: str
    title: Words
    type: Type
    is_open: bool
    words: Words | None
    least: float | None
    most: float | None
    among: Mapping[str, Words]
    values: Sequence[Dated] = field(repr=False)

    def shipped(self, kind: str, on: date) -> Dated | None:
        """The nationwide value in force on a day for a kind of unit, one that names the kind before one for all."""
        found = [one for one in self.values if on in one.during and (not one.kinds or kind in one.kinds)]
        return max(found, key=lambda one: bool(one.kinds), default=None)


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a unit on a day, who says so, and since when. `set_by`: the unit that set it, None: nationwide."""

    key: Key
    value: Any
    during: Period
    issuer: Words
    source: str
    doubt: Words | None = None
    set_by: UUID | None = None
    set_by_name: str = ""


@cache
def every_key() -> Mapping[str, Key]:
    """Every key by its name, in the order of the files. Raises ValueError where a file contradicts itself."""
    found: dict[str, Key] = {}
    for path in (HERE / "values" / f"{topic}.yaml" for topic in TOPICS):
        for name, written in yaml.safe_load(path.read_text("utf-8")).items():
            if name.startswith("_"):
                continue
            if name in found:
                raise ValueError(f"{name} is described twice; the second time in {path.name}")
            found[name] = _key(name, written)
    return found


def key(name: str) -> Key:
    """A key by its name. Raises KeyError, for a name that is nowhere described is a mistake in a program."""
    try:
        return every_key()[name]
    except KeyError:
        raise KeyError(f"No regulation key is called {name!r}; describe it in chibo/regulations/values.") from None


def _key(name: str, written: Mapping[str, Any]) -> Key:
    described = Key(
        name=name,
        title=Words.of(written["title"]),
        type=Type(written["type"]),
        is_open=written["open"],
        words=Words.of(written["words"]) if "words" in written else None,
        least=written.get("least"),
        most=written.get("most"),
        among={code: Words.of(words) for code, words in written.get("among", {}).items()},
        values=[_dated(one) for one in written["values"]],
    )
    for n, one in enumerate(described.values):
        if reason := why_not(described, one.value):
            raise ValueError(f"{name}: {reason}")
        for other in described.values[:n]:
            if one.kinds == other.kinds and one.during.overlaps(other.during):
                raise ValueError(f"{name}: two values are in force at once")
    return described


def _dated(written: Mapping[str, Any]) -> Dated:
    return Dated(
        value=written["value"],
        during=Period(written.get("since"), written.get("until")),
        kinds=frozenset(written.get("for_kinds", ())),
        issuer=Words.of(written["issuer"]),
        source=written["source"],
        doubt=Words.of(written["doubt"]) if written.get("doubt") else None,
    )


def why_not(key: Key, value: Any) -> Said | None:
    """Why a value does not fit its key; None if it does."""
    return _CHECKS[key.type](key, value)


def _why_not_number(key: Key, value: Any) -> Said | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("Write a number.")
    if key.least is not None and value < key.least:
        return _("Write a number from {least} up.").format(least=key.least)
    if key.most is not None and value > key.most:
        return _("Write a number not above {most}.").format(most=key.most)
    return None


def _why_not_time(key: Key, value: Any) -> Said | None:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return _("Write the hour and the minutes, for example 19:30.")
    return None


def _why_not_window(key: Key, value: Any) -> Said | None:
    if not isinstance(value, dict) or set(value) != {"first", "last"}:
        return _("Write the first and the last day of the month.")
    first, last = value["first"], value["last"]
    if not all(isinstance(day, int) and 1 <= day <= 31 for day in (first, last)):
        return _("Write days of a month, from 1 to 31.")
    if first > last:
        return _("The first day comes after the last. Swap the two.")
    return None


def _why_not_share(key: Key, value: Any) -> Said | None:
    if isinstance(value, dict) and len(value) == 1:
        how, parts = next(iter(value.items()))
        if how in _SHARE and isinstance(parts, list) and len(parts) == 2 and 0 < parts[0] <= parts[1]:
            return None
    return _("Write a share, for example more than 1/2 or at least 2/3.")


def _why_not_choices(key: Key, value: Any) -> Said | None:
    if not isinstance(value, list) or len(value) != len(set(value)) or not set(value) <= set(key.among):
        return _("Choose from the list, each once.")
    return None


def _why_not_text(key: Key, value: Any) -> Said | None:
    if not isinstance(value, str) or not value.strip():
        return _("Write the text.")
    if key.most is not None and len(value) > key.most:
        return _("Write no more than {most} letters.").format(most=int(key.most))
    return None


def _why_not_record(key: Key, value: Any) -> Said | None:
    return None if isinstance(value, dict) and value else _("Write each of its facts.")


def _why_not_agenda(key: Key, value: Any) -> Said | None:
    try:
        parts = agenda(value)
    except (KeyError, TypeError, ValueError):
        return _("Each part of an agenda has a section, a title and an owner.")
    if not parts:
        return _("An agenda has at least one part.")
    if any(not part.title.vi.strip() for part in parts):
        return _("Write a title for each part.")
    if len({part.code for part in parts}) != len(parts):
        return _("Two parts of the agenda are the same one. Remove one of the two.")
    if any(part.prepared and part.owner is Owner.CLERK for part in parts):
        return _("The clerk is named on the evening and cannot prepare a part. Choose another owner.")
    sections = [list(Section).index(part.section) for part in parts]
    if sections != sorted(sections):
        return _("The opening comes first, then the conduct, then the closing. Put the parts in that order.")
    # Without these a session cannot be closed: nobody was there, nothing was adopted.
    for needed, reason in (
        (Holds.ROLL_CALL, _("An agenda needs the roll call. Put it back.")),
        (Holds.MINUTES, _("An agenda ends with the minutes read back and adopted. Put that part back.")),
    ):
        if needed not in {part.holds for part in parts}:
            return reason
    return None


_CHECKS = {
    Type.NUMBER: _why_not_number,
    Type.TIME: _why_not_time,
    Type.WINDOW: _why_not_window,
    Type.SHARE: _why_not_share,
    Type.CHOICES: _why_not_choices,
    Type.TEXT: _why_not_text,
    Type.RECORD: _why_not_record,
    Type.AGENDA: _why_not_agenda,
}


def agenda(value: Sequence[Mapping[str, Any]]) -> list[AgendaPart]:
    """The parts of an agenda value, in order."""
    return [
        AgendaPart(
            code=str(part["code"]),
            section=Section(part["section"]),
            owner=Owner(part["owner"]),
            prepared=bool(part["prepared"]),
            holds=Holds(part["holds"]),
            title=Words(part["vi"], part["en"]),
        )
        for part in value
    ]


def why_not_set(key: Key, during: Period) -> Said | None:
    """Why a committee may not set a key of its own in a period; None if it may."""
    if not key.is_open:
        return _("This is fixed for the whole Party. A committee cannot set it.")
    if during.since is None:
        return _("Write the day from which it holds.")
    # The nationwide values say when the matter is left to committees at all.
    until = during.since
    for one in sorted(key.values, key=lambda one: one.during.since or date.min):
        if until in one.during:
            if one.during.until is None:
                return None
            until = one.during.until
            if during.until is not None and during.until <= until:
                return None
    if until == during.since:
        return _("On {day} this was not left to committees. Choose another day.").format(day=f"{until:%d/%m/%Y}")
    return _("From {day} on this is no longer left to committees. Let it end on that day at the latest.").format(
        day=f"{until:%d/%m/%Y}"
    )


def gives_way(earlier: Period, new: Period) -> bool:
    """Whether a value set earlier may end where a new one begins: nothing of it is left over behind the new one."""
    if new.since is None or earlier.since is None or earlier.since >= new.since:
        return False
    return new.until is None or (earlier.until is not None and earlier.until <= new.until)


_PARTS = Words("{n} phần, từ “{first}” đến “{last}”", "{n} parts, from “{first}” to “{last}”")
_NONE = Words("không có", "none")
_SHARE = {
    "over": Words("trên {part}/{whole}", "more than {part}/{whole}"),
    "at_least": Words("ít nhất {part}/{whole}", "at least {part}/{whole}"),
    "at_most": Words("không quá {part}/{whole}", "at most {part}/{whole}"),
}


def in_words(key: Key, value: Any, language: str) -> str:
    """A value as a person reads it."""
    match key.type:
        case Type.AGENDA:
            titles = [part.title.spoken(language) for part in agenda(value)]
            return _PARTS.filled(n=len(titles), first=titles[0], last=titles[-1]).spoken(language)
        case Type.CHOICES:
            return ", ".join(key.among[code].spoken(language) for code in value) or _NONE.spoken(language)
        case Type.SHARE:
            facts: dict[str, Any] = {"share": share_in_words(value).spoken(language)}
        case Type.WINDOW | Type.RECORD:
            facts = value
        case Type.NUMBER:
            facts = {"value": _grouped(value, language)}
        case _:
            facts = {"value": value}
    return key.words.filled(**facts).spoken(language) if key.words else ", ".join(str(fact) for fact in facts.values())


def _grouped(value: float, language: str) -> str:
    text = f"{value:,}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def share_in_words(value: Mapping[str, Sequence[int]]) -> Words:
    """`more than 1/2`, `at least 2/3`."""
    ((how, (part, whole)),) = value.items()
    return _SHARE[how].filled(part=part, whole=whole)


def is_reached(value: Mapping[str, Sequence[int]], count: int, base: int) -> bool:
    """Whether a count out of a base reaches a share. By multiplication: a division would round 2/3 of 10 wrongly."""
    ((how, (part, whole)),) = value.items()
    if base <= 0:
        return False
    return count * whole > part * base if how == "over" else count * whole >= part * base


@cache
def _moved() -> Mapping[date, bool]:
    rows = yaml.safe_load((HERE / "days_moved.yaml").read_text("utf-8"))
    return {row["day"]: row["is_off"] for row in rows}


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def days_off(during: Period, weekend: Collection[str]) -> frozenset[date]:
    """The days off of a bounded period: public holidays, weekly days off (`1` Monday … `7` Sunday), days swapped."""
    moved = _moved()
    return frozenset(
        day
        for day in days(during)
        if moved.get(day, str(day.isoweekday()) in weekend or day in _public_holidays(day.year))
    )


def working_day_after(day: date, n: int, weekend: Collection[str]) -> date:
    """The n-th working day after a day, which does not count itself."""
    # Three calendar days for each working one, and the long holidays, are more than enough.
    period = Period(day + timedelta(days=1), day + timedelta(days=3 * n + 30))
    off = days_off(period, weekend)
    return [one for one in days(period) if one not in off][n - 1]
