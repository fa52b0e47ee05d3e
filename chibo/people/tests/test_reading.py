"""Days, names, heads and names of cells, as offices write them."""

import unicodedata
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibo.people.rules import cells, heads, reading
from chibo.people.rules.reading import Column, Value

TODAY = date(2026, 11, 3)
A, B = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("3/2/1998", date(1998, 2, 3)),
        ("03/02/1998", date(1998, 2, 3)),
        ("03.02.1998", date(1998, 2, 3)),
        ("03-02-1998", date(1998, 2, 3)),
        ("03 02 1998", date(1998, 2, 3)),
        ("1998-02-03", date(1998, 2, 3)),
        ("1998-02-03 00:00:00", date(1998, 2, 3)),
        ("ngày 03 tháng 02 năm 1998", date(1998, 2, 3)),
        ("'03/02/1998", date(1998, 2, 3)),
        (datetime(1998, 2, 3), date(1998, 2, 3)),  # noqa: DTZ001  # a cell's day
        (35829, date(1998, 2, 3)),
        (35829.0, date(1998, 2, 3)),
        ("35829", date(1998, 2, 3)),
        ("03021998", date(1998, 2, 3)),
        (3021998, date(1998, 2, 3)),
        ("", None),
        (None, None),
        ("không rõ", None),
    ],
)
def test_a_day_is_read_as_it_is_written(cell: Value, day: date | None) -> None:
    assert reading.read_day(cell, today=TODAY) == (day, "")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("03.02.98", "day_two_figures"),
        ("3/2/98", "day_two_figures"),
        ("02/1998", "day_no_day"),
        ("tháng 2 năm 1998", "day_no_day"),
        ("1998", "day_only_year"),
        (1998, "day_only_year"),
        (1998.0, "day_only_year"),
        ("năm 1998", "day_only_year"),
        ("31/02/1998", "day_not_in_calendar"),
        ("02/13/1998", "day_not_in_calendar"),
        ("khoảng 1998", "day_unreadable"),
        (True, "day_unreadable"),
        ("03/02/2098", "day_future"),
        ("03/02/1098", "day_far"),
    ],
)
def test_what_could_be_two_days_or_none_is_a_doubt(cell: Value, code: str) -> None:
    assert reading.read_day(cell, today=TODAY) == (None, code)
    assert code in reading.SENTENCES


@given(
    st.dates(date(1910, 1, 1), TODAY),
    st.sampled_from(["{0.day}/{0.month}/{0.year}", "{0:%d.%m.%Y}", "{0:%Y-%m-%d}", " {0:%d - %m - %Y} ", "{0:%d%m%Y}"]),
)
def test_every_day_is_read_from_every_way_to_write_it(day: date, way: str) -> None:
    assert reading.read_day(way.format(day), today=TODAY) == (day, "")


@given(st.dates(date(1910, 1, 1), TODAY))
def test_a_spreadsheet_s_count_of_days_is_its_day(day: date) -> None:
    assert reading.read_day((day - date(1899, 12, 30)).days, today=TODAY) == (day, "")


@given(st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none())
def test_whatever_stands_in_a_cell_of_days_is_read_or_doubted(cell: Value) -> None:
    day, code = reading.read_day(cell, today=TODAY)
    assert day is None or (not code and day <= TODAY)
    assert not code or code in reading.SENTENCES


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BÙI THỊ HOÀ", "Bùi Thị Hòa"),
        ("bùi văn thuỷ", "Bùi Văn Thủy"),
        (unicodedata.normalize("NFD", "Quách  Thị Lộc"), "Quách Thị Lộc"),
        ("Đ/c Đinh Công Sứ", "Đinh Công Sứ"),
        ("1. Đinh Công Sứ", "Đinh Công Sứ"),
        ("H’Hen Niê", "H’Hen Niê"),
        ("Đinh Công Sứ ", "Đinh Công Sứ"),
    ],
)
def test_a_name_comes_out_in_its_one_spelling(text: str, name: str) -> None:
    assert reading.read_name(text) == (name, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "name_missing"), ("Lộc", "name_short"), ("Bùi 2 An", "name_figures"), ("a " * 90, "name_long")],
)
def test_what_is_no_full_name_is_a_doubt(text: str, code: str) -> None:
    assert reading.read_name(text)[1] == code


LETTERS = "aăâeêioôơuưyđhngtbcáàạéềốờựýỳ AĂÂĐHNGTÁẠỜ"


@given(st.lists(st.text(alphabet=LETTERS, max_size=7), max_size=6).map(" ".join), st.sampled_from(["NFC", "NFD"]))
def test_a_name_read_twice_stays_as_it_is(text: str, form: Literal["NFC", "NFD"]) -> None:
    name, _code = reading.read_name(unicodedata.normalize(form, text))
    assert reading.read_name(name)[0] == name
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("cell", "number", "code"),
    [
        ("29.012345", "29012345", ""),
        ("0012 3456", "00123456", ""),
        (29012345.0, "29012345", ""),
        ("chưa có", "", ""),
        ("HB-12", "HB12", "card_letters"),
        ("1" * 30, "1" * 20, "card_long"),
        (99, "", "card_short"),
    ],
)
def test_a_card_number_keeps_its_noughts(cell: Value, number: str, code: str) -> None:
    assert reading.read_card(cell) == (number, code)


