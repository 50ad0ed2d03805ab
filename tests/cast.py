"""The people and things of the tests, each made through the action that the site uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from survey.messages.delivery import deliver
from survey.models import Area, Campaign, Job, JobItem, Provider, Round
from survey.models.staff import PROVIDER_ROLES
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


def place_of(session: Session, role: str, area: str | None = None) -> dict[str, Any]:
    """Where a role outside firms is held: the area with this code, the city, or a provider that is made if need be."""
    if role in PROVIDER_ROLES:
        found = session.scalar(sa.select(Provider))
        if found is None:
            found = Provider(name="Spring Cloud Digital Services Ltd", created_at=datetime.now(UTC))
            session.add(found)
            session.flush()
        return {"provider_id": found.id}
    where = Area.code == area if area else Area.kind == "city"
    return {"area_id": session.scalars(sa.select(Area.id).where(where)).one()}


def deliver_all(app: Flask) -> None:
    """Deliver what stands in the outbox, as the worker would."""
    database, settings = app.extensions["database"], app.config["SETTINGS"]
    waiting = sa.select(JobItem).join(Job).where(Job.kind == "message", JobItem.state == "queued").order_by(JobItem.id)
    with database.read() as session:
        items = list(session.scalars(waiting))
    for item in items:
        deliver(settings, item.subject_id, item.language)
        with database.write() as session:
            session.execute(sa.update(JobItem).where(JobItem.id == item.id).values(state="done"))
