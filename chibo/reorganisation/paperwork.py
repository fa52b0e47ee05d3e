"""The workbook in which a committee draws a reorganisation up: written with what is there, and read again.

Its words are Vietnamese whatever the reader's language, since it goes from desk to desk. Columns are found by their
heads, so that more of them, in another order, do no harm.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db.models import Q

from chibo.access.models import Role
from chibo.core import sheets
from chibo.core.names import fold
from chibo.core.refusals import Refused
from chibo.core.sheets import Book, Cell, Sheet
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.org.models import Kind, Unit
from chibo.people.models import Membership, Title
from chibo.reorganisation.models import Reorganisation, Sort
from chibo.reorganisation.queries import Given
from chibo.reorganisation.rules import INHERITING, Line, What
from chibo.tasks.models import Task
from chibo.tasks.rules import OVER

DECISION, UNITS, MEMBERS, OFFICES, TASKS, LIST = (
    "Quyết định",
    "Đơn vị",
    "Đảng viên",
    "Chức vụ",
    "Nhiệm vụ",
    "Danh mục đơn vị",
)
WHAT = {
    What.FOUND: "thành lập",
    What.RENAME: "đổi tên",
    What.MOVE: "chuyển",
    What.MERGE: "sáp nhập",
    What.SPLIT: "chia tách",
    What.CEDE: "giao một phần",
    What.CONVERT: "đổi loại",
    What.DISSOLVE: "giải thể",
}
TITLES = {
    Title.SECRETARY.value: "bí thư",
    Title.DEPUTY.value: "phó bí thư",
    Title.COMMITTEE_MEMBER.value: "cấp ủy viên",
    Role.OFFICER.value: "cán bộ của cấp ủy",
    Role.ATTENDING.value: "phụ trách, dự sinh hoạt",
}
ALSO = {"hợp nhất": What.MERGE, "nhập": What.MERGE, "tách": What.SPLIT, "chia": What.SPLIT, "chuyển giao": What.CEDE}
ALSO_TITLES = {"chi ủy viên": Title.COMMITTEE_MEMBER.value, "cán bộ": Role.OFFICER.value, "dự sinh hoạt": "attending"}
MOST = 20

HEADS: dict[str, tuple[str, ...]] = {
    "what": ("Việc",),
    "unit": ("Mã đơn vị",),
    "now": ("Tên hiện nay",),
    "kind": ("Loại mới",),
    "name": ("Tên mới",),
    "above": ("Mã đơn vị cấp trên",),
    "heir": ("Mã đơn vị kế thừa",),
    "id": ("Mã nội bộ",),
    "person": ("Họ và tên",),
    "born": ("Ngày sinh",),
    "from": ("Mã đơn vị hiện nay",),
    "to": ("Mã đơn vị mới",),
    "title": ("Chức vụ",),
    "task": ("Nhiệm vụ",),
}
HEAD_ROWS = ("Tên quyết định", "Số quyết định", "Cơ quan ban hành", "Ngày có hiệu lực", "Phạm vi (mã đơn vị)")


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of its decision; empty where it says nothing."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    on: date | None = None
    root: str = ""


@dataclass(slots=True)
class Reading:
    """What stands in a file, and what could not be understood: sheet, row, column and a sentence."""

    head: Head
    lines: list[Line] = field(default_factory=list)
    rows_given: list[tuple[str, int, dict[str, Cell]]] = field(default_factory=list)
    doubts: list[Said] = field(default_factory=list)

    def doubt(self, sheet: str, row: int, column: str, what: Said) -> None:
        self.doubts.append(
            _("Sheet “{sheet}”, row {row}, column “{column}”: {what}").format(
                sheet=sheet, row=row, column=HEADS[column][0] if column in HEADS else column, what=what
            )
        )

    def refuse_doubts(self) -> None:
        """Raises Refused with the first doubts, so that nothing of the file is taken over before all are mended."""
        if self.doubts:
            raise Refused(*self.doubts[:MOST])

    def compare(self, one: Reorganisation) -> None:
        """Doubts what the file says of its decision where the draft that takes it over says otherwise."""
        root = one.root.code if one.root else ""
        if self.head.on is not None and self.head.on != one.on:
            self.doubts.append(
                _(
                    "Sheet “{sheet}”: the file is for {file}, and this draft for {draft}. Change the day there, or on "
                    "the page of the draft."
                ).format(sheet=DECISION, file=f"{self.head.on:%d/%m/%Y}", draft=f"{one.on:%d/%m/%Y}")
            )
        if self.head.root and self.head.root != root:
            self.doubts.append(
                _("Sheet “{sheet}”: the file is for the area {file}, and this draft for {draft}.").format(
                    sheet=DECISION, file=self.head.root, draft=root or "–"
                )
            )


# Reading


def read(file: BinaryIO) -> Reading:
    """The lines and allocations of a workbook. Raises Refused for a file that is none or has no sheet of units."""
    book = Book(file)
    by_fold = {fold(name): name for name in book.names}
    if fold(UNITS) not in by_fold:
        raise Refused(
            _("The workbook has no sheet named “{sheet}”. Use the one that this page gives out.").format(sheet=UNITS)
        )
    found = Reading(_head(book, by_fold))
    _read_lines(book, by_fold[fold(UNITS)], found)
    for sheet, sort in ((MEMBERS, Sort.MEMBER), (OFFICES, Sort.OFFICE), (TASKS, Sort.TASK)):
        if fold(sheet) in by_fold:
            for n, row in _table(book, by_fold[fold(sheet)]):
                if sheets.text(row.get("to")):
                    found.rows_given.append((sort.value, n, row))
    return found


def _head(book: Book, by_fold: Mapping[str, str]) -> Head:
    name = by_fold.get(fold(DECISION))
    values = {fold(sheets.text(row[0])): row[1] for row in book.rows(name) if len(row) > 1} if name else {}
    title, number, issuer, on, root = (values.get(fold(label)) for label in HEAD_ROWS)
    if sheets.text(on) and day(on) is None:
        raise Refused(
            _("Sheet “{sheet}”, “{row}”: “{word}” is no day. Write it as 01/07/2025.").format(
                sheet=DECISION, row=HEAD_ROWS[3], word=sheets.text(on)
            )
        )
    return Head(sheets.text(title), sheets.text(number), sheets.text(issuer), day(on), sheets.text(root))


def day(cell: Cell) -> date | None:
    """A cell as a day; None where it is none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return datetime.strptime(sheets.text(cell), "%d/%m/%Y").date()  # noqa: DTZ007  # a day
    except ValueError:
        return None


