"""Makes the Word templates of minutes, resolution, letter and papers of an office: `python papers/make.py`.

The result is committed (chibo/documents/docx) and is what counts: an office may edit it in Word, and nothing of this
script runs with the product. Run it again to change the layout of all templates at once. The layout is that of
05-HD/VPTW, as `document.layout` in chibo/regulations/values/document.yaml says it; a test holds the two equal.
"""

from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

OUT = Path(__file__).parent.parent / "chibo" / "documents" / "docx"
FONT = "Times New Roman"
BODY = Pt(14)
WIDTH = 165  # mm of text: 210 less the margins of 30 and 15

KEPT = {
    *("Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid"),
    *("Heading1", "Heading2", "ListNumber", "Header"),
    *("Paperhead", "Papertitle", "Papercell", "Paperrecipients", "Papersignature"),
}

NUMBERING = f"""
<w:abstractNum {nsdecls("w")} w:abstractNumId="90">
  <w:multiLevelType w:val="multilevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:pStyle w:val="Heading1"/>
    <w:suff w:val="space"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading2"/>
    <w:suff w:val="space"/><w:lvlText w:val="%2."/><w:lvlJc w:val="left"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlRestart w:val="1"/>
    <w:pStyle w:val="ListNumber"/><w:suff w:val="space"/><w:lvlText w:val="%3."/><w:lvlJc w:val="left"/></w:lvl>
</w:abstractNum>"""


def new(title: str) -> Paper:
    """An empty paper with the page, the styles and the page numbers of the layout."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    _styles(paper)
    _slim(paper)
    made = paper.core_properties
    made.title, made.author, made.comments, made.language = title, "chibo", "", "vi-VN"
    made.created = made.modified = datetime(2026, 11, 1, tzinfo=UTC)
    made.last_modified_by, made.revision = "chibo", 1
    return paper


def _styles(paper: Paper) -> None:
    numbering = paper.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING))
    number = numbering.add_num(90).numId
    defaults = paper.styles.element.find(qn("w:docDefaults")).find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for lang in defaults.iter(qn("w:lang")):
        lang.set(qn("w:val"), "vi-VN")

    body = _style(paper, "Normal", align=WD_ALIGN_PARAGRAPH.JUSTIFY, line=20, after=6, indent=10)
    body.paragraph_format.widow_control = True
    _style(paper, "Heading 1", bold=True, line=20, before=6, after=6, indent=10, number=(number, 0), keep=True)
    _style(paper, "Heading 2", bold=True, line=20, after=6, indent=10, number=(number, 1), keep=True)
    _style(paper, "List Number", align=WD_ALIGN_PARAGRAPH.JUSTIFY, line=20, after=6, indent=10, number=(number, 2))
    _style(paper, "Header", align=WD_ALIGN_PARAGRAPH.CENTER, line=18)
    _style(paper, "Paper head", align=WD_ALIGN_PARAGRAPH.CENTER, line=18)
    _style(paper, "Paper title", align=WD_ALIGN_PARAGRAPH.CENTER, bold=True, line=20, keep=True)
    _style(paper, "Paper cell", line=18, before=2, after=2, size=13)
    _style(paper, "Paper recipients", line=18, size=12)
    _style(paper, "Paper signature", align=WD_ALIGN_PARAGRAPH.CENTER, line=20, keep=True)


def _slim(paper: Paper) -> None:
    """Drops what the library's own template brings and no paper uses: styles (twice), lists, a picture, a data part."""
    for style in list(paper.styles.element.iter(qn("w:style"))):
        if style.get(qn("w:styleId")) not in KEPT:
            style.getparent().remove(style)
    numbering = paper.part.numbering_part.element
    for tag, key in (("w:abstractNum", "w:abstractNumId"), ("w:num", "w:abstractNumId")):
        for one in list(numbering.iter(qn(tag))):
            number = one.get(qn(key)) if tag == "w:abstractNum" else one.find(qn(key)).get(qn("w:val"))
            if number != "90":
                numbering.remove(one)
    for rels in (paper.part.package.rels, paper.part.rels):
        for name, related in list(rels.items()):
            if related.reltype.endswith(("/thumbnail", "/stylesWithEffects", "/customXml")):
                rels.pop(name)