def test_card_numbers_are_compared_without_the_noughts_that_programs_drop() -> None:
    assert reading.card_key("00.123456") == reading.card_key("123456")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Chính thức", "official"), ("ĐV chính thức", "official"), ("CT", "official"), ("Dự bị", "probationary"),
        ("Miễn sinh hoạt", "exempt"), ("đình chỉ SH", "suspended"), ("chuyển sinh hoạt tạm thời", "elsewhere"),
    ],
)  # fmt: skip
def test_a_status_is_known_by_its_words(text: str, status: str) -> None:
    assert reading.read_status(text) == (status, "")


# Heads


def test_a_head_of_two_storeys_below_a_title_is_found() -> None:
    rows: list[list[Value]] = [
        ["ĐẢNG BỘ XÃ VĨNH ĐỒNG", None, None, None, None, None],
        ["DANH SÁCH ĐẢNG VIÊN"] * 6,
        [None] * 6,
        ["STT", "Họ và tên", "Ngày tháng năm", "Ngày tháng năm", "Ngày tháng năm", "Số thẻ đảng viên"],
        ["STT", "Họ và tên", "sinh", "vào Đảng", "chính thức", "Số thẻ đảng viên"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        [1, "Bùi Văn An", "3/2/1970", "3/2/1998", "3/2/1999", "0012345"],
    ]
    head = heads.find_head(rows)
    assert head is not None
    assert (head.row, head.depth) == (3, 2)
    assert heads.guess(head.words) == {
        Column.NUMBER: [0],
        Column.NAME: [1],
        Column.BORN_ON: [2],
        Column.JOINED_ON: [3],
        Column.OFFICIAL_ON: [4],
        Column.CARD_NUMBER: [5],
    }
    assert heads.is_row_of_numbers(rows[5])
    assert not heads.is_row_of_numbers(rows[6])


def test_what_the_register_does_not_take_is_no_column_of_it() -> None:
    words = [
        "TT",
        "Họ, chữ đệm",
        "Tên",
        "Giới tính",
        "Sinh ngày",
        "Quê quán",
        "Số CCCD",
        "Chi bộ",
        "Ngày cấp thẻ",
        "Số thẻ ĐV",
    ]
    assert heads.guess(words) == {
        Column.NUMBER: [0], Column.NAME: [1, 2], Column.BORN_ON: [4], Column.CELL: [7], Column.CARD_NUMBER: [9],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "born"),
    [
        (["Họ và tên", "Năm sinh Nam", "Năm sinh Nữ"], [1, 2]),
        (["Họ và tên", "Ngày sinh Nam", "Nữ"], [1, 2]),
        (["Họ và tên", "Ngày sinh (nữ)", "Ngày sinh (nam)"], [1, 2]),
        (["Họ và tên", "Ngày sinh", "Nam", "Nữ"], [1]),
        (["Họ và tên", "Ngày sinh", "Năm sinh"], [1]),
    ],
)
def test_a_day_of_birth_may_be_spread_over_the_columns_of_the_sexes_and_over_no_others(
    words: list[str], born: list[int]
) -> None:
    assert heads.guess(words)[Column.BORN_ON] == born


def test_a_sheet_without_a_head_has_none() -> None:
    assert heads.find_head([["Bùi Văn An", "3/2/1970"], ["Đinh Công Sứ", "1/1/1980"]]) is None


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("Họ và tên", Column.NAME), ("Họ và tên khai sinh", Column.NAME), ("Ngày, tháng, năm sinh", Column.BORN_ON),
        ("Năm sinh", Column.BORN_ON), ("Ngày vào Đảng", Column.JOINED_ON), ("Ngày kết nạp", Column.JOINED_ON),
        ("Ngày công nhận chính thức", Column.OFFICIAL_ON), ("Ngày vào Đảng chính thức", Column.OFFICIAL_ON),
        ("Ngày chính thức", Column.OFFICIAL_ON), ("Số thẻ đảng viên", Column.CARD_NUMBER), ("Email", Column.EMAIL),
        ("Chi bộ sinh hoạt", Column.CELL), ("Đơn vị", Column.CELL), ("Tình trạng đảng viên", Column.STATUS),
        ("Ngày chuyển đến", Column.SINCE), ("Ngày về chi bộ", Column.SINCE), ("Ngày vào chi bộ", Column.SINCE),
        ("Ngày chuyển sinh hoạt đến", Column.SINCE), ("Ngày vào Đảng tại chi bộ", Column.JOINED_ON),
        ("Nơi sinh", None), ("Nơi cư trú", None), ("Họ tên vợ/chồng", None), ("Dân tộc", None),
        ("Người giới thiệu", None),
    ],
)  # fmt: skip
def test_a_head_tells_its_column(words: str, column: Column | None) -> None:
    assert heads.column_of(words) == column


