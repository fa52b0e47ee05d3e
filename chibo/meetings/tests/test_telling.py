"""Who is told of a meeting and how: in the app, by letter, or in person; and of what others changed."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.meetings import actions, queries
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind
from chibo.notifications.models import Notice
from chibo.tasks import actions as tasks
from chibo.tasks.rules import Outcome
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = pytest.mark.usefixtures("in_english")


def at_the_door(cast: Cast, who: str) -> Client:
    client = signed_in(cast, who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def words(client: Client, name: str, thing: Meeting | Part) -> str:
    return " ".join(client.get(reverse(f"meetings:{name}", args=[thing.pk])).content.decode().split())


def told(cast: Cast) -> Meeting:
    meeting = make.announced(cast)
    audit.deliver()
    return meeting


def silent(meeting: Meeting) -> int:
    return sum(one.in_person for one in queries.audience(meeting))


def test_whom_no_notice_reaches_is_counted_before_and_after_and_stands_on_a_list(cast: Cast) -> None:
    secretary = at_the_door(cast, "secretary")
    meeting = make.meeting(cast)
    assert silent(meeting) == 16
    assert "16 have no account and no e-mail" in words(secretary, "announce", meeting)
    actions.announce(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at)
    audit.deliver()
    page = words(secretary, "meeting", meeting)
    assert "16 have no account and no e-mail" in page
    assert page.count("no account yet – tell him in person") == 16
    listed = words(secretary, "in_person", meeting)
    assert cast.membership("member_0").person.name in listed
    assert cast.membership("member").person.name not in listed


def test_a_member_sees_counts_of_who_has_read_and_no_names(cast: Cast) -> None:
    meeting = told(cast)
    page = words(at_the_door(cast, "member"), "meeting", meeting)
    assert "Of 23 people invited, 1 have opened the notice." in page
    assert cast.membership("member_0").person.name not in page
    assert cast.membership("member_0").person.name in words(at_the_door(cast, "third"), "meeting", meeting)
    assert at_the_door(cast, "member").get(reverse("meetings:in_person", args=[meeting.pk])).status_code == 403


def test_who_opens_the_page_of_a_meeting_has_opened_its_notice(cast: Cast) -> None:
    meeting = told(cast)
    words(at_the_door(cast, "member"), "meeting", meeting)
    opened = {one.person.pk for one in queries.audience(meeting) if one.notice and one.notice.read_at}
    assert opened == {cast.person_id("member")}


def test_who_is_given_a_part_and_has_no_account_is_told_by_somebody(cast: Cast) -> None:
    secretary = at_the_door(cast, "secretary")
    part = make.meeting(cast).parts.filter(is_prepared=True)[0]
    name = cast.membership("member_0").person.name
    for who, sentence in (("member_0", f"sure to reach comrade {name}"), ("member", "is told of it")):
        fresh = Part.objects.get(pk=part.pk)
        typed = {"seen_version": fresh.given_as, "title": fresh.title, "owner": str(cast.person_id(who))}
        page = send(secretary, reverse("meetings:assign_part", args=[part.pk]), typed | day("due_on", fresh.due_on))
        assert page.status_code == 302
        assert sentence in secretary.get(page.headers["Location"]).content.decode()


def test_the_notice_of_a_move_names_the_day_that_was(cast: Cast) -> None:
    meeting = told(cast)
    actions.change_meeting(
        actor=cast.secretary,
        meeting_id=meeting.pk,
        on=meeting.on + timedelta(days=2),
        time=meeting.time,
        place=meeting.place,
        topic="",
        seen_version=meeting.version,
        at=cast.at,
    )
    audit.deliver()
    notice = Notice.objects.get(person_id=cast.person_id("member"), subject__startswith="Thay đổi lịch họp")
    assert "05/11/2026" in notice.body
    assert "Lịch cũ: 19 giờ 30, 03/11/2026" in notice.body


def test_whose_text_the_secretary_changes_is_told_and_the_page_says_who_did(cast: Cast) -> None:
    meeting = make.meeting(cast)
    part = meeting.parts.filter(is_prepared=True, owner_id=cast.person_id("deputy"))[0]
    part = actions.hand_in(actor=cast.deputy, part_id=part.pk, material="Của tôi", seen_version=1, at=cast.at)
    assert "Last changed" not in words(at_the_door(cast, "deputy"), "part", part)
    actions.write_part(actor=cast.secretary, part_id=part.pk, material="Đã sửa", seen_version=part.version, at=cast.at)
    audit.deliver()
    page = words(at_the_door(cast, "deputy"), "part", part)
    assert "Last changed" in page
    assert "Bùi Văn Thưởng" in page
    changed = Notice.objects.filter(subject__startswith="Nội dung của đồng chí đã được sửa")
    assert [one.person_id for one in changed] == [cast.person_id("deputy")]


def test_what_was_given_back_is_no_result(cast: Cast) -> None:
    meeting = make.locked(cast)
    audit.deliver()
    task = tasks.give_task(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        title="Dọn vệ sinh",
        assignee_ids=[cast.person_id("member")],
        due_on=meeting.on + timedelta(days=9),
        at=cast.at,
    )
    tasks.report_task(actor=cast.member, task_id=task.pk, outcome=Outcome.DONE, text="Xong hết", at=cast.at)
    tasks.return_task(actor=cast.secretary, task_id=task.pk, reason="Chưa có ảnh", at=cast.at)
    following = Meeting.objects.get(unit=cast.na_phon, kind=Kind.REGULAR, month=meeting.month + timedelta(days=30))
    for name in ("meeting", "booklet"):
        page = words(at_the_door(cast, "member"), name, following)
        assert "Xong hết" not in page
        assert "given back" in page


def test_a_session_called_for_today_is_not_late_since_days_ago(cast: Cast) -> None:
    meeting = actions.plan_meeting(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        kind=Kind.EXTRAORDINARY,
        on=clock.day_of(cast.at),
        time=clock.instant(clock.day_of(cast.at), 20).time(),
        place="",
        topic="Mưa lũ",
        at=cast.at,
    )
    assert queries.notice_due_on(meeting) == meeting.on
    assert queries.papers_due_on(meeting) == meeting.on
