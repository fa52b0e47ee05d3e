"""Papers are numbered without gap or double, and look as the layout in force says."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import jinja2
import pytest
from django.db import connection, transaction
from docx import Document
from docx.shared import Length, Mm, Pt
from hypothesis import given
from hypothesis import strategies as st

from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, Refused
from chibo.documents import actions, paperwork, rules
from chibo.documents.models import File, Paper
from chibo.documents.tests import example
from chibo.org import actions as org
from chibo.regulations import actions as regulations
from chibo.regulations import rules as values
from chibo.testing.cast import NOW, Cast

HEAD = paperwork.Head(
    "ĐẢNG BỘ XÃ VĨNH ĐỒNG", "CHI BỘ XÓM NÀ PHÒN", "Số 11-NQ/CB", "Vĩnh Đồng, ngày 03 tháng 11 năm 2026"
)
SIGNATURE = paperwork.Signature("T/M CHI BỘ", "BÍ THƯ", "Bùi Văn Thưởng")
TEMPLATES = {"minutes": paperwork.MINUTES, "resolution": paperwork.RESOLUTION}


def issue(
    cast: Cast, *, kind: str = "NQ", term: str = "2025–2030", actor: Actor | None = None, **facts: object
) -> Paper:
    given_facts: dict[str, object] = {
        "actor": actor or cast.secretary,
        "capability": Capability.ISSUE_RESOLUTION,
        "unit_id": cast.na_phon.pk,
        "kind": kind,
        "term": term,
        "title": "Nghị quyết tháng 11 năm 2026",
        "issued_on": date(2026, 2, 3),
        "place": "Vĩnh Đồng",
        "template": paperwork.RESOLUTION,
        "context": {"paper": example.RESOLUTION},
        "signed_by": "Bùi Văn Thưởng",
        "signed_as": "Bí thư",
        "origin": cast.na_phon,
        "at": cast.at,
    }
    return actions.issue_paper(**{**given_facts, **facts})  # type: ignore[arg-type]  # facts of several types


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "paper.docx"
    path.write_bytes(content)
    paper = Document(str(path))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


# Numbers


def test_numbers_count_from_one_for_each_kind_and_term(cast: Cast) -> None:
    numbers = [issue(cast).number_text for _ in range(2)]
    numbers.append(issue(cast, kind="BC").number_text)
    numbers.append(issue(cast, term="2030–2035").number_text)
    assert numbers == ["01-NQ/CB", "02-NQ/CB", "01-BC/CB", "01-NQ/CB"]


def test_an_issue_that_failed_gives_its_number_back(cast: Cast) -> None:
    issue(cast)
    with transaction.atomic():
        issue(cast)
        transaction.set_rollback(True)
    assert issue(cast).number == 2
    assert Paper.objects.count() == File.objects.count() == 2


def test_papers_issued_at_once_get_different_numbers_without_a_gap(committed: None) -> None:
    cast = Cast(at=NOW)
    together = Barrier(4)

    def one(_: int) -> int:
        together.wait(10)
        try:
            return issue(cast).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == [1, 2, 3, 4]


@given(st.integers(1, 10**6), st.integers(1, 4))
def test_a_number_reads_back_as_it_was(number: int, digits: int) -> None:
    text = rules.number_text(number, digits=digits, kind="BC", suffix="CB")
    assert int(text.partition("-")[0]) == number
    assert len(text.partition("-")[0]) >= digits


def test_a_committee_may_use_its_own_sign_and_signature(cast: Cast, tmp_path: Path) -> None:
    for key, value in (("document.number.suffix", "CBNP"), ("document.signature", "T/M CHI ỦY")):
        regulations.set_value(
            actor=SYSTEM,
            unit_id=cast.vinh_dong.pk,
            key=key,
            value=value,
            during=Period(date(2026, 1, 1)),
            source="Công văn số 3-CV/ĐU",
            at=cast.at,
        )
    paper = issue(cast)
    assert paper.number_text == "01-NQ/CBNP"
    assert "T/M CHI ỦY" in text_of(paper.file.read(), tmp_path)


# Issuing


def test_a_paper_is_kept_as_it_was_issued_and_the_audit_says_so(cast: Cast, tmp_path: Path) -> None:
    paper = issue(cast)
    assert paper.file.name == "01-NQ-CB Nghị quyết tháng 11 năm 2026.docx"
    assert paper.file.seen_with == Capability.SEE_PROCEEDINGS
    assert (paper.origin_kind, paper.origin_id) == ("org.unit", cast.na_phon.pk)
    assert Entry.objects.get(verb=Verb.PAPER_ISSUED, object_id=paper.pk).facts["number"] == "01-NQ/CB"
    text = text_of(paper.file.read(), tmp_path)
    for words in (
        "ĐẢNG BỘ XÃ VĨNH ĐỒNG",
        "CHI BỘ XÓM NÀ PHÒN",
        "Số 01-NQ/CB",
        "Vĩnh Đồng, ngày 03 tháng 02 năm 2026",
        "T/M CHI BỘ\nBÍ THƯ\nBùi Văn Thưởng",
    ):
        assert words in text


def test_a_paper_carries_the_names_of_its_day(cast: Cast, tmp_path: Path) -> None:
    org.rename_unit(
        actor=SYSTEM, unit_id=cast.na_phon.pk, name="Chi bộ xóm Phòn Mới", since=date(2026, 6, 1), at=cast.at
    )
    assert "CHI BỘ XÓM NÀ PHÒN" in text_of(issue(cast).file.read(), tmp_path)
    after = issue(cast, issued_on=date(2026, 6, 3))
    assert "CHI BỘ XÓM PHÒN MỚI" in text_of(after.file.read(), tmp_path)


def test_only_who_may_issues(cast: Cast) -> None:
    for who in (cast.member, cast.neighbour, cast.officer):
        with pytest.raises(Forbidden):
            issue(cast, actor=who)
    assert not Paper.objects.exists()


def test_a_cell_issues_no_directive(cast: Cast) -> None:
    with pytest.raises(Refused, match="kind CT"):
        issue(cast, kind="CT")


def test_a_paper_marked_secret_is_not_issued_and_takes_no_number(cast: Cast) -> None:
    with pytest.raises(Refused, match="state secret"):
        issue(cast, title="Kế hoạch (Mật)")
    with pytest.raises(Refused, match="state secret"):
        issue(cast, context={"paper": _with(example.RESOLUTION, direction=["Triển khai kế hoạch", "TỐI MẬT"])})
    assert issue(cast).number == 1


def test_days_below_ten_and_the_first_two_months_have_a_leading_nought() -> None:
    zeros = {"days_below": 10, "months_up_to": 2}
    assert rules.day_in_words(date(2026, 2, 3), **zeros) == "ngày 03 tháng 02 năm 2026"
    assert rules.day_in_words(date(2026, 3, 10), **zeros) == "ngày 10 tháng 3 năm 2026"
    assert rules.day_in_words(date(2026, 12, 9), **zeros) == "ngày 09 tháng 12 năm 2026"


# Printing


def test_what_people_type_is_text_and_never_a_tag(tmp_path: Path) -> None:
    typed = "{{ 7 * 7 }} {% for x in y %} <b>&amp;</b> 5 < 6\x0b\x00 'và' \"thế\""
    content = paperwork.render(
        paperwork.RESOLUTION,
        {"head": HEAD, "signature": SIGNATURE, "paper": _with(example.RESOLUTION, vote=typed)},
    )
    assert "{{ 7 * 7 }} {% for x in y %} <b>&amp;</b> 5 < 6 'và' \"thế\"" in text_of(content, tmp_path)


def test_a_template_reaches_nothing_but_its_context(tmp_path: Path) -> None:
    for n, tag in enumerate(("{{ paper.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ paper.items.clear() }}")):
        path = tmp_path / f"{n}.docx"
        template = Document()
        template.add_paragraph(tag)
        template.save(str(path))
        with pytest.raises(jinja2.TemplateError):
            paperwork.render(path, {"paper": {"items": [1]}})


def test_a_template_that_asks_for_what_is_not_there_says_so(tmp_path: Path) -> None:
    template = Document()
    template.add_paragraph("{{ paper.praised_by }}")
    template.save(str(tmp_path / "score.docx"))
    with pytest.raises(jinja2.UndefinedError, match="praised_by"):
        paperwork.render(tmp_path / "score.docx", {"paper": example.RESOLUTION})


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_carries_the_layout_in_force(name: str) -> None:
    layout = values.key("document.layout").shipped("cell", date(2026, 11, 3))
    assert layout
    facts = layout.value
    template = Document(str(TEMPLATES[name]))
    section, body = template.sections[0], template.styles["Normal"]
    assert facts["paper"] == "A4"
    assert _mm(section.page_width, section.page_height) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert _mm(*margins) == (facts["top"], facts["bottom"], facts["left"], facts["right"])
    assert (body.font.name, body.font.size) == (facts["font"], Pt(facts["size"]))
    form = body.paragraph_format
    assert Pt(facts["line_least"]) <= form.line_spacing <= Pt(facts["line_most"])
    assert form.space_after == Pt(facts["gap"])
    assert abs(form.first_line_indent - Mm(facts["indent"])) < Mm(0.2)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice shows what Word would")
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_vietnamese_letter_is_printed_in_one_family_of_fonts(name: str, tmp_path: Path) -> None:
    paper = (
        example.MINUTES
        if name == "minutes"
        else _with(example.RESOLUTION, direction=[*example.RESOLUTION.direction, example.LETTERS])
    )
    content = paperwork.render(TEMPLATES[name], {"head": HEAD, "signature": SIGNATURE, "paper": paper})
    (tmp_path / "paper.docx").write_bytes(content)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    _run("soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx"))
    fonts = {
        line.split()[0].partition("+")[2].partition("-")[0]
        for line in _run("pdffonts", str(tmp_path / "paper.pdf")).splitlines()[2:]
    }
    assert fonts in ({"LiberationSerif"}, {"Tinos"}, {"TimesNewRomanPSMT"}), fonts
    text = _run("pdftotext", "-layout", str(tmp_path / "paper.pdf"), "-")
    assert set(example.LETTERS) <= set(text) | {" "}
    flat = " ".join(text.split())
    for words in ("Số 11-NQ/CB", "ĐẢNG CỘNG SẢN VIỆT NAM", "I. ", "II. ", "Bùi Thị Ngoằn", "Quá hạn", "Nhiệm vụ"):
        assert words in flat
    pages = text.split("\f")
    assert pages[0].split()[0] != "1"
    assert pages[1].split()[0] == "2"
    assert max(len(line) for line in text.splitlines()) < 200


def test_minutes_hold_all_that_minutes_must_hold(tmp_path: Path) -> None:
    text = text_of(paperwork.render(paperwork.MINUTES, {"head": HEAD, "paper": example.MINUTES}), tmp_path)
    minutes = example.MINUTES
    expected = [minutes.began, minutes.place, minutes.convened, minutes.chair, minutes.clerk, minutes.adopted]
    expected += [minutes.ended, minutes.about, *minutes.guests, *minutes.agenda]
    expected += [f"{one.words}: {one.number} đồng chí" for one in minutes.counts]
    expected += [f"{one.name}: {one.reason}" for one in minutes.absentees]
    expected += [word for one in minutes.ledger for word in (one.task, one.who, one.status, one.result)]
    expected += [line for one in minutes.sections for line in (one.title, *one.paragraphs)]
    expected += [word for one in minutes.votes for word in (one.subject, str(one.base), one.result)]
    expected += [word for one in minutes.tasks for word in (one.what, one.who, one.due)]
    assert [words for words in expected if words not in text] == []
    assert text.index("THƯ KÝ") < text.index("CHỦ TRÌ")


def test_a_resolution_holds_all_that_a_resolution_must_hold(tmp_path: Path) -> None:
    content = paperwork.render(
        paperwork.RESOLUTION, {"head": HEAD, "signature": SIGNATURE, "paper": example.RESOLUTION}
    )
    text = text_of(content, tmp_path)
    paper = example.RESOLUTION
    expected = [paper.opening, paper.convened, paper.duration, paper.chair, paper.clerk, paper.vote]
    expected += [f"{one.words.lower()} {one.number}" for one in paper.counts]
    expected += [*paper.praise, *paper.shortcomings, paper.direction_heading, *paper.direction, *paper.recipients]
    expected += [word for one in paper.ledger for word in (one.task, one.who, one.status, one.result)]
    expected += [
        word for one in paper.clauses for word in (f"{one.number}. {one.text}", one.who, one.due, one.reported)
    ]
    assert [words for words in expected if words not in text] == []


def test_what_a_month_did_not_have_leaves_no_heading(tmp_path: Path) -> None:
    bare = _with(example.MINUTES, ledger=[], votes=[], tasks=[], guests=[], absentees=[], agenda=[])
    text = text_of(paperwork.render(paperwork.MINUTES, {"head": HEAD, "paper": bare}), tmp_path)
    for words in ("KỲ TRƯỚC", "BIỂU QUYẾT", "NHIỆM VỤ ĐƯỢC GIAO", "Đại biểu", "CHƯƠNG TRÌNH", "Vắng mặt"):
        assert words not in text
    first = _with(example.RESOLUTION, ledger=[], praise=[], shortcomings=[], direction=[])
    content = paperwork.render(paperwork.RESOLUTION, {"head": HEAD, "signature": SIGNATURE, "paper": first})
    assert "KỲ TRƯỚC" not in text_of(content, tmp_path)


def _with[T](thing: T, **changed: object) -> T:
    from dataclasses import replace

    return replace(thing, **changed)  # type: ignore[type-var]  # any dataclass


def _mm(*lengths: Length | None) -> tuple[int, ...]:
    return tuple(round(length.mm) for length in lengths if length is not None)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=180).stdout  # noqa: S603  # a fixed command
