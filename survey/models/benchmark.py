"""Dated, immutable releases of benchmark cells: the only thing a benchmark is ever read from."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import FROZEN, At, Base, Big, Id, JsonValue, Kind, PublicId, Word
from survey.models.round import Campaign

RELEASE_CAUSES = ("quarter", "campaign_end", "command")
WITHHELD = ("few", "difference", "sibling", "change", "concentrated")
"""Why a cell is not shown: too few firms; other shown cells less this one would leave too few of its own firms, or of
those beside it; too few firms differ from an earlier release; nearly all have the same points.
"""


class BenchmarkRelease(Base):
    """All cells of one campaign as at one moment. `minimum` is the least number of firms it was made with."""

    __tablename__ = "benchmark_release"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number"),
        sa.CheckConstraint("number > 0 AND minimum >= 5", "number_and_minimum"),
        FROZEN,
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[int]
    cause: Mapped[str] = mapped_column(Kind(*RELEASE_CAUSES))
    minimum: Mapped[int]
    firms: Mapped[Big]
    as_of: Mapped[At]

    campaign: Mapped[Campaign] = relationship()


class BenchmarkCell(Base):
    """One measure in one cohort. Empty `industry` or `size` means all; `area_id` is a node with everything below it.

    `industry` is a division ("C34") or one of the city's own industries ("s:12", by id). `bins` counts firms by bins of
    two points of a hundred, from the lowest: for our own sums only, never shown whole; empty where `withheld` says why.
    """

    __tablename__ = "benchmark_cell"
    __table_args__ = (
        sa.CheckConstraint("(withheld IS NULL) = (bins IS NOT NULL)", "bins_unless_withheld"),
        FROZEN,
    )

    release_id: Mapped[int] = mapped_column(sa.ForeignKey("benchmark_release.id"), primary_key=True)
    measure: Mapped[Word] = mapped_column(primary_key=True)
    industry: Mapped[Word] = mapped_column(primary_key=True)
    size: Mapped[Word] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    withheld: Mapped[str | None] = mapped_column(Kind(*WITHHELD))
    bins: Mapped[JsonValue | None]


class BenchmarkMember(Base):
    """A firm that a release counts, and its cohort then: to leave a firm out of its own comparison, and to tell how
    many firms differ between two releases."""

    __tablename__ = "benchmark_member"
    __table_args__ = (FROZEN,)

    release_id: Mapped[int] = mapped_column(sa.ForeignKey("benchmark_release.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(sa.ForeignKey("scorecard.id"))
    division: Mapped[str] = mapped_column(sa.String(3))
    sub_industry_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    size: Mapped[Word]
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
