"""What the minutes of a meeting say, composed from what happened; in Vietnamese, since it is the cell's paper."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation

from chibo.meetings import queries
from chibo.meetings.models import Contribution, Meeting, Part, Vote
from chibo.meetings.rules import Nature, Outcome
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task

_NATURE = {Nature.PROPOSAL: " đề xuất", Nature.CRITICISM: " góp ý, phê bình", Nature.OPINION: ""}
_OUTCOME = {
    Outcome.POSTPONED: "Nội dung này được chuyển sang kỳ họp sau.",
    Outcome.UNFINISHED: "Nội dung này chưa xong.",
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
    result = "được thông qua" if vote.is_carried else "không được thông qua"
    return (
        f"– {vote.subject} ({how}): tán thành {vote.in_favour}/{vote.base}; không tán thành {vote.against}; "
        f"không có ý kiến {vote.abstained}. Cơ số tính tỷ lệ là {vote.base} đảng viên chính thức "
        f"(triệu tập {vote.convened}), cần ít nhất {needed} tán thành; {result}."
    )


def given(task: Task) -> str:
    """A task as it stands in minutes: who, what, by when."""
    names = ", ".join(f"đồng chí {one.person.name}" for one in task.assignees.all())
    due = f"; hoàn thành trước hoặc trong ngày {task.due_on:%d/%m/%Y}" if task.due_on else ""
    expected = f"; kết quả cần đạt: {task.expected}" if task.expected else ""
    return f"– Giao {names}: {task.title}{expected}{due}."


def _ledger_lines(meeting: Meeting) -> list[str]:
    with translation.override("vi"):
        return [
            f"– {row.title}: {str(row.status).lower()}" + (f"; {row.result}" if row.result else "")
            for row in queries.ledger(meeting)
        ]


def _part_text(meeting: Meeting, part: Part, lines: Iterable[Contribution], votes: Iterable[Vote]) -> str:
    text = []
    if part.holds == "ledger":
        text += _ledger_lines(meeting) or ["Không có nhiệm vụ nào của kỳ trước."]
    if part.holds == "roll_call":
        text.append("Điểm danh như phần thành phần tham dự.")
    if part.is_prepared and part.owner and part.holds != "resolution":
        text.append(f"Đồng chí {part.owner.name} trình bày.")
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
    sections = []
    for part in queries.parts(meeting):
        if part.holds == "conclusions":
            text = meeting.conclusion
        elif part.holds == "lessons":
            text = meeting.lessons
        elif part.holds == "tasks":
            text = "\n".join(given(task) for task in tasks.of_origin([meeting.pk]))
        else:
            text = _part_text(meeting, part, said_to[part.pk], voted_on[part.pk])
        if text.strip():
            sections.append(Section(str(part.pk), part.title, text.strip()))
    if voted_on[None]:
        sections.append(Section("votes", "Biểu quyết", "\n".join(voted(vote) for vote in voted_on[None])))
    return sections
