"""Entering a provider."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.models import Provider


def enter_provider(session: Session, name: str, code: str | None, actor: audit.Actor, now: datetime) -> Provider:
    """A new provider; the one that has the code already, if there is one."""
    known = session.scalar(sa.select(Provider).where(Provider.credit_code == code)) if code else None
    if known is not None:
        return known
    made = Provider(name=name, credit_code=code, created_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor, "provider.create", made.public_id, now=now)
    return made
