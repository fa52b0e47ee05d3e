"""Reading one meeting: its agenda, who is told, the roll, the proceedings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet, When

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.meetings import rules
from chibo.meetings.models import (
    Attendance,
    Clause,
    Contribution,
    Meeting,
    MinutesRevision,
    Part,
    PartFile,
    Resolution,
    Vote,
)
from chibo.meetings.rules import AttendanceStatus, Kind, Outcome, State
from chibo.org import queries as org
from chibo.org.models import Unit, of_line
from chibo.org.rules import ENDED
from chibo.people import queries as people
from chibo.people.models import Membership, Person, Title
from chibo.regulations import queries as regulations
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task
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
SPOKEN_TO = {"ledger", "discussion", "criticism"}
"""What is usually spoken to, besides the parts that somebody prepared."""


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


def get_for(viewer: Actor, meeting_id: UUID, capability: Capability) -> Meeting:
    """One meeting for a page on which something is done to it. Raises NotThere for the unseen, else Forbidden."""
    meeting = get(viewer, meeting_id)
    access.require(viewer, capability, meeting.unit, matter=meeting.pk)
    return meeting


def unit_of_meetings(viewer: Actor, unit_id: UUID, on: date, *, ended: bool = False) -> Unit:
    """A unit whose meetings a viewer may see, named as of a day; with `ended` also one that is no more. Raises NotThere
    for the unseen."""
    units = Unit.objects.last_named(on) if ended else Unit.objects.on(on).named(on)
    rows = access.visible(viewer, Capability.SEE_MEETING, units, field="")
    unit = rows.select_related("kind").filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def of_unit(viewer: Actor, unit_id: UUID) -> QuerySet[Meeting]:
    """The meetings of a unit that a viewer may see, the latest first."""
    return visible_meetings(viewer).filter(unit_id=unit_id).order_by("-on", "-pk")


def predecessors(viewer: Actor, unit: Unit, on: date) -> QuerySet[Unit]:
    """The units that went on in this one and left meetings that a viewer may see, by their last names by a day."""
    left = Exists(Meeting.objects.filter(unit=OuterRef("pk")))
    rows = Unit.objects.filter(left, path__startswith=unit.path + ENDED).last_named(on)
    return access.visible(viewer, Capability.SEE_MEETING, rows, field="").order_by(*org.BY_NAME)


def current(unit_id: UUID, today: date) -> Meeting | None:
    """The meeting a cell is busy with: one under way, or to be adopted; else the next to come. On its own day a meeting
    that was announced goes before one of an earlier day that is still to be adopted."""
    rows = Meeting.objects.select_related("unit", "chair", "clerk", "preparatory").filter(unit_id=unit_id)
    is_today = Q(on=today, state=State.ANNOUNCED)
    begun = list(rows.filter(is_today | Q(state__in=[State.UNDER_WAY, State.ENDED])).order_by("on", "pk"))
    begun.sort(key=lambda one: (one.state != State.UNDER_WAY, one.on != today, one.state != State.ENDED))
    busy = begun[0] if begun else None
    # A meeting whose day went by is told in the list of meetings; only the regular one holds up its month.
    waits = Q(on__gte=today) | Q(kind=Kind.REGULAR, month__gte=today.replace(day=1))
    coming = rows.filter(waits, state__in=[State.PREPARING, State.ANNOUNCED])
    return busy or coming.order_by("on", "time", "pk").first()


def in_months(viewer: Actor, unit_ids: Iterable[UUID], *months: date) -> list[Meeting]:
    """The meetings of some units in these months that a viewer may see, in their order, but for the cancelled."""
    rows = visible_meetings(viewer).filter(unit_id__in=list(unit_ids), month__in=months).exclude(state=State.CANCELLED)
    return list(rows.order_by("on", "time", "pk"))


def unnumbered(viewer: Actor, unit_id: UUID) -> list[Meeting]:
    """The meetings of a unit that are over and whose resolution was carried, but has no number yet."""
    rows = visible_meetings(viewer).filter(unit_id=unit_id, state__in=[State.ENDED, State.LOCKED])
    return list(rows.filter(resolution__vote__is_carried=True, resolution__paper=None).order_by("on", "pk"))


def clashes(meetings: Sequence[Meeting]) -> frozenset[UUID]:
    """Which of these meetings of several units one person cannot attend in full, by their least length in minutes."""
    if not meetings:
        return frozenset()
    minutes = regulations.value("meeting.minutes.alone", meetings[0].unit, meetings[0].on).value
    return rules.clashing([(one.pk, datetime.combine(one.on, one.time)) for one in meetings], minutes=minutes)


def next_for(viewer: Actor, unit_id: UUID, today: date) -> Meeting | None:
    """The meeting of a unit that a viewer goes to next, or is in."""
    rows = visible_meetings(viewer).filter(unit_id=unit_id)
    under_way = Q(state=State.UNDER_WAY)
    coming = Q(state__in=[State.PREPARING, State.ANNOUNCED], on__gte=today)
    return rows.filter(under_way | coming).order_by("on", "time", "pk").first()


def doable(viewer: Actor, meeting: Meeting) -> frozenset[str]:
    """What a viewer may do to a meeting as it stands, by name; one query.

    It asks the rules that the actions ask, so no button leads to a refusal by office or state.
    """
    held = access.held_by(viewer)

    def may(capability: Capability) -> bool:
        return any(reach.covers(meeting.unit, meeting.pk) for reach in access.reach_of(held, capability))

    state = State(meeting.state)
    names = set()
    if rules.why_not_prepare(state) is None:
        names |= {"change"} if may(Capability.PLAN_MEETING) else set()
        names |= {"cancel"} if may(Capability.PLAN_MEETING) and meeting.kind != Kind.REGULAR else set()
        names |= {"prepare"} if may(Capability.PREPARE_MEETING) else set()
        names |= {"preparatory"} if may(Capability.RECORD_PREPARATORY_MEETING) else set()
        names |= {"write"} if may(Capability.WRITE_PART) else set()
    if state is State.PREPARING and may(Capability.ANNOUNCE_MEETING):
        names.add("announce")
    if state is State.ANNOUNCED and may(Capability.HOLD_MEETING):
        names.add("hold")
    if state is State.UNDER_WAY and may(Capability.RECORD_MEETING):
        names.add("hold")
    if state in (State.PREPARING, State.ANNOUNCED, State.UNDER_WAY) and may(Capability.HOLD_MEETING):
        names.add("officers")
    if state is State.UNDER_WAY and may(Capability.HOLD_MEETING):
        names.add("end")
    if state is State.ENDED and may(Capability.WRITE_MINUTES):
        names.add("minutes")
    if state is State.ENDED and may(Capability.ADOPT_MINUTES):
        names.add("adopt")
    if meeting.is_over and may(Capability.ISSUE_RESOLUTION):
        names.add("issue")
    if meeting.is_over and may(Capability.SEE_PROCEEDINGS):
        names.add("proceedings")
    if may(Capability.RECORD_PREPARATORY_MEETING):
        names.add("readers")
    return frozenset(names)


def previous(meeting: Meeting) -> Meeting | None:
    """The regular meeting before this one that was held."""
    return (
        Meeting.objects.filter(
            unit_id=meeting.unit_id, kind=Kind.REGULAR, state__in=[State.ENDED, State.LOCKED], on__lt=meeting.on
        )
        .order_by("-on")
        .first()
    )


def ledger(meeting: Meeting, as_of: date | None = None) -> list[Row]:
    """Task · status · result: what the first part of the agenda reports on, as it stands on a day before the meeting,
    or (None) on the day of the meeting."""
    last = previous(meeting)
    as_of = min(as_of or meeting.on, meeting.on)
    return tasks.ledger(meeting.unit_id, on=meeting.on, since=last.ended_at if last else None, as_of=as_of)


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
    rows = Part.objects.select_related("meeting__unit", "owner", "written_by", "carried_from__meeting")
    found = access.visible(viewer, Capability.SEE_MEETING, rows, field="meeting__unit").filter(pk=part_id).first()
    if found is None:
        raise NotThere
    return found


def paper(viewer: Actor, part_file_id: UUID) -> PartFile:
    """One paper laid before a meeting. Raises NotThere for the unseen."""
    rows = PartFile.objects.select_related("file", "part__owner", "part__meeting__unit")
    found = access.visible(viewer, Capability.SEE_MEETING, rows, field="part__meeting__unit").filter(pk=part_file_id)
    if (paper := found.first()) is None:
        raise NotThere
    return paper


def handed_in(parts: Sequence[Part]) -> tuple[int, int]:
    """How many of the prepared parts are handed in, of how many."""
    prepared = [part for part in parts if part.is_prepared]
    return sum(part.handed_in_at is not None for part in prepared), len(prepared)


def stranded(unit: Unit, today: date) -> QuerySet[Part]:
    """Parts carried over onto a regular meeting whose month is over and which was never opened, or which was called off
    with the predecessor that was to hold it."""
    went_by = Q(meeting__state__in=[State.PREPARING, State.ANNOUNCED], meeting__month__lt=today.replace(day=1))
    return Part.objects.filter(
        of_line(unit, "meeting__unit"),
        went_by | Q(meeting__state=State.CANCELLED),
        meeting__kind=Kind.REGULAR,
        carried_from__isnull=False,
    ).order_by("meeting__on", "position")


def to_carry_over(unit: Unit) -> QuerySet[Part]:
    """Parts that the unit or its predecessors postponed or left unfinished, and that stand on no later agenda yet."""
    return Part.objects.filter(
        of_line(unit, "meeting__unit"),
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


def papers_due_on(meeting: Meeting) -> date:
    """The last day on which papers reach the members in time."""
    days_before = rule(meeting, "meeting.papers.days_before")
    assert isinstance(days_before, int)
    return rules.due_before(meeting.on, days_before=days_before, set_on=meeting.set_on)


def notice_due_on(meeting: Meeting) -> date:
    """The day by which notice is given."""
    days_before = regulations.value("meeting.notice.days_before", meeting.unit, meeting.on).value
    return rules.due_before(meeting.on, days_before=days_before, set_on=meeting.set_on)


def papers_out_on(meeting: Meeting) -> date:
    """The day by which the conclusion or resolution of a meeting is issued."""
    days = regulations.find("meeting.upload.days", meeting.unit, meeting.on)
    return meeting.on + timedelta(days=days.value if days else 0)


def papers_counts(meetings: Iterable[Meeting]) -> dict[UUID, int]:
    """How many papers, texts and files, lie before each of these meetings for its members to read.

    Only those of parts that were handed in; meetings without are left out. One query.
    """
    parts = Part.objects.filter(meeting__in=[one.pk for one in meetings], handed_in_at__isnull=False)
    has_text = Case(When(material__regex=r"\S", then=1), default=0)
    counted = parts.annotate(files_n=Count("files"), text_n=has_text).values_list("meeting", "files_n", "text_n")
    found: dict[UUID, int] = defaultdict(int)
    for meeting_id, files, texts in counted:
        found[meeting_id] += files + texts
    return {meeting_id: n for meeting_id, n in found.items() if n}


def attendance_of(viewer: Actor, since: date) -> list[Attendance]:
    """A viewer's own attendance since a day, the latest meeting first."""
    if viewer.person_id is None:
        return []
    return list(
        Attendance.objects.filter(
            membership__person_id=viewer.person_id,
            meeting__state__in=[State.ENDED, State.LOCKED],
            meeting__on__gte=since,
        )
        .select_related("meeting")
        .order_by("-meeting__on", "-meeting__time")
    )


