"""The table of a chart as CSV that Excel opens: UTF-8 with its mark, and nothing in it that could be a formula."""

from __future__ import annotations

import csv
import io
from typing import Final

from flask import make_response
from werkzeug.wrappers import Response

from survey.dashboard.shapes import Cell, Chart
from survey.workbooks import disposition

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a text may not begin with, also in full width: a spreadsheet would work it out."""


def table(chart: Chart) -> bytes:
    """The table with its head, and a last line that says what is counted."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([_safe(name) for name in chart.head])
    writer.writerows([_safe(cell) for cell in row] for row in chart.rows)
    writer.writerow([])
    writer.writerow([_safe(chart.about)])
    return target.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> Cell:
    """A text that looks like a formula gets a sign before it which spreadsheets take for "this is text"."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def sent(chart: Chart, name: str, plain: str) -> Response:
    """The answer that hands the table out."""
    answer = make_response(table(chart))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = disposition(name, plain)
    return answer
