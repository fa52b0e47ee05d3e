"""A reorganisation as an officer draws it up on screen, in plain posts, and as a second one approves it."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from chibo.core import sheets
from chibo.core.sheets import Book
from chibo.people.models import Membership
from chibo.reorganisation import actions, paperwork
from chibo.reorganisation.models import Reorganisation, Sort
from chibo.reorganisation.rules import What
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import FOUND, MERGE, ON, line
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

type MaxQueries = Callable[[int], AbstractContextManager[object]]
HEAD = {"title": "Hợp nhất hai chi bộ xóm", "number": "12-QĐ/ĐU", "issuer": "Đảng ủy xã Vĩnh Đồng"}


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    """The clock of the pages stands on the evening of the cast."""
    from chibo.core import clock

    monkeypatch.setattr(clock, "now", lambda: cast.at)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


@pytest.mark.usefixtures("today")
def test_an_officer_draws_it_up_and_another_approves(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    answer = send(officer, f"/reorganisations/of/{cast.vinh_dong.pk}/new/", HEAD | day("on", ON))
    address = answer.url
    typed = {
        "units": ["na-phon", "tong-dau"],
        "heir": "",
        "name": "Chi bộ xóm Phòn Đậu",
        "code": "phon-dau",
        "kind": "cell",
        "above": "vinh-dong",
    }
    send(officer, f"{address}add/merge/", typed)
    shown = page(officer, address)
    assert "Thành lập Chi bộ xóm Phòn Đậu (phon-dau)" in shown
    assert "Hợp nhất Chi bộ xóm Nà Phòn thành Chi bộ xóm Phòn Đậu" in shown
    assert "Chi bộ xóm Phòn Đậu sẽ chưa có bí thư." in shown
    send(
        officer,
        f"{address}offices/?q=loc",
        {"person": str(cast.person_id("deputy")), "title": "secretary", "unit": "phon-dau"},
    )
    assert "sẽ chưa có bí thư" not in page(officer, address)
    rehearsed = page(officer, f"{address}rehearsal/")
    assert "Chi bộ xóm Nà Phòn" in rehearsed
    assert "Chi bộ xóm Phòn Đậu" in rehearsed
    assert "28 đảng viên" in rehearsed
    send(officer, f"{address}submit/", {}, shown_on=address)
    assert "người thứ hai của cấp ủy duyệt" in page(officer, address)
    make.second_officer(cast)
    second = signed_in(cast, "member")
    send(second, f"{address}approve/", {}, shown_on=address)
    assert Reorganisation.objects.get().state == "applied"
    assert Membership.objects.on(ON).filter(unit__code="phon-dau").count() == 28
    send(officer, f"{address}undo/", {"reason": "Nhầm số quyết định"})
    assert Reorganisation.objects.get().state == "undone"
    assert Membership.objects.on(ON).filter(unit__code="na-phon").count() == 22


@pytest.mark.usefixtures("today")
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(cast, [])
    address = f"/reorganisations/{one.pk}/add/merge/"
    answer = send(officer, address, {"units": ["na-phon"], "heir": "", "name": "Chi bộ xóm Mới"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Hãy ghi mục này" in shown
    assert "Chi bộ xóm Mới" in shown
    assert not one.lines.exists()


@pytest.mark.usefixtures("today")
def test_members_of_a_divided_cell_are_told_one_by_one(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(
        cast, [FOUND, line(What.SPLIT, "na-phon", heir="phon-dau"), line(What.SPLIT, "na-phon", heir="tong-dau")]
    )
    address = f"/reorganisations/{one.pk}/members/"
    persons = list(Membership.objects.on(ON).filter(unit__code="na-phon").values_list("person_id", flat=True))
    send(officer, address, {str(person): "phon-dau" if n % 2 else "tong-dau" for n, person in enumerate(persons)})
    assert one.allocations.count() == 22
    assert "Còn" not in page(officer, f"/reorganisations/{one.pk}/").split("<h2>")[1]


def test_a_neighbour_and_a_member_find_no_such_page(cast: Cast) -> None:
    one = make.draft(cast, MERGE)
    for who in ("secretary", "member", "operator"):
        assert signed_in(cast, who).get(f"/reorganisations/{one.pk}/").status_code == 404


def test_the_pages_have_a_budget(cast: Cast, django_assert_max_num_queries: MaxQueries) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(cast, MERGE)
    officer.get("/")
    for address, most in (
        (f"/reorganisations/of/{cast.vinh_dong.pk}/", 16),
        (f"/reorganisations/{one.pk}/", 42),
        (f"/reorganisations/{one.pk}/add/merge/", 18),
        (f"/reorganisations/{one.pk}/members/", 18),
    ):
        with django_assert_max_num_queries(most):
            page(officer, address)


def test_units_with_different_names_are_found_at_once_and_a_line_leads_to_its_unit(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(cast, [line(What.MERGE, "na-phon", heir="tong-dau")])
    found = officer.get(f"/reorganisations/{one.pk}/add/merge/?q=Nà Phòn, tong dau").content.decode()
    assert 'value="na-phon"' in found
    assert 'value="tong-dau"' in found
    shown = officer.get(f"/reorganisations/{one.pk}/").content.decode()
    assert reverse("unit", args=[cast.tong_dau.pk]) in shown


# The workbook


def downloaded(client: Client, one: Reorganisation) -> bytes:
    response = client.get(f"/reorganisations/{one.pk}/workbook/?download=1")
    assert response.headers["Content-Type"] == sheets.XLSX
    return response.content


def test_a_workbook_that_goes_out_and_comes_back_says_the_same(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    told = [
        make.given("member", cast.person_id("member"), "tong-dau"),
        make.given("office", cast.person_id("deputy"), "phon-dau", "secretary"),
    ]
    lines = [FOUND, line(What.SPLIT, "na-phon", heir="phon-dau"), line(What.SPLIT, "na-phon", heir="tong-dau")]
    one = make.draft(cast, lines, given=told)
    content = downloaded(officer, one)
    book = Book(io.BytesIO(content))
    assert book.names == ["Quyết định", "Đơn vị", "Đảng viên", "Chức vụ", "Nhiệm vụ", "Danh mục đơn vị"]
    reading = paperwork.read(io.BytesIO(content))
    assert reading.head == paperwork.Head(one.title, one.number, one.issuer, ON, "vinh-dong")
    assert [(each.what, each.unit, each.heir, each.name, each.kind, each.above) for each in reading.lines] == [
        (each.what, each.unit, each.heir, each.name, each.kind, each.above) for each in lines
    ]
    assert paperwork.understand(reading, date(2026, 11, 1)) == told
    file = SimpleUploadedFile("sap-xep.xlsx", content)
    send(officer, f"/reorganisations/{one.pk}/workbook/", {"file": file})
    assert [each.unit for each in one.lines.all()] == ["phon-dau", "na-phon", "na-phon"]
    assert one.allocations.count() == 2


def test_a_file_with_mistakes_changes_nothing_and_says_where_they_are(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(cast, MERGE)
    content = sheets.write(
        [
            sheets.Sheet(
                "Don vi",
                ["Việc", "Mã đơn vị", "Loại mới"],
                [("xóa bỏ", "na-phon", ""), ("thành lập", "x", "câu lạc bộ")],
            ),
            sheets.Sheet(
                "Đảng viên", ["Họ và tên", "Mã đơn vị hiện nay", "Mã đơn vị mới"], [("Ai Đó", "na-phon", "x")]
            ),
        ]
    )
    answer = send(officer, f"/reorganisations/{one.pk}/workbook/", {"file": SimpleUploadedFile("a.xlsx", content)})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Trang “Đơn vị”, dòng 2, cột “Việc”: “xóa bỏ” không thuộc các mục" in shown
    assert "dòng 3, cột “Loại mới”: “câu lạc bộ” không phải loại đơn vị." in shown
    assert "Ai Đó không phải đảng viên của na-phon" in shown
    assert one.lines.count() == 3


@pytest.mark.parametrize(
    ("on", "root", "said"),
    [
        ("30/02/2026", "vinh-dong", "“30/02/2026” không phải là ngày"),
        ("01/07/2031", "vinh-dong", "tệp ghi ngày 01/07/2031"),
        ("", "kim-boi", "tệp ghi phạm vi kim-boi"),
    ],
)
def test_a_file_that_is_for_another_day_or_area_changes_nothing(cast: Cast, on: str, root: str, said: str) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(cast, MERGE)
    head = [("Ngày có hiệu lực", on), ("Phạm vi (mã đơn vị)", root)]
    lines = sheets.Sheet("Đơn vị", ["Việc", "Mã đơn vị"], [("giải thể", "na-phon")])
    content = sheets.write([sheets.Sheet("Quyết định", ["Mục", "Nội dung"], head), lines])
    answer = send(officer, f"/reorganisations/{one.pk}/workbook/", {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 409
    assert said in " ".join(answer.content.decode().split())
    assert one.lines.count() == 3


# The command


@pytest.fixture
def file(cast: Cast, tmp_path: object) -> str:
    from pathlib import Path

    one = make.draft(cast, MERGE)
    path = Path(str(tmp_path)) / "sap-xep.xlsx"
    path.write_bytes(downloaded(signed_in(cast, "officer"), one))
    one.delete()
    return str(path)


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("reorganise", *words, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("today")
def test_the_command_rehearses_applies_by_two_persons_and_undoes(cast: Cast, file: str) -> None:
    make.second_officer(cast)
    before = make.everything()
    assert "1 founded, 0 renamed, 0 moved, 2 ended; 28 members" in run(file)
    assert "Chi bộ trực thuộc" in run(file, "--rehearse")
    assert make.everything() == before
    with pytest.raises(CommandError, match="Two persons"):
        run(file, "--apply")
    assert "12-QĐ/ĐU: applied." in run(file, "--apply", "--drafted-by", "officer", "--approved-by", "member")
    with pytest.raises(CommandError, match="applied already"):
        run(file, "--apply", "--drafted-by", "officer", "--approved-by", "member")
    assert "undone" in run(file, "--undo", "--reason", "Nhầm")
    assert make.everything() == before


def test_the_command_says_what_is_missing(tmp_path: object) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run(f"{tmp_path}/none.xlsx")


@pytest.mark.usefixtures("today")
def test_who_may_approve_finds_the_draft_on_his_first_page(cast: Cast) -> None:
    one = make.draft(cast, MERGE)
    make.second_officer(cast)
    actions.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    desk = reverse("officer", args=[cast.vinh_dong.pk])
    assert f"/reorganisations/{one.pk}/" in page(signed_in(cast, "member"), desk)
    assert f"/reorganisations/{one.pk}/" not in page(signed_in(cast, "officer"), desk)


@pytest.mark.usefixtures("today")
def test_members_of_a_dissolved_cell_may_go_to_the_cells_beside_it(cast: Cast) -> None:
    one = make.draft(cast, [line(What.DISSOLVE, "na-phon")])
    offered = page(signed_in(cast, "officer"), f"/reorganisations/{one.pk}/members/")
    assert '<option value="tong-dau">' in offered
    assert '<option value="vinh-dong">' not in offered
    assert '<option value="na-phon">' not in offered


@pytest.mark.usefixtures("today")
def test_a_search_for_units_leaves_the_units_above_to_be_chosen(cast: Cast) -> None:
    one = make.draft(cast, [])
    found = page(signed_in(cast, "officer"), f"/reorganisations/{one.pk}/add/move/?q=phon")
    assert "na-phon" in found
    assert "tong-dau" not in found.split("id_above")[0]
    assert '<option value="vinh-dong">' in found


@pytest.mark.usefixtures("today")
def test_an_office_and_a_whole_draft_can_be_taken_out(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    given = make.given(Sort.OFFICE, cast.person_id("deputy"), "phon-dau", "secretary")
    one = make.draft(cast, MERGE, given=[given])
    address = f"/reorganisations/{one.pk}/"
    assert "Bí thư, Chi bộ xóm Phòn Đậu" in page(officer, address)
    send(officer, f"/reorganisations/offices/{one.allocations.get().pk}/remove/", {}, shown_on=address)
    assert not one.allocations.exists()
    send(officer, f"{address}discard/", {}, shown_on=address)
    assert not Reorganisation.objects.exists()


@pytest.mark.usefixtures("today")
def test_a_rehearsal_that_is_refused_leads_back_to_the_draft(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    one = make.draft(cast, MERGE, given=[make.given(Sort.OFFICE, cast.person_id("member_1"), "vinh-dong", "officer")])
    answer = officer.get(f"/reorganisations/{one.pk}/rehearsal/")
    assert answer.headers["Location"] == f"/reorganisations/{one.pk}/"
    assert "chưa có tài khoản" in page(officer, f"/reorganisations/{one.pk}/")
