"""What the page of one's own account shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session, joinedload

from survey import formatting
from survey.access import rights_of
from survey.accounts import second_factor
from survey.accounts.role_names import ROLE_NAMES, place_name
from survey.identity import idle_limit
from survey.models import Membership, RoleGrant, SignInSession, User
from survey.settings import Settings

KEY = 16
"""So many signs of a sign-in's hash tell it from the person's others; the whole hash is nobody's business."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One open sign-in, ready for the page. `this`: the one in which the page is being looked at."""

    key: str
    device: str
    place: str
    since: str
    seen: str
    this: bool


@dataclass(frozen=True, slots=True)
class Right:
    """One thing the person may do: a role and where, with the address of the firm's page."""

    role: str
    place: str
    href: str


def sign_ins(session: Session, settings: Settings, user_id: int, this: int, now: datetime) -> list[SignIn]:
    """The sign-ins that are open, this one first, then those used last."""
    rows = open_sign_ins(session, settings, user_id, now)
    rows.sort(key=lambda row: (row.id != this, -row.seen_at.timestamp()))
    return [
        SignIn(
            key=row.token_hash[:KEY],
            device=row.device or _("Unknown device"),
            place=row.address or formatting.MISSING,
            since=formatting.datetime(row.created_at),
            seen=formatting.datetime(row.seen_at),
            this=row.id == this,
        )
        for row in rows
    ]


def open_sign_ins(session: Session, settings: Settings, user_id: int, now: datetime) -> list[SignInSession]:
    """What has neither ended nor lain idle too long."""
    idle = idle_limit(settings, staff=second_factor.is_staff(session, user_id))
    query = sa.select(SignInSession).where(
        SignInSession.user_id == user_id,
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > now,
        SignInSession.seen_at > now - idle,
    )
    return list(session.scalars(query))


def rights(session: Session, user_id: int, language: str, now: datetime) -> list[Right]:
    """What the person may do today, in firms and outside them."""
    firms = (
        sa.select(Membership)
        .where(*rights_of(user_id, formatting.local_time(now).date()))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    )
    grants = sa.select(RoleGrant).where(RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None))
    return [
        *(_in_firm(each) for each in session.scalars(firms)),
        *(
            Right(str(ROLE_NAMES[each.role]), place_name(session, each.area_id, each.provider_id, language), "")
            for each in session.scalars(grants.order_by(RoleGrant.id))
        ),
    ]


def _in_firm(member: Membership) -> Right:
    role = str(ROLE_NAMES[member.role])
    if member.valid_until is not None:
        role = _("%(role)s, until %(day)s", role=role, day=formatting.date(member.valid_until))
    firm = member.organisation
    return Right(role, firm.name, url_for("people.listed", public_id=firm.public_id))


def password_age(user: User, now: datetime) -> str:
    """How long the password has been in use, in words."""
    if user.password_hash is None:
        return _("No password: you sign in with a code")
    if user.password_at is None:
        return _("Set")
    days = (formatting.local_time(now).date() - formatting.local_time(user.password_at).date()).days
    if days == 0:
        return _("Set today")
    return ngettext("Set %(num)d day ago", "Set %(num)d days ago", days)


def factor_state(session: Session, user: User) -> str:
    """Whether there is a second factor, and how many recovery codes are left."""
    if user.totp_at is None:
        return _("Not set up")
    left = second_factor.recovery_codes_left(session, user.id)
    codes = ngettext("%(num)d recovery code left", "%(num)d recovery codes left", left)
    return _("Set up on %(day)s, %(codes)s", day=formatting.date(user.totp_at), codes=codes)
