"""What people see of their own claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session, joinedload

from survey.city.calendar import all_named_days
from survey.claims.due import due_on
from survey.formatting import local_time
from survey.models import Claim

HOWS: Final[Mapping[str, LazyString]] = {
    "code": _l("With a code"),
    "letter": _l("With a letter of authorisation"),
    "entered": _l("Entered, not on the list"),
}
STATES: Final[Mapping[str, tuple[str, LazyString]]] = {
    "waiting": ("in_progress", _l("Waits for the office")),
    "approved": ("done", _l("Approved")),
    "refused": ("unmet", _l("Refused")),
    "withdrawn": ("not_started", _l("Withdrawn")),
}
"""The mark and the word for each state."""


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim as its own maker sees it: nothing that only the list or others know of the firm is in it."""

    public_id: str
    credit_code: str
    how: str
    mark: str
    state: str
    waits: bool
    made_on: date
    due: date
    reason: str | None


def _mine(user_id: int) -> sa.Select[Claim]:
    """The person's own claims; a firm that was entered is one of them only once that was refused."""
    query: sa.Select[Claim] = sa.select(Claim).join(Claim.organisation)
    return query.where(Claim.user_id == user_id, sa.or_(Claim.how != "entered", Claim.state == "refused"))


def own_claim(session: Session, public_id: str, user_id: int) -> Claim | None:
    query = _mine(user_id).where(Claim.public_id == public_id)
    return session.scalar(query.options(joinedload(Claim.organisation)))


def own_claims(session: Session, user_id: int) -> list[OwnClaim]:
    """All of them, the newest first."""
    query = _mine(user_id).options(joinedload(Claim.organisation)).order_by(Claim.id.desc())
    named = all_named_days(session)
    return [shown(claim, named) for claim in session.scalars(query)]


def has_claims(session: Session, user_id: int) -> bool:
    return session.scalars(_mine(user_id).limit(1)).first() is not None


def shown(claim: Claim, named: Mapping[date, str]) -> OwnClaim:
    """`named`: the days that the city's calendar names."""
    mark, word = STATES[claim.state]
    return OwnClaim(
        claim.public_id, claim.organisation.credit_code, str(HOWS[claim.how]), mark, str(word),
        claim.state == "waiting", local_time(claim.made_at).date(), due_on(named, claim.made_at), claim.reason,
    )  # fmt: skip
