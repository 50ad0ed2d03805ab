"""Removing events that were kept long enough (L-04). Their links stay, so the chain still holds.

The one deed that takes anything from a frozen table: it runs from the command line alone, with the rights of a
migration, and is itself recorded.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.orm import Session

from migrations.freeze import freeze, unfreeze
from survey import audit, database
from survey.auditing.sealing import EVENTS, SEALS

TABLE: Final = "audit_event"


def expire(url: str, months: int, now: datetime) -> tuple[int, int]:
    """Remove the events whose links were made more than `months` ago: how many, and the number of the last link."""
    engine = database.engine(url, "migrate")
    try:
        with Session(engine) as session, session.begin():
            session.connection()  # begins, and so takes the lock on SQLite
            last = _last_before(session, months_before(now, months))
            count = _remove(session, last, now) if last else 0
    finally:
        engine.dispose()
    return count, last


def months_before(now: datetime, months: int) -> datetime:
    """The same time of day so many months earlier; at the end of a month, a few days earlier still."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, 28))


def _last_before(session: Session, moment: datetime) -> int:
    """Links are dated when they are made, after their event: nothing goes too early."""
    return session.scalar(sa.select(sa.func.max(SEALS.c.number)).where(SEALS.c.sealed_at < moment)) or 0


def _remove(session: Session, last: int, now: datetime) -> int:
    old = EVENTS.c.id.in_(sa.select(SEALS.c.event_id).where(SEALS.c.number <= last))
    count = session.scalar(sa.select(sa.func.count()).select_from(EVENTS).where(old)) or 0
    if count:
        # Told before it is done: SQLite would give the id of the last event once more if that had gone.
        audit.record(session, audit.SYSTEM, "audit.expire", None, now=now, detail=str(last))
        session.flush()
        op = Operations(MigrationContext.configure(session.connection()))
        unfreeze(op, TABLE)
        session.execute(sa.delete(EVENTS).where(old))
        freeze(op, TABLE)
    return count
