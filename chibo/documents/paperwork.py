"""Printing: a Word template that an office can edit, filled in a sandbox; and the head that every paper has.

A template is a .docx file with docxtpl tags. It finds `head` (a Head) and `signature` (a Signature) besides what the
caller's context holds. The layout (05-HD/VPTW) is in the template's own styles. Those shipped in docx/ were made by
papers/make.py.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chibo.documents import rules
from chibo.org import queries as org
from chibo.org.models import Parentage, Unit, UnitName
from chibo.regulations import queries as regulations
from chibo.regulations.rules import InForce

LAYOUT = ("document.number.suffix", "document.number.digits", "document.signature", "document.day.zeros")
"""The regulations that say how a paper is headed, numbered and signed; who prints one reads them once."""

type Layout = Mapping[str, InForce]

_PLACE_KINDS = frozenset(("commune", "grassroots", "district", "province"))
_PLACE = re.compile(r"^(?:Đảng bộ )?(?:xã|phường|thị trấn|đặc khu|huyện|quận|thành phố|tỉnh) (.+)$", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a paper: superior and issuing body, `Số 05-BC/CB` (empty: no number yet), place and day."""

    superior: str
    issuer: str
    number: str
    place_and_day: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: for whom (T/M CHI BỘ), as what (BÍ THƯ), and the name."""

    for_whom: str
    office: str
    name: str


MINUTES = Path(__file__).parent / "docx" / "minutes.docx"
RESOLUTION = Path(__file__).parent / "docx" / "resolution.docx"
LETTER = Path(__file__).parent / "docx" / "letter.docx"
OFFICE = Path(__file__).parent / "docx" / "office.docx"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a status: `có mặt tại phòng họp`, 17."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Absentee:
    """Who missed the meeting or a part of it, and the status with its reason in words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What became of one task of the last resolution."""

    task: str
    who: str
    status: str
    result: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of minutes under its title; one string for each paragraph."""

    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One vote, with its result in words: `thông qua (18/20, cần 11)`."""

    subject: str
    base: int
    in_favour: int
    against: int
    abstained: int
    result: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """Who does what by when."""

    what: str
    who: str
    due: str


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A numbered clause; `who`, `due` and `reported` (at which session) are empty where it orders no task."""

    number: int
    text: str
    who: str = ""
    due: str = ""
    reported: str = ""


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """What docx/minutes.docx prints, under the name `paper`. Words are Vietnamese and ready to stand in a sentence.

    `about` is the line below BIÊN BẢN (`Họp chi bộ thường kỳ tháng 11 năm 2026`); `began` and `ended` are
    `19 giờ 30 phút, ngày 03 tháng 11 năm 2026`; `convened` counts all members (`22 đồng chí (chính thức 20, dự bị 2)`)
    and `counts` tells how they took part; `adopted` is the sentence that the minutes were read back and by how many
    adopted. Empty lists leave their heading out, so votes and tasks that `sections` tell already are not told twice.
    """

    about: str
    began: str
    place: str
    convened: str
    counts: Sequence[Count]
    absentees: Sequence[Absentee]
    guests: Sequence[str]
    chair: str
    chair_office: str
    clerk: str
    agenda: Sequence[str]
    ledger: Sequence[LedgerLine]
    sections: Sequence[Passage]
    votes: Sequence[VoteLine]
    tasks: Sequence[TaskLine]
    adopted: str
    ended: str


@dataclass(frozen=True, slots=True)
class ResolutionPaper:
    """What docx/resolution.docx prints, under the name `paper`; signed with the `signature` of the engine.

    `opening` is the first sentence (day, which cell, which session); `duration` is `từ 19 giờ 30 phút đến 21 giờ 20
    phút (110 phút)`; `direction_heading` names the month ahead in capitals; `vote` is the last sentence, with n/N.
    """

    about: str
    opening: str
    convened: str
    counts: Sequence[Count]
    duration: str
    chair: str
    chair_office: str
    clerk: str
    ledger: Sequence[LedgerLine]
    praise: Sequence[str]
    shortcomings: Sequence[str]
    direction_heading: str
    direction: Sequence[str]
    clauses: Sequence[ClauseLine]
    score: Sequence[str]
    vote: str
    recipients: Sequence[str]


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """What docx/letter.docx prints, under the name `paper`: a letter that introduces a member to another unit.

    `about` stands below the title; `to` names a unit with those above it; `facts` say who the member is, a line each;
    `sentence` what for and until when. Days are `ngày 03 tháng 02 năm 2026`; without a last `due` day it has no line.
    Its second page is the slip that the other unit sends back.
    """

    about: str
    to: str
    issuer: str
    name: str
    issued: str
    facts: Sequence[str]
    sentence: str
    due: str
    for_whom: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of a checklist with what was seen, or how often it was found wanting."""

    what: str
    answer: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What was found wanting, by when it is to be mended, and (later) what came of it."""

    text: str
    due: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class OfficePaper:
    """What docx/office.docx prints, under the name `paper`: a paper that the office of a committee completes.

    `title` (`QUYẾT ĐỊNH`) and `about` stand below the head; `opening` are the first paragraphs, `sections` follow.
    `asked` and `answered` are what the columns of the checklist are called. Empty lists leave their tables out. Signed
    at the right by `signs` (by nobody where it is empty), and at the left by `signs_too`; without one the left column
    names the `recipients`.
    """

    title: str
    about: str
    opening: Sequence[str]
    sections: Sequence[Passage]
    checklist: Sequence[CheckLine]
    answered: str
    asked: str
    findings: Sequence[FindingLine]
    closing: Sequence[str]
    recipients: Sequence[str]
    signs: str
    signs_too: str = ""


