"""Closing: the end names what is missing; minutes are composed, written, read back, adopted, locked; papers issued."""

from datetime import date, timedelta
from typing import Any

import pytest

from chibo.access.models import Grant
from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, Refused, Stale
from chibo.meetings import actions, paperwork, queries
from chibo.meetings.models import Meeting, Minutes, MinutesRevision, Resolution
from chibo.meetings.rules import AttendanceStatus, Kind, State
from chibo.people import actions as people
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast

pytestmark = pytest.mark.usefixtures("in_english")


def end(cast: Cast, meeting: Meeting, who: str = "secretary") -> Meeting:
    return actions.end_meeting(actor=cast.actor(who), meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))


def latest(meeting: Meeting) -> MinutesRevision:
    found = queries.latest_revision(meeting)
    assert found is not None
    return found


def texts(meeting: Meeting) -> list[str]:
    return [section["text"] for section in latest(meeting).sections]


def whole(meeting: Meeting) -> str:
    return "\n".join(f"{section['title']}\n{section['text']}" for section in latest(meeting).sections)


def write(cast: Cast, meeting: Meeting, typed: list[str], **fields: Any) -> MinutesRevision:
    defaults: dict[str, Any] = {
        "actor": cast.third,
        "meeting_id": meeting.pk,
        "texts": typed,
        "seen_revision": latest(meeting).number,
        "at": cast.at + timedelta(minutes=100),
    }
    return actions.write_minutes(**defaults | fields)


# The end


def test_the_end_names_everything_that_is_missing(cast: Cast) -> None:
    meeting = make.under_way(cast, clerk=None)
    make.task(cast, meeting, title="Sửa nhà văn hóa", due_on=None)
    make.task(cast, meeting, title="Thu đảng phí", due_on=None, who=None)
    with pytest.raises(Refused) as refused:
        end(cast, meeting)
    assert [str(one) for one in refused.value.sentences] == [
        "The clerk is missing. Name who took the minutes.",
        "22 members have not been called. Finish the roll call.",
        "The chair's conclusion is missing.",
        "2 tasks have no due day: Sửa nhà văn hóa; Thu đảng phí.",
        "One task is given to nobody: Thu đảng phí.",
    ]
    assert not Minutes.objects.exists()


def test_a_resolution_that_was_not_voted_keeps_the_meeting_open(cast: Cast) -> None:
    meeting = make.called(cast)
    make.conclude(cast, meeting)
    actions.write_clause(actor=cast.third, meeting_id=meeting.pk, text="một", at=cast.at)
    with pytest.raises(Refused, match="not been put to the vote"):
        end(cast, meeting)


def test_a_thematic_session_ends_with_its_results_and_lessons(cast: Cast) -> None:
    meeting = make.called(cast, kind=Kind.THEMATIC)
    make.conclude(cast, meeting, lessons=" ")
    with pytest.raises(Refused, match="results and lessons"):
        end(cast, meeting)
    make.conclude(cast, meeting, lessons="Thảo luận sôi nổi.")
    end(cast, meeting)
    assert "Thảo luận sôi nổi." in whole(meeting)


def stays_away(cast: Cast, meeting: Meeting, who: str) -> None:
    called = [(cast.membership(who).pk, AttendanceStatus.ABSENT_WITHOUT_REASON, "")]
    actions.call_roll(actor=cast.third, meeting_id=meeting.pk, called=called, at=cast.at)


def test_a_vote_whose_base_the_roll_no_longer_gives_keeps_the_meeting_open(cast: Cast) -> None:
    meeting = make.called(cast)
    make.resolution(cast, meeting, in_favour=19)
    make.conclude(cast, meeting)
    stays_away(cast, meeting, "member")
    with pytest.raises(Refused, match="“Thông qua nghị quyết”"):
        end(cast, meeting)


