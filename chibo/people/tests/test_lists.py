"""A list of members from a spreadsheet: what comes in, what is doubted, what is entered, and the way back."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connection

from chibo.access import actions as access_actions
from chibo.audit import bus
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.core.sheets import Book, write
from chibo.documents.rules import why_classified
from chibo.org import actions as org
from chibo.people import actions, jobs, messages, queries
from chibo.people.models import Import, ImportRow, Membership, Person, Status, Title
from chibo.people.rules import REASONS, Column
from chibo.testing.cast import FOUNDED, NOW, Cast

TODAY = date(2026, 11, 3)
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Chi bộ", "Tình trạng", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ", "Email"]
AN = [
    1,
    "BÙI VĂN KHÁNH",
    "3/2/1970",
    "CB xóm Nà Phòn",
    "Chính thức",
    "3/2/1998",
    "3/2/1999",
    "00.123456",
    "an@example.vn",
]
DAO = [2, "Quách Thị Đào", "04/05/1980", "chi bo na phon", "CT", 35829, "03/02/1999", "00234567", ""]
MAN = [3, "Đinh  Công Mận", "", "Chi bộ Tổng Đậu", "Dự bị", "1/9/2026", None, None, None]


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]], merge: Callable[[Any], None] | None = None) -> io.BytesIO:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(n, column, value)
        if merge:
            merge(sheet)
    book.close()
    out.seek(0)
    return out


def receive(cast: Cast, *rows: Sequence[object], who: str = "officer", **changes: Any) -> Import:
    facts: dict[str, Any] = {
        "actor": cast.actor(who),
        "unit_id": cast.vinh_dong.pk,
        "file": workbook(("Danh sách", [HEAD, *rows])),
        "file_name": "danh sach.xlsx",
        "at": NOW,
        "why_not_kept": why_classified,
    }
    return actions.receive_list(**facts | changes)


def read(cast: Cast, *rows: Sequence[object], **changes: Any) -> Import:
    """Received, its columns as they were guessed, and read."""
    received = receive(cast, *rows, **changes)
    if received.state == Import.State.MAPPING:
        columns = {
            shape: {Column(name): places for name, places in held.items()} for shape, held in received.columns.items()
        }
        actions.choose_columns(
            actor=cast.officer, import_id=received.pk, columns=columns, list_day=TODAY, default_status="", at=NOW
        )
    actions.work_through(actor=cast.officer, import_id=received.pk, at=NOW)
    return fresh(received)


def enter(cast: Cast, received: Import) -> Import:
    actions.ask_to_enter(actor=cast.officer, import_id=received.pk, at=NOW)
    actions.work_through(actor=cast.officer, import_id=received.pk, at=NOW)
    return fresh(received)


def fresh(received: Import) -> Import:
    return queries.list_to_work_on(queries.who_asked(received), received.pk)


def verdicts(received: Import) -> list[str]:
    return list(received.rows.order_by("n").values_list("verdict", flat=True))


def codes(received: Import) -> list[tuple[int, str, str]]:
    """Each doubt: the row's number in its sheet, the column, the code."""
    rows = received.rows.order_by("n")
    return [(row.row, one["column"], one["code"]) for row in rows for one in (*row.doubts, *row.open)]


# From the file to the register


def test_a_list_is_entered_as_it_says(cast: Cast) -> None:
    received = read(cast, AN, DAO, MAN)
    assert verdicts(received) == ["new"] * 3
    received = enter(cast, received)
    assert received.state == Import.State.APPLIED
    an = Person.objects.get(card_number="00123456")
    assert (an.name, an.born_on, an.email) == ("Bùi Văn Khánh", date(1970, 2, 3), "an@example.vn")
    assert (an.joined_on, an.official_on) == (date(1998, 2, 3), date(1999, 2, 3))
    membership = Membership.objects.get(person=an)
    assert (membership.unit_id, membership.status, membership.during) == (cast.na_phon.pk, "official", Period(TODAY))
    man = Membership.objects.get(person__name="Đinh Công Mận")
    assert (man.unit_id, man.status, man.during.since) == (cast.tong_dau.pk, "probationary", TODAY)
    assert Person.objects.get(name="Quách Thị Đào").joined_on == date(1998, 2, 3)
    assert an in {row.person for row in queries.members(cast.officer, cast.na_phon.pk, TODAY)}


