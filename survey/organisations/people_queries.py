"""Who acts for a firm and who was invited, as pages show it. Every query is scoped by the firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from survey import formatting
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.models import Invitation, Membership, Organisation, SignInSession, User
from survey.models.organisation import MEMBERSHIP_ROLES

STATES = {
    "claimed": ("in_progress", _l("Waiting for the office")),
    "confirmed": ("done", _l("Confirmed")),
    "disputed": ("warning", _l("The office is looking into it")),
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of a firm. `mark` and `state` go together; `changeable`: the account holder may change the right."""

    public_id: str
    name: str
    role: str
    detail: str
    mark: str
    state: str
    since: str
    last_seen: str
    changeable: bool
    me: bool


@dataclass(frozen=True, slots=True)
class InvitedLine:
    """One invitation that was not accepted yet; `over`: its link has run out; `late`: so has what it offers."""

    public_id: str
    recipient: str
    role: str
    until: str
    over: bool
    late: bool


def people(session: Session, firm: Organisation, me: int, today: date) -> list[PersonLine]:
    """Everybody with a right or waiting for one, those with most rights first."""
    last = (
        sa.select(SignInSession.user_id, sa.func.max(SignInSession.created_at, type_=SignInSession.created_at.type))
        .join(Membership, Membership.user_id == SignInSession.user_id)
        .where(Membership.organisation_id == firm.id)
        .group_by(SignInSession.user_id)
    )
    seen = {user_id: at for user_id, at in session.execute(last)}  # noqa: C416  # rows, which dict() is not typed for
    query = (
        sa.select(Membership)
        .where(Membership.organisation_id == firm.id, Membership.state != "ended")
        .options(joinedload(Membership.user))
    )
    members = sorted(session.scalars(query), key=lambda each: (MEMBERSHIP_ROLES.index(each.role), each.id))
    return [_line(member, seen.get(member.user_id), me, today) for member in members]


def _line(member: Membership, seen: datetime | None, me: int, today: date) -> PersonLine:
    over = member.valid_until is not None and member.valid_until < today
    mark, state = ("not_started", _("Ended")) if over else STATES[member.state]
    return PersonLine(
        public_id=member.public_id,
        name=member.user.name,
        role=str(FIRM_ROLE_NAMES[member.role]),
        detail=_filler(member.body, member.valid_until) if member.role == "filler" else "",
        mark=mark,
        state=str(state),
        since=formatting.date(member.decided_at or member.created_at),
        last_seen=month(seen),
        changeable=member.state == "confirmed" and member.user_id != me,
        me=member.user_id == me,
    )


def _filler(body: str | None, until: date | None) -> str:
    return _("%(body)s, until %(day)s", body=body or "", day=formatting.date(until))


def month(moment: datetime | None) -> str:
    """A month is exact enough to see who is still there, and tells nothing about anybody's day."""
    if moment is None:
        return formatting.MISSING
    return format_skeleton("yMMMM", formatting.local_time(moment).date(), locale=get_locale())


def invited(session: Session, firm: Organisation, now: datetime) -> list[InvitedLine]:
    """Invitations that are neither accepted nor withdrawn, newest first."""
    query, today = _open(firm).order_by(Invitation.id.desc()), formatting.local_time(now).date()
    return [
        InvitedLine(
            public_id=each.public_id,
            recipient=each.recipient or "",
            role=str(FIRM_ROLE_NAMES[each.role]),
            until=formatting.date(each.expires_at),
            over=each.expires_at <= now,
            late=each.valid_until is not None and each.valid_until < today,
        )
        for each in session.scalars(query)
    ]


def invitation_of(session: Session, firm: Organisation, public_id: str, *, lock: bool = False) -> Invitation | None:
    """One of the firm's invitations, while it is neither accepted nor withdrawn."""
    query = _open(firm).where(Invitation.public_id == public_id)
    return session.scalar(query.with_for_update() if lock else query)


def _open(firm: Organisation) -> sa.Select[Invitation]:
    return sa.select(Invitation).where(
        Invitation.organisation_id == firm.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )


def member_of(session: Session, firm: Organisation, public_id: str) -> Membership | None:
    """A confirmed member of the firm; those who wait are the office's to decide."""
    query = sa.select(Membership).where(
        Membership.public_id == public_id, Membership.organisation_id == firm.id, Membership.state == "confirmed"
    )
    return session.scalar(query.options(joinedload(Membership.user)))


def may_follow(session: Session, firm: Organisation, me: int) -> list[Membership]:
    """Confirmed colleagues who can become account holder: nobody from another body, nobody without an account."""
    query = (
        sa.select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == firm.id,
            Membership.state == "confirmed",
            Membership.role != "filler",
            Membership.user_id != me,
            User.state == "active",
        )
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    return list(session.scalars(query))


def has_right(session: Session, firm: Organisation, user_id: int) -> bool:
    """Whether the person still has a right in the firm after a change of it."""
    query = sa.select(Membership.id).where(
        Membership.organisation_id == firm.id, Membership.user_id == user_id, Membership.state == "confirmed"
    )
    return session.scalar(query) is not None
