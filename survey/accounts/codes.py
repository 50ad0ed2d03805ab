"""Codes with six digits, sent to a number or an address: good once, for ten minutes, in the browser that asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import limits
from survey.models import OneTimeCode
from survey.protection import digits, keyed_hashes, same, token, token_hash
from survey.settings import Settings

REGISTER, SIGN_IN, PROVE = "register", "sign-in", "prove"

LIFE: Final = timedelta(minutes=10)
ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Started:
    """`ticket` ties the code to the browser that asked and is given back with it; `code` is None if there is none."""

    ticket: str
    code: str | None


class TooManyCodes(Exception):
    """Enough codes for now, for this recipient or from this address."""


def count(session: Session, recipient: str, address: str | None, now: datetime) -> None:
    """Count one more message to the recipient. Raises TooManyCodes."""
    if not limits.count(session, "codes from address", address or "", now):
        raise TooManyCodes
    if not limits.count(session, "codes to recipient", recipient, now):
        raise TooManyCodes


def start(
    session: Session, settings: Settings, purpose: str, recipient: str, payload: dict[str, Any], now: datetime,
    *, usable: bool = True,
) -> Started:  # fmt: skip
    """Make a code. The same is written where it is of no use, since there is no account or there is one already."""
    _forget_payloads(session, purpose, recipient, now)
    ticket, code = token(), digits()
    kept = code if usable else token()  # nobody can type a code that was never told
    session.add(
        OneTimeCode(
            purpose=purpose,
            recipient=recipient,
            code_hash=keyed_hashes(settings, purpose, f"{ticket}:{kept}")[0],
            payload=json.dumps({**payload, "ticket": token_hash(ticket)}, ensure_ascii=False),
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    return Started(ticket, code if usable else None)


def take(
    session: Session, settings: Settings, purpose: str, recipient: str, ticket: str, code: str, now: datetime
) -> dict[str, Any] | None:
    """The payload, if the code is right; None if it is wrong, old, used, tried too often or not this browser's."""
    row = _open_code(session, purpose, recipient, ticket, now)
    if row is None:
        return None
    row.attempts += 1
    possible = keyed_hashes(settings, purpose, f"{ticket}:{code}")
    if not any(same(row.code_hash, each) for each in possible):
        return None
    payload: dict[str, Any] = json.loads(row.payload or "{}")
    row.used_at, row.payload = now, None
    return payload


def _open_code(session: Session, purpose: str, recipient: str, ticket: str, now: datetime) -> OneTimeCode | None:
    """The code that this browser asked for, locked, so that no two requests share an attempt."""
    codes = session.scalars(
        sa.select(OneTimeCode)
        .where(
            OneTimeCode.purpose == purpose,
            OneTimeCode.recipient == recipient,
            OneTimeCode.expires_at > now,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.attempts < ATTEMPTS,
        )
        .with_for_update()
    )
    return next((row for row in codes if json.loads(row.payload or "{}").get("ticket") == token_hash(ticket)), None)


def _forget_payloads(session: Session, purpose: str, recipient: str, now: datetime) -> None:
    """What somebody typed is kept no longer than their code is good."""
    old = sa.update(OneTimeCode).where(
        OneTimeCode.purpose == purpose, OneTimeCode.recipient == recipient, OneTimeCode.expires_at <= now
    )
    session.execute(old.values(payload=None))
