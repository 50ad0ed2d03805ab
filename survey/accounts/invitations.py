"""Inviting somebody to act for a firm, an area or a provider: the link goes to one number or address, for 14 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.role_names import ROLE_NAMES, place_name
from survey.formatting import local_time
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import Invitation, Organisation, User
from survey.protection import token, token_hash
from survey.settings import Settings

LIFE: Final = timedelta(days=14)
PATH: Final = "/invitation/"
"""Where the link leads, below the site's configured address."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody is invited to: a role at exactly one of the three places.

    `body` and `valid_until`, the last day, belong to an authorised filler of a firm.
    """

    role: str
    organisation_id: int | None = None
    area_id: int | None = None
    provider_id: int | None = None
    body: str | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        places = (self.organisation_id, self.area_id, self.provider_id)
        if sum(place is not None for place in places) != 1:
            raise ValueError("an invitation is to exactly one place")


def make_invitation(
    session: Session,
    settings: Settings,
    recipient: str,
    offer: Offer,
    actor: audit.Actor,
    now: datetime,
    *,
    language: str = DEFAULT,
) -> str:
    """Invite the holder of a number or an address (as `recipients.recipient` gives it), and send the link.

    Returns the token of the link, of which the database keeps the hash alone. `language` is that of the message where
    the recipient has no account yet. Call `jobs.wake` after the commit.
    """
    made = token()
    invitation = Invitation(
        token_hash=token_hash(made),
        recipient=recipient,
        role=offer.role,
        organisation_id=offer.organisation_id,
        area_id=offer.area_id,
        provider_id=offer.provider_id,
        body=offer.body,
        valid_until=offer.valid_until,
        invited_at=now,
        invited_by=actor.user_id,
        expires_at=now + LIFE,
    )
    session.add(invitation)
    session.flush()
    audit.record(
        session, actor, "invitation.send", invitation.public_id,
        now=now, organisation_id=offer.organisation_id, detail=offer.role,
    )  # fmt: skip
    _post(session, settings, invitation, made, language, now)
    return made


def send_again(
    session: Session, settings: Settings, invitation: Invitation, actor: audit.Actor, now: datetime, language: str
) -> None:
    """Send a new link for 14 more days; the former one leads nowhere from now on."""
    made = token()
    invitation.token_hash, invitation.expires_at = token_hash(made), now + LIFE
    audit.record(
        session, actor, "invitation.send", invitation.public_id,
        now=now, organisation_id=invitation.organisation_id, detail=invitation.role,
    )  # fmt: skip
    _post(session, settings, invitation, made, language, now)


def withdraw(session: Session, invitation: Invitation, actor: audit.Actor, now: datetime) -> None:
    """Make the link lead nowhere."""
    invitation.withdrawn_at = now
    audit.record(
        session, actor, "invitation.withdraw", invitation.public_id,
        now=now, organisation_id=invitation.organisation_id,
    )  # fmt: skip


def address_of(settings: Settings, made: str) -> str:
    """The link with this token: made from the configured address, never from a request."""
    return f"{settings.base_url}{PATH}{made}"


def place_of(session: Session, invitation: Invitation, language: str) -> str:
    """The name of the firm, area or provider."""
    if invitation.organisation_id is not None:
        return session.get_one(Organisation, invitation.organisation_id).name
    return place_name(session, invitation.area_id, invitation.provider_id, language)


def open_invitation(session: Session, made: str, now: datetime, *, lock: bool = False) -> Invitation | None:
    """The invitation of a link that may still be accepted; None if it is used, expired, withdrawn or none at all."""
    today = local_time(now).date()
    query = sa.select(Invitation).where(
        Invitation.token_hash == token_hash(made),
        Invitation.recipient.is_not(None),
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
        sa.or_(Invitation.valid_until.is_(None), Invitation.valid_until >= today),
    )
    return session.scalar(query.with_for_update() if lock else query)


def _post(
    session: Session, settings: Settings, invitation: Invitation, made: str, language: str, now: datetime
) -> None:
    to = invitation.recipient or ""
    known = session.scalar(sa.select(User.language).where(sa.or_(User.mobile == to, User.email == to)))
    spoken = known or language
    with speaking(spoken):
        values = {
            "place": place_of(session, invitation, spoken),
            "role": str(ROLE_NAMES[invitation.role]),
            "address": address_of(settings, made),
        }
    outbox.post(session, settings, "invitation", to, spoken, values, now, LIFE)
