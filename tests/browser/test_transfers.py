"""A member goes to another cell: the officer issues the letter, the secretary there receives, on a phone."""

from datetime import timedelta

from django.urls import reverse

from chibo.core import clock
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter


def test_a_member_is_introduced_and_received(enter: Enter, cast: Cast, javascript: bool) -> None:
    officer = enter("officer", javascript=javascript)
    officer.open(reverse("people:person", args=[cast.person_id("member")]))
    officer.follow("Introduce to another unit")
    officer.fill("Name of the new cell", "tong dau")
    officer.press("Search")
    officer.mark("Chuyển sinh hoạt tạm thời")
    officer.mark("Chi bộ xóm Tổng Đậu")
    officer.fill("Number of the letter", "12-GT/ĐU")
    officer.press("Issue the letter", status=409)
    officer.sees("Write until when the member is to take part there.")
    officer.fill_day("Until", clock.today() + timedelta(days=180))
    officer.press("Issue the letter")
    officer.sees("The letter is issued. Print it, let it be signed, and hand it to the member.")
    assert officer.download("The letter as a Word file").startswith(b"PK")
    officer.follow("All letters of this unit")

    secretary = enter("neighbour", javascript=javascript)
    secretary.open(reverse("month", args=[cast.tong_dau.pk]))
    secretary.follow("See which")
    secretary.follow("Bùi Thị Ngoằn")
    secretary.follow("Receive the member")
    secretary.press("Receive the member")
    secretary.sees("The member is received.")
    secretary.open(reverse("unit_members", args=[cast.tong_dau.pk]))
    secretary.sees("Bùi Thị Ngoằn", "They belong elsewhere and take part here for a while: they speak and do not vote.")


def test_an_election_is_entered(enter: Enter, cast: Cast, javascript: bool) -> None:
    officer = enter("officer", javascript=javascript)
    officer.open(reverse("elect", args=[cast.na_phon.pk]))
    officer.fill("Term", "2026–2031")
    officer.press("Begin the new term", status=409)
    officer.choose("Bùi Thị Ngoằn", "bí thư")
    officer.press("Begin the new term")
    officer.sees("The new term has begun.")
