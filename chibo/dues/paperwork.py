"""Papers of dues as Word files: a receipt, the list of a month, what was handed up; in Vietnamese.

No form is prescribed for them here: their words are this software's own, and the office changes them as it is used to.
"""

from collections.abc import Sequence
from datetime import date

from chibo.documents.paperwork import CheckLine, committee, office_paper, print_for_office
from chibo.dues.models import Handing, Payment
from chibo.dues.queries import Standing
from chibo.org import queries as org
from chibo.org.models import Unit

DOTS = "." * 40


def money(amount: int) -> str:
    """`52.000 đồng`."""
    return f"{amount:,} đồng".replace(",", ".")


def receipt(payments: Sequence[Payment]) -> bytes:
    """One receipt for what a member paid on a day: a line for each month."""
    first = payments[0]
    unit = first.issued_by
    lines = [CheckLine(f"Đảng phí tháng {one.month:%m/%Y}", money(one.amount)) for one in payments]
    total = sum(one.amount for one in payments)
    opening = [
        (
            f"Đã nhận của đồng chí {first.person.name}, sinh hoạt tại {org.name_on(unit.pk, first.paid_on)}, số tiền "
            f"{money(total)} để đóng đảng phí như sau:"
        )
    ]
    if first.corrects is not None:
        opening = [
            (
                f"Điều chỉnh biên nhận số {first.corrects.number}/{first.corrects.paid_on.year} của đồng chí "
                f"{first.person.name}, số tiền {money(total)}. Lý do: {first.why}"
            )
        ]
    paper = office_paper(
        "BIÊN NHẬN",
        "thu đảng phí" if first.corrects is None else "điều chỉnh đảng phí đã thu",
        opening,
        checklist=lines,
        answered="Số tiền",
        signs="NGƯỜI THU",
        signs_too="NGƯỜI NỘP",
    )
    return print_for_office(unit, first.paid_on, "", paper, number=f"{first.number}/{first.paid_on.year}")


def month_list(unit: Unit, month: date, rows: Sequence[Standing], collected: int, kept: int, on: date) -> bytes:
    """Who has paid for a month and what is open, what the cell keeps and what goes up; to be signed by both offices."""

    def stands(one: Standing) -> str:
        if one.owed is None:
            return "chưa có mức"
        if not one.owes:
            return "được miễn"
        if one.has_paid:
            return money(one.paid)
        return f"{money(one.paid)}, còn {money(one.open)}" if one.paid else "chưa đóng"

    paper = office_paper(
        "DANH SÁCH",
        f"thu đảng phí tháng {month:%m/%Y}",
        [
            (
                f"Đã thu {money(collected)}; chi bộ để lại {money(kept)}; nộp cấp trên {money(collected - kept)}. "
                f"Đã đóng {sum(one.has_paid for one in rows)}/{sum(one.owes for one in rows)} đảng viên."
            )
        ],
        checklist=[CheckLine(one.person.name, stands(one)) for one in rows],
        asked="Họ và tên",
        answered="Đã đóng",
        signs="T/M CHI BỘ",
        signs_too="NGƯỜI THU",
    )
    return print_for_office(unit, on, "", paper)


def handed(one: Handing) -> bytes:
    """What the cell hands to the unit above, to be signed by both."""
    unit = one.unit
    paper = office_paper(
        "GIẤY NỘP ĐẢNG PHÍ",
        f"tháng {one.month:%m/%Y}",
        [
            (
                f"{org.name_on(unit.pk, one.handed_on)} nộp {committee(one.to_unit, one.handed_on)} số tiền đảng phí "
                f"{money(one.amount)} (bằng chữ: {DOTS})."
            )
        ],
        signs="NGƯỜI NHẬN",
        signs_too="NGƯỜI NỘP",
    )
    return print_for_office(unit, one.handed_on, "", paper)
