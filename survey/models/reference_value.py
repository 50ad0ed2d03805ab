"""The values that the city sets for an industry: between base and lead an indicator earns its points."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import FROZEN, At, Base, Id, Long, Word


class ReferenceValue(Base):
    """One pair for one reference of a questionnaire, insert-only: a newer row replaces an older one.

    `industry` is a division, group or class and holds for all below it that have none of their own. It holds for
    reference years from `year_from` on. `base` and `lead` are exact numbers; both empty takes the pair away.
    """

    __tablename__ = "reference_value"
    __table_args__ = (
        sa.Index(None, "questionnaire", "industry"),
        sa.CheckConstraint("(base IS NULL) = (lead IS NULL)", "both_or_neither"),
        FROZEN,
    )

    id: Mapped[Id]
    questionnaire: Mapped[Word]
    reference: Mapped[Word]
    industry: Mapped[str] = mapped_column(sa.String(5))
    year_from: Mapped[int]
    base: Mapped[Word | None]
    lead: Mapped[Word | None]
    source: Mapped[Long]
    entered_at: Mapped[At]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