def test_each_person_has_a_line_in_the_audit_and_the_list_has_its_own(cast: Cast) -> None:
    received = enter(cast, read(cast, AN, MAN))
    lines = Entry.objects.filter(verb=Verb.PERSON_ENTERED, facts__list=str(received.pk))
    assert {line.unit_id for line in lines} == {cast.na_phon.pk, cast.tong_dau.pk}
    assert {line.actor_name for line in lines} == {"officer"}
    assert Entry.objects.get(verb=Verb.LIST_APPLIED, object_id=received.pk).facts["entered"] == 2


def test_the_same_file_sent_twice_changes_nothing(cast: Cast) -> None:
    enter(cast, read(cast, AN, DAO, MAN))
    people = Person.objects.count()
    again = read(cast, AN, DAO, MAN)
    assert verdicts(again) == ["there"] * 3
    with pytest.raises(Refused, match="Không có dòng nào"):
        actions.ask_to_enter(actor=cast.officer, import_id=again.pk, at=NOW)
    assert Person.objects.count() == people


def test_what_was_entered_meanwhile_is_not_entered_again(cast: Cast) -> None:
    """Two officers send the same list and both press the button."""
    first, second = read(cast, AN, MAN), read(cast, AN, MAN)
    enter(cast, first)
    assert verdicts(enter(cast, second)) == ["there", "there"]
    assert Person.objects.filter(name="Bùi Văn Khánh", card_number="00123456").count() == 1


def test_the_list_may_be_of_a_single_cell_without_naming_it(cast: Cast) -> None:
    head = ["TT", "Họ và tên", "Sinh ngày", "Tình trạng"]
    file = workbook(("Sheet1", [head, [1, "Bùi Văn Cả", "3/2/1970", "CT"]]))
    received = read(cast, unit_id=cast.na_phon.pk, file=file)
    assert received.rows.get().unit_id == cast.na_phon.pk


