"""Somebody is found, helped, voted on and admitted, on a phone; the committee sees what waits and sets its target."""

from datetime import date

from django.urls import reverse

from chibo.admissions.models import Case
from chibo.admissions.tests.test_way import ended, prepared, voted
from chibo.core import clock
from chibo.people.models import Membership, Status
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter


def test_from_found_to_the_ceremony(enter: Enter, cast: Cast, javascript: bool) -> None:
    meeting = make.called(cast)
    case = prepared(cast, meeting)
    voted(cast, meeting, case, 15)
    ended(cast, meeting)
    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("unit", args=[cast.na_phon.pk]))
    secretary.follow("Growth of the Party")
    secretary.follow("Write down who was found")
    secretary.fill("Full name", "Bùi Thị Hường")
    secretary.press("Write it down", status=422)
    secretary.fill_day("Born on", date(2003, 2, 1))
    secretary.press("Write it down")
    secretary.sees("Next:", "a helper is named")
    secretary.follow("Name the helper")
    secretary.page.locator("input[name=helper_ids]").first.check()
    secretary.press("Write it down")
    secretary.sees("It is written down. Below you see what comes next, and by when.", "remark of a meeting")
    assert secretary.download("Thông báo phân công đảng viên giúp đỡ")[:2] == b"PK"

    address = reverse("admissions:case", args=[case.pk])
    secretary.open(address)
    secretary.follow("Choose the vote of the meeting")
    secretary.page.locator("input[name=vote_id]").first.check()
    secretary.press("Write it down")
    secretary.sees("%(yes)s in favour of %(base)s, %(needed)s needed", yes=15, base=20, needed=14)
    secretary.sees("The committee above enters it.")

    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("admissions:of_unit", args=[cast.vinh_dong.pk]))
    officer.follow(case.name)
    officer.follow("Enter the committee's vote")
    officer.fill("Members of the committee, the absent among them", "15")
    officer.fill("In favour", "10")
    officer.fill("Against", "6")
    officer.press("Write it down", status=409)
    officer.fill("Against", "5")
    officer.press("Write it down")
    officer.follow("Enter the decision")
    officer.fill("Number of the decision", "45-QĐ/HU")
    officer.press("Write it down")
    officer.open(reverse("admissions:targets", args=[cast.vinh_dong.pk]))
    officer.follow("Set the targets")
    officer.fill("Chi bộ xóm Nà Phòn", "2")
    officer.press("Set the targets")
    officer.sees("The targets are set.")

    secretary.open(address)
    secretary.follow("Write down the ceremony")
    secretary.press("Write it down")
    secretary.sees("Next:", "vote of the cell on the official recognition")
    member = Membership.objects.get(person=Case.objects.get(pk=case.pk).person)
    assert (member.status, member.during.since) == (Status.PROBATIONARY, clock.today())
