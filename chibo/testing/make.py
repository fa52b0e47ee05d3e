"""Meetings of Nà Phòn in every state, made through the actions, on the day of its cast.

Each builder goes on from the one before: `meeting`, `announced`, `under_way`, `called`, `ended`, `locked`.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier
from types import EllipsisType, MappingProxyType
from uuid import UUID

from django.db import connection

from chibo.access import actions as access
from chibo.access.models import Grant
from chibo.assessment import actions as scoring
from chibo.assessment import queries as scores
from chibo.assessment.models import Scoring, Tier
from chibo.assessment.rules import Given
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.refusals import Refused
from chibo.meetings import actions, queries
from chibo.meetings.models import Contribution, Meeting, Part
from chibo.meetings.rules import AttendanceStatus, Kind, Nature, VoteMatter
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Office, Status
from chibo.tasks.models import Task
from chibo.testing.cast import NOW, Cast

PLANNED_BEFORE = timedelta(days=14)
READY_BEFORE = timedelta(days=4)
PLANNED = NOW - PLANNED_BEFORE
READY = NOW - READY_BEFORE
PLACE = "Nhà văn hóa xóm Nà Phòn"


def at_once(*changes: Callable[[], object]) -> list[Refused | None]:
    """What came of changes that begin together, each on its own connection: what was refused, or None. Needs the
    fixture `committed`."""
    together = Barrier(len(changes))

    def one(change: Callable[[], object]) -> Refused | None:
        together.wait(10)
        try:
            change()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(changes)) as pool:
        return list(pool.map(one, changes))


def meeting(cast: Cast, *, kind: Kind = Kind.REGULAR, unit: Unit | None = None) -> Meeting:
    """A meeting being prepared: the one that the calendar made for this month, or an extraordinary one today."""
    unit = unit or cast.na_phon
    today = clock.day_of(cast.at)
    planned = clock.instant(today.replace(day=1)) - PLANNED_BEFORE
    if kind is Kind.EXTRAORDINARY:
        found = actions.plan_meeting(
            actor=SYSTEM,
            unit_id=unit.pk,
            kind=kind,
            on=today,
            time=time(19, 30),
            place=PLACE,
            topic="khắc phục thiệt hại sau lũ",
            at=planned,
        )
    else:
        actions.plan_month(actor=SYSTEM, unit_id=unit.pk, month=today, at=planned)
        found = Meeting.objects.get(unit=unit, kind=kind, month=today.replace(day=1))
    return actions.change_meeting(
        actor=SYSTEM,
        meeting_id=found.pk,
        on=found.on,
        time=found.time,
        place=PLACE,
        topic=found.topic or ("Chuyển đổi số ở xóm" if kind is Kind.THEMATIC else ""),
        seen_version=found.version,
        at=planned,
    )


def announced(cast: Cast, *, kind: Kind = Kind.REGULAR) -> Meeting:
    """The same, with notice given."""
    return actions.announce(actor=cast.secretary, meeting_id=meeting(cast, kind=kind).pk, at=cast.at - READY_BEFORE)


def under_way(cast: Cast, *, kind: Kind = Kind.REGULAR, clerk: str | None = "third") -> Meeting:
    """The same, opened by the secretary, who chairs; `clerk` takes the minutes (None: not named yet)."""
    found = announced(cast, kind=kind)
    if clerk:
        name_clerk(cast, found, clerk)
    return actions.open_meeting(actor=cast.secretary, meeting_id=found.pk, at=cast.at)


def name_clerk(cast: Cast, meeting: Meeting, clerk: str) -> None:
    actions.name_chair_and_clerk(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        chair_id=cast.secretary.person_id,
        clerk_id=cast.person_id(clerk),
        guests="",
        at=cast.at,
    )


def called(cast: Cast, *, kind: Kind = Kind.REGULAR, absent: int = 0, clerk: str | None = "third") -> Meeting:
    """The same, after the roll call: everybody came but the last `absent` ordinary members."""
    found = under_way(cast, kind=kind, clerk=clerk)
    call_roll(cast, found, absent=absent)
    return found


def call_roll(cast: Cast, meeting: Meeting, *, absent: int = 0) -> None:
    """Calls everybody: present, or what the register lets expect; the last `absent` ordinary members fell ill."""
    ill = {cast.person_id(f"member_{15 - n}") for n in range(absent)}
    actions.call_roll(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        called=[
            (line.membership.pk, AttendanceStatus.ABSENT_WITH_REASON, "ốm")
            if line.person.pk in ill
            else (line.membership.pk, line.status or AttendanceStatus.PRESENT, "")
            for line in queries.roll(meeting)
        ],
        at=cast.at,
    )


def part_that_holds(meeting: Meeting, holds: str) -> Part:
    """The first part of an agenda that holds this: "discussion", "ledger", "resolution" …"""
    found = meeting.parts.filter(holds=holds).first()
    assert found is not None, holds
    return found


def contribution(
    cast: Cast, meeting: Meeting, *, who: str = "member", gist: str = "Nên làm xong trước Tết."
) -> Contribution:
    return actions.record_contribution(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        part_id=part_that_holds(meeting, "discussion").pk,
        person_id=cast.person_id(who),
        guest="",
        nature=Nature.OPINION,
        gist=gist,
        at=cast.at,
    )


def task(
    cast: Cast,
    meeting: Meeting,
    *,
    title: str = "Vận động 12 hộ làm đường nội xóm",
    due_on: date | EllipsisType | None = ...,
    who: str | None = "member",
    clause_id: UUID | None = None,
) -> Task:
    """A task given in a meeting; unless told otherwise, due in four weeks."""
    due_on = clock.day_of(cast.at) + timedelta(days=28) if due_on is ... else due_on
    return actions.give_task(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        title=title,
        expected="12 trên 12 hộ hiến đất.",
        due_on=due_on,
        assignee_ids=[cast.person_id(who)] if who else [],
        clause_id=clause_id,
        at=cast.at,
    )


def conclude(cast: Cast, meeting: Meeting, *, lessons: str = "") -> Meeting:
    return actions.conclude(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        conclusion="Chi bộ thống nhất các nhiệm vụ của tháng 12.",
        lessons=lessons or ("Chuẩn bị tốt, thảo luận sôi nổi." if meeting.kind == Kind.THEMATIC else ""),
        seen_version=Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk),
        at=cast.at,
    )


def _voters(meeting: Meeting) -> int:
    return queries.base(meeting, queries.roll(meeting)).voters


def resolution(cast: Cast, meeting: Meeting, *, in_favour: int = 20) -> None:
    """A draft of one clause, which became a task, put to the vote."""
    clause = actions.write_clause(
        actor=cast.secretary, meeting_id=meeting.pk, text="Làm xong đường nội xóm trong tháng 12.", at=cast.at
    )
    task(cast, meeting, clause_id=clause.pk)
    actions.take_vote(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        subject="Thông qua nghị quyết",
        matter=VoteMatter.ORDINARY,
        part_id=None,
        in_favour=in_favour,
        against=0,
        abstained=0,
        not_voting=_voters(meeting) - in_favour,
        is_on_resolution=True,
        at=cast.at,
    )


def ended(cast: Cast, *, kind: Kind = Kind.REGULAR, clerk: str = "third") -> Meeting:
    """The same, discussed, concluded and ended; a regular one has a resolution that was carried."""
    found = called(cast, kind=kind, clerk=clerk)
    contribution(cast, found)
    if kind is not Kind.THEMATIC:
        resolution(cast, found)
    conclude(cast, found)
    return actions.end_meeting(actor=cast.secretary, meeting_id=found.pk, at=cast.at + timedelta(minutes=95))


JUDGED = {
    "noi-dung-chuan-bi": "3",
    "thong-bao": "1",
    "du-trinh-tu": "10",
    "noi-dung": "10",
    "chu-tri": "5",
    "tap-trung-dan-chu": "1",
    "tu-phe-binh": "2",
    "doan-ket": "1",
    "ky-luat": "1",
    "thong-qua-bien-ban": "2",
    "cap-nhat-so-tay": "1",
}
"""What somebody gives a session where the nationwide framework asks for his judgement: full points throughout."""


def filled_in(cast: Cast, meeting: Meeting, other: Mapping[str, Given] = MappingProxyType({})) -> dict[str, Given]:
    """A sheet on which everything is judged that the facts leave open, and what is low has its remedy."""
    side = scores.side(meeting, Tier.SELF)
    view = scores.view(side.framework, side.sheet, scores.month_of(side.scoring, meeting, cast.at))
    judged = [line.criterion.code for line in view.lines if line.says is None and line.is_applicable]
    low = {code: Given(remedy="Nhắc từng đồng chí trước kỳ sau.") for code in view.result.remedies}
    return {**low, **{code: Given(JUDGED[code]) for code in judged}, **other}


def scored(
    cast: Cast,
    meeting: Meeting,
    other: Mapping[str, Given] = MappingProxyType({}),
    *,
    actor: Actor | None = None,
    tier: Tier = Tier.SELF,
    minutes: int = 96,
) -> Scoring:
    """One side's sheet, filled in and handed in some minutes after the meeting began; by the secretary unless told."""
    at, actor = cast.at + timedelta(minutes=minutes), actor or cast.secretary
    kept = scoring.save_sheet(
        actor=actor,
        meeting_id=meeting.pk,
        tier=tier,
        given=filled_in(cast, meeting, other),
        seen_version=scores.side(meeting, tier).version,
        at=at,
    )
    return scoring.hand_in(actor=actor, meeting_id=meeting.pk, tier=tier, seen_version=kept.version, at=at)


