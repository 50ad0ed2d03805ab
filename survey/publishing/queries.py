"""Published instruments, read once per process: they never change."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from survey.models import PublishedInstrument

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
