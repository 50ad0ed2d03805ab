"""The report of one submission: page, PDF, waiting for it, and the preview for browsers that cannot download."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, current_app, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import ACCOUNT, requires, signed_in, submission_or_404
from survey.database import reading, write
from survey.languages import TAGS, page_language, speaking
from survey.models import JobItem, Submission
from survey.report import charts, queries
from survey.report.actions import order_again
from survey.report.build import build, listed
from survey.report.rendering import print_html, shared
from survey.report.wording import file_name
from survey.settings import Settings

bp = Blueprint("report", __name__, url_prefix="/report")

WAITING_SECONDS = 3
"""After how long the waiting page asks again, without script."""


@bp.get("/")
@requires(ACCOUNT)
def home() -> str:
    """The reports of the person's firms."""
    rows = queries.submitted(reading(), signed_in().user_id)
    return render_template("report/home.html", reports=[listed(row, page_language()) for row in rows])


@bp.get("/<submission_id>")
@requires("report:view")
def page(submission_id: str) -> str:
    record = _record(submission_or_404(submission_id, "report:view"))
    return render_template(
        "report/page.html",
        **shared(build(record, page_language())),
        charts=charts,
        submission_id=submission_id,
        languages=TAGS,
    )


@bp.get("/<submission_id>/pdf/<language>")
@requires("report:download")
def pdf(submission_id: str, language: str) -> Any:
    """The file when it is ready, else the page that waits for it or says what went wrong."""
    submission = submission_or_404(submission_id, "report:download")
    scorecard = _scorecard(submission, language)
    item = queries.newest_item(reading(), scorecard, language)
    path = _file(item)
    if path is not None:
        return _sent(path, scorecard, language)
    state = "missing" if item is None or item.state == "done" else item.state
    return render_template(
        "report/waiting.html",
        item=item,
        state="failed" if state == "missing" else state,
        refresh=WAITING_SECONDS,
        submission_id=submission_id,
        spoken=language,
    )


@bp.post("/<submission_id>/pdf/<language>")
@requires("report:download")
def make_again(submission_id: str, language: str) -> Response:
    submission = submission_or_404(submission_id, "report:download")
    scorecard, now = _scorecard(submission, language), datetime.now(UTC)
    actor = audit.here()
    with write() as session:
        order_again(session, scorecard, language, submission_id, actor, now)
    jobs.wake(current_app)
    return redirect(url_for("report.pdf", submission_id=submission_id, language=language), 303)


@bp.get("/<submission_id>/preview/<language>")
@requires("report:view")
def preview(submission_id: str, language: str) -> str:
    """The pages of the PDF as HTML: WeChat's browser does not download."""
    submission = submission_or_404(submission_id, "report:view")
    _known(language)
    back = url_for("report.page", submission_id=submission_id)
    with speaking(language):
        return print_html(
            _record(submission),
            language,
            back=back,
        )


# -- what is behind the pages ------------------------------------------------------------------------------------------


def _known(language: str) -> None:
    if language not in TAGS:
        abort(404)


def _scorecard(submission: Submission, language: str) -> int:
    """The newest scorecard; a report there is only of what was submitted."""
    _known(language)
    found = queries.scorecard_id(reading(), submission.id)
    if found is None:
        abort(404)
    return found


def _record(submission: Submission) -> queries.Record:
    record = queries.record(reading(), _scorecard(submission, page_language()))
    assert record is not None
    return record


def _file(item: JobItem | None) -> Path | None:
    """The finished file; a file that somebody removed is made again on request."""
    if item is None or item.state != "done" or not item.file:
        return None
    settings: Settings = current_app.config["SETTINGS"]
    path = settings.data_directory.resolve() / item.file
    return path if path.is_file() else None


def _sent(path: Path, scorecard: int, language: str) -> Response:
    record = queries.record(reading(), scorecard)
    assert record is not None
    with speaking(language):
        name = file_name(build(record, language))
    answer = send_file(path, "application/pdf", max_age=0)
    plain = f"report-{record.reference}.pdf"  # for what does not know the other form
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return answer
