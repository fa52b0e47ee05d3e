"""The document set of inspections, as Word files to complete, number and sign; in Vietnamese, as the committee's own.

The set is that of 21-QĐ/TW (11/04/2026) as far as it is known: programme of the year, decision, plan, minutes, notice
of the conclusion, report on what was mended. Who is sent, and the number, are left to be filled in by hand: the
committee keeps its own register of papers.
"""

from collections.abc import Callable, Sequence
from datetime import date

from chibo.core import clock
from chibo.documents.paperwork import CheckLine, FindingLine, Passage, committee, office_paper, print_for_office
from chibo.org import queries as org
from chibo.org.models import Parentage, Unit
from chibo.regulations.rules import Words
from chibo.supervision import rules
from chibo.supervision.models import Inspection, InspectionKind, InspectionPlan

BASIS = "– Căn cứ Quy định số 21-QĐ/TW, ngày 11/4/2026 về công tác kiểm tra, giám sát và kỷ luật của Đảng;"
SEEN = {rules.YES: "Thực hiện tốt", rules.NO: "Còn thiếu sót", rules.NOT_APPLICABLE: "Không phát sinh"}
KINDS = {InspectionKind.PERIODIC: "định kỳ", InspectionKind.SURPRISE: "đột xuất"}
SENT = f"Các đồng chí được phân công: {'.' * 80}"


def issuer(inspection: Inspection) -> Unit:
    """Whose committee inspects: the one that drew the unit, else the one above it."""
    if inspection.plan is not None:
        return inspection.plan.unit
    above = Parentage.objects.filter(unit=inspection.unit, during__contains=inspection.on).select_related("parent")
    found = above.first()
    return found.parent if found else inspection.unit


def _names(inspection: Inspection) -> tuple[str, str, str, str]:
    """Committee, unit, kind and day of an inspection in words."""
    on = inspection.held_on or inspection.on
    return (
        committee(issuer(inspection), on),
        org.name_on(inspection.unit_id, on),
        KINDS[InspectionKind(inspection.kind)],
        f"ngày {on:%d/%m/%Y}",
    )


def _lines() -> list[str]:
    return [f"– {words.vi}." for words in rules.checklist().values()]


def _findings(inspection: Inspection) -> list[FindingLine]:
    return [
        FindingLine(one.text, f"{one.due_on:%d/%m/%Y}", one.result or one.answer)
        for one in inspection.findings.order_by("pk")
    ]


def decision(inspection: Inspection) -> bytes:
    """The decision to inspect."""
    who, unit, kind, on = _names(inspection)
    why = (
        f"– Xét {inspection.because[0].lower()}{inspection.because[1:].rstrip('. ')};"
        if inspection.because
        else f"– Căn cứ chương trình kiểm tra, giám sát năm {inspection.on.year} của {who};"
    )
    paper = office_paper(
        "QUYẾT ĐỊNH",
        f"kiểm tra {kind} đối với {unit}",
        [BASIS, why],
        sections=[
            Passage("", [f"{who.upper()} QUYẾT ĐỊNH:"]),
            Passage("", [f"Điều 1. Kiểm tra {kind} đối với {unit} về nền nếp sinh hoạt và việc thực hiện nghị quyết."]),
            Passage("", [f"Điều 2. Thời gian kiểm tra: {on}.", SENT]),
        ],
        closing=[f"Điều 3. {unit} và các đồng chí được phân công chịu trách nhiệm thi hành quyết định này."],
        recipients=["Như Điều 3", "Lưu Văn phòng"],
    )
    return print_for_office(issuer(inspection), inspection.on, "QĐ", paper)


def plan(inspection: Inspection) -> bytes:
    """The plan of an inspection, with the checklist as the outline by which the unit prepares."""
    who, unit, kind, on = _names(inspection)
    paper = office_paper(
        "KẾ HOẠCH",
        f"kiểm tra {kind} đối với {unit}",
        [f"{who} kiểm tra {kind} đối với {unit} như sau."],
        sections=[
            Passage(
                "MỤC ĐÍCH",
                ["Giúp chi bộ thấy rõ ưu điểm để phát huy, thiếu sót để khắc phục; không làm thay việc của chi bộ."],
            ),
            Passage("NỘI DUNG", _lines()),
            Passage(
                "CÁCH LÀM, THỜI GIAN",
                [
                    "Xem sổ nghị quyết, biên bản, số liệu sinh hoạt đã ghi; trao đổi với chi ủy và đảng viên.",
                    f"Thời gian: {on}.",
                ],
            ),
        ],
        closing=[SENT],
        recipients=[unit, "Các đồng chí được phân công", "Lưu Văn phòng"],
    )
    return print_for_office(issuer(inspection), inspection.on, "KH", paper)


