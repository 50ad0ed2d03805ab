"""How a firm and the rights in it stand. What a firm's state is follows from its people and from the claims on it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from survey.models import Claim, Invitation, ListedContact, Membership, Organisation


def locked(session: Session, organisation_id: int) -> Organisation:
    """The firm, its row held until the transaction ends: claims on one firm are dealt with one after the other."""
    return session.scalars(sa.select(Organisation).where(Organisation.id == organisation_id).with_for_update()).one()


def settle(session: Session, firm: Organisation) -> None:
    """Set the firm's state: listed (nobody's), claimed (not confirmed yet), confirmed, or disputed."""
    session.flush()
    on_firm = sa.select(Claim.how, Claim.dispute).where(Claim.organisation_id == firm.id, Claim.state == "waiting")
    waiting = [(how, dispute) for how, dispute in session.execute(on_firm)]
    if not owners(session, firm.id):
        firm.state = "claimed" if waiting else "listed"
    elif any(dispute for _how, dispute in waiting):
        firm.state = "disputed"
    else:
        firm.state = "claimed" if any(how == "entered" for how, _dispute in waiting) else "confirmed"


def owners(session: Session, organisation_id: int) -> list[Membership]:
    """Who holds the firm's account now."""
    return [member for member in members(session, organisation_id) if member.role == "owner"]


def members(session: Session, organisation_id: int) -> list[Membership]:
    """Everybody who may act for the firm now."""
    query = sa.select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.state == "confirmed"
    )  # fmt: skip
    return list(session.scalars(query.options(joinedload(Membership.user)).order_by(Membership.id)))


def member(session: Session, organisation_id: int, user_id: int) -> Membership | None:
    """The person's right in the firm, in whatever state."""
    query = sa.select(Membership).where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    return session.scalar(query)


def give(session: Session, firm: Organisation, user_id: int, role: str, by: int | None, now: datetime) -> None:
    """Give the person a confirmed right in the firm, in place of what the person had there before."""
    row = _row(session, firm, user_id, now)
    row.role, row.state = role, "confirmed"
    row.valid_until = None  # the body stays: a report goes on to say who helped to fill in
    row.decided_at, row.decided_by = now, by


def ask(session: Session, firm: Organisation, user_id: int, dispute: bool, now: datetime) -> None:
    """Note that the person asks for the account; who acts for the firm already goes on as before."""
    row = _row(session, firm, user_id, now)
    if row.state != "confirmed":
        row.role, row.state = "owner", "disputed" if dispute else "claimed"


def _row(session: Session, firm: Organisation, user_id: int, now: datetime) -> Membership:
    row = member(session, firm.id, user_id)
    if row is None:
        row = Membership(organisation_id=firm.id, user_id=user_id, role="owner", state="claimed", created_at=now)
        session.add(row)
    return row


def drop(session: Session, organisation_id: int, user_id: int, by: int | None, now: datetime) -> None:
    """End what the person asked for; a right that was confirmed before stays."""
    row = member(session, organisation_id, user_id)
    if row is not None and row.state in ("claimed", "disputed"):
        end(row, by, now)


def end(row: Membership, by: int | None, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by = "ended", now, by


def forget_contact(session: Session, organisation_id: int) -> None:
    """The list's contact was there to find the firm's people; now they are here."""
    session.execute(sa.delete(ListedContact).where(ListedContact.organisation_id == organisation_id))


def withdraw_invitations(session: Session, organisation_id: int, now: datetime) -> None:
    """Invitations that those who are gone have sent are no longer good."""
    open_ones = sa.update(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    session.execute(open_ones.values(withdrawn_at=now), execution_options={"synchronize_session": False})


def dispute_others(session: Session, firm: Organisation, but_user_id: int, now: datetime) -> None:
    """The firm has somebody now: other claims on it that wait have become disputes."""
    others = session.scalars(
        sa.select(Claim).where(
            Claim.organisation_id == firm.id,
            Claim.state == "waiting",
            Claim.how != "entered",
            Claim.user_id != but_user_id,
            Claim.dispute.is_(False),
        )
    )
    for claim in others:
        claim.dispute = True
        ask(session, firm, claim.user_id, True, now)
