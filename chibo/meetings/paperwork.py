"""What the papers of a meeting say, composed from what happened; in Vietnamese, since they are the cell's papers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import translation

from chibo.core import clock
from chibo.documents.paperwork import (
    Absentee,
    CheckLine,
    ClauseLine,
    Count,
    LedgerLine,
    MinutesPaper,
    Passage,
    ResolutionPaper,
    in_slips,
    office_paper,
    print_for_office,
    superior,
)
from chibo.documents.rules import day_in_words
from chibo.meetings import queries, rules
from chibo.meetings.models import Contribution, Meeting, MinutesRevision, Part, Resolution, Vote
from chibo.meetings.queries import RollLine
from chibo.meetings.rules import AttendanceStatus, Kind, Nature, Outcome
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people.models import Committee, Office, Status, Title
from chibo.regulations import queries as regulations
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task
from chibo.tasks.queries import Row

_NATURE = {Nature.PROPOSAL: " đề xuất", Nature.CRITICISM: " góp ý, phê bình", Nature.OPINION: ""}
_OUTCOME = {
    Outcome.POSTPONED: "Nội dung này được chuyển sang kỳ họp sau.",
    Outcome.UNFINISHED: "Nội dung này chưa xong.",
}


_ELSE = {
    "conclusions": "Kết luận",
    "tasks": "Giao nhiệm vụ",
    "resolution": "Nghị quyết",
    "score": "Chấm điểm, xếp loại chất lượng buổi sinh hoạt",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the minutes: what it is of, its heading, and its text, a line for each paragraph."""

    code: str
    title: str
    text: str

    @property
    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "title": self.title, "text": self.text}


def said(one: Contribution) -> str:
    """A contribution as it stands in minutes: who, and the gist."""
    speaker = f"Đồng chí {one.person.name}" if one.person else f"{one.guest} (khách mời)"
    return f"– {speaker}{_NATURE[Nature(one.nature)]}: {one.gist}"


def voted(vote: Vote) -> str:
    """A vote as it stands in minutes: counts, base, threshold, result."""
    how = "bỏ phiếu kín bằng phiếu giấy" if vote.is_on_paper else "biểu quyết"
    needed = vote.basis["needed"]
    absent = f"; không tham gia biểu quyết {vote.not_voting}" if vote.not_voting else ""
    result = "được thông qua" if vote.is_carried else "không được thông qua"
    return (
        f"– {vote.subject} ({how}): tán thành {vote.in_favour}/{vote.base}; không tán thành {vote.against}; "
        f"không có ý kiến {vote.abstained}{absent}. Cơ số tính tỷ lệ là {vote.base} đảng viên chính thức "
        f"(triệu tập {vote.convened}), cần ít nhất {needed} tán thành; {result}."
    )


def given(task: Task) -> str:
    """A task as it stands in minutes: who, what, by when."""
    people = task.assignees.all()
    leads = {one.pk for one in people if one.is_lead and len(people) > 1}
    names = ", ".join(f"đồng chí {one.person.name}{' (chủ trì)' if one.pk in leads else ''}" for one in people)
    due = f"; hoàn thành chậm nhất ngày {task.due_on:%d/%m/%Y}" if task.due_on else ""
    expected = f"; kết quả cần đạt: {task.expected.rstrip('. ')}" if task.expected else ""
    return f"– Giao {names}: {task.title.rstrip('. ')}{expected}{due}."


def _resolved(meeting: Meeting) -> list[str]:
    """What the meeting resolved, or the draft that was before it: the direction, then clause by clause."""
    draft = queries.resolution(meeting)
    clauses = list(draft.clauses.all()) if draft else []
    if draft is None or not clauses:
        return []
    what = "Nghị quyết" if draft.vote is not None and draft.vote.is_carried else "Dự thảo nghị quyết"
    direction = [f"Phương hướng: {draft.direction}"] if draft.direction else []
    return [*direction, f"{what} gồm các nội dung:", *(f"{one.number}. {one.text}" for one in clauses)]


