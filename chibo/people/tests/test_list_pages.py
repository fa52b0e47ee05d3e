"""Sending a list on its pages: from choosing the file to the members in the register, and back."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chibo.core.actor import SYSTEM
from chibo.core.sheets import Book
from chibo.org import actions as org
from chibo.people import actions
from chibo.people.models import Import, Membership, Person, Status
from chibo.people.tests.test_lists import AN, HEAD, MAN, enter, read, workbook
from chibo.testing.cast import FOUNDED, NOW, Cast

BUDGET = 30


def browser(cast: Cast, who: str = "officer") -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def key(html: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', html)
    assert found, html
    return found[1]


def sheet(*rows: Any, name: str = "danh sách.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook(("Đảng viên", [HEAD, *rows])).getvalue())


def send(client: Client, address: str, **typed: Any) -> Any:
    page = client.get(address).content.decode()
    return client.post(address, typed | {"form_key": key(page)})


def upload(cast: Cast, client: Client, *rows: Any) -> Any:
    return send(client, reverse("import_members", args=[cast.vinh_dong.pk]), file=sheet(*rows))


def columns_as_shown(html: str) -> dict[str, str]:
    """What a browser sends back for each choice of the page as it stands."""
    typed = {}
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"\s+selected', body)
        typed[name] = chosen[1] if chosen else ""
    return typed


def test_a_list_goes_from_the_file_to_the_register_page_by_page(cast: Cast) -> None:
    client = browser(cast)
    assert (
        reverse("import_members", args=[cast.vinh_dong.pk])
        in client.get(f"/units/{cast.vinh_dong.pk}/").content.decode()
    )
    sent = upload(cast, client, AN, [2, "Bùi Văn Bách", "1970", "Xóm Phòn", "CT"], MAN)
    received = Import.objects.get()
    assert sent.url == reverse("people:list_columns", args=[received.pk])
    page = client.get(sent.url).content.decode()
    assert "Số thẻ đảng viên" in page
    assert "BÙI VĂN KHÁNH" in page
    day = {"list_day_day": "3", "list_day_month": "11", "list_day_year": "2026"}
    read_so: Any = client.post(sent.url, {**columns_as_shown(page), **day, "form_key": key(page)})
    assert read_so.url == reverse("people:list", args=[received.pk])
    preview = client.get(read_so.url).content.decode()
    assert "Nhập 2 đảng viên" in preview
    assert "Mới có năm" in preview
    assert "“1970”" in preview
    cells = reverse("people:list_cells", args=[received.pk])
    assert cells in preview
    choices = client.get(cells).content.decode()
    name = re.search(r'<select name="(cell_[0-9a-f]+)"', choices)
    assert name
    assert client.post(cells, {name[1]: str(cast.na_phon.pk), "form_key": key(choices)}).status_code == 302
    assert "Xóm Phòn" not in client.get(f"{read_so.url}?show=doubt").content.decode().split("<tbody>")[0]
    entered = client.post(reverse("people:enter_list", args=[received.pk]), {"form_key": key(preview)})
    assert entered.status_code == 302
    assert Person.objects.filter(card_number="00123456").exists()
    after = client.get(read_so.url).content.decode()
    rest = client.get(reverse("people:list_rest", args=[received.pk]))
    assert reverse("people:list_rest", args=[received.pk]) in after
    book = Book(io.BytesIO(rest.content))
    assert [row[1] for row in book.rows("Đảng viên")] == ["Họ và tên", "Bùi Văn Bách"]
    undo = reverse("people:undo_list", args=[received.pk])
    assert undo in after
    assert "2 đảng viên" in client.get(undo).content.decode()
    send(client, undo)
    assert not Person.objects.filter(card_number="00123456").exists()


def test_a_second_file_of_the_same_kind_leads_straight_to_what_was_understood(cast: Cast) -> None:
    enter(cast, read(cast, AN))
    sent = upload(cast, browser(cast), AN)
    received = Import.objects.order_by("-at").first()
    assert received
    assert sent.url == reverse("people:list", args=[received.pk])
    assert "đã có trong sổ; không thay đổi gì" in browser(cast).get(sent.url).content.decode()


def test_a_long_list_is_left_to_the_worker_and_its_page_says_how_far_it_is(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chibo.people.queries.AT_ONCE", 1)
    read(cast, MAN)
    sent = upload(cast, browser(cast), AN, MAN)
    page = browser(cast).get(sent.url).content.decode()
    assert "0 trên 2 dòng" in page
    assert "có thể rời trang" in page


def test_a_file_that_django_lays_on_the_disk_is_read_too(cast: Cast, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    assert upload(cast, browser(cast), AN, MAN).status_code == 302
    assert Import.objects.get().total == 2


def test_a_wrong_file_gets_its_sentence_beside_the_field(cast: Cast) -> None:
    client = browser(cast)
    address = reverse("import_members", args=[cast.vinh_dong.pk])
    answer = send(client, address, file=SimpleUploadedFile("thu.xlsx", b"%PDF-1.7"))
    assert answer.status_code == 409
    assert "không phải bảng tính" in answer.content.decode()
    assert 'id="id_file_error"' in answer.content.decode()
    assert send(client, address).status_code == 422
    assert not Import.objects.exists()


def test_two_columns_are_not_one_thing(cast: Cast) -> None:
    client = browser(cast)
    address = upload(cast, client, AN).url
    page = client.get(address).content.decode()
    typed = {**columns_as_shown(page), "list_day_day": "3", "list_day_month": "11", "list_day_year": "2026"}
    answer = client.post(address, {**typed, "column_0_2": "email", "form_key": key(page)})
    assert answer.status_code == 422
    assert "Đã có cột khác" in answer.content.decode()


def test_a_day_of_birth_may_be_chosen_in_two_columns(cast: Cast) -> None:
    client = browser(cast)
    address = upload(cast, client, AN).url
    page = client.get(address).content.decode()
    assert re.search(r"<h2>Trang tính: .*Đảng viên", page)
    typed = {**columns_as_shown(page), "list_day_day": "3", "list_day_month": "11", "list_day_year": "2026"}
    assert client.post(address, {**typed, "column_0_8": "born_on", "form_key": key(page)}).status_code == 302


def test_the_preview_says_what_was_understood(cast: Cast) -> None:
    received = read(cast, AN, [2, "Đinh Công Mận", "", "CB tong dau", "Dự bị", "1/9/2026"])
    page = browser(cast).get(reverse("people:list", args=[received.pk]) + "?show=new").content.decode()
    first, second = page.split("<tbody>")[1].split("<tr>")[1:3]
    for shown in ("Chi bộ xóm Nà Phòn", "03/02/1970", "03/02/1998", "03/02/1999", "00123456", "03/11/2026"):
        assert shown in first, shown
    assert "Chi bộ Tổng Đậu" in second or "Chi bộ xóm Tổng Đậu" in second
    assert "dự bị" in second


def test_the_preview_names_who_has_the_same_name_in_the_cell(cast: Cast) -> None:
    actions.enter_member(
        actor=SYSTEM, unit_id=cast.na_phon.pk, name="Bùi Văn Khánh", status=Status.OFFICIAL, since=FOUNDED, at=NOW,
        born_on=date(1950, 1, 1),
    )  # fmt: skip
    received = read(cast, AN)
    page = browser(cast).get(reverse("people:list", args=[received.pk])).content.decode()
    assert "01/01/1950" in page


def test_cells_of_one_name_are_told_apart(cast: Cast) -> None:
    """After communes were merged all stand below one, so the one before and the code tell."""
    old = org.found_unit(
        actor=SYSTEM, kind="grassroots", code="xa-cu", name="Đảng bộ xã Cũ", parent_id=cast.district.pk, since=FOUNDED,
        at=NOW,
    )  # fmt: skip
    cells = [
        org.found_unit(
            actor=SYSTEM, kind="cell", code=f"coc-{parent.code}", name="Chi bộ xóm Cốc", parent_id=parent.pk,
            since=FOUNDED, at=NOW,
        )
        for parent in (old, cast.vinh_dong)
    ]  # fmt: skip
    org.move_unit(actor=SYSTEM, unit_id=cells[0].pk, parent_id=cast.vinh_dong.pk, since=date(2026, 1, 1), at=NOW)
    received = read(cast, [1, "Bùi Văn Ất", "", "Chi bộ xóm Cốc", "CT"])
    address = reverse("people:list_cells", args=[received.pk])
    page = browser(cast).get(address).content.decode()
    assert "trước đây: Đảng bộ xã Cũ, coc-xa-cu)" in page
    assert f"coc-{cast.vinh_dong.code})" in page
    actions.choose_cells(actor=cast.officer, import_id=received.pk, chosen={"Chi bộ xóm Cốc": cells[0].pk}, at=NOW)
    assert "coc-xa-cu" in browser(cast).get(reverse("people:list", args=[received.pk])).content.decode()


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "operator"])
def test_others_find_no_such_page(cast: Cast, who: str) -> None:
    received = read(cast, AN)
    client = browser(cast, who)
    for name in ("list", "list_columns", "list_cells", "list_rest", "undo_list"):
        assert client.get(reverse(f"people:{name}", args=[received.pk])).status_code == 404, name
    assert client.get(reverse("import_members", args=[cast.na_phon.pk])).status_code in (403, 404)


def test_a_page_of_doubts_asks_the_database_no_more_for_many_rows_than_for_few(cast: Cast) -> None:
    received = read(cast, *([n, f"Bùi Văn {'ABCDEĐGHIK'[n % 10]}n", "1970", f"Xóm {n}", "CT"] for n in range(120)))
    client = browser(cast)
    pages = {"list": BUDGET, "list_columns": BUDGET, "list_cells": BUDGET + 40, "undo_list": BUDGET}
    for name, most in pages.items():
        client.get(reverse(f"people:{name}", args=[received.pk]))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"people:{name}", args=[received.pk])).status_code == 200
        assert len(asked) <= most, name
    second = client.get(reverse("people:list", args=[received.pk]) + "?page=2").content.decode()
    assert "Trang 2" in second
    assert Membership.objects.filter(person__search__startswith="bui van an").count() <= 1