# The roll


@dataclass(frozen=True, slots=True)
class RollLine:
    """A member and how he stands in the roll. A guest stands in it by his membership at home.

    `belongs_as` is how he belongs to the cell: his status, or as a guest.
    """

    membership: Membership
    attendance: Attendance | None
    belongs_as: str

    @property
    def is_guest(self) -> bool:
        return self.belongs_as == rules.GUEST

    @property
    def person(self) -> Person:
        return self.membership.person

    @property
    def status(self) -> AttendanceStatus | None:
        """As called; before the call what the register lets expect."""
        if self.attendance:
            return AttendanceStatus(self.attendance.status)
        return rules.expected_attendance(self.belongs_as)

    @property
    def seat(self) -> rules.Seat:
        called = AttendanceStatus(self.attendance.status) if self.attendance else None
        return rules.Seat(self.belongs_as, called)


def roll(meeting: Meeting) -> list[RollLine]:
    """Everybody who belongs to the cell on the day of the meeting, sorted by given name, then its guests; as far as
    they were called.

    Once the meeting has ended its own roll tells who that was: no later correction of the register changes minutes.
    """
    rows = meeting.roll.all()
    if meeting.is_over:
        held = rows.select_related("membership__person").order_by("membership__person__sort_key", "membership_id")
        lines = [RollLine(row.membership, row, row.belonged_as) for row in held]
        return sorted(lines, key=lambda line: line.is_guest)
    called = {row.membership_id: row for row in rows}
    own = people.membership_on(meeting.unit_id, meeting.on)
    guests = people.guests_on(meeting.unit_id, meeting.on)
    return [RollLine(one, called.get(one.pk), _belongs_as(one, meeting)) for one in [*own, *guests]]


