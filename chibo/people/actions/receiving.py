"""A list of members comes in: its rows are kept, its columns are told apart."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.keys import uuid7
from chibo.core.names import canonical
from chibo.core.refusals import Refused, Sentence
from chibo.core.sheets import Book, Cell
from chibo.org.models import Unit
from chibo.people import queries, rules
from chibo.people.models import Import, ImportRow, ListShape, Status
from chibo.people.rules import Column
from chibo.people.rules.cells import heading, named_in
from chibo.people.rules.heads import LOOK_AT, Head

MOST_BYTES = 30_000_000
MOST_ROWS = 150_000
MOST_SHEETS = 1_000
KEPT_FOR = timedelta(days=30)
_TITLE_LINES = 12
_LONGEST_TEXT = 500

type Marked = Callable[[str], Sentence | None]
"""Why a text may not be kept at all; None if it may. The rule lies above the register, so it is handed in."""


@transaction.atomic
def receive_list(
    *, actor: Actor, unit_id: UUID, file: BinaryIO, file_name: str, at: datetime, why_not_kept: Marked
) -> Import:
    """Reads a spreadsheet of members of a unit and those below it, and keeps its rows for KEPT_FOR.

    Where a head of this shape was confirmed for the unit before, its columns are known and it is read on at once.
    Refuses, beside the field `file` and with nothing kept, what is no such list or may not be kept.
    """
    unit = Unit.objects.select_related("kind").get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    try:
        book = Book(file)
    except Refused as refusal:
        raise Refused(fields={"file": refusal.sentences}) from refusal
    if len(book.names) > MOST_SHEETS:
        raise Refused(fields={"file": [_("This file has too many sheets. Divide it into several files.")]})
    received = Import.objects.create(
        unit=unit,
        file_name=canonical(file_name)[-200:],
        by_id=actor.user_id,
        at=at,
        list_day=clock.day_of(at),
        clear_on=clock.day_of(at) + KEPT_FOR,
    )
    _refuse_marked(why_not_kept, [file_name, *book.names])
    with connection.cursor() as cursor, cursor.copy(_KEEP) as copy:
        for line in _lines(book, received, why_not_kept):
            copy.write_row(line)
    if not received.total:
        raise Refused(
            fields={
                "file": [
                    _(
                        "No sheet of this file has a table of members. Its head must name the columns, one of them "
                        "“Họ và tên”; the members follow below."
                    )
                ]
            }
        )
    known = {one.shape: one for one in _known_shapes(received)}
    received.default_status = next((one.default_status for one in known.values() if one.default_status), "")
    received.choices = queries.cells_chosen_before(received.unit)
    received.columns = {
        shape: known[shape].columns if shape in known else rules.columns_as_json(rules.guess(words))
        for shape, words in queries.shapes(received).items()
    }
    received.save()
    audit.record(actor, Verb.LIST_RECEIVED, received, at=at, file=received.file_name, rows=received.total)
    if len(known) == len(received.columns):
        _begin_reading(received)
    return received


_KEEP = """
COPY people_importrow (id, of_id, n, sheet, row, cells, verdict, cell, name, search, status, card_number, card_key,
    email, doubts, open) FROM STDIN"""


def _lines(book: Book, received: Import, why_not_kept: Marked) -> Iterator[tuple[object, ...]]:
    """The rows below each head, as lines to be stored; on the way `received` learns its sheets."""
    for place, name in enumerate(book.names):
        rows = book.rows(name)
        top = list(islice(rows, LOOK_AT))
        head = rules.find_head(top)
        kept = 0
        title: list[str] = []
        headings: list[tuple[int, str]] = []
        signed: list[int] = []
        if head is not None:
            title = _texts(top[: head.row])[:_TITLE_LINES]
            _refuse_marked(why_not_kept, [*title, *head.words])
            for number, cells, above, is_signature in _below(head, top, rows, why_not_kept):
                kept += 1
                received.total += 1
                if received.total > MOST_ROWS:
                    sentence = _("This file has more than %(n)s rows. Divide it into several files.")
                    raise Refused(fields={"file": [sentence % {"n": f"{MOST_ROWS:,}".replace(",", ".")}]})
                if above != (headings[-1][1] if headings else ""):
                    headings.append((received.total, above))
                if is_signature:
                    signed.append(received.total)
                packed = _encoded([_packed(cell) for cell in cells])
                yield (
                    uuid7(), received.pk, received.total, place, number, packed, ImportRow.Verdict.READ,
                    "", "", "", "", "", "", "", "[]", "[]",
                )  # fmt: skip
        received.sheets.append(
            {
                "name": name,
                "head": head.row + 1 if head else 0,
                "words": list(head.words) if head else [],
                "shape": head.shape if head else "",
                "title": title,
                "headings": headings,
                "signed": signed,
                "rows": kept,
            }
        )


def _below(
    head: Head, top: Sequence[Sequence[Cell]], rest: Iterator[list[Cell]], why_not_kept: Marked
) -> Iterator[tuple[int, list[Cell], str, bool]]:
    """The rows below a head that hold something: their number, their cells, the cell named above them, and whether
    they stand below the table, where who drew up the list signs."""
    above = ""
    is_below = is_after_blank = False
    first = head.row + head.depth
    of_head = {cell for row in top[head.row : first] for cell in row} | set(head.words)
    for n, cells in enumerate(_chained(top[first:], rest), start=first):
        said = {cell for cell in cells if cell is not None}
        if not said or (n == first and rules.is_row_of_numbers(cells)):
            is_after_blank = n > first
            continue
        if len(said) <= 2:
            _refuse_marked(why_not_kept, _texts([cells]))
            if named := heading(cells):
                above, is_below = named, False
                continue
        if said <= of_head:
            continue  # the head again, as it stands at the top of each printed page
        is_below = rules.is_foot(cells) or (is_below and rules.is_signature(cells))
        # A name alone after a gap is a signature too, unless the list has nothing but names.
        is_alone = is_after_blank and len(said) == 1 and len(head.words) > 2 and rules.is_signature(cells)
        is_after_blank = False
        yield n + 1, list(cells[: len(head.words)]), above, is_below or is_alone


def _chained(first: Iterable[Sequence[Cell]], rest: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield from first
    yield from rest


def _texts(rows: Iterable[Sequence[Cell]]) -> list[str]:
    return list(dict.fromkeys(text for row in rows for cell in row if (text := rules.as_text(cell)[:_LONGEST_TEXT])))


_AS_IT_IS = (bool, int, float)
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _packed(cell: Cell) -> object:
    """A cell as JSON keeps it: days marked as such, everything else as it is."""
    if cell is None or type(cell) in _AS_IT_IS:
        return cell
    if type(cell) is str:
        return (cell if "\x00" not in cell else cell.replace("\x00", ""))[:_LONGEST_TEXT]
    if isinstance(cell, datetime):
        return {"day": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return str(cell)


def _refuse_marked(why_not_kept: Marked, texts: Iterable[str]) -> None:
    if reason := why_not_kept("\n".join(texts)):
        raise Refused(fields={"file": [reason]})


def _known_shapes(received: Import) -> list[ListShape]:
    return list(ListShape.objects.filter(unit_id=received.unit_id, shape__in=queries.shapes(received)))


@transaction.atomic
def choose_columns(
    *,
    actor: Actor,
    import_id: UUID,
    columns: Mapping[str, Mapping[Column, Sequence[int]]],
    list_day: date,
    default_status: str,
    at: datetime,
) -> Import:
    """Says what each column holds, by shape of head; it is remembered for the unit. The list is then read (again)."""
    received = Import.objects.select_for_update(of=("self",)).select_related("unit").get(pk=import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if received.state not in (Import.State.MAPPING, Import.State.READY):
        raise Refused(_("The list is being worked on or was entered already, so its columns stay as they are."))
    if list_day > clock.day_of(at):
        raise Refused(fields={"list_day": [_("This day has not come yet. Choose today or a day before.")]})
    if default_status not in ("", *Status.values):
        raise Refused(fields={"default_status": [_("Choose one of the answers.")]})
    for shape, words in queries.shapes(received).items():
        chosen = {column: list(places) for column, places in columns.get(shape, {}).items() if places}
        if Column.NAME not in chosen:
            raise Refused(_("Choose the column that holds the full name. Without it nobody can be entered."))
        if any(place >= len(words) for places in chosen.values() for place in places):
            raise Refused(_("This form is no longer valid. Open the page again and send it once more."))
        received.columns[shape] = rules.columns_as_json(chosen)
        ListShape.objects.update_or_create(
            unit=received.unit,
            shape=shape,
            defaults={"columns": received.columns[shape], "default_status": default_status},
        )
    received.list_day, received.default_status = list_day, default_status
    received.save(update_fields=["columns", "list_day", "default_status"])
    audit.record(actor, Verb.LIST_COLUMNS_CHOSEN, received, at=at)
    _begin_reading(received)
    return received


def _begin_reading(received: Import) -> None:
    """Finds out which cell each sheet is of; from here on the worker reads (reactions), or the page at once."""
    cells = queries.cells_below(received.unit, received.list_day)
    for sheet in received.sheets:
        sheet["place"] = named_in([sheet["name"], *sheet["title"]], cells)
        if not sheet["place"] and received.unit.kind.has_members:
            sheet["place"] = queries.cell_name(received.unit, received.list_day)
    received.state, received.done, received.note = Import.State.READING, 0, ""
    received.save(update_fields=["sheets", "state", "done", "note"])
