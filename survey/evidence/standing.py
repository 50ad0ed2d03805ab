"""How far the proof of a part is, in one line for the pages of the way."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey.answering.check_page import scored
from survey.answering.queries import Whole
from survey.evidence import keeping
from survey.evidence.needed import Asked, asked_of, of_draft
from survey.models import Submission


@dataclass(frozen=True, slots=True)
class Standing:
    """How many answers want proof, and how many of them have none."""

    href: str
    wanted: int
    missing: int


def standing_of_draft(
    session: Session, submission: Submission, instrument: Instrument, whole: Whole
) -> Standing | None:  # fmt: skip
    """For answers that are being given; None for questionnaires without a result."""
    return _standing(session, submission, of_draft(instrument, whole))


def standing(session: Session, submission: Submission) -> Standing | None:
    """For what was handed in."""
    return _standing(session, submission, asked_of(session, submission))


def _standing(session: Session, submission: Submission, asked: Asked) -> Standing | None:
    if not scored(asked.instrument):
        return None
    href = url_for("evidence.page", submission_id=submission.public_id)
    return Standing(href, len(asked.wanting), len(asked.missing(keeping.counts(session, submission.id))))
