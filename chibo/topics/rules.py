"""What speaks for talking about something, in points that anybody can add up, and what speaks against it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chibo.core.names import fold
from chibo.core.words import Said, ngettext
from chibo.core.words import say as _


class Source(StrEnum):
    """Where an idea comes from."""

    TASK = "task"
    OPINION = "opinion"
    PUBLIC = "public"
    CRITERION = "criterion"
    DAY = "day"
    THEME = "theme"


SHOWN = 6
"""How many suggestions are shown at once: a person weighs a handful."""
BEFORE_A_DAY = timedelta(days=40)
TWO_QUARTERS = timedelta(days=184)
MOST = 5  # points that grow with a number stop here
LIKE = 0.6
"""From this share of the shorter title's words on, two titles are about the same."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with the points that it adds, or takes away."""

    points: int
    sentence: Said


@dataclass(frozen=True, slots=True)
class Idea:
    """Something that could be talked about. `key` names it as long as its cause lasts; `material` opens the part."""

    key: str
    source: Source
    title: str
    reasons: tuple[Reason, ...]
    material: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An idea with all that speaks for and against it."""

    idea: Idea
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        return sum(one.points for one in self.reasons)


@dataclass(frozen=True, slots=True)
class Theme:
    """A topic with its aim and the questions that open the discussion; `kinds` of unit, none for every kind."""

    code: str
    title: str
    aim: str
    questions: str
    kinds: tuple[str, ...]

    @property
    def material(self) -> str:
        return f"Mục đích: {self.aim}\nCâu hỏi thảo luận: {self.questions}"


def _file(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))


@cache
def themes() -> tuple[Theme, ...]:
    """The themes that come with the product, read once per process."""
    found = _file("themes.yaml")
    return tuple(Theme(**{**one, "kinds": tuple(one["kinds"])}) for one in found)


@cache
def days() -> tuple[tuple[int, int, str], ...]:
    """Month, day and title of the days that cells often talk about."""
    return tuple((one["month"], one["day"], one["title"]) for one in _file("days.yaml"))


# What speaks for it


def of_task(key: str, title: str, days_late: int) -> Idea:
    """A task that is overdue: three points, and one for each month that it is late."""
    late = ngettext("The task is {n} day overdue.", "The task is {n} days overdue.", days_late)
    reasons: tuple[Reason, ...] = (Reason(3, late),)
    if months := min(days_late // 30, MOST - 2):
        reasons += (Reason(months, ngettext("It is late for {n} month.", "It is late for {n} months.", months)),)
    return Idea(key, Source.TASK, f"Gỡ vướng cho nhiệm vụ quá hạn: {title}", reasons)


def of_opinion(key: str, text: str, *, units: int, days_left: int) -> Idea:
    """An opinion that waits: two points, one for each further unit that says so, two when its day is near or over."""
    reasons: tuple[Reason, ...] = (Reason(2, _("It was raised and waits for an answer.")),)
    if units > 1:
        more = min(units - 1, MOST)
        reasons += (Reason(more, ngettext("{n} more unit says so.", "{n} more units say so.", units - 1)),)
    if days_left <= 10:
        near = ngettext("Its answer is due in {n} day.", "Its answer is due in {n} days.", max(days_left, 0))
        reasons += (Reason(2, near),)
    return Idea(key, Source.OPINION, f"Bàn cách trả lời ý kiến: {text}", reasons)


def of_public(key: str, gists: str, voices: int) -> Idea:
    """What the public has said and nobody has dealt with: two points, and one for each two voices."""
    said = ngettext("{n} voice of the public waits.", "{n} voices of the public wait.", voices)
    return Idea(key, Source.PUBLIC, f"Nhân dân hỏi về: {gists}", (Reason(2 + min(voices // 2, MOST), said),))


def of_criterion(key: str, title: str, times: int) -> Idea:
    """A criterion that was low in the last sessions: two points, and two for each further session in a row."""
    low = ngettext(
        "It was below half of its points in the last session.",
        "It was below half of its points in the last {n} sessions.",
        times,
    )
    return Idea(key, Source.CRITERION, f"Khắc phục điểm yếu của sinh hoạt: {title}", (Reason(2 * times, low),))


def of_day(title: str, on: date, meets_on: date) -> Idea | None:
    """A day of the year that lies within some weeks after the meeting: two points; None for one further off."""
    if not timedelta(0) <= on - meets_on <= BEFORE_A_DAY:
        return None
    sentence = _("It is on {day}, soon after the meeting.").format(day=f"{on:%d/%m/%Y}")
    return Idea(f"day:{on.isoformat()}", Source.DAY, title, (Reason(2, sentence),))


def of_theme(theme: Theme, kind: str) -> Idea | None:
    """A theme that fits the kind of unit: one point, two where it was written for that kind; None where it does not."""
    if theme.kinds and kind not in theme.kinds:
        return None
    fits = (
        Reason(2, _("It was written for units of this kind."))
        if theme.kinds
        else Reason(1, _("It fits units of every kind."))
    )
    return Idea(f"theme:{theme.code}", Source.THEME, theme.title, (fits,), theme.material)


# What speaks against it


def are_about_the_same(one: str, other: str) -> bool:
    """Whether two titles share most words of the shorter one, marks and case aside."""
    left, right = set(fold(one).split()), set(fold(other).split())
    shorter = min(len(left), len(right))
    return shorter > 0 and len(left & right) >= LIKE * shorter


def suggestions(
    ideas: Iterable[Idea],
    *,
    discussed: Mapping[str, date],
    left: Collection[str],
    meets_on: date,
    shown: int = SHOWN,
) -> list[Suggestion]:
    """The ideas that most speaks for, best first; of equal ones the needs of the cell before themes.

    `discussed` are titles of the last two quarters with the day of each; `left` the keys of what was rejected. A theme
    or a day that was discussed within two quarters is left out; a need that still stands comes back, with what speaks
    against it said beside it.
    """
    found = []
    for idea in ideas:
        if idea.key in left:
            continue
        last = max((on for title, on in discussed.items() if are_about_the_same(idea.title, title)), default=None)
        if last is None:
            found.append(Suggestion(idea, idea.reasons))
        elif idea.source not in (Source.THEME, Source.DAY):
            again = Reason(-2, _("It was talked about on {day}, and still stands.").format(day=f"{last:%d/%m/%Y}"))
            found.append(Suggestion(idea, (*idea.reasons, again)))
        elif meets_on - last > TWO_QUARTERS:
            found.append(Suggestion(idea, idea.reasons))
    order = list(Source)
    found.sort(key=lambda one: (-one.points, order.index(one.idea.source), one.idea.key))
    return found[:shown]


def why_not_leave(reason: str) -> Said | None:
    """Why a suggestion may not be left so; None if it may."""
    return None if reason.strip() else _("Write why it is not for this cell; then it stays away.")
