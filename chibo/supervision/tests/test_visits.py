"""Who attends a cell reports, what he promises is followed, and a month is planned with the secretaries."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind
from chibo.notifications.models import Notice
from chibo.people.models import Status
from chibo.supervision import actions, queries
from chibo.supervision.models import ProposalState, Report
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SEEN = "Chuẩn bị kỹ, thảo luận đúng trọng tâm."


def report(
    cast: Cast,
    meeting: Meeting,
    *,
    who: str = "attending",
    hands_in: bool = True,
    at: datetime | None = None,
    **typed: object,
) -> Report:
    found = Report.objects.filter(meeting=meeting, person_id=cast.person_id(who)).first()
    given: dict[str, object] = {
        "was_there": True,
        "absent_because": "",
        "seen": SEEN,
        "helped": "",
        "opinions": "",
        "promises": [("Đề nghị xã cấp 40 tấn xi măng", clock.day_of(cast.at) + timedelta(days=20))],
    }
    return actions.save_report(
        actor=cast.actor(who),
        meeting_id=meeting.pk,
        hands_in=hands_in,
        at=at or cast.at + timedelta(hours=3),
        **given | {"seen_version": found.version if found else 0} | typed,  # type: ignore[arg-type]  # facts of several types
    )


def test_who_attended_is_asked_for_a_report_and_the_cell_reads_it(cast: Cast) -> None:
    meeting = make.ended(cast)
    audit.deliver()
    asked = Notice.objects.filter(person_id=cast.person_id("attending"), path__endswith="/report/")
    assert asked.count() == 1
    written = report(cast, meeting)
    audit.deliver()
    told = Notice.objects.filter(path=reverse("supervision:reports", args=[meeting.pk]))
    assert cast.person_id("secretary") in set(told.values_list("person_id", flat=True))
    assert queries.reports_on(cast.secretary, meeting) == [written]
    assert queries.reports_on(cast.member, meeting) == []


def test_a_report_is_kept_as_a_draft_and_stands_once_it_is_handed_in(cast: Cast) -> None:
    meeting = make.ended(cast)
    report(cast, meeting, hands_in=False, seen="")
    assert queries.reports_on(cast.secretary, meeting) == []
    with pytest.raises(Refused, match="what you saw"):
        report(cast, meeting, seen=" ")
    report(cast, meeting)
    with pytest.raises(Refused, match="stands as it is"):
        report(cast, meeting, seen="Khác")


def test_a_report_says_why_he_was_not_there_and_by_when_he_keeps_his_word(cast: Cast) -> None:
    meeting = make.ended(cast)
    with pytest.raises(Refused, match="could not attend"):
        report(cast, meeting, was_there=False)
    with pytest.raises(Refused, match="by when"):
        report(cast, meeting, promises=[("", None), ("Hỏi lại huyện", None)])
    with pytest.raises(Refused, match="not been held"):
        report(cast, make.meeting(cast, kind=Kind.EXTRAORDINARY))


def test_two_pages_of_one_report_do_not_overwrite_each_other(cast: Cast) -> None:
    meeting = make.ended(cast)
    report(cast, meeting, hands_in=False)
    with pytest.raises(Refused, match="on another page"):
        report(cast, meeting, seen="Trang cũ", seen_version=0)
    assert Report.objects.get().seen == SEEN
    many = [(f"Lời hứa {n}", clock.day_of(cast.at)) for n in range(11)]
    with pytest.raises(Refused, match="10 promises"):
        report(cast, meeting, promises=many)


def test_who_was_replaced_still_reports_on_his_last_meeting_and_keeps_his_word(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make.ended(cast)
    since = clock.day_of(cast.at) + timedelta(days=2)
    actions.assign(
        actor=cast.officer,
        unit_ids=[cast.na_phon.pk],
        user_id=cast.user("third").pk,
        since=since,
        replaces=True,
        at=cast.at,
    )
    later = clock.instant(since + timedelta(days=1), 9)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Forbidden):
        report(cast, meeting, who="member", at=later)
    client = signed_in(cast, "attending")
    address = reverse("supervision:report", args=[meeting.pk])
    assert client.get(address).status_code == 200
    (promise,) = report(cast, meeting, at=later).promises.all()
    assert client.get(address).headers["Location"] == reverse("home")
    kept = reverse("supervision:keep", args=[promise.pk])
    assert send(client, kept, {"result": "Xã đã trả lời."}).status_code == 302
    assert signed_in(cast, "secretary").get(kept).status_code == 403
    make.change_status(cast, "attending", Status.SUSPENDED, since=date(2026, 10, 1))
    assert not queries.may_keep(cast.attending, promise)
    assert not queries.may_report(cast.attending, meeting, since + timedelta(days=1))
    meeting.on = since  # one that was held when another followed the cell
    assert not queries.may_report(cast.attending, meeting, since + timedelta(days=1))


@pytest.mark.parametrize("who", ["secretary", "member", "officer"])
def test_others_do_not_report(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        report(cast, make.ended(cast), who=who)


def test_a_promise_is_followed_until_it_is_kept(cast: Cast) -> None:
    meeting = make.ended(cast)
    (promise,) = report(cast, meeting).promises.all()
    later = promise.due_on + timedelta(days=1)
    assert list(queries.promises_late(cast.officer, cast.vinh_dong, later)) == [promise]
    with pytest.raises(Refused, match="what was done"):
        actions.keep_promise(actor=cast.attending, promise_id=promise.pk, result=" ", at=cast.at)
    actions.keep_promise(actor=cast.attending, promise_id=promise.pk, result="Xã đã cấp 40 tấn.", at=cast.at)
    assert not queries.promises_late(cast.officer, cast.vinh_dong, later)
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("secretary"), body__contains="Xã đã cấp 40 tấn.").exists()


def test_what_a_draft_promises_is_nobodys_yet(cast: Cast) -> None:
    meeting = make.ended(cast)
    (promise,) = report(cast, meeting, hands_in=False).promises.all()
    assert not queries.promises_late(cast.officer, cast.vinh_dong, promise.due_on + timedelta(days=1))
    with pytest.raises(NotThere):
        actions.keep_promise(actor=cast.attending, promise_id=promise.pk, result="Đã hỏi.", at=cast.at)


def test_a_promise_holds_no_state_secret(cast: Cast) -> None:
    with pytest.raises(Refused, match="secret"):
        report(cast, make.ended(cast), promises=[("TỐI MẬT: gửi lại bản đồ", date(2027, 1, 1))])


def test_his_own_committee_sees_first_that_a_report_is_missing(cast: Cast) -> None:
    meeting = make.ended(cast)
    due = queries.due_on(meeting)
    assert not queries.missing(cast.officer, cast.vinh_dong, due)
    late = due + timedelta(days=1)
    assert list(queries.missing(cast.officer, cast.vinh_dong, late)) == [meeting]
    assert not queries.missing(cast.secretary, cast.vinh_dong, late)
    report(cast, meeting)
    assert not queries.missing(cast.officer, cast.vinh_dong, late)


def test_a_reminder_of_a_missing_report_is_begun_with_whose_and_which(cast: Cast) -> None:
    meeting = make.ended(cast)
    page = signed_in(cast, "officer").get(reverse("supervision:missing", args=[cast.vinh_dong.pk]))
    remind = reverse("supervision:remind", args=[meeting.unit_id]) + f"?meeting={meeting.pk}"
    assert remind in page.content.decode()
    form = signed_in(cast, "officer").get(remind).context["form"]
    assert form.initial["to"] == str(cast.person_id("attending"))
    assert f"{meeting.on:%d/%m/%Y}" in form.initial["text"]


def test_several_cells_are_assigned_at_once_and_the_one_before_no_longer_follows(cast: Cast) -> None:
    since = clock.day_of(cast.at) + timedelta(days=10)
    actions.assign(
        actor=cast.officer,
        unit_ids=[cast.na_phon.pk, cast.tong_dau.pk],
        user_id=cast.user("third").pk,
        since=since,
        replaces=True,
        at=cast.at,
    )
    # Nobody is left without a day: the one before is still his who followed until then.
    before = {(one.unit_id, one.user_id) for one in queries.followers(cast.vinh_dong, since - timedelta(days=1))}
    assert before == {(cast.na_phon.pk, cast.user("attending").pk)}
    follows = {(one.unit_id, one.user_id) for one in queries.followers(cast.vinh_dong, since)}
    assert follows == {(cast.na_phon.pk, cast.user("third").pk), (cast.tong_dau.pk, cast.user("third").pk)}
    with pytest.raises(Forbidden):
        actions.assign(
            actor=cast.secretary,
            unit_ids=[cast.na_phon.pk],
            user_id=cast.user("third").pk,
            since=since,
            replaces=False,
            at=cast.at,
        )


def next_month(cast: Cast) -> tuple[Meeting, Meeting]:
    """The December meetings of Nà Phòn and Tổng Đậu, on one evening, both followed by the same member."""
    actions.assign(
        actor=cast.officer,
        unit_ids=[cast.tong_dau.pk],
        user_id=cast.user("attending").pk,
        since=date(2026, 11, 1),
        replaces=False,
        at=cast.at,
    )
    month = date(2026, 12, 1)
    found = []
    for unit, actor in ((cast.na_phon, cast.secretary), (cast.tong_dau, cast.neighbour)):
        meetings.plan_month(actor=actor, unit_id=unit.pk, month=month, at=cast.at)
        found.append(Meeting.objects.get(unit=unit, month=month, kind="regular"))
    return found[0], found[1]


def test_a_clash_is_shown_and_the_secretary_decides_on_the_day_proposed(cast: Cast) -> None:
    one, other = next_month(cast)
    today = clock.day_of(cast.at)
    line = queries.line_of_month(cast.officer, cast.vinh_dong, one.month)
    assert [entry.clashes for entry in line] == [True, True]
    ((change,), without) = queries.proposed(cast.vinh_dong, line, one.month, today)
    assert not without
    assert change.is_moved
    assert not change.is_stand_in
    proposal = actions.propose_day(
        actor=cast.officer, meeting_id=change.meeting.pk, to_on=change.on, reason="Trùng lịch dự.", at=cast.at
    )
    secretary = cast.secretary if change.meeting == one else cast.neighbour
    with pytest.raises(Refused, match="cannot be changed"):
        actions.answer_proposal(actor=secretary, proposal_id=proposal.pk, accepts=False, answer="", at=cast.at)
    with pytest.raises(Forbidden):
        actions.answer_proposal(actor=cast.officer, proposal_id=proposal.pk, accepts=True, answer="", at=cast.at)
    actions.answer_proposal(actor=secretary, proposal_id=proposal.pk, accepts=True, answer="", at=cast.at)
    change.meeting.refresh_from_db()
    assert change.meeting.on == change.on
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED
    line = queries.line_of_month(cast.officer, cast.vinh_dong, one.month)
    assert not any(entry.clashes for entry in line)
    assert other.month == one.month


def test_a_stand_in_goes_to_one_meeting_and_reports_on_it_alone(cast: Cast) -> None:
    one, _other = next_month(cast)
    actions.name_stand_in(actor=cast.officer, meeting_id=one.pk, person_id=cast.person_id("third"), at=cast.at)
    grant = Grant.objects.get(role=Role.ATTENDING, matter=one.pk)
    assert grant.user_id == cast.user("third").pk
    line = queries.line_of_month(cast.officer, cast.vinh_dong, one.month)
    (entry,) = [entry for entry in line if entry.meeting == one]
    assert [person.pk for person in entry.people] == [cast.person_id("third")]
    assert not entry.clashes


def test_who_is_sent_in_place_of_another_is_asked_in_his_place_and_may_be_replaced_in_turn(cast: Cast) -> None:
    one, other = next_month(cast)
    # The second some days later: the first had his role for a while, and attends no more.
    for who, days in (("third", 0), ("neighbour", 3)):
        at = cast.at + timedelta(days=days)
        actions.name_stand_in(actor=cast.officer, meeting_id=one.pk, person_id=cast.person_id(who), at=at)
    who_attends = meeting_queries.attending_of([one, other])
    assert [person.pk for person in who_attends[one.pk]] == [cast.person_id("neighbour")]
    assert [person.pk for person in who_attends[other.pk]] == [cast.person_id("attending")]


def test_a_stand_in_keeps_his_own_word(cast: Cast) -> None:
    meeting = make.ended(cast)
    Grant.objects.create(
        user=cast.user("neighbour"),
        role=Role.ATTENDING,
        unit=meeting.unit,
        matter=meeting.pk,
        during=Period(clock.day_of(cast.at), date(2027, 3, 1)),
    )
    (promise,) = report(cast, meeting, who="neighbour").promises.all()
    client = signed_in(cast, "neighbour")
    assert send(client, reverse("supervision:keep", args=[promise.pk]), {"result": "Xã đã trả lời."}).status_code == 302
    promise.refresh_from_db()
    assert promise.result == "Xã đã trả lời."


def test_a_proposal_that_was_replaced_is_answered_no_more(cast: Cast) -> None:
    one, _other = next_month(cast)
    first, second = (
        actions.propose_day(
            actor=cast.officer, meeting_id=one.pk, to_on=one.on + timedelta(days=n), reason="Trùng lịch.", at=cast.at
        )
        for n in (1, 2)
    )
    with pytest.raises(NotThere):
        actions.answer_proposal(actor=cast.secretary, proposal_id=first.pk, accepts=True, answer="", at=cast.at)
    actions.answer_proposal(actor=cast.secretary, proposal_id=second.pk, accepts=True, answer="", at=cast.at)


def test_a_reminder_is_a_notice_that_is_answered(cast: Cast) -> None:
    reminder = actions.send_reminder(
        actor=cast.officer,
        unit_id=cast.na_phon.pk,
        to_id=cast.person_id("secretary"),
        text="Chi bộ chưa nộp nghị quyết tháng 10; đề nghị nộp trước ngày 10.",
        at=cast.at,
    )
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("secretary"), path__contains="/reminders/").count() == 1
    with pytest.raises(NotThere):
        actions.answer_reminder(actor=cast.deputy, reminder_id=reminder.pk, answer="Đã nộp.", at=cast.at)
    actions.answer_reminder(actor=cast.secretary, reminder_id=reminder.pk, answer="Đã nộp.", at=cast.at)
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("officer"), body__contains="Đã nộp.").exists()
    with pytest.raises(Refused, match="leads this unit"):
        actions.send_reminder(
            actor=cast.officer, unit_id=cast.na_phon.pk, to_id=cast.person_id("member"), text="…", at=cast.at
        )


# Pages


def test_the_report_is_written_on_its_page(cast: Cast) -> None:
    meeting = make.ended(cast)
    client = signed_in(cast, "attending")
    address = reverse("supervision:report", args=[meeting.pk])
    due = clock.today() + timedelta(days=9)
    typed = {
        "seen_version": 0,
        "was_there": "yes",
        "seen": SEEN,
        "promise_0": "Hỏi lại xã",
        **day("due_on_0", due),
        "then": "hand_in",
    }
    assert send(client, address, typed | {"seen": ""}).status_code == 409
    assert send(client, address, typed).status_code == 302
    page = signed_in(cast, "secretary").get(reverse("supervision:reports", args=[meeting.pk])).content.decode()
    assert "Hỏi lại xã" in page


def test_the_board_and_the_plan_cost_the_same_for_any_number_of_cells(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    next_month(cast)
    client = signed_in(cast, "officer")
    with django_assert_max_num_queries(35):
        assert client.get(reverse("supervision:board", args=[cast.vinh_dong.pk])).status_code == 200
    with django_assert_max_num_queries(35):
        page = client.get(reverse("supervision:plan", args=[cast.vinh_dong.pk]) + "?month=2026-12")
    assert page.context["clashes"] == 2


@pytest.mark.parametrize("who", ["secretary", "member", "attending", "neighbour", "operator"])
def test_the_board_is_the_committees(cast: Cast, who: str) -> None:
    for name in ("board", "plan", "missing", "assign"):
        address = reverse(f"supervision:{name}", args=[cast.vinh_dong.pk])
        assert signed_in(cast, who).get(address).status_code in (403, 404)
