"""Handing out a PDF: the file when it is ready, else the page that waits for it or says what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from flask import current_app, render_template, send_file
from werkzeug.wrappers import Response

from survey.models import JobItem
from survey.settings import Settings

WAITING_SECONDS: Final = 3
"""After how long the waiting page asks again, without script."""


def finished(item: JobItem | None) -> Path | None:
    """The finished file; a file that somebody removed is made again on request."""
    if item is None or item.state != "done" or not item.file:
        return None
    settings: Settings = current_app.config["SETTINGS"]
    path = settings.data_directory.resolve() / item.file
    return path if path.is_file() else None


def sent(path: Path, name: str, plain: str) -> Response:
    """The file under its full name; `plain` is for what does not know names with other letters."""
    answer = send_file(path, "application/pdf", max_age=0)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return answer


def waiting(item: JobItem | None, links: Mapping[str, str], *, ordered: bool = True) -> Any:
    """The page in place of a file. `links`: page, pdf, again (a form is sent there), preview.

    An item that should be there and is not has failed, unless nobody has `ordered` one yet.
    """
    missing = item is None or item.state == "done"
    state = "failed" if missing and ordered else "unordered" if item is None or missing else item.state
    return render_template("report/waiting.html", item=item, state=state, refresh=WAITING_SECONDS, links=links)
