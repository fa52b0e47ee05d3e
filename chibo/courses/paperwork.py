"""Papers of courses as Word files that the office signs; in Vietnamese. No form is prescribed for them."""

from collections.abc import Sequence

from chibo.courses.models import Certificate, Course
from chibo.documents.paperwork import CheckLine, Passage, committee, office_paper, print_for_office
from chibo.org import queries as org


def _until(one: Certificate) -> str:
    return f"Có giá trị đến hết ngày {one.valid_until:%d/%m/%Y}." if one.valid_until else "Có giá trị không thời hạn."


def _held(course: Course) -> str:
    days = sorted(course.sessions.values_list("on", flat=True))
    if not days:
        return ""
    if days[0] == days[-1]:
        return f"ngày {days[0]:%d/%m/%Y}"
    return f"{len(days)} buổi, từ ngày {days[0]:%d/%m/%Y} đến ngày {days[-1]:%d/%m/%Y}"


def certificate(one: Certificate) -> bytes:
    """The certificate of one person."""
    course, seat, on = one.seat.course, one.seat, one.issued_on
    who = committee(one.unit, on)
    paper = office_paper(
        "GIẤY CHỨNG NHẬN",
        course.title,
        [f"{who} chứng nhận:"],
        sections=[
            Passage(
                "",
                [
                    f"Đồng chí {seat.person.name}",
                    f"Đơn vị: {org.name_on(seat.unit_id, on)}",
                    f"Đã hoàn thành “{course.title}” ({_held(course)}).",
                    _until(one),
                ],
            )
        ],
        recipients=["Đồng chí có tên trên", "Lưu Văn phòng"],
        signs=f"T/M {who.upper()}",
    )
    return print_for_office(one.unit, on, "", paper, number=one.numbered)


def certificates(course: Course, rows: Sequence[Certificate]) -> bytes:
    """The list of all who have one."""
    on = rows[0].issued_on
    names = org.names_on({one.seat.unit_id for one in rows}, on)
    paper = office_paper(
        "DANH SÁCH",
        f"học viên được cấp giấy chứng nhận “{course.title}”",
        [f"Lớp học gồm {_held(course)}; có {len(rows)} đồng chí được cấp giấy chứng nhận."],
        sections=[],
        checklist=[
            CheckLine(f"{one.seat.person.name} ({names.get(one.seat.unit_id, '')})", one.numbered) for one in rows
        ],
        asked="Họ và tên (đơn vị)",
        answered="Số giấy",
        recipients=["Các đơn vị có học viên", "Lưu Văn phòng"],
        signs=f"T/M {committee(course.unit, on).upper()}",
    )
    return print_for_office(course.unit, on, "", paper)
