"""The report of one submission: page, PDF, waiting for it, and the preview for browsers that cannot download."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from questionnaires.instrument import Instrument
from survey import audit
from survey.access import ACCOUNT, requires, submission_or_404
from survey.answering.hub import round_link, round_title
from survey.database import reading
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Scorecard, Submission
from survey.report import number_views, queries, round_views, shown
from survey.report.build import listed
from survey.report.numbers import numbered, others
from survey.report.round_queries import parts_of_round
from survey.report.shown import addresses

bp = Blueprint("report", __name__, url_prefix="/report")

Row = tuple[Scorecard, Instrument]

bp.register_blueprint(round_views.bp)
bp.register_blueprint(number_views.bp)


@bp.get("/")
@requires(ACCOUNT)
def home() -> str:
    """The reports of the person's firms, by round."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in queries.submitted(reading(), signed_in().user_id, local_time(datetime.now(UTC)).date()):
        submission = row[0].snapshot.submission
        ids = (submission.campaign.round.public_id, submission.organisation.public_id)
        groups.setdefault(ids, []).append(row)
    return render_template("report/home.html", groups=[_group(rows) for rows in groups.values()])


def _group(rows: list[Row]) -> dict[str, Any]:
    """What one firm submitted in one round: firm, round, link (to the report on all of it, if there can be more)."""
    language, snapshot = page_language(), rows[0][0].snapshot
    round_, firm = snapshot.submission.campaign.round, snapshot.submission.organisation
    several = parts_of_round(reading(), round_.id) > 1
    return {
        "firm": snapshot.organisation["name"],
        "round": round_title(round_, language),
        "link": url_for("report.rounds.page", round_id=round_.public_id, organisation_id=firm.public_id)
        if several
        else None,
        "reports": sorted((listed(row, language) for row in rows), key=lambda each: each["place"]),
    }


@bp.get("/<submission_id>")
@requires("report:view")
def page(submission_id: str) -> str:
    submission = submission_or_404(submission_id, "report:view")
    times = numbered(reading(), [submission.id]).get(submission.id) or abort(404)
    link = round_link(reading(), submission)
    return shown.page(
        times[0].scorecard_id,
        addresses("report", submission_id=submission_id),
        request.args.getlist("lock"),
        back=(link, _("All parts of this round")) if link else None,
        others=others(times, times[0], lambda number: number_views.number_address(submission_id, number)),
    )


@bp.get("/<submission_id>/pdf/<language>")
@requires("report:download")
def pdf(submission_id: str, language: str) -> Any:
    """The file when it is ready, else the page that waits for it or says what went wrong."""
    submission = submission_or_404(submission_id, "report:download")
    return shown.pdf(_scorecard(submission), addresses("report", submission_id=submission_id), language)


@bp.post("/<submission_id>/pdf/<language>")
@requires("report:download")
def make_again(submission_id: str, language: str) -> Response:
    submission = submission_or_404(submission_id, "report:download")
    now, at = datetime.now(UTC), addresses("report", submission_id=submission_id)
    return shown.make_again(_scorecard(submission), at, language, submission_id, audit.here(), now)


@bp.get("/<submission_id>/preview/<language>")
@requires("report:view")
def preview(submission_id: str, language: str) -> str:
    """The pages of the PDF as HTML: WeChat's browser does not download."""
    submission = submission_or_404(submission_id, "report:view")
    return shown.preview(_scorecard(submission), addresses("report", submission_id=submission_id), language)


# -- what is behind the pages ------------------------------------------------------------------------------------------


def _scorecard(submission: Submission) -> int:
    """The newest scorecard; a report there is only of what was submitted."""
    return queries.scorecard_id(reading(), submission.id) or abort(404)
