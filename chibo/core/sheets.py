"""Spreadsheets of offices: reading what they send (.xlsx, .xls, .ods), and writing lists that open in Excel.

A cell comes as text, a day or a number. What is written never starts a formula in the reader's program.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)
from xlsxwriter.utility import xl_col_to_name

from chibo.core import http
from chibo.core.refusals import Refused

type Cell = str | int | float | bool | date | time | timedelta | None

MOST_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_UNPACKED = 400_000_000  # bytes: 100,000 members in ten columns come to some 60 million
_WIDEST = 60  # letters
_LAST_OFFERED = 2_000  # the row down to which Excel offers words
OFFERED = "Từ để chọn"
"""The hidden sheet in which the words stand among which Excel offers to choose."""
_NAME = 31  # letters in the name of a sheet, by the file format
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to be written: its name, the heads of its columns, its rows; `choices` are the words among which Excel
    offers to choose, by the number of their column."""

    name: str
    head: Sequence[object]
    rows: Iterable[Sequence[object]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


class Book:
    """A spreadsheet that was sent, the sheets one sees in it in their order. Raises Refused with a sentence for what is
    none."""

    def __init__(self, file: BinaryIO) -> None:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                if sum(entry.file_size for entry in packed.infolist()) > _MOST_UNPACKED:
                    raise Refused(_("This file unpacks to more than is safe. Divide it into several files."))
        file.seek(0)
        try:
            self._book = CalamineWorkbook.from_filelike(file)
        except PasswordError as error:
            raise Refused(_("This file is protected by a password. Save it without one and send that.")) from error
        except (CalamineError, OSError, ValueError) as error:
            raise Refused(_("This file is not a spreadsheet. Save it as an Excel workbook and send that.")) from error
        all_sheets = [one for one in self._book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        seen = [one for one in all_sheets if one.visible == SheetVisibleEnum.Visible]
        self.names = [one.name for one in seen or all_sheets]

    def rows(self, name: str) -> Iterator[list[Cell]]:
        """The rows of a sheet from its first line on, so that the place in the list is the row's number less one.

        A cell merged over others stands in each of them.
        """
        sheet = self._book.get_sheet_by_name(name)
        merged = _merged(sheet)
        above: dict[int, Cell] = {}
        # Columns before the first that is filled are not told, rows before it are.
        margin: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
        for n, row in enumerate(sheet.iter_rows()):
            cells = margin + [None if cell == "" else cell for cell in row]
            for top, left, bottom, right in merged.get(n, ()):
                if n == top:
                    above[left] = cells[left] if left < len(cells) else None
                for column in range(left, min(right + 1, len(cells))):
                    cells[column] = above.get(left)
                if n == bottom:
                    above.pop(left, None)
            yield cells


def _merged(sheet: CalamineSheet) -> dict[int, list[tuple[int, int, int, int]]]:
    """By row, the merged areas that cross it: top, left, bottom, right."""
    found: dict[int, list[tuple[int, int, int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, bottom + 1):
            found.setdefault(row, []).append((top, left, bottom, right))
    return found


def text(cell: Cell) -> str:
    """A cell as a person reads it: no “.0” behind whole numbers, days as 03/02/2026."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return str(cell).strip()


def write(sheets: Iterable[Sheet]) -> bytes:
    """A workbook (.xlsx) of these sheets: heads in bold and held in sight, columns as wide as their words.

    Texts stay texts, so that a card number keeps its leading noughts; days are days.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    taken: set[str] = set()
    offered: list[Sequence[str]] = []
    for one in sheets:
        sheet = book.add_worksheet(_sheet_name(one.name, taken))
        sheet.freeze_panes(1, 0)
        widths = [len(str(head)) for head in one.head]
        for column, head in enumerate(one.head):
            sheet.write_string(0, column, str(head), bold)
        for n, row in enumerate(one.rows, start=1):
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, date):
                    sheet.write_datetime(n, column, value, day)
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(n, column, value)
                else:
                    sheet.write_string(n, column, harmless(str(value)))
                if column < len(widths):
                    widths[column] = max(widths[column], len(str(value)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, _WIDEST))
        for column, words in one.choices.items():
            offered.append(words)
            letter = xl_col_to_name(len(offered) - 1, col_abs=True)
            source = f"='{OFFERED}'!{letter}$1:{letter}${len(words)}"
            sheet.data_validation(
                1, column, _LAST_OFFERED, column, {"validate": "list", "source": source, "error_type": "information"}
            )
    if offered:
        sheet = book.add_worksheet(OFFERED)
        for column, words in enumerate(offered):
            sheet.write_column(0, column, words)
        sheet.hide()
    book.close()
    return out.getvalue()


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula, even when it is later saved as plain text and opened again."""
    return f"'{value}" if value.startswith(_STARTS_A_FORMULA) else value


def _sheet_name(name: str, taken: set[str]) -> str:
    bare = "".join(" " if letter in r"[]:*?/\'" else letter for letter in name).strip()[:_NAME] or "1"
    found, n = bare, 2
    while found.lower() in taken:
        found, n = f"{bare[: _NAME - 4]} ({n})", n + 1
    taken.add(found.lower())
    return found


def is_wanted(request: HttpRequest) -> bool:
    """Whether a list was asked for as a file instead of a page: `?as=xlsx`, the link “Tải về Excel”."""
    return request.GET.get("as") == "xlsx"


def all_of[Row](rows: Sequence[Row] | QuerySet[Any, Row]) -> Iterator[Row]:
    """The rows of a list for a file, read part by part. Raises Refused where they are more than MOST_ROWS."""
    if (rows.count() if isinstance(rows, QuerySet) else len(rows)) > MOST_ROWS:
        raise Refused(
            _("This list has more than %(n)s rows. Narrow it by a search, or open it for a unit further below.")
            % {"n": f"{MOST_ROWS:,}".replace(",", ".")}
        )
    return rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else iter(rows)


def download_lists(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """Lists as the answer of a page: a workbook to keep."""
    return download(name, write(sheets))


def download(name: str, workbook: bytes) -> HttpResponse:
    """A workbook as the answer of a page: a file to keep."""
    return http.download(f"{name}.xlsx", workbook, XLSX)
