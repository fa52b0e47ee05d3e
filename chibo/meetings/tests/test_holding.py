"""Holding a meeting: opened, roll called, contributions, votes with their base, resolution, tasks, conclusion."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from chibo.access.models import Grant, Role
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, NotThere, Refused, Stale
from chibo.meetings import actions, queries
from chibo.meetings.models import Attendance, Contribution, Meeting, Resolution, Vote
from chibo.meetings.rules import AttendanceStatus, Kind, Nature, Outcome, State, VoteMatter
from chibo.people import actions as people
from chibo.people.models import Membership, Status
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast

pytestmark = pytest.mark.usefixtures("in_english")

WITH_REASON, WITHOUT, PRESENT = (
    AttendanceStatus.ABSENT_WITH_REASON,
    AttendanceStatus.ABSENT_WITHOUT_REASON,
    AttendanceStatus.PRESENT,
)


def call(cast: Cast, meeting: Meeting, *lines: tuple[str, AttendanceStatus, str], **fields: Any) -> Meeting:
    defaults: dict[str, Any] = {
        "actor": cast.third,
        "meeting_id": meeting.pk,
        "called": [(cast.membership(who).pk, status, reason) for who, status, reason in lines],
        "at": cast.at,
    }
    return actions.call_roll(**defaults | fields)


def standing(cast: Cast, meeting: Meeting, who: str) -> tuple[str, str]:
    row = Attendance.objects.get(meeting=meeting, membership=cast.membership(who))
    return row.status, row.reason


def say(cast: Cast, meeting: Meeting, **fields: Any) -> Contribution:
    defaults: dict[str, Any] = {
        "actor": cast.third,
        "meeting_id": meeting.pk,
        "part_id": make.part_that_holds(meeting, "discussion").pk,
        "person_id": cast.person_id("member"),
        "guest": "",
        "nature": Nature.PROPOSAL,
        "gist": "Mỗi đảng viên phụ trách hai hộ.",
        "at": cast.at,
    }
    return actions.record_contribution(**defaults | fields)


def vote(cast: Cast, meeting: Meeting, in_favour: int, against: int = 0, abstained: int = 0, **fields: Any) -> Vote:
    defaults: dict[str, Any] = {
        "actor": cast.third,
        "meeting_id": meeting.pk,
        "subject": "Mua loa mới",
        "matter": VoteMatter.ORDINARY,
        "part_id": None,
        "in_favour": in_favour,
        "against": against,
        "abstained": abstained,
        "at": cast.at,
    }
    voters = queries.base(meeting, queries.roll(meeting)).voters
    # Unless the test is about it, who is left over really did not vote.
    defaults["not_voting"] = max(0, voters - in_favour - against - abstained)
    return actions.take_vote(**defaults | fields)


def clause(cast: Cast, meeting: Meeting, text: str = "Làm xong đường nội xóm.", **fields: Any) -> Any:
    defaults: dict[str, Any] = {"actor": cast.third, "meeting_id": meeting.pk, "text": text, "at": cast.at}
    return actions.write_clause(**defaults | fields)


def draft(cast: Cast, meeting: Meeting, **fields: Any) -> Resolution:
    defaults: dict[str, Any] = {
        "actor": cast.third,
        "meeting_id": meeting.pk,
        "praise": "Đa số hoàn thành.",
        "shortcomings": "",
        "direction": "",
        "seen_version": 0,
        "at": cast.at,
    }
    return actions.write_resolution(**defaults | fields)


# Opening, chair and clerk


def test_a_meeting_opens_under_the_rules_of_its_day_and_keeps_them(cast: Cast) -> None:
    meeting = make.under_way(cast)
    assert (meeting.state, meeting.opened_at) == (State.UNDER_WAY, cast.at)
    assert meeting.rules["vote.ordinary"]["value"] == {"over": [1, 2]}
    assert meeting.rules["vote.ordinary"]["source"]
    with pytest.raises(Refused, match="opened already"):
        actions.open_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)


def test_a_meeting_opens_on_its_day_and_after_its_notice(cast: Cast) -> None:
    meeting = make.meeting(cast)
    with pytest.raises(Refused, match="Announce it first"):
        actions.open_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)
    actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=make.READY)
    with pytest.raises(Refused, match="set for 03/11/2026"):
        actions.open_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=make.READY)


def test_a_meeting_that_begins_later_in_its_month_is_held_on_the_day_it_begins(cast: Cast) -> None:
    meeting = make.announced(cast)
    people.end_membership(
        actor=SYSTEM, membership_id=cast.membership("member").pk, on=cast.at.date() + timedelta(days=2), at=cast.at
    )
    opened = actions.open_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(days=6))
    assert (meeting.on, opened.on) == (date(2026, 11, 3), date(2026, 11, 9))
    assert len(queries.roll(opened)) == 21
    assert Entry.objects.get(verb=Verb.MEETING_OPENED).facts["planned"] == "2026-11-03"


@pytest.mark.parametrize("who", ["third", "member", "neighbour", "attending", "officer"])
def test_only_the_secretary_or_the_deputy_opens_it(cast: Cast, who: str) -> None:
    meeting = make.announced(cast)
    with pytest.raises(Forbidden):
        actions.open_meeting(actor=cast.actor(who), meeting_id=meeting.pk, at=cast.at)


def test_a_cell_below_three_official_members_does_not_meet(cast: Cast) -> None:
    meeting = make.announced(cast)
    left = [cast.membership("secretary").pk, cast.membership("deputy").pk]
    Membership.objects.filter(unit=cast.na_phon).exclude(pk__in=left).update(status=Status.PROBATIONARY)
    with pytest.raises(Refused, match="needs at least 3"):
        actions.open_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)


def test_the_clerk_of_a_meeting_writes_into_this_meeting_only(cast: Cast) -> None:
    meeting = make.under_way(cast, clerk="member")
    other = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    actions.announce(actor=cast.secretary, meeting_id=other.pk, at=make.READY)
    actions.open_meeting(actor=cast.secretary, meeting_id=other.pk, at=cast.at)
    say(cast, meeting, actor=cast.member)
    with pytest.raises(Forbidden):
        say(cast, other, actor=cast.member)


def test_another_clerk_takes_the_place_of_the_first(cast: Cast) -> None:
    meeting = make.under_way(cast, clerk="member")
    make.name_clerk(cast, meeting, "probationary")
    assert Grant.objects.get(matter=meeting.pk, role=Role.CLERK).user_id == cast.user("probationary").pk
    with pytest.raises(Forbidden):
        say(cast, meeting, actor=cast.member)


def test_the_chair_does_not_take_the_minutes_and_both_are_members(cast: Cast) -> None:
    meeting = make.under_way(cast, clerk=None)
    with pytest.raises(Refused, match="does not take the minutes himself"):
        make.name_clerk(cast, meeting, "secretary")
    with pytest.raises(Refused, match="not a member of the cell"):
        make.name_clerk(cast, meeting, "neighbour")
    make.change_status(cast, "member", Status.SUSPENDED)
    with pytest.raises(Refused, match="is suspended and takes no part") as refused:
        make.name_clerk(cast, meeting, "member")
    assert list(refused.value.fields) == ["clerk"]


# The roll


def test_everybody_is_called_in_one_go_with_the_exceptions(cast: Cast) -> None:
    meeting = make.called(cast, absent=3)
    counts = queries.roll_counts(queries.roll(meeting))
    assert (counts[PRESENT], counts[WITH_REASON]) == (19, 3)
    assert Entry.objects.get(verb=Verb.ROLL_CALLED).facts["counts"] == {"present": 19, "absent_with_reason": 3}


def test_the_roll_is_corrected_while_the_meeting_is_under_way(cast: Cast) -> None:
    meeting = make.called(cast)
    call(cast, meeting, ("member", AttendanceStatus.LEFT_EARLY, "về lúc 20 giờ"))
    assert standing(cast, meeting, "member") == ("left_early", "về lúc 20 giờ")


def test_a_member_rolled_twice_is_refused_by_name(cast: Cast) -> None:
    meeting = make.under_way(cast)
    with pytest.raises(Refused, match="Bùi Thị Ngoằn stands twice") as refused:
        call(cast, meeting, ("member", PRESENT, ""), ("member", WITHOUT, ""))
    assert list(refused.value.fields) == [str(cast.membership("member").pk)]
    assert not Attendance.objects.exists()


def test_somebody_elses_member_is_not_in_the_roll(cast: Cast) -> None:
    with pytest.raises(Refused, match="not a member of the cell"):
        call(cast, make.under_way(cast), ("neighbour", PRESENT, ""))


def test_an_excused_absence_needs_its_reason_and_the_whole_roll_waits_for_it(cast: Cast) -> None:
    meeting = make.under_way(cast)
    with pytest.raises(Refused, match="Bùi Thị Ngoằn: Write the reason"):
        call(cast, meeting, ("deputy", PRESENT, ""), ("member", WITH_REASON, " "))
    assert not Attendance.objects.exists()


def test_the_register_decides_who_is_exempt_or_suspended(cast: Cast) -> None:
    make.change_status(cast, "member_0", Status.EXEMPT)
    make.change_status(cast, "member_1", Status.SUSPENDED)
    meeting = make.called(cast)
    assert standing(cast, meeting, "member_0")[0] == AttendanceStatus.EXEMPT
    with pytest.raises(Refused, match="is suspended and takes no part"):
        call(cast, meeting, ("member_1", PRESENT, ""))
    with pytest.raises(Refused, match="does not hold this member as exempt"):
        call(cast, meeting, ("member", AttendanceStatus.EXEMPT, ""))


def test_two_may_call_one_roll_and_what_one_left_alone_the_other_keeps(cast: Cast) -> None:
    meeting = make.called(cast)
    seen = {line.membership.pk: ("present", "") for line in queries.roll(meeting)}
    call(cast, meeting, ("member", WITH_REASON, "ốm"), seen=seen)
    call(cast, meeting, ("member", PRESENT, ""), ("deputy", AttendanceStatus.LATE, ""), seen=seen)
    assert standing(cast, meeting, "member") == ("absent_with_reason", "ốm")
    assert standing(cast, meeting, "deputy") == ("late", "")


def test_two_who_call_the_same_member_otherwise_are_told_of_each_other(cast: Cast) -> None:
    meeting = make.under_way(cast)
    call(cast, meeting, ("member", WITH_REASON, "ốm"), seen={})
    with pytest.raises(Refused, match="somebody else has entered “absent with reason ốm”"):
        call(cast, meeting, ("member", PRESENT, ""), seen={})
    call(cast, meeting, ("member", WITH_REASON, "ốm"), seen={})
    call(cast, meeting, ("member", PRESENT, ""), seen={cast.membership("member").pk: ("absent_with_reason", "ốm")})
    assert standing(cast, meeting, "member") == ("present", "")


# Contributions


def test_a_contribution_has_its_speaker_its_part_and_its_gist(cast: Cast) -> None:
    meeting = make.called(cast)
    said = say(cast, meeting)
    assert (said.person_id, said.nature, said.part.holds) == (cast.person_id("member"), "proposal", "discussion")
    assert Entry.objects.get(verb=Verb.CONTRIBUTION_MADE).unit_id == cast.na_phon.pk


def test_a_guest_speaks_by_name(cast: Cast) -> None:
    said = say(cast, make.called(cast), person_id=None, guest=" Nguyễn Thế Hùng ")
    assert (said.person_id, said.guest) == (None, "Nguyễn Thế Hùng")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"person_id": None}, "person"),
        ({"guest": "Ai đó"}, "guest"),
        ({"gist": " "}, "gist"),
        ({"gist": "TỐI MẬT"}, "gist"),
        ({"part_id": UUID(int=1)}, "part"),
    ],
)
def test_a_contribution_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        say(cast, make.called(cast), **fields)
    assert list(refused.value.fields) == [field]


def test_who_did_not_come_did_not_speak_and_a_stranger_speaks_as_a_guest(cast: Cast) -> None:
    meeting = make.called(cast, absent=1)
    with pytest.raises(Refused, match="did not come"):
        say(cast, meeting, person_id=cast.person_id("member_15"))
    with pytest.raises(Refused, match="as a guest's"):
        say(cast, meeting, person_id=cast.person_id("neighbour"))


def correct(cast: Cast, said: Contribution, gist: str, **fields: Any) -> Contribution:
    defaults: dict[str, Any] = {
        "actor": cast.third,
        "contribution_id": said.pk,
        "nature": Nature.OPINION,
        "gist": gist,
        "seen_version": said.version,
        "at": cast.at,
    }
    return actions.correct_contribution(**defaults | fields)


def test_a_gist_is_corrected_and_the_audit_keeps_what_was(cast: Cast) -> None:
    said = say(cast, make.called(cast))
    assert correct(cast, said, "Ba hộ.").gist == "Ba hộ."
    assert Entry.objects.get(verb=Verb.CONTRIBUTION_CORRECTED).facts["was"] == said.gist
    actions.remove_contribution(actor=cast.third, contribution_id=said.pk, at=cast.at)
    assert not Contribution.objects.exists()
    assert Entry.objects.get(verb=Verb.CONTRIBUTION_REMOVED).facts["was"] == "Ba hộ."
    with pytest.raises(NotThere):
        correct(cast, said, "Bốn hộ.")


def test_two_who_correct_one_gist_are_shown_both_texts(cast: Cast) -> None:
    said = say(cast, make.called(cast))
    correct(cast, said, "Ba hộ.")
    with pytest.raises(Stale) as stale:
        correct(cast, said, "Bốn hộ.", actor=cast.secretary)
    assert (stale.value.edit.stands, stale.value.edit.typed) == ("Ba hộ.", "Bốn hộ.")


# What came of a part


def test_a_part_is_postponed_with_a_note_and_two_notes_are_shown_beside_each_other(cast: Cast) -> None:
    meeting = make.called(cast)
    part = make.part_that_holds(meeting, "criticism")

    def postpone(note: str, version: int) -> None:
        actions.set_outcome(
            actor=cast.third, part_id=part.pk, outcome=Outcome.POSTPONED, note=note, seen_version=version, at=cast.at
        )

    postpone("Hết giờ.", part.version)
    with pytest.raises(Stale) as stale:
        postpone("Vắng người.", part.version)
    assert (stale.value.edit.stands, stale.value.edit.typed) == ("Hết giờ.", "Vắng người.")


def test_opening_and_closing_are_not_postponed(cast: Cast) -> None:
    part = make.part_that_holds(make.called(cast), "conclusions")
    with pytest.raises(Refused, match="belong to every meeting"):
        actions.set_outcome(
            actor=cast.third, part_id=part.pk, outcome=Outcome.POSTPONED, note="", seen_version=1, at=cast.at
        )


# Votes


def test_the_worked_case_is_base_20_of_which_17_are_there(cast: Cast) -> None:
    taken = vote(cast, make.called(cast, absent=3), 15, 1, 1)
    assert (taken.convened, taken.base, taken.voters, taken.basis["needed"]) == (22, 20, 17, 11)
    assert taken.is_carried
    assert not taken.is_on_paper


def test_a_vote_of_base_20_with_an_exempt_member_who_did_not_come(cast: Cast) -> None:
    make.change_status(cast, "member_0", Status.EXEMPT)
    taken = vote(cast, make.called(cast), 10)
    assert (taken.convened, taken.base, taken.basis["exempt_not_come"]) == (22, 19, 1)
    assert taken.is_carried


@pytest.mark.parametrize(("in_favour", "is_carried"), [(13, False), (14, True)])
def test_an_admission_needs_two_thirds_of_the_base_and_is_on_paper(
    cast: Cast, in_favour: int, is_carried: bool
) -> None:
    taken = vote(cast, make.called(cast, absent=3), in_favour, matter=VoteMatter.ADMISSION)
    assert (taken.is_carried, taken.is_on_paper) == (is_carried, True)


def test_exactly_half_does_not_carry(cast: Cast) -> None:
    assert not vote(cast, make.called(cast), 10, 10).is_carried


@pytest.mark.parametrize(
    ("count", "fields", "sentence"),
    [
        ((16, 1, 1), {}, "18 votes were entered, but only 17"),
        ((0, 0, 0), {}, "Enter how many"),
        ((10, 0, 0), {"subject": " "}, "what was voted on"),
        ((10, 0, 0), {"part_id": UUID(int=1)}, "part of this meeting's agenda"),
    ],
)
def test_a_count_that_cannot_be_is_refused(
    cast: Cast, count: tuple[int, int, int], fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        vote(cast, make.called(cast, absent=3), *count, **fields)
    assert not Vote.objects.exists()


def test_a_count_that_leaves_somebody_out_is_asked_about_once(cast: Cast) -> None:
    meeting = make.called(cast, absent=3)
    with pytest.raises(Refused, match="17 who may vote are present, but only 15 votes were entered: 2 are missing"):
        vote(cast, meeting, 14, 1, not_voting=0)
    with pytest.raises(Refused, match="one is missing"):
        vote(cast, meeting, 15, 1, not_voting=2)
    assert not Vote.objects.exists()
    assert vote(cast, meeting, 14, 1, not_voting=2).not_voting == 2


def test_a_full_count_is_entered_though_the_box_of_those_who_did_not_vote_is_still_ticked(cast: Cast) -> None:
    assert vote(cast, make.called(cast, absent=3), 16, 1, not_voting=2).not_voting == 0


def test_a_vote_waits_for_the_roll(cast: Cast) -> None:
    with pytest.raises(Refused, match="Finish the roll call"):
        vote(cast, make.under_way(cast), 10)


def test_a_vote_entered_wrongly_is_taken_back_and_the_audit_keeps_it(cast: Cast) -> None:
    meeting = make.called(cast)
    taken = vote(cast, meeting, 12, 3)
    actions.withdraw_vote(actor=cast.third, vote_id=taken.pk, at=cast.at)
    assert not Vote.objects.exists()
    assert Entry.objects.get(verb=Verb.VOTE_CORRECTED).facts["was"] == [12, 3, 0]
    with pytest.raises(NotThere):
        actions.withdraw_vote(actor=cast.third, vote_id=taken.pk, at=cast.at)


# The resolution


def test_clauses_are_numbered_and_move_up_when_one_falls_away(cast: Cast) -> None:
    meeting = make.called(cast)
    first, second, third = (clause(cast, meeting, text) for text in ("một", "hai", "ba"))
    actions.remove_clause(actor=cast.third, clause_id=second.pk, at=cast.at)
    numbers = Resolution.objects.get(meeting=meeting).clauses.values_list("number", "text")
    assert list(numbers) == [(1, "một"), (2, "ba")]
    rewritten = clause(cast, meeting, "ba, viết lại", clause_id=third.pk, seen_version=third.version)
    assert (rewritten.pk, rewritten.text) == (third.pk, "ba, viết lại")
    assert first.number == 1


@contextmanager
def before_the_lock(act: Callable[[], object]) -> Iterator[None]:
    """Somebody else acts once after a thing was looked up, and before its meeting's row is locked."""
    waiting = [act]

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "FOR UPDATE" in sql and waiting:
            waiting.pop()()
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield
    assert not waiting


