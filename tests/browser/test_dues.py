"""An amount is approved, dues are collected on a telephone, handed up and confirmed; the member prints his receipt."""

from django.urls import reverse

from chibo.testing.cast import Cast
from tests.browser.conftest import Enter


def test_dues_go_from_the_amount_to_the_committee(enter: Enter, cast: Cast, javascript: bool) -> None:
    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("dues:month", args=[cast.na_phon.pk]))
    secretary.follow("Name who collects")
    secretary.page.check(f"input[value='{cast.person_id('member')}']")
    secretary.press("Name who collects")
    secretary.open(reverse("dues:agree", args=[cast.na_phon.pk, cast.person_id("third")]))
    secretary.page.check("input[value=worker]")
    secretary.press("Approve the amount", status=409)
    secretary.fill("Insured salary, or pension, a month", "7.300.000")
    secretary.press("Approve the amount")
    secretary.sees("The amount is approved.", "73.000")

    collector = enter("member", javascript=javascript)
    collector.open(reverse("my_page"))
    collector.follow("Collect the dues")
    collector.page.check("input[name=person]")
    collector.press("Write down who has paid")
    collector.sees("It is written down; each has a receipt.")
    collector.follow("Hand it up")
    collector.press("Write down what was handed up")
    collector.sees("It is written down; the unit above confirms it.")

    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("dues:sums", args=[cast.vinh_dong.pk]))
    officer.sees("21.900")
    officer.press("It came in")
    officer.sees("Confirmed: it came in.")

    third = enter("third", javascript=javascript)
    third.open(reverse("dues:mine"))
    with third.page.expect_download() as arrived:
        third.page.locator("main ul.list a").last.click()
    assert arrived.value.path().read_bytes()[:2] == b"PK"


def test_a_cell_answers_in_a_minute_and_is_told_on_paper(enter: Enter, cast: Cast, javascript: bool) -> None:
    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("readiness:of_unit", args=[cast.na_phon.pk]))
    for box in secretary.page.locator("input[value=no]").all():
        box.check()
    secretary.press("Keep the answers")
    secretary.sees("By this its members are told of meetings first %(way)s.", way="bằng giấy")
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("readiness:board", args=[cast.vinh_dong.pk]))
    officer.follow("Are told on paper")
    officer.sees("Chi bộ xóm Nà Phòn")
