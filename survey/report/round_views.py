"""The report on a round: one page and one PDF for all that a firm has done in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import organisation_or_404, requires
from survey.database import reading, write
from survey.formatting import local_time
from survey.languages import TAGS, page_language, speaking
from survey.models import Scorecard
from survey.report import charts, files
from survey.report.actions import order_again
from survey.report.queries import newest_item
from survey.report.rendering import print_round_html, shared_round
from survey.report.round_build import build_round
from survey.report.round_queries import ROUND, RoundRecord, round_record, round_scorecard
from survey.report.wording import round_file_name

bp = Blueprint("rounds", __name__, url_prefix="/rounds/<round_id>/<organisation_id>")


@bp.get("")
@requires("report:view")
def page(round_id: str, organisation_id: str) -> str:
    record = _record(_scorecard(round_id, organisation_id, "report:view"))
    return render_template(
        "report/round.html",
        **shared_round(build_round(record, page_language())),
        charts=charts,
        links=_links(round_id, organisation_id, page_language()),
        pdf_links={language: _links(round_id, organisation_id, language)["pdf"] for language in TAGS},
        languages=TAGS,
    )


@bp.get("/pdf/<language>")
@requires("report:download")
def pdf(round_id: str, organisation_id: str, language: str) -> Any:
    """The file when it is ready, else the page that offers to make it or waits for it."""
    scorecard = _scorecard(round_id, organisation_id, "report:download", language)
    item = newest_item(reading(), scorecard, language, ROUND)
    path = files.finished(item)
    if path is None:
        return files.waiting(item, _links(round_id, organisation_id, language), ordered=item is not None)
    with speaking(language):
        report = build_round(_record(scorecard), language)
        return files.sent(path, round_file_name(report), f"report-{local_time(report.latest):%Y-%m-%d}.pdf")


@bp.post("/pdf/<language>")
@requires("report:download")
def make(round_id: str, organisation_id: str, language: str) -> Response:
    scorecard, now = _scorecard(round_id, organisation_id, "report:download", language), datetime.now(UTC)
    actor = audit.here()
    submission = reading().get_one(Scorecard, scorecard).snapshot.submission.public_id
    with write() as session:
        order_again(session, scorecard, language, submission, actor, now, ROUND)
    jobs.wake(current_app)
    return redirect(_links(round_id, organisation_id, language)["pdf"], 303)


@bp.get("/preview/<language>")
@requires("report:view")
def preview(round_id: str, organisation_id: str, language: str) -> str:
    """The pages of the PDF as HTML: WeChat's browser does not download."""
    scorecard = _scorecard(round_id, organisation_id, "report:view", language)
    with speaking(language):
        return print_round_html(_record(scorecard), language, _links(round_id, organisation_id, language)["page"])


def _scorecard(round_id: str, organisation_id: str, permission: str, language: str | None = None) -> int:
    """What names the newest report; a report there is only once something was submitted."""
    organisation = organisation_or_404(organisation_id, permission)
    found = round_scorecard(reading(), round_id, organisation.id)
    if found is None or (language is not None and language not in TAGS):
        abort(404)
    return found


def _record(scorecard: int) -> RoundRecord:
    record = round_record(reading(), scorecard, local_time(datetime.now(UTC)).date())
    assert record is not None
    return record


def _links(round_id: str, organisation_id: str, language: str) -> dict[str, str]:
    def url(endpoint: str) -> str:
        return url_for(endpoint, round_id=round_id, organisation_id=organisation_id)

    def url_of_file(endpoint: str) -> str:
        return url_for(endpoint, round_id=round_id, organisation_id=organisation_id, language=language)

    return {
        "page": url("report.rounds.page"),
        "round": url("answering.round_page"),
        "pdf": url_of_file("report.rounds.pdf"),
        "again": url_of_file("report.rounds.make"),
        "preview": url_of_file("report.rounds.preview"),
    }
