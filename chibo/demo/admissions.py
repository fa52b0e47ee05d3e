"""Who is on the way to the Party in the demo's cells: in probation, before the committee, before the next meeting, and
somebody for whom a helper is overdue; with the targets of the commune."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from chibo.admissions import actions, rules
from chibo.admissions.actions import Taken
from chibo.admissions.models import Case
from chibo.admissions.rules import Stage
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.demo.district import facts
from chibo.demo.months import Cell, cell
from chibo.meetings import actions as meetings
from chibo.meetings import queries
from chibo.meetings.models import Meeting, Vote
from chibo.meetings.rules import AttendanceStatus, Kind, Nature, VoteMatter
from chibo.org.models import Unit

HOME, FIRST, SECOND = "vinh-dong-01", "vinh-dong-02", "vinh-dong-03"
COMMITTEE = 15  # members of the commune's committee, which the register of the demo does not hold one by one


@transaction.atomic
def grow(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """Plays four cases, each as far as it has come by today, and sets the targets of the year."""
    today = clock.day_of(at)
    year_ago = rules.months_after(today, -12) - timedelta(days=12)
    _in_probation(ids[FIRST], officer, year_ago)
    _voted(_prepared(ids[SECOND], "voted", today - timedelta(days=25)), today - timedelta(days=18))
    _laid(_prepared(ids[HOME], "prepared", today - timedelta(days=6)), at)
    _begun(ids[HOME], "found", today - timedelta(days=75))
    children = Unit.objects.filter(pk__in=[ids[f"vinh-dong-{n:02d}"] for n in range(1, 6)]).order_by("code")
    numbers = dict(zip(children.values_list("pk", flat=True), facts()["growth"]["targets"], strict=True))
    actions.set_targets(actor=officer, year=today.year, numbers=numbers, at=at)


def _team(case: Case, on: date) -> Cell:
    return cell(case.unit_id, on)


def _step(case: Case, stage: Stage, on: date, *, actor: Actor | None = None, **more: Any) -> None:
    actions.step(
        actor=actor or _team(case, clock.today()).secretary,
        case_id=case.pk,
        stage=stage,
        taken=Taken(on=on, **more),
        seen_version=Case.objects.values_list("version", flat=True).get(pk=case.pk),
        at=clock.instant(on, 20),
    )


def _begun(unit_id: UUID, who: str, on: date) -> Case:
    given = facts()["growth"]
    name, born_on = given["names"][who]
    return actions.begin(
        actor=cell(unit_id, clock.today()).secretary,
        unit_id=unit_id,
        name=name,
        born_on=born_on,
        found_by=given["found_by"][len(name) % 3],
        found_on=on,
        at=clock.instant(on, 9),
    )


def _prepared(unit_id: UUID, who: str, complete: date) -> Case:
    """A case whose file is complete on a day; a meeting before it has remarked on the candidate."""
    case = _begun(unit_id, who, complete - timedelta(days=330))
    leaders = _team(case, clock.today()).leaders
    _step(case, Stage.HELPER, complete - timedelta(days=300), helper_ids=[leaders[-1].pk])
    _step(case, Stage.COURSE, complete - timedelta(days=150), paper="118/GCN-LLCT")
    remarked = _meeting(case, complete - timedelta(days=4), "nhận xét người đang được giúp đỡ vào Đảng")
    _ended(case, remarked)
    _step(case, Stage.REMARK, remarked.on, words=facts()["growth"]["remark"])
    _step(case, Stage.FILE, complete)
    return case


def _meeting(case: Case, on: date, topic: str) -> Meeting:
    """An extraordinary meeting of the cell on a day, after its roll call; everybody came."""
    team, start = _team(case, clock.today()), clock.instant(on, 19, 30)
    before = start - timedelta(days=4)
    found = meetings.plan_meeting(
        actor=team.secretary, unit_id=case.unit_id, kind=Kind.EXTRAORDINARY, on=on, time=time(19, 30),
        place="Nhà văn hóa xóm", topic=topic, at=before,
    )  # fmt: skip
    meetings.announce(actor=team.secretary, meeting_id=found.pk, at=before)
    meetings.name_chair_and_clerk(
        actor=team.secretary, meeting_id=found.pk, chair_id=team.secretary.person_id, clerk_id=team.leaders[-1].pk,
        guests="", at=start,
    )  # fmt: skip
    found = meetings.open_meeting(actor=team.secretary, meeting_id=found.pk, at=start)
    called = [(one.membership.pk, one.status or AttendanceStatus.PRESENT, "") for one in queries.roll(found)]
    meetings.call_roll(actor=team.secretary, meeting_id=found.pk, called=called, at=start)
    return found


def _ended(case: Case, meeting: Meeting) -> None:
    team, at = _team(case, clock.today()), clock.instant(meeting.on, 20, 30)
    part = meeting.parts.get(holds="discussion")
    meetings.record_contribution(
        actor=team.secretary, meeting_id=meeting.pk, part_id=part.pk, person_id=team.leaders[0].pk, guest="",
        nature=Nature.OPINION, gist="Nhất trí với đề nghị của đoàn thể.", at=at,
    )  # fmt: skip
    meetings.write_clause(
        actor=team.secretary, meeting_id=meeting.pk, text="Tiếp tục giúp đỡ người được giới thiệu vào Đảng.", at=at
    )
    _vote(team, meeting, "", VoteMatter.ORDINARY, at, is_on_resolution=True)
    meetings.conclude(
        actor=team.secretary, meeting_id=meeting.pk, conclusion="Chi bộ thống nhất.", lessons="",
        seen_version=Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk), at=at,
    )  # fmt: skip
    meetings.end_meeting(actor=team.secretary, meeting_id=meeting.pk, at=at + timedelta(minutes=30))


def _vote(
    team: Cell, meeting: Meeting, subject: str, matter: VoteMatter, at: datetime, *, is_on_resolution: bool = False
) -> Vote:
    voters = queries.base(meeting, queries.roll(meeting)).voters
    return meetings.take_vote(
        actor=team.secretary, meeting_id=meeting.pk, subject=subject, matter=matter, part_id=None, in_favour=voters,
        against=0, abstained=0, is_on_resolution=is_on_resolution, at=at,
    )  # fmt: skip


def _voted(case: Case, on: date) -> None:
    """The cell has voted for the admission on a day."""
    meeting = _meeting(case, on, "xét, đề nghị kết nạp đảng viên")
    at = clock.instant(on, 20)
    vote = _vote(_team(case, clock.today()), meeting, f"Đề nghị kết nạp {case.name}", VoteMatter.ADMISSION, at)
    _ended(case, meeting)
    _step(case, Stage.CELL_VOTE, on, vote_id=vote.pk)


def _in_probation(unit_id: UUID, officer: Actor, ceremony: date) -> None:
    case = _prepared(unit_id, "probation", ceremony - timedelta(days=60))
    _voted(case, ceremony - timedelta(days=50))
    far, near = case.unit.ancestor_ids[-2:]
    count = {"base": COMMITTEE, "in_favour": COMMITTEE - 1, "abstained": 1}
    _step(case, Stage.COMMITTEE_VOTE, ceremony - timedelta(days=35), actor=officer, unit_id=near, **count)
    _step(case, Stage.DECISION, ceremony - timedelta(days=20), actor=officer, unit_id=far, paper="214-QĐ/TU")
    _step(case, Stage.CEREMONY, ceremony)


def _laid(case: Case, at: datetime) -> None:
    secretary = _team(case, clock.today()).secretary
    actions.lay_before(actor=secretary, case_id=case.pk, stage=Stage.CELL_VOTE, at=at)
