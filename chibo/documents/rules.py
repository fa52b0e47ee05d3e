"""What may be kept, and what a paper is called, in plain Python."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from itertools import pairwise
from typing import IO, Any
from xml.etree import ElementTree

from chibo.core.names import fold
from chibo.core.words import Said
from chibo.core.words import say as _

# Content marked as a state secret (Law 117/2025, art. 5: never on a connected machine)

_CLASSIFIED = _(
    "This carries the marking of a state secret. Such content may not be typed, sent or kept on a connected machine, "
    "and nothing was stored. Draft it on the machine set aside for secrets, keep it on paper as the committee's office "
    "says, and write here only that the matter was dealt with."
)

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][\s._*–·-]{1,3}){2,}[^\W\d_](?![^\W\d_])")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}$")

# What follows "mật" to make another word of it: mật độ, mật khẩu, mật ong …
_COMPOUNDS = frozenset(
    ["khẩu", "ong", "độ", "thiết", "mã", "vụ", "ngọt", "đàm", "lệnh", "thám", "mía", "gấu", "ước", "nghị", "tông"]
)
_BARE_COMPOUNDS = frozenset(fold(word) for word in _COMPOUNDS)
# What a marking is said of: tài liệu mật, công văn mật, đóng dấu mật; the last words before it, without marks.
_SAID_OF = frozenset(
    (
        *("tai lieu", "van ban", "cong van", "ho so", "bao cao", "nghi quyet", "ke hoach", "to trinh", "ket luan"),
        *("thong bao", "quyet dinh", "chi thi", "bien ban", "chuong trinh", "dong dau", "con dau", "dau chi"),
    )
)
_LABELS = frozenset(("do mat", "muc do", "cap do"))
_BRACKETS = "()[]{}<>/*\"'“”‘’«»"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a line, with the signs that part it from the word before and from the one after."""

    text: str
    gap: str
    gap_after: str

    @property
    def bare(self) -> str:
        return fold(self.text)

    @property
    def is_marked(self) -> bool:
        """Written with Vietnamese marks."""
        return not self.text.isascii()

    @property
    def is_capital(self) -> bool:
        return self.text.isupper()

    @property
    def adjoins(self) -> bool:
        """Stands in one phrase with the word before it."""
        return bool(re.fullmatch(r" +|[-_.+]", self.gap))


_NO_LETTER = re.compile("[^a-z]+")


def why_classified(text: str) -> Said | None:
    """Why a text may not be kept: it carries a marking of secrecy (Mật, Tối mật, Tuyệt mật), in whatever spelling.

    Letters spaced out, capitals, missing marks and invisible characters do not hide it. Words that only contain "mật"
    (bí mật, mật khẩu, mật ong) and people called Mật pass. A stamp is always found; a sentence that names the two
    higher degrees is refused as well, for nobody can tell it from one.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    # Whatever the spelling, these three letters stand in a marking; in nearly every line they do not.
    suspect = (line for line in text.splitlines() if "mat" in _NO_LETTER.sub("", fold(line)))
    return _CLASSIFIED if any(_is_marked(_words(line)) for line in suspect) else None


def words_of(thing: Any) -> Iterator[str]:
    """Every text in a context for printing: in its mappings, lists and dataclasses, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        yield from (text for value in thing.values() for text in words_of(value))
    elif isinstance(thing, Sequence):
        yield from (text for value in thing for text in words_of(value))
    elif is_dataclass(thing):
        yield from (text for one in fields(thing) for text in words_of(getattr(thing, one.name)))


def why_classified_name(name: str) -> Said | None:
    """The same for the name of a file, whose words may be joined by case, hyphens or underscores."""
    stem = re.sub(r"[-_.+]+", " ", _EXTENSION.sub("", unicodedata.normalize("NFKC", name)))
    words = _words(stem)
    # In the name of a file "toi mat" is hardly "I lost": there it counts without marks too.
    is_top = any(one.bare == "toi" and two.bare == "mat" for one, two in pairwise(words))
    return _CLASSIFIED if is_top or _is_marked(words) else None


def _words(line: str) -> list[_Word]:
    line = _SPACED.sub(_joined, line)
    # TuyetMat, TốiMật: one word becomes two where a capital follows a small letter.
    line = "".join(
        f" {char}" if n and char.isupper() and line[n - 1].islower() else char for n, char in enumerate(line)
    )
    found = list(_WORD.finditer(line))
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(line)]
    return [
        _Word(match[0], line[end : match.start()], line[match.end() : start])
        for match, end, start in zip(found, ends, starts[1:], strict=False)
    ]


