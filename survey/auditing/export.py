"""Events as a workbook."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from survey.auditing.shown import Row

MOST_ROWS: Final = 10_000
"""More are not for reading: a narrower filter is."""


def workbook(rows: Iterable[Row]) -> bytes:
    """An XLSX file with one row for each event. Every cell is text: nothing in it is ever computed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Record of deeds"))
    sheet.append([_text(sheet, name) for name in _head()])
    for row in rows:
        values = dataclasses.asdict(row)
        values.pop("refused")
        sheet.append([_text(sheet, str(value)) for value in values.values()])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _head() -> tuple[str, ...]:
    """In the order of the fields of `Row`."""
    named = (_("Number"), _("Time"), _("Who"), _("Role"), _("What"), _("More"), _("About"), _("Result"))
    return (*named, _("Address"), _("Reference of a request"))


def _text(sheet: Any, value: str) -> Any:
    try:
        cell = WriteOnlyCell(sheet, value)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, "".join(sign for sign in value if sign.isprintable()))
    cell.data_type = "s"  # a name that begins with "=" is a name
    return cell
