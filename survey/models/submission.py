"""All answers of one firm in one campaign, while they are being given."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import FROZEN, At, Base, Id, JsonValue, Kind, Long, Moment, PublicId, Word
from survey.models.organisation import Organisation
from survey.models.round import Campaign

SUBMISSION_KINDS = ("self", "verified")
SUBMISSION_STATES = ("draft", "submitted", "returned", "accepted")


class Submission(Base):
    """`wave` is the ordinal of the firm's rounds; `reference` is the number on the receipt.

    `rev` counts every change of the row, so that two people cannot submit at once. What was submitted is a snapshot.
    `due_on`: the last day to hand in again what was returned. `verifies_id`: the self-assessment that a verified one
    stands beside. The last columns repeat what the latest scorecard and snapshot hold, for lists of very many firms;
    `survey.answering.freezing` alone writes them.
    """

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "campaign_id", "kind"),
        sa.CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", "submitted_unless_draft"),
        sa.CheckConstraint("submitted_at IS NULL OR reference IS NOT NULL", "reference_once_submitted"),
        sa.CheckConstraint("rev > 0 AND wave > 0", "rev_and_wave_positive"),
        sa.Index(None, "campaign_id", "kind", "total_e6"),
        # The firm table: its orders, and all that it filters by, so that very many rows are passed over quickly.
        sa.Index(None, "campaign_id", "kind", "level", "total_e6"),
        sa.Index(None, "campaign_id", "kind", "submitted_at"),
        sa.Index(None, "kind", "state", "submitted_at"),
        sa.Index(
            "ix_submission_firm_table",
            *("campaign_id", "kind", "state", "submitted_at", "level", "size_class", "quality_signs", "total_e6"),
            "organisation_id",
        ),
        sa.Index(None, "scorecard_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(Kind(*SUBMISSION_KINDS), default="self")
    state: Mapped[str] = mapped_column(Kind(*SUBMISSION_STATES), default="draft")
    reference: Mapped[Word | None] = mapped_column(unique=True)
    wave: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[At]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    rev: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date | None] = mapped_column(sa.Date)
    verifies_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    scorecard_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    level: Mapped[int | None]
    possible_level: Mapped[int | None]
    total_e6: Mapped[int | None] = mapped_column(sa.BigInteger)
    quality_signs: Mapped[int | None]
    size_class: Mapped[Word | None]

    organisation: Mapped[Organisation] = relationship()
    campaign: Mapped[Campaign] = relationship()


class DraftPage(Base):
    """What one section holds now. `rev` starts at 1 and grows by 1 with every save."""

    __tablename__ = "draft_page"
    __table_args__ = (sa.CheckConstraint("rev > 0", "rev_positive"),)

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    section: Mapped[Word] = mapped_column(primary_key=True)
    rev: Mapped[int] = mapped_column(default=1)
    data: Mapped[JsonValue]
    updated_at: Mapped[At]
    updated_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))


class DraftChange(Base):
    """What a section held after each save: the history, insert-only. Coded answers only, no free text."""

    __tablename__ = "draft_change"
    __table_args__ = (sa.UniqueConstraint("submission_id", "section", "rev"), FROZEN)

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))
    section: Mapped[Word]
    rev: Mapped[int]
    data: Mapped[JsonValue]
    changed_at: Mapped[At]
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))


class DraftNote(Base):
    """A reason or remark in the respondent's own words; may be erased at any time."""

    __tablename__ = "draft_note"

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    item: Mapped[Word] = mapped_column(primary_key=True)
    text: Mapped[Long]
    updated_at: Mapped[At]
    updated_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
