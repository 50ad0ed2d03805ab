"""On-site verification: a visit, what was found item by item, the firm's comment, and the second person's check."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Id, JsonValue, Kind, Long, Moment, PublicId, Word
from survey.models.organisation import Organisation
from survey.models.snapshot import Snapshot
from survey.models.submission import Submission

VISIT_STATES = ("planned", "entered", "confirmed", "cancelled")
"""Planned (values may be entered); entered (the firm may comment, a second person checks); confirmed (a verified
submission stands); cancelled."""
FINDINGS = ("same", "changed", "not_shown")
"""The answer holds; another value was found; nothing was shown for it, and the value given counts as found."""


class Visit(Base):
    """One verification of one self-assessment, as it stood in `snapshot`. Who visits: the firm's assignments.

    `agreed` and `comment` are the firm's word on what was found. `sent_back` is the second person's reason for asking
    to look again. `rev` counts every change.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.CheckConstraint("rev > 0", "rev_positive"),
        sa.CheckConstraint("(entered_at IS NULL) = (entered_by IS NULL)", "entered_by_somebody"),
        sa.CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", "checked_by_somebody"),
        sa.CheckConstraint("checked_by IS NULL OR checked_by <> entered_by", "checked_by_another"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"))
    state: Mapped[str] = mapped_column(Kind(*VISIT_STATES), default="planned")
    planned_on: Mapped[date | None] = mapped_column(sa.Date)
    due_on: Mapped[date] = mapped_column(sa.Date)
    visited_on: Mapped[date | None] = mapped_column(sa.Date)
    created_at: Mapped[At]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    entered_at: Mapped[datetime | None] = mapped_column(Moment)
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    comment_until: Mapped[date | None] = mapped_column(sa.Date)
    agreed: Mapped[bool | None]
    comment: Mapped[Long | None]
    commented_at: Mapped[datetime | None] = mapped_column(Moment)
    commented_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    sent_back: Mapped[Long | None]
    rev: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    submission: Mapped[Submission] = relationship()
    snapshot: Mapped[Snapshot] = relationship()


class VisitValue(Base):
    """What was found for one item, or for one figure (`item` = "figure:KIND:YEAR", value in its smallest unit).

    `seen` lists what was looked at (words of survey/verification/seen.py); `reason` is the assessor's own words.
    """

    __tablename__ = "visit_value"

    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visit.id"), primary_key=True)
    item: Mapped[Word] = mapped_column(primary_key=True)
    finding: Mapped[str] = mapped_column(Kind(*FINDINGS))
    value: Mapped[JsonValue | None]
    seen: Mapped[JsonValue]
    reason: Mapped[Long | None]
    entered_at: Mapped[At]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
