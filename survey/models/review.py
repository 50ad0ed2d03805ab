"""An office looks at what was submitted: accepts it, or returns it once with all faults."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Id, Kind, Long, Moment, PublicId, Word
from survey.models.snapshot import Snapshot
from survey.models.submission import Submission

REVIEW_STATES = ("open", "accepted", "returned")


class Review(Base):
    """The check of one snapshot. While it is open an officer collects faults; `due_on` is set with a return."""

    __tablename__ = "review"
    __table_args__ = (
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", "decided_unless_open"),
        sa.CheckConstraint("(state = 'returned') = (due_on IS NOT NULL)", "due_when_returned"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), unique=True)
    state: Mapped[str] = mapped_column(Kind(*REVIEW_STATES), default="open")
    opened_at: Mapped[At]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    due_on: Mapped[date | None] = mapped_column(sa.Date)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    submission: Mapped[Submission] = relationship()
    snapshot: Mapped[Snapshot] = relationship()


class ReviewFault(Base):
    """One thing to mend, at an item or (empty) at the whole. `kind` is a word of survey/reviews/faults.py."""

    __tablename__ = "review_fault"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    item: Mapped[Word | None]
    kind: Mapped[Word]
    text: Mapped[Long]
    added_at: Mapped[At]
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    review: Mapped[Review] = relationship()
