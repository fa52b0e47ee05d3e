"""One candidate of Nà Phòn, from the day he was found to his official recognition."""

from datetime import date, timedelta
from typing import Any

import pytest

from chibo.admissions import actions, queries
from chibo.admissions.actions import Taken
from chibo.admissions.models import Case, Step
from chibo.admissions.rules import Stage, State
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting
from chibo.meetings.rules import VoteMatter
from chibo.people.models import Membership, Status
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
    from chibo.admissions import rules

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
    took(cast, case, Stage.FILE, TODAY)
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
    assert (case.due_for, case.due_on) == (Stage.RECOGNITION_VOTE, queries.regulations.working_day_after(
        cast.na_phon, date(2027, 11, 3), 30
    ))  # fmt: skip