def _table(book: Book, name: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """The rows under the heads of a sheet, by the keys of HEADS, with their numbers as Excel shows them."""
    known = {fold(head): key for key, heads in HEADS.items() for head in heads}
    columns: dict[int, str] = {}
    for n, row in enumerate(book.rows(name), start=1):
        if not columns:
            found = {at: known[fold(str(cell))] for at, cell in enumerate(row) if cell and fold(str(cell)) in known}
            columns = found if len(found) > 1 else {}
        elif any(cell is not None for cell in row):
            yield n, {key: row[at] for at, key in columns.items() if at < len(row)}


def _read_lines(book: Book, name: str, found: Reading) -> None:
    words = {fold(word): what for what, word in WHAT.items()} | {fold(word): what for word, what in ALSO.items()}
    words |= {what.value: what for what in What}
    kinds = {fold(kind.name_vi): kind.code for kind in Kind.objects.all()}
    kinds |= {code: code for code in kinds.values()}
    for n, row in _table(book, name):
        texts = {key: sheets.text(cell) for key, cell in row.items()}
        if not texts.get("what"):
            if texts.get("unit") and (texts.get("name") or texts.get("heir") or texts.get("above")):
                found.doubt(UNITS, n, "what", _("it is empty. Write what becomes of the unit."))
            continue
        what = words.get(fold(texts["what"]))
        if what is None:
            found.doubt(
                UNITS,
                n,
                "what",
                _("“{word}” is none of: {words}.").format(word=texts["what"], words=", ".join(WHAT.values())),
            )
            continue
        kind = kinds.get(fold(texts.get("kind", "")), "")
        if texts.get("kind") and not kind:
            found.doubt(UNITS, n, "kind", _("“{word}” is no kind of unit.").format(word=texts["kind"]))
            continue
        found.lines.append(
            Line(
                n=n,
                what=what,
                unit=texts.get("unit", ""),
                name=texts.get("name", ""),
                kind=kind,
                above=texts.get("above", ""),
                heir=texts.get("heir", ""),
            )
        )


def understand(found: Reading, on: date) -> list[Given]:
    """Whom and what the rows of a file mean, by their ids, or by name, birth day and unit; doubts go to the reading."""
    people = _People(found, on)
    titles = {fold(word): title for title, word in TITLES.items()} | {
        fold(word): title for word, title in ALSO_TITLES.items()
    }
    given = []
    for sort, n, row in found.rows_given:
        sheet = {Sort.MEMBER: MEMBERS, Sort.OFFICE: OFFICES, Sort.TASK: TASKS}[Sort(sort)]
        thing = people.id_of(sheet, n, row) if sort != Sort.TASK else _uuid(row.get("id"))
        if thing is None:
            if sort == Sort.TASK:
                found.doubt(sheet, n, "id", _("it names no task. Leave this column as it was given out."))
            continue
        title = ""
        if sort == Sort.OFFICE:
            title = titles.get(fold(sheets.text(row.get("title"))), "")
            if not title:
                found.doubt(
                    sheet,
                    n,
                    "title",
                    _("“{word}” is none of: {words}.").format(
                        word=sheets.text(row.get("title")), words=", ".join(TITLES.values())
                    ),
                )
                continue
        given.append(Given(sort, thing, sheets.text(row["to"]), title))
    return given


def _uuid(cell: Cell) -> UUID | None:
    try:
        return UUID(sheets.text(cell))
    except ValueError:
        return None


class _People:
    """Finds the persons of a file's rows: all of them read at once."""

    def __init__(self, found: Reading, on: date) -> None:
        self.found = found
        rows = [row for sort, _n, row in found.rows_given if sort != Sort.TASK]
        ids = {one for row in rows if (one := _uuid(row.get("id")))}
        codes = {sheets.text(row.get("from")) for row in rows if not _uuid(row.get("id"))}
        members = Membership.objects.filter(during__contains=on).filter(Q(person__in=ids) | Q(unit__code__in=codes))
        self.ids = set()
        self.by_name: dict[tuple[str, str], list[tuple[UUID, date | None]]] = {}
        for person_id, name, born_on, code in members.values_list(
            "person_id", "person__name", "person__born_on", "unit__code"
        ):
            self.ids.add(person_id)
            self.by_name.setdefault((code, fold(name)), []).append((person_id, born_on))

    def id_of(self, sheet: str, n: int, row: Mapping[str, Cell]) -> UUID | None:
        person_id = _uuid(row.get("id"))
        if person_id in self.ids:
            return person_id
        name, code = sheets.text(row.get("person")), sheets.text(row.get("from"))
        same = self.by_name.get((code, fold(name)), [])
        born = day(row.get("born"))
        if len(same) > 1 and born:
            same = [one for one in same if one[1] == born]
        if len(same) == 1:
            return same[0][0]
        self.found.doubt(
            sheet,
            n,
            "person",
            _("{name} is several persons in {code}. Write the day of birth too.").format(name=name, code=code)
            if same
            else _("{name} is not a member of {code} on that day.").format(name=name or "–", code=code or "–"),
        )
        return None


# Writing


def workbook(one: Reorganisation, lines: Sequence[Line]) -> bytes:
    """A draft as a workbook to be filled in: its lines, who and what is to be told where to go, the units."""
    eve = one.on
    within = Unit.objects.on(eve).named(eve).select_related("kind")
    if one.root is not None:
        within = within.filter(path__startswith=one.root.path)
    names = {unit.code: unit.name for unit in within.filter(code__in={line.unit for line in lines})}
    kinds = {kind.code: kind.name_vi for kind in Kind.objects.all()}
    divided = {line.unit for line in lines if line.what in INHERITING - {What.MERGE} or line.what is What.DISSOLVE}
    told = {(row.sort, row.thing): row for row in one.allocations.all()}
    return sheets.write(
        [
            Sheet(DECISION, ["Mục", "Nội dung"], _decision(one)),
            Sheet(
                UNITS,
                [HEADS[key][0] for key in ("what", "unit", "now", "kind", "name", "above", "heir")],
                [
                    (
                        WHAT[line.what],
                        line.unit,
                        names.get(line.unit, ""),
                        kinds.get(line.kind, ""),
                        line.name,
                        line.above,
                        line.heir,
                    )
                    for line in lines
                ],
                choices={0: list(WHAT.values()), 3: list(kinds.values())},
            ),
            Sheet(
                MEMBERS,
                [HEADS[key][0] for key in ("person", "born", "from", "to", "id")],
                _members(divided, one.on, lambda person: _to(told, Sort.MEMBER, person)),
            ),
            Sheet(
                OFFICES,
                [HEADS[key][0] for key in ("person", "born", "from", "title", "to", "id")],
                _offices(one),
                choices={3: list(TITLES.values())},
            ),
            Sheet(
                TASKS,
                [HEADS[key][0] for key in ("task", "from", "to", "id")],
                [
                    (task.title, task.unit.code, _to(told, Sort.TASK, task.pk), str(task.pk))
                    for task in Task.objects.filter(unit__code__in=divided)
                    .exclude(state__in=OVER)
                    .select_related("unit")
                    .order_by("unit__code", "pk")
                ],
            ),
            Sheet(
                LIST,
                ["Mã đơn vị", "Tên đơn vị", "Loại"],
                [(unit.code, unit.name, unit.kind.name_vi) for unit in within.order_by("path")],
            ),
        ]
    )


def _to(told: Mapping[tuple[str, UUID], object], sort: Sort, thing: UUID) -> str:
    row = told.get((sort.value, thing))
    return getattr(row, "unit", "")


def _decision(one: Reorganisation) -> list[tuple[str, object]]:
    values = (one.title, one.number, one.issuer, one.on, one.root.code if one.root else "")
    return list(zip(HEAD_ROWS, values, strict=True))


def _members(codes: Iterable[str], on: date, to: Callable[[UUID], str]) -> list[tuple[object, ...]]:
    rows = Membership.objects.on(on).filter(unit__code__in=codes).select_related("person", "unit")
    return [
        (row.person.name, row.person.born_on, row.unit.code, to(row.person_id), str(row.person_id))
        for row in rows.order_by("unit__code", "person__sort_key")
    ]


def _offices(one: Reorganisation) -> list[tuple[object, ...]]:
    rows = one.allocations.filter(sort=Sort.OFFICE, person__isnull=False).select_related("person")
    return [
        (row.person.name, row.person.born_on, "", TITLES[row.title], row.unit, str(row.thing))
        for row in rows
        if row.person
    ]
