"""Admissions on their pages: the cell goes step by step, the committee votes and decides, both see what is due."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from chibo.admissions.models import Case, Target
from chibo.admissions.rules import Stage, State
from chibo.admissions.tests.test_way import NAME, TODAY, admitted, begun, ended, prepared, took, voted
from chibo.core import clock
from chibo.meetings.rules import VoteMatter
from chibo.people.models import Membership, Status
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, form_key, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening")]


def text_of(response: Any) -> str:
    document = Document(BytesIO(b"".join(response) if response.streaming else response.content))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *tables])


def step(client: Client, case: Case, stage: Stage, typed: dict[str, Any], **more: Any) -> Any:
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    address = reverse("admissions:step", args=[case.pk, stage])
    return send(client, address, {"seen_version": version, **typed}, **more)


def test_the_secretary_begins_and_goes_on(cast: Cast) -> None:
    secretary = signed_in(cast, "secretary")
    here = reverse("admissions:of_unit", args=[cast.na_phon.pk])
    page = secretary.get(here).content.decode()
    assert "chi bộ chưa ghi nhận nguồn kết nạp nào" in page
    begin = reverse("admissions:begin", args=[cast.na_phon.pk])
    assert begin in page
    typed = {"name": NAME, "found_by": "Đoàn thanh niên xóm", **day("found_on", TODAY)}
    assert send(secretary, begin, typed).status_code == 422
    typed |= day("born_on", date(2001, 5, 4))
    assert send(secretary, begin, typed).status_code == 302
    assert send(secretary, begin, typed).status_code == 409
    case = Case.objects.get()
    address = reverse("admissions:case", args=[case.pk])
    page = secretary.get(address).content.decode()
    assert "phân công đảng viên giúp đỡ" in page
    assert NAME in secretary.get(here).content.decode()
    assert step(secretary, case, Stage.HELPER, day("on", TODAY)).status_code == 422
    helped = {"helper_ids": [str(cast.person_id("member"))], **day("on", TODAY)}
    assert step(secretary, case, Stage.HELPER, helped).status_code == 302
    assert NAME in signed_in(cast, "member").get(address).content.decode()
    assert signed_in(cast, "neighbour").get(address).status_code == 404
    remark = day("on", TODAY) | {"words": "Tích cực."}
    refused = step(secretary, case, Stage.REMARK, remark)
    assert refused.status_code == 409
    assert "Ngày đó chi bộ không họp." in refused.content.decode()
    back = reverse("admissions:take_back", args=[case.pk])
    assert send(secretary, back, {"seen_version": "x"}, shown_on=address).status_code == 409
    version = Case.objects.get().version
    assert send(secretary, back, {"seen_version": version}, shown_on=address).status_code == 302
    stop = reverse("admissions:stop", args=[case.pk])
    assert send(secretary, stop, {"seen_version": version + 1, "why": "moved"}).status_code == 302
    page = secretary.get(address).content.decode()
    assert "Hồ sơ đã dừng" in page
    resume = reverse("admissions:resume", args=[case.pk])
    assert send(secretary, resume, {"seen_version": version + 2}, shown_on=address).status_code == 302
    assert secretary.get(reverse("admissions:step", args=[case.pk, "found"])).status_code == 404
    assert secretary.get(reverse("admissions:step", args=[case.pk, "decision"])).status_code == 403


def test_the_meeting_votes_and_the_committee_decides(cast: Cast) -> None:
    meeting = make.called(cast)
    case = prepared(cast, meeting)
    secretary, officer = signed_in(cast, "secretary"), signed_in(cast, "officer")
    address = reverse("admissions:case", args=[case.pk])
    voted(cast, meeting, case, 14)
    ended(cast, meeting)
    vote = meeting.votes.get(matter=VoteMatter.ADMISSION)
    chosen = step(secretary, case, Stage.CELL_VOTE, {"vote_id": str(vote.pk)})
    assert chosen.status_code == 302
    assert "tán thành 14/20, cần 14" in secretary.get(address).content.decode()
    count = {"unit_id": str(cast.vinh_dong.pk), "base": 15, "in_favour": 9, "against": 7, **day("on", TODAY)}
    assert step(officer, case, Stage.COMMITTEE_VOTE, count).status_code == 409
    assert step(officer, case, Stage.COMMITTEE_VOTE, count | {"in_favour": 10, "against": 5}).status_code == 302
    decided = {"unit_id": str(cast.district.pk), "paper": "45-QĐ/HU", **day("on", TODAY)}
    assert step(officer, case, Stage.DECISION, decided).status_code == 302
    assert step(secretary, case, Stage.CEREMONY, day("on", TODAY)).status_code == 302
    case.refresh_from_db()
    assert Membership.objects.get(person=case.person).status == Status.PROBATIONARY
    page = secretary.get(address).content.decode()
    assert "Hết thời gian dự bị" in page
    for name, words in (
        ("helper", "Bùi Thị Ngoằn"),
        ("cell-resolution", "tán thành: 14 (70 %)"),
        ("committee-proposal", "tán thành: 10 (66,7 %)"),
        ("decision", "Số 45-QĐ/HU"),
        ("ceremony", "Thời gian dự bị tính từ ngày 03/11/2026 đến ngày 03/11/2027"),
    ):
        paper = text_of(secretary.get(reverse("admissions:paper", args=[case.pk, name])))
        assert NAME in paper
        assert words in paper
    assert secretary.get(reverse("admissions:paper", args=[case.pk, "recognition"])).status_code == 404


def test_it_is_laid_before_the_next_meeting_in_one_press(cast: Cast) -> None:
    case = begun(cast)
    took(cast, case, Stage.HELPER, date(2026, 2, 3), helper_ids=[cast.person_id("member")])
    secretary = signed_in(cast, "secretary")
    address, lay = reverse("admissions:case", args=[case.pk]), reverse("admissions:lay", args=[case.pk, "remark"])
    assert send(secretary, lay, {}, shown_on=address).status_code == 409
    make.meeting(cast)
    assert lay in secretary.get(address).content.decode()
    assert send(secretary, lay, {}, shown_on=address).status_code == 302
    assert "chương trình" in secretary.get(address).content.decode()


def test_what_is_due_who_has_nobody_and_the_targets(cast: Cast) -> None:
    late = begun(cast)  # proposed on 6 January: the helper was due within 30 working days
    officer = signed_in(cast, "officer")
    here = reverse("admissions:of_unit", args=[cast.vinh_dong.pk])
    page = officer.get(here)
    assert [one.pk for one, _name in page.context["rows"]] == [late.pk]
    assert "quá hạn" in page.content.decode()
    assert page.context["without_n"] == 1
    assert officer.get(here + "?as=xlsx").content[:2] == b"PK"
    without = officer.get(reverse("admissions:without", args=[cast.vinh_dong.pk])).content.decode()
    assert "Tổng Đậu" in without
    assert "Nà Phòn" not in without
    targets = reverse("admissions:targets", args=[cast.vinh_dong.pk])
    assert "–" in officer.get(targets).content.decode()
    assert officer.get(targets + "?as=xlsx").content[:2] == b"PK"
    put = reverse("admissions:set_targets", args=[cast.vinh_dong.pk])
    assert send(officer, put, {str(cast.na_phon.pk): "x"}).status_code == 422
    assert send(officer, put, {str(cast.na_phon.pk): "2", str(cast.tong_dau.pk): ""}).status_code == 302
    assert [(one.unit, one.number) for one in Target.objects.all()] == [(cast.na_phon, 2)]
    assert officer.get(targets).context["total"] == [2, 0, 1]
    secretary = signed_in(cast, "secretary")
    assert secretary.get(put).status_code in (403, 404)
    month = secretary.get(reverse("month", args=[cast.na_phon.pk])).content.decode()
    assert "Phát triển đảng viên" in month
    unit = secretary.get(reverse("unit", args=[cast.na_phon.pk])).content.decode()
    assert here.replace(str(cast.vinh_dong.pk), str(cast.na_phon.pk)) in unit
    assert here in officer.get(reverse("officer", args=[cast.vinh_dong.pk])).content.decode()


def test_no_page_asks_more_than_its_budget(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    case = admitted(cast)
    for n in range(40):
        Case.objects.create(
            unit=(cast.na_phon, cast.tong_dau)[n % 2], name=f"Bùi Văn {n}", born_on=date(2000, 1, 1),
            found_on=TODAY - timedelta(days=n), due_for=Stage.HELPER, due_on=TODAY - timedelta(days=n),
        )  # fmt: skip
    secretary, officer = signed_in(cast, "secretary"), signed_in(cast, "officer")
    pages = [
        (secretary, reverse("admissions:of_unit", args=[cast.na_phon.pk])),
        (secretary, reverse("admissions:case", args=[case.pk])),
        (officer, reverse("admissions:case", args=[case.pk])),
        (secretary, reverse("admissions:step", args=[case.pk, Stage.HELPER])),
        (officer, reverse("admissions:of_unit", args=[cast.vinh_dong.pk])),
        (officer, reverse("admissions:without", args=[cast.vinh_dong.pk])),
        (officer, reverse("admissions:targets", args=[cast.vinh_dong.pk])),
    ]
    for client, address in pages:
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200, address


def test_a_form_that_is_sent_twice_begins_once(cast: Cast) -> None:
    secretary = signed_in(cast, "secretary")
    begin = reverse("admissions:begin", args=[cast.na_phon.pk])
    typed = {"name": NAME, "found_by": "", **day("found_on", TODAY), **day("born_on", date(2001, 5, 4))}
    key = form_key(secretary, begin)
    assert [send(secretary, begin, typed, key=key).status_code for _n in range(2)] == [302, 302]
    assert Case.objects.count() == 1
    assert Case.objects.get().state == State.OPEN
    assert clock.today() == TODAY