def test_what_two_remove_at_once_is_removed_once(cast: Cast) -> None:
    meeting = make.called(cast)
    gone, *_others = (clause(cast, meeting, text) for text in ("một", "hai", "ba"))
    taken, said = vote(cast, meeting, 12, 3), say(cast, meeting)
    removals = (
        partial(actions.remove_clause, actor=cast.third, clause_id=gone.pk, at=cast.at),
        partial(actions.withdraw_vote, actor=cast.third, vote_id=taken.pk, at=cast.at),
        partial(actions.remove_contribution, actor=cast.third, contribution_id=said.pk, at=cast.at),
    )
    for remove in removals:
        with before_the_lock(remove), pytest.raises(NotThere):
            remove()
        remove()
        with pytest.raises(NotThere):
            remove()
    numbers = Resolution.objects.get(meeting=meeting).clauses.values_list("number", "text")
    assert list(numbers) == [(1, "hai"), (2, "ba")]
    assert Entry.objects.filter(verb=Verb.CLAUSE_REMOVED).count() == 1


def test_two_who_write_one_clause_are_shown_both_texts(cast: Cast) -> None:
    meeting = make.called(cast)
    seen = clause(cast, meeting, "một")
    clause(cast, meeting, "một hai", clause_id=seen.pk, seen_version=seen.version)
    with pytest.raises(Stale) as stale:
        clause(cast, meeting, "một ba", clause_id=seen.pk, seen_version=seen.version, actor=cast.secretary)
    assert (stale.value.edit.stands, stale.value.edit.typed) == ("một hai", "một ba")


