"""A draft is commented on, sorted, answered and published; a directive is received, studied and reported on."""

from datetime import timedelta

from django.urls import reverse

from chibo.consultations.models import Consultation
from chibo.core import clock
from chibo.learning.models import Directive
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter

TEXT = "Chi bộ sinh hoạt vào ngày 05 hằng tháng.\nBí thư chịu trách nhiệm."


def test_a_draft_goes_its_way_to_the_new_text(enter: Enter, cast: Cast, javascript: bool) -> None:
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("consultations:of_unit", args=[cast.vinh_dong.pk]))
    officer.sees("No draft was laid open yet. Ask the cells for comments before a document is issued.")
    officer.follow("Ask for comments on a draft")
    officer.press("Lay it open", status=422)
    officer.fill("What the draft is called", "Quy chế làm việc")
    officer.fill("Text of the draft", TEXT)
    officer.fill_day("Comments until", clock.today() + timedelta(days=9))
    officer.page.check("input[name=is_public]")
    officer.press("Lay it open")
    officer.sees("The draft is open, and who leads a cell below is told.")
    draft = Consultation.objects.get()

    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("consultations:of_unit", args=[cast.na_phon.pk]))
    secretary.follow("Quy chế làm việc")
    secretary.follow("Comment on paragraph %(n)s", n=1)
    secretary.press("Send the comment", status=422)
    secretary.fill("What should be changed, and why", "Nên họp ngày 03.")
    secretary.press("Send the comment")
    secretary.sees("The comment is with the committee. Its answer comes back to the cell.", "Nên họp ngày 03.")

    officer.open(reverse("consultations:paragraph", args=[draft.pk, 1]))
    officer.press("Make it a point")
    officer.sees("They are one point now. Answer it, or sort the rest first.")
    officer.follow("Answer the point")
    officer.page.check("input[value=taken]")
    officer.press("Keep the answer")
    officer.open(reverse("consultations:consultation", args=[draft.pk]))
    officer.press("End the time for comments")
    officer.follow("Publish the new text")
    officer.fill("The new text", TEXT.replace("05", "03"))
    officer.press("Publish it with the answers")
    officer.sees("The new text is published with its changes; who commented is told.")
    assert officer.download("How the comments were used (Word)")[:2] == b"PK"
    secretary.open(reverse("consultations:consultation", args=[draft.pk]))
    assert secretary.page.locator("ins").inner_text() == "03"


def test_the_public_comments_and_sees_what_became_of_it(enter: Enter, cast: Cast) -> None:
    officer = enter("officer")
    officer.open(reverse("consultations:lay_open", args=[cast.vinh_dong.pk]))
    officer.fill("What the draft is called", "Quy chế làm việc")
    officer.fill("Text of the draft", TEXT)
    officer.fill_day("Comments until", clock.today() + timedelta(days=9))
    officer.page.check("input[name=is_public]")
    officer.press("Lay it open")
    draft = Consultation.objects.get()
    page = enter(javascript=False).page
    page.goto(officer.page.url.split("/drafts/")[0] + reverse("public:draft", args=[draft.code]))
    page.click(f'a[href$="/{draft.code}/2/"]')
    page.fill("textarea", "Nêu rõ trách nhiệm của phó bí thư.")
    page.wait_for_timeout(3200)  # a program answers sooner
    page.click("main button")
    assert "?sent" in page.url
    assert draft.comments.get().paragraph == 2
    assert page.context.cookies() == []


def test_a_directive_goes_down_and_its_report_comes_back(enter: Enter, cast: Cast, javascript: bool) -> None:
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("learning:of_unit", args=[cast.vinh_dong.pk]))
    officer.follow("Send to the units below")
    officer.press("Send it down", status=422)
    officer.page.check("input[value=directive]")
    officer.fill("What it is called, with number and day", "Chỉ thị số 12-CT/TU")
    officer.fill("What it asks, in your own words", "Mỗi chi bộ chọn một việc.")
    officer.fill_day("To be done by", clock.today() + timedelta(days=30))
    officer.press("Send it down")
    officer.sees("It is sent; who leads a unit below is told.")
    directive = Directive.objects.get()

    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("learning:of_unit", args=[cast.na_phon.pk]))
    secretary.follow("Chỉ thị số 12-CT/TU")
    secretary.press("It has arrived")
    secretary.follow("It was studied already")
    secretary.fill_day("Day of the meeting in which it was studied", clock.today())
    secretary.press("It was studied in a meeting")
    secretary.follow("Report what it changes")
    secretary.press("Report what it changes", status=422)
    secretary.fill("What the cell does otherwise from now on", "Họp không giấy.")
    secretary.fill("Who does it, by when", "Đồng chí Lộc, tháng 12.")
    secretary.fill("What is in the way, what the unit above should help with", "Một máy tính.")
    secretary.press("Report what it changes")
    secretary.sees("The committee above reads it.", "Họp không giấy.")
    officer.open(reverse("learning:board", args=[directive.pk, cast.vinh_dong.pk]))
    officer.sees("What the units need from above", "Một máy tính.")


def test_a_plan_of_the_year_is_proposed_changed_and_kept(enter: Enter, cast: Cast, javascript: bool) -> None:
    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("topics:plan", args=[cast.na_phon.pk]))
    secretary.page.locator("textarea[name=title_1]").fill("Đón Tết an toàn, tiết kiệm")
    secretary.press("Keep the plan")
    secretary.sees("The plan is kept. Each theme is suggested in its months.")
    assert secretary.page.locator("textarea[name=title_1]").input_value() == "Đón Tết an toàn, tiết kiệm"
    assert secretary.download("As a Word file")[:2] == b"PK"
    secretary.open(reverse("topics:library"))
    secretary.sees(
        "No theme fits. A thematic session of yours is offered for sharing under “What to talk about” once its minutes "
        "are locked and its month was scored in the best band."
    )
    secretary.open(reverse("search") + "?q=na+phon")
