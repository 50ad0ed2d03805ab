"""The report of one submission: page, PDF, waiting for it, and the preview for browsers that cannot download."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaires.instrument import Instrument
from survey import audit, jobs
from survey.access import ACCOUNT, requires, submission_or_404
from survey.answering.hub import round_link, round_title
from survey.database import reading, write
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import TAGS, page_language, speaking
from survey.models import Scorecard, Submission
from survey.report import charts, files, queries, round_views
from survey.report.actions import order_again
from survey.report.build import build, listed
from survey.report.rendering import print_html, shared
from survey.report.round_queries import parts_of_round
from survey.report.wording import file_name

bp = Blueprint("report", __name__, url_prefix="/report")

Row = tuple[Scorecard, Instrument]

MOST_LOCKS = 200
"""Changes that somebody may call not possible in one address."""

bp.register_blueprint(round_views.bp)


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
    language = page_language()
    return render_template(
        "report/page.html",
        **shared(build(_record(submission), language, request.args.getlist("lock")[:MOST_LOCKS])),
        charts=charts,
        pdf_links={each: _links(submission_id, each)["pdf"] for each in TAGS},
        preview_link=_links(submission_id, language)["preview"],
        round_link=round_link(reading(), submission),
        languages=TAGS,
    )


@bp.get("/<submission_id>/pdf/<language>")
@requires("report:download")
def pdf(submission_id: str, language: str) -> Any:
    """The file when it is ready, else the page that waits for it or says what went wrong."""
    submission = submission_or_404(submission_id, "report:download")
    scorecard = _scorecard(submission, language)
    item = queries.newest_item(reading(), scorecard, language)
    path = files.finished(item)
    if path is None:
        return files.waiting(item, _links(submission_id, language))
    with speaking(language):
        report = build(_record(submission), language)
        return files.sent(path, file_name(report), f"report-{report.provenance.reference}.pdf")


@bp.post("/<submission_id>/pdf/<language>")
@requires("report:download")
def make_again(submission_id: str, language: str) -> Response:
    submission = submission_or_404(submission_id, "report:download")
    scorecard, now = _scorecard(submission, language), datetime.now(UTC)
    actor = audit.here()
    with write() as session:
        order_again(session, scorecard, language, submission_id, actor, now)
    jobs.wake(current_app)
    return redirect(_links(submission_id, language)["pdf"], 303)


@bp.get("/<submission_id>/preview/<language>")
@requires("report:view")
def preview(submission_id: str, language: str) -> str:
    """The pages of the PDF as HTML: WeChat's browser does not download."""
    submission = submission_or_404(submission_id, "report:view")
    _known(language)
    with speaking(language):
        return print_html(_record(submission), language, _links(submission_id, language)["page"])


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


def _links(submission_id: str, language: str) -> dict[str, str]:
    return {
        "page": url_for("report.page", submission_id=submission_id),
        "pdf": url_for("report.pdf", submission_id=submission_id, language=language),
        "again": url_for("report.make_again", submission_id=submission_id, language=language),
        "preview": url_for("report.preview", submission_id=submission_id, language=language),
    }
