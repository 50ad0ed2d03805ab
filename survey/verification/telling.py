"""Who is told of a visit, in each person's own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.languages import DEFAULT, TAGS, speaking
from survey.messages import outbox
from survey.models import Membership, User, Visit
from survey.settings import Settings

Values = Callable[[str], dict[str, str]]
"""What a message holds besides the firm, for a language; called while that language is spoken."""


def tell_firm(session: Session, settings: Settings, visit: Visit, kind: str, values: Values, now: datetime) -> None:
    """A message to everybody who holds the firm's account."""
    held = sa.select(Membership.user_id).where(
        Membership.organisation_id == visit.organisation_id, Membership.role == "owner", Membership.state == "confirmed"
    )
    tell(session, settings, visit, kind, session.scalars(held).all(), values, now)


def tell(
    session: Session, settings: Settings, visit: Visit, kind: str, people: Iterable[int], values: Values, now: datetime
) -> None:
    for user_id in people:
        person = session.get_one(User, user_id)
        language = person.language if person.language in TAGS else DEFAULT
        with speaking(language):
            filled = {"firm": visit.organisation.name, **values(language)}
        outbox.post(session, settings, kind, person.recipient, language, filled, now)


def address(settings: Settings, visit: Visit, page: str = "") -> str:
    """The full address of the visit's page, or of one below it."""
    return f"{settings.base_url}/visits/{visit.public_id}{page}"