def superior(unit: Unit, on: date) -> str:
    """What the unit above one is called on a day; empty where there is none."""
    above = Parentage.objects.filter(unit=unit, during__contains=on).values_list("parent_id", flat=True).first()
    return org.name_on(above, on) if above else ""


def locality(unit: Unit, on: date) -> str:
    """The place that stands before the day on a paper: that of the nearest unit above that is one of the territory."""
    above = Unit.objects.ancestors_of(unit.pk, on).filter(kind__in=_PLACE_KINDS).exclude(pk=unit.pk)
    # The nearer a unit above stands, the higher is the rank of its kind.
    names = UnitName.objects.filter(unit__in=above, during__contains=on).order_by("-unit__kind__rank")
    return next((found[1] for name in names.values_list("name", flat=True) if (found := _PLACE.match(name))), "")


def head(unit: Unit, layout: Layout, *, on: date, place: str, number: str = "") -> Head:
    """The head of a unit's paper of a day, with the names of that day."""
    return Head(
        superior=superior(unit, on).upper(),
        issuer=org.name_on(unit.pk, on).upper(),
        number=f"Số {number}" if number else "",
        place_and_day=f"{place or '......'}, {rules.day_in_words(on, **layout['document.day.zeros'].value)}",
    )


def signature(layout: Layout, *, office: str, name: str) -> Signature:
    """The signature under a paper, in the form in force for it."""
    return Signature(layout["document.signature"].value, office.upper(), name)


def number_text(layout: Layout, *, kind: str, number: int) -> str:
    """`05-BC/CB`, as the rules in force write it."""
    digits, suffix = layout["document.number.digits"].value, layout["document.number.suffix"].value
    return rules.number_text(number, digits=digits, kind=kind, suffix=suffix)


def render(template: Path, context: Mapping[str, Any]) -> bytes:
    """The .docx that a template makes of a context. Whatever people typed is text in it, never a tag.

    A line break in a text is one on the paper. Raises jinja2.UndefinedError when the template asks for what the context
    does not hold.
    """
    paper = _Template(template)
    paper.render(dict(context), _environment())
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def in_slips(paper: bytes, first: str, last: str) -> bytes:
    """The same .docx, in which no slip is parted by a page: from a paragraph `first` to the next that reads `last`,
    however long the lines between them are. The title of the paper may read as `first`; it is no slip."""
    document = Document(io.BytesIO(paper))
    is_in = False
    for one in document.paragraphs[1 + next(n for n, p in enumerate(document.paragraphs) if p.text.strip() == first) :]:
        text = one.text.strip()
        is_in = text != last and (is_in or text == first)
        if is_in:
            one.paragraph_format.keep_with_next = one.paragraph_format.keep_together = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl ships no types
    """A template whose XML is made ready for its tags once: half of the work of printing, the same for each paper."""

    def patch_xml(self, src_xml: str) -> str:
        return _ready(src_xml)


@cache
def _ready(xml: str) -> str:
    return str(DocxTemplate.patch_xml(None, xml))  # it asks nothing of its template


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that remembers what it compiled: the same few templates are printed again and again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.compiled: dict[str, Template] = {}

    def from_string(self, source: Any, *args: Any, **facts: Any) -> Template:
        if source not in self.compiled:
            self.compiled[source] = super().from_string(source, *args, **facts)
        return self.compiled[source]


@cache
def _environment() -> _Sandbox:
    return _Sandbox(autoescape=True, undefined=StrictUndefined, finalize=_printable)


def _printable(value: Any) -> Any:
    """Drops the signs that XML forbids: they come with pasted text and would make a file that Word cannot open."""
    return _NOT_XML.sub("", value) if isinstance(value, str) else value


# What the office of a committee completes, numbers and signs


def committee(unit: Unit, on: date) -> str:
    """The committee of a unit by its name: `Đảng ủy xã Vĩnh Đồng`."""
    return org.name_on(unit.pk, on).replace("Đảng bộ", "Đảng ủy", 1)


def office_paper(title: str, about: str, opening: Sequence[str], **facts: object) -> OfficePaper:
    """A paper of a committee in which what is not named stays out."""
    given: dict[str, object] = {
        "sections": [],
        "checklist": [],
        "answered": "",
        "asked": "Nội dung",
        "findings": [],
        "closing": [],
        "recipients": [],
        "signs": "T/M ĐẢNG ỦY",
    }
    return OfficePaper(title, about, opening, **{**given, **facts})  # type: ignore[arg-type]  # facts of several types


def print_for_office(unit: Unit, on: date, sign: str, paper: OfficePaper, number: str = "") -> bytes:
    """The Word file of such a paper; `sign` is its kind (KH, TB), whose number the office writes in, unless the whole
    `number` is known. A cell heads it with its own name, any other unit with that of its committee."""
    layout = regulations.values(LAYOUT, unit, on)
    is_cell = unit.kind.holds_meetings
    suffix = layout["document.number.suffix"].value if is_cell else "ĐU"
    blank = f"......-{sign}/{suffix}" if sign else ""
    top = head(unit, layout, on=on, place=locality(unit, on), number=number or blank)
    issuer = org.name_on(unit.pk, on) if is_cell else committee(unit, on)
    return render(OFFICE, {"paper": paper, "head": replace(top, issuer=issuer.upper())})
