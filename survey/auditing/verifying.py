"""Looking through the whole chain: what was altered, removed, put in or moved, what was never sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.auditing.sealing import EVENTS, NOTHING, SEALS, Head, link, unsealed_count
from survey.models import AuditEvent

LEAST_KEPT: Final = timedelta(days=180)
"""Nothing younger may ever have been removed, whatever the record says of its removal."""
UNSEALED_FOR: Final = timedelta(minutes=1)
LATE: Final = timedelta(hours=1)
MOST_FAULTS: Final = 100


@dataclass(slots=True)
class Verified:
    """What was found. `removed_to`: up to this link events were removed because they were old; `late`: links whose
    event is dated long before or after they were made, as when the worker stood still or somebody put in a record."""

    head: Head = NOTHING
    links: int = 0
    removed_to: int = 0
    faults: list[str] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Kept up to a number that people can still read."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)


def verify(session: Session, now: datetime, expected: Iterable[str] = ()) -> Verified:
    """Follow the chain from its first link. `expected`: hashes noted elsewhere, each of which must be in it."""
    found, wanted = Verified(), set(expected)
    removals = dict(_removals(session))
    found.removed_to = max(removals, default=0)
    for row in session.execute(_CHAIN).yield_per(1000):
        _follow(found, row, removals)
        wanted.discard(row.hash)
    for hash_ in sorted(wanted):
        found.fault(f"no link has the expected hash {hash_}: the chain was cut off or made anew")
    waiting = unsealed_count(session, now - UNSEALED_FOR)
    if waiting:
        found.fault(f"{waiting} events older than a minute are not sealed: does the worker run?")
    return found


_CHAIN: Final = (
    sa.select(SEALS.c.number, SEALS.c.event_id, SEALS.c.hash, SEALS.c.sealed_at, *EVENTS.c)
    .select_from(SEALS.outerjoin(EVENTS, EVENTS.c.id == SEALS.c.event_id))
    .order_by(SEALS.c.number)
)


def _follow(found: Verified, row: Any, removals: dict[int, datetime]) -> None:
    """Check one link; the next is judged by what this one says, so that each fault is told once."""
    if row.number != found.head.number + 1:
        found.fault(f"links {found.head.number + 1} to {row.number - 1} are missing")
    if row.id is None:
        if not _may_be_gone(row, removals):
            found.fault(f"link {row.number}: its event {row.event_id} was removed")
    elif link(found.head.hash, row) != row.hash:
        found.fault(f"link {row.number}: event {row.event_id} was altered, put in, or moved")
    elif abs(row.sealed_at - row.at) > LATE:
        found.late.append(row.number)
    found.head, found.links = Head(row.number, row.hash), found.links + 1


def _may_be_gone(row: Any, removals: dict[int, datetime]) -> bool:
    """Whether the record tells of a removal that went so far, at a time when the link was old enough."""
    return any(row.number <= last and row.sealed_at <= at - LEAST_KEPT for last, at in removals.items())


def _removals(session: Session) -> Iterator[tuple[int, datetime]]:
    """The last link of each removal that the record tells of, and when it was."""
    query = sa.select(AuditEvent.detail, AuditEvent.at).where(AuditEvent.action == "audit.expire")
    for detail, at in session.execute(query):
        if detail and detail.isascii() and detail.isdigit():
            yield int(detail), at


def record_result(session: Session, found: Verified, now: datetime) -> None:
    """The outcome is an event itself: auditors see when the chain was last looked at, and with what result."""
    broken = bool(found.faults)
    audit.record(
        session,
        audit.SYSTEM,
        "audit.seal_broken" if broken else "audit.verify",
        found.head.hash,
        now=now,
        result="refused" if broken else "done",
        detail=str(found.head.number),
    )
