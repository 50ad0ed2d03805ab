"""The firms of the person who is signed in."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.access import MINE, mine
from survey.models import Membership, Organisation


def firms_of(session: Session) -> Sequence[sa.Row[str, Organisation]]:
    """Role and firm, by name."""
    query = sa.select(Membership.role, Organisation).join(Organisation, Organisation.id == Membership.organisation_id)
    return session.execute(query.where(*MINE).order_by(Organisation.name, Organisation.id), mine()).all()
