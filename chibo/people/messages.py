"""What is said of a list that came in: each doubt as a sentence that says how to mend it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from chibo.core.sheets import Sheet
from chibo.people import queries, rules
from chibo.people.models import Import, ImportRow, Person
from chibo.people.rules import Column


@dataclass(frozen=True, slots=True)
class Told:
    """One doubt about a row: in which column, what was read there, and what to do."""

    column: str
    read: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One row of a list with where it stands, what was understood (the cell, from which day he belongs to it so), what
    is in doubt about it, and which gaps of the register it fills."""

    row: ImportRow
    sheet: str
    cell: str
    doubts: list[Told]
    fills: list[Told]
    since: date | None = None
    namesakes: Sequence[Person] = ()


def column_words() -> dict[Column, str]:
    """What the columns that the register takes are called on screen."""
    return {
        Column.NUMBER: _("Running number"),
        Column.NAME: _("Full name"),
        Column.BORN_ON: _("Born on"),
        Column.CELL: _("Cell"),
        Column.STATUS: _("Belongs as"),
        Column.JOINED_ON: _("Admitted on"),
        Column.OFFICIAL_ON: _("Official since"),
        Column.SINCE: _("In this cell since"),
        Column.CARD_NUMBER: _("Card number"),
        Column.EMAIL: _("E-mail address"),
    }


def told(
    received: Import,
    row: ImportRow,
    units: Mapping[UUID, str] | None = None,
    namesakes: Mapping[tuple[UUID, str], list[Person]] | None = None,
) -> ToldRow:
    """A row as its page and its file show it; `units` are the cells that were understood, by what they are called, and
    `namesakes` who of the same name is in them."""
    sheet = received.sheets[row.sheet]
    cells = queries.unpacked(row.cells)
    places = rules.columns_from_json(received.columns.get(sheet["shape"], {}))
    words = column_words()

    def read(column: Column) -> str:
        found = (rules.as_text(cells[n]) for n in places.get(column, ()) if n < len(cells))
        text = " ".join(dict.fromkeys(part for part in found if part))
        return text or (row.cell if column is Column.CELL else "")

    doubts = [
        Told(words[Column(one["column"])], read(Column(one["column"])), sentence(one))
        for one in (*row.doubts, *row.open)
    ]
    fills = [Told(words[Column(gap)], read(Column(gap)), "") for gap in row.gaps]
    since = None
    if row.unit is not None and row.status:
        since = rules.belongs_since(
            status=row.status,
            since=row.since,
            joined_on=row.joined_on,
            official_on=row.official_on,
            founded=row.unit.during.since,
            list_day=received.list_day,
        )
    cell = units.get(row.unit_id, row.cell) if units and row.unit_id else row.cell
    alike = namesakes.get((row.unit_id, row.search), []) if namesakes and row.unit_id else []
    return ToldRow(row, sheet["name"], cell, doubts, fills, since, [one for one in alike if one.pk != row.person_id])


def sentence(doubt: dict[str, Any]) -> str:
    """A doubt as a sentence in the reader's language."""
    return str(rules.SENTENCES[doubt["code"]].format(**doubt["facts"]))


def rest(received: Import) -> Iterable[Sheet]:
    """What was not entered, sheet by sheet as it came, with a last column of reasons: to be mended and sent again."""
    for place, sheet in enumerate(received.sheets):
        rows = queries.rows_of(received, ImportRow.Verdict.DOUBT).filter(sheet=place)
        if sheet["rows"] and rows.exists():
            yield Sheet(sheet["name"], [*sheet["words"], rules.REASONS], _rest_of(received, sheet["words"], rows))


def _rest_of(received: Import, words: list[str], rows: Any) -> Iterable[list[object]]:
    named = ""
    has_cells = any(Column.CELL in columns for columns in received.columns.values())
    for row in rows.iterator(chunk_size=2000):
        if not has_cells and row.cell != named:
            # The name that stood over these rows, or in the title that does not go back with them.
            named = row.cell
            yield [named if rules.heading([named]) else f"Chi bộ {named}"]
        cells: list[Any] = [*queries.unpacked(row.cells)][: len(words)]
        cells += [None] * (len(words) - len(cells))
        doubts = told(received, row).doubts
        yield [*cells, " ".join(f"{one.column}: {one.sentence}" for one in doubts)]
