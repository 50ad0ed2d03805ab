"""What the security administrator sees of accounts: who, in which roles, last used when. Nothing of what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from survey.auditing.queries import matching
from survey.models import Invitation, Membership, Organisation, RoleGrant, SignInSession, User
from survey.models.staff import STAFF_ROLES

PAGE: Final = 50
UNUSED: Final = timedelta(days=90)
MOST_UNUSED: Final = 500

_USED: Final = (
    sa.select(sa.func.max(SignInSession.seen_at, type_=SignInSession.seen_at.type))
    .where(SignInSession.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
)
_STAFF: Final = sa.exists().where(RoleGrant.user_id == User.id, RoleGrant.ended_at.is_(None)).correlate(User)
_UNPROTECTED: Final = sa.and_(_STAFF, User.totp_at.is_(None))

WHO: Final[dict[str, sa.ColumnElement[bool]]] = {
    "staff": _STAFF,
    "everybody": sa.true(),
    "locked": User.state == "locked",
    "unprotected": _UNPROTECTED,
}
"""Which accounts are listed."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account with the roles outside firms that it holds; `used_at` is None if nobody ever signed in."""

    user: User
    used_at: datetime | None
    grants: list[RoleGrant]


def accounts(session: Session, who: str, text: str, after: int = 0, most: int = PAGE) -> list[Account]:
    """Those with an id above `after`, in that order."""
    query = sa.select(User, _USED).where(WHO[who], User.id > after).order_by(User.id).limit(most)
    return _with_grants(session, query.where(matching(text)) if text else query)


def unused(session: Session, now: datetime, *, staff_only: bool = False) -> list[Account]:
    """Open accounts that nobody used for `UNUSED`: those with roles first, the longest unused first."""
    last = sa.func.coalesce(_USED, User.created_at, type_=User.created_at.type)
    query = sa.select(User, _USED).where(User.state == "active", last < now - UNUSED).order_by(~_STAFF, last, User.id)
    return _with_grants(session, (query.where(_STAFF) if staff_only else query).limit(MOST_UNUSED))


def account(session: Session, public_id: str) -> Account | None:
    """One account."""
    found = _with_grants(session, sa.select(User, _USED).where(User.public_id == public_id))
    return found[0] if found else None


def _with_grants(session: Session, query: sa.Select[Any, Any]) -> list[Account]:
    rows = session.execute(query).all()
    held = open_grants(session, [user.id for user, _used in rows])
    return [Account(user, used, held.get(user.id, [])) for user, used in rows]


def open_grants(session: Session, user_ids: list[int]) -> dict[int, list[RoleGrant]]:
    """The roles that people hold now, by person."""
    query = (
        sa.select(RoleGrant)
        .where(RoleGrant.user_id.in_(user_ids), RoleGrant.ended_at.is_(None))
        .options(joinedload(RoleGrant.area), joinedload(RoleGrant.provider))
        .order_by(RoleGrant.id)
    )
    held: dict[int, list[RoleGrant]] = {}
    for grant in session.scalars(query):
        held.setdefault(grant.user_id, []).append(grant)
    return held


def open_sign_ins(session: Session, user_id: int, now: datetime) -> int:
    """How many sign-ins of a person are open."""
    query = sa.select(sa.func.count()).select_from(SignInSession)
    mine = (SignInSession.user_id == user_id, SignInSession.ended_at.is_(None), SignInSession.ends_at > now)
    return session.scalar(query.where(*mine)) or 0


def memberships(session: Session, user_id: int) -> list[tuple[str, str]]:
    """(firm, role) of a person, to tell who it is."""
    query = (
        sa.select(Organisation.name, Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == user_id, Membership.state == "confirmed")
    )
    return [(name, role) for name, role in session.execute(query.order_by(Organisation.name))]


def grant_of(session: Session, user_id: int, public_id: str) -> RoleGrant | None:
    """A role that the person holds now."""
    return next(
        (each for each in open_grants(session, [user_id]).get(user_id, []) if each.public_id == public_id), None
    )


def invitations(session: Session, now: datetime) -> list[Invitation]:
    """Invitations to roles outside firms that may still be accepted, the newest first."""
    query = sa.select(Invitation).where(
        Invitation.role.in_(STAFF_ROLES),
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    return list(session.scalars(query.order_by(Invitation.id.desc())))


def invitation(session: Session, public_id: str, now: datetime) -> Invitation | None:
    """One of them."""
    return next((each for each in invitations(session, now) if each.public_id == public_id), None)
