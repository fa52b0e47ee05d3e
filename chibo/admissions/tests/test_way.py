"""One candidate of Nà Phòn, from the day he was found to his official recognition."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from chibo.admissions import actions, queries, rules
from chibo.admissions.actions import Taken
from chibo.admissions.models import Case, Step
from chibo.admissions.rules import Stage, State, Why
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting
from chibo.meetings.rules import VoteMatter
from chibo.notifications.models import Notice
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Membership, Status
from chibo.regulations.queries import working_day_after
from chibo.testing import make
from chibo.testing.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = clock.day_of(NOW)
NAME = "Quách Văn Hải"


def begun(cast: Cast, *, born_on: date = date(2001, 5, 4), found_on: date = date(2026, 1, 6), name: str = NAME) -> Case:
    return actions.begin(
        actor=cast.secretary, unit_id=cast.na_phon.pk, name=name, born_on=born_on, found_by="Đoàn thanh niên xóm",
        found_on=found_on, at=cast.at,
    )  # fmt: skip


def took(cast: Cast, case: Case, stage: Stage, on: date = TODAY, *, actor: Actor | None = None, **more: Any) -> Step:
    """A step as whoever has the power enters it, seen as it stands."""
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    who = actor or (cast.officer if stage in rules.OF_THE_COMMITTEE else cast.secretary)
    at = max(cast.at, clock.instant(on, 20))
    return actions.step(
        actor=who, case_id=case.pk, stage=stage, taken=Taken(on=on, **more), seen_version=version, at=at
    )


def prepared(cast: Cast, meeting: Meeting, **more: Any) -> Case:
    """A case whose file is complete; the meeting has remarked on the candidate."""
    case = begun(cast, **more)
    took(cast, case, Stage.HELPER, date(2026, 2, 3), helper_ids=[cast.person_id("member")])
    took(cast, case, Stage.COURSE, date(2026, 5, 20), paper="12/GCN")
    took(cast, case, Stage.REMARK, meeting.on, words="Tích cực, gương mẫu trong phong trào của xóm.")
    took(cast, case, Stage.FILE, clock.day_of(cast.at))
    return Case.objects.get(pk=case.pk)


def ended(cast: Cast, meeting: Meeting) -> None:
    """Ends a meeting that is under way, and lets what listens hear it."""
    make.contribution(cast, meeting)
    make.resolution(cast, meeting)
    make.conclude(cast, meeting)
    meetings.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))
    while audit.deliver():
        pass


def voted(
    cast: Cast, meeting: Meeting, case: Case, in_favour: int, *, matter: VoteMatter = VoteMatter.ADMISSION
) -> None:
    """The count of the paper ballots, entered in the part that stands on the agenda for the case."""
    meetings.take_vote(
        actor=cast.secretary, meeting_id=meeting.pk, subject=f"Kết nạp {case.name}", matter=matter,
        part_id=case.part_id, in_favour=in_favour, against=20 - in_favour, abstained=0, at=cast.at,
    )  # fmt: skip


def admitted(cast: Cast, *, on: date = TODAY) -> Case:
    """A candidate who became a probationary member today."""
    meeting = make.called(cast)
    case = prepared(cast, meeting)
    voted(cast, meeting, case, 14)
    ended(cast, meeting)
    vote = meeting.votes.get(matter=VoteMatter.ADMISSION)
    took(cast, case, Stage.CELL_VOTE, vote_id=vote.pk)
    took(cast, case, Stage.COMMITTEE_VOTE, unit_id=cast.vinh_dong.pk, base=15, in_favour=10, against=5)
    took(cast, case, Stage.DECISION, unit_id=cast.district.pk, paper="45-QĐ/HU")
    took(cast, case, Stage.CEREMONY, on)
    return Case.objects.get(pk=case.pk)


def test_from_found_to_probationary_member(cast: Cast) -> None:
    case = admitted(cast)
    assert (case.state, case.admitted_on, case.admitted_in) == (State.PROBATION, TODAY, cast.na_phon)
    membership = Membership.objects.get(person=case.person)
    assert (membership.unit, membership.status, membership.during.since) == (cast.na_phon, Status.PROBATIONARY, TODAY)
    person = membership.person
    assert (person.name, person.born_on, person.joined_on) == (NAME, date(2001, 5, 4), TODAY)
    assert case.due_for == Stage.RECOGNITION_VOTE
    assert case.due_on == working_day_after(cast.na_phon, date(2027, 11, 3), 30)


def step_by_step(cast: Cast, case: Case) -> list[tuple[str, bool]]:
    return [(one.stage, one.stands) for one in queries.steps(Case.objects.get(pk=case.pk))]


def test_the_vote_of_the_meeting_decides_where_the_case_stood_on_its_agenda(cast: Cast) -> None:
    planned = make.meeting(cast)
    case = begun(cast)
    took(cast, case, Stage.HELPER, date(2026, 2, 3), helper_ids=[cast.person_id("member")])
    took(cast, case, Stage.COURSE, date(2026, 5, 20), paper="12/GCN")
    with pytest.raises(Refused, match="Complete the file first"):
        actions.lay_before(actor=cast.secretary, case_id=case.pk, stage=Stage.CELL_VOTE, at=make.PLANNED)
    Step.objects.create(case=case, stage=Stage.REMARK, on=date(2026, 9, 3), words="Tích cực.", at=make.PLANNED)
    Step.objects.create(case=case, stage=Stage.FILE, on=date(2026, 10, 5), at=make.PLANNED)
    part = actions.lay_before(actor=cast.secretary, case_id=case.pk, stage=Stage.CELL_VOTE, at=make.PLANNED)
    assert (part.meeting, part.title) == (planned, f"Xét, đề nghị kết nạp đảng viên: {NAME}")
    with pytest.raises(Refused, match="agenda already"):
        actions.lay_before(actor=cast.secretary, case_id=case.pk, stage=Stage.CELL_VOTE, at=make.PLANNED)
    meetings.announce(actor=cast.secretary, meeting_id=planned.pk, at=make.READY)
    make.name_clerk(cast, planned, "third")
    meetings.open_meeting(actor=cast.secretary, meeting_id=planned.pk, at=cast.at)
    make.call_roll(cast, planned)
    voted(cast, planned, Case.objects.get(), 14)
    assert Case.objects.get().due_for != Stage.COMMITTEE_VOTE
    ended(cast, planned)
    case = Case.objects.get()
    found = case.steps.get(stage=Stage.CELL_VOTE)
    assert (found.base, found.in_favour, found.needed, found.stands, found.on) == (20, 14, 14, True, TODAY)
    assert (case.due_for, case.part) == (Stage.COMMITTEE_VOTE, None)
    told = Notice.objects.filter(person=cast.person_id("officer"), path__contains=str(case.pk))
    assert NAME in told.get().subject
    # Heard twice, it decides once.
    actions.hear_meeting(actor=cast.secretary, meeting_id=planned.pk, at=cast.at)
    assert case.steps.filter(stage=Stage.CELL_VOTE).count() == 1


def test_what_is_not_carried_stops_the_case_and_can_be_taken_up_again(cast: Cast) -> None:
    meeting = make.called(cast)
    case = prepared(cast, meeting)
    voted(cast, meeting, case, 13)
    ended(cast, meeting)
    vote = meeting.votes.get(matter=VoteMatter.ADMISSION)
    took(cast, case, Stage.CELL_VOTE, vote_id=vote.pk)
    case = Case.objects.get()
    assert (case.state, case.why, case.due_on) == (State.STOPPED, Why.NOT_AGREED, None)
    with pytest.raises(Refused, match="has stopped"):
        took(cast, case, Stage.COMMITTEE_VOTE, unit_id=cast.vinh_dong.pk, base=15, in_favour=15)
    actions.resume(actor=cast.secretary, case_id=case.pk, seen_version=case.version, at=cast.at)
    case = Case.objects.get()
    assert (case.state, case.due_for, case.empty_on) == (State.OPEN, Stage.CELL_VOTE, None)
    with pytest.raises(Refused, match="Choose a vote"):
        took(cast, case, Stage.CELL_VOTE, vote_id=vote.pk)
    with pytest.raises(Refused, match="before the case was taken up again"):
        actions.take_back(actor=cast.secretary, case_id=case.pk, seen_version=case.version, at=cast.at)


def test_a_count_of_the_committee_that_was_mistyped_is_taken_back(cast: Cast) -> None:
    meeting = make.called(cast)
    case = prepared(cast, meeting)
    voted(cast, meeting, case, 20)
    ended(cast, meeting)
    took(cast, case, Stage.CELL_VOTE, vote_id=meeting.votes.get(matter=VoteMatter.ADMISSION).pk)
    with pytest.raises(Refused, match="above the cell"):
        took(cast, case, Stage.COMMITTEE_VOTE, unit_id=cast.tong_dau.pk, base=15, in_favour=10, against=5)
    took(cast, case, Stage.COMMITTEE_VOTE, unit_id=cast.vinh_dong.pk, base=16, in_favour=10, against=6)
    case = Case.objects.get()
    assert case.state == State.STOPPED
    with pytest.raises(Forbidden):
        actions.take_back(actor=cast.secretary, case_id=case.pk, seen_version=case.version, at=cast.at)
    actions.take_back(actor=cast.officer, case_id=case.pk, seen_version=case.version, at=cast.at)
    case = Case.objects.get()
    assert (case.state, case.due_for) == (State.OPEN, Stage.COMMITTEE_VOTE)
    took(cast, case, Stage.COMMITTEE_VOTE, unit_id=cast.vinh_dong.pk, base=15, in_favour=10, against=5)
    assert Case.objects.get().due_for == Stage.DECISION


def test_after_a_year_the_member_is_official_from_the_day_on_which_probation_was_over(cast: Cast) -> None:
    case = admitted(cast)
    later = Cast.__new__(Cast)
    later.__dict__ |= cast.__dict__ | {"at": clock.instant(date(2027, 12, 3), 20)}
    # The meeting of December 2027, in short: what it voted, as its minutes hold it.
    meeting = Meeting.objects.get(unit=cast.na_phon, state="ended")
    december = Meeting.objects.create(
        unit=cast.na_phon, kind="extraordinary", month=date(2027, 12, 1), on=date(2027, 12, 3), time=meeting.time,
        state="locked",
    )  # fmt: skip
    vote = meeting.votes.get(matter=VoteMatter.ADMISSION)
    vote.pk, vote.meeting, vote.part, vote.matter = UUID(int=7), december, None, VoteMatter.RECOGNITION
    vote.save(force_insert=True)
    took(later, case, Stage.RECOGNITION_VOTE, vote_id=vote.pk)
    took(later, case, Stage.RECOGNITION_COMMITTEE, date(2027, 12, 10), unit_id=cast.vinh_dong.pk, base=15, in_favour=15)
    took(later, case, Stage.RECOGNITION, date(2027, 12, 20), unit_id=cast.district.pk, paper="77-QĐ/HU")
    case = Case.objects.get()
    assert (case.state, case.due_on, case.admitted_in) == (State.RECOGNISED, None, cast.na_phon)
    rows = list(Membership.objects.filter(person=case.person).order_by("during").values_list("status", "during"))
    assert [(status, during.since) for status, during in rows] == [
        (Status.PROBATIONARY, TODAY), (Status.OFFICIAL, date(2027, 11, 3))
    ]  # fmt: skip
    assert case.person is not None
    assert case.person.official_on == date(2027, 11, 3)
    assert case.empty_on == date(2028, 6, 20)


def test_a_probationary_member_is_removed_by_a_vote_and_a_decision(cast: Cast) -> None:
    case = admitted(cast)
    with pytest.raises(Refused, match="ends by a vote"):
        actions.stop(actor=cast.secretary, case_id=case.pk, why=Why.MOVED, seen_version=case.version, at=cast.at)
    with pytest.raises(Refused, match="The cell votes on the removal first"):
        took(cast, case, Stage.REMOVAL, unit_id=cast.district.pk, paper="9-QĐ/HU")
    meeting = Meeting.objects.get(unit=cast.na_phon, state="ended")
    vote = meeting.votes.get(matter=VoteMatter.ADMISSION)
    vote.pk, vote.matter = UUID(int=7), VoteMatter.REMOVAL
    vote.save(force_insert=True)
    took(cast, case, Stage.REMOVAL_VOTE, vote_id=vote.pk)
    took(cast, case, Stage.REMOVAL, TODAY + timedelta(days=9), unit_id=cast.district.pk, paper="9-QĐ/HU")
    case = Case.objects.get()
    membership = Membership.objects.get(person=case.person)
    assert (case.state, membership.ending, membership.ending_decision) == (State.REMOVED, "struck_off", "9-QĐ/HU")
    assert membership.during.until == TODAY + timedelta(days=9)


def test_who_may_see_and_who_may_do_what(cast: Cast) -> None:
    case = begun(cast)
    took(cast, case, Stage.HELPER, TODAY, helper_ids=[cast.person_id("member")])
    for who in ("secretary", "deputy", "third", "member", "officer"):
        assert queries.case(cast.actor(who), case.pk) == case
    for who in ("probationary", "neighbour", "attending", "operator"):
        with pytest.raises(NotThere):
            queries.case(cast.actor(who), case.pk)
        assert not queries.cases(cast.actor(who), cast.na_phon).exists()
    for who in ("third", "member", "neighbour", "officer"):
        with pytest.raises(Forbidden):
            took(cast, case, Stage.COURSE, actor=cast.actor(who), paper="1")
    with pytest.raises(Forbidden):
        took(cast, case, Stage.APPROVAL, actor=cast.secretary, paper="1", unit_id=cast.district.pk)
    with pytest.raises(Refused, match="official members"):
        took(cast, case, Stage.HELPER, TODAY, helper_ids=[cast.person_id("probationary")])
    with pytest.raises(Refused, match="Somebody else has entered"):
        actions.step(
            actor=cast.secretary, case_id=case.pk, stage=Stage.COURSE, taken=Taken(on=TODAY, paper="1"),
            seen_version=1, at=cast.at,
        )  # fmt: skip
    with pytest.raises(Refused, match="state secret"):
        took(cast, case, Stage.COURSE, paper="Tối mật 12")


def test_what_is_kept_goes_when_its_time_is_over(cast: Cast) -> None:
    case = begun(cast)
    took(cast, case, Stage.HELPER, TODAY, helper_ids=[cast.person_id("member")])
    Step.objects.create(case=case, stage=Stage.REMARK, on=TODAY, words="Tích cực.", at=cast.at)
    case = Case.objects.get()
    actions.stop(actor=cast.secretary, case_id=case.pk, why=Why.WITHDREW, seen_version=case.version, at=cast.at)
    assert Case.objects.get().empty_on == date(2027, 5, 3)
    assert actions.empty_cases(actor=cast.secretary, at=clock.instant(date(2027, 5, 3), 3)) == 0
    assert actions.empty_cases(actor=SYSTEM, at=clock.instant(date(2027, 5, 4), 3)) == 1
    case = Case.objects.get()
    assert (case.name, case.born_on, case.found_by, case.helpers.count()) == ("", None, "", 0)
    assert not case.steps.exclude(words="", paper="").exists()
    assert not queries.cases(cast.secretary, cast.na_phon).exists()
    with pytest.raises(NotThere):
        queries.case(cast.member, case.pk)
    assert actions.empty_cases(actor=SYSTEM, at=clock.instant(date(2027, 5, 4), 3)) == 0


def test_a_probationary_member_who_is_transferred_takes_his_case_along(cast: Cast) -> None:
    case = admitted(cast, on=TODAY)
    membership = Membership.objects.get(person=case.person)
    people.transfer_member(
        actor=SYSTEM, membership_id=membership.pk, unit_id=cast.tong_dau.pk, since=TODAY + timedelta(days=1),
        at=cast.at + timedelta(days=1),
    )  # fmt: skip
    while audit.deliver():
        pass
    case = Case.objects.get()
    assert (case.unit, case.admitted_in) == (cast.tong_dau, cast.na_phon)
    assert [one.admitted for one in queries.board(cast.officer, cast.vinh_dong, 2026)] == [1, 0]
    now = Membership.objects.get(person=case.person, unit=cast.tong_dau)
    people.end_membership(
        actor=SYSTEM, membership_id=now.pk, on=TODAY + timedelta(days=20), at=cast.at + timedelta(days=20)
    )
    while audit.deliver():
        pass
    case = Case.objects.get()
    assert (case.state, case.why) == (State.STOPPED, Why.MOVED)


def test_admissions_are_counted_once_against_the_target_of_the_year(cast: Cast) -> None:
    def put(unit: Unit, number: int | None) -> None:
        actions.set_targets(actor=cast.officer, year=2026, numbers={unit.pk: number}, at=cast.at)

    put(cast.na_phon, 2)
    put(cast.tong_dau, 1)
    put(cast.tong_dau, None)
    with pytest.raises(Forbidden):
        actions.set_targets(actor=cast.officer, year=2026, numbers={cast.vinh_dong.pk: 3}, at=cast.at)
    with pytest.raises(Forbidden):
        actions.set_targets(actor=cast.secretary, year=2026, numbers={cast.na_phon.pk: 3}, at=cast.at)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), None]
    for n, day in enumerate(days):
        Case.objects.create(
            unit=cast.na_phon, name=f"Bùi Văn {n}", born_on=date(2000, 1, 1), found_on=date(2025, 1, 1),
            admitted_on=day, admitted_in=cast.na_phon if day else None, state=State.PROBATION if day else State.OPEN,
        )  # fmt: skip
    rows = Case.objects.all()
    counted = sum(one.admitted_on is not None and one.admitted_on.year == 2026 for one in rows)
    lines = {one.unit_id: one for one in queries.board(cast.officer, cast.vinh_dong, 2026)}
    assert (lines[cast.na_phon.pk].target, lines[cast.na_phon.pk].admitted) == (2, counted) == (2, 2)
    assert lines[cast.na_phon.pk].under_way == 1
    assert (lines[cast.tong_dau.pk].target, lines[cast.tong_dau.pk].admitted) == (None, 0)


def test_a_cell_without_a_candidate_for_two_years_is_told_so(cast: Cast) -> None:
    since = queries.since_without(cast.na_phon, TODAY)
    assert since == date(2024, 11, 3)

    def seen(after: int = 0) -> tuple[int, date | None]:
        on = TODAY + timedelta(days=after)
        return queries.at_a_glance(cast.secretary, cast.na_phon, on, on)

    assert seen() == (0, since)
    assert queries.at_a_glance(cast.neighbour, cast.na_phon, TODAY, TODAY) == (0, None)
    below = queries.cells_without(cast.officer, cast.vinh_dong, since, TODAY)
    assert {one.code for one in below} == {"na-phon", "tong-dau"}
    case = begun(cast, found_on=since)
    version = Case.objects.get(pk=case.pk).version
    assert seen() == (1, None)  # somebody who helps should have been named long ago
    actions.stop(actor=cast.secretary, case_id=case.pk, why=Why.MOVED, seen_version=version, at=cast.at)
    assert seen() == (0, None)
    assert seen(1) == (0, since + timedelta(days=1))
    assert {one.code for one in below.all()} == {"tong-dau"}
