"""What the firm handed in earlier, before it was returned: page, PDF and preview, for the firm's own people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit
from survey.access import requires, submission_or_404
from survey.database import reading
from survey.models import Submission
from survey.report import shown
from survey.report.numbers import Numbered, chosen, numbered, others
from survey.report.shown import Addresses, addresses

bp = Blueprint("numbers", __name__, url_prefix="/<submission_id>/submitted/<number>")


@bp.get("")
@requires("report:view")
def page(submission_id: str, number: str) -> str:
    submission = submission_or_404(submission_id, "report:view")
    times, one = _times(submission, number)
    back = (url_for("report.page", submission_id=submission_id), _("To the latest report"))
    listed = others(times, one, lambda each: number_address(submission_id, each))
    return shown.page(
        one.scorecard_id, _addresses(submission_id, number), request.args.getlist("lock"), back=back, others=listed
    )


@bp.get("/pdf/<language>")
@requires("report:download")
def pdf(submission_id: str, number: str, language: str) -> Any:
    submission = submission_or_404(submission_id, "report:download")
    one = _times(submission, number)[1]
    return shown.pdf(one.scorecard_id, _addresses(submission_id, number), language, ordered=False)


@bp.post("/pdf/<language>")
@requires("report:download")
def make_again(submission_id: str, number: str, language: str) -> Response:
    submission = submission_or_404(submission_id, "report:download")
    one, now = _times(submission, number)[1], datetime.now(UTC)
    at = _addresses(submission_id, number)
    return shown.make_again(one.scorecard_id, at, language, submission_id, audit.here(), now)


@bp.get("/preview/<language>")
@requires("report:view")
def preview(submission_id: str, number: str, language: str) -> str:
    submission = submission_or_404(submission_id, "report:view")
    one = _times(submission, number)[1]
    return shown.preview(one.scorecard_id, _addresses(submission_id, number), language)


def number_address(submission_id: str, number: int) -> str:
    return url_for("report.numbers.page", submission_id=submission_id, number=number)


def _times(submission: Submission, number: str) -> tuple[list[Numbered], Numbered]:
    times = numbered(reading(), [submission.id]).get(submission.id, [])
    return times, chosen(times, number) or abort(404)


def _addresses(submission_id: str, number: str) -> Addresses:
    return addresses("report.numbers", submission_id=submission_id, number=number)
