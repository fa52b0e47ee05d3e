"""Preparing: the agenda from its template, parts with owners, material handed in, the committee's own meeting."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, Refused, Stale
from chibo.meetings import actions, queries
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind, Outcome, State
from chibo.people.models import Status
from chibo.testing import make
from chibo.testing.cast import Cast

pytestmark = pytest.mark.usefixtures("in_english")


def part(meeting: Meeting, code: str = "report") -> Part:
    """The report is the deputy's by the template."""
    return meeting.parts.get(code=code)


def write(cast: Cast, part: Part, material: str = "Tháng qua làm được 10/12 hộ.", **fields: Any) -> Part:
    defaults: dict[str, Any] = {
        "actor": cast.deputy,
        "part_id": part.pk,
        "material": material,
        "seen_version": part.version,
        "at": make.PLANNED,
    }
    return actions.write_part(**defaults | fields)


def assign(cast: Cast, part: Part, who: str | None, **fields: Any) -> Part:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "part_id": part.pk,
        "title": part.title,
        "owner_id": cast.person_id(who) if who else None,
        "due_on": None,
        "seen": part.given_as,
        "at": make.PLANNED,
    }
    return actions.assign_part(**defaults | fields)


# The agenda


def test_the_template_gives_each_prepared_part_an_owner_and_a_due_day(cast: Cast) -> None:
    meeting = make.meeting(cast)
    prepared = {one.code: one for one in meeting.parts.filter(is_prepared=True)}
    assert prepared["report"].owner_id == cast.person_id("deputy")
    assert prepared["information"].owner_id == cast.person_id("third")
    assert {one.due_on for one in prepared.values()} == {meeting.on - timedelta(days=3)}
    assert prepared["resolution"].holds == "resolution"


def test_a_cell_with_only_a_secretary_gives_him_every_part(cast: Cast) -> None:
    meeting = make.meeting(cast, unit=cast.tong_dau)
    owners = {one.owner_id for one in meeting.parts.filter(is_prepared=True)}
    assert owners == {cast.person_id("neighbour")}
    assert queries.why_all_the_secretarys(meeting, queries.parts(meeting)) is None


def test_where_others_could_help_the_secretary_is_warned(cast: Cast) -> None:
    meeting = make.meeting(cast)
    assert queries.why_all_the_secretarys(meeting, queries.parts(meeting)) is None
    for one in meeting.parts.filter(is_prepared=True):
        assign(cast, one, "secretary")
    assert "Every part" in str(queries.why_all_the_secretarys(meeting, queries.parts(meeting)))


def test_what_was_postponed_comes_onto_the_next_agenda_once_with_its_origin(cast: Cast) -> None:
    held = make.called(cast)
    postponed = make.part_that_holds(held, "criticism")
    actions.set_outcome(
        actor=cast.secretary,
        part_id=postponed.pk,
        outcome=Outcome.POSTPONED,
        note="Hết giờ.",
        seen_version=postponed.version,
        at=cast.at,
    )
    make.conclude(cast, held)
    actions.end_meeting(actor=cast.secretary, meeting_id=held.pk, at=cast.at)
    actions.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=date(2026, 12, 1), at=cast.at)
    following = Meeting.objects.get(unit=cast.na_phon, month=date(2026, 12, 1), kind=Kind.REGULAR)
    carried = following.parts.get(carried_from=postponed)
    assert carried.title == postponed.title
    assert carried.position == part(following, "ledger").position + 1
    assert actions.carry_over(actor=cast.secretary, unit_id=cast.na_phon.pk, at=cast.at) == []
    with pytest.raises(Refused, match="belongs to the order"):
        actions.remove_part(actor=cast.secretary, part_id=carried.pk, at=cast.at)


