"""How a cell meets, in plain Python: the day, the roll, the base of a vote, and what stands in the way of each step.

Sources: Directive 50-CT/TW, Guidance 42-HD/BTCTW, Rules 208-QĐ/TW; the figures themselves come from `regulations`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from chibo.core.period import Period, days, month
from chibo.core.words import Said, ngettext
from chibo.core.words import say as _


class Kind(StrEnum):
    REGULAR = "regular"
    THEMATIC = "thematic"
    EXTRAORDINARY = "extraordinary"


class State(StrEnum):
    """Where a meeting stands; it moves down this list, or to cancelled before it opens."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    ENDED = "ended"
    LOCKED = "locked"
    CANCELLED = "cancelled"


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    ONLINE = "online"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT_WITH_REASON = "absent_with_reason"
    ABSENT_WITHOUT_REASON = "absent_without_reason"
    EXEMPT = "exempt"
    ELSEWHERE = "elsewhere"
    SUSPENDED = "suspended"


CAME = frozenset(
    {AttendanceStatus.PRESENT, AttendanceStatus.ONLINE, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY}
)
"""The statuses of who took part, in the room or online, for the whole time or not."""


GUEST = "guest"
"""How a member of another cell belongs to a meeting of the one where he takes part for a while."""


class Nature(StrEnum):
    OPINION = "opinion"
    PROPOSAL = "proposal"
    CRITICISM = "criticism"


HALF_A_MONTH = 15

OWN = "own"
"""The code of a part that the cell added to the order of the meeting."""


class Outcome(StrEnum):
    DONE = "done"
    POSTPONED = "postponed"
    UNFINISHED = "unfinished"


class VoteMatter(StrEnum):
    ORDINARY = "ordinary"
    ADMISSION = "admission"
    RECOGNITION = "recognition"
    REMOVAL = "removal_of_probationary"
    ELECTION = "election"
    DISCIPLINE = "discipline"


THRESHOLD_KEYS = {
    VoteMatter.ORDINARY: "vote.ordinary",
    VoteMatter.ELECTION: "vote.ordinary",
    VoteMatter.DISCIPLINE: "vote.ordinary",
    VoteMatter.ADMISSION: "vote.admission",
    VoteMatter.RECOGNITION: "vote.recognition",
    VoteMatter.REMOVAL: "vote.removal_of_probationary",
}
"""Under which key of the regulations the threshold of a matter stands."""


# The day


def day_by_rule(month_of: date, *, day: int, last_day: int, days_off: frozenset[date]) -> date:
    """The day of a regular meeting: the fixed day, or the next working day of the first week, else the one before.

    If the whole first week is off (Tết), the fixed day stands, and the cell moves it by decision.
    """
    first = month_of.replace(day=1)
    week = [first.replace(day=n) for n in range(1, last_day + 1)]
    later = [one for one in week if one.day >= day]
    earlier = [one for one in reversed(week) if one.day < day]
    return next((one for one in later + earlier if one not in days_off), first.replace(day=day))


def day_by_window(month_of: date, *, since: int, until: int, days_off: frozenset[date]) -> date:
    """The day of a regular meeting before July 2025: the first working day of the unit's own window of days.

    A window that reaches past the end of a short month ends with it.
    """
    window = [one for one in days(month(month_of)) if since <= one.day <= until]
    window = window or list(days(month(month_of)))[-1:]
    return next((one for one in window if one not in days_off), window[0])


def latest_day(month_of: date, *, last_day: int, days_off: frozenset[date]) -> date:
    """The last day of a month to which a regular meeting may be moved: the last one of the first week.

    If the whole first week is off (Tết), the first working day after it.
    """
    first = month_of.replace(day=1)
    week = [first.replace(day=n) for n in range(1, last_day + 1)]
    if any(one not in days_off for one in week):
        return week[-1]
    return next((one for one in days(month(first)) if one > week[-1] and one not in days_off), week[-1])


def clashing(starts: Sequence[tuple[UUID, datetime]], *, minutes: int) -> frozenset[UUID]:
    """Which meetings nobody can attend from beginning to end: another begins before their least length has passed."""
    inside = timedelta(minutes=minutes)
    return frozenset(
        one for one, begins in starts for other, at in starts if one != other and abs(begins - at) < inside
    )


