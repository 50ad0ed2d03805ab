"""A firm's report as an office reads it. Every opening is on record: a form opens it, and the page shows it after that.

What is still being filled in is never shown, only what was handed in, each time by its number.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit
from survey.access import acting, requires, submission_in_area_or_404
from survey.database import reading, write
from survey.desk.queries import VIEW
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Submission
from survey.report import shown
from survey.report.numbers import Numbered, chosen, numbered, others
from survey.report.shown import Addresses, addresses

OPENED: Final = "reports opened"
"""What the browser's own entry remembers: reports whose opening by this person was recorded, and when."""
LIFE: Final = timedelta(hours=12)
MOST_OPENED: Final = 20

bp = Blueprint("report", __name__, url_prefix="/firms/<public_id>/reports/<submission_id>")


@bp.get("")
@requires(VIEW)
def page(public_id: str, submission_id: str) -> str:
    """The report, once its opening is recorded; before that the question whether to open it."""
    submission = _submission(public_id, submission_id)
    times, one = _times(submission)
    if not _is_opened(submission_id):
        return render_template(
            "desk/firm_report.html", firm=submission.organisation, submission_id=submission_id, one=one
        )
    listed = others(times, one, lambda number: _address(public_id, submission_id, number))
    back = (url_for("desk.firm", public_id=public_id), _("Back to the firm"))
    at = _addresses(public_id, submission_id)
    return shown.page(one.scorecard_id, at, request.args.getlist("lock"), back=back, others=listed)


@bp.post("")
@requires(VIEW)
def read(public_id: str, submission_id: str) -> Response:
    """Record that somebody opens it, then show it."""
    submission, now = _submission(public_id, submission_id), datetime.now(UTC)
    one, actor = _times(submission)[1], audit.here(acting(VIEW))
    with write() as writing:
        audit.record(
            writing, actor, "firm.view", public_id, now=now, organisation_id=submission.organisation_id, detail="report"
        )
    _note_opened(submission_id, now)
    return redirect(_address(public_id, submission_id, one.number if "number" in request.args else None), 303)


@bp.get("/report.pdf")
@requires(VIEW)
def pdf(public_id: str, submission_id: str) -> Any:
    one = _times(_submission(public_id, submission_id))[1]
    if not _is_opened(submission_id):
        return redirect(_addresses(public_id, submission_id).page, 303)
    return shown.pdf(one.scorecard_id, _addresses(public_id, submission_id), _language(), ordered=False)


@bp.post("/report.pdf")
@requires(VIEW)
def make_again(public_id: str, submission_id: str) -> Response:
    one, actor = _times(_submission(public_id, submission_id))[1], audit.here(acting(VIEW))
    at, now = _addresses(public_id, submission_id), datetime.now(UTC)
    return shown.make_again(one.scorecard_id, at, _language(), submission_id, actor, now)


@bp.get("/preview")
@requires(VIEW)
def preview(public_id: str, submission_id: str) -> Any:
    one, at = _times(_submission(public_id, submission_id))[1], _addresses(public_id, submission_id)
    return shown.preview(one.scorecard_id, at, _language()) if _is_opened(submission_id) else redirect(at.page, 303)


# -- what is behind the pages ------------------------------------------------------------------------------------------


def _submission(public_id: str, submission_id: str) -> Submission:
    submission = submission_in_area_or_404(submission_id, VIEW)
    if submission.organisation.public_id != public_id:
        abort(404)
    return submission


def _times(submission: Submission) -> tuple[list[Numbered], Numbered]:
    """Every time it was handed in, and the one that the address asks for."""
    times = numbered(reading(), [submission.id]).get(submission.id, [])
    return times, chosen(times, request.args.get("number")) or abort(404)


def _language() -> str:
    return request.args.get("language") or page_language()


def _address(public_id: str, submission_id: str, number: int | None) -> str:
    return url_for("desk.report.page", public_id=public_id, submission_id=submission_id, number=number)


def _addresses(public_id: str, submission_id: str) -> Addresses:
    number = request.args.get("number")
    return addresses("desk.report", public_id=public_id, submission_id=submission_id, number=number)


# -- what was opened ---------------------------------------------------------------------------------------------------


def _opened() -> dict[str, float]:
    """When this person's openings were recorded, by report; nobody else's, should the browser be shared."""
    kept = session.get(OPENED) or {}
    return dict(kept["at"]) if kept.get("by") == signed_in().public_id else {}


def _is_opened(submission_id: str) -> bool:
    return _opened().get(submission_id, 0.0) > (datetime.now(UTC) - LIFE).timestamp()


def _note_opened(submission_id: str, now: datetime) -> None:
    newest = sorted({**_opened(), submission_id: now.timestamp()}.items(), key=lambda each: -each[1])[:MOST_OPENED]
    session[OPENED] = {"by": signed_in().public_id, "at": dict(newest)}
