"""Events as a workbook."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Final

from flask_babel import gettext as _

from survey.auditing.shown import Row
from survey.workbooks import Sheet, write

MOST_ROWS: Final = 10_000
"""More are not for reading: a narrower filter is."""


def workbook(rows: Iterable[Row]) -> bytes:
    """An XLSX file with one row for each event."""
    return write([Sheet(_("Record of deeds"), _head(), [_cells(row) for row in rows])])


def _head() -> tuple[str, ...]:
    """In the order of the fields of `Row`."""
    named = (_("Number"), _("Time"), _("Who"), _("Role"), _("What"), _("More"), _("About"), _("Result"))
    return (*named, _("Address"), _("Reference of a request"))


def _cells(row: Row) -> list[str | int]:
    return [value for name, value in dataclasses.asdict(row).items() if name != "refused"]
