"""The one-time code with which somebody claims a listed firm: made by an office, told once, good for 30 days.

The table `one_time_code` holds its keyed hash alone, under the purpose "claim" with the firm's public id as recipient,
and who made it as payload.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.models import OneTimeCode, Organisation
from survey.protection import keyed_hashes, same
from survey.settings import Settings

PURPOSE: Final = "claim"
LIFE: Final = timedelta(days=30)
LENGTH: Final = 10
ALPHABET: Final = "34679ACDEFGHJKMNPQRTUVWXY"
"""No two of these look alike on paper: 0 O, 1 I L, 2 Z, 5 S and 8 B are left out. Ten of them carry 46 bits."""
WAYS: Final = ("sms", "screen", "letter")
"""How a code gets to the firm."""


def issue(
    session: Session, settings: Settings, firms: Sequence[Organisation], way: str, actor: audit.Actor, now: datetime
) -> dict[int, str]:
    """A new code for each firm, by the firm's id; codes that were made before are good no more."""
    if way not in WAYS:
        raise ValueError(f"{way!r} is none of: {', '.join(WAYS)}")
    _withdraw(session, [firm.public_id for firm in firms], now)
    made = {firm.id: "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for firm in firms}
    for firm in firms:
        session.add(
            OneTimeCode(
                purpose=PURPOSE,
                recipient=firm.public_id,
                code_hash=_hashes(settings, firm, made[firm.id])[0],
                payload=str(actor.user_id),
                created_at=now,
                expires_at=now + LIFE,
            )
        )
        audit.record(
            session, actor, "claim_code.make", firm.public_id, now=now, organisation_id=firm.id, detail=way
        )  # fmt: skip
    return made


def _withdraw(session: Session, public_ids: Sequence[str], now: datetime) -> None:
    older = sa.update(OneTimeCode).where(
        OneTimeCode.purpose == PURPOSE, OneTimeCode.recipient.in_(public_ids), OneTimeCode.used_at.is_(None)
    )
    session.execute(older.values(used_at=now), execution_options={"synchronize_session": False})


def spend(session: Session, settings: Settings, firm: Organisation, typed: str, user_id: int, now: datetime) -> bool:
    """Whether this is the firm's code; it is used up by that. The caller holds the firm's row locked.

    Whoever made a code, and so has seen it, cannot use it.
    """
    row = session.scalars(_valid(now).where(OneTimeCode.recipient == firm.public_id)).one_or_none()
    if row is None or not any(same(row.code_hash, each) for each in _hashes(settings, firm, normal(typed))):
        return False
    if row.payload == str(user_id):
        return False
    row.used_at = now
    return True


def _valid(now: datetime) -> sa.Select[OneTimeCode]:
    query: sa.Select[OneTimeCode] = sa.select(OneTimeCode).where(
        OneTimeCode.purpose == PURPOSE, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now
    )
    return query


def _hashes(settings: Settings, firm: Organisation, code: str) -> tuple[str, ...]:
    """With the firm in it, so that a code is good for its firm alone."""
    return keyed_hashes(settings, "claim code", f"{firm.public_id}:{code}")


def valid_until(session: Session, public_id: str, now: datetime) -> datetime | None:
    """Until when the firm's newest code is good; None if it has none."""
    return session.scalar(
        _valid(now).where(OneTimeCode.recipient == public_id).with_only_columns(OneTimeCode.expires_at)
    )


def without_code(now: datetime) -> sa.ColumnElement[bool]:
    """Firms that hold no valid code, for a query over firms."""
    holding = _valid(now).with_only_columns(OneTimeCode.recipient)
    return Organisation.public_id.not_in(holding)


def normal(typed: str) -> str:
    """The code as it was made: capital letters, without the gap and dashes."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def shown(code: str) -> str:
    """The code in two groups, as it is printed."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"
