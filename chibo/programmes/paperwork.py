"""Papers of programmes as Word files to be completed and signed; in Vietnamese.

The layout is that of 36-HD/VPTW as documents has it. No form is prescribed for these papers: their words are this
software's own, and the office changes them as its committee is used to.
"""

from collections.abc import Sequence
from datetime import date

from chibo.documents.paperwork import CheckLine, Passage, committee, office_paper, print_for_office
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.programmes import rules
from chibo.programmes.models import Entry, Programme, Recognition
from chibo.programmes.queries import Counts
from chibo.programmes.rules import State

DOTS = "." * 60


def _signs(entry: Entry) -> str:
    return "T/M CHI BỘ" if entry.unit.kind.holds_meetings else "T/M ĐẢNG ỦY"


def _number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",") if value is not None else DOTS


def _measured(entry: Entry) -> list[str]:
    lines = [
        f"Mục tiêu: {entry.aim or DOTS}",
        f"Thước đo: {entry.measure or DOTS}.",
        f"Mức ban đầu: {_number(entry.baseline)}; mức phấn đấu: {_number(entry.target)}.",
        f"Thời gian hoàn thành: ngày {entry.cycle.ends_on:%d/%m/%Y}.",
    ]
    if entry.fields:
        lines.insert(0, f"Lĩnh vực: {'; '.join(entry.fields)}.")
    return [f"{n}. {line}" for n, line in enumerate(lines, 1)]


def registration(entry: Entry, on: date) -> bytes:
    """The form by which a unit registers."""
    programme = entry.cycle.programme
    said: list[str] = []
    if entry.said_on is not None:
        said.append(
            f"Đảng viên đã cho ý kiến tại buổi sinh hoạt ngày {entry.said_on:%d/%m/%Y}: đồng ý {entry.in_favour}, "
            f"không đồng ý {entry.against}, không có ý kiến {entry.abstained}."
        )
    source = []
    if entry.source is not None:
        whose = org.name_on(entry.source.unit_id, on)
        source = [f"Học tập mô hình “{entry.source.title}” của {whose}. Điểm làm khác: {entry.adapted}"]
    paper = office_paper(
        "BẢN ĐĂNG KÝ",
        f"{programme.title} – {entry.cycle.title}",
        [f"{org.name_on(entry.unit_id, on)} đăng ký thực hiện “{entry.title}” với các nội dung sau:", *source],
        sections=[Passage("", _measured(entry))],
        closing=said,
        recipients=[committee(programme.unit, on), "Lưu"],
        signs=_signs(entry),
    )
    return print_for_office(entry.unit, on, "", paper)


def pledge(entry: Entry, on: date) -> bytes:
    """What a unit pledges, to be signed by it and by the committee above."""
    programme = entry.cycle.programme
    criteria = rules.criteria_for(programme.criteria, entry.unit.kind_id)
    reached = (
        f"Đến ngày {entry.cycle.ends_on:%d/%m/%Y}, {entry.measure} đạt {_number(entry.target)} "
        f"(ban đầu: {_number(entry.baseline)})."
    )
    paper = office_paper(
        "BẢN CAM KẾT",
        f"thực hiện {programme.title}",
        [f"{org.name_on(entry.unit_id, on)} cam kết thực hiện “{entry.title}”:"],
        sections=[
            Passage("", [f"{n}. {one}." for n, one in enumerate(criteria, 1)]),
            Passage(
                "",
                [
                    reached,
                    "Đơn vị tự kiểm tra giữa kỳ và cuối kỳ, ghi rõ số liệu, báo cáo trung thực.",
                ],
            ),
        ],
        signs=_signs(entry),
        signs_too=f"T/M {committee(programme.unit, on).upper()}",
    )
    return print_for_office(entry.unit, on, "", paper)


def recognition(one: Recognition) -> bytes:
    """The decision to recognise, and to commend."""
    entry, on = one.entry, one.decided_on
    who, unit = committee(one.unit, on), org.name_on(entry.unit_id, on)
    last = entry.checks.filter(kind=rules.CheckKind.FINAL).order_by("-at").first()
    reached = f" ({entry.measure}: từ {_number(entry.baseline)} đến {_number(last.value)})" if last else ""
    articles = [f"Điều 1. Công nhận “{entry.title}” của {unit} thuộc {entry.cycle.programme.title}{reached}."]
    if one.award:
        articles.append(f"Điều {len(articles) + 1}. Khen thưởng {unit}: {one.award}.")
    articles.append(f"Điều {len(articles) + 1}. {unit} và các cơ quan liên quan chịu trách nhiệm thi hành.")
    paper = office_paper(
        "QUYẾT ĐỊNH",
        f"công nhận mô hình của {unit}",
        [f"– Xét kết quả thẩm định cuối kỳ ({entry.cycle.title});"],
        sections=[Passage("", [f"{who.upper()} QUYẾT ĐỊNH:"]), *(Passage("", [line]) for line in articles)],
        recipients=[unit, "Lưu Văn phòng"],
        signs=f"T/M {who.upper()}",
    )
    return print_for_office(one.unit, on, "QĐ", paper, number=one.decision)


def review(
    programme: Programme, unit: Unit, round_: str, numbers: Counts, rows: Sequence[Entry], left: int, on: date
) -> bytes:
    """The review of a round by one committee: how many entered, in which fields, how far they are; `left` more were
    recognised than are named in `rows`."""
    names = org.names_on({one.unit_id for one in rows}, on)
    states = [
        ("Chờ trả lời", State.REGISTERED),
        ("Đang thực hiện", State.RUNNING),
        ("Đã công nhận", State.RECOGNISED),
        ("Không đạt", State.FAILED),
        ("Không chấp nhận", State.DECLINED),
        ("Đã rút", State.WITHDRAWN),
    ]
    lines = [CheckLine(words, str(numbers.states.get(state, 0))) for words, state in states]
    fields = [f"– {name}: {n} mô hình." for name, n in numbers.fields.items()]
    if fields:
        fields.append("Một mô hình có thể thuộc nhiều lĩnh vực, nên cộng các lĩnh vực có thể lớn hơn tổng số mô hình.")
    recognised = [f"– {one.title} ({names.get(one.unit_id, '')})." for one in rows]
    if left > 0:
        recognised.append(f"– Và {left} mô hình khác; danh sách đầy đủ kèm theo báo cáo này.")
    paper = office_paper(
        "BÁO CÁO",
        f"kết quả thực hiện {programme.title} – {round_}",
        [f"Tính đến ngày {on:%d/%m/%Y}, có {numbers.total} mô hình đã đăng ký, đang thực hiện hoặc đã công nhận."],
        sections=[
            *([Passage("Theo lĩnh vực", fields)] if fields else []),
            *([Passage("Mô hình đã được công nhận", recognised)] if recognised else []),
        ],
        checklist=lines,
        answered="Số mô hình",
        recipients=["Cấp ủy cấp trên", "Lưu Văn phòng"],
        signs=f"T/M {committee(unit, on).upper()}",
    )
    return print_for_office(unit, on, "BC", paper)
