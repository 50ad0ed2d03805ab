"""What a person can have done about a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.models import Submission
from survey.report.queries import REPORT, newest_item
from survey.report.round_queries import ROUND, parts_of_round, round_scorecard

MADE_AGAIN = ("failed", "done")
"""States of an order after which another one is taken; one that is queued or under way stands."""


def order_again(
    session: Session,
    scorecard_id: int,
    language: str,
    submission_public_id: str,
    actor: audit.Actor,
    now: datetime,
    kind: str = REPORT,
) -> bool:
    """Queue the PDF once more. False, and nothing written, while it is under way anyhow."""
    known = newest_item(session, scorecard_id, language, kind)
    if known is not None and known.state not in MADE_AGAIN:
        return False
    jobs.order(session, kind, scorecard_id, [language], actor.user_id, now, jobs.WAITING)
    audit.record(session, actor, "report.order", submission_public_id, now=now)
    return True


def order_round(
    session: Session, round_id: int, scorecard_id: int, languages: Iterable[str], actor: audit.Actor, now: datetime
) -> None:
    """After a submit: the PDF of the whole round, where the round has more than one part. Nobody waits for it yet."""
    if parts_of_round(session, round_id) > 1:
        jobs.order(session, ROUND, scorecard_id, languages, actor.user_id, now)


def order_anew(
    session: Session, submission: Submission, languages: Iterable[str], actor: audit.Actor, now: datetime
) -> None:
    """The PDFs of what was submitted and of its round once more: a verified result stands beside it from now on."""
    if submission.scorecard_id is not None:
        jobs.order(session, REPORT, submission.scorecard_id, languages, actor.user_id, now)
    round_ = submission.campaign.round
    newest = round_scorecard(session, round_.public_id, submission.organisation_id)
    if newest is not None and parts_of_round(session, round_.id) > 1:
        jobs.order(session, ROUND, newest, languages, actor.user_id, now)