def minutes(inspection: Inspection) -> bytes:
    """The minutes of an inspection that was held, for both sides to sign."""
    who, unit, kind, on = _names(inspection)
    titles = rules.checklist()
    paper = office_paper(
        "BIÊN BẢN",
        f"kiểm tra {kind} đối với {unit}",
        [f"Ngày làm việc: {on}.", f"Đại diện {who}: {'.' * 60}", f"Đại diện {unit}: {'.' * 60}"],
        sections=[Passage("NỘI DUNG ĐÃ KIỂM TRA", [])],
        checklist=[CheckLine(words.vi, SEEN[inspection.answers[code]]) for code, words in titles.items()],
        answered="Kết quả",
        findings=_findings(inspection),
        closing=[
            *([f"Ưu điểm: {inspection.commendation}"] if inspection.commendation else []),
            f"Kết luận: {inspection.conclusion}",
            "Biên bản được đọc lại cho các thành viên cùng nghe, nhất trí và lập thành hai bản.",
        ],
        signs=f"ĐẠI DIỆN {who.upper()}",
        signs_too=f"ĐẠI DIỆN {unit.upper()}",
    )
    return print_for_office(issuer(inspection), inspection.held_on or inspection.on, "", paper)


def notice(inspection: Inspection) -> bytes:
    """The notice of the conclusion, which the unit receives."""
    who, unit, kind, on = _names(inspection)
    praise = [Passage("ƯU ĐIỂM", [inspection.commendation])] if inspection.commendation else []
    paper = office_paper(
        "THÔNG BÁO",
        f"kết luận kiểm tra {kind} đối với {unit}",
        [f"{on.capitalize()}, {who} đã kiểm tra {kind} đối với {unit}. {who} kết luận như sau."],
        sections=[*praise, Passage("KẾT LUẬN", [inspection.conclusion])],
        findings=_findings(inspection),
        closing=["Đề nghị chi bộ khắc phục đúng thời hạn và báo cáo kết quả về cấp ủy."]
        if inspection.findings.exists()
        else [],
        recipients=[unit, "Lưu Văn phòng"],
    )
    return print_for_office(issuer(inspection), inspection.held_on or inspection.on, "TB", paper)


def remedied(inspection: Inspection) -> bytes:
    """The report on what was mended, once something was answered or looked at again."""
    who, unit, kind, on = _names(inspection)
    paper = office_paper(
        "BÁO CÁO",
        f"kết quả khắc phục sau kiểm tra đối với {unit}",
        [f"Sau cuộc kiểm tra {kind} {on}, {unit} đã khắc phục như sau."],
        findings=_findings(inspection),
        recipients=[who, "Lưu Văn phòng"],
    )
    return print_for_office(issuer(inspection), inspection.held_on or inspection.on, "BC", paper)


def programme(drawn: InspectionPlan) -> bytes:
    """The programme of a year: which cells were drawn, for which stated reasons, under which seed."""
    on = clock.day_of(drawn.at)
    who = committee(drawn.unit, on)
    cells = [
        f"{n}. {one['name']}" + (f": {' '.join(one['risks'])}" if one["risks"] else ".")
        for n, one in enumerate(drawn.drawn, start=1)
    ]
    paper = office_paper(
        "CHƯƠNG TRÌNH",
        f"kiểm tra, giám sát năm {drawn.year}",
        [
            BASIS,
            f"{who} chọn {len(drawn.drawn)} trong {len(drawn.weights)} chi bộ để kiểm tra định kỳ, theo dấu hiệu.",
            f"Các chi bộ được bốc ngẫu nhiên với mã công khai “{drawn.seed}”; ai cũng có thể bốc lại để đối chiếu.",
        ],
        sections=[Passage("CÁC CHI BỘ ĐƯỢC CHỌN", cells), Passage("NỘI DUNG KIỂM TRA", _lines())],
        closing=["Ngày kiểm tra được báo trước cho từng chi bộ."],
        recipients=["Các chi bộ trực thuộc", "Lưu Văn phòng"],
    )
    return print_for_office(drawn.unit, on, "CTr", paper)


def typical(unit: Unit, year: int, counted: Sequence[tuple[Words, int]], on: date) -> bytes:
    """What was found wanting most often in a year: what to train for. No unit is named."""
    paper = office_paper(
        "BÁO CÁO",
        f"thiếu sót thường gặp qua kiểm tra năm {year}",
        [f"{committee(unit, on)} tổng hợp các thiếu sót thường gặp để đưa vào nội dung bồi dưỡng bí thư, chi ủy."],
        sections=[Passage("CÁC THIẾU SÓT THƯỜNG GẶP", [])],
        checklist=[CheckLine(words.vi, f"{n} lần") for words, n in counted],
        answered="Số lần còn thiếu sót",
        recipients=["Các chi bộ trực thuộc", "Lưu Văn phòng"],
    )
    return print_for_office(unit, on, "BC", paper)


PAPERS: dict[str, tuple[Callable[[Inspection], bytes], str]] = {
    "decision": (decision, "Quyết định kiểm tra"),
    "plan": (plan, "Kế hoạch kiểm tra"),
    "minutes": (minutes, "Biên bản kiểm tra"),
    "notice": (notice, "Thông báo kết luận kiểm tra"),
    "remedied": (remedied, "Báo cáo kết quả khắc phục"),
}
"""The set of one inspection by its steps: what prints each, and the name of its file."""


def set_of(inspection: Inspection) -> list[str]:
    """Which papers of the set an inspection has by now."""
    if inspection.state == rules.InspectionState.PLANNED:
        return ["decision", "plan"]
    answered = inspection.findings.exclude(answer="", result="").exists()
    return ["decision", "plan", "minutes", "notice", *(["remedied"] if answered else [])]