def test_two_who_begin_one_draft_are_shown_both_texts_whole(cast: Cast) -> None:
    meeting = make.called(cast)
    draft(cast, meeting)
    with pytest.raises(Stale) as stale:
        draft(cast, meeting, praise="Có tiến bộ.", direction="Làm đường.", actor=cast.secretary)
    assert "Đa số hoàn thành." in stale.value.edit.stands
    assert "Có tiến bộ." in stale.value.edit.typed
    assert "Làm đường." in stale.value.edit.typed


def test_a_draft_is_written_again_by_who_saw_it(cast: Cast) -> None:
    meeting = make.called(cast)
    seen = draft(cast, meeting)
    assert draft(cast, meeting, shortcomings="Còn chậm.", seen_version=seen.version).shortcomings == "Còn chậm."


def test_another_vote_of_the_same_words_does_not_keep_the_resolution_from_being_voted(cast: Cast) -> None:
    meeting = make.called(cast)
    clause(cast, meeting)
    vote(cast, meeting, 20, subject="Thông qua nghị quyết")
    assert vote(cast, meeting, 20, subject="", is_on_resolution=True).subject == "Thông qua nghị quyết"


def test_what_was_voted_stands_until_the_vote_is_taken_back(cast: Cast) -> None:
    meeting = make.called(cast)
    with pytest.raises(Refused, match="no clause yet"):
        vote(cast, meeting, 20, is_on_resolution=True)
    made = clause(cast, meeting)
    taken = vote(cast, meeting, 20, is_on_resolution=True)
    assert taken.part == make.part_that_holds(meeting, "resolution")
    for change in ({"clause_id": made.pk}, {}):
        with pytest.raises(Refused, match="has been voted"):
            clause(cast, meeting, "khác", **change)
    with pytest.raises(Refused, match="has been voted"):
        draft(cast, meeting)
    with pytest.raises(Refused, match="has been voted already"):
        vote(cast, meeting, 19, is_on_resolution=True)
    actions.withdraw_vote(actor=cast.third, vote_id=taken.pk, at=cast.at)
    clause(cast, meeting, "khác", clause_id=made.pk)