@pytest.mark.parametrize(("who", "office"), [("secretary", "chair"), ("third", "clerk")])
def test_a_chair_or_clerk_who_did_not_come_does_not_sign(cast: Cast, who: str, office: str) -> None:
    meeting = make.called(cast)
    make.conclude(cast, meeting)
    stays_away(cast, meeting, who)
    with pytest.raises(Refused, match=f"the {office} did not come"):
        end(cast, meeting)


@pytest.mark.parametrize("who", ["third", "member", "neighbour", "attending"])
def test_only_the_secretary_or_the_deputy_ends_it(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        end(cast, make.called(cast), who)


def test_a_meeting_ends_once(cast: Cast) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Refused, match="not under way"):
        end(cast, meeting)


def test_after_the_end_the_next_months_are_laid(cast: Cast) -> None:
    make.ended(cast)
    audit.deliver()
    months = Meeting.objects.filter(unit=cast.na_phon, kind=Kind.REGULAR).values_list("month", flat=True)
    assert set(months) == {date(2026, 11, 1), date(2026, 12, 1)}


# The text


def test_the_text_is_composed_from_what_happened(cast: Cast) -> None:
    text = whole(make.ended(cast))
    assert "– Đồng chí Bùi Thị Ngoằn: Nên làm xong trước Tết." in text
    assert "1. Làm xong đường nội xóm trong tháng 12." in text
    assert "tán thành 20/20" in text
    assert "(triệu tập 22), cần ít nhất 11 tán thành; được thông qua." in text
    assert "– Giao đồng chí Bùi Thị Ngoằn: Vận động 12 hộ làm đường nội xóm" in text
    assert "Chi bộ thống nhất các nhiệm vụ của tháng 12." in text


def test_minutes_do_not_say_that_somebody_presented_what_nobody_recorded(cast: Cast) -> None:
    text = whole(make.ended(cast))
    assert "trình bày." not in text
    assert "Báo cáo tình hình tháng qua" not in text


def test_a_task_of_a_thematic_session_stands_in_its_minutes_too(cast: Cast) -> None:
    meeting = make.called(cast, kind=Kind.THEMATIC)
    make.task(cast, meeting)
    make.conclude(cast, meeting)
    end(cast, meeting)
    assert "Vận động 12 hộ" in whole(meeting)


def test_the_clerk_writes_the_text_and_what_stood_stays_as_a_revision(cast: Cast) -> None:
    meeting = make.ended(cast)
    before = texts(meeting)
    revision = write(cast, meeting, ["Đã sửa.", *before[1:]])
    assert (revision.number, texts(meeting)[0]) == (2, "Đã sửa.")
    assert write(cast, meeting, ["Đã sửa.", *before[1:]]).number == 2
    composed = actions.compose_minutes(actor=cast.third, meeting_id=meeting.pk, at=cast.at)
    assert (composed.number, texts(meeting)) == (3, before)
    assert MinutesRevision.objects.get(number=2).sections[0]["text"] == "Đã sửa."


def test_two_who_write_different_sections_both_keep_theirs(cast: Cast) -> None:
    meeting = make.ended(cast)
    before = texts(meeting)
    write(cast, meeting, ["Của thư ký.", *before[1:]])
    write(cast, meeting, [before[0], "Của bí thư.", *before[2:]], actor=cast.secretary, seen_revision=1)
    assert texts(meeting)[:2] == ["Của thư ký.", "Của bí thư."]


def test_two_who_write_one_section_are_shown_both_texts(cast: Cast) -> None:
    meeting = make.ended(cast)
    before = texts(meeting)
    write(cast, meeting, ["Của thư ký.", *before[1:]])
    with pytest.raises(Stale) as stale:
        write(cast, meeting, ["Của bí thư.", *before[1:]], actor=cast.secretary, seen_revision=1)
    assert (stale.value.edit.stands, stale.value.edit.typed) == ("Của thư ký.", "Của bí thư.")
    assert texts(meeting)[0] == "Của thư ký."