def _belongs_as(membership: Membership, meeting: Meeting) -> str:
    return membership.status if membership.unit_id == meeting.unit_id else rules.GUEST


def roll_line(meeting: Meeting, person_id: UUID) -> RollLine | None:
    """How one person stands in the roll of a meeting that is not over; None for who takes no part in the cell."""
    guests = people.guests_on(meeting.unit_id, meeting.on)
    for membership in [*_belonging(meeting).filter(person_id=person_id), *guests]:
        if membership.person_id == person_id:
            called = next(iter(meeting.roll.filter(membership=membership)), None)
            return RollLine(membership, called, _belongs_as(membership, meeting))
    return None


def status_of(meeting: Meeting, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """How these persons belong to the cell on the day of a meeting; without those who do not."""
    return dict(_belonging(meeting).filter(person_id__in=person_ids).values_list("person_id", "status"))


def _belonging(meeting: Meeting) -> QuerySet[Membership]:
    return Membership.objects.on(meeting.on).filter(unit_id=meeting.unit_id)


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


def worth_a_second_look(meeting: Meeting, at: datetime) -> list[rules.Lack]:
    """What the chair should know before he ends a meeting that lacks nothing."""
    least = rule(meeting, "meeting.minutes.alone")
    assert isinstance(least, int)
    spoken_to = Q(holds="discussion") if meeting.kind != Kind.THEMATIC else Q(section="conduct")
    silent = meeting.parts.filter(spoken_to, contributions=None, votes=None, outcome=Outcome.DONE, outcome_note="")
    return rules.worth_a_second_look(
        minutes=int((at - (meeting.opened_at or at)).total_seconds() // 60),
        least=least,
        silent=list(silent.values_list("title", flat=True)),
        is_to_score=meeting.score is None and meeting.parts.filter(holds="score").exists(),
    )


def base(meeting: Meeting, lines: Sequence[RollLine]) -> rules.Base:
    """The base of a vote in a meeting as its roll stands now."""
    excludes = rule(meeting, "vote.base.excludes")
    assert isinstance(excludes, list)
    return rules.base_of((line.seat for line in lines), excludes=excludes)


def entitled(meeting: Meeting) -> list[RollLine]:
    """Who may vote in a meeting as its roll stands now, in the order of the roll."""
    excludes = rule(meeting, "vote.base.excludes")
    assert isinstance(excludes, list)
    return [line for line in roll(meeting) if rules.base_of([line.seat], excludes=excludes).voters]


def threshold(meeting: Meeting, matter: rules.VoteMatter) -> rules.Threshold:
    """The threshold for a matter under the rules of a meeting."""
    value = rule(meeting, rules.THRESHOLD_KEYS[matter])
    assert isinstance(value, dict)
    return rules.Threshold.of(value)


# The proceedings


def contributions(meeting: Meeting) -> list[Contribution]:
    """What was said, in the order of the agenda, and as it came within a part."""
    return list(meeting.contributions.select_related("person", "part").order_by("part__position", "at", "pk"))


def contribution(viewer: Actor, contribution_id: UUID) -> Contribution:
    """One contribution with its part and meeting. Raises NotThere for the unseen."""
    rows = Contribution.objects.select_related("meeting__unit", "part", "person")
    return _proceeding(viewer, rows, contribution_id)


def vote(viewer: Actor, vote_id: UUID) -> Vote:
    """One vote with its meeting. Raises NotThere for the unseen."""
    return _proceeding(viewer, Vote.objects.select_related("meeting__unit"), vote_id)


def clause(viewer: Actor, clause_id: UUID) -> Clause:
    """One clause with its meeting. Raises NotThere for the unseen."""
    rows = Clause.objects.select_related("resolution__meeting__unit")
    return _proceeding(viewer, rows, clause_id, field="resolution__meeting__unit")


def _proceeding[T: Model](viewer: Actor, rows: QuerySet[T], pk: UUID, *, field: str = "meeting__unit") -> T:
    found = access.visible(viewer, Capability.SEE_PROCEEDINGS, rows, field=field).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def votes(meeting: Meeting) -> list[Vote]:
    return list(meeting.votes.select_related("part").order_by("at", "pk"))


def resolution(meeting: Meeting) -> Resolution | None:
    """A meeting's resolution with its vote and its paper; None where none was drafted."""
    return Resolution.objects.select_related("vote", "paper").filter(meeting=meeting).first()


def proceedings(meeting: Meeting, lines: Sequence[RollLine], votes: Sequence[Vote]) -> rules.Proceedings:
    """What a meeting has so far, for the question whether it can end."""
    may_be_here = {None} | {line.person.pk for line in lines if line.attendance is None or line.seat.came}
    resolution = getattr(meeting, "resolution", None)
    return rules.Proceedings(
        kind=Kind(meeting.kind),
        state=State(meeting.state),
        has_chair=meeting.chair_id is not None,
        has_clerk=meeting.clerk_id is not None,
        is_chair_absent=meeting.chair_id not in may_be_here,
        is_clerk_absent=meeting.clerk_id not in may_be_here,
        not_called=sum(line.attendance is None for line in lines),
        came=sum(line.seat.came for line in lines),
        conclusion=meeting.conclusion,
        lessons=meeting.lessons,
        clauses=resolution.clauses.count() if resolution else 0,
        is_resolution_voted=bool(resolution and resolution.vote_id),
        is_scored=meeting.score is not None,
        outdated_votes=tuple(_outdated_votes(meeting, lines, votes)),
        incomplete_tasks=tuple(tasks.incomplete([meeting.pk])),
    )


def points(
    meeting: Meeting,
    parts: Sequence[Part],
    said: Iterable[Contribution],
    votes: Iterable[Vote],
    given: Sequence[Task],
) -> list[rules.Point]:
    """The parts of an agenda as far as something is written to them."""
    touched = {one.part_id for one in said} | {vote.part_id for vote in votes}
    elsewhere = {"tasks": bool(given), "dues": meeting.dues_payers is not None}
    return [
        rules.Point(
            holds=part.holds,
            section=part.section,
            is_expected=part.is_prepared or part.holds in SPOKEN_TO,
            has_trace=part.pk in touched
            or part.outcome != Outcome.DONE
            or bool(part.outcome_note)
            or elsewhere.get(part.code, False),
        )
        for part in parts
    ]


def _outdated_votes(meeting: Meeting, lines: Sequence[RollLine], votes: Sequence[Vote]) -> list[str]:
    """What was voted on while the roll gave another base, or more voters, than it gives now.

    Somebody who comes late adds a voter and changes nothing about a vote that was taken before.
    """
    if not votes:
        return []
    now = base(meeting, lines)
    return [vote.subject for vote in votes if vote.base != now.base or vote.voters > now.voters]


def scored_at(meeting: Meeting) -> datetime | None:
    """When the cell gave the session the score that its papers print; None for one that was not scored."""
    lines = Entry.objects.filter(verb=Verb.MEETING_SCORED, object_id=meeting.pk, facts__has_key="points")
    return lines.order_by("-id").values_list("at", flat=True).first()


def why_cancelled(meeting: Meeting) -> str:
    """Why a meeting was called off, as it was written then; empty for one that was not."""
    if meeting.state != State.CANCELLED:
        return ""
    lines = Entry.objects.filter(verb=Verb.MEETING_CANCELLED, object_id=meeting.pk).order_by("-id")
    facts = lines.values_list("facts", flat=True).first() or {}
    return str(facts.get("reason", ""))


def latest_revision(meeting: Meeting) -> MinutesRevision | None:
    """The text of a meeting's minutes as it stands; None before they are composed."""
    return MinutesRevision.objects.filter(minutes__meeting=meeting).order_by("-number").first()
