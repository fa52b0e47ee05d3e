"""The pages of both offices, of the member himself, and of the committee above."""

from datetime import date
from urllib.parse import quote

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.dues.models import Amount, Handing, Payment, Reason
from chibo.dues.tests.test_dues import NOVEMBER, TODAY, agreed, collector, handed, paid
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening")]


def test_a_month_goes_its_way_on_its_pages(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    secretary, member, officer = (signed_in(cast, who) for who in ("secretary", "member", "officer"))
    here = reverse("dues:month", args=[cast.na_phon.pk])
    page = secretary.get(here).content.decode()
    assert "22 đảng viên chưa có mức đóng" in page
    assert "Chưa cử ai" in page
    assert member.get(here).status_code == 404
    name = reverse("dues:collector", args=[cast.na_phon.pk])
    assert send(secretary, name, {"person": str(cast.person_id("member"))}).status_code == 302
    person = cast.person_id("member_1")
    agree = reverse("dues:agree", args=[cast.na_phon.pk, person])
    typed = {"payer": "worker", "base": "", "more": "", "since": "2026-11-01"}
    wrong = send(secretary, agree, typed)
    assert wrong.status_code == 409
    assert "Hãy ghi tiền lương hoặc lương hưu" in wrong.content.decode()
    assert send(secretary, agree, typed | {"base": "7.300.000"}).status_code == 302
    assert Amount.objects.get().amount == 73_000
    agreed(cast, "member_2")
    with django_assert_max_num_queries(34):
        page = member.get(here).content.decode()
    assert "đã đóng 73.000 đ" in page
    assert send(member, here, {**day("paid_on", TODAY)}).status_code == 422
    assert send(member, here, {"person": str(person), **day("paid_on", TODAY)}).status_code == 302
    assert "1/2" in secretary.get(here).content.decode()
    assert secretary.get(f"{here}?as=xlsx").content[:2] == b"PK"
    assert secretary.get(reverse("dues:list", args=[cast.na_phon.pk])).content[:2] == b"PK"
    pay = reverse("dues:pay", args=[cast.na_phon.pk, cast.person_id("member_2")])
    typed = {"first": "2026-11-01", "months": "2", "amount": "", **day("paid_on", TODAY)}
    assert send(member, pay, typed | {"amount": "nhiều"}).status_code == 422
    assert send(member, pay, typed).status_code == 302
    account = reverse("dues:member", args=[cast.na_phon.pk, cast.person_id("member_2")])
    with django_assert_max_num_queries(24):
        assert "biên nhận số 2/2026" in member.get(account).content.decode()
    one = Payment.objects.filter(person=cast.person_id("member_2")).first()
    assert one is not None
    assert send(member, reverse("dues:correct", args=[one.pk]), {"why": "Nhầm."}).status_code == 302
    up = reverse("dues:hand_up", args=[cast.na_phon.pk])
    typed = {"month": "2026-11-01", "amount": "9.999.999", **day("handed_on", TODAY)}
    assert send(member, up, typed).status_code == 409
    assert send(member, up, typed | {"amount": "21.900"}).status_code == 302
    sums = reverse("dues:sums", args=[cast.vinh_dong.pk])
    with django_assert_max_num_queries(18):
        page = officer.get(sums).content.decode()
    assert "21.900 đ" in page
    assert "Bùi Thị Ngoằn" not in page
    assert officer.get(f"{sums}?as=xlsx").content[:2] == b"PK"
    found = Handing.objects.get()
    assert member.get(reverse("dues:handing_paper", args=[found.pk])).content[:2] == b"PK"
    confirm = reverse("dues:confirm", args=[found.pk])
    assert send(officer, confirm, {}, shown_on=sums).status_code == 302
    assert "đã nhận" in member.get(here).content.decode()


def test_a_sum_is_given_back_with_what_is_wrong(cast: Cast) -> None:
    agreed(cast, "member_1")
    paid(cast, "member_1")
    officer, member = signed_in(cast, "officer"), signed_in(cast, "member")
    one = handed(cast, 3_330)
    address = reverse("dues:decline", args=[one.pk])
    assert send(officer, address, {"why": ""}).status_code == 422
    assert send(officer, address, {"why": "Thiếu 30 đồng."}).status_code == 302
    here = reverse("dues:month", args=[cast.na_phon.pk])
    assert "Thiếu 30 đồng." in member.get(here).content.decode()
    again = handed(cast, 3_330)
    back = reverse("dues:take_back", args=[again.pk])
    assert send(member, back, {}, shown_on=here).status_code == 302


def test_the_secretary_is_shown_a_fact_and_writes_a_reason(cast: Cast) -> None:
    agreed(cast, "member_1", since=date(2026, 8, 1))
    secretary = signed_in(cast, "secretary")
    here = reverse("dues:month", args=[cast.na_phon.pk])
    assert "còn 3 tháng trong năm nay chưa đóng đủ" in secretary.get(here).content.decode()
    collector(cast)
    assert "còn 3 tháng trong năm nay" not in signed_in(cast, "member").get(here).content.decode()
    address = reverse("dues:reason", args=[cast.na_phon.pk, cast.person_id("member_1")])
    typed = {"first": "2026-08-01", "last": "2026-10-01", "text": "Đi làm xa."}
    assert send(secretary, address, typed).status_code == 302
    assert Reason.objects.get().text == "Đi làm xa."
    assert "còn 3 tháng trong năm nay" not in secretary.get(here).content.decode()


def test_a_member_sees_his_own_and_nobody_elses(cast: Cast) -> None:
    agreed(cast, "third", since=NOVEMBER)
    (own,) = paid(cast, "third")
    third, stranger = signed_in(cast, "third"), signed_in(cast, "probationary")
    mine = third.get(reverse("dues:mine")).content.decode()
    assert "biên nhận số 1/2026" in mine
    assert "biên nhận số 1/2026" not in stranger.get(reverse("dues:mine")).content.decode()
    paper = reverse("dues:receipt", args=[own.pk])
    answer = third.get(paper)
    assert answer.content[:2] == b"PK"
    assert quote("Biên nhận") in answer["Content-Disposition"]
    for who in ("probationary", "officer", "neighbour", "attending"):
        assert signed_in(cast, who).get(paper).status_code == 404
        assert signed_in(cast, who).get(reverse("dues:month", args=[cast.na_phon.pk])).status_code == 404
