"""Every time a submission was handed in: the first stays readable after it was returned and handed in again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.models import Scorecard, Snapshot
from survey.report.shown import Other


@dataclass(frozen=True, slots=True)
class Numbered:
    """One time it was handed in, with its newest scorecard."""

    number: int
    submitted_at: datetime
    scorecard_id: int


def numbered(session: Session, submission_ids: Sequence[int]) -> dict[int, list[Numbered]]:
    """Every time each of these submissions was handed in, the newest first; those never handed in are left out."""
    query = (
        sa.select(Snapshot.submission_id, Snapshot.number, Snapshot.submitted_at, sa.func.max(Scorecard.id))
        .join(Scorecard, Scorecard.snapshot_id == Snapshot.id)
        .where(Snapshot.submission_id.in_(submission_ids))
        .group_by(Snapshot.submission_id, Snapshot.number, Snapshot.submitted_at)
        .order_by(Snapshot.submission_id, Snapshot.number.desc())
    )
    found: dict[int, list[Numbered]] = {}
    for submission_id, number, submitted_at, scorecard_id in session.execute(query):
        found.setdefault(submission_id, []).append(Numbered(number, submitted_at, scorecard_id))
    return found


def chosen(times: Sequence[Numbered], number: str | None) -> Numbered | None:
    """The one that was asked for, or the newest where none was."""
    if number is None:
        return times[0] if times else None
    return next((each for each in times if str(each.number) == number), None)


def others(times: Sequence[Numbered], on_page: Numbered, address: Callable[[int], str]) -> list[Other]:
    """All of them as the page lists them."""
    return [Other(each.number, each.submitted_at, address(each.number), each == on_page) for each in times]
