"""What may be kept, by content and not by name; and who may open it."""

import io
import zipfile
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.refusals import Forbidden, Refused
from chibo.documents import actions, rules
from chibo.documents.models import File
from chibo.testing.cast import Cast

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPG = b"\xff\xd8\xff\xe0" + bytes(20)


def packed(**entries: bytes | str) -> bytes:
    """A zip; `__` in a name stands for a slash, `_0` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_0", "."), content)
    return out.getvalue()


def word(*paragraphs: str, head: str = "", foot: str = "") -> bytes:
    paper = Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    if head:
        paper.sections[0].header.paragraphs[0].text = head
    if foot:
        paper.sections[0].footer.paragraphs[0].text = foot
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def sheet(text: str = "Kế hoạch", name: str = "Tháng 11", head: str = "") -> bytes:
    return packed(
        **{
            "[Content_Types]_0xml": "<Types/>",
            "xl__workbook_0xml": f'<workbook><sheets><sheet name="{name}"/></sheets></workbook>',
            "xl__sharedStrings_0xml": f"<sst><si><t>{text[:2]}</t><t>{text[2:]}</t></si></sst>",
            "xl__worksheets__sheet1_0xml": f"<sheet><oddHeader>&amp;C{head}</oddHeader></sheet>",
        }
    )


def odt(text: str = "Kế hoạch") -> bytes:
    return packed(mimetype=rules.CONTENT_TYPES["odt"], content_0xml=f"<doc><p>{text}</p></doc>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Tờ trình.pdf", PDF),
        ("ảnh.jpg", JPG),
        ("ảnh.JPEG", JPG),
        ("ảnh.png", PNG),
        ("ghi chép.txt", "Xóm Nà Phòn".encode()),
        ("ghi chép.txt", "Xóm Nà Phòn".encode("utf-16")),
        ("báo cáo.docx", word("Giữ bí mật, đổi mật khẩu, nuôi ong lấy mật")),
        ("danh sách.xlsx", sheet()),
        ("bài.odt", odt()),
        ("chuyên đề.pptx", packed(ppt__presentation_0xml="<p/>", ppt__slides__slide1_0xml="<s><p>Chào</p></s>")),
    ],
)
def test_files_of_the_allowed_kinds_are_kept(name: str, content: bytes) -> None:
    assert rules.why_not_kept(name, content) is None


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("chạy.exe", b"MZ", "of this kind"),
        ("trang.html", b"<script>", "of this kind"),
        ("ảnh.svg", b"<svg/>", "of this kind"),
        ("không tên", PDF, "of this kind"),
        (".pdf", PDF, "of this kind"),
        ("cũ.doc", b"\xd0\xcf\x11\xe0", "of this kind"),
        ("rỗng.pdf", b"", "is empty"),
        ("giả.pdf", b"MZ\x90\x00", "not what its name says"),
        ("giả.png", JPG, "not what its name says"),
        ("giả.jpg", b"<html>", "not what its name says"),
        ("giả.docx", PDF, "not what its name says"),
        ("giả.docx", sheet(), "not what its name says"),
        ("giả.xlsx", word("Kế hoạch"), "not what its name says"),
        ("giả.odt", packed(mimetype="application/zip", content_0xml="<doc/>"), "not what its name says"),
        ("giả.docx", b"PK\x03\x04" + bytes(200), "not what its name says"),
        ("nhị phân.txt", b"a\x00b\x01", "not what its name says"),
        ("lớn.pdf", PDF + bytes(rules.MOST_BYTES), "larger than 10 MB"),
        (
            "macro.docx",
            packed(word__document_0xml="<d/>", word__vbaProject_0bin="x"),
            "carries a macro",
        ),
        (
            "thực thể.docx",
            packed(word__document_0xml='<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'),
            "could harm",
        ),
        (
            "thực thể.docx",
            packed(word__document_0xml='<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>'.encode("utf-16")),
            "could harm",
        ),
    ],
)
def test_anything_else_is_refused_with_its_sentence(name: str, content: bytes, sentence: str) -> None:
    assert sentence in str(rules.why_not_kept(name, content))


def test_a_file_that_unpacks_without_end_is_refused_before_it_is_unpacked() -> None:
    bomb = packed(word__document_0xml=bytes(200 * 1024 * 1024))
    assert len(bomb) < 300_000
    assert "could harm" in str(rules.why_not_kept("bom.docx", bomb))
    smaller = packed(word__document_0xml=bytes(20 * 1024 * 1024))
    assert "could harm" in str(rules.why_not_kept("bom.docx", smaller))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Tối mật.pdf", PDF),
        ("ghi chép.txt", "Kính gửi\nTUYỆT MẬT\n".encode()),
        ("báo cáo.docx", word("Báo cáo", "MẬT")),
        ("báo cáo.docx", word("Báo cáo", head="TỐI MẬT")),
        ("báo cáo.docx", word("Báo cáo", foot="Độ mật: Mật")),
        ("danh sách.xlsx", sheet("MẬT")),
        ("danh sách.xlsx", sheet(name="Tối mật")),
        ("danh sách.xlsx", sheet(head="MẬT")),
        ("bài.odt", odt("Tuyệt mật")),
        ("bài.odt", odt("BÁO CÁO<line-break/>MẬT")),
        (
            "chìm.docx",
            packed(word__document_0xml="<d/>", word__header1_0xml='<h><v:textpath xmlns:v="v" string="MẬT"/></h>'),
        ),
    ],
)
def test_a_marking_of_secrecy_anywhere_in_a_file_is_refused(name: str, content: bytes) -> None:
    assert "marking of a state secret" in str(rules.why_not_kept(name, content))


def test_a_word_in_bold_is_read_with_its_sentence() -> None:
    paper = Document()
    paragraph = paper.add_paragraph("Giữ bí ")
    paragraph.add_run("mật").bold = True
    paragraph.add_run(" nhà nước")
    out = io.BytesIO()
    paper.save(out)
    assert rules.why_not_kept("bài.docx", out.getvalue()) is None


# Keeping and opening

Keep = Callable[..., File]


@pytest.fixture
def keep(cast: Cast) -> Keep:
    def _keep(actor: Actor | None = None, name: str = "Tờ trình.pdf", content: bytes = PDF, **facts: object) -> File:
        return actions.store_file(
            actor=actor or cast.secretary,
            capability=Capability.PREPARE_MEETING,
            unit_id=cast.na_phon.pk,
            upload=SimpleUploadedFile(name, content),
            at=cast.at,
            **facts,  # type: ignore[arg-type]  # facts of several types
        )

    return _keep


def test_a_file_is_kept_with_its_sum_under_a_name_that_tells_nothing(cast: Cast, keep: Keep) -> None:
    file = keep(name="../../C:\\tài liệu\\Tờ  trình.pdf")
    assert file.name == "Tờ trình.pdf"
    assert file.content_type == "application/pdf"
    assert file.size == len(PDF)
    assert "trình" not in str(file.content)
    assert file.read() == PDF
    entry = Entry.objects.get(verb=Verb.FILE_STORED, object_id=file.pk)
    assert entry.facts["sha256"] == file.sha256
    assert entry.person_id == cast.person_id("secretary")


def test_who_has_not_the_power_stores_nothing(cast: Cast, keep: Keep) -> None:
    for who in (cast.member, cast.neighbour, cast.operator):
        with pytest.raises(Forbidden):
            keep(who)
    assert not File.objects.exists()


def test_a_refused_file_leaves_nothing_behind(keep: Keep) -> None:
    with pytest.raises(Refused) as refusal:
        keep(name="Tối mật.pdf")
    assert "file" in refusal.value.fields
    assert not File.objects.exists()
    assert not Entry.objects.filter(verb=Verb.FILE_STORED).exists()


def test_a_member_downloads_it_and_a_stranger_learns_nothing(cast: Cast, keep: Keep) -> None:
    file = keep()
    client = Client()
    client.force_login(cast.user("member"))
    response = client.get(f"/files/{file.pk}/")
    assert response.status_code == 200
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    client.force_login(cast.user("neighbour"))
    refused, missing = client.get(f"/files/{file.pk}/"), client.get(f"/files/{uuid4()}/")
    assert (refused.status_code, missing.status_code) == (404, 404)
    assert client.post(f"/files/{file.pk}/").status_code == 405
    assert Client().get(f"/files/{file.pk}/").status_code == 302


def test_the_power_written_on_a_file_opens_it_and_no_other(cast: Cast, keep: Keep) -> None:
    file = keep(seen_with=Capability.HOLD_MEETING)
    client = Client()
    client.force_login(cast.user("member"))
    assert client.get(f"/files/{file.pk}/").status_code == 404
    client.force_login(cast.user("deputy"))
    assert client.get(f"/files/{file.pk}/").status_code == 200