def test_what_waits_on_a_month_without_its_meeting_moves_on_to_the_next_once(cast: Cast) -> None:
    held = make.called(cast)
    postponed = make.part_that_holds(held, "criticism")
    actions.set_outcome(
        actor=cast.secretary,
        part_id=postponed.pk,
        outcome=Outcome.POSTPONED,
        note="",
        seen_version=postponed.version,
        at=cast.at,
    )
    make.conclude(cast, held)
    actions.end_meeting(actor=cast.secretary, meeting_id=held.pk, at=cast.at)
    for month in (date(2026, 12, 1), date(2027, 1, 1)):
        actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=month, at=cast.at)
    missed, coming = Meeting.objects.filter(unit=cast.na_phon, month__gt=held.month).order_by("month")
    assert missed.parts.get(carried_from=postponed).due_on is None

    after = clock.instant(date(2027, 1, 1), 1)
    for _night in range(2):
        actions.carry_over(actor=SYSTEM, unit_id=cast.na_phon.pk, at=after)
    moved = Part.objects.get(carried_from=postponed)
    assert moved.meeting == coming
    assert moved.position == part(coming, "ledger").position + 1


# Parts


def test_the_secretary_adds_a_part_at_the_end_of_the_conduct(cast: Cast) -> None:
    meeting = make.meeting(cast)
    added = actions.add_part(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        title="Bàn về đường nội xóm",
        owner_id=cast.person_id("member"),
        due_on=None,
        at=make.PLANNED,
    )
    assert added.due_on == meeting.on - timedelta(days=3)
    assert added.position == part(meeting, "conclusions").position - 1
    actions.remove_part(actor=cast.secretary, part_id=added.pk, at=make.PLANNED)
    assert not meeting.parts.filter(pk=added.pk).exists()


def test_a_part_of_the_order_is_not_removed(cast: Cast) -> None:
    with pytest.raises(Refused, match="belongs to the order"):
        actions.remove_part(actor=cast.secretary, part_id=part(make.meeting(cast)).pk, at=make.PLANNED)


def test_an_emptied_box_takes_no_text_that_somebody_else_has_written_meanwhile(cast: Cast) -> None:
    meeting = make.meeting(cast)
    added = actions.add_part(
        actor=cast.secretary, meeting_id=meeting.pk, title="Đường", owner_id=None, due_on=None, at=make.PLANNED
    )
    write(cast, added, actor=cast.secretary)
    with pytest.raises(Refused, match="Clear its material first"):
        actions.remove_part(actor=cast.secretary, part_id=added.pk, material="", at=make.PLANNED)
    added.refresh_from_db()
    assert added.material == "Tháng qua làm được 10/12 hộ."


