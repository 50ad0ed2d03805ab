"""Making the zip of an order, in a process of the worker, once all its reports are there or have failed."""

from __future__ import annotations

import os
import shutil
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import database, jobs, workbooks
from survey.desk import bundle_queries as queries
from survey.desk.bundle_actions import FOLDER, KEPT
from survey.desk.bundle_queries import Content
from survey.formatting import local_time
from survey.languages import speaking
from survey.models import Bundle, Scorecard
from survey.publishing.queries import instrument
from survey.report.make import application, limit_time
from survey.report.stored import card_from
from survey.report.verdict import outcome
from survey.settings import Settings
from survey.workbooks import Cell, Sheet

MOST_NAME: Final = 60
"""Characters of a firm's name in the name of a file: three bytes each and the report's number fit into 255."""
REFUSED: Final = frozenset('\\/:*?"<>|')


@dataclass(frozen=True, slots=True)
class Packed:
    """A report of the order with its file (None: it could not be made) and the name that the file has in the zip."""

    content: Content
    path: Path | None
    name: str


def make(settings: Settings, bundle_id: int, language: str) -> str:
    """Make the zip; answers its file, relative to the data folder. Raises `jobs.NotYet` while reports are being made.

    Nothing is drawn here: the reports' files are copied one after another, unpacked, so that time and memory are small.
    """
    limit_time()
    app = application(settings)
    with app.app_context(), speaking(language):
        with database.current().read() as session:
            bundle = session.get_one(Bundle, bundle_id)
            found = queries.contents(session, bundle)
            if any(each.state in queries.WAITING for each in found):
                raise jobs.NotYet
            packed = _packed(found, settings.data_directory)
            index, file = _index(session, packed, language), f"{FOLDER}/{bundle.public_id}-{bundle.job_id}.zip"
            _write(settings.data_directory / file, packed, _("00 Index of the reports") + ".xlsx", index)
            job_id = bundle.job_id
        with database.current().write() as session:
            _finish(session, bundle_id, job_id, file)
    return file


def _finish(session: Session, bundle_id: int, job_id: int, file: str) -> None:
    """Note the file, unless the zip was ordered anew meanwhile."""
    bundle, now = session.get_one(Bundle, bundle_id, with_for_update=True), datetime.now(UTC)
    if bundle.job_id == job_id:
        bundle.file, bundle.done_at, bundle.useless_after = file, now, now + KEPT


# -- what goes into it -------------------------------------------------------------------------------------------------


def _packed(found: Sequence[Content], folder: Path) -> list[Packed]:
    """Each report with its file and a name that no other has, whatever the case of its letters."""
    taken: set[str] = set()
    rows = []
    for each in found:
        name = file_name(each.firm, each.reference)
        while name.lower() in taken:
            name = f"{name.removesuffix('.pdf')}+.pdf"
        taken.add(name.lower())
        path = folder / each.file if each.state == "done" and each.file else None
        rows.append(Packed(each, path if path and path.is_file() else None, name))
    return rows


def file_name(firm: str, reference: str) -> str:
    """A name that people read and every system takes: no sign that a system refuses or that nobody sees."""
    plain = unicodedata.normalize("NFC", firm)
    kept = "".join(" " if each in REFUSED or unicodedata.category(each)[0] in "CZ" else each for each in plain)
    shown = " ".join(kept.split())[:MOST_NAME].strip(" .-~")
    return f"{shown} {reference}".strip() + ".pdf"


def _index(session: Session, packed: Sequence[Packed], language: str) -> bytes:
    """A table of what is in the zip, and of what is missing."""
    head = [
        _("Place in the table"), _("Firm"), _("Unified social credit code"), _("Area"), _("Report number"),
        _("Questionnaire"), _("Submitted"), _("Result"), _("Name of the file"),
    ]  # fmt: skip
    rows = [[number, *_row(session, each, language)] for number, each in enumerate(packed, 1)]
    return workbooks.write([Sheet(_("Reports"), head, rows)])


def _row(session: Session, packed: Packed, language: str) -> list[Cell]:
    scorecard = session.get_one(Scorecard, packed.content.scorecard_id)
    snapshot = scorecard.snapshot
    firm, used = snapshot.organisation, instrument(session, snapshot.instrument_id)
    return [
        firm["name"],
        firm["credit_code"],
        firm.get("area_en" if language == "en" else "area_zh") or "",
        packed.content.reference,
        used.title.say(language),
        f"{local_time(snapshot.submitted_at):%Y-%m-%d %H:%M}",
        outcome(card_from(scorecard.card), used, language),
        packed.name if packed.path else _("could not be made"),
    ]


def _write(path: Path, packed: Sequence[Packed], index_name: str, index: bytes) -> None:
    """Under another name first: whoever finds the file finds all of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(index_name), index)
        for each in packed:
            if each.path:
                with each.path.open("rb") as source, archive.open(_entry(each.name), "w") as target:
                    shutil.copyfileobj(source, target, 1024 * 1024)
    unfinished.chmod(0o600)
    unfinished.replace(path)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, local_time(datetime.now(UTC)).timetuple()[:6])
    entry.external_attr = 0o644 << 16
    return entry
