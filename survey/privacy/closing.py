"""Closing an account: what stands in the way, and erasing everything that says who the person was, in one transaction.

What stays has no person in it any more: numbers of rows ("saved by account 17") point to a row that is empty. Frozen
answers, figures and scorecards belong to the firm and stay as they are; reasons in the firm's own words stay with the
firm too, which may have them deleted by a request. The record of deeds stays until its end, by law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.claims.standing import locked, settle
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import Invitation, Membership, Organisation, RoleGrant, User
from survey.organisations.firm_page import ROLES
from survey.privacy.erasing import erase, firms_of, withdraw_invitations
from survey.settings import Settings

MAY_FOLLOW = ("owner", "editor", "viewer")
"""Colleagues who may become account holder; somebody who fills in for another body may not."""

RELEASE = "release"


class CannotClose(Exception):
    """Roles outside firms are still held, or a firm has no account holder after this."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A firm whose only account holder is the person; `colleagues` may take over."""

    organisation: Organisation
    colleagues: Sequence[Membership]


def roles_held(session: Session, user_id: int) -> list[RoleGrant]:
    """Roles that must be given back first: the office has to know who follows."""
    mine = sa.select(RoleGrant).where(RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None))
    return list(session.scalars(mine.order_by(RoleGrant.id)))


def alone_in(session: Session, user_id: int) -> list[Alone]:
    """The firms that would be left without account holder."""
    mine = sa.select(Membership).where(
        Membership.user_id == user_id, Membership.role == "owner", Membership.state == "confirmed"
    )
    found = []
    for membership in session.scalars(mine.order_by(Membership.id)):
        others = _others(session, membership)
        if not any(other.role == "owner" for other in others):
            found.append(Alone(membership.organisation, [each for each in others if each.role in MAY_FOLLOW]))
    return found


def _others(session: Session, membership: Membership) -> list[Membership]:
    query = sa.select(Membership).join(User, User.id == Membership.user_id)
    others = query.where(
        Membership.organisation_id == membership.organisation_id,
        Membership.user_id != membership.user_id,
        Membership.state == "confirmed",
        User.state != "closed",
    )
    return list(session.scalars(others.order_by(Membership.id)))


def close(
    session: Session,
    settings: Settings,
    user_id: int,
    successors: Mapping[str, str],
    actor: audit.Actor,
    now: datetime,
) -> list[str]:
    """Erase the person. Gives the files to remove after the commit, relative to the data folder.

    `successors`: for each firm in `alone_in`, by public id, the public id of the membership that follows, or RELEASE.
    Raises `CannotClose`; nothing was changed then.
    """
    user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    for firm in firms_of(session, user_id):
        locked(session, firm)  # two account holders who close at once: one of them is alone
    alone = alone_in(session, user_id)
    chosen = {each.organisation.public_id: _chosen(each, successors) for each in alone}
    if roles_held(session, user_id) or None in chosen.values() or user.state == "closed":
        raise CannotClose
    for each in alone:
        _hand_over(session, settings, each, chosen[each.organisation.public_id], actor, now)
    return erase(session, settings, user, actor, now)


def _chosen(alone: Alone, successors: Mapping[str, str]) -> Membership | str | None:
    wish = successors.get(alone.organisation.public_id)
    if wish == RELEASE:
        return RELEASE
    return next((each for each in alone.colleagues if each.public_id == wish), None)


def _hand_over(
    session: Session,
    settings: Settings,
    alone: Alone,
    chosen: Membership | str | None,
    actor: audit.Actor,
    now: datetime,
) -> None:
    """A colleague becomes account holder, or the firm goes back to the list and all rights in it end."""
    firm = alone.organisation
    if isinstance(chosen, Membership):
        chosen.role, chosen.decided_at, chosen.decided_by = "owner", now, actor.user_id
        audit.record(session, actor, "member.change", firm.public_id, now=now, organisation_id=firm.id, detail="owner")
        _tell_successor(session, settings, firm.name, chosen.user, now)
        return
    rights = sa.update(Membership).where(Membership.organisation_id == firm.id, Membership.state == "confirmed")
    session.execute(rights.values(state="ended", decided_at=now, decided_by=actor.user_id))
    withdraw_invitations(session, Invitation.organisation_id == firm.id, now)
    settle(session, firm)
    audit.record(session, actor, "firm.release", firm.public_id, now=now, organisation_id=firm.id)


def _tell_successor(session: Session, settings: Settings, firm: str, user: User, now: datetime) -> None:
    with speaking(user.language or DEFAULT):
        values = {"firm": firm, "role": str(ROLES["owner"])}
    outbox.post(session, settings, "member_changed", user.recipient, user.language, values, now)
