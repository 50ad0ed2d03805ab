"""What the security administrator does to accounts. Each takes a session of the write transaction; none commits.

Nobody does any of it to their own account, and one security administrator always stays. Everything is recorded, ends
what it must at once, and the person is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts import resetting, second_factor
from survey.accounts.actions import end_sign_ins
from survey.accounts.role_names import STAFF_ROLE_NAMES, place_name
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import RoleGrant, SignInSession, User
from survey.settings import Settings

ADMINISTRATOR: Final = "security_administrator"
RESET_PATH: Final = "/reset/"


class OwnAccount(Exception):
    """Nobody administers their own account."""


class LastAdministrator(Exception):
    """Nobody would be left who can administer accounts."""


def lock(session: Session, settings: Settings, user_id: int, reason: str, actor: audit.Actor, now: datetime) -> bool:
    """Keep somebody out at once; False if the account is locked or closed already.

    `reason` is a key of LOCK_REASONS. Raises OwnAccount and LastAdministrator.
    """
    user = _somebody_else(session, user_id, actor)
    if user.state != "active":
        return False
    _keep_an_administrator(session, user.id)
    user.state = "locked"
    end_sign_ins(session, user.id, now)
    audit.record(session, actor, "account.lock", user.public_id, now=now, detail=reason)
    outbox.post(session, settings, "locked", user.recipient, user.language, {}, now)
    return True


def unlock(session: Session, settings: Settings, user_id: int, actor: audit.Actor, now: datetime) -> bool:
    """Let somebody in again; False if the account is not locked. Raises OwnAccount."""
    user = _somebody_else(session, user_id, actor)
    if user.state != "locked":
        return False
    user.state = "active"
    audit.record(session, actor, "account.unlock", user.public_id, now=now)
    outbox.post(session, settings, "unlocked", user.recipient, user.language, {}, now)
    return True


def end_all_of(session: Session, user_id: int, actor: audit.Actor, now: datetime) -> int:
    """End every sign-in of a person; how many were open. Raises OwnAccount: one's own are on the own page."""
    user = _somebody_else(session, user_id, actor)
    count = end_sign_ins(session, user.id, now)
    audit.record(session, actor, "account.end_sign_ins", user.public_id, now=now)
    return count


def end_all(session: Session, actor: audit.Actor, now: datetime) -> int:
    """End every sign-in of everybody, the own one too; how many were open."""
    ended = sa.update(SignInSession).where(SignInSession.ended_at.is_(None)).values(ended_at=now)
    done = session.execute(ended.returning(SignInSession.id), execution_options={"synchronize_session": False})
    count = len(done.all())
    audit.record(session, actor, "account.end_sign_ins", None, now=now, detail="all")
    return count


def send_reset(session: Session, settings: Settings, user_id: int, actor: audit.Actor, now: datetime) -> bool:
    """Send the person a link to choose a new password, which nobody else sees (AU-12); False if they cannot be reached.

    Raises OwnAccount.
    """
    user = _somebody_else(session, user_id, actor)
    if user.state != "active" or not user.recipient:
        return False
    address = f"{settings.base_url}{RESET_PATH}{resetting.start(session, user, user.recipient, now)}"
    audit.record(session, actor, "account.start_reset", user.public_id, now=now)
    values = {"address": address}
    outbox.post(session, settings, "reset", user.recipient, user.language, values, now, resetting.LIFE)
    return True


def reset_second_factor(
    session: Session, settings: Settings, user_id: int, check: str, actor: audit.Actor, now: datetime
) -> None:
    """Take a lost second factor away, after the person's identity was checked; staff set up a new one at sign-in.

    `check` is a key of CHECKS. Raises OwnAccount.
    """
    user = _somebody_else(session, user_id, actor)
    second_factor.forget(session, user.id)
    end_sign_ins(session, user.id, now)
    audit.record(session, actor, "account.reset_second_factor", user.public_id, now=now, detail=check)
    with speaking(user.language or DEFAULT):
        values = {"what": _("the second factor was taken away by the administration")}
    outbox.post(session, settings, "changed", user.recipient, user.language, values, now)


def end_role(session: Session, settings: Settings, grant_id: int, actor: audit.Actor, now: datetime) -> bool:
    """End a role, and the person's sign-ins with it; False if it was ended already.

    Raises OwnAccount and LastAdministrator.
    """
    grant = session.get_one(RoleGrant, grant_id, with_for_update=True, populate_existing=True)
    user = _somebody_else(session, grant.user_id, actor)
    if grant.ended_at is not None:
        return False
    if grant.role == ADMINISTRATOR:
        _keep_an_administrator(session, user.id)
    grant.ended_at, grant.ended_by = now, actor.user_id
    end_sign_ins(session, user.id, now)
    audit.record(session, actor, "role.end", user.public_id, now=now, detail=grant.role)
    language = user.language or DEFAULT
    with speaking(language):
        place = place_name(session, grant.area_id, grant.provider_id, language)
        values = {"role": str(STAFF_ROLE_NAMES[grant.role]), "place": place}
    outbox.post(session, settings, "role_ended", user.recipient, user.language, values, now)
    return True


def lock_unused(
    session: Session, settings: Settings, user_ids: Iterable[int], actor: audit.Actor, now: datetime
) -> int:
    """Lock accounts that nobody used for long; how many. The own one and the last administrator's are passed over."""
    count = 0
    for user_id in user_ids:
        try:
            count += lock(session, settings, user_id, "stale", actor, now)
        except (OwnAccount, LastAdministrator):
            continue
    return count


def _somebody_else(session: Session, user_id: int, actor: audit.Actor) -> User:
    """The account, held until the transaction ends."""
    if user_id == actor.user_id:
        raise OwnAccount
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def _keep_an_administrator(session: Session, user_id: int) -> None:
    """Whoever ends or locks an administrator waits here for others who do so, and then sees what they did."""
    held = sa.select(RoleGrant.user_id).where(RoleGrant.role == ADMINISTRATOR, RoleGrant.ended_at.is_(None))
    holders = set(session.scalars(held.order_by(RoleGrant.id).with_for_update()))
    others = sa.select(User.id).where(User.id.in_(holders - {user_id}), User.state == "active").with_for_update()
    if user_id in holders and not session.scalars(others.order_by(User.id)).all():
        raise LastAdministrator