def thematic_month(day: date) -> date:
    """The month of a quarter for which the calendar plans its thematic session: the second."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return (first + timedelta(days=31)).replace(day=1)


def month_directed(on: date) -> date:
    """The month for which a regular meeting sets tasks: its own, or in the second half of a month the following one.

    The meeting of day 3 looks back on the month that is over; that of the last days of a month, as before July 2025,
    on the one that ends.
    """
    first = on.replace(day=1)
    return first if on.day <= HALF_A_MONTH else (first + timedelta(days=31)).replace(day=1)


# The roll


@dataclass(frozen=True, slots=True)
class Seat:
    """One member in a meeting: how he belongs to the cell (GUEST: he takes part for a while and belongs elsewhere), and
    how he stands in the roll (None: not called yet)."""

    membership: str
    attendance: AttendanceStatus | None = None

    @property
    def came(self) -> bool:
        return self.attendance in CAME


def expected_attendance(membership: str) -> AttendanceStatus | None:
    """What the roll says of a member before he is called; None where only the call can tell."""
    return {
        "exempt": AttendanceStatus.EXEMPT,
        "elsewhere": AttendanceStatus.ELSEWHERE,
        "suspended": AttendanceStatus.SUSPENDED,
    }.get(membership)


def possible_attendance(membership: str) -> list[AttendanceStatus]:
    """The statuses among which the roll lets choose for a member."""
    return [one for one in AttendanceStatus if why_not_attendance(membership, one, "…") is None]


def why_not_attendance(membership: str, status: AttendanceStatus, reason: str) -> Said | None:
    """Why a status may not stand beside a member in the roll; None if it may."""
    if status is AttendanceStatus.ABSENT_WITH_REASON and not reason.strip():
        return _("Write the reason of the absence, or choose “absent without reason”.")
    if status is AttendanceStatus.EXEMPT and membership != "exempt":
        return _("The register does not hold this member as exempt. Choose another status.")
    if status is AttendanceStatus.ELSEWHERE and membership != "elsewhere":
        return _("The register does not hold this member as transferred elsewhere. Choose another status.")
    if membership == "suspended" and status is not AttendanceStatus.SUSPENDED:
        return _("This member is suspended and takes no part. Choose “suspended”.")
    if status is AttendanceStatus.SUSPENDED and membership != "suspended":
        return _("The register does not hold this member as suspended. Choose another status.")
    return None


# The base


@dataclass(frozen=True, slots=True)
class Base:
    """Of how many official members a vote is counted, and who may cast one.

    `convened` counts everybody who belongs to the cell; `base` the official members among them that count;
    `voters` the official members who came; `guests` take part and belong to another cell.
    Percentages are of the base, never of those present (208-QĐ/TW).
    """

    convened: int
    probationary: int
    elsewhere: int
    exempt_not_come: int
    suspended: int
    base: int
    voters: int
    guests: int = 0

    @property
    def as_facts(self) -> dict[str, int]:
        return asdict(self)

    @property
    def in_words(self) -> list[Said]:
        """How the base was worked out: who belongs to the cell, and who of them does not count."""
        said = [ngettext("one belongs to the cell", "{n} belong to the cell", self.convened)]
        if self.probationary:
            said.append(ngettext("one is probationary", "{n} are probationary", self.probationary))
        if self.elsewhere:
            said.append(ngettext("one is temporarily elsewhere", "{n} are temporarily elsewhere", self.elsewhere))
        if self.exempt_not_come:
            said.append(
                ngettext("one is exempt and did not come", "{n} are exempt and did not come", self.exempt_not_come)
            )
        if self.suspended:
            said.append(ngettext("one is suspended", "{n} are suspended", self.suspended))
        return said

    @property
    def guests_in_words(self) -> Said | None:
        """Who is here besides; a guest was never among those convened, so he is not taken off them."""
        if not self.guests:
            return None
        return ngettext(
            "One guest from another cell takes part besides, without a vote.",
            "{n} guests from other cells take part besides, without a vote.",
            self.guests,
        )


def base_of(seats: Iterable[Seat], *, excludes: Sequence[str]) -> Base:
    """The base of a vote. `excludes` names who is left out of it: "elsewhere", "exempt_unless_present", "suspended".

    An exempt member who came is counted; a probationary one never is, and a guest is of the base of his own cell.
    """
    convened = probationary = elsewhere = exempt = suspended = base = voters = guests = 0
    for seat in seats:
        if seat.membership == GUEST:
            guests += 1
            continue
        convened += 1
        if seat.membership == "probationary":
            probationary += 1
        elif seat.membership == "elsewhere" and "elsewhere" in excludes and not seat.came:
            elsewhere += 1
        elif seat.membership == "exempt" and "exempt_unless_present" in excludes and not seat.came:
            exempt += 1
        elif seat.membership == "suspended" and "suspended" in excludes:
            suspended += 1
        else:
            base += 1
            voters += seat.came and seat.membership != "suspended"
    return Base(convened, probationary, elsewhere, exempt, suspended, base, voters, guests)


@dataclass(frozen=True, slots=True)
class Threshold:
    """How much of the base must be in favour: strictly more than a share, or at least it."""

    numerator: int
    denominator: int
    is_strict: bool

    @classmethod
    def of(cls, value: Mapping[str, Sequence[int]]) -> "Threshold":
        """From the value of a regulation: {"over": [1, 2]} or {"at_least": [2, 3]}."""
        (how, (numerator, denominator)) = next(iter(value.items()))
        return cls(numerator, denominator, how == "over")

    def carries(self, in_favour: int, base: int) -> bool:
        # By multiplication: dividing would round 2/3 of 10 the wrong way.
        left, right = in_favour * self.denominator, base * self.numerator
        return left > right if self.is_strict else left >= right

    def needed(self, base: int) -> int:
        """The least number in favour that carries."""
        return next(n for n in range(base * 2 + 2) if self.carries(n, base))

    def in_words(self, base: int) -> Said:
        """The threshold and what it asks for, as one sentence."""
        if not self.is_strict:
            text = _("at least {share} of {base}: at least {needed} in favour")
        elif (self.numerator, self.denominator) == (1, 2):
            text = _("more than half of {base}: at least {needed} in favour")
        else:
            text = _("more than {share} of {base}: at least {needed} in favour")
        return text.format(share=f"{self.numerator}/{self.denominator}", base=base, needed=self.needed(base))


def why_not_all_votes(base: Base, *, total: int, not_voting: int) -> Said | None:
    """Why a count is not complete; None if it and those known not to have voted are all who may vote and came."""
    missing = base.voters - total
    if missing in (0, not_voting):
        return None
    return ngettext(
        "{voters} who may vote are present, but only {total} votes were entered: one is missing. Count again; if one "
        "really did not vote, mark it here.",
        "{voters} who may vote are present, but only {total} votes were entered: {n} are missing. Count again; if {n} "
        "really did not vote, mark it here.",
        missing,
    ).format(voters=base.voters, total=total)


def why_not_vote(base: Base, *, in_favour: int, against: int, abstained: int) -> Said | None:
    """Why a count may not be entered; None if it may."""
    total = in_favour + against + abstained
    if not base.voters:
        return _("No official member is marked as present, so nobody can vote. Call the roll first.")
    if total > base.voters:
        return _(
            "{total} votes were entered, but only {voters} official members with a vote are present. "
            "Count again, or correct the roll call."
        ).format(total=total, voters=base.voters)
    if not total:
        return _("Enter how many voted in favour, against, and abstained.")
    return None


# The steps


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


def worth_a_second_look(*, minutes: int, least: int, silent: Sequence[str]) -> list[Said]:
    """What does not keep a meeting from ending, but should not be overlooked; `silent` parts have nothing written."""
    found = []
    if minutes < least:
        found.append(
            _("The meeting has gone on for {minutes} minutes; the rule asks for at least {least}.").format(
                minutes=minutes, least=least
            )
        )
    found.extend(_("Nothing is written down about “{title}”.").format(title=title) for title in silent)
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
    closing = ("conclusions", "lessons", "tasks", "resolution")
    return next((n for n in open_points if points[n].holds in closing), None)


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


def due_before(on: date, *, days_before: int, set_on: date | None) -> date:
    """The day by which something is due before a meeting; never earlier than the day was set, nor after the meeting."""
    by_rule = on - timedelta(days=days_before)
    return max(by_rule, min(set_on, on)) if set_on else by_rule


def months_ahead(today: date, *, count: int) -> list[Period]:
    """This month and the ones after it."""
    found = [month(today)]
    while len(found) < count:
        following = found[-1].until
        assert following is not None
        found.append(month(following))
    return found
