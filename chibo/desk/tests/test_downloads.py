"""Every list that one may see can be taken home as a spreadsheet: the same rows, the same filter, the same door."""

import io
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from chibo.core import sheets
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.sheets import Book
from chibo.meetings import actions
from chibo.org import actions as org
from chibo.org import queries as org_queries
from chibo.org.models import Unit
from chibo.people import queries as register
from chibo.people.models import Person, Transfer
from chibo.reorganisation.tests import make as reorganised
from chibo.testing import make
from chibo.testing.cast import Cast


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def rows(client: Client, address: str, sheet: int = 0) -> list[list[str]]:
    """The rows of the spreadsheet behind a page, its head first."""
    response: Any = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    assert response.headers["Content-Type"] == sheets.XLSX, address
    assert "attachment" in response.headers["Content-Disposition"]
    book = Book(io.BytesIO(response.content))
    return [[sheets.text(cell) for cell in row] for row in book.rows(book.names[sheet])]


def linked(client: Client, address: str) -> bool:
    page = client.get(address).content.decode()
    return "Tải về Excel" in page and "as=xlsx" in page


def test_members_come_as_the_page_shows_them_and_with_what_the_office_keeps(cast: Cast) -> None:
    Person.objects.filter(pk=cast.person_id("member")).update(card_number="00012345")
    address = reverse("unit_members", args=[cast.na_phon.pk])
    found = rows(browser(cast, "member"), f"{address}?as=xlsx")
    assert found[0] == ["Họ và tên", "Tình trạng", "Từ ngày"]
    assert len(found) == 23
    kept = rows(browser(cast, "officer"), f"{address}?q={quote('bui ngoan')}&as=xlsx")
    assert [row[0] for row in kept[1:]] == ["Bùi Thị Ngoằn"]
    assert "00012345" in kept[1]
    seen = register.readers(cast.person_id("member"))
    assert [entry.actor_name for entry in seen] == ["Bạch Thị Dung"]
    rows(browser(cast, "officer"), f"{address}?as=xlsx")
    assert seen.count() == 1
    assert linked(browser(cast, "member"), address)
    assert browser(cast, "neighbour").get(f"{address}?as=xlsx").status_code in (403, 404)


def test_search_units_and_numbers_come_too(cast: Cast) -> None:
    officer = browser(cast, "officer")
    search = f"{reverse('search')}?q={quote('bui thi ngoan')}"
    assert rows(officer, f"{search}&as=xlsx")[1] == ["Bùi Thị Ngoằn", "Chi bộ xóm Nà Phòn", "đảng viên chính thức"]
    assert linked(officer, search)
    assert len(rows(browser(cast, "neighbour"), f"{search}&as=xlsx")) == 1
    below = reverse("unit", args=[cast.vinh_dong.pk])
    assert [row[0] for row in rows(officer, f"{below}?as=xlsx")[1:]] == ["Chi bộ xóm Nà Phòn", "Chi bộ xóm Tổng Đậu"]
    assert linked(officer, below)
    make.meeting(cast)
    planned = reverse("behind", args=[cast.vinh_dong.pk, "planned"]) + "?month=2026-11"
    assert rows(officer, f"{planned}&as=xlsx")[1][:2] == ["Chi bộ xóm Nà Phòn", "na-phon"]
    name = officer.get(f"{planned}&as=xlsx").headers["Content-Disposition"]
    assert name == 'attachment; filename="hop-theo-ke-hoach-202611.xlsx"'


def test_a_unit_that_is_no_more_says_so_in_the_spreadsheet_of_a_search(cast: Cast) -> None:
    reorganised.applied(cast, reorganised.MERGE)
    found = rows(browser(cast, "officer"), f"{reverse('search')}?q=na+phon&among=units&as=xlsx")
    assert found[0] == ["Đơn vị", "Loại", "Mã", "Cấp trên", "Ngày thành lập", "Ngày kết thúc"]
    assert found[1][0] == "Chi bộ xóm Nà Phòn"
    assert found[1][2:] == ["na-phon", "Đảng bộ xã Vĩnh Đồng", "01/01/2020", "02/11/2026"]


def namesake(cast: Cast) -> Unit:
    """A second cell of Nà Phòn's name in Vĩnh Đồng, which stood below Kim Tiến before."""
    found = partial(org.found_unit, actor=SYSTEM, since=date(2020, 1, 1), at=cast.at)
    below = found(kind="grassroots", code="kim-tien", name="Đảng bộ xã Kim Tiến", parent_id=cast.district.pk)
    cell = found(kind="cell", code="na-phon-2", name="Chi bộ xóm Nà Phòn", parent_id=below.pk)
    org.move_unit(actor=SYSTEM, unit_id=cell.pk, parent_id=cast.vinh_dong.pk, since=date(2026, 11, 2), at=cast.at)
    return cell


