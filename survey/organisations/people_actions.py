"""Changing and ending rights in a firm. Each takes a write session, plain values and `now`; none commits.

Every one locks the firm first, so that two account holders cannot end each other and leave nobody.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import Invitation, Membership, Organisation, User
from survey.settings import Settings


class LastOwner(Exception):
    """The firm would be left without account holder."""


class Gone(Exception):
    """The right that was to be changed is not there any more."""


def change_role(
    session: Session, settings: Settings, firm_id: int, public_id: str, role: str, actor: audit.Actor, now: datetime
) -> None:
    """Give a confirmed member another role. Raises LastOwner, Gone."""
    firm, member = _locked(session, firm_id, public_id)
    if member.role == role:
        return
    if role != "owner":
        _keep_an_owner(session, member)
    _set_role(session, settings, firm, member, role, actor, now)


def prolong(
    session: Session, settings: Settings, firm_id: int, public_id: str, until: date, actor: audit.Actor, now: datetime
) -> None:
    """Set the last day of an authorised filler. Raises Gone."""
    firm, member = _locked(session, firm_id, public_id)
    if member.role != "filler":
        raise Gone
    member.valid_until = until
    _set_role(session, settings, firm, member, "filler", actor, now)


def end_right(
    session: Session, settings: Settings, firm_id: int, public_id: str, actor: audit.Actor, now: datetime
) -> None:
    """End a right at once; invitations that the person sent lead nowhere any more. Raises LastOwner, Gone."""
    firm, member = _locked(session, firm_id, public_id)
    _keep_an_owner(session, member)
    _end(session, settings, firm, member, actor, now)


def hand_over(
    session: Session, settings: Settings, firm_id: int, to: str, leaving: str, actor: audit.Actor, now: datetime
) -> None:
    """Make a confirmed colleague account holder. Raises Gone.

    `leaving` says what becomes of who does it: stay, editor or leave.
    """
    firm, new = _locked(session, firm_id, to)
    if new.role == "filler" or new.user_id == actor.user_id or new.user.state != "active":
        raise Gone
    _set_role(session, settings, firm, new, "owner", actor, now)
    mine = session.scalars(
        sa.select(Membership).where(Membership.organisation_id == firm_id, Membership.user_id == actor.user_id)
    ).one()
    if leaving == "editor":
        _set_role(session, settings, firm, mine, "editor", actor, now)
    elif leaving == "leave":
        _end(session, settings, firm, mine, actor, now)


def _locked(session: Session, firm_id: int, public_id: str) -> tuple[Organisation, Membership]:
    firm = session.get_one(Organisation, firm_id, with_for_update=True)
    member = session.scalar(
        sa.select(Membership).where(
            Membership.public_id == public_id, Membership.organisation_id == firm_id, Membership.state == "confirmed"
        )
    )
    if member is None:
        raise Gone
    return firm, member


def _keep_an_owner(session: Session, member: Membership) -> None:
    """Somebody else must hold the account, with an account that is in use."""
    if member.role != "owner":
        return
    other = (
        sa.select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == member.organisation_id,
            Membership.id != member.id,
            Membership.role == "owner",
            Membership.state == "confirmed",
            User.state == "active",
        )
    )
    if session.scalar(other.limit(1)) is None:
        raise LastOwner


def _set_role(
    session: Session, settings: Settings, firm: Organisation, member: Membership, role: str, actor: audit.Actor,
    now: datetime,
) -> None:  # fmt: skip
    member.role, member.decided_at, member.decided_by = role, now, actor.user_id
    if role != "filler":
        member.valid_until = None
    audit.record(session, actor, "member.change", firm.public_id, now=now, organisation_id=firm.id, detail=role)
    _tell(session, settings, firm, member, role, now)


def _end(
    session: Session, settings: Settings, firm: Organisation, member: Membership, actor: audit.Actor, now: datetime
) -> None:
    member.state, member.decided_at, member.decided_by = "ended", now, actor.user_id
    sent = sa.update(Invitation).where(
        Invitation.organisation_id == firm.id,
        Invitation.invited_by == member.user_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    session.execute(sent.values(withdrawn_at=now), execution_options={"synchronize_session": False})
    audit.record(session, actor, "member.end", firm.public_id, now=now, organisation_id=firm.id, detail=member.role)
    _tell(session, settings, firm, member, None, now)


def _tell(
    session: Session, settings: Settings, firm: Organisation, member: Membership, role: str | None, now: datetime
) -> None:
    user = member.user
    with speaking(user.language or DEFAULT):
        said = str(FIRM_ROLE_NAMES[role]) if role else _("ended; you see nothing of the firm any more")
    values = {"firm": firm.name, "role": said}
    outbox.post(session, settings, "member_changed", user.recipient, user.language, values, now)
