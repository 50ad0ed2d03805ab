"""Questionnaires as published: never changed afterwards."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from survey.models.columns import FROZEN, At, Base, Hash, Id, Long, Word


class PublishedInstrument(Base):
    """One version of a questionnaire. A higher `revision` corrects wording only; the rules stay the same.

    `definition` is the text `Instrument.to_json()` gave, unchanged.
    """

    __tablename__ = "published_instrument"
    __table_args__ = (
        sa.UniqueConstraint("questionnaire", "version", "revision"),
        sa.CheckConstraint("revision > 0", "revision_positive"),
        FROZEN,
    )

    id: Mapped[Id]
    questionnaire: Mapped[Word]
    version: Mapped[Word]
    revision: Mapped[int]
    rules_checksum: Mapped[Hash]
    texts_checksum: Mapped[Hash]
    definition: Mapped[Long]
    published_at: Mapped[At]
