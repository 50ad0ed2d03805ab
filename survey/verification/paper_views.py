"""The printed form of a visit: made by the worker, handed out when it is ready; its pages for who cannot download."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, redirect, url_for
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import acting, requires
from survey.database import reading, write
from survey.languages import TAGS, speaking
from survey.report import files
from survey.report.queries import newest_item
from survey.verification import paper
from survey.verification.planning_actions import FORM
from survey.verification.rights import VIEW, assessor_visit_or_404


@requires(VIEW)
def form(visit_id: str, language: str) -> Any:
    """The file when it is ready, else the page that waits for it or offers to make it."""
    visit = assessor_visit_or_404(visit_id, VIEW)
    _known(language)
    item = newest_item(reading(), visit.id, language, FORM)
    path = files.finished(item)
    if path is None:
        return files.waiting(item, _links(visit_id, language), ordered=item is not None)
    return files.sent(path, paper.file_name(visit, language), f"visit-{visit.submission.reference}.pdf")


@requires(VIEW)
def make_form(visit_id: str, language: str) -> Response:
    """Have it made once more: the answers may be others by now."""
    visit, now = assessor_visit_or_404(visit_id, VIEW), datetime.now(UTC)
    _known(language)
    user_id = audit.here(acting(VIEW)).user_id
    with write() as session:
        known = newest_item(session, visit.id, language, FORM)
        if known is None or known.state in ("failed", "done"):
            jobs.order(session, FORM, visit.id, [language], user_id, now, jobs.WAITING)
    jobs.wake(current_app)
    return redirect(_links(visit_id, language)["pdf"], 303)


@requires(VIEW)
def form_pages(visit_id: str, language: str) -> str:
    visit = assessor_visit_or_404(visit_id, VIEW)
    _known(language)
    with speaking(language):
        return paper.html(reading(), visit, language, _links(visit_id, language)["page"])


def _known(language: str) -> None:
    if language not in TAGS:
        abort(404)


def _links(visit_id: str, language: str) -> dict[str, str]:
    return {
        "page": url_for(".visit", visit_id=visit_id),
        "pdf": url_for(".form", visit_id=visit_id, language=language),
        "again": url_for(".make_form", visit_id=visit_id, language=language),
        "preview": url_for(".form_pages", visit_id=visit_id, language=language),
    }