def locked(cast: Cast, *, kind: Kind = Kind.REGULAR) -> Meeting:
    """The same, its minutes read back and adopted."""
    found = ended(cast, kind=kind)
    later = cast.at + timedelta(minutes=110)
    actions.read_back(actor=cast.secretary, meeting_id=found.pk, seen_revision=1, at=later)
    return actions.adopt_minutes(actor=cast.secretary, meeting_id=found.pk, seen_revision=1, at=later)


def end_office(cast: Cast, who: str) -> None:
    """Ends every office that somebody holds, as of yesterday."""
    for office in Office.objects.on(clock.today()).filter(person_id=cast.person_id(who)):
        people.leave_office(actor=SYSTEM, office_id=office.pk, on=clock.today() - timedelta(days=1), at=clock.now())


def end_grant(cast: Cast, who: str) -> None:
    """Ends every role that somebody was given, as of yesterday."""
    for grant in Grant.objects.on(clock.today()).filter(user=cast.user(who)):
        access.end_grant(actor=SYSTEM, grant_id=grant.pk, on=clock.today() - timedelta(days=1), at=clock.now())


def change_status(cast: Cast, who: str, status: Status, *, since: date = date(2026, 10, 1)) -> None:
    """Changes how somebody belongs to his cell from a day on: exempt, suspended, elsewhere."""
    membership = cast.membership(who)
    people.change_status(
        actor=SYSTEM,
        membership_id=membership.pk,
        status=status,
        since=since,
        decision="3-QĐ/CB",
        decided_on=since,
        at=cast.at,
    )
