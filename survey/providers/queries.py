"""What is known of providers and their people."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.models import Provider, RoleGrant, User


def providers(session: Session) -> list[Provider]:
    """All providers by name."""
    return list(session.scalars(sa.select(Provider).order_by(Provider.name, Provider.id)))


def colleagues(session: Session, provider_id: int) -> list[tuple[str, datetime]]:
    """(name, since when) of everybody who acts for the provider."""
    query = (
        sa.select(User.name, RoleGrant.granted_at)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.provider_id == provider_id, RoleGrant.ended_at.is_(None), User.state == "active")
        .order_by(User.name, RoleGrant.id)
    )
    return [(name, since) for name, since in session.execute(query)]