def test_a_part_that_somebody_prepared_is_not_removed(cast: Cast) -> None:
    meeting = make.meeting(cast)
    added = actions.add_part(
        actor=cast.secretary, meeting_id=meeting.pk, title="Đường", owner_id=None, due_on=None, at=make.PLANNED
    )
    write(cast, added, actor=cast.secretary)
    with pytest.raises(Refused, match="has prepared this part"):
        actions.remove_part(actor=cast.secretary, part_id=added.pk, at=make.PLANNED)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"due_on": date(2026, 11, 4)}, "due_on"),
        ({"due_on": date(2026, 9, 1)}, "due_on"),
        ({"title": "TỐI MẬT – kế hoạch"}, "title"),
    ],
)
def test_a_part_that_cannot_be_given_so_is_refused_beside_its_field(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        assign(cast, part(make.meeting(cast)), "deputy", **fields)
    assert list(refused.value.fields) == [field]


def test_two_who_give_a_part_away_at_once_see_both_names(cast: Cast) -> None:
    before = part(make.meeting(cast))
    assign(cast, before, "member")
    write(cast, part(before.meeting), actor=cast.secretary)
    with pytest.raises(Stale) as refusal:
        assign(cast, before, "third", seen=before.given_as)
    edit = refusal.value.edit
    assert cast.membership("member").person.name in edit.stands
    assert cast.membership("third").person.name in edit.typed
    assert assign(cast, before, "third", seen=edit.version).owner_id == cast.person_id("third")


def test_without_a_day_a_part_is_due_by_the_rule_and_without_an_owner_not_at_all(cast: Cast) -> None:
    meeting = make.meeting(cast)
    by_rule = meeting.on - timedelta(days=3)
    sooner = by_rule - timedelta(days=2)
    assert assign(cast, part(meeting), "member", due_on=sooner).due_on == sooner
    assert assign(cast, part(meeting), "member").due_on == by_rule
    assert assign(cast, part(meeting), None).due_on is None
    late = clock.instant(by_rule + timedelta(days=1))
    assert assign(cast, part(meeting), "member", at=late).due_on == by_rule + timedelta(days=1)


def test_a_part_goes_only_to_members_of_the_cell(cast: Cast) -> None:
    with pytest.raises(Refused, match="not a member of the cell"):
        assign(cast, part(make.meeting(cast)), "neighbour")


def test_a_part_moves_within_its_section(cast: Cast) -> None:
    meeting = make.meeting(cast)
    first, second = part(meeting, "ledger"), part(meeting)
    actions.move_part(actor=cast.secretary, part_id=second.pk, up=True, at=make.PLANNED)
    assert (part(meeting).position, part(meeting, "ledger").position) == (first.position, second.position)
    with pytest.raises(Refused, match="end of its section"):
        actions.move_part(actor=cast.secretary, part_id=second.pk, up=True, at=make.PLANNED)


# Material


def test_its_owner_writes_a_part_and_hands_it_in(cast: Cast) -> None:
    meeting = make.meeting(cast)
    write(cast, part(meeting))
    handed = actions.hand_in(actor=cast.deputy, part_id=part(meeting).pk, at=make.PLANNED)
    assert handed.handed_in_at == make.PLANNED
    assert queries.handed_in(queries.parts(meeting)) == (1, 3)
    with pytest.raises(Refused, match="handed in already"):
        actions.hand_in(actor=cast.deputy, part_id=handed.pk, at=make.PLANNED)
    again = actions.reopen_part(actor=cast.deputy, part_id=handed.pk, at=make.PLANNED)
    assert again.handed_in_at is None


def test_nothing_is_handed_in_as_nothing(cast: Cast) -> None:
    with pytest.raises(Refused, match="Write the material or add a paper"):
        actions.hand_in(actor=cast.deputy, part_id=part(make.meeting(cast)).pk, at=make.PLANNED)


def test_the_secretary_may_write_what_others_own_and_a_member_only_his_own(cast: Cast) -> None:
    meeting = make.meeting(cast)
    write(cast, part(meeting), actor=cast.secretary)
    with pytest.raises(Forbidden, match="given to somebody else"):
        write(cast, part(meeting), "khác", actor=cast.member)
    with pytest.raises(Forbidden, match="not yours to do"):
        write(cast, part(meeting), "khác", actor=cast.neighbour)


def test_two_who_write_one_part_are_shown_both_texts(cast: Cast) -> None:
    meeting = make.meeting(cast)
    seen = part(meeting)
    write(cast, seen, "Bản của phó bí thư.")
    with pytest.raises(Stale) as stale:
        write(cast, seen, "Bản của bí thư.", actor=cast.secretary)
    assert (stale.value.edit.stands, stale.value.edit.typed) == ("Bản của phó bí thư.", "Bản của bí thư.")
    assert part(meeting).material == "Bản của phó bí thư."


def test_papers_stand_as_they_were_once_the_meeting_has_begun(cast: Cast) -> None:
    meeting = make.under_way(cast)
    with pytest.raises(Refused, match="has begun"):
        write(cast, part(meeting))
    with pytest.raises(Refused, match="has begun"):
        assign(cast, part(meeting), "member")


# The committee's own meeting, and notice


def prepare(cast: Cast, meeting: Meeting, **fields: Any) -> None:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "meeting_id": meeting.pk,
        "held_on": date(2026, 10, 19),
        "attendee_ids": [cast.person_id("secretary"), cast.person_id("deputy")],
        "agreed": "Thống nhất nội dung.",
        "seen_version": 0,
        "at": make.PLANNED,
    }
    actions.record_preparatory_meeting(**defaults | fields)