def _style(
    paper: Paper,
    name: str,
    *,
    line: int,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    bold: bool = False,
    size: float = 14,
    before: int = 0,
    after: int = 0,
    indent: int = 0,
    number: tuple[int, int] | None = None,
    keep: bool = False,
) -> ParagraphStyle:
    names = {style.name for style in paper.styles}
    style: ParagraphStyle = (
        paper.styles[name] if name in names else paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    if name != "Normal":
        style.base_style = paper.styles["Normal"]
        style.next_paragraph_style = paper.styles["Normal"] if name.startswith("Heading") else style
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[theme]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    form = style.paragraph_format
    form.alignment, form.line_spacing_rule, form.line_spacing = align, WD_LINE_SPACING.EXACTLY, Pt(line)
    form.space_before, form.space_after, form.first_line_indent = Pt(before), Pt(after), Mm(indent)
    form.left_indent, form.keep_with_next = Mm(0), keep
    old = style.element.pPr.find(qn("w:numPr"))
    if old is not None:
        style.element.pPr.remove(old)
    if number:
        properties = style.element.pPr.get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = number[1], number[0]
    contextual = style.element.pPr.find(qn("w:contextualSpacing"))
    if contextual is not None:
        style.element.pPr.remove(contextual)
    return style


def _page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)


# Pieces


def _write(
    paragraph: Paragraph, text: str, *, bold: bool | None = None, italic: bool | None = None, size: float | None = None
) -> Paragraph:
    """Adds a run; `**words**` at the start of a text are bold."""
    if text.startswith("**"):
        label, text = text[2:].split("**", 1)
        paragraph.add_run(label).bold = True
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size) if size else None
    if paragraph.text.endswith(":"):
        paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _rule(paragraph: Paragraph) -> None:
    """A line below a paragraph, as long as the paragraph is wide."""
    edge = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{key}"), value)
    edge.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        edge, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def _grid(paper: Paper, widths: list[int], *, style: str | None = None) -> Table:
    """A table of one row whose columns are so many mm wide."""
    table: Table = paper.add_table(1, len(widths), style=style)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _cell(cell: _Cell, *lines: tuple[str, dict[str, object]], style: str) -> list[Paragraph]:
    paragraphs = []
    for n, (text, look) in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.style = style
        paragraphs.append(_write(paragraph, text, **look))  # type: ignore[arg-type]
    return paragraphs


def head(paper: Paper, title: str) -> None:
    """Superior and issuing body at the left, the Party's name at the right, the title below."""
    left, right = _grid(paper, [75, 90]).rows[0].cells
    bold: dict[str, object] = {"bold": True}
    _cell(
        left,
        ("{{ head.superior }}", {}),
        ("{{ head.issuer }}", bold),
        ("*", {}),
        ("{{ head.number }}", {}),
        style="Paper head",
    )
    name, day = _cell(
        right, ("ĐẢNG CỘNG SẢN VIỆT NAM", bold), ("{{ head.place_and_day }}", {"italic": True}), style="Paper head"
    )
    name.paragraph_format.left_indent = name.paragraph_format.right_indent = Mm(9)
    _rule(name)
    day.paragraph_format.space_before = Pt(6)
    above = paper.add_paragraph(style="Paper title")
    above.paragraph_format.space_before = Pt(12)
    _write(above, title, size=16)
    _write(paper.add_paragraph(style="Paper title"), "{{ paper.about }}")
    dashes = paper.add_paragraph("-----", style="Paper title")
    dashes.paragraph_format.space_after = Pt(10)


def heading(paper: Paper, text: str) -> None:
    paper.add_paragraph(text, style="Heading 1")


def item(paper: Paper, text: str) -> None:
    _write(paper.add_paragraph(style="List Number"), text)


def body(paper: Paper, text: str) -> None:
    _write(paper.add_paragraph(), text)


def tag(paper: Paper, text: str) -> None:
    """A paragraph that holds only a tag, and is gone from the paper."""
    paper.add_paragraph("{%p " + text + " %}")


def each(paper: Paper, name: str, of: str, text: str) -> None:
    """A paragraph for each thing of a list."""
    tag(paper, f"for {name} in {of}")
    body(paper, text)
    tag(paper, "endfor")


