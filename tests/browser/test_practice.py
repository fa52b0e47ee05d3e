"""A new secretary plays the practice month from start to end: he follows the line at the top of the page, and the
buttons of the pages themselves."""

from datetime import date, timedelta

from django.urls import reverse
from playwright.sync_api import Locator

from chibo.core import clock
from chibo.meetings.models import Meeting
from chibo.org.models import Unit
from chibo.testing.cast import Cast
from chibo.training import queries
from chibo.training.models import Practice
from tests.browser.conftest import Enter
from tests.browser.test_scoring import LABELS
from tests.browser.visitor import Visitor, say

MOST_STEPS = 40


def strip(visitor: Visitor) -> Locator:
    return visitor.page.locator("aside")


def guide() -> queries.Guide:
    practice = Practice.objects.select_related("account__person", "root").get()
    with clock.set_to(practice.now(clock.real_now())):
        return queries.guide(practice)


def says(visitor: Visitor, words: str, **named: object) -> bool:
    return say(words, **named) in " ".join(strip(visitor).inner_text().split())


def go(visitor: Visitor, *, status: int = 200) -> None:
    """Presses the one thing that the guide offers; nothing where its page is open already."""
    offered = strip(visitor).locator(".button--quiet").first
    if not offered.count():
        assert visitor.address == guide().url
        return
    visitor._go(offered.click, status)  # the guide's own button: its words depend on the day


def test_a_new_secretary_plays_the_practice_month(enter: Enter, cast: Cast, javascript: bool) -> None:
    before = (Unit.objects.count(), Meeting.objects.count())
    secretary = enter("secretary", javascript=javascript)
    secretary.open("/")
    secretary.follow("Practice cell")
    secretary.press("Begin a practice month")
    secretary.sees("This is a practice cell; nothing here is real.", "Chi bộ xóm Thực Hành")
    prepare(secretary)
    hold(secretary)
    close(secretary)
    results(secretary)
    secretary.unfold("This is a practice cell; nothing here is real.")
    secretary.press("Back to real work")
    secretary.sees("You are back at your real work. The practice waits where you left it.", "Nà Phòn")
    secretary.follow("Practice cell")
    secretary.unfold("End it, or begin anew")
    secretary.press("End the practice and remove all that is in it")
    secretary.sees("The practice is ended, and all that was in it is removed.")
    assert (Unit.objects.count(), Meeting.objects.count()) == before


def prepare(secretary: Visitor) -> None:
    go(secretary)
    secretary.fill("Place", "Nhà văn hóa xóm")
    secretary.press("Save")
    go(secretary)
    secretary.choose("Who prepares it?", "Lê Văn Tuấn (chi ủy viên)")
    secretary.press("Save")
    go(secretary)
    secretary.page.locator("main textarea").first.fill("Làm xong 120 mét rãnh thoát nước.")
    secretary.press("Hand it in")
    assert says(secretary, "The others are preparing their parts. Let the days pass until these are due.")
    go(secretary)
    go(secretary)
    secretary.fill_day("On which day was it held?", today())
    secretary.fill("What was agreed?", "Thống nhất chương trình và dự thảo nghị quyết.")
    secretary.press("Save")
    go(secretary)
    secretary.press("Send the notice now")
    go(secretary)


def hold(secretary: Visitor) -> None:
    go(secretary)
    secretary.press("Open the meeting")
    go(secretary)
    secretary.choose("Who takes the minutes?", "Trần Thị Hoa")
    secretary.press("Save")
    go(secretary)
    secretary.press("Save the roll")
    for who in ("Vũ Văn Sơn", "Đỗ Thị Nga"):
        assert who in strip(secretary).inner_text()
        gist = strip(secretary).locator("q").inner_text().strip("“”")
        go(secretary)
        secretary.choose("Who spoke?", who)
        secretary.fill("The gist of what was said", gist)
        secretary.press("Save what was said")
    go(secretary)
    secretary.fill("The next clause", "Làm xong rãnh thoát nước trước kỳ họp sau.")
    secretary.press("Add the clause")
    go(secretary)
    secretary.fill("What is to be done?", "Làm rãnh thoát nước trước nhà văn hóa")
    secretary.mark("Vũ Văn Sơn", within=say("Who does it?"))
    secretary.fill_day("Due day", today() + timedelta(days=17))
    secretary.press("Give the task")
    go(secretary)
    secretary.follow("Put the resolution to the vote")
    secretary.fill("In favour", "8")
    secretary.press("Save the count")
    go(secretary)
    secretary.fill("The chair's conclusion", "Chi bộ thống nhất các việc của tháng.")
    secretary.press("Save")
    go(secretary)
    go(secretary)
    secretary.press("End the meeting")


def today() -> date:
    """The day of the practice."""
    return clock.day_of(Practice.objects.get().at)


def close(secretary: Visitor) -> None:
    go(secretary)
    for label, points in LABELS.items():
        secretary.choose(label, points)
    remedies = secretary.page.get_by_label("Biện pháp khắc phục")
    for n in range(remedies.count()):
        if remedies.nth(n).is_visible():
            remedies.nth(n).fill("Phân công cụ thể trước kỳ sau.")
    secretary.press("Hand the sheet in")
    go(secretary)
    secretary.press("Save and read aloud")
    secretary.press("It was read back")
    secretary.follow("Adopt and lock")
    secretary.press("Adopt and lock")
    secretary.follow("Issue it under the next number")
    secretary.press("Issue it under the next number")


def results(secretary: Visitor) -> None:
    assert says(
        secretary, "The comrades carry out their tasks. Go on to the eve of the next meeting: they report by then."
    )
    go(secretary)
    go(secretary)
    secretary.sees("Làm rãnh thoát nước trước nhà văn hóa", "Reported, waits for the cell")


def test_a_member_practises_on_a_short_exercise(enter: Enter, cast: Cast, javascript: bool) -> None:
    member = enter("member", javascript=javascript)
    member.open("/")
    member.follow("Exercises")
    member.follow("Cơ số biểu quyết")
    member.press("See what is right", status=422)
    member.sees("Choose what you would do.")
    member.mark("Được, vì 10 là quá nửa")
    member.press("See what is right", goes_over_language=False)
    member.sees("That is not right. Read why below.", "Nothing of your answer is kept.")
    member.follow("The next exercise")
    member.open(reverse("training:exercise", args=["cau-hoi-thao-luan"]))
    member.fill("Viết hai câu hỏi", "Đoạn nào ngập nhất, ai giúp được?")
    member.press("Compare with a good answer", goes_over_language=False)
    member.sees("What a good answer holds", "Đoạn nào ngập nhất, ai giúp được?")
    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("training:of_unit", args=[cast.na_phon.pk]))
    secretary.sees("What to practise")
