"""Recording what a firm holds from elsewhere. Each takes a write session, values and `now`; none commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.models import OutsideResult


@dataclass(frozen=True, slots=True)
class Said:
    """What a result says, already checked against its kind; `score` is an exact number."""

    value: str | None
    score: str | None
    subject: str | None
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    proof: str


class ResultChanged(Exception):
    """A colleague corrected or withdrew the result in the meantime; nothing was saved."""


def add_result(
    session: Session, organisation_id: int, kind: str, said: Said, actor: audit.Actor, now: datetime
) -> OutsideResult:
    """Record a result. It is taken as it is said, never worked out again."""
    assert actor.user_id is not None
    row = OutsideResult(
        organisation_id=organisation_id, kind=kind, recorded_at=now, recorded_by=actor.user_id, **asdict(said)
    )
    session.add(row)
    session.flush()
    _record(session, row, "outside_result.add", actor, now)
    return row


def correct_result(session: Session, result_id: int, rev: int, said: Said, actor: audit.Actor, now: datetime) -> None:
    """Replace what was recorded. Raises `ResultChanged` if it is not at `rev` any more."""
    assert actor.user_id is not None
    row = _at(session, result_id, rev)
    for name, value in asdict(said).items():
        setattr(row, name, value)
    row.rev, row.recorded_at, row.recorded_by = rev + 1, now, actor.user_id
    _record(session, row, "outside_result.correct", actor, now)


def withdraw_result(session: Session, result_id: int, rev: int, actor: audit.Actor, now: datetime) -> None:
    """Let a result count no longer; it stays on record. Raises `ResultChanged` if it is not at `rev` any more."""
    row = _at(session, result_id, rev)
    row.rev, row.withdrawn_at, row.withdrawn_by = rev + 1, now, actor.user_id
    _record(session, row, "outside_result.withdraw", actor, now)


def _at(session: Session, result_id: int, rev: int) -> OutsideResult:
    query = sa.select(OutsideResult).where(
        OutsideResult.id == result_id, OutsideResult.rev == rev, OutsideResult.withdrawn_at.is_(None)
    )
    row = session.scalar(query.with_for_update())
    if row is None:
        raise ResultChanged
    return row


def _record(session: Session, row: OutsideResult, action: str, actor: audit.Actor, now: datetime) -> None:
    audit.record(session, actor, action, row.public_id, now=now, organisation_id=row.organisation_id)
