"""The steps of a meeting: what stands in the way of each, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from chibo.core.words import Said, ngettext
from chibo.core.words import say as _
from chibo.meetings.rules.terms import OWN, Kind, State


def why_not_meet(*, official: int, least: int) -> Said | None:
    """Why a cell may not hold a meeting; None if it may (a cell has three official members at least)."""
    if official < least:
        return _(
            "The cell has {official} official members; a cell needs at least {least}. "
            "Report to the committee above so that it can strengthen or merge the cell."
        ).format(official=official, least=least)
    return None


def why_not_prepare(state: State) -> Said | None:
    """Why the agenda, the day or the place may not change any more; None if they may."""
    if state is State.CANCELLED:
        return _("This meeting was cancelled.")
    if state not in (State.PREPARING, State.ANNOUNCED):
        return _("The meeting has begun; its agenda and papers stand as they were.")
    return None


def why_not_remove(code: str, *, is_carried: bool) -> Said | None:
    """Why a part may not be taken off the agenda; None if it may: only what the cell itself added goes again."""
    if code != OWN or is_carried:
        return _("This part belongs to the order of the meeting and cannot be removed.")
    return None


def why_not_record(state: State) -> Said | None:
    """Why nothing may be written into the proceedings; None if it may."""
    if state in (State.PREPARING, State.ANNOUNCED):
        return _("The meeting has not been opened yet. Open it first.")
    if state is State.LOCKED:
        return _("The minutes are adopted and locked: nothing about this meeting can be changed any more.")
    if state is not State.UNDER_WAY:
        return _(
            "The meeting has ended, and what was written in it stands. Its wording can be put right in the minutes."
        )
    return None


def why_not_write_minutes(state: State, *, is_adopted: bool) -> Said | None:
    """Why the text of minutes may not be changed; None if it may."""
    if is_adopted or state is State.LOCKED:
        return _("The minutes are adopted and locked.")
    if state is not State.ENDED:
        return _("Minutes are composed when the meeting has ended.")
    return None


def why_not_announce(*, state: State, place: str, parts: int) -> list[Said]:
    """What is missing before a meeting can be announced."""
    if reason := why_not_prepare(state):
        return [reason]
    if state is not State.PREPARING:
        return [_("This meeting has been announced already.")]
    missing = []
    if not place.strip():
        missing.append(_("The place is missing. Write where the meeting will be held."))
    if not parts:
        missing.append(_("The agenda is empty. Add at least one part."))
    return missing


def why_not_open(*, kind: Kind, state: State, on: date, today: date) -> list[Said]:
    """What stands in the way of opening a meeting: it may begin late, but only in the month it is set for."""
    if state is State.PREPARING:
        return [_("The meeting has not been announced. Announce it first, even if it is late.")]
    if state is not State.ANNOUNCED:
        return [_("This meeting has been opened already.")]
    is_of_this_month = on.replace(day=1) == today.replace(day=1)
    if today > on and not is_of_this_month and kind is Kind.REGULAR:
        return [
            _(
                "The meeting of {month} was not held in its month and cannot be opened any more. Hold this month's."
            ).format(month=f"{on:%m/%Y}")
        ]
    if today < on and not is_of_this_month and kind is Kind.REGULAR:
        return [
            _(
                "This is the regular meeting of {month}, set for {day}. It may be moved within the first days of that "
                "month, not before it. If something cannot wait, plan an extraordinary meeting."
            ).format(month=f"{on:%m/%Y}", day=f"{on:%d/%m/%Y}")
        ]
    if today < on or not is_of_this_month:
        return [
            _("The meeting is set for {day}. Move it to today first if it is held now.").format(day=f"{on:%d/%m/%Y}")
        ]
    return []


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What a meeting has so far, for the question whether it can end."""

    kind: Kind
    state: State
    has_chair: bool
    has_clerk: bool
    is_chair_absent: bool
    is_clerk_absent: bool
    not_called: int
    came: int
    conclusion: str
    lessons: str
    clauses: int
    is_resolution_voted: bool
    is_scored: bool
    outdated_votes: tuple[str, ...]
    incomplete_tasks: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing before a meeting can end: what it is of, and the sentence."""

    of: str
    sentence: Said


def what_is_missing(now: Proceedings) -> list[Lack]:
    """What is missing before a meeting that is under way can end."""
    missing = []
    if not now.has_chair:
        missing.append(Lack("officers", _("The chair is missing. Name who chaired the meeting.")))
    elif now.is_chair_absent:
        why = _("The roll says that the chair did not come. Name who chaired, or correct the roll.")
        missing.append(Lack("officers", why))
    if not now.has_clerk:
        missing.append(Lack("officers", _("The clerk is missing. Name who took the minutes.")))
    elif now.is_clerk_absent:
        why = _("The roll says that the clerk did not come. Name who took the minutes, or correct the roll.")
        missing.append(Lack("officers", why))
    if now.not_called:
        why = ngettext(
            "One member has not been called. Finish the roll call.",
            "{n} members have not been called. Finish the roll call.",
            now.not_called,
        )
        missing.append(Lack("roll", why))
    elif not now.came:
        missing.append(Lack("roll", _("Nobody is marked as present. Correct the roll call.")))
    if not now.conclusion.strip():
        missing.append(Lack("conclusions", _("The chair's conclusion is missing.")))
    if now.kind is Kind.THEMATIC and not now.lessons.strip():
        missing.append(Lack("lessons", _("A thematic session ends with its results and lessons. Write them down.")))
    if now.clauses and not now.is_resolution_voted:
        missing.append(Lack("resolution", _("The resolution has not been put to the vote.")))
    missing.extend(
        Lack(
            "votes",
            _("The roll has changed since the vote “{subject}”. Take the count back and enter it again.").format(
                subject=subject
            ),
        )
        for subject in now.outdated_votes
    )
    missing.extend(Lack("tasks", why) for why in now.incomplete_tasks)
    return missing


def why_not_end(now: Proceedings) -> list[Said]:
    """Why a meeting may not end, each in a sentence; none if it may."""
    if now.state is not State.UNDER_WAY:
        return [_("This meeting is not under way.")]
    return [one.sentence for one in what_is_missing(now)]


def worth_a_second_look(*, minutes: int, least: int, silent: Sequence[str], is_to_score: bool) -> list[Lack]:
    """What does not keep a meeting from ending, but should not be overlooked; `silent` parts have nothing written.

    `is_to_score`: its agenda says that the session is scored, and it is not yet.
    """
    found = []
    if minutes < least:
        why = (
            _("The meeting has gone on for {minutes} minutes; the rule asks for at least {least}.")
            if minutes
            else _("The meeting has gone on for less than a minute; the rule asks for at least {least} minutes.")
        )
        found.append(Lack("length", why.format(minutes=minutes, least=least)))
    found.extend(Lack("part", _("Nothing is written down about “{title}”.").format(title=title)) for title in silent)
    if is_to_score:
        why = _("The session is not scored yet. Its score belongs into the minutes; score it first if you can.")
        found.append(Lack("score", why))
    return found


def merged(seen: Sequence[str], now: Sequence[str], typed: Sequence[str]) -> list[str]:
    """Texts as typed; where nothing was changed since they were seen, as they stand now. All three are as long."""
    return [stands if text.strip() == before else text for before, stands, text in zip(seen, now, typed, strict=True)]


@dataclass(frozen=True, slots=True)
class Point:
    """A part of the agenda as the evening stands: what it holds, and whether anything has been written to it.

    `is_expected`: something is usually said to it, so the page leads there by itself.
    """

    holds: str
    section: str
    is_expected: bool
    has_trace: bool


def is_done(point: Point, now: Proceedings) -> bool:
    """Whether a point of the agenda has what it needs."""
    match point.holds:
        case "clerk":
            return now.has_chair and now.has_clerk
        case "roll_call":
            return not now.not_called
        case "conclusions":
            return bool(now.conclusion.strip())
        case "lessons":
            return bool(now.lessons.strip())
        case "tasks":
            return point.has_trace and not now.incomplete_tasks
        case "resolution":
            return now.is_resolution_voted
        case "score":
            return now.is_scored
        case "minutes":
            return False
        case _:
            return point.has_trace


def next_point(points: Sequence[Point], now: Proceedings) -> int | None:
    """Which point of the agenda is to be written next, by its index; None when only the end is left.

    First who chairs and the roll; then along the conduct, from the last point that anything was written to; once there
    is a conclusion, the closing points that lack something.
    """
    open_points = [n for n, point in enumerate(points) if not is_done(point, now)]
    for holds in ("clerk", "roll_call"):
        for n in open_points:
            if points[n].holds == holds:
                return n
    if not now.conclusion.strip():
        reached = max(
            (n for n, point in enumerate(points) if point.section == "conduct" and point.has_trace), default=-1
        )
        for n in open_points:
            if n > reached and points[n].section == "conduct" and points[n].is_expected:
                return n
    closing = ("conclusions", "lessons", "tasks", "resolution", "score")
    return next((n for n in open_points if points[n].holds in closing), None)


@dataclass(frozen=True, slots=True)
class Score:
    """What the cell gave its own session, as its minutes and resolution print it.

    `points` of `total`, both as they are written (`92,5`); the band's title; what is to be done about low criteria, a
    line each.
    """

    points: str
    total: str
    band: str
    remedies: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """From a meeting's JSON; None for a session that was not scored."""
        return cls(**{**stored, "remedies": tuple(stored["remedies"])}) if stored else None