def test_title_storeys_numbers_blanks_totals_and_headings_do_no_harm(cast: Cast) -> None:
    rows: list[list[object]] = [
        ["ĐẢNG BỘ XÃ VĨNH ĐỒNG"],
        ["DANH SÁCH ĐẢNG VIÊN", None, None, None, None, None],
        [],
        ["STT", "Họ và tên", "Ngày tháng năm", None, None, "Số thẻ đảng viên"],
        [None, None, "sinh", "vào Đảng", "chính thức", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I. Chi bộ xóm Nà Phòn"],
        [1, "Bùi Văn Cả", "3/2/1970", "3/2/1998", "3/2/1999", "00000017"],
        [],
        [2, "Bùi Văn Hai", "3/2/1971", "3/2/1998", "3/2/1999", "00000018"],
        ["II. CHI BỘ TỔNG ĐẬU: 1 đồng chí"],
        [1, "Bùi Văn Ba", "3/2/1972", "3/2/1998", "3/2/1999", "00000019"],
        ["Tổng cộng: 3 đồng chí"],
        [None, None, None, "NGƯỜI LẬP BIỂU"],
        [None, None, None, "Bùi Văn Thưởng"],
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_range(3, 0, 4, 0, "STT")
        sheet.merge_range(3, 1, 4, 1, "Họ và tên")
        sheet.merge_range(3, 2, 3, 4, "Ngày tháng năm")
        sheet.merge_range(3, 5, 4, 5, "Số thẻ đảng viên")
        sheet.merge_range(6, 0, 6, 5, "I. Chi bộ xóm Nà Phòn")

    received = read(cast, file=workbook(("Tháng 11", rows), merge=merge))
    members = received.rows.exclude(verdict="left_out").order_by("n")
    assert [(row.row, row.name, row.unit_id, row.verdict) for row in members] == [
        (8, "Bùi Văn Cả", cast.na_phon.pk, "new"),
        (10, "Bùi Văn Hai", cast.na_phon.pk, "new"),
        (12, "Bùi Văn Ba", cast.tong_dau.pk, "new"),
    ]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_an_office_program_saved_is_read_in_each_of_its_formats(cast: Cast, kind: str) -> None:
    """One list with merged heads, days as days, as text and as a formula, a card number as a number; written as .xlsx
    and saved by LibreOffice Calc in the two others."""
    file = Path(__file__).with_name("files") / f"danh-sach.{kind}"
    received = read(cast, file=io.BytesIO(file.read_bytes()), file_name=file.name)
    members = received.rows.exclude(verdict="left_out").order_by("n")
    assert [(row.row, row.name, row.unit_id, row.born_on, row.joined_on, row.card_key) for row in members] == [
        (7, "Bùi Văn Cả", cast.na_phon.pk, date(1970, 2, 3), date(1998, 2, 3), ""),
        (9, "Bùi Văn Hai", cast.na_phon.pk, date(1971, 2, 3), date(1998, 2, 3), "18"),
        (11, "Bùi Văn Ba", cast.tong_dau.pk, date(1972, 2, 3), date(1998, 2, 3), "19"),
    ]
    assert not any(one["column"] == "born_on" for row in members for one in row.doubts)


def test_a_sheet_is_read_to_its_last_row(cast: Cast) -> None:
    received = read(cast, *([n, "Bùi Văn Tám", f"1/2/{1900 + n}", "Nà Phòn", "CT"] for n in range(1, 91)))
    assert list(received.rows.order_by("n").values_list("row", flat=True)) == list(range(2, 92))
    assert verdicts(received) == ["new"] * 90


def test_several_sheets_name_their_cells(cast: Cast) -> None:
    head = ["TT", "Họ đệm", "Tên", "Ngày sinh", "Ngày chính thức"]
    file = workbook(
        ("Nà Phòn", [head, [1, "Bùi Văn", "Cả", "3/2/1970", "1/1/1999"]]),
        ("CB Tổng Đậu", [head, [1, "Bùi Văn", "Ba", "3/2/1972", "1/1/1999"]]),
        ("Ghi chú", [["Lập ngày 3/11"]]),
    )
    received = read(cast, file=file)
    rows = received.rows.order_by("n")
    assert [(row.name, row.unit_id) for row in rows] == [
        ("Bùi Văn Cả", cast.na_phon.pk),
        ("Bùi Văn Ba", cast.tong_dau.pk),
    ]
    assert queries.sheets_left_out(received) == ["Ghi chú"]


def test_letters_apart_from_their_marks_and_old_spelling_are_one_name(cast: Cast) -> None:
    import unicodedata

    enter(cast, read(cast, [1, "Quách Thị Hòa", "1/1/1970", "Chi bộ xóm Nà Phòn", "CT"]))
    again = read(cast, [1, unicodedata.normalize("NFD", "QUÁCH THỊ HOÀ"), "01.01.1970", "CB Nà Phòn", "CT"])
    assert verdicts(again) == ["there"]


# Doubts


def test_each_doubt_has_its_row_and_column(cast: Cast) -> None:
    received = read(
        cast,
        [1, "An", "3/2/98", "Nà Phòn", "CT"],
        [2, "Bùi Văn Bách", "1970", "Nà Phòn", "CT"],
        [3, "Bùi Văn Cát", "02/1970", "Nà Phòn", "lạ"],
        [4, "Bùi Văn Dậu", "3/2/1970", "Nà Phòng Xa", "CT"],
        [5, "Bùi Văn Giáp", "3/2/1970", "", "CT"],
        [6, "Bùi Văn Hanh", "3/2/1970", "Nà Phòn", "CT", None, None, None, "không phải thư"],
    )
    assert codes(received) == [
        (2, "name", "name_short"),
        (2, "born_on", "day_two_figures"),
        (3, "born_on", "day_only_year"),
        (4, "born_on", "day_no_day"),
        (4, "status", "status_unknown"),
        (5, "cell", "cell_unknown"),
        (6, "cell", "cell_missing"),
        (7, "email", "email_wrong"),
    ]
    told = messages.told(received, received.rows.get(row=2)).doubts[1]
    assert told.read == "3/2/98"
    assert "03/02/1998" in told.sentence
    assert told.column == "Ngày sinh"


def test_a_card_number_that_lost_its_noughts_is_a_doubt(cast: Cast) -> None:
    rows = [
        [n, f"Bùi Văn {name}", "", "Nà Phòn", "CT", None, None, f"0012345{n}"]
        for n, name in enumerate(("Ất", "Bính", "Đinh"))
    ]
    received = read(cast, *rows, [4, "Bùi Văn Mậu", "", "Nà Phòn", "CT", None, None, 123459])
    assert codes(received) == [(5, "card_number", "card_noughts")]
    assert "8 chữ số" in messages.told(received, received.rows.get(row=5)).doubts[0].sentence


def test_far_too_few_figures_are_no_card_number(cast: Cast) -> None:
    received = read(cast, AN, [2, "Bùi Văn Mậu", "", "Nà Phòn", "CT", None, None, "99"])
    assert codes(received) == [(3, "card_number", "card_short")]
    assert "quá ngắn" in messages.told(received, received.rows.get(row=3)).doubts[0].sentence


def test_a_day_of_birth_stands_in_the_column_of_the_sex(cast: Cast) -> None:
    rows: list[list[object]] = [
        ["TT", "Họ và tên", "Năm sinh", None, "Tình trạng"],
        [None, None, "Nam", "Nữ", None],
        [1, "Bùi Văn Cả", "3/2/1970", None, "CT"],
        [2, "Bùi Thị Hai", None, "4/5/1980", "CT"],
        [3, "Bùi Thị Ba", "4/5/1980", "5/5/1980", "CT"],
        [4, "Bùi Thị Tư", "6/5/1980", "06.05.1980", "CT"],
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_range(0, 2, 0, 3, "Năm sinh")

    for merged in (None, merge):
        received = read(cast, unit_id=cast.na_phon.pk, file=workbook(("x", rows), merge=merged))
        days = list(received.rows.order_by("n").values_list("born_on", flat=True))
        assert days == [date(1970, 2, 3), date(1980, 5, 4), None, date(1980, 5, 6)]
        assert codes(received) == [(5, "born_on", "born_twice")]


def test_who_stands_twice_in_the_file_is_entered_once(cast: Cast) -> None:
    received = read(cast, AN, DAO, [4, *AN[1:]], [5, "Bùi Văn Khác", *DAO[2:]])
    assert codes(received) == [(4, "card_number", "doubled_in_file"), (5, "card_number", "card_in_file")]
    assert "dòng 2" in messages.told(received, received.rows.get(row=4)).doubts[0].sentence
    enter(cast, received)
    assert Person.objects.filter(name="Bùi Văn Khánh", born_on=date(1970, 2, 3)).count() == 1


def _known(cast: Cast, **facts: Any) -> Person:
    membership = actions.enter_member(
        actor=SYSTEM, unit_id=cast.na_phon.pk, name="Bùi Văn Khánh", status=Status.OFFICIAL, since=FOUNDED, at=NOW,
        born_on=date(1970, 2, 3), **facts,
    )  # fmt: skip
    return membership.person


def test_what_the_register_lacks_of_somebody_known_is_filled_and_emptied_again(cast: Cast) -> None:
    person = _known(cast, joined_on=date(1997, 5, 19))
    received = read(cast, AN)
    (row,) = received.rows.all()
    assert (row.verdict, row.gaps) == ("lacks", ["official_on", "card_number", "email"])
    received = enter(cast, received)
    assert verdicts(received) == ["filled"]
    person.refresh_from_db()
    assert (person.card_number, person.email, person.official_on) == ("00123456", "an@example.vn", date(1999, 2, 3))
    assert person.joined_on == date(1997, 5, 19)
    line = Entry.objects.get(object_id=person.pk, verb=Verb.PERSON_CORRECTED)
    assert line.facts["filled"] == ["official_on", "card_number", "email"]
    assert verdicts(read(cast, AN)) == ["there"]
    Person.objects.filter(pk=person.pk).update(email="khanh@example.vn")
    actions.ask_to_undo(actor=cast.officer, import_id=received.pk, at=NOW)
    actions.work_through(actor=cast.officer, import_id=received.pk, at=NOW)
    person.refresh_from_db()
    assert (person.card_number, person.email, person.official_on) == ("", "khanh@example.vn", None)
    emptied = Entry.objects.filter(object_id=person.pk, verb=Verb.PERSON_CORRECTED, facts__has_key="emptied").get()
    assert emptied.facts["emptied"] == ["official_on", "card_number"]
    assert person.joined_on == date(1997, 5, 19)


def test_a_list_gives_no_address_to_an_account_and_no_day_that_contradicts_another(cast: Cast) -> None:
    person = _known(cast, joined_on=date(2001, 5, 19), card_number="00123456")
    _open_account(cast, person)
    (row,) = read(cast, AN).rows.all()
    assert (row.verdict, row.gaps) == ("there", [])


def test_who_is_in_another_cell_is_to_be_transferred(cast: Cast) -> None:
    enter(cast, read(cast, AN))
    received = read(cast, [1, *AN[1:3], "Tổng Đậu", *AN[4:]])
    assert codes(received) == [(2, "card_number", "in_other_cell")]
    row = received.rows.get()
    assert row.person == Person.objects.get(card_number="00123456")
    assert "Chi bộ xóm Nà Phòn" in messages.told(received, row).doubts[0].sentence


def test_what_lies_outside_the_reach_is_not_told(cast: Cast) -> None:
    """An office learns only that a card number is taken, not by whom and where."""
    other = org.found_unit(
        actor=SYSTEM, kind="grassroots", code="xa-khac", name="Đảng bộ xã Khác", parent_id=cast.district.pk,
        since=FOUNDED, at=NOW,
    )  # fmt: skip
    far = org.found_unit(
        actor=SYSTEM, kind="cell", code="xom-xa", name="Chi bộ xóm Xa", parent_id=other.pk, since=FOUNDED, at=NOW
    )
    for number, name in (("00123456", "Bùi Văn Khánh"), ("", "Quách Thị Đào")):
        person = Person.called(name, born_on=date(1980, 5, 4), card_number=number)
        person.save()
        Membership.objects.create(person=person, unit=far, status=Status.OFFICIAL, during=Period(FOUNDED))
    received = read(cast, AN, [2, "Quách Thị Đào", "04/05/1980", "Nà Phòn", "CT"])
    assert codes(received) == [(2, "card_number", "card_elsewhere")]
    row = received.rows.get(row=2)
    assert row.person is None
    assert "Xa" not in messages.told(received, row).doubts[0].sentence
    assert verdicts(received) == ["doubt", "new"]


def test_one_name_without_anything_to_tell_apart_is_a_doubt(cast: Cast) -> None:
    name = Person.objects.get(pk=cast.person_id("member")).name
    assert verdicts(read(cast, [1, name, "", "Nà Phòn", "CT"])) == ["there"]
    assert codes(read(cast, [1, name, "3/2/1960", "Nà Phòn", "CT"])) == [(2, "name", "same_name")]


def test_one_answer_for_a_name_of_a_cell_holds_for_all_its_rows(cast: Cast) -> None:
    received = read(cast, [1, "Bùi Văn Ất", "", "Xóm Phòn", "CT"], [2, "Bùi Văn Bính", "", "xom phon", "CT"], MAN)
    assert [code for _row, _column, code in codes(received)] == ["cell_unknown"] * 2
    names = list(queries.open_names(received))
    offered = queries.with_candidates(received, names, TODAY)
    assert offered[0].close[0].pk == cast.na_phon.pk
    actions.choose_cells(actor=cast.officer, import_id=received.pk, chosen={"Xóm Phòn": cast.na_phon.pk}, at=NOW)
    assert verdicts(received) == ["new"] * 3
    with pytest.raises(Refused, match="không còn là chi bộ"):
        actions.choose_cells(actor=cast.officer, import_id=received.pk, chosen={"Xóm Phòn": cast.district.pk}, at=NOW)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("13/2/1970", "near_birth"),
        ("2/3/1970", "near_birth"),
        ("", "there"),
        ("3/2/1960", "new"),
    ],
)
def test_a_second_of_one_name_is_a_doubt_where_the_days_of_birth_hardly_differ(
    cast: Cast, other: str, code: str
) -> None:
    _known(cast)
    received = read(cast, [1, "Bùi Văn Khánh", other, "Nà Phòn", "CT"])
    assert ([one for _row, _column, one in codes(received)] or verdicts(received)) == [code]


def test_two_of_one_name_in_the_list_with_nothing_to_tell_them_apart_are_a_doubt(cast: Cast) -> None:
    received = read(
        cast,
        [1, "Bùi Văn Khánh", "3/2/1970", "Nà Phòn", "CT"],
        [2, "Bùi Văn Khánh", "", "CB xóm Nà Phòn", "CT", None, None, "00123456"],
        [3, "Bùi Văn Khánh", "3/2/1950", "Nà Phòn", "CT", None, None, "00123457"],
    )
    assert codes(received) == [(3, "name", "same_name_in_file")]
    assert "dòng 2" in messages.told(received, received.rows.get(row=3)).doubts[0].sentence


def test_one_namesake_who_is_told_apart_does_not_hide_another_who_is_not(cast: Cast) -> None:
    for number in ("00200001", ""):
        actions.enter_member(
            actor=SYSTEM, unit_id=cast.na_phon.pk, name="Bùi Văn Khánh", status=Status.OFFICIAL, since=FOUNDED, at=NOW,
            card_number=number,
        )  # fmt: skip
    assert codes(read(cast, AN)) == [(2, "name", "same_name")]


# Since when


def test_the_register_says_nothing_of_a_day_that_the_list_does_not_prove(cast: Cast) -> None:
    """Else the figures of months gone by would change with a list of today."""
    before = queries.official_count(cast.na_phon.pk, date(2026, 10, 31))
    enter(cast, read(cast, AN, DAO))
    assert queries.official_count(cast.na_phon.pk, date(2026, 10, 31)) == before
    assert queries.official_count(cast.na_phon.pk, TODAY) == before + 2


def test_a_column_says_since_when_each_is_in_his_cell(cast: Cast) -> None:
    head = ["TT", "Họ và tên", "Ngày chính thức", "Ngày về chi bộ", "Tình trạng"]
    rows = [[1, "Bùi Văn Cả", "1/1/2010", "1/6/2021", "CT"], [2, "Bùi Văn Hai", "1/1/2010", "", "CT"]]
    enter(cast, read(cast, unit_id=cast.na_phon.pk, file=workbook(("x", [head, *rows]))))
    since = {
        one.person.name: one.during.since
        for one in Membership.objects.filter(person__name__in=["Bùi Văn Cả", "Bùi Văn Hai"])
    }
    assert since == {"Bùi Văn Cả": date(2021, 6, 1), "Bùi Văn Hai": TODAY}


# Who stands below the table


def test_who_signs_below_the_table_is_no_member(cast: Cast) -> None:
    head = ["Họ và tên", "Ngày sinh", "Tình trạng"]
    rows: list[list[object]] = [
        [*head],
        ["Bùi Văn Cả", "3/2/1970", "CT"],
        [],
        [None, "Vĩnh Đồng, ngày 3 tháng 11 năm 2026"],
        ["NGƯỜI LẬP", None, "T/M CHI ỦY"],
        [],
        ["Bùi Văn Thưởng", None, "Quách Thị Đào"],
    ]
    received = read(cast, unit_id=cast.na_phon.pk, file=workbook(("x", rows)))
    assert verdicts(received) == ["new", "left_out", "left_out", "left_out"]
    alone = workbook(("x", [rows[0], rows[1], [], ["Bùi Văn Thưởng"]]))
    received = read(cast, unit_id=cast.na_phon.pk, file=alone)
    assert verdicts(received) == ["new", "left_out"]


# The file that goes back


def test_the_rest_comes_back_to_the_answers_that_were_given(cast: Cast) -> None:
    received = receive(cast, [1, "Bùi Văn Bách", "1970", "Xóm Phòn", ""])
    columns = {shape: {Column(name): at for name, at in held.items()} for shape, held in received.columns.items()}
    actions.choose_columns(
        actor=cast.officer, import_id=received.pk, columns=columns, list_day=TODAY, default_status="official", at=NOW
    )
    actions.work_through(actor=cast.officer, import_id=received.pk, at=NOW)
    actions.choose_cells(actor=cast.officer, import_id=received.pk, chosen={"Xóm Phòn": cast.na_phon.pk}, at=NOW)
    again = read(cast, file=io.BytesIO(write(messages.rest(received))))
    assert codes(again) == [(2, "born_on", "day_only_year")]
    assert (again.rows.get().status, again.rows.get().unit_id) == ("official", cast.na_phon.pk)


def test_the_rest_comes_back_with_its_reasons_and_can_be_sent_again_as_it_is(cast: Cast) -> None:
    received = enter(cast, read(cast, AN, [2, "Bùi Văn Bách", "1970", "Nà Phòn", "CT", None, None, "00120012"], MAN))
    content = write(messages.rest(received))
    book = Book(io.BytesIO(content))
    rows = list(book.rows(book.names[0]))
    assert rows[0] == [*HEAD, REASONS]
    assert rows[1][:4] == [2, "Bùi Văn Bách", "1970", "Nà Phòn"]
    assert "ngày, tháng và năm" in str(rows[1][-1])
    again = receive(cast, file=io.BytesIO(content))
    assert again.state == Import.State.READING
    actions.work_through(actor=cast.officer, import_id=again.pk, at=NOW)
    assert [code for _row, _column, code in codes(again)] == ["day_only_year"]


def test_a_remembered_answer_gives_way_to_a_cell_that_has_the_name_by_now(cast: Cast) -> None:
    received = read(cast, [1, "Bùi Văn Bách", "", "Xóm Phòn", "CT"])
    actions.choose_cells(actor=cast.officer, import_id=received.pk, chosen={"Xóm Phòn": cast.na_phon.pk}, at=NOW)
    founded = org.found_unit(
        actor=SYSTEM, kind="cell", code="xom-phon", name="Xóm Phòn", parent_id=cast.vinh_dong.pk, since=TODAY, at=NOW
    )
    assert read(cast, [1, "Bùi Văn Bách", "", "Xóm Phòn", "CT"]).rows.get().unit_id == founded.pk


def test_a_list_with_headings_comes_back_with_them(cast: Cast) -> None:
    head = ["TT", "Họ và tên", "Ngày sinh", "Tình trạng"]
    rows: list[list[object]] = [
        [*head],
        ["Chi bộ xóm Nà Phòn"],
        [1, "Bùi Văn Cả", "1970", "CT"],
        ["Chi bộ Tổng Đậu"],
        [1, "Lê Ba", "1971", "CT"],
    ]
    received = read(cast, file=workbook(("x", rows)))
    again = read(cast, file=io.BytesIO(write(messages.rest(received))))
    assert {row.unit_id for row in again.rows.exclude(verdict="left_out")} == {cast.na_phon.pk, cast.tong_dau.pk}


# Columns


def test_the_next_file_of_the_same_shape_needs_no_answer(cast: Cast) -> None:
    assert receive(cast, AN).state == Import.State.MAPPING
    read(cast, AN)
    assert receive(cast, DAO).state == Import.State.READING
    assert receive(cast, DAO, unit_id=cast.na_phon.pk).state == Import.State.MAPPING


def test_what_the_register_does_not_take_is_said_and_forgotten(cast: Cast) -> None:
    head: list[object] = ["TT", "Họ và tên", "Ngày sinh", "Số CCCD", "Quê quán", "Tình trạng", "Chi bộ"]
    file = workbook(("x", [[*head], [1, "Bùi Văn Cả", "3/2/1970", "0170999", "Hòa Bình", "CT", "Nà Phòn"]]))
    received = read(cast, file=file)
    assert queries.columns_left_out(received) == ["Số CCCD", "Quê quán"]
    enter(cast, received)
    assert received.rows.get().cells == []


def test_a_name_is_needed_and_the_day_of_the_list_has_come(cast: Cast) -> None:
    received = receive(cast, AN)
    facts: dict[str, Any] = {"actor": cast.officer, "import_id": received.pk, "default_status": "", "at": NOW}
    shape = next(iter(received.columns))
    with pytest.raises(Refused, match="họ và tên"):
        actions.choose_columns(columns={shape: {Column.CELL: [3]}}, list_day=TODAY, **facts)
    with pytest.raises(Refused, match="chưa tới"):
        actions.choose_columns(columns={shape: {Column.NAME: [1]}}, list_day=date(2027, 1, 1), **facts)


# What may not come in


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "không phải bảng tính"),
        (workbook(("x", [["Kính gửi"], ["Bùi Văn Khánh"]])).getvalue(), "Không có trang tính nào"),
        (workbook(("x", [[*HEAD]])).getvalue(), "Không có trang tính nào"),
        (workbook(("x", [["TỐI MẬT"], HEAD, AN])).getvalue(), "bí mật nhà nước"),
    ],
)
def test_what_is_no_list_or_a_secret_is_refused_and_nothing_kept(cast: Cast, content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        receive(cast, file=io.BytesIO(content))
    assert "file" in refused.value.fields


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "attending", "operator"])
def test_others_send_no_lists_and_see_none(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        receive(cast, AN, who=who)
    received = read(cast, AN)
    with pytest.raises(NotThere):
        queries.list_to_work_on(cast.actor(who), received.pk)
    with pytest.raises(Forbidden):
        actions.ask_to_enter(actor=cast.actor(who), import_id=received.pk, at=NOW)


# In the background


def test_what_is_asked_for_waits_for_the_worker(cast: Cast) -> None:
    """The line of the audit is heard, and the hearing asks for a run of the job."""
    for verb in (Verb.LIST_RECEIVED, Verb.LIST_COLUMNS_CHOSEN, Verb.LIST_ASKED_TO_ENTER, Verb.LIST_ASKED_TO_UNDO):
        assert "chibo.people.reactions.work_on_lists" in {one.name for one in bus.listeners(verb)}
    received = read(cast, AN)
    actions.ask_to_enter(actor=cast.officer, import_id=received.pk, at=NOW)
    assert [one.pk for one in queries.lists_under_way()] == [received.pk]


def test_the_worker_goes_on_with_the_powers_of_who_asked(cast: Cast) -> None:
    received = read(cast, AN)
    actions.ask_to_enter(actor=cast.officer, import_id=received.pk, at=NOW)
    jobs.work_on_lists.func()
    assert fresh(received).state == Import.State.APPLIED
    other = read(cast, DAO)
    actions.ask_to_enter(actor=cast.officer, import_id=other.pk, at=NOW)
    actions.end_membership(actor=SYSTEM, membership_id=cast.membership("officer").pk, on=TODAY, at=NOW)
    jobs.work_on_lists.func()
    other.refresh_from_db()
    assert other.state == Import.State.READY
    assert "không có quyền" in other.note
    assert not Person.objects.filter(name="Quách Thị Đào", card_number="00234567").exists()


def test_rows_are_cleared_on_their_day_and_members_stay(cast: Cast) -> None:
    received = enter(cast, read(cast, AN))
    assert actions.clear_lists(actor=SYSTEM, on=received.clear_on.replace(day=1), at=NOW) == 0
    assert actions.clear_lists(actor=SYSTEM, on=received.clear_on, at=NOW) == 1
    assert not ImportRow.objects.exists()
    assert Person.objects.filter(card_number="00123456").exists()
    with pytest.raises(Refused, match="đã được xóa"):
        actions.ask_to_undo(actor=cast.officer, import_id=received.pk, at=NOW)


# The way back


def test_a_list_on_which_nothing_was_built_is_taken_back_whole(cast: Cast) -> None:
    before = set(Person.objects.values_list("pk", flat=True))
    received = enter(cast, read(cast, AN, DAO, MAN))
    actions.ask_to_undo(actor=cast.officer, import_id=received.pk, at=NOW)
    actions.work_through(actor=cast.officer, import_id=received.pk, at=NOW)
    assert fresh(received).state == Import.State.UNDONE
    assert verdicts(received) == ["taken_back"] * 3
    assert set(Person.objects.values_list("pk", flat=True)) == before
    assert Entry.objects.filter(verb=Verb.PERSON_TAKEN_OUT).count() == 3
    assert verdicts(read(cast, AN)) == ["new"]


def test_a_list_that_was_sent_again_since_is_taken_back_too(cast: Cast) -> None:
    received = enter(cast, read(cast, AN))
    again = read(cast, AN)
    actions.ask_to_undo(actor=cast.officer, import_id=received.pk, at=NOW)
    actions.work_through(actor=cast.officer, import_id=received.pk, at=NOW)
    connection.check_constraints()
    assert again.rows.get().person is None
    assert not Person.objects.filter(card_number="00123456").exists()


def _take_office(cast: Cast, person: Person) -> None:
    actions.take_office(
        actor=SYSTEM, person_id=person.pk, unit_id=cast.na_phon.pk, title=Title.COMMITTEE_MEMBER,
        during=Period(TODAY), at=NOW,
    )  # fmt: skip


def _open_account(cast: Cast, person: Person) -> None:
    access_actions.open_account(actor=SYSTEM, person_id=person.pk, username="vanan", at=NOW)


def _suspend(cast: Cast, person: Person) -> None:
    membership = Membership.objects.get(person=person)
    actions.change_status(
        actor=SYSTEM,
        membership_id=membership.pk,
        status=Status.SUSPENDED,
        since=date(2026, 11, 4),
        decision="3-QĐ/CB",
        decided_on=TODAY,
        at=NOW,
    )


def _give_task(cast: Cast, person: Person) -> None:
    from chibo.tasks.models import Assignee
    from chibo.testing import make

    task = make.task(cast, make.called(cast))
    Assignee.objects.create(task=task, person=person)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (_take_office, "chức vụ"),
        (_open_account, "tài khoản"),
        (_suspend, "đã thay đổi"),
        (_give_task, "công việc của chi bộ"),
    ],
)
def test_a_list_on_which_something_was_built_stays(
    cast: Cast, build: Callable[[Cast, Person], None], sentence: str
) -> None:
    received = enter(cast, read(cast, AN, MAN))
    build(cast, Person.objects.get(card_number="00123456"))
    with pytest.raises(Refused, match=sentence) as refused:
        actions.ask_to_undo(actor=cast.officer, import_id=received.pk, at=NOW)
    assert "Bùi Văn Khánh" in str(refused.value)
