"""What the firm's people are told when a review is decided, each in the own language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey import formatting
from survey.access import GRANTS
from survey.languages import DEFAULT, TAGS, page_language, speaking
from survey.messages import outbox
from survey.messages.words import KINDS
from survey.models import Membership, Submission, User
from survey.publishing.queries import instrument as instrument_in
from survey.settings import Settings

MAY_READ: Final = tuple(role for role, granted in GRANTS.items() if "answers:view" in granted)


def values(session: Session, submission: Submission, address: str, faults: int, due_on: date | None) -> dict[str, str]:
    """What both messages name, in the language that is being spoken."""
    instrument = instrument_in(session, submission.campaign.instrument_id)
    named = {
        "firm": submission.organisation.name,
        "part": instrument.title.say(page_language()),
        "address": address,
    }
    if due_on is None:
        return named
    count = ngettext("%(num)d thing", "%(num)d things", faults)
    return {**named, "count": count, "day": formatting.date(due_on)}


def returned_text(site: str, values: dict[str, str]) -> str:
    """The message of a return as it will be sent, in the language that is being spoken."""
    return str(KINDS["returned"].text) % {"site": site, "base": "", **values}


def tell(
    session: Session, settings: Settings, kind: str, submission: Submission, address: str, faults: int, now: datetime
) -> None:
    """Put the message for everybody who may act for the firm today into the outbox."""
    for person in people(session, submission.organisation_id, formatting.local_time(now).date()):
        with speaking(person.language if person.language in TAGS else DEFAULT):
            told = values(session, submission, address, faults, submission.due_on)
        outbox.post(session, settings, kind, person.recipient, person.language, told, now)


def people(session: Session, organisation_id: int, today: date) -> Sequence[User]:
    query = (
        sa.select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == "confirmed",
            Membership.role.in_(MAY_READ),
            sa.or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
            User.state == "active",
        )
        .order_by(Membership.id)
    )
    return session.scalars(query).all()