def test_who_wrote_while_the_text_was_composed_anew_is_shown_both_whole(cast: Cast) -> None:
    meeting = make.ended(cast)
    latest(meeting).minutes.revisions.create(number=2, sections=[], at=cast.at)
    with pytest.raises(Stale, match="composed anew") as stale:
        write(cast, meeting, ["Của tôi."], seen_revision=1)
    assert stale.value.edit.typed == "Của tôi."


def test_what_is_marked_secret_does_not_enter_the_minutes(cast: Cast) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Refused) as refused:
        write(cast, meeting, ["TUYỆT MẬT", *texts(meeting)[1:]])
    assert list(refused.value.fields) == ["text_0"]


@pytest.mark.parametrize("who", ["member", "neighbour", "attending", "officer"])
def test_nobody_else_writes_the_minutes(cast: Cast, who: str) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Forbidden):
        write(cast, meeting, texts(meeting), actor=cast.actor(who))
    with pytest.raises(Forbidden):
        actions.read_back(actor=cast.actor(who), meeting_id=meeting.pk, seen_revision=1, at=cast.at)


# Read back, adopted, locked


def read_back(cast: Cast, meeting: Meeting, seen: int | None = None) -> None:
    actions.read_back(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        seen_revision=seen or latest(meeting).number,
        at=cast.at + timedelta(minutes=105),
    )


def adopt(cast: Cast, meeting: Meeting, who: str = "secretary", seen: int | None = None) -> Meeting:
    return actions.adopt_minutes(
        actor=cast.actor(who),
        meeting_id=meeting.pk,
        seen_revision=seen or latest(meeting).number,
        at=cast.at + timedelta(minutes=110),
    )


def test_minutes_are_read_back_before_they_are_adopted(cast: Cast) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Refused, match="Read them aloud first"):
        adopt(cast, meeting)
    read_back(cast, meeting)
    assert adopt(cast, meeting).state == State.LOCKED


def test_a_text_that_changed_is_read_back_again(cast: Cast) -> None:
    meeting = make.ended(cast)
    read_back(cast, meeting)
    write(cast, meeting, ["Đã sửa.", *texts(meeting)[1:]])
    with pytest.raises(Refused, match="Read them aloud first"):
        adopt(cast, meeting)


def test_nobody_vouches_for_a_text_that_was_not_before_him(cast: Cast) -> None:
    meeting = make.ended(cast)
    write(cast, meeting, ["Đã sửa.", *texts(meeting)[1:]])
    with pytest.raises(Refused, match="Read it to the meeting once more"):
        read_back(cast, meeting, seen=1)
    read_back(cast, meeting)
    with pytest.raises(Refused, match="Read it to the meeting once more"):
        adopt(cast, meeting, seen=1)
    assert adopt(cast, meeting).state == State.LOCKED


def test_the_end_of_a_meeting_stays_as_it_was_recorded_when_its_minutes_are_read_back(cast: Cast) -> None:
    meeting = make.ended(cast)
    read_back(cast, meeting)
    ended_at = meeting.ended_at
    meeting.refresh_from_db()
    assert meeting.ended_at == ended_at


def test_the_tasks_of_locked_minutes_stand_as_they_are_written_there(cast: Cast) -> None:
    meeting = make.locked(cast)
    assert Task.objects.filter(origin_id=meeting.pk).exists()
    assert not Task.objects.filter(origin_id=meeting.pk, recorded_at=None).exists()


def test_the_clerk_does_not_adopt_what_he_wrote(cast: Cast) -> None:
    meeting = make.ended(cast)
    read_back(cast, meeting)
    with pytest.raises(Forbidden):
        adopt(cast, meeting, "third")


