"""The calendar makes the regular meetings; people add, move and cancel others, within the rule."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chibo.access.models import Grant
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, Refused, Stale
from chibo.meetings import actions, jobs, queries, reactions
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, State
from chibo.notifications.models import Notice
from chibo.org import actions as org
from chibo.people.models import Status
from chibo.regulations import actions as regulations
from chibo.regulations.models import Value
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import signed_in

pytestmark = pytest.mark.usefixtures("in_english")

FLOOD = "khắc phục thiệt hại sau lũ"


def plan_month(cast: Cast, month: date, **fields: Any) -> list[Meeting]:
    defaults: dict[str, Any] = {"actor": SYSTEM, "unit_id": cast.na_phon.pk, "month": month, "at": make.PLANNED}
    return actions.plan_month(**defaults | fields)


def plan(cast: Cast, **fields: Any) -> Meeting:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "unit_id": cast.na_phon.pk,
        "kind": Kind.EXTRAORDINARY,
        "on": date(2026, 11, 12),
        "time": time(20),
        "place": make.PLACE,
        "topic": FLOOD,
        "at": cast.at,
    }
    return actions.plan_meeting(**defaults | fields)


def move(cast: Cast, meeting: Meeting, **fields: Any) -> Meeting:
    defaults: dict[str, Any] = {
        "actor": cast.secretary,
        "meeting_id": meeting.pk,
        "on": meeting.on,
        "time": meeting.time,
        "place": meeting.place,
        "topic": meeting.topic,
        "seen_version": meeting.version,
        "at": make.PLANNED,
    }
    return actions.change_meeting(**defaults | fields)


# The calendar


def test_the_calendar_makes_the_regular_meeting_on_day_3_with_its_agenda_and_chair(cast: Cast) -> None:
    (meeting,) = plan_month(cast, date(2026, 12, 1))
    assert (meeting.kind, meeting.on, meeting.time) == (Kind.REGULAR, date(2026, 12, 3), time(19, 30))
    assert meeting.state == State.PREPARING
    assert meeting.is_by_rule
    assert meeting.chair_id == cast.person_id("secretary")
    assert list(meeting.parts.values_list("code", flat=True))[5:7] == ["ledger", "report"]
    assert Entry.objects.get(verb=Verb.MEETING_PLANNED, object_id=meeting.pk).unit_id == cast.na_phon.pk


def test_a_day_off_moves_it_within_the_first_week(cast: Cast) -> None:
    (meeting,) = plan_month(cast, date(2026, 10, 1), at=clock.instant(date(2026, 9, 20), 9))
    assert meeting.on == date(2026, 10, 5)


def test_making_a_month_twice_makes_it_once(cast: Cast) -> None:
    assert len(plan_month(cast, date(2026, 11, 1))) == 2
    assert plan_month(cast, date(2026, 11, 15)) == []


def test_the_second_month_of_a_quarter_gets_its_thematic_session_after_the_regular_meeting(cast: Cast) -> None:
    regular, thematic = plan_month(cast, date(2026, 11, 1))
    assert (thematic.kind, thematic.on, thematic.time) == (Kind.THEMATIC, regular.on, time(21))


def test_a_quarter_that_has_its_thematic_session_gets_no_second_one(cast: Cast) -> None:
    plan(cast, kind=Kind.THEMATIC, on=date(2026, 12, 10), topic="Chuyển đổi số")
    assert [one.kind for one in plan_month(cast, date(2026, 11, 1))] == [Kind.REGULAR]


def test_before_july_2025_the_cell_met_within_its_own_window(cast: Cast) -> None:
    (meeting,) = plan_month(cast, date(2025, 4, 1), at=clock.instant(date(2025, 3, 20), 9))
    assert meeting.on == date(2025, 4, 1)


def test_a_committee_sets_another_day_for_its_cells(cast: Cast) -> None:
    regulations.set_value(
        actor=SYSTEM,
        unit_id=cast.vinh_dong.pk,
        key="meeting.regular.day",
        value=5,
        during=Period(date(2026, 11, 1)),
        source="12-QĐ/ĐU",
        at=make.PLANNED,
    )
    assert plan_month(cast, date(2027, 1, 1))[0].on == date(2027, 1, 5)


def test_a_month_before_the_cell_existed_gets_no_meeting(cast: Cast) -> None:
    assert plan_month(cast, date(2019, 11, 1), at=clock.instant(date(2019, 10, 20), 9)) == []


def test_no_meeting_is_made_for_a_day_that_is_over(cast: Cast) -> None:
    after = clock.instant(date(2026, 11, 4), 1)
    assert plan_month(cast, date(2026, 11, 1), at=after) == []
    plan_month(cast, date(2026, 11, 1))
    Meeting.objects.filter(kind=Kind.THEMATIC).delete()
    assert plan_month(cast, date(2026, 11, 1), at=after) == []


def test_a_thematic_session_that_was_called_off_is_not_made_again(cast: Cast) -> None:
    _regular, thematic = plan_month(cast, date(2026, 11, 1))
    actions.cancel_meeting(actor=cast.secretary, meeting_id=thematic.pk, reason="Lũ.", at=make.PLANNED)
    assert cast.na_phon.pk not in queries.cells_without_meeting(date(2026, 11, 1))
    assert plan_month(cast, date(2026, 11, 1)) == []


def test_one_whose_own_session_was_called_off_still_gets_the_calendars(cast: Cast) -> None:
    own = plan(cast, kind=Kind.THEMATIC, on=date(2026, 12, 10), topic="Chuyển đổi số")
    actions.cancel_meeting(actor=cast.secretary, meeting_id=own.pk, reason="Lũ.", at=cast.at)
    assert [one.kind for one in plan_month(cast, date(2026, 11, 1))] == [Kind.REGULAR, Kind.THEMATIC]


def test_the_night_finds_a_cell_that_lacks_only_its_thematic_session(cast: Cast) -> None:
    plan_month(cast, date(2026, 11, 1))
    assert cast.na_phon.pk not in queries.cells_without_meeting(date(2026, 11, 1))
    Meeting.objects.filter(kind=Kind.THEMATIC).delete()
    assert cast.na_phon.pk in queries.cells_without_meeting(date(2026, 11, 1))


def test_a_cell_whose_meeting_cannot_be_made_does_not_stop_the_others(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = queries.cells_without_meeting(date(2026, 11, 1))
    Value.objects.create(
        unit_id=first,
        key="meeting.regular.time",
        value="tối",
        during=Period(date(2020, 1, 1)),
        issuer="",
        source="",
        set_at=cast.at,
    )
    jobs.plan_months()
    assert not Meeting.objects.filter(unit=first).exists()
    assert Meeting.objects.filter(unit=second, kind=Kind.REGULAR).exists()
    assert str(first) in caplog.text


def test_who_got_parts_of_a_new_meeting_is_told_once_which_and_by_when(cast: Cast) -> None:
    make.change_status(cast, "third", Status.SUSPENDED)
    (meeting,) = plan_month(cast, date(2026, 12, 1), actor=cast.secretary)
    entry = Entry.objects.get(verb=Verb.MEETING_PLANNED, object_id=meeting.pk)
    for _time in range(2):
        reactions.tell_the_owners(entry)
    notice = Notice.objects.get(key=f"{Verb.MEETING_PLANNED}:{entry.pk}")
    assert notice.person_id == cast.person_id("deputy")
    assert "“Báo cáo tình hình" in notice.body
    assert notice.body.endswith("hạn nộp 30/11/2026.")


def test_the_place_is_the_one_where_the_cell_met_last(cast: Cast) -> None:
    make.meeting(cast)
    assert plan_month(cast, date(2026, 12, 1))[0].place == make.PLACE


# Planning by hand


def test_the_secretary_plans_an_extraordinary_meeting_at_will(cast: Cast) -> None:
    meeting = plan(cast)
    assert (meeting.kind, meeting.month, meeting.topic) == (Kind.EXTRAORDINARY, date(2026, 11, 1), FLOOD)
    assert meeting.parts.filter(code="matter").exists()


@pytest.mark.parametrize("who", ["member", "third", "neighbour", "officer", "attending"])
def test_nobody_but_the_secretary_and_the_deputy_plans_a_meeting(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden, match="not yours to do"):
        plan(cast, actor=cast.actor(who))


def test_a_meeting_before_the_cell_existed_is_refused(cast: Cast) -> None:
    founded = clock.day_of(cast.at)
    young = org.found_unit(
        actor=SYSTEM, kind="cell", code="moi", name="Chi bộ mới", parent_id=cast.vinh_dong.pk, since=founded, at=cast.at
    )
    with pytest.raises(Refused, match="the cell did not exist") as refused:
        plan(cast, actor=SYSTEM, unit_id=young.pk, on=founded - timedelta(days=5))
    assert list(refused.value.fields) == ["on"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": date(2026, 11, 2)}, "That day is over"),
        ({"topic": " "}, "Write what the meeting is about"),
        ({"kind": Kind.REGULAR}, "come from the calendar"),
        ({"topic": "TUYỆT MẬT: phương án"}, "secret"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_its_sentence(cast: Cast, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        plan(cast, **fields)
    assert not Meeting.objects.exists()


# Moving and cancelling


def test_a_regular_meeting_moves_within_the_first_week_and_its_due_days_move_along(cast: Cast) -> None:
    meeting = make.meeting(cast)
    due = meeting.parts.exclude(due_on=None).first()
    assert due is not None
    assert due.due_on is not None
    moved = move(cast, meeting, on=date(2026, 11, 6))
    assert (moved.on, moved.version) == (date(2026, 11, 6), meeting.version + 1)
    assert meeting.parts.get(pk=due.pk).due_on == due.due_on + timedelta(days=3)


@pytest.mark.parametrize("on", [date(2026, 11, 8), date(2026, 12, 3)])
def test_it_does_not_move_out_of_the_first_week(cast: Cast, on: date) -> None:
    with pytest.raises(Refused, match="only within the first 7 days"):
        move(cast, make.meeting(cast), on=on)


def test_at_tet_it_moves_to_the_first_working_day_after_the_week(cast: Cast) -> None:
    meeting, _thematic = plan_month(cast, date(2049, 2, 1))
    assert meeting.on == date(2049, 2, 3)
    with pytest.raises(Refused, match="only within the first 8 days"):
        move(cast, meeting, on=date(2049, 2, 9))
    assert move(cast, meeting, on=date(2049, 2, 8)).on == date(2049, 2, 8)


def test_it_does_not_move_into_the_past(cast: Cast) -> None:
    with pytest.raises(Refused, match="That day is over"):
        move(cast, make.meeting(cast), on=date(2026, 11, 2), at=cast.at)


def test_who_did_not_see_the_last_change_is_shown_both_versions(cast: Cast) -> None:
    meeting = make.meeting(cast)
    move(cast, meeting, place="Nhà đồng chí Lộc", actor=cast.deputy)
    with pytest.raises(Stale) as stale:
        move(cast, meeting, time=time(20))
    assert "Nhà đồng chí Lộc" in stale.value.edit.stands
    assert "20:00" in stale.value.edit.typed


def test_a_meeting_that_has_begun_is_not_moved(cast: Cast) -> None:
    with pytest.raises(Refused, match="has begun"):
        move(cast, make.under_way(cast), place="Nơi khác")


def test_an_extraordinary_meeting_is_called_off_with_its_reason(cast: Cast) -> None:
    meeting = plan(cast)
    with pytest.raises(Refused, match="Write why"):
        actions.cancel_meeting(actor=cast.secretary, meeting_id=meeting.pk, reason=" ", at=cast.at)
    with pytest.raises(Refused, match="secret"):
        actions.cancel_meeting(actor=cast.secretary, meeting_id=meeting.pk, reason="TUYỆT MẬT: nước rút.", at=cast.at)
    cancelled = actions.cancel_meeting(actor=cast.secretary, meeting_id=meeting.pk, reason="Nước rút.", at=cast.at)
    assert cancelled.state == State.CANCELLED
    with pytest.raises(Refused, match="was cancelled"):
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)


def test_the_page_of_a_meeting_that_was_called_off_says_why(cast: Cast) -> None:
    found = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    assert queries.why_cancelled(found) == ""
    found = actions.cancel_meeting(actor=cast.secretary, meeting_id=found.pk, reason="Mưa lũ chia cắt.", at=cast.at)
    assert queries.why_cancelled(found) == "Mưa lũ chia cắt."
    page = signed_in(cast, "member").get(reverse("meetings:meeting", args=[found.pk])).content.decode()
    assert "Mưa lũ chia cắt." in page


def test_the_clerk_of_a_meeting_that_was_called_off_is_clerk_no_more(cast: Cast) -> None:
    meeting = plan(cast)
    make.name_clerk(cast, meeting, "member")
    actions.cancel_meeting(actor=cast.secretary, meeting_id=meeting.pk, reason="Nước rút.", at=cast.at)
    assert not Grant.objects.filter(matter=meeting.pk).exists()


def test_the_suspended_are_not_told_of_a_meeting(cast: Cast) -> None:
    make.change_status(cast, "member", Status.SUSPENDED)
    meeting = plan(cast)
    assert cast.person_id("member") not in reactions.invited(meeting)
    assert cast.person_id("member") not in [one.person.pk for one in queries.audience(meeting)]
    assert {cast.person_id("third"), cast.person_id("attending")} <= set(reactions.invited(meeting))


def test_a_regular_meeting_is_moved_and_never_called_off(cast: Cast) -> None:
    with pytest.raises(Refused, match="Move it to another day"):
        actions.cancel_meeting(actor=cast.secretary, meeting_id=make.meeting(cast).pk, reason="Mưa.", at=make.PLANNED)


def test_an_office_that_ended_yesterday_decides_nothing_today(cast: Cast) -> None:
    meeting = make.meeting(cast)
    make.end_office(cast, "secretary")
    with pytest.raises(Forbidden, match="Your office may have ended"):
        move(cast, meeting, place="Nơi khác", at=clock.now())


def test_a_meeting_that_was_planned_keeps_its_time_and_those_who_can_move_it_are_told(cast: Cast) -> None:
    (december,) = plan_month(cast, date(2026, 12, 1))
    row = regulations.set_value(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        key="meeting.regular.time",
        value="20:00",
        during=Period(date(2026, 12, 1)),
        source="15-QC/ĐU",
        at=cast.at,
    )
    entry = Entry.objects.get(verb=Verb.VALUE_SET, object_id=row.pk)
    for _twice in range(2):
        reactions.tell_which_meetings_keep_their_time(entry)
    assert Meeting.objects.get(pk=december.pk).time == time(19, 30)
    told = {one.person_id: one for one in Notice.objects.filter(at=cast.at)}
    assert set(told) == {cast.person_id(who) for who in ("secretary", "deputy", "officer")}
    body = told[cast.person_id("secretary")].body
    assert "20:00" in body
    assert "vẫn giữ 19:30" in body


def test_who_sets_another_hour_is_told_which_meetings_keep_the_old_one(cast: Cast) -> None:
    plan_month(cast, date(2026, 12, 1))
    row = regulations.set_value(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        key="meeting.regular.time",
        value="20:00",
        during=Period(date(2026, 12, 1)),
        source="15-QC/ĐU",
        at=cast.at,
    )
    reactions.tell_which_meetings_keep_their_time(Entry.objects.get(verb=Verb.VALUE_SET, object_id=row.pk))
    notice = Notice.objects.get(person=cast.person_id("officer"))
    assert "Chi bộ xóm Nà Phòn, 03/12/2026 lúc 19:30" in notice.body


def test_on_its_own_day_a_meeting_goes_before_one_that_is_still_to_be_adopted(cast: Cast) -> None:
    before, today = make.ended(cast), clock.day_of(cast.at)
    coming = make.announced(cast, kind=Kind.EXTRAORDINARY)
    # The first of one evening is finished first.
    assert queries.current(cast.na_phon.pk, today) == before
    Meeting.objects.filter(pk=before.pk).update(on=today - timedelta(days=1))
    assert queries.current(cast.na_phon.pk, today) == coming
    assert queries.current(cast.na_phon.pk, today - timedelta(days=1)) == before
