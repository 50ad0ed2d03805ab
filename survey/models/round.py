"""A city's period with its reference year, and in it one campaign per questionnaire."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Day, Id, Name, PublicId, Word
from survey.models.instrument import PublishedInstrument


class Round(Base):
    """`reference_year` is the year whose figures are asked for."""

    __tablename__ = "round"
    __table_args__ = (sa.CheckConstraint("opens_on <= closes_on", "opens_before_closing"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    title_zh: Mapped[Name]
    title_en: Mapped[Name]
    reference_year: Mapped[int]
    opens_on: Mapped[Day]
    closes_on: Mapped[Day]


class Campaign(Base):
    """One instrument, open for a time within a round."""

    __tablename__ = "campaign"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "questionnaire"),
        sa.CheckConstraint("opens_at < closes_at", "opens_before_closing"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    questionnaire: Mapped[Word]
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("published_instrument.id"))
    opens_at: Mapped[At]
    closes_at: Mapped[At]

    round: Mapped[Round] = relationship()
    instrument: Mapped[PublishedInstrument] = relationship()
