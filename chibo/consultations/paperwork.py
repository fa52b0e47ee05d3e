"""The table of how comments were used, as a Word file to be numbered and signed; in Vietnamese."""

from datetime import date

from chibo.consultations import queries
from chibo.consultations.models import Consultation
from chibo.consultations.queries import Answered
from chibo.consultations.rules import Decision
from chibo.documents.paperwork import CheckLine, committee, office_paper, print_for_office

DECISIONS = {Decision.TAKEN: "Tiếp thu", Decision.PARTLY: "Tiếp thu một phần", Decision.NOT: "Không tiếp thu"}


def of_paragraph(number: int) -> str:
    return f"Đoạn {number}" if number else "Góp ý chung"


def of_whom(one: Answered) -> str:
    """Of how many units a point comes, and whether the public said it too."""
    parts = [f"{one.units} chi bộ"] if one.units else []
    return " và ".join([*parts, *(["nhân dân"] if one.is_public else [])])


def answer(one: Answered) -> str:
    if not one.point.decision:
        return "Đang xem xét"
    words = DECISIONS[Decision(one.point.decision)]
    return f"{words}. {one.point.why}" if one.point.why else words


def table(found: Consultation, on: date) -> bytes:
    """What was said of each paragraph, by whom, and what became of it."""
    who = committee(found.unit, on)
    lines = [
        CheckLine(f"{of_paragraph(one.point.paragraph)}: {one.point.gist} ({of_whom(one)})", answer(one))
        for one in queries.points(found)
    ]
    during = f"từ ngày {found.opens_on:%d/%m/%Y} đến ngày {found.closes_on:%d/%m/%Y}"
    asked = f"{who} đã lấy ý kiến vào dự thảo “{found.title}” {during}."
    paper = office_paper(
        "BÁO CÁO",
        "tổng hợp, giải trình, tiếp thu ý kiến góp ý",
        [asked, "Các ý kiến được tổng hợp, tiếp thu và giải trình như sau."],
        checklist=lines,
        answered="Tiếp thu, giải trình",
        recipients=["Các chi bộ đã góp ý", "Lưu Văn phòng"],
    )
    return print_for_office(found.unit, on, "BC", paper)
