"""A forgotten password: a link that is good for half an hour and once, and changes nothing before it is used.

It signs nobody in and stands in for no second factor. Each takes a session, plain values and `now`; none commits.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit, limits
from survey.accounts import actions
from survey.models import OneTimeCode, User
from survey.protection import token, token_hash

PURPOSE: Final = "reset"
LIFE: Final = timedelta(minutes=30)


def start(session: Session, user: User | None, recipient: str, now: datetime) -> str:
    """The token of a new link. The same is written for nobody: then no link has that token."""
    new, kept = token(), token()
    row = OneTimeCode(
        purpose=PURPOSE,
        recipient=recipient,
        code_hash=token_hash(new if user else kept),
        payload=json.dumps({"user": user.public_id if user else "", "stamp": actions.stamp(user) if user else ""}),
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    return new


def owner(session: Session, link: str, now: datetime) -> User | None:
    """Whose password the link may set; None if it is unknown, old, used, or the account has changed since."""
    payload = session.scalar(sa.select(OneTimeCode.payload).where(_open(link, now)))
    given = json.loads(payload or "{}")
    user = session.scalar(sa.select(User).where(User.public_id == given.get("user", ""), User.state == "active"))
    return user if user is not None and actions.stamp(user) == given["stamp"] else None


def finish(
    session: Session, link: str, password_hash: str, end_others: bool, actor: audit.Actor, now: datetime
) -> User | None:
    """Use the link up: set the password, and end all sign-ins if wanted. None if the link is not good (any more)."""
    user = owner(session, link, now)
    used = sa.update(OneTimeCode).where(_open(link, now)).values(used_at=now, payload=None).returning(OneTimeCode.id)
    if user is None or session.execute(used, execution_options={"synchronize_session": False}).first() is None:
        return None
    actions.set_password(session, user.id, password_hash, now)
    by_user = audit.Actor(user.id, actor.address, actor.request_id)
    audit.record(session, by_user, "account.reset", user.public_id, now=now)
    if end_others:
        actions.end_sign_ins(session, user.id, now)
        audit.record(session, by_user, "account.end_sign_ins", user.public_id, now=now, detail="reset")
    for recipient in filter(None, (user.mobile, user.email)):
        limits.succeeded(session, "sign-in account", recipient)  # the owner is not made to wait for a guesser
    return user


def _open(link: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        OneTimeCode.purpose == PURPOSE,
        OneTimeCode.code_hash == token_hash(link),
        OneTimeCode.expires_at > now,
        OneTimeCode.used_at.is_(None),
    )
