"""How often something may be tried, counted in the database and so shared by all processes (AU-07, U-12).

Two ways: `count` lets so many through within a time; `delay` makes everybody wait longer after each failure, which
slows a guesser down and never locks the person out for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.database import INSERTS
from survey.models import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` times within `within`; for delays: free failures before the first wait."""

    most: int
    within: timedelta


HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LIMITS: Final[Mapping[str, Limit]] = {
    # failures, each followed by a longer wait
    "sign-in account": Limit(5, DAY),
    "sign-in address": Limit(20, HOUR),
    "sign-in code": Limit(5, DAY),
    "second factor": Limit(5, DAY),
    "claim code": Limit(5, DAY),
    "fresh": Limit(5, HOUR),
    # plain counts
    "codes to recipient": Limit(5, HOUR),
    "codes from address": Limit(30, HOUR),
    "invitations": Limit(30, DAY),
    "claims": Limit(10, DAY),
    "data copies": Limit(10, DAY),
    "imports": Limit(60, HOUR),
    "exports": Limit(60, HOUR),
    "bundles": Limit(30, HOUR),
    "firms entered": Limit(20, DAY),
    "evidence files": Limit(400, DAY),
    "policy reports": Limit(20, HOUR),
    "refusals recorded": Limit(1, timedelta(minutes=1)),
}
"""Everything that is limited. docs/security.md explains each row; a test compares them."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)


def wait(session: Session, name: str, who: str, now: datetime, *, lock: bool = False) -> timedelta | None:
    """How long the next try must still wait, None if it may go ahead. For the limits that count failures.

    `lock`: look again in the transaction that writes the outcome, so that of many tries at once only the first counts.
    """
    query = sa.select(Attempt.until).where(Attempt.key == _key(name, who), Attempt.expires_at > now)
    until = session.scalar(query.with_for_update() if lock else query)
    return until - now if until and until > now else None


def failed(session: Session, name: str, who: str, now: datetime) -> None:
    """Count a failure. After `most` of them each doubles the wait: 2 s, 4 s, 8 s … 15 minutes."""
    limit, row = LIMITS[name], _row(session, name, who, now)
    row.count += 1
    row.expires_at = now + limit.within
    if row.count >= limit.most:
        row.until = now + min(FIRST_WAIT * 2 ** min(row.count - limit.most, 20), LONGEST_WAIT)


def succeeded(session: Session, name: str, who: str) -> None:
    """Forget the failures."""
    session.execute(sa.delete(Attempt).where(Attempt.key == _key(name, who)))


def count(session: Session, name: str, who: str, now: datetime) -> bool:
    """Count one more; False, and nothing counted, if there were `most` of them within the time already."""
    limit, row = LIMITS[name], _row(session, name, who, now)
    if row.count >= limit.most:
        return False
    row.count += 1
    return True


def used_up(session: Session, name: str, who: str, now: datetime) -> bool:
    """Whether `count` would refuse: a look that writes nothing."""
    query = sa.select(Attempt.count).where(Attempt.key == _key(name, who), Attempt.expires_at > now)
    return (session.scalar(query) or 0) >= LIMITS[name].most


def forget_old(session: Session, now: datetime) -> None:
    """Remove what no longer counts; the nightly job calls it."""
    session.execute(sa.delete(Attempt).where(Attempt.expires_at <= now))


def _row(session: Session, name: str, who: str, now: datetime) -> Attempt:
    """The counter of this key, from nought if its time is over; locked until the transaction ends."""
    key, fresh = _key(name, who), {"count": 0, "since": now, "until": None, "expires_at": now + LIMITS[name].within}
    insert = INSERTS[session.get_bind().dialect.name](Attempt).values(key=key, **fresh)
    session.execute(insert.on_conflict_do_nothing(index_elements=["key"]))
    row = session.scalars(sa.select(Attempt).where(Attempt.key == key).with_for_update()).one()
    if row.expires_at <= now:
        for column, value in fresh.items():
            setattr(row, column, value)
    return row


def _key(name: str, who: str) -> str:
    """Hashed, so that no number stands there to be read; rows go within a day, since numbers could be tried out."""
    return hashlib.sha256(f"{name}:{who}".encode()).hexdigest()