def why_not_record_score(state: State) -> Said | None:
    """Why the papers of a meeting take no score any more; None if they do."""
    if state in (State.UNDER_WAY, State.ENDED):
        return None
    return _("The minutes of this meeting are locked, or it was not held: its papers take no score.")


def why_not_upload(state: State, uploaded_on: date | None, on: date, *, held_on: date, today: date) -> Said | None:
    """Why a day may not be noted on which the conclusion was put into the e-handbook; None if it may."""
    if state not in (State.ENDED, State.LOCKED):
        return _("The meeting has not ended yet: nothing of it can have been put into the e-handbook.")
    if uploaded_on is not None:
        return _("It is noted already that the conclusion was put into the e-handbook on {day}.").format(
            day=f"{uploaded_on:%d/%m/%Y}"
        )
    if not held_on <= on <= today:
        return _("Choose a day from the day of the meeting until today.")
    return None


def why_not_adopt(*, state: State, is_read_back: bool, is_adopted: bool) -> Said | None:
    """Why minutes may not be adopted; None if they may."""
    if state is not State.ENDED:
        return _("Minutes are adopted when the meeting has ended.")
    if is_adopted:
        return _("The minutes have been adopted already.")
    if not is_read_back:
        return _("The minutes have not been read back to the meeting. Read them aloud first, then mark it here.")
    return None


def why_all_the_secretarys(owners: Sequence[object], secretary: object, *, others: bool) -> Said | None:
    """A warning where one person prepares everything although others could; None where the work is shared."""
    prepared = [owner for owner in owners if owner is not None]
    if others and len(prepared) > 1 and all(owner == secretary for owner in prepared):
        return _(
            "Every part is prepared by the secretary. Give at least one to the deputy or to a committee member: "
            "a meeting prepared by several people is livelier."
        )
    return None
