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
    DIRECTIVE = "directive"
    CRITERION = "criterion"
    PLAN = "plan"
    GUIDANCE = "guidance"
    DRAFT = "draft"
    PROGRAMME = "programme"
    DAY = "day"
    SHARED = "shared"
    THEME = "theme"


NEEDS = frozenset(
    {Source.TASK, Source.OPINION, Source.PUBLIC, Source.DIRECTIVE, Source.CRITERION, Source.DRAFT, Source.PROGRAMME}
)
"""What stands until it is dealt with, and so comes back although it was talked about."""
KNOWN_BY_KEY = frozenset({Source.DIRECTIVE, Source.DRAFT, Source.PROGRAMME})
"""What is gone once it was dealt with: its title, like that of all its kind, tells nothing."""


SHOWN = 6
"""How many suggestions are shown at once: a person weighs a handful."""
BEFORE_A_DAY = timedelta(days=40)
TWO_QUARTERS = timedelta(days=184)
MOST = 5  # points that grow with a number stop here
NEAR = 30  # days
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
        return material(self.aim, self.questions)


def material(aim: str, questions: str) -> str:
    """What opens a part of the agenda: its aim, and the questions for the discussion, as far as there are any."""
    parts = (("Mục đích", aim), ("Câu hỏi thảo luận", questions))
    return "\n".join(f"{label}: {text}" for label, text in parts if text)


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
    if months := days_late // 30:
        sentence = ngettext("It is late for {n} month.", "It is late for {n} months.", months)
        reasons += (Reason(min(months, MOST - 2), sentence),)
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
    return Idea(key, Source.PUBLIC, f"Ý kiến nhân dân: {gists}", (Reason(2 + min(voices // 2, MOST), said),))


def of_criterion(key: str, title: str, times: int) -> Idea:
    """A criterion that was low in the last sessions: two points, and two for each further session in a row."""
    low = ngettext(
        "It was below half of its points in the last session.",
        "It was below half of its points in the last {n} sessions.",
        times,
    )
    return Idea(key, Source.CRITERION, f"Khắc phục điểm yếu của sinh hoạt: {title}", (Reason(2 * times, low),))


def of_programme(key: str, title: str, *, unit: str, days_left: int, material: str) -> Idea:
    """A round of a programme that is open to the unit and in which it has entered nothing: two points, one when its
    last day is near."""
    called = _("{unit} calls for it, and registration is open.").format(unit=unit)
    reasons: tuple[Reason, ...] = (Reason(2, called),)
    if days_left <= 30:
        near = ngettext("Registration closes in {n} day.", "Registration closes in {n} days.", days_left)
        reasons += (Reason(1, near),)
    return Idea(key, Source.PROGRAMME, f"Đăng ký tham gia: {title}", reasons, material)


def of_directive(key: str, title: str, *, unit: str, days_left: int, material: str) -> Idea:
    """A directive that was not studied yet: four points, two more when its day is near or over."""
    reasons: tuple[Reason, ...] = (Reason(4, _("{unit} has sent it, and it was not studied yet.").format(unit=unit)),)
    if days_left <= NEAR:
        near = ngettext(
            "It is to be studied within {n} day.", "It is to be studied within {n} days.", max(days_left, 0)
        )
        reasons += (Reason(2, near),)
    return Idea(key, Source.DIRECTIVE, f"Quán triệt: {title}", reasons, material)


def of_guidance(key: str, title: str, *, unit: str, until: date, material: str) -> Idea:
    """What a committee suggests until a day: three points."""
    sentence = _("{unit} suggests it until {day}.").format(unit=unit, day=f"{until:%d/%m/%Y}")
    return Idea(key, Source.GUIDANCE, title, (Reason(3, sentence),), material)


def of_draft(key: str, title: str, *, unit: str, days_left: int) -> Idea:
    """A draft on which the cell has not commented yet: three points, two more when its day is near."""
    reasons: tuple[Reason, ...] = (Reason(3, _("{unit} asks for comments on it.").format(unit=unit)),)
    if days_left <= NEAR:
        near = ngettext("Comments are taken for {n} more day.", "Comments are taken for {n} more days.", days_left)
        reasons += (Reason(2, near),)
    return Idea(key, Source.DRAFT, f"Góp ý vào dự thảo: {title}", reasons)


def of_plan(key: str, line: "PlanLine", unit: str) -> Idea:
    """What stands in a plan of the year for these months: four points in the cell's own, three in one from above."""
    month = f"{line.month:02d}"
    reason = (
        Reason(3, _("It stands in the plan of {unit} for month {month}.").format(unit=unit, month=month))
        if unit
        else Reason(4, _("It stands in your own plan for month {month}.").format(month=month))
    )
    return Idea(key, Source.PLAN, line.title, (reason,), material(line.aim, line.questions))


def of_shared(key: str, title: str, *, cell: str, uses: int, material: str) -> Idea:
    """A theme of which a unit of the same kind held a good session: two points, one for each that took it since."""
    reasons: tuple[Reason, ...] = (Reason(2, _("A unit of the same kind held it well: {cell}.").format(cell=cell)),)
    if uses:
        more = ngettext("{n} more unit took it since.", "{n} more units took it since.", uses)
        reasons += (Reason(min(uses, MOST - 2), more),)
    return Idea(key, Source.SHARED, title, reasons, material)


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


BEFORE = (
    "Gỡ vướng cho nhiệm vụ quá hạn: ",
    "Bàn cách trả lời ý kiến: ",
    "Ý kiến nhân dân: ",
    "Khắc phục điểm yếu của sinh hoạt: ",
    "Quán triệt: ",
    "Góp ý vào dự thảo: ",
    "Đăng ký tham gia: ",
)
"""What stands before the subject in the title of a suggestion."""


def subject(title: str) -> str:
    """What a title is about, without what every suggestion of its kind says before it."""
    return next((title.removeprefix(one) for one in BEFORE if title.startswith(one)), title)


def are_about_the_same(one: str, other: str) -> bool:
    """Whether two titles share most words of the shorter one, marks and case aside."""
    left, right = set(fold(subject(one)).split()), set(fold(subject(other)).split())
    shorter = min(len(left), len(right))
    return shorter > 0 and len(left & right) >= LIKE * shorter


def suggestions(
    ideas: Iterable[Idea],
    *,
    discussed: Mapping[str, date],
    left: Collection[str],
    meets_on: date,
    shown: int | None = SHOWN,
) -> list[Suggestion]:
    """The ideas that most speaks for, best first; of equal ones the needs of the cell before themes.

    `discussed` are titles of the last two quarters with the day of each; `left` the keys of what was rejected. What is
    no need and was discussed within two quarters is left out; a need that still stands comes back, with what speaks
    against it said beside it.
    """
    found = []
    for idea in ideas:
        if idea.key in left:
            continue
        alike = (on for title, on in discussed.items() if are_about_the_same(idea.title, title))
        last = None if idea.source in KNOWN_BY_KEY else max(alike, default=None)
        if last is None:
            found.append(Suggestion(idea, idea.reasons))
        elif idea.source in NEEDS:
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


# Sharing what went well


def why_not_share(*, is_thematic: bool, is_locked: bool, is_held_well: bool, is_sealed: bool) -> Said | None:
    """Why a session may not be put into the library; None if it may."""
    if not is_thematic or not is_locked:
        return _("A thematic session is shared once its minutes are locked.")
    if not is_held_well and is_sealed:
        return _("Wait until the superior's member has scored the month too, or his time for it is over.")
    if not is_held_well:
        return _(
            "Only a session of a month that was scored in the best band is shared: others learn from what went well."
        )
    return None


def why_not_shared_so(title: str, aim: str, questions: str) -> dict[str, list[Said]]:
    """Why a theme may not be put into the library in these words, by field; empty if it may."""
    typed = {"title": title, "aim": aim, "questions": questions}
    return {field: [_("Write it; another cell starts from this.")] for field, text in typed.items() if not text.strip()}


# The plan of a year

LINES = 6
"""How many themes a plan holds at most: one a quarter, and two to spare."""
SESSIONS_A_YEAR = (2, 5, 8, 11)
"""The months for which a plan is proposed: one in each quarter, not beside the turn of a quarter."""
IN_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What is to be talked about in a month (1–12), with its aim and questions."""

    month: int
    title: str
    aim: str = ""
    questions: str = ""


PLANNED_FROM = 11  # month
"""From this month on the plan that is opened is that of the next year."""


def year_to_plan(today: date) -> int:
    """The year whose plan is drawn up on a day."""
    return today.year + (today.month >= PLANNED_FROM)


def quarter(month: int) -> int:
    return (month - 1) // IN_A_QUARTER


def is_due(month: int, meets_in: int) -> bool:
    """Whether what is planned for a month is to be talked about in another: in it, or later in its quarter."""
    return month <= meets_in and quarter(month) == quarter(meets_in)


def draw_up(planned: Iterable[PlanLine], ideas: Iterable[Idea], texts: Mapping[str, PlanLine]) -> list[PlanLine]:
    """A plan to begin with, one theme a quarter: what the committee plans first, then the best ideas, none twice.

    `texts` are the aim and the questions of an idea by its key.
    """
    found: dict[int, PlanLine] = {}
    for line in planned:
        found.setdefault(quarter(line.month), line)
    rest = list(ideas)
    for month in SESSIONS_A_YEAR:
        if quarter(month) in found:
            continue
        taken = [one.title for one in found.values()]
        idea = next((one for one in rest if not any(are_about_the_same(one.title, title) for title in taken)), None)
        if idea is None:
            break
        rest.remove(idea)
        text = texts.get(idea.key, PlanLine(month, idea.title))
        found[quarter(month)] = PlanLine(month, idea.title, text.aim, text.questions)
    return [found[n] for n in sorted(found)]


def why_not_plan(lines: Collection[PlanLine]) -> Said | None:
    """Why a plan may not be kept so; None if it may."""
    if not lines:
        return _("Write at least one theme.")
    without = next((line.title for line in lines if not 1 <= line.month <= 12), None)  # months
    if without is not None:
        return _("Choose the month of the theme “{title}”.").format(title=without)
    return None
