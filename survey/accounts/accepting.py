"""Accepting an invitation: a right in a firm, or a role outside firms, for the one person it was sent to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.granting import REFUSALS as GRANT_REFUSALS
from survey.accounts.granting import Place, grant_role
from survey.accounts.invitations import open_invitation
from survey.formatting import local_time
from survey.models import Assignment, Invitation, Membership, Organisation, User
from survey.models.organisation import MEMBERSHIP_ROLES
from survey.settings import Settings

REFUSALS: Final[Mapping[str, LazyString]] = {
    **GRANT_REFUSALS,
    "assessor": _l("You were asked to verify this firm on site and may not act for it."),
}
"""Why an invitation cannot be accepted by the person it was sent to."""


class NotForYou(Exception):
    """The invitation is not open any more, or it was sent to a number or address that is not this account's."""


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether it was sent to a number or an address that this person has proved to hold."""
    return invitation.recipient is not None and invitation.recipient in (user.mobile, user.email)


def accept(
    session: Session,
    settings: Settings,
    made: str,
    user_id: int,
    actor: audit.Actor,
    now: datetime,
    *,
    keep_sign_in: int | None,
) -> tuple[Invitation, str | None]:
    """Use up the invitation with this token and give what it offers; a key of REFUSALS if a rule stands against it.

    Commit in either case: a refusal is recorded. `keep_sign_in` as in `grant_role`. Raises NotForYou.
    """
    invitation, user = open_invitation(session, made, now, lock=True), session.get_one(User, user_id)
    if invitation is None or not is_for(invitation, user):
        raise NotForYou
    if invitation.organisation_id is not None:
        refusal = _join(session, invitation, user, now)
    else:
        place = Place(invitation.area_id, invitation.provider_id)
        refusal = grant_role(
            session, settings, user.id, invitation.role, place, actor, now,
            keep_sign_in=keep_sign_in, granted_by=invitation.invited_by,
        )  # fmt: skip
    if refusal is None:
        invitation.accepted_at, invitation.accepted_by = now, user.id
    audit.record(
        session, actor, "invitation.accept", invitation.public_id, now=now,
        organisation_id=invitation.organisation_id, result="done" if refusal is None else "refused",
        detail=refusal or invitation.role,
    )  # fmt: skip
    return invitation, refusal


def _join(session: Session, invitation: Invitation, user: User, now: datetime) -> str | None:
    """The person's right in the firm, confirmed; one that is wider already stays as it is."""
    firm_id = invitation.organisation_id
    session.get_one(Organisation, firm_id, with_for_update=True)
    visits = sa.select(Assignment.id).where(
        Assignment.organisation_id == firm_id, Assignment.user_id == user.id, Assignment.ended_at.is_(None)
    )
    if session.scalar(visits.limit(1)) is not None:
        return "assessor"
    mine = sa.select(Membership).where(Membership.organisation_id == firm_id, Membership.user_id == user.id)
    member = session.scalar(mine)
    if member is None:
        member = Membership(organisation_id=firm_id, user_id=user.id, role=invitation.role, created_at=now)
        session.add(member)
    elif _holds_more(member, invitation, local_time(now).date()):
        return None
    member.role, member.state = invitation.role, "confirmed"
    # The body stays when somebody changes sides: the report goes on to say who helped to fill in.
    member.body, member.valid_until = invitation.body or member.body, invitation.valid_until
    member.decided_at, member.decided_by = now, invitation.invited_by
    return None


def _holds_more(member: Membership, invitation: Invitation, today: date) -> bool:
    counts = member.state == "confirmed" and (member.valid_until is None or member.valid_until >= today)
    return counts and MEMBERSHIP_ROLES.index(member.role) < MEMBERSHIP_ROLES.index(invitation.role)
