"""Spreadsheets as offices send and expect them."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from chibo.core import sheets
from chibo.core.refusals import Refused
from chibo.core.sheets import Book, Sheet


def read(content: bytes, name: str = "") -> list[list[sheets.Cell]]:
    book = Book(io.BytesIO(content))
    return list(book.rows(name or book.names[0]))


def test_what_was_written_is_read_again() -> None:
    rows: list[list[object]] = [["Bùi Thị Ển", "0012", date(2026, 2, 3), 5], ["Hà Văn Ước", "", None, 2.5]]
    found = read(sheets.write([Sheet("Đảng viên", ["Họ và tên", "Số thẻ", "Ngày", "Số"], rows)]))
    assert found[0] == ["Họ và tên", "Số thẻ", "Ngày", "Số"]
    assert [sheets.text(cell) for cell in found[1]] == ["Bùi Thị Ển", "0012", "03/02/2026", "5"]
    assert [sheets.text(cell) for cell in found[2]] == ["Hà Văn Ước", "", "", "2.5"]


def test_excel_offers_the_words_of_a_column_and_nobody_sees_where_they_stand() -> None:
    many = [f"loại đơn vị thứ {n}" for n in range(40)]  # longer than a list within a cell may be
    content = sheets.write([Sheet("x", ["a", "b"], [["1", "2"]], choices={1: many, 0: ["có", "không"]})])
    assert Book(io.BytesIO(content)).names == ["x"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        written = packed.read("xl/worksheets/sheet1.xml").decode()
    offered = dict(re.findall(r'<dataValidation [^>]*sqref="([^"]+)"><formula1>([^<]+)<', written))
    assert offered == {
        "B2:B2001": f"'{sheets.OFFERED}'!$A$1:$A$40",
        "A2:A2001": f"'{sheets.OFFERED}'!$B$1:$B$2",
    }


@pytest.mark.parametrize("dangerous", ["=1+1", "+84 900", "-2", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(dangerous: str) -> None:
    content = sheets.write([Sheet("x", ["a"], [[dangerous]])])
    assert read(content)[1] == [f"'{dangerous}"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_a_merged_head_stands_over_each_of_its_columns_and_rows() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.merge_range(1, 0, 1, 2, "Ngày tháng năm")
    sheet.write_row(2, 0, ["sinh", "vào Đảng", "chính thức"])
    sheet.merge_range(3, 0, 4, 0, "Chi bộ xóm Nà Phòn")
    sheet.write(3, 1, "An")
    sheet.write(4, 1, "Bình")
    book.close()
    found = read(out.getvalue())
    assert found[1][:3] == ["Ngày tháng năm"] * 3
    assert [row[0] for row in found[3:5]] == ["Chi bộ xóm Nà Phòn"] * 2
    assert [row[1] for row in found[3:5]] == ["An", "Bình"]


def test_numbers_and_days_read_as_people_write_them() -> None:
    assert [sheets.text(cell) for cell in (12.0, datetime(2026, 2, 3), None, " x ", 0.5)] == [  # noqa: DTZ001  # a day
        "12", "03/02/2026", "", "x", "0.5",
    ]  # fmt: skip


def test_what_is_no_spreadsheet_gets_a_sentence() -> None:
    with pytest.raises(Refused, match="không phải bảng tính"):
        Book(io.BytesIO(b"%PDF-1.7 no table"))


def test_a_file_that_unpacks_without_end_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(5):
            packed.writestr(f"xl/{n}.xml", b"0" * 90_000_000)
    with pytest.raises(Refused, match="quá lớn"):
        Book(out)


def test_sheets_of_one_name_are_told_apart() -> None:
    book = Book(io.BytesIO(sheets.write([Sheet("a/b", ["1"], []), Sheet("a b", ["2"], [])])))
    assert book.names == ["a b", "a b (2)"]
