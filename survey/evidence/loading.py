"""What the firm's pages of proof load, together with the right to it and to change it."""

from __future__ import annotations

from typing import Final

from flask import abort, url_for
from flask_babel import gettext as _

from survey.access import may, submission_or_404
from survey.answering.actions import OPEN_STATES
from survey.answering.check_page import scored
from survey.database import reading
from survey.errors import Problem
from survey.evidence import keeping
from survey.evidence.needed import Asked, asked_of
from survey.evidence.shown import Reader
from survey.models import Evidence, Submission

VIEW, EDIT = "evidence:view", "evidence:edit"
CLOSED: Final = ("accepted",)
"""Once an office has accepted the answers, nothing is added to their proof; it stands as it was looked at."""


def loaded(submission_id: str, permission: str) -> tuple[Submission, Asked]:
    """The firm's own assessment and what it is asked; proof belongs to questionnaires that lead to a result."""
    submission = submission_or_404(submission_id, permission)
    if submission.kind != "self":
        abort(404)
    asked = asked_of(reading(), submission)
    if not scored(asked.instrument):
        abort(404)
    return submission, asked


def own_file(submission: Submission, evidence_id: str) -> Evidence:
    """A file of the firm that the firm itself brought."""
    row = keeping.by_public_id(reading(), submission.organisation_id, evidence_id)
    if row is None or row.side != "firm":
        abort(404)
    return row


def readable(submission: Submission, evidence_id: str) -> Evidence:
    """A file of the firm; what an office brought once it is put to use for these answers."""
    row = keeping.by_public_id(reading(), submission.organisation_id, evidence_id)
    if row is None or (row.side != "firm" and not keeping.is_used(reading(), row.id, submission.id)):
        abort(404)
    return row


def of_firm(submission: Submission) -> Reader:
    """Where the firm's links lead."""
    return Reader(
        submission.public_id, "evidence.files.open_", "evidence.files.small", "evidence.files.page", "evidence.item"
    )


def may_add(submission: Submission) -> bool:
    return may(EDIT) and submission.state not in CLOSED


def may_take_away(submission: Submission) -> bool:
    return may(EDIT) and submission.state in OPEN_STATES


def refuse_closed(submission: Submission) -> None:
    if submission.state in CLOSED:
        text = _("The office has accepted the answers with the proof as it was. Nothing was changed.")
        raise Problem(409, _("Nothing can be added any more"), text, _list(submission), _("Back to the proof"))


def refuse_handed_in(submission: Submission) -> None:
    """Nobody takes proof away from answers that somebody may be looking at."""
    if submission.state not in OPEN_STATES:
        raise Problem(
            409,
            _("This cannot be taken away now"),
            _("The answers are with the office. Proof may be added until they are accepted, but not taken away."),
            _list(submission),
            _("Back to the proof"),
        )


def _list(submission: Submission) -> str:
    return url_for("evidence.page", submission_id=submission.public_id)