# Tasks, conclusion


def test_a_task_is_given_from_a_clause_and_may_lack_its_day_for_a_while(cast: Cast) -> None:
    meeting = make.called(cast)
    made = clause(cast, meeting)
    task = make.task(cast, meeting, due_on=None, clause_id=made.pk)
    made.refresh_from_db()
    assert made.task == task
    assert task.origin_id == task.matter == meeting.pk
    now = queries.proceedings(meeting, queries.roll(meeting), queries.votes(meeting))
    assert [str(one) for one in now.incomplete_tasks] == [f"One task has no due day: {task.title}."]


def test_a_task_due_before_its_meeting_is_refused_beside_its_day(cast: Cast) -> None:
    meeting = make.called(cast)
    with pytest.raises(Refused, match="before 03/11/2026") as refused:
        make.task(cast, meeting, due_on=meeting.on - timedelta(days=1))
    assert list(refused.value.fields) == ["due_on"]
    assert not Task.objects.exists()


def test_a_task_from_another_meetings_clause_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="clause of this meeting's resolution"):
        make.task(cast, make.called(cast), clause_id=UUID(int=1))


def test_two_who_conclude_are_shown_both_texts(cast: Cast) -> None:
    meeting = make.called(cast)
    make.conclude(cast, meeting)
    with pytest.raises(Stale) as stale:
        actions.conclude(
            actor=cast.third,
            meeting_id=meeting.pk,
            conclusion="Khác.",
            lessons="",
            seen_version=meeting.version,
            at=cast.at,
        )
    assert stale.value.edit.typed == "Khác."


