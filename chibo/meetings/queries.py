"""Reading meetings as a viewer may see them, and the facts that rules count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.meetings import rules
from chibo.meetings.models import Attendance, Contribution, Meeting, MinutesRevision, Part, PartFile, Vote
from chibo.meetings.rules import AttendanceStatus, Kind, Outcome, State
from chibo.org.models import Unit
from chibo.people import queries as people
from chibo.people.models import Membership, Person, Title
from chibo.regulations import queries as regulations
from chibo.tasks import queries as tasks
from chibo.tasks.queries import Row

RULES_OF_A_MEETING = (
    "vote.ordinary",
    "vote.admission",
    "vote.recognition",
    "vote.removal_of_probationary",
    "vote.on_paper",
    "vote.base.excludes",
    "meeting.minutes.alone",
    "meeting.minutes.both",
    "meeting.papers.days_before",
    "cell.official_members.least",
)
"""The regulations under which a meeting is held; it keeps their values of the day it opened."""


def visible_meetings(viewer: Actor) -> QuerySet[Meeting]:
    """The meetings whose day, agenda and papers a viewer may see."""
    return access.visible(viewer, Capability.SEE_MEETING, Meeting.objects.select_related("unit", "chair", "clerk"))


def get(viewer: Actor, meeting_id: UUID, capability: Capability = Capability.SEE_MEETING) -> Meeting:
    """One meeting. Raises NotThere for the unseen."""
    rows = Meeting.objects.select_related("unit", "chair", "clerk", "preparatory", "resolution", "minutes")
    meeting = access.visible(viewer, capability, rows).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotThere
    return meeting


def of_unit(viewer: Actor, unit_id: UUID) -> QuerySet[Meeting]:
    """The meetings of a unit that a viewer may see, the latest first."""
    return visible_meetings(viewer).filter(unit_id=unit_id).order_by("-on", "-pk")


def current(unit_id: UUID, today: date) -> Meeting | None:
    """The meeting a cell is busy with: one under way or to be adopted, else the next to come."""
    rows = Meeting.objects.select_related("unit", "chair", "clerk").filter(unit_id=unit_id)
    busy = rows.filter(state__in=[State.UNDER_WAY, State.ENDED]).order_by("on", "pk").first()
    coming = rows.filter(state__in=[State.PREPARING, State.ANNOUNCED]).order_by("on", "time", "pk")
    return busy or coming.first()


def previous(meeting: Meeting) -> Meeting | None:
    """The regular meeting before this one that was held."""
    return (
        Meeting.objects.filter(
            unit_id=meeting.unit_id, kind=Kind.REGULAR, state__in=[State.ENDED, State.LOCKED], on__lt=meeting.on
        )
        .order_by("-on")
        .first()
    )


def ledger(meeting: Meeting) -> list[Row]:
    """Task · status · result: what the first part of the agenda reports on."""
    last = previous(meeting)
    return tasks.ledger(meeting.unit_id, on=meeting.on, since=last.on if last else None)


# The agenda


def parts(meeting: Meeting) -> list[Part]:
    """The agenda in its order, with owners, papers and origins."""
    return list(
        meeting.parts.select_related("owner", "carried_from__meeting").prefetch_related(
            Prefetch("files", PartFile.objects.select_related("file").order_by("added_at"))
        )
    )


def part(viewer: Actor, part_id: UUID) -> Part:
    """One part of an agenda. Raises NotThere for the unseen."""
    rows = Part.objects.select_related("meeting__unit", "owner", "carried_from__meeting")
    found = access.visible(viewer, Capability.SEE_MEETING, rows, field="meeting__unit").filter(pk=part_id).first()
    if found is None:
        raise NotThere
    return found


def handed_in(parts: Sequence[Part]) -> tuple[int, int]:
    """How many of the prepared parts are handed in, of how many."""
    prepared = [part for part in parts if part.is_prepared]
    return sum(part.handed_in_at is not None for part in prepared), len(prepared)


def to_carry_over(unit_id: UUID) -> QuerySet[Part]:
    """Parts that were postponed or left unfinished and stand on no later agenda yet."""
    return Part.objects.filter(
        meeting__unit_id=unit_id,
        meeting__state__in=[State.ENDED, State.LOCKED],
        outcome__in=[Outcome.POSTPONED, Outcome.UNFINISHED],
        carried_to=None,
    ).order_by("meeting__on", "position")


def why_all_the_secretarys(meeting: Meeting, parts: Sequence[Part]) -> object:
    """The warning, in words, where the secretary prepares everything himself; None where the work is shared."""
    helpers = people.holders(meeting.unit_id, [Title.DEPUTY, Title.COMMITTEE_MEMBER], meeting.on)
    secretary = next(iter(people.holders(meeting.unit_id, [Title.SECRETARY], meeting.on)), None)
    owners = [part.owner_id for part in parts if part.is_prepared]
    return rules.why_all_the_secretarys(owners, secretary, others=bool(helpers))


def my_parts(viewer: Actor, today: date) -> QuerySet[Part]:
    """The parts a viewer has to prepare for meetings to come, the first due on top."""
    rows = Part.objects.filter(
        owner_id=viewer.person_id, is_prepared=True, meeting__state__in=[State.PREPARING, State.ANNOUNCED]
    ).select_related("meeting__unit")
    return access.visible(viewer, Capability.SEE_MEETING, rows, field="meeting__unit").order_by("due_on", "pk")


# The roll


@dataclass(frozen=True, slots=True)
class RollLine:
    """A member and how he stands in the roll."""

    membership: Membership
    attendance: Attendance | None

    @property
    def person(self) -> Person:
        return self.membership.person

    @property
    def status(self) -> AttendanceStatus | None:
        """As called; before the call what the register lets expect."""
        if self.attendance:
            return AttendanceStatus(self.attendance.status)
        return rules.expected_attendance(self.membership.status)

    @property
    def seat(self) -> rules.Seat:
        called = AttendanceStatus(self.attendance.status) if self.attendance else None
        return rules.Seat(self.membership.status, called)


def roll(meeting: Meeting) -> list[RollLine]:
    """Everybody who belongs to the cell on the day of the meeting, sorted by given name, as far as he was called."""
    called = {row.membership_id: row for row in meeting.roll.all()}
    return [RollLine(one, called.get(one.pk)) for one in people.membership_on(meeting.unit_id, meeting.on)]


def roll_counts(lines: Sequence[RollLine]) -> dict[AttendanceStatus, int]:
    """How many stand in the roll under each status; only those called."""
    counts = dict.fromkeys(AttendanceStatus, 0)
    for line in lines:
        if line.attendance:
            counts[AttendanceStatus(line.attendance.status)] += 1
    return counts


def rule(meeting: Meeting, key: str) -> object:
    """The value of a regulation for a meeting: the one it is held under; before it opens, the one of its day."""
    if key in meeting.rules:
        return meeting.rules[key]["value"]
    return regulations.value(key, meeting.unit, meeting.on).value


def base(meeting: Meeting, lines: Sequence[RollLine]) -> rules.Base:
    """The base of a vote in a meeting as its roll stands now."""
    excludes = rule(meeting, "vote.base.excludes")
    assert isinstance(excludes, list)
    return rules.base_of((line.seat for line in lines), excludes=excludes)


def threshold(meeting: Meeting, matter: rules.VoteMatter) -> rules.Threshold:
    """The threshold for a matter under the rules of a meeting."""
    value = rule(meeting, rules.THRESHOLD_KEYS[matter])
    assert isinstance(value, dict)
    return rules.Threshold.of(value)


# The proceedings


def contributions(meeting: Meeting) -> list[Contribution]:
    """What was said, in the order of the agenda, and as it came within a part."""
    return list(meeting.contributions.select_related("person", "part").order_by("part__position", "at", "pk"))


def votes(meeting: Meeting) -> list[Vote]:
    return list(meeting.votes.select_related("part").order_by("at", "pk"))


def proceedings(meeting: Meeting) -> rules.Proceedings:
    """What a meeting has so far, for the question whether it can end."""
    lines = roll(meeting)
    resolution = getattr(meeting, "resolution", None)
    return rules.Proceedings(
        kind=Kind(meeting.kind),
        state=State(meeting.state),
        has_chair=meeting.chair_id is not None,
        has_clerk=meeting.clerk_id is not None,
        not_called=sum(line.attendance is None for line in lines),
        came=sum(line.seat.came for line in lines),
        conclusion=meeting.conclusion,
        lessons=meeting.lessons,
        clauses=resolution.clauses.count() if resolution else 0,
        is_resolution_voted=bool(resolution and resolution.vote_id),
        incomplete_tasks=tuple(tasks.incomplete([meeting.pk])),
    )


def latest_revision(meeting: Meeting) -> MinutesRevision | None:
    """The text of a meeting's minutes as it stands; None before they are composed."""
    return MinutesRevision.objects.filter(minutes__meeting=meeting).order_by("-number").first()