def _joined(match: re.Match[str]) -> str:
    """Letters spaced out become the word again, where it is a marking."""
    word = "".join(_WORD.findall(match[0]))
    return word if fold(word) in ("mat", "toimat", "tuyetmat") else match[0]


def _is_marked(words: list[_Word]) -> bool:
    return any(
        word.bare in ("tuyetmat", "toimat") or (word.text.lower() in ("mật", "mat") and _is_marking(words, n))
        for n, word in enumerate(words)
    )


def _is_marking(words: list[_Word], n: int) -> bool:
    """Whether the word "mật" at place n of a line is a marking."""
    word = words[n]
    before = words[n - 1] if n else None
    after = words[n + 1] if n + 1 < len(words) else None
    follows = after if after and after.adjoins else None
    is_compound = follows is not None and (
        follows.text.lower() in _COMPOUNDS or (not word.is_marked and follows.bare in _BARE_COMPOUNDS)
    )
    if before and re.fullmatch(r"\s+|\s*[-–_/+*]\s*|\.", word.gap):
        if before.text.lower() in ("tuyệt", "tuyet"):
            return True
        if before.text.lower() in ("tối", "toi"):
            # "Buổi tối mật độ xe cao" and, without marks, "toi mat the dang" (I lost my card) are ordinary.
            is_said = before.is_marked or word.is_marked or (before.is_capital and word.is_capital)
            return not is_compound and (is_said or (follows is None and not before.adjoins))
    if is_compound:
        return False
    if len(words) == 1:
        return True
    said_of = " ".join(one.bare for one in words[max(0, n - 2) : n])
    if said_of in _SAID_OF:
        return word.is_marked or follows is None
    has_capital = word.text[0].isupper()
    if said_of in _LABELS and has_capital and not word.adjoins:
        return True
    if before and before.text.lower() == "độ" and has_capital and not before.is_capital:
        return True
    if has_capital and word.gap[-1:] in _BRACKETS and word.gap_after[:1] in _BRACKETS and word.gap and word.gap_after:
        return True
    # Alone in capitals among other words; beside another word in capitals it is part of a heading or of a name.
    neighbours = [one for one in (before if word.adjoins else None, follows) if one is not None]
    is_alone = not any(one.is_capital and len(one.bare) > 1 and set(one.bare) & set("aeiouy") for one in neighbours)
    return word.is_capital and is_alone and (word.is_marked or all(one.text.isascii() for one in words))


# What may be uploaded

MOST_BYTES = 10 * 1024 * 1024
_MOST_UNPACKED = 120 * 1024 * 1024
_MOST_ENTRIES = 5000
_MOST_RATIO = 150
_SMALL = 1024 * 1024

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
AUDIO_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg"}
"""Of recordings, which are kept only where they are asked for."""
# The file inside each office file without which it is not what its name says.
_HEARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "odt": "content.xml"}

_NOT_WHAT_IT_SAYS = _(
    "The content of this file is not what its name says. Open it in the program it was made with, save it "
    "anew and send that."
)
_UNSAFE = _("This file is packed in a way that could harm the computer. Save it anew as PDF and send that.")


def extension(name: str) -> str:
    """The extension of a file name, in small letters, without the dot; empty if it has none."""
    stem, dot, end = name.rpartition(".")
    return end.lower() if dot and stem else ""


def content_type(name: str) -> str:
    """The type of a file that may be kept."""
    return (CONTENT_TYPES | AUDIO_TYPES)[extension(name)]


def why_not_kept(name: str, content: bytes, kinds: Mapping[str, str] = CONTENT_TYPES) -> Said | None:
    """Why an uploaded file may not be kept where files of some kinds are; None if it may.

    The kind is found by content and must agree with the name; packed files are measured before they are opened; the
    text of office files and plain text, head and foot included, must carry no marking of secrecy. The text of PDF and
    of pictures is not read.
    """
    end = extension(name)
    if end not in kinds and kinds is AUDIO_TYPES:
        return _("Send a recording as MP3, M4A or OGG.")
    if end not in kinds:
        return _("Files of this kind cannot be kept. Send a PDF, Word, Excel, PowerPoint or text file, or a picture.")
    if not content:
        return _("This file is empty. Choose another one.")
    if len(content) > MOST_BYTES:
        return _("This file is larger than {most} MB. Make it smaller or send it in parts.").format(
            most=MOST_BYTES // 1024 // 1024
        )
    if reason := why_classified_name(name) or _why_not_content(end, content):
        return reason
    return next((reason for text in _texts(end, content) if (reason := why_classified(text))), None)


