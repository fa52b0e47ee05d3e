"""The secretary's whole month: from the agenda to locked minutes in Word, and the next meeting that opens with it."""

from datetime import date, timedelta
from pathlib import Path

from django.utils import translation
from docx import Document

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.meetings import actions
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, State
from chibo.tasks import actions as tasks
from chibo.tasks.models import Task
from chibo.tasks.rules import Outcome
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter, choose_password, type_in
from tests.browser.visitor import Visitor, say

CLAUSES = ("Làm xong 300 mét đường nội xóm trước Tết.", "Mỗi đảng viên giúp một hộ khó khăn.")
TASK = "Vận động 12 hộ hiến đất làm đường"
RESULT = "10 trên 12 hộ đã hiến đất, còn 2 hộ ở cuối xóm."


def regular_meeting(cast: Cast) -> Meeting:
    """The regular meeting of this month, as the calendar made it: its day may be over or still to come."""
    actions.plan_month(actor=SYSTEM, unit_id=cast.na_phon.pk, month=clock.today(), at=cast.at - timedelta(days=31))
    return Meeting.objects.get(unit=cast.na_phon, kind=Kind.REGULAR)


def test_the_secretary_leads_his_cell_through_a_month(
    enter: Enter, cast: Cast, javascript: bool, tmp_path: Path
) -> None:
    choose_password(cast, "secretary")
    meeting = regular_meeting(cast)
    secretary = enter(javascript=javascript)
    secretary.open("/")
    type_in(secretary, "secretary")
    assert secretary.address == "/"
    prepare(secretary, meeting)
    announce(secretary)
    hold(secretary, cast)
    end(secretary)
    close(secretary)
    papers(secretary, tmp_path)
    the_next_opens_with_what_was_given(secretary, cast)


def prepare(secretary: Visitor, meeting: Meeting) -> None:
    # The month leads to what is lacking: the place, and who prepares what.
    secretary.follow("Write the place")
    secretary.fill("Place", make.PLACE)
    # A regular meeting is held today, whether its day has come or is over.
    secretary.fill_day("Day", min(meeting.on, clock.today()))
    secretary.press("Save")
    secretary.sees("Day, time and place are saved.", make.PLACE)

    secretary.follow(meeting.parts.get(code="information").title)
    secretary.follow("Who prepares it, by when")
    secretary.choose("Who prepares it?", "Bùi Thị Ngoằn")
    secretary.press("Save")
    secretary.sees("It is saved. Whoever was newly given the part is told of it.", "Bùi Thị Ngoằn")

    secretary.follow("Record the preparatory meeting")
    secretary.fill_day("On which day was it held?", min(meeting.on, clock.today()))
    secretary.fill("What was agreed?", "Thống nhất nội dung và phân công chuẩn bị.")
    secretary.press("Save")
    secretary.sees("The preparatory meeting is recorded.", "Quách Thị Lộc")


def announce(secretary: Visitor) -> None:
    secretary.follow("Give notice")
    secretary.sees("Nguyễn Thế Hùng", "follows the cell for the committee")
    secretary.press("Send the notice now")
    secretary.sees("Notice is on its way to everybody who is invited.")
    audit.deliver()


def hold(secretary: Visitor, cast: Cast) -> None:
    secretary.follow("This month")
    secretary.follow("Open the meeting")
    # The page that asks, which comes by itself only before the hour.
    secretary.open(secretary.address.replace("/hold/", "/open/"))
    secretary.press("Open the meeting")
    secretary.sees("The meeting is open. Whatever you write is saved page by page.")

    # Who takes the minutes, and the roll: everybody present but one.
    secretary.follow("Write it down")
    secretary.choose("Who takes the minutes?", "Đinh Công Sứ")
    secretary.fill("Guests", "Nguyễn Thế Hùng, đảng ủy viên")
    secretary.press("Save")
    secretary.follow("Write it down")
    absentee = cast.membership("member_15").person.name
    secretary.mark(say("absent with reason").capitalize(), within=absentee)
    secretary.press("Save the roll", status=409)
    secretary.sees("Write the reason of the absence, or choose “absent without reason”.")
    secretary.page.get_by_role("group", name=absentee).get_by_role("textbox").fill("ốm")
    secretary.press("Save the roll")
    secretary.sees("The roll is saved.", f"21 {say('present')}, 1 {say('absent with reason')}")

    # What is said, and a vote with its base before its count.
    discussion = Meeting.objects.get(state=State.UNDER_WAY).parts.get(holds="discussion")
    secretary.follow(f"{discussion.position}. {discussion.title}")
    secretary.choose("Who spoke?", "Bùi Thị Ngoằn")
    secretary.fill("The gist of what was said", "Nên vận động từng nhà trước khi họp xóm.")
    secretary.press("Save what was said")
    secretary.sees("What was said is saved.", "Nên vận động từng nhà")

    secretary.follow("To the agenda of the evening")
    secretary.follow("Resolution")
    for clause in CLAUSES:
        secretary.fill("The next clause", clause)
        secretary.press("Add the clause")
        secretary.sees(clause)
    secretary.follow("Put the resolution to the vote")
    assert "20" in secretary.page.locator(".base strong").inner_text()
    secretary.fill("In favour", "21")
    secretary.press("Save the count", status=409)
    assert secretary.field("In favour").input_value() == "21"
    secretary.fill("In favour", "18")
    secretary.fill("Abstained", "1")
    secretary.press("Save the count")
    secretary.sees("Carried")

    # A task as it is given: its due day comes later.
    secretary.follow("Give it as a task")
    secretary.fill("What is to be done?", TASK)
    secretary.mark("Bùi Thị Ngoằn", within=say("Who does it?"))
    secretary.press("Give the task")
    secretary.sees(TASK, "no due day")


