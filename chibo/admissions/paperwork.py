"""Papers of admissions as Word files to be completed, numbered and signed; in Vietnamese.

The layout is that of 36-HD/VPTW as documents has it. The prescribed forms of the Organisation Commission were not read:
the words are this software's own, and the office changes them as its committee is used to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from chibo.admissions import queries, rules
from chibo.admissions.models import Case, Step
from chibo.admissions.rules import Stage
from chibo.documents.paperwork import Passage, committee, office_paper, print_for_office
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people import queries as people

DOTS = "." * 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A paper: for which step, what it is called, and what prints it."""

    stage: Stage
    title: str
    make: Callable[[Case, Step], bytes]


def _day(on: date) -> str:
    return f"ngày {on:%d/%m/%Y}"


def _who(case: Case) -> str:
    born = f", sinh {_day(case.born_on)}" if case.born_on else ""
    return f"{case.name}{born}"


def _unit(case: Case, on: date) -> str:
    return org.name_on(case.unit_id, on)


def _standing(case: Case, stage: Stage) -> Step | None:
    return case.steps.filter(stage=stage, stands=True).order_by("on", "at").last()


def _above(case: Case, made: Step) -> Unit:
    """The committee that voted or decided; without one named, the next above the cell."""
    if made.unit_id is not None:
        return Unit.objects.select_related("kind").get(pk=made.unit_id)
    return _next_above(case.unit)


def _next_above(unit: Unit) -> Unit:
    return Unit.objects.select_related("kind").get(pk=unit.ancestor_ids[-1])


def _board(unit: Unit, on: date) -> str:
    """The standing board of a committee by its name: `Ban Thường vụ Đảng ủy xã Vĩnh Đồng`; of a district or province
    without the word for the Party organisation, that of its committee."""
    return f"Ban Thường vụ {committee(unit, on)}"


def _count(made: Step) -> str:
    assert made.base is not None
    share = f"{100 * (made.in_favour or 0) / made.base:.1f}".rstrip("0").rstrip(".").replace(".", ",")
    return (
        f"Tổng số được triệu tập: {made.base}; tán thành: {made.in_favour} ({share} %), "
        f"không tán thành: {made.against}, ý kiến khác: {made.abstained}. "
        f"Số phiếu tán thành cần có: ít nhất {made.needed}."
    )


def _secretary(case: Case, on: date) -> str:
    leaders = people.leaders(case.unit_id, on)
    return leaders[0].person.name if leaders else DOTS


def _articles(lines: Sequence[str]) -> list[Passage]:
    return [Passage("", [f"Điều {n}. {line}"]) for n, line in enumerate(lines, 1)]


# What the cell prints


def helper(case: Case, made: Step) -> bytes:
    """Who helps the candidate, by the cell."""
    names = [f"– Đồng chí {one.name}, đảng viên chính thức;" for one in case.helpers.order_by("sort_key", "pk")]
    opening = (
        f"Theo giới thiệu của {case.found_by or DOTS}, {_unit(case, made.on)} phân công đảng viên chính thức "
        f"giúp đỡ {_who(case)} phấn đấu vào Đảng từ {_day(made.on)}:"
    )
    paper = office_paper(
        "THÔNG BÁO",
        "phân công đảng viên giúp đỡ quần chúng ưu tú vào Đảng",
        [opening, *names],
        sections=[
            Passage(
                "Nhiệm vụ của đảng viên được phân công",
                [
                    "1. Tuyên truyền, giải thích Cương lĩnh, Điều lệ Đảng; giúp người vào Đảng tự giác phấn đấu.",
                    "2. Định kỳ báo cáo chi bộ để chi bộ nhận xét trong buổi sinh hoạt.",
                    "3. Viết giấy giới thiệu khi chi bộ xét kết nạp và chịu trách nhiệm về lời giới thiệu của mình.",
                ],
            )
        ],
        recipients=["Đảng viên được phân công", committee(_next_above(case.unit), made.on), "Lưu chi bộ"],
        signs="T/M CHI BỘ",
    )
    return print_for_office(case.unit, made.on, "TB", paper)


def cell_resolution(case: Case, made: Step) -> bytes:
    """The cell proposes the admission."""
    remark, course = _standing(case, Stage.REMARK), _standing(case, Stage.COURSE)
    facts = [f"– Họ và tên: {_who(case)};"]
    if course is not None:
        facts.append(f"– Giấy chứng nhận lớp bồi dưỡng nhận thức về Đảng số {course.paper}, cấp {_day(course.on)};")
    if remark is not None:
        facts.append(f"– Nhận xét của chi bộ tại buổi sinh hoạt {_day(remark.on)}: {remark.words}")
    approval = _standing(case, Stage.APPROVAL)
    if approval is not None:
        facts.append(f"– Văn bản đồng ý về tuổi đời: {approval.paper}, {_day(approval.on)}.")
    return _cell_resolution(case, made, "đề nghị kết nạp đảng viên", facts, f"kết nạp {case.name} vào Đảng")


