"""What happens to accounts. Each takes a session of the write transaction, plain values and `now`; none commits.

Slowing down repeated failures (AU-07) belongs into `sign_in`, before the password is looked at: failures are
recorded as audit events, and codes count their attempts already.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts import passwords
from survey.models import OneTimeCode, SignInSession, User
from survey.protection import token_hash

REGISTER = "register"
CODE_LIFE = timedelta(minutes=10)
CODE_ATTEMPTS = 5
CODES_AN_HOUR = 5
"""So many codes may be sent to one number or address within an hour."""


@dataclass(frozen=True)
class Registration:
    """What somebody typed to get an account; `kind` is "mobile" or "email"."""

    name: str
    kind: str
    recipient: str
    password_hash: str
    language: str
    notice: str


@dataclass(frozen=True)
class Started:
    """`ticket` ties the code to the browser that asked; `code` is None if the recipient has an account already."""

    ticket: str
    code: str | None


class TooManyCodes(Exception):
    """This recipient has been sent enough codes for now."""


def start_registration(session: Session, wish: Registration, secret: str, now: datetime) -> Started:
    """Keep the wish until the code comes back. The same is done and written whether or not the account exists.

    Raises TooManyCodes.
    """
    recent = sa.select(sa.func.count()).where(
        _codes_for(wish.recipient), OneTimeCode.created_at > now - timedelta(hours=1)
    )
    if session.scalar(recent) >= CODES_AN_HOUR:  # type: ignore[operator]  # a count is never NULL
        raise TooManyCodes
    _forget_old_wishes(session, wish.recipient, now)
    exists = session.scalar(sa.select(User.id).where(_has_recipient(wish.kind, wish.recipient))) is not None
    ticket, code = secrets.token_urlsafe(16), f"{secrets.randbelow(10**6):06}"
    session.add(
        OneTimeCode(
            purpose=REGISTER,
            recipient=wish.recipient,
            # a code that was never sent cannot be entered
            code_hash=_code_hash(secret, ticket, secrets.token_hex() if exists else code),
            payload=json.dumps({**wish.__dict__, "ticket": token_hash(ticket)}, ensure_ascii=False),
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    return Started(ticket, None if exists else code)


def confirm_registration(
    session: Session, recipient: str, ticket: str, code: str, secret: str, actor: audit.Actor, now: datetime
) -> User | None:
    """Make the account if the code is right; None if it is wrong, old, used, tried too often or not this browser's."""
    row = _open_code(session, recipient, ticket, now)
    if row is None:
        return None
    row.attempts += 1
    if not hmac.compare_digest(row.code_hash, _code_hash(secret, ticket, code)):
        return None
    wish = json.loads(row.payload or "{}")
    row.used_at, row.payload = now, None
    if session.scalar(sa.select(User.id).where(_has_recipient(wish["kind"], recipient))):
        return None  # somebody else was quicker to prove that the number is theirs
    return _new_user(session, wish, actor, now)


def _new_user(session: Session, wish: dict[str, str], actor: audit.Actor, now: datetime) -> User:
    user = User(
        name=wish["name"],
        password_hash=wish["password_hash"],
        language=wish["language"],
        created_at=now,
        **{wish["kind"]: wish["recipient"]},
    )
    session.add(user)
    session.flush()
    by_user = audit.Actor(user.id, actor.address, actor.request_id)
    audit.record(session, by_user, "account.register", user.public_id, now=now)
    audit.record(session, by_user, "account.accept_notice", wish["notice"], now=now)
    return user


def user_for(session: Session, kind: str, recipient: str) -> User | None:
    """The account with this number or address."""
    return session.scalar(sa.select(User).where(_has_recipient(kind, recipient)))


def open_sign_in(session: Session, user_id: int, hours: int, actor: audit.Actor, now: datetime) -> str:
    """A new sign-in; returns its token, which only the person's browser keeps."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            ends_at=now + timedelta(hours=hours),
        )
    )
    audit.record(session, audit.Actor(user_id, actor.address, actor.request_id), "account.sign_in", None, now=now)
    return token


def close_sign_in(session: Session, sign_in_id: int, actor: audit.Actor, now: datetime) -> None:
    """End one sign-in at once."""
    session.execute(sa.update(SignInSession).where(SignInSession.id == sign_in_id).values(ended_at=now))
    audit.record(session, actor, "account.sign_out", None, now=now)


def renew_hash(session: Session, user_id: int, password: str) -> None:
    """Keep the password with today's parameters; the person has just proved to know it."""
    session.execute(sa.update(User).where(User.id == user_id).values(password_hash=passwords.hashed(password)))


def _code_hash(secret: str, ticket: str, code: str) -> str:
    """Keyed, since six digits alone could be tried out by whoever reads the database."""
    return hmac.new(secret.encode(), f"{ticket}:{code}".encode(), hashlib.sha256).hexdigest()


def _codes_for(recipient: str) -> sa.ColumnElement[bool]:
    return (OneTimeCode.purpose == REGISTER) & (OneTimeCode.recipient == recipient)


def _has_recipient(kind: str, recipient: str) -> sa.ColumnElement[bool]:
    return (User.mobile if kind == "mobile" else User.email) == recipient


def _forget_old_wishes(session: Session, recipient: str, now: datetime) -> None:
    old = sa.update(OneTimeCode).where(_codes_for(recipient), OneTimeCode.expires_at <= now)
    session.execute(old.values(payload=None))


def _open_code(session: Session, recipient: str, ticket: str, now: datetime) -> OneTimeCode | None:
    """The code that this browser asked for: somebody else's code for the same number is not it."""
    codes = session.scalars(
        sa.select(OneTimeCode).where(
            _codes_for(recipient),
            OneTimeCode.expires_at > now,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.attempts < CODE_ATTEMPTS,
        )
    )
    return next((row for row in codes if json.loads(row.payload or "{}").get("ticket") == token_hash(ticket)), None)
