"""Changing one's own account. Each takes a write session, plain values and `now`; none commits.

Whoever changes something is told at the number or address that held before, so that nobody takes an account over
unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts import actions, codes, second_factor
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import SignInSession, User
from survey.settings import Settings

CHANGE: Final = "change"
"""The purpose of a code that proves a new number or address."""

CONTACTS: Final[Mapping[str, LazyString]] = {"mobile": _l("Mobile number"), "email": _l("E-mail address")}

WHAT: Final[Mapping[str, LazyString]] = {
    "name": _l("the name"),
    "language": _l("the language of messages"),
    "password": _l("the password; all other sign-ins were ended"),
    "mobile": _l("the mobile number"),
    "email": _l("the e-mail address"),
    "mobile_removed": _l("the mobile number was removed"),
    "email_removed": _l("the e-mail address was removed"),
    "recovery_codes": _l("new recovery codes were made"),
    "second_factor_removed": _l("the second factor was removed"),
}
"""What was changed: a word of the record, and what the person is told."""


class OnlyOne(Exception):
    """The account would be left without number and address."""


class Taken(Exception):
    """Another account has this number or address by now."""


def note_change(
    session: Session,
    settings: Settings,
    user: User,
    what: str,
    actor: audit.Actor,
    now: datetime,
    recipients: tuple[str, ...] | None = None,
) -> None:
    """Record a change and tell the person, at `recipients` or where messages usually go; `jobs.wake` afterwards."""
    audit.record(session, actor, "account.change", user.public_id, now=now, detail=what)
    with speaking(user.language or DEFAULT):
        said = str(WHAT[what])
    for to in recipients if recipients is not None else (user.recipient,):
        outbox.post(session, settings, "changed", to, user.language, {"what": said}, now)


def set_field(session: Session, user_id: int, what: str, value: str, actor: audit.Actor, now: datetime) -> None:
    """Another name or language: recorded, but nothing to warn of."""
    user = session.get_one(User, user_id)
    setattr(user, what, value)
    audit.record(session, actor, "account.change", user.public_id, now=now, detail=what)


def set_password(
    session: Session,
    settings: Settings,
    user_id: int,
    password_hash: str,
    keep: int,
    actor: audit.Actor,
    now: datetime,
) -> None:
    """Another password; all sign-ins but `keep` end."""
    actions.set_password(session, user_id, password_hash, now)
    actions.end_sign_ins(session, user_id, now, but=keep)
    note_change(session, settings, session.get_one(User, user_id), "password", actor, now)


def start_contact(
    session: Session, settings: Settings, user: User, kind: str, to: str, language: str, now: datetime
) -> str:
    """Send a code to a new number or address; returns the ticket for the browser.

    The same is done and written if it belongs to another account; the message there says so instead.
    """
    free = actions.user_for(session, kind, to) is None
    started = codes.start(session, settings, CHANGE, to, {"user": user.id, "kind": kind}, now, usable=free)
    words, values = ("change", {"code": started.code}) if started.code else ("change_taken", {})
    outbox.post(session, settings, words, to, language, values, now, codes.LIFE)
    return started.ticket


def confirm_contact(
    session: Session,
    settings: Settings,
    user_id: int,
    to: str,
    ticket: str,
    code: str,
    actor: audit.Actor,
    now: datetime,
) -> bool:
    """Take the new number or address if the code is right. The one before is told, or the other one the person has.

    A wrong code is counted: commit in either case. Raises Taken if somebody else was quicker; nothing is kept then.
    """
    payload = codes.take(session, settings, CHANGE, to, ticket, code, now)
    user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    if payload is None or payload["user"] != user_id:
        audit.record(session, actor, "account.change", user.public_id, now=now, result="refused", detail="code")
        return False
    kind: str = payload["kind"]
    if actions.user_for(session, kind, to) is not None:
        raise Taken
    before = getattr(user, kind) or user.recipient
    setattr(user, kind, to)
    session.flush()
    note_change(session, settings, user, kind, actor, now, (before,))
    return True


def remove_contact(
    session: Session, settings: Settings, user_id: int, kind: str, actor: audit.Actor, now: datetime
) -> None:
    """Do without the number or the address; both are told. Raises OnlyOne."""
    user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    before, other = getattr(user, kind), user.email if kind == "mobile" else user.mobile
    if not other:
        raise OnlyOne
    if not before:
        return
    setattr(user, kind, None)
    note_change(session, settings, user, f"{kind}_removed", actor, now, (before, other))


def new_recovery_codes(
    session: Session, settings: Settings, user_id: int, actor: audit.Actor, now: datetime
) -> list[str]:
    """Ten new codes; the former ones are worth nothing any more."""
    made = second_factor.new_recovery_codes(session, settings, user_id, now)
    note_change(session, settings, session.get_one(User, user_id), "recovery_codes", actor, now)
    return made


def remove_factor(session: Session, settings: Settings, user_id: int, actor: audit.Actor, now: datetime) -> None:
    """Do without a second factor. Raises `second_factor.StillNeeded` for staff."""
    second_factor.remove(session, user_id)
    note_change(session, settings, session.get_one(User, user_id), "second_factor_removed", actor, now)


def end_sign_in(session: Session, user_id: int, sign_in_id: int, actor: audit.Actor, now: datetime) -> None:
    """End one of the person's own sign-ins."""
    mine = sa.update(SignInSession).where(SignInSession.id == sign_in_id, SignInSession.user_id == user_id)
    session.execute(mine.values(ended_at=now), execution_options={"synchronize_session": False})
    _note_ended(session, user_id, "one", actor, now)


def end_other_sign_ins(session: Session, user_id: int, keep: int, actor: audit.Actor, now: datetime) -> None:
    """End all of the person's sign-ins but the one in use."""
    actions.end_sign_ins(session, user_id, now, but=keep)
    _note_ended(session, user_id, "others", actor, now)


def _note_ended(session: Session, user_id: int, which: str, actor: audit.Actor, now: datetime) -> None:
    public_id = session.get_one(User, user_id).public_id
    audit.record(session, actor, "account.end_sign_ins", public_id, now=now, detail=which)
