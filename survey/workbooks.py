"""Tables from outside and for outside: reading XLSX and CSV without trusting them, writing XLSX without formulas.

* `rows(data, name, most_rows=…, most_columns=…)` gives the rows of the first sheet, or of the CSV, as lines of text.
* `write(sheets)` gives the bytes of a workbook; what begins with `=`, `+`, `-` or `@` is text in it, never a formula.
* `sent(data, name, plain)` is the answer that hands it out under a Chinese or English name (RFC 6266).

A file is first taken apart as an archive: how many parts, how large unpacked, how strongly packed. Python never unpacks
more of a part than its header declares, so these limits hold whatever is in the file. Only then openpyxl reads it, with
defusedxml, row by row, within the caps for rows and columns.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import openpyxl
import openpyxl.xml
from flask import make_response
from flask_babel import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from werkzeug.wrappers import Response

if not openpyxl.xml.DEFUSEDXML:
    raise RuntimeError("defusedxml is missing: openpyxl would read hostile XML")

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDS: Final = (".xlsx", ".csv")
"""What the name of a file to read may end with."""

MOST_PARTS: Final = 200
MOST_UNPACKED: Final = 30_000_000
MOST_RATIO: Final = 100
RATIO_FROM: Final = 1_000_000
"""A small part may be packed as strongly as it likes: a sheet of the same few words is."""
LAST_ROW: Final = 1_048_576
"""Of any sheet. A row that claims a higher number is never reached."""
MOST_IN_CELL: Final = 32_767
ZIP: Final = b"PK\x03\x04"

# -- reading -----------------------------------------------------------------------------------------------------------


class UnreadableFile(Exception):
    """The file is no table that may be read; `str()` of it says what to do, in the language of the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not empty: its number as Excel shows it, and its cells as text, as many as the row has."""

    number: int
    cells: list[str]


def rows(data: bytes, name: str, *, most_rows: int, most_columns: int = 60) -> list[Line]:
    """The rows of a file that are not empty, the first of them usually the names of the columns.

    `name` is what it is called where it comes from; content and name must both say XLSX, or both CSV (UTF-8 with or
    without a mark at its start, or GB 18030). Dates become 2027-06-30, whole numbers have no decimals, formulas are
    what was last computed. Raises `UnreadableFile`.
    """
    kind = next((end for end in ENDS if name.lower().endswith(end)), None)
    packed = data.startswith(ZIP)
    if kind is None or packed != (kind == ".xlsx"):
        raise UnreadableFile(_("The file must be an Excel workbook (.xlsx) or a CSV table, and its name must say so"))
    found = _from_workbook(data, most_rows, most_columns) if packed else _from_csv(data)
    return list(_within(found, most_rows, most_columns))


def _within(found: Iterable[tuple[int, Sequence[str]]], most_rows: int, most_columns: int) -> Iterator[Line]:
    count = 0
    for number, cells in found:
        last = max((place for place, cell in enumerate(cells, 1) if cell), default=0)
        if last > most_columns:
            raise UnreadableFile(_("Row %(row)s has more than %(most)s columns", row=number, most=most_columns))
        if last:
            count += 1
            if count > most_rows:
                raise UnreadableFile(
                    _("The file has more than %(most)s rows. Divide it into several files", most=most_rows)
                )
            yield Line(number, list(cells[:last]))


def _from_workbook(data: bytes, most_rows: int, most_columns: int) -> list[tuple[int, list[str]]]:
    try:
        check_archive(data)
        with warnings.catch_warnings(action="ignore"):  # it warns of parts it leaves out, such as lists to choose from
            return _first_sheet(data, most_rows, most_columns)
    except UnreadableFile:
        raise
    except Exception as fault:  # whatever a broken file makes the library raise
        raise UnreadableFile(
            _("The workbook cannot be read. Open it in Excel, save it again as .xlsx without a password, and try again")
        ) from fault


def check_archive(data: bytes) -> None:
    """Refuse an archive that is too large unpacked, before anything of it is unpacked. Raises `UnreadableFile`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    bombs = [part for part in parts if part.file_size > max(RATIO_FROM, MOST_RATIO * part.compress_size)]
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or bombs:
        raise UnreadableFile(
            _("The workbook is too large when unpacked. Copy the rows alone into the template and send that")
        )


