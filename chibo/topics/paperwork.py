"""The plan of a year as a Word file to be numbered and signed; in Vietnamese."""

from datetime import date

from chibo.documents.paperwork import CheckLine, office_paper, print_for_office
from chibo.org import queries as org
from chibo.topics import rules
from chibo.topics.models import YearPlan


def plan_of_year(plan: YearPlan, on: date) -> bytes:
    """What is to be talked about in which month."""
    is_cell = plan.unit.kind.holds_meetings
    lines = [
        CheckLine(
            "\n".join(filter(None, [line.title, rules.material(line.aim, line.questions)])), f"Tháng {line.month}"
        )
        for line in plan.as_lines()
    ]
    who = org.name_on(plan.unit_id, on)
    paper = office_paper(
        "KẾ HOẠCH",
        f"sinh hoạt chuyên đề năm {plan.year}",
        [f"{who} sinh hoạt chuyên đề trong năm {plan.year} theo các nội dung sau."],
        checklist=lines,
        answered="Thời gian",
        closing=["Nội dung có thể được điều chỉnh khi có chỉ đạo mới của cấp trên hoặc có việc phát sinh."],
        recipients=["Cấp ủy cấp trên", "Đảng viên trong chi bộ"] if is_cell else ["Các chi bộ trực thuộc"],
        **({"signs": "T/M CHI BỘ"} if is_cell else {}),
    )
    return print_for_office(plan.unit, on, "KH", paper)
