"""What others found out about a firm: levels, scores and titles. Recorded with proof, never worked out again."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import At, Base, Day, Id, Long, Moment, Name, PublicId, Word


class OutsideResult(Base):
    """One certificate, notice or assessment. What `value`, `score` and `subject` hold, the kind says.

    `kind` is a key of `survey.organisations.outside_kinds.KINDS`. `value` is a word of that kind's choices, `score` an
    exact number, `subject` what a title was given for. `proof` says where anybody can check it.
    """

    __tablename__ = "outside_result"
    __table_args__ = (
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= issued_on", "valid_once_issued"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", "withdrawn_by_somebody"),
        sa.CheckConstraint("rev > 0", "rev_positive"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[Word]
    value: Mapped[Word | None]
    score: Mapped[Word | None]
    subject: Mapped[Name | None]
    number: Mapped[Name]
    issuer: Mapped[Name]
    issued_on: Mapped[Day]
    valid_until: Mapped[date | None] = mapped_column(sa.Date)
    proof: Mapped[Long]
    rev: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[At]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