def rows(paper: Paper, name: str, of: str, columns: list[tuple[str, int, str]]) -> None:
    """A table with a row for each thing of a list; its heading is repeated on each page and no row is torn apart."""
    table = _grid(paper, [width for _, width, _ in columns], style="Table Grid")
    for cell, (label, _, _) in zip(table.rows[0].cells, columns, strict=True):
        (paragraph,) = _cell(cell, (label, {"bold": True}), style="Paper cell")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for text in (f"for {name} in {of}", "", "endfor"):
        row: _Row = table.add_row()  # type: ignore[no-untyped-call]
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if text:
            row.cells[0].paragraphs[0].add_run("{%tr " + text + " %}")
            continue
        for cell, (label, _, content) in zip(row.cells, columns, strict=True):
            (paragraph,) = _cell(cell, (content, {}), style="Paper cell")
            if label in COUNTS:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    after = paper.add_paragraph(style="Paper cell")
    after.paragraph_format.line_spacing = Pt(6)


def signatures(paper: Paper, left: list[tuple[str, str]], right: list[tuple[str, str]]) -> None:
    """Two columns at the foot, on one page with the line above them; each line with its look."""
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    table = _grid(paper, [82, 83])
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, lines in zip(row.cells, (left, right), strict=True):
        for n, (text, look) in enumerate(lines):
            paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
            paragraph.style = "Paper recipients" if look in ("note", "tag", "label") else "Paper signature"
            run = paragraph.add_run(text)
            run.bold = look == "bold" or None
            run.italic = look == "italic" or None
            if look == "label":
                run.underline, run.font.size = True, BODY
            if n == 0:
                paragraph.paragraph_format.space_before = Pt(8)
            if look == "gap":
                paragraph.paragraph_format.space_before = Pt(64)
                run.bold = True


COUNTS = {"TT", "Cơ số", "Tán thành", "Không tán thành", "Không có ý kiến"}
LEDGER = [
    ("TT", 11, "{{ loop.index }}"),
    ("Nhiệm vụ", 54, "{{ one.task }}"),
    ("Người thực hiện", 36, "{{ one.who }}"),
    ("Tình trạng", 26, "{{ one.status }}"),
    ("Kết quả", 38, "{{ one.result }}"),
]


def minutes() -> Paper:
    paper = new("Biên bản họp chi bộ")
    head(paper, "BIÊN BẢN")
    heading(paper, "THỜI GIAN, ĐỊA ĐIỂM")
    item(paper, "**Thời gian bắt đầu:** {{ paper.began }}.")
    item(paper, "**Địa điểm:** {{ paper.place }}.")
    heading(paper, "THÀNH PHẦN")
    item(paper, "**Đảng viên của chi bộ:** {{ paper.convened }}, gồm:")
    each(paper, "one", "paper.counts", "– {{ one.words }}: {{ one.number }} đồng chí.")
    tag(paper, "if paper.absentees")
    item(paper, "**Vắng mặt, đến muộn, về sớm:**")
    each(paper, "one", "paper.absentees", "– Đồng chí {{ one.name }}: {{ one.reason }}.")
    tag(paper, "endif")
    tag(paper, "if paper.guests")
    item(paper, "**Đại biểu dự họp:**")
    each(paper, "one", "paper.guests", "– {{ one }}.")
    tag(paper, "endif")
    item(paper, "**Chủ trì:** đồng chí {{ paper.chair }}, {{ paper.chair_office }}.")
    item(paper, "**Thư ký:** đồng chí {{ paper.clerk }}.")
    tag(paper, "if paper.agenda")
    heading(paper, "CHƯƠNG TRÌNH")
    tag(paper, "for one in paper.agenda")
    item(paper, "{{ one }}.")
    tag(paper, "endfor")
    tag(paper, "endif")
    tag(paper, "if paper.ledger")
    heading(paper, "KẾT QUẢ THỰC HIỆN NHIỆM VỤ KỲ TRƯỚC")
    rows(paper, "one", "paper.ledger", LEDGER)
    tag(paper, "endif")
    heading(paper, "DIỄN BIẾN CUỘC HỌP")
    tag(paper, "for section in paper.sections")
    paper.add_paragraph("{{ section.title }}", style="Heading 2")
    each(paper, "line", "section.paragraphs", "{{ line }}")
    tag(paper, "endfor")
    tag(paper, "if paper.votes")
    heading(paper, "BIỂU QUYẾT")
    rows(
        paper,
        "one",
        "paper.votes",
        [
            ("Nội dung", 55, "{{ one.subject }}"),
            ("Cơ số", 16, "{{ one.base }}"),
            ("Tán thành", 20, "{{ one.in_favour }}"),
            ("Không tán thành", 22, "{{ one.against }}"),
            ("Không có ý kiến", 22, "{{ one.abstained }}"),
            ("Kết quả", 30, "{{ one.result }}"),
        ],
    )
    tag(paper, "endif")
    tag(paper, "if paper.tasks")
    heading(paper, "NHIỆM VỤ ĐƯỢC GIAO")
    rows(
        paper,
        "one",
        "paper.tasks",
        [
            ("TT", 11, "{{ loop.index }}"),
            ("Nhiệm vụ, kết quả cần đạt", 80, "{{ one.what }}"),
            ("Người thực hiện", 44, "{{ one.who }}"),
            ("Thời hạn", 30, "{{ one.due }}"),
        ],
    )
    tag(paper, "endif")
    heading(paper, "KẾT THÚC")
    body(paper, "{{ paper.adopted }}")
    body(paper, "Cuộc họp kết thúc vào hồi {{ paper.ended }}.")
    signatures(
        paper,
        [("THƯ KÝ", "bold"), ("(ký, ghi rõ họ tên)", "italic"), ("{{ paper.clerk }}", "gap")],
        [("CHỦ TRÌ", "bold"), ("(ký, ghi rõ họ tên)", "italic"), ("{{ paper.chair }}", "gap")],
    )
    return paper