def recognition_resolution(case: Case, made: Step) -> bytes:
    """The cell proposes the official recognition."""
    facts = [f"– Họ và tên: {_who(case)};"]
    if case.admitted_on is not None:
        since = rules.official_from(case.admitted_on, queries.figures(case.unit, made.on))
        facts.append(f"– Được kết nạp {_day(case.admitted_on)}; hết thời gian dự bị {_day(since)};")
    remark = _standing(case, Stage.REMARK)
    if remark is not None and case.admitted_on is not None and remark.on >= case.admitted_on:
        facts.append(f"– Nhận xét của chi bộ tại buổi sinh hoạt {_day(remark.on)}: {remark.words}")
    what = f"công nhận đồng chí {case.name} là đảng viên chính thức"
    return _cell_resolution(case, made, "đề nghị công nhận đảng viên chính thức", facts, what)


def removal_resolution(case: Case, made: Step) -> bytes:
    """The cell proposes the removal."""
    facts = [f"– Họ và tên: {_who(case)};"]
    if case.admitted_on is not None:
        facts.append(f"– Được kết nạp {_day(case.admitted_on)};")
    what = f"xóa tên đồng chí {case.name} trong danh sách đảng viên dự bị"
    return _cell_resolution(case, made, "đề nghị xóa tên đảng viên dự bị", facts, what)


def _cell_resolution(case: Case, made: Step, about: str, facts: Sequence[str], what: str) -> bytes:
    above = _next_above(case.unit)
    secretly = " bằng phiếu kín" if made.vote is not None and made.vote.is_on_paper else ""
    paper = office_paper(
        "NGHỊ QUYẾT",
        about,
        [
            f"{_day(made.on).capitalize()}, {_unit(case, made.on)} họp, xét {what}. Chi bộ thống nhất:",
        ],
        sections=[
            Passage("", facts),
            Passage(f"Kết quả biểu quyết{secretly}", [_count(made)]),
            Passage("", [f"Chi bộ đề nghị {committee(above, made.on)} xét, {what}."]),
        ],
        recipients=[committee(above, made.on), "Lưu chi bộ"],
        signs="T/M CHI BỘ",
    )
    return print_for_office(case.unit, made.on, "NQ", paper)


def ceremony(case: Case, made: Step) -> bytes:
    """The slip of the minutes of the ceremony, to be completed by hand."""
    decision = _standing(case, Stage.DECISION)
    helpers = ", ".join(one.name for one in case.helpers.order_by("sort_key", "pk"))
    opening = [
        f"{_day(made.on).capitalize()}, tại {DOTS}, {_unit(case, made.on)} tổ chức lễ kết nạp đảng viên.",
        f"Chủ trì: {_secretary(case, made.on)}. Thư ký: {DOTS}.",
        f"Có mặt: {DOTS}. Đại biểu: {DOTS}.",
    ]
    order = [
        "1. Chào cờ; tuyên bố lý do, giới thiệu đại biểu.",
        "2. Bí thư chi bộ đọc quyết định kết nạp đảng viên"
        + (f" số {decision.paper}, {_day(decision.on)}." if decision else "."),
        f"3. {case.name} đọc lời tuyên thệ.",
        f"4. Chi bộ giao nhiệm vụ cho đảng viên dự bị; phân công đảng viên chính thức giúp đỡ: {helpers or DOTS}.",
        "5. Phát biểu của cấp trên và đại biểu; bế mạc.",
    ]
    since = rules.official_from(made.on, queries.figures(case.unit, made.on))
    paper = office_paper(
        "BIÊN BẢN",
        f"lễ kết nạp đảng viên {case.name}",
        opening,
        sections=[Passage("Nội dung", order)],
        closing=[f"Thời gian dự bị tính từ {_day(made.on)} đến {_day(since)}."],
        signs="CHỦ TRÌ",
        signs_too="THƯ KÝ",
    )
    return print_for_office(case.unit, made.on, "BB", paper)


# What committees print


def committee_proposal(case: Case, made: Step) -> bytes:
    """The committee proposes the admission to who decides."""
    return _proposal(case, made, Stage.CELL_VOTE, "đề nghị kết nạp đảng viên", f"kết nạp {_who(case)} vào Đảng")


def recognition_proposal(case: Case, made: Step) -> bytes:
    """The committee proposes the official recognition."""
    what = f"công nhận đồng chí {_who(case)} là đảng viên chính thức"
    return _proposal(case, made, Stage.RECOGNITION_VOTE, "đề nghị công nhận đảng viên chính thức", what)