def test_two_cells_of_one_name_are_told_apart_wherever_both_are_listed(cast: Cast) -> None:
    make.meeting(cast)
    make.meeting(cast, unit=namesake(cast))
    officer = browser(cast, "officer")
    before, code = "trước thuộc Đảng bộ xã Kim Tiến", "na-phon"
    names = {f"Chi bộ xóm Nà Phòn ({note})" for note in (before, code)}
    desk = reverse("officer", args=[cast.vinh_dong.pk]) + "?month=2026-11"
    behind = reverse("behind", args=[cast.vinh_dong.pk, "planned"]) + "?month=2026-11"
    unit = reverse("unit", args=[cast.vinh_dong.pk])
    search = reverse("search") + "?q=na+phon"
    for address in (desk, behind, unit, search):
        page = officer.get(address).content.decode()
        assert before in page, address
    for address in (f"{desk}&as=xlsx", f"{behind}&as=xlsx", f"{unit}?as=xlsx", f"{search}&among=units&as=xlsx"):
        assert names <= {row[0] for row in rows(officer, address)}, address
    page = officer.get(reverse("unit_figures", args=[cast.vinh_dong.pk])).content.decode()
    assert all(name in page for name in names)


def test_telling_namesakes_apart_costs_one_query_and_nothing_without_them(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    other = namesake(cast)
    with django_assert_num_queries(0):
        assert org_queries.told_apart({cast.na_phon.pk: "Nà Phòn", cast.tong_dau.pk: "Tổng Đậu"}) == {}
    with django_assert_num_queries(1):
        org_queries.told_apart(dict.fromkeys((cast.na_phon.pk, other.pk), "Nà Phòn"))


def test_meetings_tasks_and_accounts_come_too(cast: Cast) -> None:
    make.task(cast, make.called(cast))
    meetings = reverse("meetings:of_unit", args=[cast.na_phon.pk])
    assert rows(browser(cast, "member"), f"{meetings}?as=xlsx")[1][1] == "03/11/2026"
    assert linked(browser(cast, "member"), meetings)
    mine = reverse("tasks:mine")
    assert rows(browser(cast, "member"), f"{mine}?as=xlsx")[1][1] == "Vận động 12 hộ làm đường nội xóm"
    assert linked(browser(cast, "member"), mine)
    assert len(rows(browser(cast, "third"), f"{mine}?as=xlsx")) == 1
    accounts = reverse("access:accounts", args=[cast.na_phon.pk])
    found = rows(browser(cast, "officer"), f"{accounts}?as=xlsx")
    assert found[0] == ["Tên", "Đơn vị", "Tên đăng nhập", "Tài khoản", "Đăng nhập gần nhất"]
    assert ["Bùi Văn Thưởng", "Chi bộ xóm Nà Phòn", "secretary", "Đang mở"] in [row[:4] for row in found]
    assert linked(browser(cast, "officer"), accounts)
    assert browser(cast, "member").get(f"{accounts}?as=xlsx").status_code == 403
    assert browser(cast, "neighbour").get(f"{accounts}?as=xlsx").status_code == 404


def test_rolls_come_without_their_reasons_and_the_officers_table_as_it_stands(cast: Cast) -> None:
    meeting = make.called(cast, absent=1)
    make.conclude(cast, meeting)
    actions.end_meeting(actor=cast.secretary, meeting_id=meeting.pk, at=cast.at + timedelta(minutes=95))
    rolls = reverse("meetings:rolls", args=[cast.na_phon.pk])
    found = rows(browser(cast, "secretary"), rolls)
    assert found[0] == ["Ngày", "Loại", "Họ và tên", "Tình trạng"]
    assert len(found) == 23
    assert "ốm" not in {cell for row in found for cell in row}
    for who, status in (
        *((one, 200) for one in ("secretary", "deputy", "officer")),
        *((one, 403) for one in ("third", "member", "probationary", "attending")),
        *((one, 404) for one in ("neighbour", "operator")),
    ):
        assert browser(cast, who).get(rolls).status_code == status, who
    Transfer.objects.create(
        person_id=cast.person_id("neighbour"), kind="temporary", state="staying", from_unit=cast.tong_dau,
        issued_by=cast.tong_dau, to_unit=cast.na_phon, issued_to=cast.na_phon, number="1", issued_on=date(2026, 10, 5),
        was="official", during=Period(date(2026, 10, 5)),
    )  # fmt: skip
    assert browser(cast, "neighbour").get(rolls).status_code == 403, "a guest has the minutes and no more"
    all_meetings = reverse("meetings:of_unit", args=[cast.na_phon.pk])
    assert rolls in browser(cast, "deputy").get(all_meetings).content.decode()
    assert rolls not in browser(cast, "member").get(all_meetings).content.decode()
    mine = rows(browser(cast, "member"), reverse("my_page") + "?as=xlsx")
    assert mine[1][0] == "03/11/2026"
    officer = reverse("officer", args=[cast.vinh_dong.pk])
    table = rows(browser(cast, "officer"), f"{officer}?month=2026-11&as=xlsx")
    assert [row[:2] for row in table[2:]] == [["Chi bộ xóm Nà Phòn", "na-phon"], ["Chi bộ xóm Tổng Đậu", "tong-dau"]]
    assert table[1][0] == "Toàn bộ"
    assert linked(browser(cast, "officer"), officer)


def test_a_list_that_is_too_long_says_how_to_make_it_shorter(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    answer = browser(cast, "officer").get(reverse("unit_members", args=[cast.na_phon.pk]) + "?as=xlsx")
    assert answer.status_code == 409
    assert "hơn 5 dòng" in answer.content.decode()
