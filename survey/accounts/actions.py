"""What happens to accounts. Each takes a session of the write transaction, plain values and `now`; none commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts import codes, second_factor
from survey.models import NoticeAcceptance, SignInSession, User
from survey.protection import token, token_hash
from survey.settings import Settings


@dataclass(frozen=True)
class Registration:
    """What somebody typed to get an account; `kind` is "mobile" or "email"."""

    name: str
    kind: str
    recipient: str
    password_hash: str
    language: str
    notice: str


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody got in: `how` is "password", "code" or "register"; `strong` with a second factor."""

    how: str
    strong: bool
    device: str | None


def start_registration(session: Session, settings: Settings, wish: Registration, now: datetime) -> codes.Started:
    """Keep the wish until the code comes back. The same is done and written whether or not the account exists."""
    exists = user_for(session, wish.kind, wish.recipient) is not None
    return codes.start(session, settings, codes.REGISTER, wish.recipient, asdict(wish), now, usable=not exists)


def confirm_registration(
    session: Session, settings: Settings, recipient: str, ticket: str, code: str, actor: audit.Actor, now: datetime
) -> User | None:
    """Make the account if the code is right; None if it is wrong, old, used, tried too often or not this browser's."""
    wish = codes.take(session, settings, codes.REGISTER, recipient, ticket, code, now)
    if wish is None or user_for(session, wish["kind"], recipient):
        return None  # wrong, or somebody else was quicker to prove that the number is theirs
    return _new_user(session, wish, actor, now)


def _new_user(session: Session, wish: dict[str, str], actor: audit.Actor, now: datetime) -> User:
    user = User(
        name=wish["name"],
        password_hash=wish["password_hash"],
        password_at=now,
        language=wish["language"],
        created_at=now,
        **{wish["kind"]: wish["recipient"]},
    )
    session.add(user)
    session.flush()
    session.add(NoticeAcceptance(user_id=user.id, version=wish["notice"], accepted_at=now))
    by_user = audit.Actor(user.id, actor.address, actor.request_id)
    audit.record(session, by_user, "account.register", user.public_id, now=now)
    audit.record(session, by_user, "account.accept_notice", wish["notice"], now=now)
    return user


def user_for(session: Session, kind: str, recipient: str) -> User | None:
    """The account with this number or address."""
    return session.scalar(sa.select(User).where((User.mobile if kind == "mobile" else User.email) == recipient))


# -- sign-ins ----------------------------------------------------------------------------------------------------------


def open_sign_in(
    session: Session, settings: Settings, user: User, entry: Entry, actor: audit.Actor, now: datetime
) -> str:
    """A new sign-in; returns its token, which only the person's browser keeps."""
    staff = second_factor.is_staff(session, user.id)
    new = token()
    session.add(
        SignInSession(
            token_hash=token_hash(new),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            fresh_at=now,
            ends_at=now + timedelta(hours=settings.staff_absolute_hours if staff else settings.absolute_hours),
            strong=entry.strong,
            device=entry.device,
            address=actor.address,
        )
    )
    by_user = audit.Actor(user.id, actor.address, actor.request_id)
    audit.record(session, by_user, "account.sign_in", user.public_id, now=now, detail=entry.how)
    return new


def renew_sign_in(session: Session, sign_in_id: int, now: datetime, *, strong: bool) -> str:
    """The person has proved anew who they are: the sign-in goes on under a new token, the old one is worth nothing."""
    new = token()
    mine = sa.update(SignInSession).where(SignInSession.id == sign_in_id, SignInSession.ended_at.is_(None))
    session.execute(mine.values(token_hash=token_hash(new), fresh_at=now, seen_at=now, strong=strong))
    return new


def close_sign_in(session: Session, sign_in_id: int, actor: audit.Actor, now: datetime) -> None:
    """End one sign-in at once."""
    session.execute(sa.update(SignInSession).where(SignInSession.id == sign_in_id).values(ended_at=now))
    audit.record(session, actor, "account.sign_out", None, now=now)


def end_sign_ins(session: Session, user_id: int, now: datetime, *, but: int | None = None) -> int:
    """End all open sign-ins of a person, or all `but` one; returns how many."""
    mine = sa.update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    if but is not None:
        mine = mine.where(SignInSession.id != but)
    return len(session.execute(mine.values(ended_at=now).returning(SignInSession.id)).all())


# -- passwords ---------------------------------------------------------------------------------------------------------


def renew_hash(session: Session, user_id: int, password_hash: str) -> None:
    """Keep the same password with today's parameters; the person has just proved to know it."""
    session.execute(sa.update(User).where(User.id == user_id).values(password_hash=password_hash))


def set_password(session: Session, user_id: int, password_hash: str, now: datetime) -> None:
    """Another password from now on."""
    values = {"password_hash": password_hash, "password_at": now}
    session.execute(sa.update(User).where(User.id == user_id).values(values))


def stamp(user: User) -> str:
    """Changes with password, second factor and state: what was handed out before any such change is worth nothing."""
    return token_hash(f"{user.password_hash}:{user.totp_at}:{user.state}")[:16]