def _why_not_content(end: str, content: bytes) -> Said | None:
    match end:
        case "pdf":
            fits = b"%PDF-" in content[:1024]
        case "jpg" | "jpeg":
            fits = content.startswith(b"\xff\xd8\xff")
        case "png":
            fits = content.startswith(b"\x89PNG\r\n\x1a\n")
        case "mp3":
            fits = content.startswith(b"ID3") or (content[0] == 0xFF and content[1:2] > b"\xdf")
        case "m4a":
            fits = content[4:8] == b"ftyp"
        case "ogg":
            fits = content.startswith(b"OggS")
        case "txt":
            fits = _plain(content) is not None
        case _:
            return _why_not_packed(end, content)
    return None if fits else _NOT_WHAT_IT_SAYS


def _plain(content: bytes) -> str | None:
    """The text of a plain text file (UTF-8, or UTF-16 with its mark); None if it is none."""
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x00-\x08\x0e-\x1f]", text) else text


def _why_not_packed(end: str, content: bytes) -> Said | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED:
                return _UNSAFE
            if unpacked > _SMALL and unpacked > _MOST_RATIO * len(content):
                return _UNSAFE
            names = {entry.filename for entry in entries}
            if len(names) != len(entries) or any(entry.flag_bits & 0x1 for entry in entries):
                return _UNSAFE
            if _HEARTS[end] not in names:
                return _NOT_WHAT_IT_SAYS
            if end == "odt" and packed.read("mimetype").strip() != CONTENT_TYPES["odt"].encode():
                return _NOT_WHAT_IT_SAYS
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return _("This file carries a macro. Save it without macros and send that.")
            for name in names:
                # An entity can grow without end, or reach out of the file. Zero bytes are dropped to see UTF-16 too.
                if _is_xml(name) and re.search(rb"<!(DOCTYPE|ENTITY)", packed.read(name).replace(b"\0", b"")):
                    return _UNSAFE
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError, OSError):
        return _NOT_WHAT_IT_SAYS
    return None


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


# Parts of an office file that say how it looks and hold no word of it.
_LOOK_ONLY = re.compile(r"/(?:styles\w*|theme\d*|fontTable|numbering|\w*[sS]ettings)\.xml$")


def _texts(end: str, content: bytes) -> Iterator[str]:
    """The texts of a file whose content was found safe; none of a PDF or a picture."""
    if end == "txt":
        yield _plain(content) or ""
    if end in _HEARTS:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                if _is_xml(name) and not _LOOK_ONLY.search(name):
                    yield name
                    with packed.open(name) as part:
                        yield from _paragraphs(part)


_PARAGRAPHS = frozenset(("p", "h", "si", "is"))
_BREAKS = frozenset(("br", "cr", "line-break"))
_SPACES = frozenset(("tab", "ptab", "s"))
_HEAD_CODES = re.compile(r'&("[^"]*"|[A-Z]|\d+)')


def _paragraphs(part: IO[bytes]) -> Iterator[str]:
    """Paragraph by paragraph the words of an XML part of an office file, with its watermark and the names of sheets."""
    depth = 0
    try:
        for event, element in ElementTree.iterparse(part, events=("start", "end")):  # noqa: S314  # no DOCTYPE gets here
            local = element.tag.rpartition("}")[2]
            if event == "start":
                depth += local in _PARAGRAPHS
                continue
            if local in _BREAKS:
                element.text = "\n"
            elif local in _SPACES and not element.text:
                element.text = " "
            yield from (value for name in ("string", "name") if (value := element.get(name)))
            if local in _PARAGRAPHS:
                depth -= 1
                yield "".join(element.itertext())
                element.clear()
            elif not depth:
                if element.text:
                    yield _HEAD_CODES.sub("\n", element.text)
                element.clear()
    except ElementTree.ParseError:
        return  # Word repairs such a part or leaves it out; what was read until here was looked at.


# Papers


def number_text(number: int, *, digits: int, kind: str, suffix: str) -> str:
    """`05-BC/CB`: the number of a paper, its kind and the sign of who issued it (05-HD/VPTW)."""
    return f"{number:0{digits}d}-{kind}/{suffix}"


def day_in_words(day: date, *, days_below: int, months_up_to: int) -> str:
    """`ngày 03 tháng 02 năm 2026`, with the leading noughts that the layout in force asks for. In Vietnamese always."""
    in_month = f"{day.day:02d}" if day.day < days_below else str(day.day)
    month = f"{day.month:02d}" if day.month <= months_up_to else str(day.month)
    return f"ngày {in_month} tháng {month} năm {day.year}"
