"""The month as the others live it: deputy, member, the superior's member, the clerk of one meeting."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import is_zipfile

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.meetings import actions
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind
from chibo.notifications import actions as notifications
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter, choose_password, type_in
from tests.browser.visitor import say

MATERIAL = "Lũ cuốn trôi 40 mét kè suối; cần 200 công lao động."


@contextmanager
def a_month_ago(cast: Cast) -> Iterator[None]:
    """What is made inside happened thirty days before today."""
    now = cast.at
    cast.at = now - timedelta(days=30)
    yield
    cast.at = now


def word_file(words: str) -> bytes:
    paper, content = Document(), BytesIO()
    paper.add_paragraph(words)
    paper.save(content)
    return content.getvalue()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "Danh sách hộ.docx"
    path.write_bytes(word_file("40 hộ"))
    return path


def todays(cast: Cast) -> Meeting:
    """An extraordinary meeting set for today, announced, with a paper that came in time."""
    meeting = make.announced(cast, kind=Kind.EXTRAORDINARY)
    part = make.part_that_holds(meeting, "resolution")
    actions.hand_in(
        actor=cast.deputy,
        part_id=part.pk,
        material="Dự thảo nghị quyết.",
        seen_version=part.version,
        upload=SimpleUploadedFile("Dự thảo nghị quyết.docx", word_file("Dự thảo")),
        at=cast.at - timedelta(days=3),
    )
    audit.deliver()
    return meeting


def test_the_deputy_follows_a_letter_to_his_part_and_hands_it_in(
    enter: Enter, cast: Cast, javascript: bool, paper: Path
) -> None:
    choose_password(cast, "deputy")
    meeting = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    part = meeting.parts.get(code="matter")
    actions.assign_part(
        actor=cast.secretary,
        part_id=part.pk,
        title=part.title,
        owner_id=cast.deputy.person_id,
        due_on=clock.today(),
        seen=part.given_as,
        at=cast.at,
    )
    audit.deliver()
    notifications.post_letters(at=clock.now())
    words = [word for one in mail.outbox if one.to == [cast.user("deputy").email] for word in str(one.body).split()]
    link = next(word for word in words if word.startswith(settings.URL) and str(part.pk) in word)

    deputy = enter(javascript=javascript)
    deputy.open(link)
    type_in(deputy, "deputy")
    assert deputy.address == f"/meetings/parts/{part.pk}/"
    deputy.fill("What is laid before the meeting", MATERIAL)
    deputy.press("Save, go on later")
    deputy.sees("Your text is saved. It is not handed in yet.")
    deputy.attach(paper)
    deputy.press("Save and hand in")
    deputy.sees("The part is handed in. The secretary is told of it.", paper.name)
    deputy.follow("Back to the agenda")
    deputy.sees("Handed in", paper.name)
    deputy.open("/")
    deputy.sees("This month")


def test_a_member_reads_the_papers_and_reports_his_task(
    enter: Enter, cast: Cast, javascript: bool, paper: Path
) -> None:
    with a_month_ago(cast):
        make.locked(cast, kind=Kind.EXTRAORDINARY)
    meeting = todays(cast)
    task = Task.objects.get()

    member = enter("member", javascript=javascript)
    member.open("/")
    member.follow("Mời họp: sinh hoạt bất thường")
    assert member.address == f"/meetings/{meeting.pk}/"
    assert is_zipfile(BytesIO(member.download("Dự thảo nghị quyết.docx")))
    member.press("I have read the papers")
    member.sees("Thank you. It is noted that you have read the papers.")

    member.follow("My page")
    member.follow(task.title)
    member.mark(say("Carried out in part"))
    member.fill("What was done, and what was not", "10 trên 12 hộ đã hiến đất.")
    member.attach(paper)
    member.press("Send the report")
    member.sees("Your report is with the cell now.", "10 trên 12 hộ đã hiến đất.", paper.name)

    secretary = enter("secretary", javascript=javascript)
    secretary.open("/")
    secretary.follow("Tasks")
    secretary.follow("My unit's")
    secretary.follow(task.title)
    secretary.fill("The cell's word on it", "Chi bộ ghi nhận, hai hộ còn lại làm trong tháng tới.")
    secretary.press("Settle the task")
    secretary.sees("The task is settled.", "Carried out in part")


def test_the_superiors_member_sees_his_cell_and_cannot_write(enter: Enter, cast: Cast, javascript: bool) -> None:
    with a_month_ago(cast):
        before = make.locked(cast, kind=Kind.EXTRAORDINARY)
    meeting = todays(cast)

    attending = enter("attending", javascript=javascript)
    attending.open("/")
    attending.sees("The cells I follow")
    attending.follow("Notices")
    attending.follow("Mời họp: sinh hoạt bất thường")
    assert attending.address == f"/meetings/{meeting.pk}/"
    assert is_zipfile(BytesIO(attending.download("Dự thảo nghị quyết.docx")))
    for way in ("change", "announce", "officers", "roll"):
        attending.open(f"/meetings/{meeting.pk}/{way}/", status=403)
    attending.sees("You may not do this")
    attending.follow("Go to my place")

    attending.open(f"/meetings/{before.pk}/")
    attending.follow("Minutes and papers")
    attending.sees("Minutes", "Chi bộ thống nhất các nhiệm vụ của tháng 12.")
    assert not attending.page.locator("main form").count()
    assert is_zipfile(BytesIO(attending.download("-BB/CB")))


def test_an_ordinary_member_as_clerk_writes_into_this_meeting_alone(enter: Enter, cast: Cast, javascript: bool) -> None:
    other = make.under_way(cast)
    meeting = make.under_way(cast, kind=Kind.EXTRAORDINARY, clerk="member")

    clerk = enter("member", javascript=javascript)
    clerk.open("/")
    clerk.open(f"/meetings/{meeting.pk}/")
    clerk.follow("Go on with the meeting")
    clerk.follow("Write it down")
    clerk.press("Save the roll")
    clerk.sees("The roll is saved.")
    discussion = make.part_that_holds(meeting, "discussion")
    clerk.follow(f"{discussion.position}. {discussion.title}")
    clerk.choose("Who spoke?", "Quách Thị Lộc")
    clerk.fill("The gist of what was said", "Đề nghị huy động cả xóm.")
    clerk.press("Save what was said")
    clerk.sees("What was said is saved.")
    clerk.follow("To the agenda of the evening")
    clerk.sees("The chair ends the meeting.")
    clerk.open(f"/meetings/{meeting.pk}/officers/", status=403)
    clerk.open(f"/meetings/{other.pk}/roll/", status=403)
    clerk.open(f"/meetings/{other.pk}/hold/")
    assert not clerk.page.locator("main form").count()