def _first_sheet(data: bytes, most_rows: int, most_columns: int) -> list[tuple[int, list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        found: list[tuple[int, list[str]]] = []
        lines = sheet.iter_rows(max_row=LAST_ROW, max_col=most_columns + 1, values_only=True)
        for number, cells in enumerate(lines, 1):
            if any(cell is not None for cell in cells):
                found.append((number, [_text(cell) for cell in cells]))
            if len(found) > most_rows + 1:
                break  # one more than allowed is enough to refuse it
        return found
    finally:
        book.close()


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return "" if cell is None else str(cell).strip()


def _from_csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as fault:
        raise UnreadableFile(_("The CSV file is damaged: a quotation mark is not closed")) from fault


def _decoded(data: bytes) -> str:
    """As UTF-8, or as Chinese Excel saves CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(_("The text of the file cannot be read. Save it as CSV UTF-8 or as .xlsx"))


# -- writing -----------------------------------------------------------------------------------------------------------

Cell: TypeAlias = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write. `title` has at most 31 characters.

    `choices`: for a column, counted from 0, the title of the sheet whose first column holds what may be chosen.
    `blank`: how many empty rows below are prepared as text, so that Excel makes no number of a code typed there.
    """

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[int, str] = field(default_factory=dict)
    blank: int = 0


def write(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an XLSX workbook. Text is text whatever it begins with; int and Decimal are numbers, dates dates.

    A moment (`datetime`) must be put into words or made a date by the caller. Signs that XML cannot hold are left out.
    """
    lines = {sheet.title: [list(row) for row in sheet.rows] for sheet in sheets}
    if any(isinstance(cell, datetime) for each in lines.values() for row in each for cell in row):
        raise TypeError("a moment has a zone, which a workbook has not: give a date or words")
    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = None
    for sheet in sheets:
        _write_sheet(book, sheet, lines)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_sheet(book: Any, sheet: Sheet, lines: Mapping[str, list[list[Cell]]]) -> None:
    made, mine = book.create_sheet(sheet.title), lines[sheet.title]
    made.freeze_panes = "A2"
    for place, name in enumerate(sheet.head):
        column = made.column_dimensions[get_column_letter(place + 1)]
        column.width = _width([name, *(row[place] for row in mine[:200] if place < len(row))])
        if sheet.blank:
            column.number_format = "@"
    for place, other in sheet.choices.items():
        _offer(made, place, other, len(lines[other]), sheet.blank + len(mine))
    made.append([_written(made, name, bold=True) for name in sheet.head])
    for row in mine:
        made.append([_written(made, cell) for cell in row])


def _written(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    """A cell that is what its value is: text that looks like a formula stays text, also after somebody edits it."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_IN_CELL])
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # the stubs know neither Decimal nor date
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _offer(sheet: Any, place: int, other: str, count: int, rows_below: int) -> None:
    letter, quoted = get_column_letter(place + 1), other.replace("'", "''")
    choice = DataValidation(type="list", formula1=f"'{quoted}'!$A$2:$A${count + 1}", allow_blank=True)
    choice.add(f"{letter}2:{letter}{rows_below + 1}")
    sheet.data_validations.append(choice)


def _width(cells: Iterable[Cell]) -> int:
    """So that the longest line fits; a Chinese character is as wide as two letters."""
    longest = max((sum(1 if sign < "\u1100" else 2 for sign in str(cell or "")) for cell in cells), default=0)
    return min(max(longest + 2, 10), 60)


# -- handing out -------------------------------------------------------------------------------------------------------


def sent(data: bytes, name: str, plain: str) -> Response:
    """The answer that hands a workbook out as `name`; `plain`, in ASCII, is for what knows no other letters."""
    answer = make_response(data)
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = disposition(name, plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def disposition(name: str, plain: str) -> str:
    """The header that names a download (RFC 6266). No letter of `name` can break out of it: all are encoded."""
    safe = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign in "-_."))
    return f"attachment; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}"
