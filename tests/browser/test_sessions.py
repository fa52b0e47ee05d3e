"""Coming in, staying in, and what happens to the text when one is thrown out or two write at once."""

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from chibo.meetings import actions
from chibo.meetings.models import Contribution
from chibo.meetings.rules import Kind
from chibo.tasks.models import Task
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import PHRASE, Enter, choose_password, type_in

REPORT = "Đã vận động được 7 hộ; còn 5 hộ đi làm xa."


def test_a_member_comes_in_by_a_code_from_paper_and_chooses_a_password(
    enter: Enter, cast: Cast, javascript: bool
) -> None:
    officer = enter("officer", javascript=javascript)
    officer.open("/")
    officer.follow("Organisation")
    officer.follow("Chi bộ xóm Nà Phòn")
    officer.follow("Accounts and one-time codes")
    officer.follow("Bùi Thị Ngoằn")
    officer.press("Make a one-time code", goes_over_language=False)
    name, code = officer.page.locator(".code").all_inner_texts()

    member = enter(javascript=javascript)
    member.open("/my/")
    member.follow("I have a one-time code on paper")
    member.fill("Name to sign in with", name)
    member.fill("One-time code", "AAAAA BBBBB")
    member.press("Sign in", status=422)
    member.fill("One-time code", code.lower())
    member.press("Sign in")
    member.fill("New password", PHRASE)
    member.fill("The new password once more", PHRASE)
    member.press("Keep this password")
    assert member.address == "/my/"

    again = enter(javascript=javascript)
    again.open("/")
    type_in(again, name)
    again.sees("My page")
    late = enter(javascript=javascript)
    late.open("/sign-in/code/")
    late.fill("Name to sign in with", name)
    late.fill("One-time code", code)
    late.press("Sign in", status=422)


def test_text_outlives_a_session_that_ended_and_is_sent_once(enter: Enter, cast: Cast, javascript: bool) -> None:
    make.locked(cast, kind=Kind.EXTRAORDINARY)
    choose_password(cast, "member")
    task = Task.objects.get()
    member = enter("member", javascript=javascript)
    member.open(f"/tasks/{task.pk}/")
    member.page.get_by_role("radio").first.check()
    member.fill("What was done, and what was not", REPORT)
    Session.objects.all().delete()
    member.press("Send the report")
    member.sees("Your session had ended. What you typed is kept: sign in, and it is there again.")
    type_in(member, "member")
    kept = member.address
    member.sees("What you typed has not been sent yet. Nothing is lost: read it once more and send it now.")
    assert member.field("What was done, and what was not").input_value() == REPORT
    member.press("Send the report")
    member.sees("Your report is with the cell now.", REPORT)
    member.open(kept)
    member.sees("It has been sent")
    member.follow("Go and see it")
    assert task.reports.count() == 1


def test_a_double_press_has_one_effect(enter: Enter, cast: Cast, javascript: bool) -> None:
    meeting = make.called(cast, kind=Kind.EXTRAORDINARY)
    discussion = make.part_that_holds(meeting, "discussion")
    secretary = enter("secretary", javascript=javascript)
    secretary.open(f"/meetings/parts/{discussion.pk}/said/")
    secretary.choose("Who spoke?", "Quách Thị Lộc")
    secretary.fill("The gist of what was said", "Đề nghị huy động cả xóm.")
    secretary.button("Save what was said").dblclick()
    # The second press breaks off the page that answers the first: waiting for one navigation would fail with it.
    expect(secretary.page).to_have_url(re.compile("#said$"))
    secretary.page.get_by_text("Đề nghị huy động cả xóm.").first.wait_for()
    assert Contribution.objects.count() == 1


def test_two_who_write_one_text_see_both_and_decide(enter: Enter, cast: Cast, javascript: bool) -> None:
    meeting = make.meeting(cast, kind=Kind.EXTRAORDINARY)
    part = meeting.parts.get(holds="resolution")
    actions.write_part(
        actor=cast.deputy, part_id=part.pk, material="Bản đầu.", seen_version=part.version, upload=None, at=cast.at
    )
    address = f"/meetings/parts/{part.pk}/"
    secretary, deputy = enter("secretary", javascript=javascript), enter("deputy", javascript=javascript)
    secretary.open(address)
    deputy.open(address)
    deputy.fill("What is laid before the meeting", "Bản của phó bí thư.")
    deputy.press("Save, go on later")
    secretary.fill("What is laid before the meeting", "Bản của bí thư.")
    secretary.press("Save, go on later", status=409)
    secretary.sees("What stands now", "Bản của phó bí thư.", "What you typed", "Bản của bí thư.")
    assert secretary.field("What is laid before the meeting").input_value() == "Bản của bí thư."
    secretary.press("Save, go on later")
    part.refresh_from_db()
    assert part.material == "Bản của bí thư."