def resolution() -> Paper:
    paper = new("Nghị quyết của chi bộ")
    head(paper, "NGHỊ QUYẾT")
    body(paper, "{{ paper.opening }}")
    one = "{{ one.words|lower }} {{ one.number }}{{ '.' if loop.last else '; ' }}"
    counts = "{% for one in paper.counts %}" + one + "{% endfor %}"
    body(paper, "Đảng viên của chi bộ: {{ paper.convened }}, gồm: " + counts)
    body(
        paper,
        "Thời lượng: {{ paper.duration }}. Chủ trì: đồng chí {{ paper.chair }}, {{ paper.chair_office }}. "
        "Thư ký: đồng chí {{ paper.clerk }}.",
    )
    tag(paper, "if paper.ledger or paper.praise or paper.shortcomings")
    heading(paper, "KẾT QUẢ THỰC HIỆN NGHỊ QUYẾT KỲ TRƯỚC")
    tag(paper, "if paper.ledger")
    rows(paper, "one", "paper.ledger", LEDGER)
    tag(paper, "endif")
    for title, of in (("Ưu điểm, biểu dương:", "praise"), ("Hạn chế, khuyết điểm và nguyên nhân:", "shortcomings")):
        tag(paper, f"if paper.{of}")
        body(paper, f"**{title}**")
        each(paper, "line", f"paper.{of}", "{{ line }}")
        tag(paper, "endif")
    tag(paper, "endif")
    tag(paper, "if paper.direction")
    heading(paper, "{{ paper.direction_heading }}")
    each(paper, "line", "paper.direction", "{{ line }}")
    tag(paper, "endif")
    tag(paper, "if paper.clauses")
    heading(paper, "TỔ CHỨC THỰC HIỆN")
    tag(paper, "for one in paper.clauses")
    body(paper, "**{{ one.number }}.** {{ one.text }}")
    tag(paper, "if one.who")
    body(paper, "– Người thực hiện: {{ one.who }}; thời hạn: {{ one.due }}; báo cáo kết quả tại {{ one.reported }}.")
    tag(paper, "endif")
    tag(paper, "endfor")
    tag(paper, "endif")
    tag(paper, "if paper.score")
    heading(paper, "CHẤM ĐIỂM, XẾP LOẠI BUỔI SINH HOẠT")
    each(paper, "line", "paper.score", "{{ line }}")
    tag(paper, "endif")
    body(paper, "{{ paper.vote }}")
    signatures(
        paper,
        [
            ("Nơi nhận:", "label"),
            ("{%p for one in paper.recipients %}", "tag"),
            ("- {{ one }}{{ '.' if loop.last else ',' }}", "note"),
            ("{%p endfor %}", "tag"),
        ],
        [("{{ signature.for_whom }}", "bold"), ("{{ signature.office }}", "bold"), ("{{ signature.name }}", "gap")],
    )
    return paper


