"""The way of a candidate in plain Python: which step may follow, what it lacks, and by when it is due."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings.rules import Threshold, VoteMatter

LONGEST_REMARK = 1_000
MOST_ASKED = 9_999
"""The largest number of persons that a target may name."""


class Stage(StrEnum):
    """The steps of a case, in the order in which they come; APPROVAL only for who is beyond the age."""

    FOUND = "found"
    HELPER = "helper"
    REMARK = "remark"
    COURSE = "course"
    APPROVAL = "approval"
    FILE = "file"
    CELL_VOTE = "cell_vote"
    COMMITTEE_VOTE = "committee_vote"
    DECISION = "decision"
    CEREMONY = "ceremony"
    RECOGNITION_VOTE = "recognition_vote"
    RECOGNITION_COMMITTEE = "recognition_committee"
    RECOGNITION = "recognition"
    REMOVAL_VOTE = "removal_vote"
    REMOVAL = "removal"


class State(StrEnum):
    """Where a case stands: before the ceremony, in probation, stopped, or over by one of two decisions."""

    OPEN = "open"
    PROBATION = "probation"
    STOPPED = "stopped"
    RECOGNISED = "recognised"
    REMOVED = "removed"


class Why(StrEnum):
    """Why a case stopped; nothing else is kept of the reason."""

    WITHDREW = "withdrew"
    NOT_AGREED = "not_agreed"
    MOVED = "moved"


LIVE = (State.OPEN, State.PROBATION)
OVER = (State.STOPPED, State.RECOGNISED, State.REMOVED)

NEEDS: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.HELPER: (Stage.FOUND,),
    Stage.REMARK: (Stage.HELPER,),
    Stage.COURSE: (Stage.HELPER,),
    Stage.APPROVAL: (Stage.HELPER,),
    Stage.FILE: (Stage.REMARK, Stage.COURSE),
    Stage.CELL_VOTE: (Stage.FILE,),
    Stage.COMMITTEE_VOTE: (Stage.CELL_VOTE,),
    Stage.DECISION: (Stage.CELL_VOTE, Stage.COMMITTEE_VOTE),
    Stage.CEREMONY: (Stage.DECISION,),
    Stage.RECOGNITION_VOTE: (Stage.CEREMONY,),
    Stage.RECOGNITION_COMMITTEE: (Stage.RECOGNITION_VOTE,),
    Stage.RECOGNITION: (Stage.RECOGNITION_VOTE, Stage.RECOGNITION_COMMITTEE),
    Stage.REMOVAL_VOTE: (Stage.CEREMONY,),
    Stage.REMOVAL: (Stage.REMOVAL_VOTE,),
}
"""What stands before each step."""

AGAIN = (Stage.HELPER, Stage.REMARK, Stage.COURSE)
"""What may be done more than once: another helper, another remark, another course."""
IN_PROBATION = (
    Stage.HELPER,
    Stage.REMARK,
    Stage.RECOGNITION_VOTE,
    Stage.RECOGNITION_COMMITTEE,
    Stage.RECOGNITION,
    Stage.REMOVAL_VOTE,
    Stage.REMOVAL,
)
MATTERS: Mapping[Stage, VoteMatter] = {
    Stage.CELL_VOTE: VoteMatter.ADMISSION,
    Stage.RECOGNITION_VOTE: VoteMatter.RECOGNITION,
    Stage.REMOVAL_VOTE: VoteMatter.REMOVAL,
}
"""The steps on which a meeting of the cell votes, and as what matter."""
COUNTED = (Stage.COMMITTEE_VOTE, Stage.RECOGNITION_COMMITTEE)
"""The steps on which a committee above votes."""
DECIDED = (Stage.DECISION, Stage.RECOGNITION, Stage.REMOVAL)
"""The decisions of the standing board, each with its number."""
OF_THE_COMMITTEE = (*COUNTED, *DECIDED, Stage.APPROVAL)
"""What those above enter; the rest is the cell's own."""
FOR_GOOD = (Stage.CEREMONY, Stage.RECOGNITION, Stage.REMOVAL)
"""What has changed the register: it is corrected there, and not taken back here."""
ASKED_ANEW = (Stage.CELL_VOTE, Stage.COMMITTEE_VOTE, Stage.DECISION)
"""What stands no longer once a stopped case is taken up again."""

