"""The first administrators: invited from the command line, since nobody is there yet who could invite (AU-04)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.actions import end_sign_ins
from survey.accounts.invitations import address_of, withdraw
from survey.models import Area, Invitation, RoleGrant, User
from survey.protection import token, token_hash
from survey.settings import Settings

LIFE: Final = timedelta(hours=72)


class Held(Exception):
    """The role is held already, by `count` people."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def invite_first(
    session: Session, settings: Settings, role: str, recipient: str, replace: bool, now: datetime
) -> tuple[str, int]:
    """The address of a link by which the recipient accepts the role for the city, and how many lost it.

    The link is not sent: whoever runs the command hands it over. It is good once and for three days; earlier ones for
    the role that were not used are withdrawn. Raises Held where somebody has the role, unless they are to be replaced.
    """
    holders = list(session.scalars(_holders(role)))
    if holders and not replace:
        raise Held(len(holders))
    for grant in holders:
        _end(session, grant, now)
    for earlier in session.scalars(_earlier(role)):
        withdraw(session, earlier, audit.SYSTEM, now)
    return _invite(session, settings, role, recipient, now), len(holders)


def _holders(role: str) -> sa.Select[RoleGrant]:
    return (
        sa.select(RoleGrant)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == role, RoleGrant.ended_at.is_(None), User.state == "active")
        .order_by(RoleGrant.id)
    )


def _earlier(role: str) -> sa.Select[Invitation]:
    return sa.select(Invitation).where(
        Invitation.role == role,
        Invitation.invited_by.is_(None),
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )


def _end(session: Session, grant: RoleGrant, now: datetime) -> None:
    grant.ended_at = now
    end_sign_ins(session, grant.user_id, now)
    person = session.get_one(User, grant.user_id).public_id
    audit.record(session, audit.SYSTEM, "role.end", person, now=now, detail=grant.role)


def _invite(session: Session, settings: Settings, role: str, recipient: str, now: datetime) -> str:
    made = token()
    invitation = Invitation(
        token_hash=token_hash(made),
        recipient=recipient,
        role=role,
        area_id=session.scalars(sa.select(Area.id).where(Area.parent_id.is_(None))).one(),
        invited_at=now,
        expires_at=now + LIFE,
    )
    session.add(invitation)
    session.flush()
    audit.record(session, audit.SYSTEM, "invitation.send", invitation.public_id, now=now, detail=role)
    return address_of(settings, made)
