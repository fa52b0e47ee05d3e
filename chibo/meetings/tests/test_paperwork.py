"""What the papers of a meeting say of its place and day, and its words in Vietnamese."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.documents.paperwork import locality
from chibo.meetings import actions, messages, paperwork, rules
from chibo.meetings.models import NATURE_WORDS, MinutesRevision, Resolution
from chibo.meetings.rules import Kind, Nature
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.testing import make
from chibo.testing.cast import FOUNDED, Cast


def found(cast: Cast, kind: str, name: str, parent: Unit) -> Unit:
    code = f"unit-{Unit.objects.count()}"
    return org.found_unit(actor=SYSTEM, kind=kind, code=code, name=name, parent_id=parent.pk, since=FOUNDED, at=cast.at)


@pytest.mark.parametrize(
    ("cell", "organisation", "place"),
    [
        ("Chi bộ xóm Mớ Khoắc", "Đảng bộ xã Kim Lập", "Kim Lập"),
        ("Chi bộ khu Thống Nhất", "Đảng bộ thị trấn Bo", "Bo"),
        ("Chi bộ Tổ chức – kiểm tra", "Đảng bộ Cơ quan Huyện ủy", "Kim Bôi"),
        ("Chi bộ Quân sự xã Đông Bắc", "Đảng bộ Quân sự huyện Kim Bôi", "Kim Bôi"),
    ],
)
def test_the_place_of_a_paper_is_that_of_the_territory_above(
    cast: Cast, cell: str, organisation: str, place: str
) -> None:
    unit = found(cast, "cell", cell, found(cast, "grassroots", organisation, cast.district))
    assert locality(unit, clock.day_of(cast.at)) == place


def test_a_cell_right_below_the_district_is_of_the_district(cast: Cast) -> None:
    unit = found(cast, "cell", "Chi bộ Ngân hàng Chính sách xã hội", cast.district)
    assert locality(unit, clock.day_of(cast.at)) == "Kim Bôi"


def test_the_day_within_a_paper_is_written_as_in_its_head(cast: Cast) -> None:
    cast.at = clock.instant(cast.at.date().replace(month=9), 19, 30)
    meeting = make.ended(cast)
    paper = paperwork.minutes(meeting, MinutesRevision.objects.get(minutes__meeting=meeting))
    assert paper.began == "19 giờ 30 phút, ngày 03 tháng 9 năm 2026"
    assert paper.ended == "21 giờ 05 phút, ngày 03 tháng 9 năm 2026"


def test_a_meeting_that_was_called_off_is_not_said_to_be_put_off(cast: Cast) -> None:
    meeting = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    assert messages.cancelled(meeting, "Chi bộ xóm Nà Phòn", "Mưa lũ.")[0].startswith("Hủy họp")


def test_a_show_of_hands_is_not_counted_in_ballots_and_criticism_has_one_name() -> None:
    base = rules.base_of([rules.Seat("official", rules.AttendanceStatus.PRESENT)] * 3, excludes=[])
    with translation.override("vi"):
        assert "Đã nhập 4 lượt biểu quyết" in str(rules.why_not_vote(base, in_favour=4, against=0, abstained=0))
        assert "phiếu" not in str(rules.Threshold(1, 2, is_strict=True).in_words(20))
        assert str(NATURE_WORDS[Nature.CRITICISM]) == "góp ý, phê bình"


@pytest.mark.parametrize(
    ("due_on", "session"),
    [
        (date(2026, 11, 30), "kỳ họp tháng 12 năm 2026"),
        (date(2026, 12, 3), "kỳ họp tháng 12 năm 2026"),
        (date(2026, 12, 20), "kỳ họp tháng 1 năm 2027"),
        (date(2027, 1, 31), "kỳ họp tháng 2 năm 2027"),
    ],
)
def test_a_task_is_reported_at_the_first_regular_meeting_on_its_due_day_or_after_it(
    cast: Cast, due_on: date, session: str
) -> None:
    meeting = make.called(cast)
    clause = actions.write_clause(actor=cast.secretary, meeting_id=meeting.pk, text="Làm đường.", at=cast.at)
    make.task(cast, meeting, due_on=due_on, clause_id=clause.pk)
    (line,) = paperwork.resolution(meeting, Resolution.objects.get(meeting=meeting)).clauses
    assert line.reported == session


def test_remedies_stand_under_their_heading_and_no_heading_stands_alone() -> None:
    score = rules.Score("92", "100", "Tốt", remedies=("Tỷ lệ phát biểu: Nhắc từng đồng chí.",))
    heading, remedy = paperwork.scored(score)[1:]
    assert heading == "Biện pháp khắc phục:"
    assert remedy == "– Tỷ lệ phát biểu: Nhắc từng đồng chí."
    assert len(paperwork.scored(rules.Score("92", "100", "Tốt"))) == 1


def test_a_score_that_was_given_after_the_vote_is_no_part_of_the_resolution(cast: Cast) -> None:
    meeting = make.called(cast)
    make.resolution(cast, meeting)
    score = rules.Score("92", "100", "Tốt")

    def printed(minutes: int) -> object:
        at = cast.at + timedelta(minutes=minutes)
        actions.record_score(actor=cast.secretary, meeting_id=meeting.pk, score=score, at=at)
        meeting.refresh_from_db()
        return paperwork.resolution(meeting, Resolution.objects.get(meeting=meeting)).score

    assert printed(0) == ["Chi bộ tự chấm buổi sinh hoạt đạt 92/100 điểm, xếp loại Tốt."]
    assert printed(5) == []


@pytest.mark.parametrize(
    ("on", "month"),
    [(date(2026, 11, 3), "THÁNG 11 NĂM 2026"), (date(2025, 5, 28), "THÁNG 6 NĂM 2025")],
)
def test_a_meeting_of_the_first_days_directs_its_own_month_and_one_of_the_last_days_the_next(
    cast: Cast, on: date, month: str
) -> None:
    meeting = make.ended(cast)
    meeting.on = on
    paper = paperwork.resolution(meeting, Resolution.objects.get(meeting=meeting))
    assert paper.direction_heading == f"PHƯƠNG HƯỚNG, NHIỆM VỤ {month}"


def test_minutes_say_who_leads_a_task_that_several_share_and_by_when_at_the_latest(cast: Cast) -> None:
    meeting = make.called(cast)
    both = [cast.person_id("member"), cast.person_id("third")]
    task = actions.give_task(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        title="Làm đường",
        expected="",
        due_on=date(2026, 12, 1),
        assignee_ids=both,
        lead_id=both[1],
        at=cast.at,
    )
    line = paperwork.given(task)
    assert "đồng chí Đinh Công Sứ (chủ trì)" in line
    assert "đồng chí Bùi Thị Ngoằn, " in line
    assert line.endswith("; hoàn thành chậm nhất ngày 01/12/2026.")
