"""Asking an assessor to verify a firm on site, and ending that."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from survey import audit
from survey.accounts.conflicts import why_not_verifier
from survey.claims import standing
from survey.models import Area, Assignment, Organisation, RoleGrant, User


def candidates(session: Session, firm: Organisation) -> list[User]:
    """Everybody who holds the role of an assessor at an area with the firm in it, by name."""
    held = (
        sa.select(RoleGrant.user_id)
        .join(Area, Area.id == RoleGrant.area_id)
        .where(
            RoleGrant.role == "assessor",
            RoleGrant.ended_at.is_(None),
            Area.path == sa.func.substr(firm.operating_area.path, 1, sa.func.length(Area.path)),
        )
    )
    return list(session.scalars(sa.select(User).where(User.id.in_(held), User.state == "active").order_by(User.name)))


def assigned(session: Session, firm_id: int) -> list[Assignment]:
    """Who is asked to verify the firm now."""
    query = sa.select(Assignment).where(Assignment.organisation_id == firm_id, Assignment.ended_at.is_(None))
    return list(session.scalars(query.options(joinedload(Assignment.user)).order_by(Assignment.id)))


def assign(session: Session, firm_id: int, user_id: int, actor: audit.Actor, now: datetime) -> str | None:
    """Ask an assessor to verify a firm; the key of CONFLICTS if that must not be. Both are put on record."""
    assert actor.user_id is not None
    firm, person = standing.locked(session, firm_id), session.get_one(User, user_id)
    why = why_not_verifier(session, user_id, firm_id)
    if why is None and user_id not in {each.user_id for each in assigned(session, firm_id)}:
        session.add(Assignment(organisation=firm, user_id=user_id, assigned_at=now, assigned_by=actor.user_id))
    audit.record(
        session, actor, "assessor.assign", person.public_id, now=now, organisation_id=firm_id,
        result="refused" if why else "done", detail=why,
    )  # fmt: skip
    return why


def end(session: Session, assignment_id: int, actor: audit.Actor, now: datetime) -> None:
    """The assessor is not asked any more; ending it twice ends it once."""
    row = session.get_one(Assignment, assignment_id)
    if row.ended_at is not None:
        return
    row.ended_at = now
    audit.record(
        session, actor, "assessor.end", row.user.public_id, now=now, organisation_id=row.organisation_id
    )  # fmt: skip