def test_the_clerk_is_clerk_no_more_once_the_minutes_are_adopted(cast: Cast) -> None:
    meeting = make.ended(cast, clerk="member")
    assert Grant.objects.filter(matter=meeting.pk).exists()
    later = cast.at + timedelta(minutes=110)
    actions.read_back(actor=cast.secretary, meeting_id=meeting.pk, seen_revision=1, at=later)
    actions.adopt_minutes(actor=cast.secretary, meeting_id=meeting.pk, seen_revision=1, at=later)
    assert not Grant.objects.on(clock.day_of(later)).filter(matter=meeting.pk).exists()


def test_adopted_minutes_are_a_numbered_paper_and_locked(cast: Cast) -> None:
    meeting = make.locked(cast)
    minutes = Minutes.objects.get(meeting=meeting)
    assert minutes.paper is not None
    assert minutes.paper.number_text == "01-BB/CB"
    assert minutes.paper.file.name.endswith(".docx")
    with pytest.raises(Refused, match="adopted and locked"):
        write(cast, meeting, texts(meeting), actor=cast.secretary)
    with pytest.raises(Refused, match="adopted and locked"):
        read_back(cast, meeting)
    with pytest.raises(Refused, match="Minutes are adopted when"):
        adopt(cast, meeting)
    assert Entry.objects.filter(verb=Verb.MEETING_LOCKED, object_id=meeting.pk).count() == 1


# The resolution


def issue(cast: Cast, meeting: Meeting, who: str = "secretary") -> str:
    paper = actions.issue_resolution(actor=cast.actor(who), meeting_id=meeting.pk, at=clock.now())
    return paper.number_text


def test_a_resolution_that_was_carried_gets_the_next_number_once(cast: Cast) -> None:
    meeting = make.ended(cast)
    assert issue(cast, meeting) == "01-NQ/CB"
    assert Resolution.objects.get(meeting=meeting).paper is not None
    with pytest.raises(Refused, match="issued already"):
        issue(cast, meeting)
    assert issue(cast, make.ended(cast, kind=Kind.EXTRAORDINARY)) == "02-NQ/CB"


def test_a_resolution_that_was_not_carried_is_not_issued(cast: Cast) -> None:
    meeting = make.called(cast)
    make.resolution(cast, meeting, in_favour=10)
    make.conclude(cast, meeting)
    with pytest.raises(Refused, match="not carried"):
        issue(cast, meeting)


def test_a_resolution_is_issued_after_the_meeting_ended(cast: Cast) -> None:
    meeting = make.called(cast)
    make.resolution(cast, meeting)
    with pytest.raises(Refused, match="End the meeting before"):
        issue(cast, meeting)


def test_a_meeting_without_clauses_has_no_resolution_to_issue(cast: Cast) -> None:
    with pytest.raises(Refused, match="no clause was written"):
        issue(cast, make.ended(cast, kind=Kind.THEMATIC))


@pytest.mark.parametrize("who", ["third", "member", "neighbour", "attending"])
def test_only_the_secretary_or_the_deputy_issues_it(cast: Cast, who: str) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Forbidden):
        issue(cast, meeting, who)


# The roll that stays


def transfer(cast: Cast, who: str, *, since: date) -> None:
    people.transfer_member(
        actor=SYSTEM, membership_id=cast.membership(who).pk, unit_id=cast.tong_dau.pk, since=since, at=cast.at
    )


def test_a_later_correction_of_the_register_changes_no_roll_of_a_meeting_that_ended(cast: Cast) -> None:
    meeting = make.ended(cast)
    before = [(line.person.name, line.status) for line in queries.roll(meeting)]
    transfer(cast, "member", since=date(2026, 10, 15))
    assert [(line.person.name, line.status) for line in queries.roll(meeting)] == before
    assert paperwork.minutes(meeting, latest(meeting)).convened == "22 đồng chí, trong đó chính thức 20, dự bị 2"


def test_who_left_the_register_before_the_end_is_not_in_the_roll_that_stays(cast: Cast) -> None:
    meeting = make.called(cast)
    make.conclude(cast, meeting)
    transfer(cast, "member", since=date(2026, 10, 15))
    assert len(queries.roll(end(cast, meeting))) == 21
