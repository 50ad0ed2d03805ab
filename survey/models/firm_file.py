"""What an office keeps about firms: chains and clusters they belong to, call notes, orders of many reports."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Id, Kind, Long, Moment, Name, PublicId, Word
from survey.models.job import Job

GROUP_KINDS = ("chain", "cluster")
NOTE_KINDS = ("call", "visit", "message", "other")


class FirmGroup(Base):
    """One of the city's industry chains (产业链) or clusters (产业集群)."""

    __tablename__ = "firm_group"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(Kind(*GROUP_KINDS))
    code: Mapped[Word]
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class FirmGroupMember(Base):
    """A firm belongs to a chain or cluster."""

    __tablename__ = "firm_group_member"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("firm_group.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True, index=True)


class FirmNote(Base):
    """What an officer notes about contact with a firm; seen by offices, and by the firm in its own copy."""

    __tablename__ = "firm_note"
    __table_args__ = (sa.Index(None, "organisation_id", "at"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(Kind(*NOTE_KINDS))
    text: Mapped[Long]
    at: Mapped[At]
    by_user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))


class Bundle(Base):
    """Many reports in one zip, ordered by an officer; the items of `job` make the reports and then the zip.

    `file` is relative to the data folder; removed, and the column emptied, after `useless_after`.
    """

    __tablename__ = "bundle"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"))
    language: Mapped[str] = mapped_column(sa.String(16))
    made_at: Mapped[At]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    useless_after: Mapped[At]
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    file: Mapped[Long | None]

    job: Mapped[Job] = relationship()


class BundleItem(Base):
    """One report of a bundle: the submission, and the scorecard it had when the bundle was ordered."""

    __tablename__ = "bundle_item"

    bundle_id: Mapped[int] = mapped_column(sa.ForeignKey("bundle.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(sa.ForeignKey("scorecard.id"))