def end(secretary: Visitor) -> None:
    secretary.follow("To the agenda of the evening")
    # No button leads to a refusal: what is missing stands there with the way to it.
    secretary.sees("The chair's conclusion is missing.", TASK)
    secretary.follow("Conclusion")
    secretary.fill("The chair's conclusion", "Chi bộ thống nhất làm đường xong trước Tết.")
    secretary.press("Save")
    secretary.follow("Fill it in")
    secretary.fill_day("Due day", due_day())
    secretary.press("Save")
    secretary.sees("The task is corrected.")
    secretary.follow("This month")
    secretary.follow("Go on with the meeting")
    secretary.follow("End the meeting")
    secretary.sees("After that nothing more is written into it, and its minutes are composed.")
    secretary.press("End the meeting")
    secretary.sees("The meeting has ended, and its minutes are composed. Read them through.")


def due_day() -> date:
    return clock.today() + timedelta(days=9)


def close(secretary: Visitor) -> None:
    text = secretary.page.locator("textarea").first
    text.fill(text.input_value() + "\nBiên bản đã được rà soát.")
    secretary.press("Save the text")
    secretary.sees("The minutes are saved.")
    secretary.press("Save and read aloud")
    secretary.sees("Biên bản đã được rà soát.")
    secretary.press("It was read back")
    secretary.follow("Adopt and lock")
    secretary.sees("The minutes get their number, and everybody who was invited is told.")
    secretary.press("Adopt and lock")
    secretary.sees("The minutes are adopted and locked.")
    assert not secretary.page.locator("textarea").count()
    secretary.follow("Issue it under the next number")
    secretary.press("Issue it under the next number")
    audit.deliver()


def papers(secretary: Visitor, folder: Path) -> None:
    wanted = {"BB": "rà soát", "NQ": CLAUSES[0]}
    links = secretary.page.locator(".document a")
    assert links.count() == len(wanted)
    for n, words in enumerate(wanted.values()):
        with secretary.page.expect_download() as arrived:
            links.nth(n).click()
        path = folder / arrived.value.suggested_filename
        arrived.value.save_as(path)
        paper = Document(str(path))
        assert words in "\n".join(one.text for one in paper.paragraphs), path.name


def the_next_opens_with_what_was_given(secretary: Visitor, cast: Cast) -> None:
    nearest = Meeting.objects.filter(kind=Kind.REGULAR, state=State.PREPARING).order_by("on").first()
    assert nearest
    with translation.override("vi"):
        title = nearest.title
    secretary.follow("Meetings")
    secretary.follow(title)
    ledger_says(secretary, f"{due_day():%d/%m/%Y}", say("Under way"), say("Nothing reported yet"))

    task = Task.objects.get()
    outcome = Outcome.IN_PART
    tasks.report_task(actor=cast.member, task_id=task.pk, outcome=outcome, text=RESULT, attachments=[], at=clock.now())
    tasks.accept_task(actor=cast.secretary, task_id=task.pk, outcome=outcome, settlement=RESULT, at=clock.now())
    secretary.follow("Meetings")
    secretary.follow(title)
    ledger_says(secretary, say("Carried out in part"), RESULT)


def ledger_says(secretary: Visitor, *wanted: str) -> None:
    row = " ".join(secretary.page.locator("main table tr", has_text=TASK).inner_text().split())
    for words in ("Bùi Thị Ngoằn", *wanted):
        assert words in row
