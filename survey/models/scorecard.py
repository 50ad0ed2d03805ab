"""What a snapshot was worth, frozen."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import FROZEN, At, Base, Big, Id, JsonValue, Word
from survey.models.snapshot import Snapshot


class Scorecard(Base):
    """All measures, the level and the trace (`card`, exact strings) by one version of the engine.

    `level` is the highest sure level (0 is none), `possible_level` the highest that unknown answers allow. `total_e6`
    is millionths of a point, for sorting only; None while unknown answers leave the total open.
    """

    __tablename__ = "scorecard"
    __table_args__ = (sa.UniqueConstraint("snapshot_id", "engine_version"), FROZEN)

    id: Mapped[Id]
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"))
    engine_version: Mapped[Word]
    level: Mapped[int]
    possible_level: Mapped[int]
    total_e6: Mapped[Big | None]
    card: Mapped[JsonValue]
    created_at: Mapped[At]

    snapshot: Mapped[Snapshot] = relationship()


class Score(Base):
    """One measure of a scorecard in millionths of a point, with the firm's cohort as it was at submit."""

    __tablename__ = "score"
    __table_args__ = (
        sa.Index(None, "campaign_id", "measure", "points_e6", "scorecard_id"),
        sa.CheckConstraint("low_e6 <= high_e6", "low_not_above_high"),
        sa.CheckConstraint("points_e6 IS NULL OR (low_e6 = points_e6 AND high_e6 = points_e6)", "points_when_equal"),
        FROZEN,
    )

    scorecard_id: Mapped[int] = mapped_column(sa.ForeignKey("scorecard.id"), primary_key=True)
    measure: Mapped[Word] = mapped_column(primary_key=True)
    points_e6: Mapped[Big | None]
    low_e6: Mapped[Big]
    high_e6: Mapped[Big]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    industry_division: Mapped[str] = mapped_column(sa.String(3))
    size_class: Mapped[Word | None]
    sub_industry_id: Mapped[int | None] = mapped_column(sa.BigInteger)
