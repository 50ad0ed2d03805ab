"""Making one PDF, in a process of the worker: read the frozen rows, draw, write, rename."""

from __future__ import annotations

import gc
import math
import os
import resource
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from multiprocessing import parent_process
from pathlib import Path
from typing import Final

from flask import Flask
from sqlalchemy.orm import Session

from survey import database
from survey.app import create_app
from survey.formatting import local_time
from survey.languages import speaking
from survey.report import pdf
from survey.report.queries import record
from survey.report.rendering import print_html, print_round_html
from survey.report.round_queries import round_record
from survey.settings import Settings
from survey.verification import paper

FOLDER: Final = "reports"
MOST_MEMORY: Final = 2 * 1024**3
MOST_SECONDS: Final = 30
"""Of processor time for one report; a usual one takes less than 1."""


@cache
def application(settings: Settings) -> Flask:
    """The site within a process of the worker, made once."""
    return create_app(settings)


def prepare(settings: Settings) -> None:
    """Once in each process, before its first report, so that nobody waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker decides when to stop
    threading.Thread(target=_follow_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    application(settings)
    pdf.warm_up()
    gc.collect()
    gc.freeze()  # what is loaded by now stays for good: no need to look through it again and again


def _follow_parent() -> None:
    """A killed worker closes nothing; without this its processes would wait for work for ever."""
    worker = parent_process()
    if worker is not None:
        worker.join()
        os._exit(1)


def make(settings: Settings, scorecard_id: int, language: str) -> str:
    """Make the PDF of a scorecard; answers its file, relative to the data folder. Making it again changes nothing."""

    def drawn(session: Session) -> tuple[str, str] | None:
        found = record(session, scorecard_id)
        return (
            None
            if found is None
            else (f"{found.snapshot.public_id}-{scorecard_id}-{language}", print_html(found, language))
        )

    return make_document(settings, scorecard_id, language, drawn)


def make_round(settings: Settings, scorecard_id: int, language: str) -> str:
    """The PDF of a whole round, named by the scorecard of what was submitted last."""

    def drawn(session: Session) -> tuple[str, str] | None:
        found = round_record(session, scorecard_id, local_time(datetime.now(UTC)).date())
        return (
            None
            if found is None
            else (f"{found.public_id}-{scorecard_id}-round-{language}", print_round_html(found, language))
        )

    return make_document(settings, scorecard_id, language, drawn)


def make_visit_form(settings: Settings, visit_id: int, language: str) -> str:
    """The form of a visit, to be filled in with a pen."""
    return make_document(settings, visit_id, language, lambda session: paper.document(session, visit_id, language))


def make_document(
    settings: Settings, subject_id: int, language: str, drawn: Callable[[Session], tuple[str, str] | None]
) -> str:
    """The file with what `drawn` gives: its name and its HTML. Raises `LookupError` where it gives nothing."""
    limit_time()
    app = application(settings)
    with app.app_context(), speaking(language), database.current().read() as session:
        found = drawn(session)
    if found is None:
        raise LookupError(f"there is nothing with the id {subject_id}")
    name, html = found
    try:
        made = pdf.pdf(html, name)
    except pdf.Refused as refused:  # a BaseException, which no caller expects
        raise RuntimeError(str(refused)) from None
    return _write(settings.data_directory, f"{FOLDER}/{name[:2]}/{name}.pdf", made)


def limit_time() -> None:
    """The kernel ends the process when this item uses too much processor time; never one that is not the worker's."""
    if parent_process() is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + MOST_SECONDS, hard))


def _write(folder: Path, file: str, content: bytes) -> str:
    """Under another name first: whoever finds the file finds all of it."""
    path = folder / file
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return file
