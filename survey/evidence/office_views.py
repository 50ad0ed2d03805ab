"""Proof as offices and assessors see it: the same list, to read. Opening a file is put on record, hence by POST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _

from survey import audit
from survey.access import acting, requires, submission_in_area_or_404
from survey.answering.check_page import scored
from survey.database import reading, write
from survey.evidence import keeping, serving, shown
from survey.evidence.needed import asked_of
from survey.evidence.shown import Reader
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Evidence, Submission

bp = Blueprint("office", __name__)

REVIEW, VISIT = "submissions:review", "visits:enter"


# -- an office checks --------------------------------------------------------------------------------------------------


@bp.get("/office/<submission_id>")
@requires(REVIEW)
def page(submission_id: str) -> str:
    return _page(_handed_in(submission_id, REVIEW), "office")


@bp.get("/office/<submission_id>/<evidence_id>/small")
@requires(REVIEW)
def small(submission_id: str, evidence_id: str) -> Any:
    return serving.small(_used(_handed_in(submission_id, REVIEW), evidence_id))


@bp.post("/office/<submission_id>/<evidence_id>")
@requires(REVIEW)
def open_(submission_id: str, evidence_id: str) -> Any:
    return _opened(_handed_in(submission_id, REVIEW), evidence_id, REVIEW)


# -- an assessor visits ------------------------------------------------------------------------------------------------


@bp.get("/visit/<submission_id>")
@requires(VISIT)
def visit_page(submission_id: str) -> str:
    return _page(_visited(submission_id), "visit")


@bp.get("/visit/<submission_id>/<evidence_id>/small")
@requires(VISIT)
def visit_small(submission_id: str, evidence_id: str) -> Any:
    return serving.small(_used(_visited(submission_id), evidence_id))


@bp.post("/visit/<submission_id>/<evidence_id>")
@requires(VISIT)
def visit_open(submission_id: str, evidence_id: str) -> Any:
    return _opened(_visited(submission_id), evidence_id, VISIT)


def _visited(submission_id: str) -> Submission:
    """For who was asked to visit this very firm."""
    submission = _handed_in(submission_id, VISIT)
    if not keeping.is_assigned(reading(), submission.organisation_id, signed_in().user_id):
        abort(404)
    return submission


# -- both --------------------------------------------------------------------------------------------------------------

READERS: Final = {
    "office": ("evidence.office.open_", "evidence.office.small"),
    "visit": ("evidence.office.visit_open", "evidence.office.visit_small"),
}


def _handed_in(submission_id: str, permission: str) -> Submission:
    """A self-assessment that was handed in: nobody but the firm sees a draft or its proof."""
    submission = submission_in_area_or_404(submission_id, permission)
    if submission.kind != "self" or submission.submitted_at is None:
        abort(404)
    return submission


def _page(submission: Submission, who: str) -> str:
    session, reader = reading(), Reader(submission.public_id, *READERS[who])
    asked = asked_of(session, submission, handed_in=True)
    if not scored(asked.instrument):
        abort(404)
    files = keeping.of_submission(session, submission.id)
    return render_template(
        "evidence/office.html",
        title=_("Proof of the answers"),
        submission=submission,
        instrument=asked.instrument,
        missing=len(asked.missing(files)),
        wanted=len(asked.wanting),
        groups=shown.groups(asked, files, reader, page_language()),
        back=url_for("reviews.page", submission_id=submission.public_id) if who == "office" else "",
    )


def _used(submission: Submission, evidence_id: str) -> Evidence:
    """A file that proves an answer of this submission; the firm's other files are nobody's business."""
    row = keeping.by_public_id(reading(), submission.organisation_id, evidence_id)
    if row is None or not keeping.is_used(reading(), row.id, submission.id):
        abort(404)
    return row


def _opened(submission: Submission, evidence_id: str, permission: str) -> Any:
    row = _used(submission, evidence_id)
    answer = serving.opened(row)
    with write() as session:
        audit.record(
            session, audit.here(acting(permission)), "evidence.view", row.public_id, now=datetime.now(UTC),
            organisation_id=submission.organisation_id,
        )  # fmt: skip
    return answer