def test_the_committees_meeting_is_recorded_and_may_be_corrected(cast: Cast) -> None:
    meeting = make.meeting(cast)
    prepare(cast, meeting)
    prepare(cast, meeting, agreed="Thống nhất nội dung và dự thảo nghị quyết.", seen_version=1)
    meeting.refresh_from_db()
    assert meeting.preparatory.agreed.endswith("nghị quyết.")
    assert meeting.preparatory.attendees.count() == 2


def test_two_who_record_the_committees_meeting_are_shown_both_texts(cast: Cast) -> None:
    meeting = make.meeting(cast)
    prepare(cast, meeting)
    with pytest.raises(Stale) as stale:
        prepare(cast, meeting, actor=cast.deputy, agreed="Chưa thống nhất.")
    assert (stale.value.edit.stands, stale.value.edit.typed) == ("Thống nhất nội dung.", "Chưa thống nhất.")
    prepare(cast, meeting, actor=cast.deputy, agreed="Chưa thống nhất.", seen_version=stale.value.edit.version)
    with pytest.raises(Stale) as stale:
        prepare(cast, meeting, attendee_ids=[cast.person_id("third")], agreed="Chưa thống nhất.", seen_version=1)
    assert stale.value.edit.stands.splitlines() == ["Quách Thị Lộc", "Bùi Văn Thưởng"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"held_on": date(2026, 10, 21)}, "held_on"),
        ({"agreed": ""}, "agreed"),
        ({"attendee_ids": []}, "attendees"),
    ],
)
def test_a_preparatory_meeting_needs_its_day_people_and_result(cast: Cast, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        prepare(cast, make.meeting(cast), **fields)
    assert list(refused.value.fields) == [field]


def test_only_leaders_take_part_in_it_and_only_they_record_it(cast: Cast) -> None:
    meeting = make.meeting(cast)
    with pytest.raises(Refused, match="Only the secretary"):
        prepare(cast, meeting, attendee_ids=[cast.person_id("member")])
    with pytest.raises(Forbidden):
        prepare(cast, meeting, actor=cast.member)


def test_notice_needs_a_place_and_goes_out_once(cast: Cast) -> None:
    actions.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=date(2026, 12, 1), at=make.PLANNED)
    meeting = Meeting.objects.get(month=date(2026, 12, 1))
    with pytest.raises(Refused, match="The place is missing"):
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=make.READY)
    announced = make.announced(cast)
    assert (announced.state, announced.announced_at) == (State.ANNOUNCED, make.READY)
    with pytest.raises(Refused, match="announced already"):
        actions.announce(actor=cast.secretary, meeting_id=announced.pk, at=make.READY)


def test_papers_are_read_once_and_after_the_notice(cast: Cast) -> None:
    meeting = make.meeting(cast)
    with pytest.raises(Refused, match="between the announcement"):
        actions.read_papers(actor=cast.member, meeting_id=meeting.pk, at=make.PLANNED)
    actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=make.READY)
    for _time in range(2):
        actions.read_papers(actor=cast.member, meeting_id=meeting.pk, at=make.READY)
    assert list(queries.readings(meeting)) == [cast.person_id("member")]


def test_parts_of_a_meeting_are_seen_by_those_who_come_and_by_nobody_else(cast: Cast) -> None:
    make.change_status(cast, "member", Status.EXEMPT)
    meeting = make.meeting(cast)
    assert queries.visible_meetings(cast.member).filter(pk=meeting.pk).exists()
    assert not queries.visible_meetings(cast.neighbour).filter(pk=meeting.pk).exists()


def test_a_meeting_planned_for_today_has_no_part_that_is_overdue_from_birth(cast: Cast) -> None:
    today = clock.day_of(cast.at)
    found = actions.plan_meeting(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        kind=Kind.EXTRAORDINARY,
        on=today,
        time=time(21, 0),
        place="Nhà văn hóa",
        topic="khắc phục thiệt hại sau lũ",
        at=cast.at,
    )
    assert {part.due_on for part in found.parts.filter(is_prepared=True)} == {today}
