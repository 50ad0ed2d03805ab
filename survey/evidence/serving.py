"""Handing out a file: only after the check of the right to it, streamed, under its own name and exact type."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from flask import abort, current_app, send_file

from survey import kept_files
from survey.evidence.keeping import FOLDER, small_of
from survey.evidence.kinds import PHOTO, TYPES
from survey.kept_files import JPEG
from survey.models import Evidence
from survey.settings import Settings


def opened(row: Evidence) -> Any:
    """A photo, which we have drawn ourselves, to look at; everything else as a download."""
    kept = row.file or ""
    name = PurePath(row.name or row.public_id).stem + PurePath(kept).suffix
    return _sent(kept, TYPES[row.kind], name, attached=row.kind != PHOTO)


def small(row: Evidence) -> Any:
    """The small picture of a photo."""
    return _sent(small_of(row.file or ""), JPEG, "small.jpg", attached=False)


def _sent(file: str, kind: str, name: str, *, attached: bool) -> Any:
    settings: Settings = current_app.config["SETTINGS"]
    path = kept_files.path_of(settings, FOLDER, file)
    if path is None:
        abort(404)
    return send_file(path, kind, as_attachment=attached, download_name=name, max_age=0)
