"""Published instruments, read once per process since they never change, and the campaigns that ask with them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from survey.models import Campaign, PublishedInstrument

_SUMS = sa.select(PublishedInstrument.rules_checksum, PublishedInstrument.texts_checksum).where(
    PublishedInstrument.id == sa.bindparam("id")
)
_TEXT = sa.select(PublishedInstrument.definition).where(PublishedInstrument.id == sa.bindparam("id"))


def instrument(session: Session, instrument_id: int) -> Instrument:
    """The instrument in that row."""
    rules, texts = session.execute(_SUMS, {"id": instrument_id}).one()
    return instrument_with(session, instrument_id, rules, texts)


def instrument_with(session: Session, instrument_id: int, rules: str, texts: str) -> Instrument:
    """The same for who knows the row's two checksums already: read from the database once in a process."""
    known = _known.get((rules, texts))
    if known is None:
        known = _known[rules, texts] = catalogue.from_json(session.execute(_TEXT, {"id": instrument_id}).scalar_one())
    return known


_known: dict[tuple[str, str], Instrument] = {}


def latest(session: Session, questionnaire: str, version: str) -> PublishedInstrument | None:
    """The newest revision of a published version."""
    return session.scalar(
        sa.select(PublishedInstrument)
        .where(PublishedInstrument.questionnaire == questionnaire, PublishedInstrument.version == version)
        .order_by(PublishedInstrument.revision.desc())
        .limit(1)
    )


def revisions(session: Session, questionnaire: str, version: str | None = None) -> list[PublishedInstrument]:
    """Every published revision of a questionnaire, or of one version of it, in the order of publishing."""
    query = sa.select(PublishedInstrument).where(PublishedInstrument.questionnaire == questionnaire)
    if version is not None:
        query = query.where(PublishedInstrument.version == version)
    return list(session.scalars(query.order_by(PublishedInstrument.id)))


def older_campaigns(session: Session, newest: PublishedInstrument, now: datetime) -> list[tuple[Campaign, int]]:
    """Campaigns not yet ended that ask in an earlier wording of the same version, with the revision they have."""
    same = ("questionnaire", "version", "rules_checksum")
    query = (
        sa.select(Campaign, PublishedInstrument.revision)
        .join(PublishedInstrument, PublishedInstrument.id == Campaign.instrument_id)
        .where(*(getattr(PublishedInstrument, name) == getattr(newest, name) for name in same))
        .where(PublishedInstrument.revision < newest.revision, Campaign.closes_at > now)
        .order_by(Campaign.id)
    )
    return [(campaign, revision) for campaign, revision in session.execute(query)]


def campaigns_with(session: Session, instrument_ids: list[int]) -> dict[int, list[Campaign]]:
    """The campaigns that ask with each of these published instruments."""
    found: dict[int, list[Campaign]] = {instrument_id: [] for instrument_id in instrument_ids}
    query = sa.select(Campaign).where(Campaign.instrument_id.in_(instrument_ids)).order_by(Campaign.id)
    for campaign in session.scalars(query):
        found[campaign.instrument_id].append(campaign)
    return found
