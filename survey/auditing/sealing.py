"""Sealing: each event is joined to a chain of hashes in which nothing can be altered, removed or moved unnoticed.

Events are written unsealed, in the transaction of the deed, so that no deed waits for another; the worker alone seals
them, a few seconds later, in the order of their ids. A web process never does.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.database import Database
from survey.models import AuditEvent, AuditSeal, Base
from survey.models.columns import canonical

log = logging.getLogger("survey.audit")

EVERY_SECONDS: Final = 2.0
HEAD_SECONDS: Final = 3600.0
MOST: Final = 1000
"""Links in one transaction: on SQLite it keeps everybody else from writing."""
LOOK_BACK: Final = 10_000
"""A usual pass looks no further back than so many links. Ids may be committed out of order, though never by so much;
what lies further back is found by the pass over everything, once an hour."""

_LOCK: Final = 8_274_116  # any number that is ours: one sealer at a time


@dataclass(frozen=True, slots=True)
class Head:
    """The last link: whoever notes number and hash elsewhere can tell later that nothing before it was changed."""

    number: int
    hash: str


NOTHING: Final = Head(0, "0" * 64)
"""What the first link follows."""

EVENTS: Final = Base.metadata.tables[AuditEvent.__tablename__]
SEALS: Final = Base.metadata.tables[AuditSeal.__tablename__]


def head(session: Session) -> Head:
    """The end of the chain."""
    row = session.execute(sa.select(SEALS.c.number, SEALS.c.hash).order_by(SEALS.c.number.desc()).limit(1)).first()
    return Head(row.number, row.hash) if row else NOTHING


def link(previous: str, event: Any) -> str:
    """The hash of an event's row that follows `previous`.

    Columns without a value are left out, so that a column added later changes no hash.
    """
    values = {name: _plain(value) for name, value in event._mapping.items() if name in EVENTS.c and value is not None}
    return hashlib.sha256((previous + canonical(values)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def seal(session: Session, now: datetime, everything: bool = True) -> int:
    """Join unsealed events to the chain in the order of their ids; how many, at most `MOST`.

    `everything`: look as far back as there are events. The transaction holds the lock that keeps other sealers away.
    """
    if session.get_bind().dialect.name == "postgresql":  # on SQLite every write transaction holds the one lock
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    last = head(session)
    events = session.execute(_unsealed(_floor(session, last, everything)).order_by(EVENTS.c.id).limit(MOST)).all()
    if events:
        session.execute(sa.insert(SEALS), list(_links(last, events, now)))
    return len(events)


def _links(last: Head, events: Iterable[Any], now: datetime) -> Iterable[dict[str, Any]]:
    number, previous = last.number, last.hash
    for event in events:
        number, previous = number + 1, link(previous, event)
        yield {"number": number, "event_id": event.id, "hash": previous, "sealed_at": now}


def anything_unsealed(session: Session, everything: bool = True) -> bool:
    """A look that takes no write lock."""
    floor = _floor(session, head(session), everything)
    return session.execute(_unsealed(floor).with_only_columns(EVENTS.c.id).limit(1)).first() is not None


def unsealed_count(session: Session, before: datetime | None = None) -> int:
    """How many events are not sealed: all that are older than `before`; without it, those of a usual pass."""
    floor = _floor(session, head(session), everything=before is not None)
    query = _unsealed(floor).with_only_columns(sa.func.count())
    return session.scalar(query.where(EVENTS.c.at < before) if before else query) or 0


def _unsealed(floor: int | None) -> sa.Select[Any]:
    """Both sides are cut at the floor, so that neither is read from its beginning."""
    same: sa.ColumnElement[bool] = SEALS.c.event_id == EVENTS.c.id
    above: sa.ColumnElement[bool] = sa.true()
    if floor is not None:
        same, above = same & (SEALS.c.event_id > floor), EVENTS.c.id > floor
    joined = EVENTS.outerjoin(SEALS, same)
    return sa.select(*EVENTS.c).select_from(joined).where(SEALS.c.number.is_(None), above)


def _floor(session: Session, last: Head, everything: bool) -> int | None:
    if everything or last.number <= LOOK_BACK:
        return None
    return session.scalar(sa.select(sa.func.min(SEALS.c.event_id)).where(SEALS.c.number > last.number - LOOK_BACK))


def seal_all(database: Database, everything: bool = True) -> int:
    """Seal until nothing is left, in short transactions; how many."""
    count = 0
    while True:
        with database.read() as session:
            if not anything_unsealed(session, everything):
                return count
        with database.write() as session:
            count += seal(session, datetime.now(UTC), everything)


def keep_sealing(database: Database, ended: threading.Event) -> None:
    """Seal every two seconds until `ended`, and once more then; log the head every hour, for a system elsewhere."""
    next_head = time.monotonic()  # the first pass looks at everything, the log says where the chain stands
    while True:
        last, whole = ended.wait(EVERY_SECONDS), time.monotonic() >= next_head
        try:
            seal_all(database, whole)
            if whole:
                log_head(database)
                next_head = time.monotonic() + HEAD_SECONDS
        except Exception:  # the database may be away for a while; the next pass takes up what is left
            log.exception("events not sealed")
        if last:
            return


def log_head(database: Database) -> None:
    """Write the end of the chain into the log, which is kept outside the database."""
    with database.read() as session:
        end = head(session)
    log.info("head of the audit chain", extra={"number": end.number, "hash": end.hash})