def _proposal(case: Case, made: Step, of_cell: Stage, about: str, what: str) -> bytes:
    unit, before = _above(case, made), _standing(case, of_cell)
    opening = [f"– Xét đề nghị của {_unit(case, made.on)}" + (f" {_day(before.on)};" if before else ";")]
    opening += [f"{_day(made.on).capitalize()}, {committee(unit, made.on)} họp, xét {what}."]
    sections = [Passage("Kết quả biểu quyết của cấp ủy", [_count(made)])]
    if before is not None and before.base is not None:
        sections.insert(0, Passage("Kết quả biểu quyết của chi bộ", [_count(before)]))
    sections.append(Passage("", [f"{committee(unit, made.on)} đề nghị cấp ủy cấp trên có thẩm quyền xét, {what}."]))
    paper = office_paper(
        "NGHỊ QUYẾT",
        about,
        opening,
        sections=sections,
        recipients=["Cấp ủy cấp trên", _unit(case, made.on), "Lưu Văn phòng"],
        signs="T/M ĐẢNG ỦY",
    )
    return print_for_office(unit, made.on, "NQ", paper, number=made.paper)


def decision(case: Case, made: Step) -> bytes:
    """The decision to admit."""
    figures = queries.figures(case.unit, made.on)
    cell = _unit(case, made.on)
    order = (
        f"{cell} tổ chức lễ kết nạp trong thời hạn {figures.ceremony_days} ngày làm việc, phân công đảng viên "
        f"chính thức giúp đỡ trong thời gian dự bị {figures.probation_months} tháng, tính từ ngày tổ chức lễ kết nạp."
    )
    articles = [f"Kết nạp {_who(case)} vào Đảng Cộng sản Việt Nam.", order]
    return _decision(case, made, f"kết nạp đảng viên {case.name}", articles)


def recognition(case: Case, made: Step) -> bytes:
    """The decision on the official recognition."""
    assert case.admitted_on is not None
    since = rules.official_from(case.admitted_on, queries.figures(case.unit, made.on))
    return _decision(
        case,
        made,
        f"công nhận đảng viên chính thức đối với đồng chí {case.name}",
        [f"Công nhận đồng chí {_who(case)} là đảng viên chính thức từ {_day(since)}."],
    )


def removal(case: Case, made: Step) -> bytes:
    """The decision on the removal."""
    return _decision(
        case,
        made,
        "xóa tên trong danh sách đảng viên dự bị",
        [f"Xóa tên đồng chí {_who(case)} trong danh sách đảng viên dự bị từ {_day(made.on)}."],
    )


def _decision(case: Case, made: Step, about: str, articles: Sequence[str]) -> bytes:
    unit = _above(case, made)
    cell, board = _unit(case, made.on), _board(unit, made.on)
    last = f"{cell}, các cơ quan liên quan và {case.name} chịu trách nhiệm thi hành Quyết định này."
    paper = office_paper(
        "QUYẾT ĐỊNH",
        about,
        [f"– Xét đề nghị của {cell}"
         + (f" và {committee(_next_above(case.unit), made.on)};" if queries.asks_committee(case.unit) else ";")],
        sections=[Passage("", [f"{board.upper()} QUYẾT ĐỊNH:"]), *_articles([*articles, last])],
        recipients=[cell, case.name, "Lưu Văn phòng"],
        signs="T/M BAN THƯỜNG VỤ",
    )  # fmt: skip
    return print_for_office(unit, made.on, "QĐ", paper, number=made.paper)


PAPERS = {
    "helper": Kind(Stage.HELPER, "Thông báo phân công đảng viên giúp đỡ", helper),
    "cell-resolution": Kind(Stage.CELL_VOTE, "Nghị quyết chi bộ đề nghị kết nạp", cell_resolution),
    "committee-proposal": Kind(Stage.COMMITTEE_VOTE, "Nghị quyết cấp ủy đề nghị kết nạp", committee_proposal),
    "decision": Kind(Stage.DECISION, "Quyết định kết nạp", decision),
    "ceremony": Kind(Stage.CEREMONY, "Biên bản lễ kết nạp", ceremony),
    "recognition-resolution": Kind(
        Stage.RECOGNITION_VOTE, "Nghị quyết chi bộ đề nghị công nhận chính thức", recognition_resolution
    ),
    "recognition-proposal": Kind(
        Stage.RECOGNITION_COMMITTEE, "Nghị quyết cấp ủy đề nghị công nhận chính thức", recognition_proposal
    ),
    "recognition": Kind(Stage.RECOGNITION, "Quyết định công nhận chính thức", recognition),
    "removal-resolution": Kind(Stage.REMOVAL_VOTE, "Nghị quyết chi bộ đề nghị xóa tên", removal_resolution),
    "removal": Kind(Stage.REMOVAL, "Quyết định xóa tên", removal),
}
"""By the name in their address."""


def possible(case: Case, steps: Sequence[Step]) -> list[tuple[str, str, Step]]:
    """The papers of the steps that stand, each with its name in the address, its title and its step."""
    latest = {one.stage: one for one in steps if one.stands}
    return [(name, one.title, latest[one.stage]) for name, one in PAPERS.items() if one.stage in latest]
