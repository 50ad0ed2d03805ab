"""Taking in what a form sent: several files for one item, each on its own, so that one bad file keeps none back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from survey import audit, limits
from survey.database import write
from survey.evidence import keeping
from survey.evidence.kinds import FAULTS, MEBIBYTE, MOST_AT_ONCE, MOST_BYTES
from survey.identity import person
from survey.kept_files import Refused
from survey.models import Submission
from survey.settings import Settings


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: `fault` is what to do about it, empty if it is kept."""

    name: str
    fault: str = ""


def allow_files() -> None:
    """Let the form of this request hold photos. Said before anything reads it, and only for who is signed in."""
    if person() is not None:
        request.max_content_length = MOST_AT_ONCE * MOST_BYTES + MEBIBYTE


def sent_files() -> list[FileStorage]:
    """The files of the form, from whichever of its controls."""
    return [each for each in request.files.getlist("files") if each.filename]


def take(
    files: Sequence[FileStorage], submission: Submission, item: str, side: str, actor: audit.Actor, now: datetime
) -> list[Taken]:
    """Keep each file and put it to use for the item. `side`: firm or office."""
    firm = submission.organisation
    task = _Task(firm.id, firm.public_id, submission.id, item, side, actor, now)
    with write() as session:
        allowed = [limits.count(session, "evidence files", str(actor.user_id), now) for _file in files]
    return [
        _take(file, task) if free else _refused(file, "today") for file, free in zip(files, allowed, strict=True)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Task:
    """What the files are for, without anything that would read from the database."""

    firm_id: int
    firm: str
    submission_id: int
    item: str
    side: str
    actor: audit.Actor
    now: datetime


def _refused(file: FileStorage, why: str) -> Taken:
    return Taken(keeping.plain_name(file.filename or ""), str(FAULTS[why]))


def _take(file: FileStorage, task: _Task) -> Taken:
    """Drawing and scanning happen with no transaction open; what is not kept in the end leaves no file."""
    settings: Settings = current_app.config["SETTINGS"]
    used = None
    try:
        ready = keeping.prepare(settings, task.firm, file.filename or "", file.read(MOST_BYTES + 1))
    except Refused as refused:
        return _refused(file, refused.why)
    try:
        with write() as session:
            row = keeping.keep(session, task.firm_id, ready, task.side, task.actor, task.now)
            keeping.use(session, row.id, task.submission_id, task.item, task.actor, task.now)
            used = row.file
    except Refused as refused:
        return _refused(file, refused.why)
    finally:
        if used != ready.file:
            keeping.discard(settings, ready.file)
    return Taken(ready.name)