# Names of cells


@pytest.mark.parametrize(
    "text", ["Chi bộ xóm Nà Phòn", "CB xóm Nà Phòn", "Chi bộ Nà Phòn", "chi bo na phon", "Nà Phòn"]
)
def test_one_cell_is_found_in_each_of_its_spellings(text: str) -> None:
    known = cells.Cells.of([(A, "Chi bộ xóm Nà Phòn"), (B, "Chi bộ xóm Tổng Đậu")])
    assert known.called(text) == {A}


def test_a_name_that_two_cells_have_is_neither() -> None:
    known = cells.Cells.of([(A, "Chi bộ xóm Mý"), (B, "Chi bộ thôn Mý")])
    assert known.called("Chi bộ Mý") == {A, B}
    assert known.called("CB thôn Mý") == {B}
    assert known.called("Xóm 1") == set()


def test_numbers_tell_cells_apart() -> None:
    known = cells.Cells.of([(A, "Chi bộ xóm 1"), (B, "Chi bộ xóm 11")])
    assert known.called("CB xóm 01") == {A}


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (["I", "Chi bộ xóm Nà Phòn", None, None], "Chi bộ xóm Nà Phòn"),
        (["II. CHI BỘ TỔNG ĐẬU: 6 đảng viên"] * 4, "CHI BỘ TỔNG ĐẬU"),
        (["1", "Bùi Văn An", None], ""),
        (["Chi bộ Nà Phòn", "Bùi Văn An", "3/2/1970"], ""),
    ],
)
def test_a_heading_names_the_cell_of_the_rows_below(row: list[Value], named: str) -> None:
    assert cells.heading(row) == named


# Whole rows

MAPPING = {
    Column.NUMBER: [0],
    Column.NAME: [1, 2],
    Column.BORN_ON: [3],
    Column.STATUS: [4],
    Column.JOINED_ON: [5],
    Column.OFFICIAL_ON: [6],
}


def understood(*row: Value) -> reading.Member:
    return reading.read_row(row, MAPPING, place="Nà Phòn", default_status="", today=TODAY)


def test_a_row_is_understood() -> None:
    found = understood(1, "BÙI THỊ", "HOÀ", "3/2/1970", "CT", 35829, "03/02/1999")
    assert not found.doubts
    assert (found.name, found.status, found.cell) == ("Bùi Thị Hòa", "official", "Nà Phòn")
    assert (found.joined_on, found.official_on) == (date(1998, 2, 3), date(1999, 2, 3))


@pytest.mark.parametrize(
    "row",
    [
        [None] * 7,
        ["Tổng cộng: 23 đồng chí"],
        ["Tổng số", None, None, "23"],
        [None, None, "NGƯỜI LẬP BIỂU"],
        [None, "Bùi Văn Thưởng"],
    ],
)
def test_totals_blanks_and_signatures_are_no_members(row: list[Value]) -> None:
    assert understood(*row).is_left_out


def test_each_doubt_of_a_row_is_told() -> None:
    found = understood(1, "Lộc", None, "1970", "", "3/2/1999", "3/2/1998")
    assert [(one.column, one.code) for one in found.doubts] == [
        (Column.NAME, "name_short"), (Column.BORN_ON, "day_only_year"), (Column.OFFICIAL_ON, "official_before_joined"),
    ]  # fmt: skip


def test_who_has_a_day_as_official_is_one_and_who_has_nothing_is_asked_for() -> None:
    assert understood(1, "Bùi An", None, None, "", "3/2/1998", "3/2/1999").status == "official"
    assert [one.code for one in understood(1, "Bùi An", None, None, "").doubts] == ["status_missing"]
    assert (
        reading.read_row([1, "Bùi An"], MAPPING, place="", default_status="official", today=TODAY).status == "official"
    )


def test_a_member_belongs_since_the_day_of_the_list_unless_it_says_since_when_he_is_in_his_cell() -> None:
    days = {"joined_on": date(1998, 2, 3), "official_on": date(1999, 2, 3), "list_day": TODAY}
    for status in ("official", "probationary", "exempt"):
        assert reading.belongs_since(status=status, since=None, founded=date(1990, 1, 1), **days) == TODAY
    since, founded = date(1998, 6, 1), date(2020, 1, 1)
    assert reading.belongs_since(status="official", since=since, founded=None, **days) == date(1999, 2, 3)
    assert reading.belongs_since(status="probationary", since=since, founded=None, **days) == since
    assert reading.belongs_since(status="exempt", since=since, founded=None, **days) == TODAY
    assert reading.belongs_since(status="official", since=since, founded=founded, **days) == founded


def test_nobody_is_in_a_cell_before_his_admission() -> None:
    mapping = MAPPING | {Column.SINCE: [7]}
    row: list[Value] = [1, "Bùi Văn", "An", "3/2/1970", "CT", "3/2/1998", "3/2/1999", "3/2/1988"]
    found = reading.read_row(row, mapping, place="", default_status="", today=TODAY)
    assert [(one.column, one.code) for one in found.doubts] == [(Column.SINCE, "since_before_joined")]
