"""The people and things of the tests, each made through the action that the site uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from survey.models import Campaign, Round
from survey.publishing.actions import open_round, publish

REFERENCE_YEAR = 2025


def make_campaign(
    session: Session, *, opens: date | None = None, closes: date | None = None, definition: str = "2024"
) -> Campaign:
    """A round with the digital questionnaire, open now unless told otherwise."""
    return make_campaign_of(session, catalogue.builtin("digital", definition), opens=opens, closes=closes)


def make_campaign_of(
    session: Session, instrument: Instrument, *, opens: date | None = None, closes: date | None = None
) -> Campaign:
    """A round with this questionnaire alone, open now unless told otherwise."""
    made = make_round_of(session, [instrument], opens=opens, closes=closes)
    return session.scalars(sa.select(Campaign).where(Campaign.round_id == made.id)).one()


def make_round_of(
    session: Session, instruments: list[Instrument], *, opens: date | None = None, closes: date | None = None
) -> Round:
    """A round with a campaign for each of these, open now unless told otherwise."""
    now = datetime.now(UTC)
    first = opens or (now - timedelta(days=30)).date()
    last = closes or (now + timedelta(days=38)).date()
    title = Text(zh_CN="2026 年评测批次", en="Assessment round 2026")
    published = [publish(session, instrument, now) for instrument in instruments]
    return open_round(session, title, REFERENCE_YEAR, first, last, published)