def readings(meeting: Meeting) -> dict[UUID, object]:
    """Who says he has read the papers, and when."""
    return dict(meeting.readings.values_list("person_id", "at"))


def has_thematic(unit: Unit, since: date, until: date) -> bool:
    """Whether a thematic session is planned or held in a period, `until` excluded."""
    return (
        Meeting.objects.filter(unit=unit, kind=Kind.THEMATIC, month__gte=since, month__lt=until)
        .exclude(state=State.CANCELLED)
        .exists()
    )


def counts_of_subtree(viewer: Actor, month: date) -> dict[str, int]:
    """For an officer: how many meetings of a month are planned, held, with locked minutes, in what he may see."""
    rows = access.visible(viewer, Capability.SEE_MEETING, Meeting.objects.filter(month=month))
    return rows.aggregate(
        planned=Count("pk", filter=~Q(state=State.CANCELLED)),
        held=Count("pk", filter=Q(state__in=[State.ENDED, State.LOCKED])),
        locked=Count("pk", filter=Q(state=State.LOCKED)),
        thematic=Count("pk", filter=Q(kind=Kind.THEMATIC) & ~Q(state=State.CANCELLED)),
    )


def invitation_key(meeting_id: UUID) -> str:
    """The key under which the notices of a meeting were sent."""
    return f"{Verb.MEETING_ANNOUNCED}:{meeting_id}"


def cells_without_meeting(month: date) -> QuerySet[Unit, UUID]:
    """The ids of units that hold meetings, exist in a month, and have no regular meeting in it yet."""
    has_one = Meeting.objects.filter(unit=OuterRef("pk"), month=month, kind=Kind.REGULAR).exclude(state=State.CANCELLED)
    rows = Unit.objects.filter(kind__holds_meetings=True, during__contains=month)
    return rows.filter(~Exists(has_one)).values_list("pk", flat=True)
