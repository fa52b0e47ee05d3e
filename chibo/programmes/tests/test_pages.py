"""Programmes on their pages: the secretary enters, the committee judges, others take it up."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from chibo.core import clock
from chibo.meetings.rules import Kind
from chibo.programmes import jobs, queries
from chibo.programmes.models import Cycle, Entry, Programme, Recognition, Spread
from chibo.programmes.rules import CheckKind, State
from chibo.programmes.tests.test_life import ROAD, checked, opened, recognised, registered, running, shown
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import day, form_key, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening")]

TYPED = {
    "seen_version": 0,
    "title": "Tuyến đường tự quản",
    "fields_chosen": ["Văn hóa - xã hội"],
    "aim": "Mỗi hộ giữ sạch đoạn đường trước nhà.",
    "measure": "số hộ tham gia",
    "baseline": "12",
    "target": "60,5",
}


def text_of(response: Any) -> str:
    document = Document(BytesIO(b"".join(response) if response.streaming else response.content))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *tables])


def test_a_committee_calls_and_opens_a_round(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    page = officer.get(reverse("programmes:of_unit", args=[cast.vinh_dong.pk])).content.decode()
    assert "dân vận khéo" in page.lower()
    call = reverse("programmes:call", args=[cast.vinh_dong.pk]) + "?nature=mass_mobilisation"
    form = officer.get(call).context["form"]
    assert form.initial["fields_typed"].count("\n") == 3
    typed = {
        "title": "Dân vận khéo",
        "gist": "Mỗi chi bộ một việc.",
        "fields_typed": "Kinh tế\n\n- Văn hóa;",
        "criteria": "Dân bàn\nDân làm",
        "criteria_cell": "Xóm tự làm",
        "asks_members": "on",
    }
    assert send(officer, call, typed | {"gist": ""}).status_code == 422
    assert send(officer, call, typed).status_code == 302
    programme = Programme.objects.get()
    assert (programme.fields, programme.criteria) == (
        ["Kinh tế", "Văn hóa"], {"": ["Dân bàn", "Dân làm"], "cell": ["Xóm tự làm"]}
    )  # fmt: skip
    open_cycle = reverse("programmes:open_cycle", args=[programme.pk])
    today = clock.today()
    dates = day("registers_until", today + timedelta(days=20)) | day("ends_on", today + timedelta(days=200))
    assert send(officer, open_cycle, {"title": "2026", **dates}).status_code == 302
    assert send(officer, open_cycle, {"title": "2026", **dates}).status_code == 409
    here = reverse("programmes:programme", args=[programme.pk])
    assert "đang nhận đăng ký" in officer.get(here).content.decode()
    end = reverse("programmes:end", args=[programme.pk])
    assert send(officer, end, {}, shown_on=here).status_code == 302
    assert "tiếp tục đến hết đợt" in officer.get(here).content.decode()


def test_the_secretary_enters_asks_and_registers(cast: Cast) -> None:
    cycle = opened(cast, asks_members=True)
    secretary = signed_in(cast, "secretary")
    assert "Dân vận khéo" in secretary.get(reverse("programmes:of_unit", args=[cast.na_phon.pk])).content.decode()
    begin = reverse("programmes:begin", args=[cycle.pk, cast.na_phon.pk])
    assert begin in secretary.get(reverse("programmes:cycle", args=[cycle.pk])).content.decode()
    refused = send(secretary, begin, TYPED | {"title": ""})
    assert refused.status_code == 422
    assert "Mỗi hộ giữ sạch" in refused.content.decode()
    assert send(secretary, begin, TYPED | {"aim": ""}).status_code == 302
    entry = Entry.objects.get()
    assert (entry.baseline, entry.target) == (Decimal(12), Decimal("60.5"))
    here = reverse("programmes:entry", args=[entry.pk])
    assert "Hãy ghi mục tiêu" in secretary.get(here).content.decode()
    change = reverse("programmes:change", args=[entry.pk])
    assert send(secretary, change, TYPED | {"seen_version": 1}).status_code == 302
    stale = send(secretary, change, TYPED | {"seen_version": 1, "aim": "Mục tiêu khác."})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Mỗi hộ giữ sạch đoạn đường trước nhà." in page
    assert page.count("Mục tiêu khác.") == 2  # beside what stands, and in the form
    assert 'name="seen_version" value="2"' in page
    make.meeting(cast)
    assert send(secretary, reverse("programmes:lay", args=[entry.pk]), {}, shown_on=here).status_code == 302
    held = make.ended(cast, kind=Kind.EXTRAORDINARY)
    said = {**day("on", held.on), "in_favour": 20, "against": 1, "abstained": 0, "seen_version": 2}
    assert send(secretary, reverse("programmes:said", args=[entry.pk]), said).status_code == 302
    page = secretary.get(here)
    assert page.context["missing"] == {}
    register = reverse("programmes:register", args=[entry.pk])
    assert send(secretary, register, {"seen_version": "x"}, shown_on=here).status_code == 409
    assert send(secretary, register, {"seen_version": 3}, shown_on=here).status_code == 302
    for name, words in (("registration", "12"), ("pledge", "Xóm tự làm")):
        paper = text_of(secretary.get(reverse("programmes:paper", args=[entry.pk, name])))
        assert "Tuyến đường tự quản" in paper
        assert words in paper
    assert secretary.get(reverse("programmes:paper", args=[entry.pk, "other"])).status_code == 404
    assert "Nà Phòn" in signed_in(cast, "member").get(here).content.decode()
    withdraw = reverse("programmes:withdraw", args=[entry.pk])
    assert send(secretary, withdraw, {"why": "Xóm bận làm cầu."}).status_code == 302
    assert "Xóm bận làm cầu." in secretary.get(here).content.decode()


def test_the_committee_answers_appraises_and_recognises(cast: Cast) -> None:
    entry = registered(cast, opened(cast))
    officer, secretary = signed_in(cast, "officer"), signed_in(cast, "secretary")
    here = reverse("programmes:entry", args=[entry.pk])
    answer = reverse("programmes:answer", args=[entry.pk])
    assert answer in officer.get(here).content.decode()
    assert send(officer, answer, {"accepts": "no", "why": ""}).status_code == 409
    assert send(officer, answer, {"accepts": "yes", "why": ""}).status_code == 302
    check = reverse("programmes:self_check", args=[entry.pk])
    how_far = {"value": "36", "words": "Đã có 36 hộ.", "met": ["Nhân dân được bàn"]}
    assert send(secretary, check, how_far).status_code == 302
    assert "50 %" in secretary.get(here).content.decode()
    assert secretary.get(reverse("programmes:appraise", args=[entry.pk, "final"])).status_code == 403
    assert officer.get(reverse("programmes:appraise", args=[entry.pk, "self"])).status_code == 404
    for kind, more in (("midterm", {}), ("final", {"passes": "yes"})):
        typed = {"value": "58", "words": "Kiểm tra thực tế.", **more}
        assert send(officer, reverse("programmes:appraise", args=[entry.pk, kind]), typed).status_code == 302
    recognise = reverse("programmes:recognise", args=[entry.pk])
    typed = {
        "unit_id": str(cast.vinh_dong.pk),
        "decision": "12-QĐ/ĐU",
        "award": "Giấy khen",
        **day("decided_on", clock.today()),
    }
    assert send(officer, recognise, typed | {"unit_id": str(cast.district.pk)}).status_code == 422
    assert send(officer, recognise, typed).status_code == 302
    one = Recognition.objects.get()
    paper = text_of(secretary.get(reverse("programmes:recognition_paper", args=[one.pk])))
    assert "Điều 2. Khen thưởng" in paper
    assert "từ 12 đến 58" in paper
    assert "Số 12-QĐ/ĐU" in paper
    kit = reverse("programmes:kit", args=[entry.pk])
    assert kit in secretary.get(here).content.decode()
    assert send(secretary, kit, {"seen_version": 0, "what": "Giữ sạch đường", "how": ""}).status_code == 422
    assert send(secretary, kit, {"seen_version": 0, "what": "Giữ sạch đường", "how": "Chia đoạn"}).status_code == 302
    assert send(secretary, reverse("programmes:hide", args=[entry.pk]), {}, shown_on=here).status_code == 302
    withdraw = reverse("programmes:withdraw_recognition", args=[one.pk])
    assert send(officer, withdraw, {"why": "Số liệu chưa đúng."}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.WITHDRAWN


def test_a_neighbour_finds_it_takes_it_up_and_sees_nothing_of_the_way(cast: Cast) -> None:
    cycle = opened(cast)
    one = recognised(cast, cycle)
    shown(cast, one.entry)
    neighbour = signed_in(cast, "neighbour")
    kits = reverse("programmes:kits", args=[cast.tong_dau.pk])
    assert "Tuyến đường tự quản" in neighbour.get(kits + "?q=duong+tu").content.decode()
    assert "Hãy thử ít từ hơn" in neighbour.get(kits + "?q=khong+co").content.decode()
    here = neighbour.get(reverse("programmes:entry", args=[one.entry_id]))
    assert "Họp xóm, chia đoạn" in here.content.decode()
    assert here.context["checks"] == []
    begin = reverse("programmes:begin", args=[cycle.pk, cast.tong_dau.pk]) + f"?take={one.entry_id}"
    assert begin in here.content.decode()
    form = neighbour.get(begin).context["form"]
    assert form.initial["aim"] == ROAD.aim
    assert send(neighbour, begin, TYPED | {"adapted": "Chia theo tổ."}).status_code == 302
    entry = Entry.objects.get(unit=cast.tong_dau)
    assert (entry.source, entry.adapted) == (one.entry, "Chia theo tổ.")
    assert neighbour.get(reverse("programmes:begin", args=[cycle.pk, cast.tong_dau.pk]) + "?take=x").status_code == 404
    line = neighbour.get(reverse("programmes:lineage", args=[one.entry_id])).content.decode()
    assert "Chưa có nơi nào làm theo" in line


def test_numbers_lists_and_papers_of_a_round(cast: Cast) -> None:
    cycle = opened(cast)
    recognised(cast, cycle)
    registered(cast, cycle, who="neighbour")
    officer = signed_in(cast, "officer")
    entries = reverse("programmes:entries", args=[cycle.pk, cast.vinh_dong.pk])
    page = officer.get(entries)
    assert (page.context["numbers"].total, page.context["sum_of_fields"]) == (2, 2)
    assert len(officer.get(entries + "?state=recognised").context["rows"]) == 1
    assert len(officer.get(entries + "?field=Phát triển kinh tế").context["rows"]) == 0
    board = officer.get(reverse("programmes:board", args=[cycle.pk, cast.vinh_dong.pk]))
    assert board.context["total"] == [2, 2, 1, 0, 1]
    for address in (entries, reverse("programmes:board", args=[cycle.pk, cast.vinh_dong.pk])):
        assert officer.get(address + "?as=xlsx").content[:2] == b"PK"
    paper = text_of(officer.get(reverse("programmes:review", args=[cycle.pk, cast.vinh_dong.pk])))
    assert "có 2 mô hình" in paper
    assert "Văn hóa - xã hội: 2 mô hình" in paper


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "attending", "operator"])
def test_numbers_and_judgement_are_the_committees(cast: Cast, who: str) -> None:
    cycle = opened(cast)
    entry = registered(cast, cycle)
    client = signed_in(cast, who)
    for name, of in (
        ("entries", [cycle.pk, cast.vinh_dong.pk]),
        ("board", [cycle.pk, cast.vinh_dong.pk]),
        ("review", [cycle.pk, cast.vinh_dong.pk]),
        ("answer", [entry.pk]),
        ("compare", [cycle.programme_id]),
        ("open_cycle", [cycle.programme_id]),
    ):
        assert client.get(reverse(f"programmes:{name}", args=of)).status_code in (403, 404), name


def test_what_a_comparison_came_to_is_said_in_words(cast: Cast) -> None:
    programme = opened(cast).programme
    officer = signed_in(cast, "officer")
    here = reverse("programmes:programme", args=[programme.pk])
    assert "Chưa có kết quả so sánh" in officer.get(here).content.decode()
    compare = reverse("programmes:compare", args=[programme.pk])
    assert send(officer, compare, {"indicator": "tasks", "months": "6"}).status_code == 302
    assert "đang tính" in officer.get(here).content.decode()
    assert send(officer, compare, {"indicator": "tasks", "months": "6"}).status_code == 409
    jobs.work_out(0)
    page = officer.get(here).content.decode()
    assert "Chưa đủ để kết luận" in page
    assert compare in page
    assert send(officer, compare, {"indicator": "tasks", "months": "6"}, shown_on=here).status_code == 302
    for low, high, words in (
        (0.01, 0.05, "tiến bộ hơn"),
        (-0.01, 0.05, "Chưa thấy khác biệt"),
        (-0.05, -0.01, "ít hơn"),
    ):
        Spread.objects.create(
            programme=programme, indicator="tasks", months=6, takers=30, pairs=28, others=90,
            difference=(low + high) / 2,
            spread=0.1, low=low, high=high, at=cast.at, done_at=cast.at,
        )  # fmt: skip
        assert words in signed_in(cast, "member").get(here).content.decode()


def test_every_page_has_its_budget(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    cycle = opened(cast)
    one = recognised(cast, cycle)
    shown(cast, one.entry)
    for n in range(30):
        Entry.objects.create(
            cycle=cycle, unit=cast.tong_dau, title=f"Mô hình {n}", source=one.entry, adapted="Khác", baseline=n,
            target=n + 1, state=State.RUNNING, registered_on=clock.today(), started_on=clock.today(),
        )  # fmt: skip
    officer, secretary = signed_in(cast, "officer"), signed_in(cast, "secretary")
    pages = [
        (secretary, reverse("programmes:of_unit", args=[cast.na_phon.pk])),
        (secretary, reverse("programmes:programme", args=[cycle.programme_id])),
        (secretary, reverse("programmes:cycle", args=[cycle.pk])),
        (secretary, reverse("programmes:entry", args=[one.entry_id])),
        (secretary, reverse("programmes:kits", args=[cast.na_phon.pk])),
        (secretary, reverse("programmes:lineage", args=[one.entry_id])),
        (officer, reverse("programmes:entry", args=[one.entry_id])),
        (officer, reverse("programmes:entries", args=[cycle.pk, cast.vinh_dong.pk])),
        (officer, reverse("programmes:board", args=[cycle.pk, cast.vinh_dong.pk])),
    ]
    for client, address in pages:
        with django_assert_max_num_queries(24):
            assert client.get(address).status_code == 200, address


def test_a_form_that_is_sent_twice_enters_once(cast: Cast) -> None:
    cycle: Cycle = opened(cast)
    secretary = signed_in(cast, "secretary")
    begin = reverse("programmes:begin", args=[cycle.pk, cast.na_phon.pk])
    key = form_key(secretary, begin)
    assert [send(secretary, begin, TYPED, key=key).status_code for _n in range(2)] == [302, 302]
    assert Entry.objects.count() == 1


def test_a_number_is_read_as_people_write_it(cast: Cast) -> None:
    entry = running(cast, opened(cast))
    secretary = signed_in(cast, "secretary")
    check = reverse("programmes:self_check", args=[entry.pk])
    assert send(secretary, check, {"value": "nhiều", "words": "Đã làm."}).status_code == 422
    assert send(secretary, check, {"value": "1 234,5", "words": "Đã làm."}).status_code == 302
    assert queries.checks(entry)[0].value == Decimal("1234.5")
    checked(cast, entry, CheckKind.MIDTERM, 40)


def test_what_is_wrong_with_a_field_stands_beside_it(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    call = reverse("programmes:call", args=[cast.vinh_dong.pk])
    typed = {"title": "Dân vận khéo", "gist": "Mỗi chi bộ một việc.", "fields_typed": "x" * 120}
    refused = send(officer, call, typed)
    assert refused.status_code == 409
    assert list(refused.context["form"].errors) == ["fields_typed"]
    assert not Programme.objects.exists()


def test_a_long_line_is_paged(cast: Cast) -> None:
    one = recognised(cast, opened(cast))
    for n in range(50):
        Entry.objects.create(
            cycle=one.entry.cycle, unit=cast.tong_dau, title=f"Mô hình {n}", source=one.entry, adapted="Khác",
            baseline=n, target=n + 1, state=State.RUNNING, registered_on=clock.today(), started_on=clock.today(),
        )  # fmt: skip
    page = signed_in(cast, "secretary").get(reverse("programmes:lineage", args=[one.entry_id]) + "?page=2")
    assert len(page.context["rows"]) == 1
    assert sum(n for _place, n in page.context["places"]) == 51
    assert "Chưa có nơi nào làm theo" not in page.content.decode()
