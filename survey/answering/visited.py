"""What an on-site assessment adds to a part of a round: its result beside the firm's own, and one that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey.access import may
from survey.formatting import local_time
from survey.models import Submission, Visit
from survey.report.queries import card_of
from survey.report.verdict import outcome
from survey.verification.seen import STATES
from survey.verification.standing import OPEN, stands


@dataclass(frozen=True, slots=True)
class OnSite:
    """`result` with the address of its `report`; `visit` is the firm's page about one under way, `word` its state."""

    result: str = ""
    report: str | None = None
    visit: str | None = None
    word: str = ""


NOTHING: Final = OnSite()


def on_site(session: Session, submission: Submission, instrument: Instrument, language: str, now: datetime) -> OnSite:
    """What there is of it for a self-assessment whose report the person may read."""
    found = session.scalars(sa.select(Submission).where(Submission.verifies_id == submission.id)).one_or_none()
    card = card_of(session, found.id) if found is not None else None
    under_way = sa.select(Visit).where(Visit.submission_id == submission.id, Visit.state.in_(OPEN)).limit(1)
    visit = session.scalars(under_way).first() if may("visits:comment") else None
    return OnSite(
        result=outcome(card, instrument, language) if card else "",
        report=url_for("report.page", submission_id=found.public_id) if found is not None else None,
        visit=url_for("verification.comment", visit_id=visit.public_id) if visit else None,
        word=str(STATES[stands(visit, local_time(now).date())]) if visit else "",
    )