_LINE = (
    Stage.HELPER,
    Stage.REMARK,
    Stage.COURSE,
    Stage.FILE,
    Stage.CELL_VOTE,
    Stage.COMMITTEE_VOTE,
    Stage.DECISION,
    Stage.CEREMONY,
    Stage.RECOGNITION_VOTE,
    Stage.RECOGNITION_COMMITTEE,
    Stage.RECOGNITION,
)

MISSING: Mapping[Stage, Said] = {
    Stage.FOUND: _("Write down first who was found."),
    Stage.HELPER: _("Name who helps the candidate first."),
    Stage.REMARK: _("Write down first what a meeting of the cell remarked."),
    Stage.COURSE: _("Write down the certificate of the awareness course first."),
    Stage.APPROVAL: _("Write down the special approval first."),
    Stage.FILE: _("Complete the file first."),
    Stage.CELL_VOTE: _("The cell votes on the admission first, in a meeting."),
    Stage.COMMITTEE_VOTE: _("The committee votes on the admission first."),
    Stage.DECISION: _("The decision to admit comes first."),
    Stage.CEREMONY: _("The ceremony of admission comes first."),
    Stage.RECOGNITION_VOTE: _("The cell votes on the official recognition first, in a meeting."),
    Stage.RECOGNITION_COMMITTEE: _("The committee votes on the official recognition first."),
    Stage.REMOVAL_VOTE: _("The cell votes on the removal first, in a meeting."),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rules in force say: ages in years, times in months or working days, the committee's threshold."""

    age_least: int
    age_most: int
    certificate_months: int
    remarks_least: int
    remark_months: int
    helper_days: int
    committee_days: int
    decision_days: int
    ceremony_days: int
    probation_months: int
    recognition_days: int
    committee_share: Threshold


@dataclass(frozen=True, slots=True)
class Way:
    """How far a case has come: on which day each step that stands was done (of several the last one)."""

    state: State
    days: Mapping[Stage, date]
    remarks: int
    born_on: date | None
    asks_committee: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The step that comes next and the last day for it; None where no rule sets a day."""

    stage: Stage
    on: date | None


def months_after(day: date, n: int) -> date:
    """The corresponding day n months later, which is the last of a time of n months (Civil Code, art. 148); the last of
    its month where there is no such day."""
    year, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def needs(stage: Stage, *, asks_committee: bool) -> list[Stage]:
    """What stands before a step. A cell that is itself a grassroots organisation has no committee between."""
    found = NEEDS.get(stage, ())
    return [one for one in found if asks_committee or one not in COUNTED]


def official_from(ceremony: date, figures: Figures) -> date:
    """From when who was admitted is an official member: the day on which the months of probation are over."""
    return months_after(ceremony, figures.probation_months)


def is_valid(certificate: date, on: date, figures: Figures) -> bool:
    """Whether the certificate of a course, given on a day, is valid on another."""
    return certificate <= on <= months_after(certificate, figures.certificate_months)


def why_not_begin(
    name: str, born_on: date | None, found_on: date, today: date, *, is_known: bool
) -> dict[str, list[Said]]:
    """Why a case may not begin so, by field; empty if it may. `is_known`: there is one of this person already."""
    wrong: dict[str, list[Said]] = {}
    if not name.strip():
        wrong["name"] = [_("Write the full name.")]
    elif is_known:
        wrong["name"] = [_("There is a case of this person in the cell already. Go on with that one.")]
    if born_on is None or not born_on < found_on:
        wrong["born_on"] = [_("Write the day of birth: who is admitted has an age to be kept to.")]
    if found_on > today:
        wrong["found_on"] = [_("That day is still to come. Write the day on which the organisation proposed somebody.")]
    return wrong


def why_not_now(stage: Stage, way: Way) -> list[Said]:
    """Why a step cannot be taken whatever its day: a sentence for each thing that is missing; empty if nothing is."""
    if way.state is State.STOPPED:
        return [_("This case has stopped. Take it up again first.")]
    if way.state in OVER:
        return [_("This case is over; nothing is entered any more.")]
    if way.state is State.PROBATION and stage not in IN_PROBATION:
        return [_("The candidate is admitted already; this step is over.")]
    if stage in way.days and stage not in AGAIN:
        return [_("This step was taken already.")]
    if stage in COUNTED and not way.asks_committee:
        return [_("Between this cell and who decides there is no committee that votes.")]
    if stage is Stage.COURSE and Stage.CELL_VOTE in way.days:
        return [_("The cell has voted already; the certificate of that day stands.")]
    if Stage.REMOVAL_VOTE in way.days and stage in (Stage.RECOGNITION_VOTE, *COUNTED, Stage.RECOGNITION):
        return [_("The cell has voted for the removal. That decision comes first.")]
    return [MISSING[one] for one in needs(stage, asks_committee=way.asks_committee) if one not in way.days]


def why_not_step(stage: Stage, on: date, way: Way, figures: Figures, today: date) -> dict[str, list[Said]]:
    """Why a step may not be entered with a day, by field ("" for the whole): the day, the age, the certificate."""
    if missing := why_not_now(stage, way):
        return {"": missing}
    if on > today:
        return {"on": [_("That day is still to come. Enter the step once it has been taken.")]}
    before = [way.days[one] for one in needs(stage, asks_committee=way.asks_committee) if one in way.days]
    # A course may have been attended before anybody was proposed.
    if before and on < max(before) and stage is not Stage.COURSE:
        sentence = _("The step before was on {day}. Write that day or a later one.")
        return {"on": [sentence.format(day=f"{max(before):%d/%m/%Y}")]}
    if stage is Stage.COURSE:
        return _why_not_course(on, figures, today)
    if stage in (Stage.FILE, Stage.CELL_VOTE):
        why = _why_not_remarks(way, figures) + _why_not_certificate(on, way, figures)
        why += _why_not_age(on, way, figures) if stage is Stage.CELL_VOTE else []
        return {"": why} if why else {}
    if stage is Stage.RECOGNITION_VOTE and on < (first := official_from(way.days[Stage.CEREMONY], figures)):
        sentence = _("Probation lasts {n} months. The cell votes on {day} or later.")
        return {"on": [sentence.format(n=figures.probation_months, day=f"{first:%d/%m/%Y}")]}
    return {}


def _why_not_course(on: date, figures: Figures, today: date) -> dict[str, list[Said]]:
    if is_valid(on, today, figures):
        return {}
    sentence = _("A certificate is valid for {n} months, and this one no longer is. A new course is needed.")
    return {"on": [sentence.format(n=figures.certificate_months)]}


def _why_not_remarks(way: Way, figures: Figures) -> list[Said]:
    if way.remarks >= figures.remarks_least:
        return []
    return [
        _("Meetings have remarked on the candidate {n} times; at least {least} are asked for.").format(
            n=way.remarks, least=figures.remarks_least
        )
    ]


def _why_not_certificate(on: date, way: Way, figures: Figures) -> list[Said]:
    certificate = way.days[Stage.COURSE]
    if is_valid(certificate, on, figures):
        return []
    last = months_after(certificate, figures.certificate_months)
    return [
        _("The certificate of the course was valid until {day}. Write down a new one first.").format(
            day=f"{last:%d/%m/%Y}"
        )
    ]


def _why_not_age(on: date, way: Way, figures: Figures) -> list[Said]:
    """On the day of the cell's vote one is at least so old, and older than the other age only with an approval."""
    if way.born_on is None:
        return [_("The day of birth is missing.")]
    first = months_after(way.born_on, 12 * figures.age_least)
    if on < first:
        return [_("The candidate is {n} years old on {day}. Wait until then.").format(
            n=figures.age_least, day=f"{first:%d/%m/%Y}"
        )]  # fmt: skip
    if is_beyond_the_age(way.born_on, on, figures) and Stage.APPROVAL not in way.days:
        return [
            _("The candidate is more than {n} years old: the committee enters the special approval first.").format(
                n=figures.age_most
            )
        ]
    return []


def is_beyond_the_age(born_on: date | None, on: date, figures: Figures) -> bool:
    """Whether somebody may be admitted only with a special approval: from the day after the birthday."""
    return born_on is not None and on > months_after(born_on, 12 * figures.age_most)


def possible(way: Way) -> list[Stage]:
    """The steps that may be taken now as far as what stands before them goes."""
    return [stage for stage in Stage if stage is not Stage.FOUND and not why_not_now(stage, way)]


def next_stage(way: Way) -> Stage | None:
    """The step that comes next on the line; None once the case is over or has stopped."""
    if way.state in OVER:
        return None
    if Stage.REMOVAL_VOTE in way.days:
        return Stage.REMOVAL
    line = [one for one in _LINE if way.asks_committee or one not in COUNTED]
    return next((one for one in line if one not in way.days), None)


def due(
    way: Way, figures: Figures, last_remark: date | None, working_day_after: Callable[[date, int], date]
) -> Due | None:
    """What comes next and by when. While the file is prepared another remark may be due before the certificate ends."""
    stage = next_stage(way)
    if stage is None:
        return None
    days = way.days
    match stage:
        case Stage.HELPER:
            return Due(stage, working_day_after(days[Stage.FOUND], figures.helper_days))
        case Stage.REMARK:
            return Due(stage, months_after(days[Stage.HELPER], figures.remark_months))
        case Stage.COURSE | Stage.FILE | Stage.CELL_VOTE:
            return _due_before_the_vote(stage, way, figures, last_remark)
        case Stage.COMMITTEE_VOTE | Stage.RECOGNITION_COMMITTEE:
            before = Stage.CELL_VOTE if stage is Stage.COMMITTEE_VOTE else Stage.RECOGNITION_VOTE
            return Due(stage, working_day_after(days[before], figures.committee_days))
        case Stage.CEREMONY:
            return Due(stage, working_day_after(days[Stage.DECISION], figures.ceremony_days))
        case Stage.RECOGNITION_VOTE:
            over = official_from(days[Stage.CEREMONY], figures)
            return Due(stage, working_day_after(over, figures.recognition_days))
        case _:
            last = max(days[one] for one in needs(stage, asks_committee=way.asks_committee))
            return Due(stage, working_day_after(last, figures.decision_days))


def _due_before_the_vote(stage: Stage, way: Way, figures: Figures, last_remark: date | None) -> Due:
    end = months_after(way.days[Stage.COURSE], figures.certificate_months) if Stage.COURSE in way.days else None
    remark = months_after(last_remark, figures.remark_months) if last_remark else None
    if stage is not Stage.CELL_VOTE and remark is not None and (end is None or remark < end):
        return Due(Stage.REMARK, remark)
    return Due(stage, end)


def why_not_count(*, base: int, known: int, in_favour: int, against: int, abstained: int) -> dict[str, list[Said]]:
    """Why the count of a committee's vote may not be entered so, by field; empty if it may.

    `known`: of how many members of the committee the register knows on that day (0: of none).
    """
    total = in_favour + against + abstained
    if base <= 0:
        return {"base": [_("Write how many members the committee has: the share is of all of them.")]}
    if base < known:
        return {
            "base": [
                _("By the register the committee has {n} members on that day. The absent count too.").format(n=known)
            ]
        }
    if not total:
        return {"in_favour": [_("Enter how many voted in favour, against, and abstained.")]}
    if total > base:
        return {
            "in_favour": [
                _("{total} votes were entered, but the committee has {n} members. Count again.").format(
                    total=total, n=base
                )
            ]
        }
    return {}


def why_not_stop(way: Way) -> Said | None:
    """Why a case may not be stopped; None if it may. Who is a probationary member is removed by a vote, or leaves."""
    if way.state is State.PROBATION:
        return _("The candidate is a probationary member: that ends by a vote of the cell, or in the register.")
    if way.state is not State.OPEN:
        return _("This case has stopped or is over already.")
    return None


def why_not_resume(state: State, *, is_emptied: bool) -> Said | None:
    """Why a case may not be taken up again; None if it may."""
    if state is not State.STOPPED:
        return _("Only a case that has stopped is taken up again.")
    if is_emptied:
        return _("What was kept of this candidate is erased. Begin a new case.")
    return None


def why_not_take_back(stage: Stage, state: State, *, stands: bool, stops: bool) -> Said | None:
    """Why the last step may not be taken back; None if it may. `stops`: it is the vote by which the case stopped."""
    if stops:
        return None
    if state not in LIVE:
        return _("This case has stopped or is over already.")
    if stage is Stage.FOUND:
        return _("With this the case began. Stop the case instead.")
    if stage in FOR_GOOD:
        return _("This step has changed the register. Correct it there.")
    if state is State.OPEN and not stands:
        return _("This vote was before the case was taken up again; it stays as it was.")
    return None


def why_not_target(number: int | None) -> Said | None:
    """Why a target may not be set so; None if it may."""
    if number is not None and not 0 <= number <= MOST_ASKED:
        return _("Write a number from 0 to {most}.").format(most=MOST_ASKED)
    return None
