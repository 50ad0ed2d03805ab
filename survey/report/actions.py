"""What a person can have done about a report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.report.queries import REPORT, newest_item

MADE_AGAIN = ("failed", "done")
"""States of an order after which another one is taken; one that is queued or under way stands."""


def order_again(
    session: Session, scorecard_id: int, language: str, submission_public_id: str, actor: audit.Actor, now: datetime
) -> bool:
    """Queue the PDF once more. False, and nothing written, while it is under way anyhow."""
    known = newest_item(session, scorecard_id, language)
    if known is not None and known.state not in MADE_AGAIN:
        return False
    jobs.order(session, REPORT, scorecard_id, [language], actor.user_id, now, jobs.WAITING)
    audit.record(session, actor, "report.order", submission_public_id, now=now)
    return True