def letter() -> Paper:
    paper = new("Giấy giới thiệu chuyển sinh hoạt đảng")
    head(paper, "GIẤY GIỚI THIỆU")
    to = paper.add_paragraph(style="Paper head")
    to.paragraph_format.space_after = Pt(10)
    _write(to, "Kính gửi: {{ paper.to }}")
    body(paper, "{{ paper.issuer }} giới thiệu đồng chí:")
    each(paper, "one", "paper.facts", "– {{ one }}.")
    body(paper, "{{ paper.sentence }}")
    tag(paper, "if paper.due")
    body(paper, "Giấy giới thiệu được nộp cho nơi đến chậm nhất vào {{ paper.due }}.")
    tag(paper, "endif")
    body(paper, "Đề nghị các đồng chí tiếp nhận và báo lại cho nơi giới thiệu.")
    signatures(
        paper,
        [
            ("Nơi nhận:", "label"),
            ("- Như trên,", "note"),
            ("- Đồng chí {{ paper.name }},", "note"),
            ("- Lưu.", "note"),
        ],
        [("{{ paper.for_whom }}", "bold"), ("(ký, ghi rõ họ tên, đóng dấu)", "italic"), ("", "gap")],
    )
    # The slip goes back by itself: a page of its own.
    slip = paper.add_paragraph(style="Paper title")
    slip.paragraph_format.page_break_before = True
    _write(slip, "PHIẾU BÁO TIẾP NHẬN", size=16)
    back = paper.add_paragraph(style="Paper head")
    back.paragraph_format.space_after = Pt(10)
    _write(back, "Gửi lại: {{ paper.issuer }}")
    body(paper, "{{ paper.to }} nhận được giấy giới thiệu {{ head.number|replace('Số', 'số') }}, {{ paper.issued }}.")
    body(paper, "Đồng chí {{ paper.name }} sinh hoạt tại đây từ ngày ..... tháng ..... năm .........")
    signatures(paper, [("", "note")], [("NƠI TIẾP NHẬN", "bold"), ("(ký, ghi rõ họ tên)", "italic"), ("", "gap")])
    return paper


def office() -> Paper:
    """A paper that the office of a committee completes: they differ in title, text and which tables they have."""
    paper = new("Văn bản của cấp ủy")
    head(paper, "{{ paper.title }}")
    each(paper, "one", "paper.opening", "{{ one }}")
    tag(paper, "for section in paper.sections")
    tag(paper, "if section.title")
    heading(paper, "{{ section.title }}")
    tag(paper, "endif")
    each(paper, "line", "section.paragraphs", "{{ line }}")
    tag(paper, "endfor")
    tag(paper, "if paper.checklist")
    rows(
        paper,
        "one",
        "paper.checklist",
        [
            ("TT", 11, "{{ loop.index }}"),
            ("{{ paper.asked }}", 109, "{{ one.what }}"),
            ("{{ paper.answered }}", 45, "{{ one.answer }}"),
        ],
    )
    tag(paper, "endif")
    tag(paper, "if paper.findings")
    heading(paper, "NỘI DUNG PHẢI KHẮC PHỤC")
    rows(
        paper,
        "one",
        "paper.findings",
        [
            ("TT", 11, "{{ loop.index }}"),
            ("Thiếu sót", 69, "{{ one.text }}"),
            ("Thời hạn", 30, "{{ one.due }}"),
            ("Kết quả khắc phục", 55, "{{ one.result }}"),
        ],
    )
    tag(paper, "endif")
    each(paper, "one", "paper.closing", "{{ one }}")
    paper.paragraphs[-2].paragraph_format.keep_with_next = True
    tag(paper, "if paper.signs")
    signatures(
        paper,
        [
            ("{%p if paper.signs_too %}", "tag"),
            ("{{ paper.signs_too }}", "bold"),
            ("(ký, ghi rõ họ tên)", "italic"),
            ("{%p else %}", "tag"),
            ("Nơi nhận:", "label"),
            ("{%p for one in paper.recipients %}", "tag"),
            ("- {{ one }}{{ '.' if loop.last else ',' }}", "note"),
            ("{%p endfor %}", "tag"),
            ("{%p endif %}", "tag"),
        ],
        [("{{ paper.signs }}", "bold"), ("(ký, ghi rõ họ tên)", "italic"), ("", "gap")],
    )
    tag(paper, "endif")
    return paper


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    minutes().save(str(OUT / "minutes.docx"))
    resolution().save(str(OUT / "resolution.docx"))
    letter().save(str(OUT / "letter.docx"))
    office().save(str(OUT / "office.docx"))
