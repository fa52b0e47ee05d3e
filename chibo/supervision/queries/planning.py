"""A month on one line: what meets when, who is to be in two places, and what would mend it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core import period
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.core.words import say as _
from chibo.meetings import queries as meetings
from chibo.meetings import rules as meeting_rules
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, State
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people.models import Person
from chibo.regulations import queries as regulations
from chibo.supervision import rules
from chibo.supervision.models import Proposal, ProposalState

MOST_MEETINGS = 2_500
"""More than these stand below no committee that plans by itself who attends them."""

MOST_STAND_INS = 3
"""How many others of the committee are considered for one meeting, those who follow fewest cells first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting of the month with who follows its cell; `clashes` where one of them is to be elsewhere too."""

    meeting: Meeting
    unit: str
    people: list[Person]
    clashes: bool
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would mend a clash: another day (`on`), somebody else (`person`), or both."""

    meeting: Meeting
    unit: str
    on: date
    person: Person
    is_moved: bool
    is_stand_in: bool


def _meetings(viewer: Actor, unit: Unit, month: date) -> list[Meeting]:
    """The regular meetings of a month below a unit, as far as a viewer plans who attends them. Raises Refused for more
    than one committee plans by itself."""
    rows = Meeting.objects.filter(unit__path__startswith=unit.path, month=month, kind=Kind.REGULAR)
    seen = access.visible(viewer, Capability.PLAN_ATTENDANCE, rows.exclude(state=State.CANCELLED))
    if (n := seen.count()) > MOST_MEETINGS:
        raise Refused(
            _("{n} meetings stand on that line. Open it for a unit further below, which plans them.").format(n=n)
        )
    return list(seen.select_related("unit__kind").order_by("on", "time", "unit__path"))


def line_of_month(viewer: Actor, unit: Unit, month: date) -> list[Line]:
    """The regular meetings of a month in their order, each with who is to attend; some five queries."""
    found = _meetings(viewer, unit, month)
    who = meetings.attending_of(found)
    names = org.names_on({one.unit_id for one in found}, month)
    taken: dict[tuple[UUID, rules.Slot], int] = defaultdict(int)
    for one in found:
        for person in who[one.pk]:
            taken[person.pk, _slot(one)] += 1
    waiting = {one.meeting_id: one for one in Proposal.objects.filter(meeting__in=found, state=ProposalState.OPEN)}
    return [
        Line(
            one,
            names.get(one.unit_id, ""),
            who[one.pk],
            any(taken[person.pk, _slot(one)] > 1 for person in who[one.pk]),
            waiting.get(one.pk),
        )
        for one in found
    ]


def _slot(meeting: Meeting) -> rules.Slot:
    return rules.Slot(meeting.on, rules.half_day(meeting.time))


def proposed(unit: Unit, line: list[Line], month: date, today: date) -> tuple[list[Proposed], list[Line]]:
    """The fewest moves and stand-ins that leave nobody in two places, and the meetings for which there is none.

    A meeting moves only within the days that the calendar's rules allow, not before tomorrow, and not once it was held;
    others of the committee stand in, those who follow fewest cells first. Meetings that nobody follows are left out.
    """
    numbers: dict[UUID, int] = defaultdict(int)
    people: dict[UUID, Person] = {}
    for one in line:
        for person in one.people:
            numbers[person.pk] += 1
            people[person.pk] = person
    by_load = sorted(numbers, key=lambda pk: (numbers[pk], people[pk].sort_key))
    by_key = {one.meeting.pk: one for one in line if one.people}
    allowed = _days(unit, month, today)
    problem = []
    for one in by_key.values():
        own = [person.pk for person in one.people]
        others = [pk for pk in by_load if pk not in own][:MOST_STAND_INS]
        may_move = one.meeting.state in (State.PREPARING, State.ANNOUNCED) and one.meeting.on > today
        days = {one.meeting.on, *(allowed if may_move else ())}
        is_over = one.meeting.on < today or not may_move
        problem.append(
            rules.Cell(
                one.meeting.pk, _slot(one.meeting), tuple(sorted(days)), tuple(own if is_over else [*own, *others])
            )
        )
    # What cannot change any more takes its place first.
    problem.sort(key=lambda cell: (len(cell.days) > 1, cell.now.on))
    found = rules.plan(problem)
    changes = []
    for key, choice in found.choices.items():
        one = by_key[key]
        is_moved = choice.slot.on != one.meeting.on
        is_stand_in = choice.person not in {person.pk for person in one.people}
        if is_moved or is_stand_in:
            changes.append(
                Proposed(one.meeting, one.unit, choice.slot.on, people[choice.person], is_moved, is_stand_in)
            )
    changes.sort(key=lambda one: (one.on, one.unit))
    return changes, [by_key[key] for key in found.without if by_key[key].meeting.on >= today]


def _days(unit: Unit, month: date, today: date) -> list[date]:
    """The days of a month on which a regular meeting may be held: not off, not after the last one, not over."""
    whole = period.month(month)
    off = regulations.days_off(unit, whole)
    last = regulations.find("meeting.regular.last_day", unit, month)
    until = meeting_rules.latest_day(month, last_day=last.value, days_off=off) if last else whole.last_day
    assert until is not None
    return [day for day in period.days(whole) if day <= until and day not in off and day > today]


def proposal(viewer: Actor, proposal_id: UUID) -> Proposal:
    """A proposal to the secretary of a cell. Raises NotThere for the unseen."""
    rows = Proposal.objects.select_related("meeting__unit", "by")
    seen = access.visible(viewer, Capability.SEE_MEETING, rows, field="meeting__unit").filter(pk=proposal_id).first()
    if seen is None:
        raise NotThere
    return seen


def proposals_for(viewer: Actor, unit_id: UUID) -> QuerySet[Proposal]:
    """The proposals that wait for the answer of who plans the meetings of a cell."""
    rows = Proposal.objects.filter(meeting__unit_id=unit_id, state=ProposalState.OPEN).select_related("meeting")
    return access.visible(viewer, Capability.PLAN_MEETING, rows, field="meeting__unit").order_by("to_on")