# Who, and when


@pytest.mark.parametrize("who", ["member", "probationary", "neighbour", "attending", "officer"])
def test_nobody_else_writes_into_a_meeting(cast: Cast, who: str) -> None:
    meeting = make.called(cast)
    actor = cast.actor(who)
    with pytest.raises(Forbidden):
        say(cast, meeting, actor=actor)
    with pytest.raises(Forbidden):
        vote(cast, meeting, 10, actor=actor)
    with pytest.raises(Forbidden):
        call(cast, meeting, ("member", WITHOUT, ""), actor=actor)
    with pytest.raises(Forbidden):
        clause(cast, meeting, actor=actor)


def test_an_office_that_ended_yesterday_writes_nothing_today(cast: Cast) -> None:
    meeting = make.called(cast)
    make.end_office(cast, "secretary")
    with pytest.raises(Forbidden, match="Your office may have ended"):
        say(cast, meeting, actor=cast.secretary, at=clock.now())


def test_nothing_is_written_before_the_meeting_opens(cast: Cast) -> None:
    with pytest.raises(Refused, match="Open it first"):
        say(cast, make.announced(cast), actor=cast.secretary)


def test_after_the_end_corrections_go_into_the_minutes(cast: Cast) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Refused, match="put right in the minutes"):
        say(cast, meeting, actor=cast.secretary)
    with pytest.raises(Refused, match="put right in the minutes"):
        make.name_clerk(cast, meeting, "member")
