"""A copy of data as a file to keep: JSON for machines, a workbook for people."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from survey.formatting import local_time
from survey.privacy.copies import Filled, as_json, tables

MOST_CELL: Final = 32_767
"""A cell holds no more characters; what is longer is whole in the JSON file."""

BREAKS: Final = "[]:*?/\\"


def _workbook(copy: Sequence[Filled], _made_at: datetime) -> bytes:
    book = Workbook(write_only=True)
    for title, rows in tables(copy):
        sheet = book.create_sheet("".join(sign for sign in title if sign not in BREAKS)[:31])
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, value, bold=number == 0) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool) -> Any:
    """A cell whose text is text: what begins with = is no formula, and no link is made of an address."""
    cell: Any = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = "".join(sign for sign in value if sign >= " " or sign in "\n\t")[:MOST_CELL]
        cell.data_type = "s"
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)
    return cell


def _text(copy: Sequence[Filled], made_at: datetime) -> bytes:
    return as_json(copy, made_at).encode()


FORMATS: Final[Mapping[str, tuple[str, Callable[[Sequence[Filled], datetime], bytes]]]] = {
    "json": ("application/json", _text),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook),
}
"""By the ending of the file: its type and who writes it."""


def sent(copy: Sequence[Filled], ending: str, name: str, made_at: datetime) -> Response:
    """The file as a download."""
    kind, write = FORMATS[ending]
    answer = Response(write(copy, made_at), mimetype=kind)
    day = f"{local_time(made_at):%Y-%m-%d}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.{ending}"'
    return answer
