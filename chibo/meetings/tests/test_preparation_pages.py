"""Preparing and announcing a meeting over HTTP: who may, what is refused, what is kept, what is sent twice."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.meetings import actions, queries
from chibo.meetings.models import Meeting, Part, PartFile
from chibo.meetings.rules import Kind, State
from chibo.notifications.models import Notice
from chibo.tasks import actions as tasks
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, form_key, send, signed_in


def next_month() -> date:
    return (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """The regular meeting of next month, as the calendar makes it."""
    actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=next_month(), at=clock.now())
    return Meeting.objects.get(unit=cast.na_phon, month=next_month(), kind=Kind.REGULAR)


def address(name: str, thing: Meeting | Part) -> str:
    return reverse(f"meetings:{name}", args=[thing.pk])


def with_place(cast: Cast, meeting: Meeting) -> Meeting:
    return actions.change_meeting(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        on=meeting.on,
        time=meeting.time,
        place="Nhà văn hóa xóm",
        topic="",
        seen_version=meeting.version,
        at=clock.now(),
    )


def report(meeting: Meeting) -> Part:
    """The part that the template gives to the deputy."""
    return meeting.parts.get(code="report")


class TestWhoSees:
    @pytest.mark.parametrize("who", ["secretary", "deputy", "third", "member", "probationary", "attending", "officer"])
    def test_the_meeting_is_open_to_all_who_come_and_to_the_committee(
        self, cast: Cast, meeting: Meeting, who: str
    ) -> None:
        page = signed_in(cast, who).get(address("meeting", meeting))
        assert page.status_code == 200
        assert "Báo cáo tình hình tháng qua" in page.content.decode()

    @pytest.mark.parametrize("who", ["neighbour", "operator"])
    def test_to_others_it_is_not_there(self, cast: Cast, meeting: Meeting, who: str) -> None:
        client = signed_in(cast, who)
        part = report(meeting)
        for where in (
            address("meeting", meeting),
            address("change", meeting),
            address("announce", meeting),
            address("preparatory", meeting),
            address("add_part", meeting),
            address("part", part),
            address("assign_part", part),
            reverse("meetings:of_unit", args=[cast.na_phon.pk]),
            reverse("meetings:plan", args=[cast.na_phon.pk]),
        ):
            assert client.get(where).status_code == 404, where

    def test_a_member_is_not_offered_what_is_the_secretarys(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "member")
        page = client.get(address("meeting", meeting)).content.decode()
        assert address("change", meeting) not in page
        assert address("announce", meeting) not in page
        assert "Bùi Văn Thưởng" in page
        assert client.get(address("change", meeting)).status_code == 403
        assert client.get(address("announce", meeting)).status_code == 403
        assert client.get(address("assign_part", report(meeting))).status_code == 403


class TestDayAndPlace:
    def test_the_secretary_writes_the_place(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        typed = {"seen_version": 1, "time": "20h", "place": "Nhà văn hóa xóm Nà Phòn"} | day("on", meeting.on)
        sent = send(client, address("change", meeting), typed)
        assert sent.status_code == 302
        meeting.refresh_from_db()
        assert (meeting.place, meeting.time.hour) == ("Nhà văn hóa xóm Nà Phòn", 20)

    def test_a_regular_meeting_stays_within_the_first_week(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        typed = {"seen_version": 1, "time": "19:30", "place": "Nhà ông Thưởng"} | day("on", meeting.on.replace(day=20))
        refused = send(client, address("change", meeting), typed)
        page = refused.content.decode()
        assert refused.status_code == 409
        assert "Nhà ông Thưởng" in page
        assert 'value="20"' in page

    def test_two_who_change_it_see_both_versions(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        with_place(cast, meeting)
        typed = {"seen_version": 1, "time": "19:30", "place": "Trụ sở xã"} | day("on", meeting.on)
        stale = send(client, address("change", meeting), typed)
        page = stale.content.decode()
        assert stale.status_code == 409
        assert "Nhà văn hóa xóm" in page
        assert "Trụ sở xã" in page
        again = send(client, address("change", meeting), typed | {"seen_version": 2})
        assert again.status_code == 302
        assert Meeting.objects.get(pk=meeting.pk).place == "Trụ sở xã"

    def test_an_extraordinary_meeting_is_planned_once_however_often_it_is_sent(self, cast: Cast) -> None:
        client = signed_in(cast, "deputy")
        where = reverse("meetings:plan", args=[cast.na_phon.pk])
        key = form_key(client, where)
        typed = {"kind": "extraordinary", "topic": "Khắc phục lũ", "time": "19:30", "place": "Nhà văn hóa"}
        typed |= day("on", clock.today() + timedelta(days=2))
        first, second = (send(client, where, typed, key=key) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert Meeting.objects.filter(kind=Kind.EXTRAORDINARY).count() == 1

    def test_a_meeting_of_yesterday_is_not_planned(self, cast: Cast) -> None:
        client = signed_in(cast, "secretary")
        typed = {"kind": "thematic", "topic": "Chuyển đổi số", "time": "19:30"}
        typed |= day("on", clock.today() - timedelta(days=1))
        refused = send(client, reverse("meetings:plan", args=[cast.na_phon.pk]), typed)
        assert refused.status_code == 409
        assert "Chuyển đổi số" in refused.content.decode()
        assert not Meeting.objects.filter(kind=Kind.THEMATIC).exists()

    def test_only_what_was_added_is_called_off(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        refused = send(client, address("cancel", meeting), {"reason": "Bận mùa"})
        assert refused.status_code == 409
        other = actions.plan_meeting(
            actor=cast.secretary,
            unit_id=cast.na_phon.pk,
            kind=Kind.EXTRAORDINARY,
            on=clock.today(),
            time=meeting.time,
            place="Nhà văn hóa",
            topic="Khắc phục lũ",
            at=clock.now(),
        )
        assert send(client, address("cancel", other), {"reason": "Lũ đã rút"}).status_code == 302
        other.refresh_from_db()
        assert other.state == State.CANCELLED


class TestTheAgenda:
    def test_the_secretary_gives_a_part_to_a_member(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        part = report(meeting)
        due = meeting.on - timedelta(days=2)
        typed = {"title": part.title, "owner": str(cast.person_id("member")), "seen_version": part.given_as}
        typed |= day("due_on", due)
        assert send(client, address("assign_part", part), typed).status_code == 302
        part.refresh_from_db()
        assert (part.owner_id, part.due_on) == (cast.person_id("member"), due)
        late = send(client, address("assign_part", part), typed | {"owner": str(cast.person_id("third"))})
        assert late.status_code == 409
        assert "Bản đang có" in late.content.decode()
        part.refresh_from_db()
        assert part.owner_id == cast.person_id("member")

    def test_a_due_day_after_the_meeting_is_refused_beside_its_field(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        typed = {"title": "Tình hình vụ mùa", "owner": str(cast.person_id("member"))}
        typed |= day("due_on", meeting.on + timedelta(days=1))
        refused = send(client, address("add_part", meeting), typed)
        assert refused.status_code == 409
        assert "Tình hình vụ mùa" in refused.content.decode()
        assert "due_on" in refused.context["form"].errors

    def test_a_stranger_cannot_be_given_a_part(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        typed = {"title": "Tình hình vụ mùa", "owner": str(cast.person_id("neighbour"))}
        assert send(client, address("add_part", meeting), typed).status_code == 422

    def test_an_own_part_is_added_moved_and_removed(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "deputy")
        typed = {"title": "Tình hình vụ mùa", "owner": str(cast.person_id("member"))}
        assert send(client, address("add_part", meeting), typed).status_code == 302
        part = meeting.parts.get(title="Tình hình vụ mùa")
        was = part.position
        on_its_page = address("part", part)
        typed = {"seen_version": "1", "material": ""}
        moved = send(client, address("move_part", part), typed | {"direction": "up"}, shown_on=on_its_page)
        assert moved.status_code == 302
        part.refresh_from_db()
        assert part.position == was - 1
        assert send(client, address("remove_part", part), typed, shown_on=on_its_page).status_code == 302
        assert not meeting.parts.filter(pk=part.pk).exists()

    def test_what_the_order_asks_for_stays(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        part = report(meeting)
        typed = {"seen_version": part.version, "material": ""}
        kept = send(client, address("remove_part", part), typed, shown_on=address("part", part))
        assert kept.status_code == 409
        assert meeting.parts.filter(pk=part.pk).exists()

    def test_what_is_typed_goes_with_a_part_that_is_moved_and_keeps_it_from_being_removed(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        client = signed_in(cast, "secretary")
        send(client, address("add_part", meeting), {"title": "Tình hình vụ mùa", "owner": ""})
        part = meeting.parts.get(title="Tình hình vụ mùa")
        typed = {"seen_version": 1, "material": "Đã gặt 30 ha."}
        kept = send(client, address("remove_part", part), typed, shown_on=address("part", part))
        assert kept.status_code == 409
        assert "Đã gặt 30 ha." in kept.content.decode()
        assert not meeting.parts.get(pk=part.pk).material
        moved = send(client, address("move_part", part), typed | {"direction": "up"}, shown_on=address("part", part))
        assert moved.status_code == 302
        assert meeting.parts.get(pk=part.pk).material == "Đã gặt 30 ha."

    def test_moving_a_part_never_puts_an_old_text_in_the_place_of_a_new_one(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        send(client, address("add_part", meeting), {"title": "Tình hình vụ mùa", "owner": ""})
        part = meeting.parts.get(title="Tình hình vụ mùa")
        actions.write_part(
            actor=cast.secretary, part_id=part.pk, material="Đã gặt 30 ha.", seen_version=1, at=clock.now()
        )
        typed = {"seen_version": "1", "material": "", "direction": "up"}
        for _press in range(2):
            stale = send(client, address("move_part", part), typed, shown_on=address("part", part))
            assert stale.status_code == 409
            assert 'name="seen_version" value="1"' in stale.content.decode()
        assert meeting.parts.get(pk=part.pk).material == "Đã gặt 30 ha."

    def test_what_was_postponed_comes_in_with_its_origin(self, cast: Cast) -> None:
        held = make.called(cast)
        discussion = make.part_that_holds(held, "discussion")
        Part.objects.filter(pk=discussion.pk).update(outcome="postponed")
        Meeting.objects.filter(pk=held.pk).update(state=State.LOCKED)
        actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=next_month(), at=clock.now())
        meeting = Meeting.objects.get(unit=cast.na_phon, month=next_month(), kind=Kind.REGULAR)
        page = signed_in(cast, "member").get(address("meeting", meeting)).content.decode()
        assert f"chuyển từ buổi họp {held.on:%d/%m/%Y}" in page


class TestAPart:
    def test_its_owner_writes_adds_a_file_and_hands_it_in_at_once(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "deputy")
        part = report(meeting)
        upload = SimpleUploadedFile("bao-cao.txt", "Đã làm 10 trên 12 việc.".encode())
        typed = {"material": "Báo cáo tháng", "seen_version": 1, "file": upload}
        assert send(client, address("hand_in", part), typed, shown_on=address("part", part)).status_code == 302
        part.refresh_from_db()
        assert part.material == "Báo cáo tháng"
        assert part.handed_in_at
        assert PartFile.objects.filter(part=part, file__name="bao-cao.txt").exists()

    def test_somebody_elses_part_is_only_read(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        client = signed_in(cast, "member")
        page = client.get(address("part", part)).content.decode()
        assert "<textarea" not in page
        assert "Quách Thị Lộc" in page
        own = meeting.parts.get(code="information")
        Part.objects.filter(pk=own.pk).update(owner=cast.person_id("member"))
        typed = {"material": "Viết hộ", "seen_version": 1}
        refused = send(client, address("part", part), typed, shown_on=address("part", own))
        assert refused.status_code == 403
        part.refresh_from_db()
        assert part.material == ""

    def test_a_draft_is_not_shown_before_it_is_handed_in(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        actions.write_part(actor=cast.deputy, part_id=part.pk, material="Bản nháp đầu", seen_version=1, at=clock.now())
        client = signed_in(cast, "member")
        assert "Bản nháp đầu" not in client.get(address("part", part)).content.decode()
        actions.hand_in(actor=cast.deputy, part_id=part.pk, at=clock.now())
        assert "Bản nháp đầu" in client.get(address("part", part)).content.decode()

    def test_a_file_is_shown_and_told_of_once_its_part_is_handed_in(self, cast: Cast, meeting: Meeting) -> None:
        with_place(cast, meeting)
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        part = report(meeting)
        upload = SimpleUploadedFile("bao-cao.txt", b"a")
        actions.write_part(
            actor=cast.deputy, part_id=part.pk, material="", seen_version=1, upload=upload, at=clock.now()
        )
        audit.deliver()
        told = Notice.objects.filter(person_id=cast.person_id("member"), subject__startswith="Tài liệu mới")
        member = signed_in(cast, "member")
        for where in (address("meeting", meeting), address("part", part)):
            assert "bao-cao.txt" not in member.get(where).content.decode()
            assert "bao-cao.txt" in signed_in(cast, "deputy").get(where).content.decode()
        assert not told.exists()
        actions.hand_in(actor=cast.deputy, part_id=part.pk, at=clock.now())
        audit.deliver()
        assert "bao-cao.txt" in member.get(address("part", part)).content.decode()
        assert told.count() == 1

    def test_a_wrong_file_is_taken_back_and_opens_no_more(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        upload = SimpleUploadedFile("nham.txt", b"a")
        paper = actions.attach(actor=cast.deputy, part_id=part.pk, upload=upload, at=clock.now())
        deputy, member = signed_in(cast, "deputy"), signed_in(cast, "member")
        where = reverse("meetings:remove_paper", args=[paper.pk])
        assert where in deputy.get(address("part", part)).content.decode()
        assert member.get(where).headers["Location"] == address("part", part)
        assert send(deputy, where, {}).headers["Location"] == address("part", part)
        assert not part.files.exists()
        assert member.get(reverse("file", args=[paper.file_id])).status_code == 404
        assert Entry.objects.get(verb=Verb.PAPER_REMOVED).facts["name"] == "nham.txt"

    def test_nothing_is_handed_in_empty(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        client = signed_in(cast, "deputy")
        typed = {"material": "  ", "seen_version": 1}
        refused = send(client, address("hand_in", part), typed, shown_on=address("part", part))
        assert refused.status_code == 409
        assert "material" in refused.context["form"].errors
        part.refresh_from_db()
        assert part.handed_in_at is None

    def test_two_who_write_see_both_texts_and_may_then_replace(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        client = signed_in(cast, "deputy")
        actions.write_part(actor=cast.secretary, part_id=part.pk, material="Của bí thư", seen_version=1, at=clock.now())
        stale = send(client, address("part", part), {"material": "Của phó bí thư", "seen_version": 1})
        page = stale.content.decode()
        assert stale.status_code == 409
        assert "Của bí thư" in page
        assert "Của phó bí thư" in page
        assert 'name="seen_version" value="2"' in page

    def test_a_marked_secret_is_refused_and_the_text_kept(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        client = signed_in(cast, "deputy")
        typed = {"material": "TỐI MẬT\nKế hoạch", "seen_version": 1}
        refused = send(client, address("part", part), typed)
        assert refused.status_code == 409
        assert "Kế hoạch" in refused.content.decode()
        part.refresh_from_db()
        assert part.material == ""

    def test_it_is_taken_back_into_work(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        actions.hand_in(actor=cast.deputy, part_id=part.pk, material="Xong", seen_version=1, at=clock.now())
        client = signed_in(cast, "deputy")
        typed = {"material": "Còn thiếu số liệu", "seen_version": 2}
        assert send(client, address("reopen_part", part), typed, shown_on=address("part", part)).status_code == 302
        part.refresh_from_db()
        assert part.handed_in_at is None
        assert part.material == "Còn thiếu số liệu"

    def test_a_late_paper_is_called_late_in_words(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        upload = SimpleUploadedFile("bo-sung.txt", b"a")
        at = clock.instant(meeting.on, 8)
        actions.hand_in(actor=cast.deputy, part_id=part.pk, material="", seen_version=1, upload=upload, at=at)
        page = signed_in(cast, "member").get(address("meeting", meeting)).content.decode()
        assert "Gửi muộn" in page


class TestNotice:
    def test_it_waits_for_the_place(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        page = client.get(address("announce", meeting)).content.decode()
        assert "form_key" not in page.split("<main")[1].split("</main")[0]
        assert address("change", meeting) in page

    def test_sent_twice_it_goes_out_once(self, cast: Cast, meeting: Meeting) -> None:
        with_place(cast, meeting)
        client = signed_in(cast, "secretary")
        key = form_key(client, address("announce", meeting))
        for _time in range(2):
            assert send(client, address("announce", meeting), {}, key=key).status_code == 302
        audit.deliver()
        assert Notice.objects.filter(key=queries.invitation_key(meeting.pk)).count() == 23
        again = send(client, address("announce", meeting), {}, shown_on=address("preparatory", meeting))
        assert again.status_code == 409

    def test_the_secretary_sees_who_was_told_and_who_has_read(self, cast: Cast, meeting: Meeting) -> None:
        with_place(cast, meeting)
        part = report(meeting)
        upload = SimpleUploadedFile("bao-cao.txt", b"a")
        actions.hand_in(actor=cast.deputy, part_id=part.pk, material="", seen_version=1, upload=upload, at=clock.now())
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        audit.deliver()
        member = signed_in(cast, "member")
        notice = Notice.objects.get(key=queries.invitation_key(meeting.pk), person_id=cast.person_id("member"))
        member.get(reverse("notifications:notice", args=[notice.pk]))
        assert send(member, address("read", meeting), {}, shown_on=address("meeting", meeting)).status_code == 302
        page = signed_in(cast, "secretary").get(address("meeting", meeting))
        assert page.context["opened"] == 2  # the member, and the secretary by opening this page
        assert page.context["has_read"] == 1
        assert "Nguyễn Thế Hùng" in page.content.decode()

    def test_an_officer_who_is_not_invited_is_not_asked_to_read(self, cast: Cast, meeting: Meeting) -> None:
        with_place(cast, meeting)
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        assert not signed_in(cast, "officer").get(address("meeting", meeting)).context["may_read"]


class TestTheCommittee:
    def test_it_records_its_own_meeting(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "third")
        typed = {
            "seen_version": "0",
            "attendees": [str(cast.person_id("secretary")), str(cast.person_id("third"))],
            "agreed": "Thống nhất nội dung và phân công.",
        } | day("held_on", clock.today())
        assert send(client, address("preparatory", meeting), typed).status_code == 302
        page = signed_in(cast, "member").get(address("meeting", meeting)).content.decode()
        assert "Thống nhất nội dung và phân công." in page

    def test_nobody_who_took_part_is_a_refusal_that_keeps_the_text(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "secretary")
        typed = {"seen_version": "0", "agreed": "Thống nhất nội dung."} | day("held_on", clock.today())
        refused = send(client, address("preparatory", meeting), typed)
        assert refused.status_code == 422
        assert "attendees" in refused.context["form"].errors
        assert "Thống nhất nội dung." in refused.content.decode()

    def test_a_member_does_not_record_it(self, cast: Cast, meeting: Meeting) -> None:
        assert signed_in(cast, "member").get(address("preparatory", meeting)).status_code == 403

    def test_where_one_prepares_everything_the_secretary_is_warned(self, cast: Cast, meeting: Meeting) -> None:
        meeting.parts.filter(is_prepared=True).update(owner=cast.person_id("secretary"))
        page = signed_in(cast, "secretary").get(address("meeting", meeting))
        assert str(page.context["warning"]) in page.content.decode()


class TestWhatLiesBeforeTheMeeting:
    def test_a_text_that_was_handed_in_is_a_paper_and_stands_in_the_booklet(self, cast: Cast, meeting: Meeting) -> None:
        part = report(meeting)
        member = signed_in(cast, "member")
        assert "Chưa có tài liệu." in member.get(address("meeting", meeting)).content.decode()
        actions.write_part(
            actor=cast.secretary, part_id=part.pk, material="Đã gặt 30 ha.", seen_version=part.version, at=clock.now()
        )
        assert "Đã gặt 30 ha." not in member.get(address("booklet", meeting)).content.decode()
        actions.hand_in(actor=cast.secretary, part_id=part.pk, at=clock.now())
        page = member.get(address("meeting", meeting)).content.decode()
        assert "Chưa có tài liệu." not in page
        assert "văn bản, đọc ở trang của nội dung" in page
        assert address("booklet", meeting) in page
        assert "Đã gặt 30 ha." in member.get(address("booklet", meeting)).content.decode()
        assert signed_in(cast, "neighbour").get(address("booklet", meeting)).status_code == 404

    def test_the_booklet_holds_the_results_of_earlier_tasks_and_names_the_files(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        part = report(meeting)
        upload = SimpleUploadedFile("bao-cao.txt", b"a")
        actions.attach(actor=cast.secretary, part_id=part.pk, upload=upload, at=clock.now())
        actions.hand_in(actor=cast.secretary, part_id=part.pk, at=clock.now())
        tasks.give_task(
            actor=cast.secretary,
            unit_id=cast.na_phon.pk,
            title="Làm đường nội xóm",
            due_on=clock.today(),
            assignee_ids=[cast.person_id("member")],
            at=clock.now() - timedelta(days=30),
        )
        for name in ("meeting", "booklet"):
            page = signed_in(cast, "member").get(address(name, meeting)).content.decode()
            # The table stands in the agenda, where the part stands that it belongs to.
            assert page.index("Kết quả thực hiện từng nhiệm vụ") < page.index("Làm đường nội xóm"), name
            assert page.index("Làm đường nội xóm") < page.index("Báo cáo tình hình tháng qua"), name
            assert page.count("Làm đường nội xóm") == 1, name
            assert "bao-cao.txt" in page, name


class TestQueries:
    def test_the_page_of_a_meeting(
        self, cast: Cast, meeting: Meeting, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with_place(cast, meeting)
        actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=clock.now())
        audit.deliver()
        for n in range(5):
            actions.add_part(
                actor=cast.secretary,
                meeting_id=meeting.pk,
                title=f"Nội dung {n}",
                owner_id=cast.person_id("member"),
                due_on=None,
                at=clock.now(),
            )
        client = signed_in(cast, "secretary")
        with django_assert_max_num_queries(32):
            client.get(address("meeting", meeting))

    @pytest.mark.parametrize(
        ("name", "most"), [("change", 14), ("announce", 20), ("preparatory", 16), ("add_part", 14)]
    )
    def test_the_sheets(
        self,
        cast: Cast,
        meeting: Meeting,
        name: str,
        most: int,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = signed_in(cast, "secretary")
        with django_assert_max_num_queries(most):
            client.get(address(name, meeting))

    def test_a_part_and_the_list(
        self, cast: Cast, meeting: Meeting, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(cast, "deputy")
        with django_assert_max_num_queries(16):
            client.get(address("part", report(meeting)))
        with django_assert_max_num_queries(20):
            client.get(address("booklet", meeting))
        with django_assert_max_num_queries(14):
            client.get(reverse("meetings:of_unit", args=[cast.na_phon.pk]))
