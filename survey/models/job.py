"""Background work: the truth about what is to be done, by whom it was taken, and how it went."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Big, Id, Kind, Long, Moment, PublicId, Word

JOB_ITEM_STATES = ("queued", "running", "done", "failed")


class Job(Base):
    """One order, with one item for each thing to make. `created_by` is empty for what the site orders itself."""

    __tablename__ = "job"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[Word]
    created_at: Mapped[At]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class JobItem(Base):
    """A worker that takes an item holds a lease; when the lease runs out (the worker was killed) another may take it.

    `subject_id` is the row the kind of job works on (a snapshot for a report); `file` is relative to the data folder.
    """

    __tablename__ = "job_item"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "subject_id", "language"),
        sa.Index(None, "state", "priority", "id"),
        sa.Index(None, "subject_id", "language"),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", "lease_while_running"),
        sa.CheckConstraint("attempts >= 0", "attempts_counted"),
    )

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"))
    subject_id: Mapped[Big]
    language: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(Kind(*JOB_ITEM_STATES), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[At]
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[Long | None]
    file: Mapped[Long | None]

    job: Mapped[Job] = relationship()
