"""A copy of data as a file to keep: JSON for machines, a workbook for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from flask import Response

from survey.formatting import local_time
from survey.privacy.copies import Filled, as_json, as_workbook
from survey.workbooks import XLSX, disposition

FORMATS: Final[Mapping[str, tuple[str, Callable[[Sequence[Filled], datetime], str | bytes]]]] = {
    "json": ("application/json", as_json),
    "xlsx": (XLSX, lambda copy, _made_at: as_workbook(copy)),
}
"""By the ending of the file: its type and who writes it."""


def sent(copy: Sequence[Filled], ending: str, title: str, plain: str, made_at: datetime) -> Response:
    """The file as a download, named `title` where the browser can, else `plain`."""
    kind, write = FORMATS[ending]
    answer = Response(write(copy, made_at), mimetype=kind)
    day = f"{local_time(made_at):%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = disposition(f"{title} {day}", f"{plain}-{day}")
    return answer