def scored(score: rules.Score | None) -> list[str]:
    """The score that a cell gave its session, then what is to be done about what was low; nothing for none."""
    if score is None:
        return []
    return [
        f"Chi bộ tự chấm buổi sinh hoạt đạt {score.points}/{score.total} điểm, xếp loại {score.band}.",
        *(["Biện pháp khắc phục:"] if score.remedies else []),
        *(f"– {one}" for one in score.remedies),
    ]


def dues(meeting: Meeting) -> list[str]:
    """How many have paid their dues, as the opening says it; nothing where it was not told."""
    if not meeting.dues_payers:
        return []
    count = f"{meeting.dues_paid}/{meeting.dues_payers}"
    return [f"Tình hình đóng đảng phí tháng {meeting.month:%m/%Y}: đã đóng {count} đảng viên."]


def _place_of_score(meeting: Meeting) -> tuple[Part | None, str]:
    """The part that the agenda has for the score, if any, and the code of the section about it."""
    part = meeting.parts.filter(holds="score").first()
    return part, str(part.pk) if part else "score"


def without_score(meeting: Meeting, sections: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The sections of minutes but for the one about the score."""
    _part, code = _place_of_score(meeting)
    return [one for one in sections if one["code"] != code]


def with_score(meeting: Meeting, score: rules.Score, sections: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The sections of minutes with the one about the score: in its place if it is there, else where the agenda has it,
    before what follows the score there."""
    part, code = _place_of_score(meeting)
    section = Section(code, part.title if part else _ELSE["score"], "\n".join(scored(score))).as_json
    if any(one["code"] == code for one in sections):
        return [section if one["code"] == code else one for one in sections]
    later = (
        {str(pk) for pk in meeting.parts.filter(position__gt=part.position).values_list("pk", flat=True)}
        if part
        else set()
    )
    place = next((n for n, one in enumerate(sections) if one["code"] in later or one["code"] == "votes"), len(sections))
    return [*sections[:place], section, *sections[place:]]


def _result(row: Row) -> str:
    return "báo cáo đã trả lại, chưa báo cáo lại" if row.is_returned else row.result


def _ledger_lines(meeting: Meeting) -> list[str]:
    with translation.override("vi"):
        return [
            f"– {row.title}: {str(row.status).lower()}" + (f"; {_result(row)}" if _result(row) else "")
            for row in queries.ledger(meeting)
        ]


def _part_text(meeting: Meeting, part: Part, lines: Iterable[Contribution], votes: Iterable[Vote]) -> str:
    text = []
    if part.holds == "ledger":
        text += _ledger_lines(meeting) or ["Không có nhiệm vụ nào của kỳ trước."]
    text += [said(one) for one in lines]
    text += [voted(one) for one in votes]
    if part.outcome != Outcome.DONE:
        text.append(_OUTCOME[Outcome(part.outcome)])
    if part.outcome_note:
        text.append(part.outcome_note)
    return "\n".join(text)


def compose(meeting: Meeting) -> list[Section]:
    """The text of the minutes from what happened: a section for each part of the agenda that left a trace.

    Time, place, roll and signatures are not in it: they are printed from the facts themselves.
    """
    said_to: dict[object, list[Contribution]] = defaultdict(list)
    for one in queries.contributions(meeting):
        said_to[one.part_id].append(one)
    voted_on: dict[object, list[Vote]] = defaultdict(list)
    for vote in queries.votes(meeting):
        voted_on[vote.part_id].append(vote)
    held = {
        "conclusions": [meeting.conclusion],
        "lessons": [meeting.lessons],
        "tasks": [given(task) for task in tasks.of_origin([meeting.pk])],
        "resolution": _resolved(meeting),
        "score": scored(rules.Score.of(meeting.score)),
        "roll_call": dues(meeting),
    }
    sections = []
    for part in meeting.parts.all():
        text = [*held.pop(part.holds, []), _part_text(meeting, part, said_to[part.pk], voted_on[part.pk])]
        sections.append(Section(str(part.pk), part.title, "\n".join(text).strip()))
    # What the agenda of this kind of meeting has no part for, but was done all the same.
    sections += [Section(holds, _ELSE[holds], "\n".join(held[holds])) for holds in _ELSE if holds in held]
    sections.append(Section("votes", "Biểu quyết", "\n".join(voted(vote) for vote in voted_on[None])))
    return [section for section in sections if section.text]


# The papers

_COUNTS = (
    (AttendanceStatus.PRESENT, "Có mặt tại phòng họp"),
    (AttendanceStatus.ONLINE, "Dự trực tuyến"),
    (AttendanceStatus.LATE, "Đến muộn"),
    (AttendanceStatus.LEFT_EARLY, "Về sớm"),
    (AttendanceStatus.ABSENT_WITH_REASON, "Vắng có lý do"),
    (AttendanceStatus.ABSENT_WITHOUT_REASON, "Vắng không có lý do"),
    (AttendanceStatus.EXEMPT, "Được miễn công tác và sinh hoạt"),
    (AttendanceStatus.ELSEWHERE, "Sinh hoạt tạm thời nơi khác"),
    (AttendanceStatus.SUSPENDED, "Đình chỉ sinh hoạt"),
)
_ABSENT = {
    AttendanceStatus.ABSENT_WITH_REASON: "vắng có lý do",
    AttendanceStatus.ABSENT_WITHOUT_REASON: "vắng không có lý do",
    AttendanceStatus.EXEMPT: "được miễn công tác và sinh hoạt",
    AttendanceStatus.ELSEWHERE: "sinh hoạt tạm thời nơi khác",
    AttendanceStatus.SUSPENDED: "đình chỉ sinh hoạt",
    AttendanceStatus.LATE: "đến muộn",
    AttendanceStatus.LEFT_EARLY: "về sớm",
}
_ABOUT = {
    Kind.REGULAR: "Họp chi bộ thường kỳ tháng {month}",
    Kind.THEMATIC: "Sinh hoạt chuyên đề{topic}",
    Kind.EXTRAORDINARY: "Họp chi bộ bất thường{topic}",
}
_OFFICES = {
    Title.SECRETARY: "bí thư chi bộ",
    Title.DEPUTY: "phó bí thư chi bộ",
    Title.COMMITTEE_MEMBER: "chi ủy viên",
}


def term(unit_id: UUID, on: date) -> str:
    """The term within which the numbers of a cell's papers count; where no committee is entered, one term for all."""
    return Committee.objects.on(on).filter(unit_id=unit_id).values_list("term", flat=True).first() or "–"


def office_of(person_id: UUID | None, unit_id: UUID, on: date) -> str:
    """What somebody is in a cell, as papers say it."""
    if person_id is None:
        return ""
    titles = set(Office.objects.on(on).filter(person_id=person_id, unit_id=unit_id).values_list("title", flat=True))
    return next((words for title, words in _OFFICES.items() if title in titles), "đảng viên")


def about(meeting: Meeting) -> str:
    """What a paper of this meeting is about, under its title."""
    topic = f": {meeting.topic}" if meeting.topic else ""
    return _ABOUT[Kind(meeting.kind)].format(month=f"{meeting.month.month} năm {meeting.month.year}", topic=topic)


def _hour(at: datetime | None) -> str:
    return f"{at.astimezone(clock.HERE):%H giờ %M phút}" if at else ""


def _day(unit: Unit, on: date) -> str:
    return day_in_words(on, **regulations.value("document.day.zeros", unit, on).value)


def _convened(lines: Sequence[RollLine]) -> str:
    probationary = sum(line.belongs_as == Status.PROBATIONARY for line in lines)
    return f"{len(lines)} đồng chí, trong đó chính thức {len(lines) - probationary}, dự bị {probationary}"


def _counts(lines: Sequence[RollLine]) -> list[Count]:
    counts = queries.roll_counts(lines)
    return [Count(words, counts[status]) for status, words in _COUNTS if counts[status]]


def _absentees(lines: Sequence[RollLine]) -> list[Absentee]:
    found = []
    for line in lines:
        if line.attendance and (words := _ABSENT.get(AttendanceStatus(line.attendance.status))):
            reason = f" ({line.attendance.reason})" if line.attendance.reason else ""
            found.append(Absentee(line.person.name, f"{words}{reason}"))
    return found


def _chair(meeting: Meeting) -> tuple[str, str]:
    name = meeting.chair.name if meeting.chair else ""
    return name, office_of(meeting.chair_id, meeting.unit_id, meeting.on)


def minutes(meeting: Meeting, revision: MinutesRevision) -> MinutesPaper:
    """The minutes as they are printed: the facts of the roll, and the text that was read back and adopted."""
    roll = queries.roll(meeting)
    lines = [line for line in roll if not line.is_guest]
    staying = [line for line in roll if line.is_guest and line.seat.came]
    chair, office = _chair(meeting)
    came = sum(line.seat.came for line in roll)
    zeros = regulations.value("document.day.zeros", meeting.unit, meeting.on).value
    return MinutesPaper(
        about=about(meeting),
        began=f"{_hour(meeting.opened_at)}, {day_in_words(meeting.on, **zeros)}",
        place=meeting.place,
        convened=_convened(lines),
        counts=_counts(lines),
        absentees=_absentees(lines),
        guests=[guest.strip() for guest in meeting.guests.split(";") if guest.strip()]
        + [f"Đồng chí {line.person.name}, đảng viên sinh hoạt tạm thời" for line in staying],
        chair=chair,
        chair_office=office,
        clerk=meeting.clerk.name if meeting.clerk else "",
        agenda=list(meeting.parts.values_list("title", flat=True)),
        ledger=[],
        sections=[Passage(one["title"], one["text"].split("\n")) for one in revision.sections],
        votes=[],
        tasks=[],
        adopted=f"Biên bản được đọc lại trước {came} đồng chí dự họp và được thông qua.",
        ended=f"{_hour(meeting.ended_at)}, {day_in_words(clock.day_of(meeting.ended_at or clock.now()), **zeros)}",
    )


def _who(names: Sequence[str]) -> str:
    return f"{'đồng chí' if len(names) == 1 else 'các đồng chí'} {', '.join(names)}" if names else ""


def _reported_at(meeting: Meeting, due_on: date | None) -> str:
    """The session at which a task is reported: the first regular meeting on its due day or after it."""
    since = max(due_on or meeting.on, meeting.on + timedelta(days=1))
    told = queries.regular_month(meeting.unit, since)
    return f"kỳ họp tháng {told.month} năm {told.year}"


def _clauses(meeting: Meeting, resolution: Resolution) -> list[ClauseLine]:
    rows = resolution.clauses.select_related("task").prefetch_related("task__assignees__person")
    found = []
    reported: dict[date | None, str] = {}
    for clause in rows:
        if clause.task is None:
            found.append(ClauseLine(clause.number, clause.text))
            continue
        names = [one.person.name for one in clause.task.assignees.all()]
        due = f"ngày {clause.task.due_on:%d/%m/%Y}" if clause.task.due_on else ""
        due_on = clause.task.due_on
        if due_on not in reported:
            reported[due_on] = _reported_at(meeting, due_on)
        found.append(ClauseLine(clause.number, clause.text, _who(names), due, reported[due_on]))
    return found


DOTS = "." * 20
CUT = "– " * 30
A_BALLOT = ["PHIẾU BIỂU QUYẾT", "Nội dung biểu quyết: {about}", "☐ Đồng ý", "☐ Không đồng ý", CUT]


def voters(meeting: Meeting, about: str) -> bytes:
    """Who gets a ballot in a secret vote by the roll of a meeting, to sign for it, and the record of the count, to be
    completed by the tellers. No form is prescribed for it: the words are this software's own."""
    entitled = queries.entitled(meeting)
    base = queries.base(meeting, queries.roll(meeting))
    record = [
        f"Cơ số tính tỷ lệ: {base.base} đảng viên chính thức. Số đảng viên được nhận phiếu: {len(entitled)}.",
        f"Tổ kiểm phiếu gồm: {DOTS * 4}",
        f"Số phiếu phát ra: {DOTS}; số phiếu thu về: {DOTS}; hợp lệ: {DOTS}; không hợp lệ: {DOTS}.",
        f"Số phiếu đồng ý: {DOTS}; số phiếu không đồng ý: {DOTS}.",
        f"Tỷ lệ đồng ý trên cơ số: {DOTS} %.",
    ]
    paper = office_paper(
        "DANH SÁCH BIỂU QUYẾT VÀ BIÊN BẢN KIỂM PHIẾU",
        about or DOTS * 4,
        [f"{_day(meeting.unit, meeting.on).capitalize()}, chi bộ biểu quyết kín bằng phiếu giấy."],
        checklist=[CheckLine(one.person.name, "") for one in entitled],
        asked="Họ và tên",
        answered="Ký nhận phiếu",
        sections=[Passage("Kết quả kiểm phiếu", record)],
        signs="T/M TỔ KIỂM PHIẾU",
        signs_too="CHỦ TRÌ",
    )
    return print_for_office(meeting.unit, meeting.on, "", paper)


def ballots(meeting: Meeting, about: str) -> bytes:
    """A ballot for each who is entitled, to be cut apart: one is like the other, and none bears a number or a name."""
    one = [line.format(about=about or DOTS * 3) for line in A_BALLOT]
    papers = [Passage("", one) for _seat in queries.entitled(meeting)]
    opening = "Cắt rời theo đường kẻ. Phiếu đánh dấu cả hai ô hoặc không đánh dấu là phiếu không hợp lệ."
    paper = office_paper("PHIẾU BIỂU QUYẾT", "biểu quyết kín", [opening], sections=papers, signs="")
    return in_slips(print_for_office(meeting.unit, meeting.on, "", paper), A_BALLOT[0], CUT.strip())


def resolution(meeting: Meeting, resolution: Resolution) -> ResolutionPaper:
    """The resolution as it is printed: last month's results, the next month, who leads what by when, the vote."""
    lines = [line for line in queries.roll(meeting) if not line.is_guest]
    chair, office = _chair(meeting)
    ahead = rules.month_directed(meeting.on)
    unit_name = org.name_on(meeting.unit_id, meeting.on)
    minutes_held = int(((meeting.ended_at or clock.now()) - (meeting.opened_at or clock.now())).total_seconds() // 60)
    vote = resolution.vote
    # It is reported to the committee of the unit above, and not to all its members.
    name = superior(meeting.unit, meeting.on).replace("Đảng bộ", "Đảng ủy", 1)
    above = [f"{name} (để báo cáo)"] if name else []
    with translation.override("vi"):
        ledger = [
            LedgerLine(row.title, ", ".join(row.assignees), str(row.status), _result(row))
            for row in (queries.ledger(meeting) if meeting.kind == Kind.REGULAR else [])
        ]
    return ResolutionPaper(
        about=about(meeting),
        opening=f"{_day(meeting.unit, meeting.on).capitalize()}, {unit_name} họp tại {meeting.place}. "
        "Sau khi nghe báo cáo và thảo luận, chi bộ quyết nghị như sau:",
        convened=_convened(lines),
        counts=_counts(lines),
        duration=f"từ {_hour(meeting.opened_at)} đến {_hour(meeting.ended_at)}"
        + (f" ({minutes_held} phút)" if minutes_held else ""),
        chair=chair,
        chair_office=office,
        clerk=meeting.clerk.name if meeting.clerk else "",
        ledger=ledger,
        praise=_lines(resolution.praise),
        shortcomings=_lines(resolution.shortcomings),
        direction_heading=f"PHƯƠNG HƯỚNG, NHIỆM VỤ THÁNG {ahead.month} NĂM {ahead.year}"
        if meeting.kind == Kind.REGULAR
        else "PHƯƠNG HƯỚNG, NHIỆM VỤ",
        direction=_lines(resolution.direction),
        clauses=_clauses(meeting, resolution),
        score=_score_voted_on(meeting, vote),
        vote=f"Nghị quyết được {vote.in_favour}/{vote.base} đảng viên chính thức biểu quyết tán thành." if vote else "",
        recipients=[*above, "Các đồng chí đảng viên (để thực hiện)", "Lưu chi bộ"],
    )


def _score_voted_on(meeting: Meeting, vote: Vote | None) -> list[str]:
    """The score as far as it was before those who voted: one that was given later is no part of what they carried."""
    given_at = queries.scored_at(meeting)
    is_later = vote is not None and given_at is not None and given_at > vote.at
    return [] if is_later else scored(rules.Score.of(meeting.score))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
