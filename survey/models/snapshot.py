"""What a firm submitted, frozen; and beside it, outside the hash, what may be erased."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import FROZEN, At, Base, Hash, Id, JsonValue, Long, PublicId, Word
from survey.models.instrument import PublishedInstrument
from survey.models.submission import Submission


class Snapshot(Base):
    """The coded answers, the facts used and the firm as it was. A correction is a new snapshot with the next `number`.

    `organisation` holds name, credit code, area, industry and size class as at submit; `commitment` names the text
    that was agreed to. `reference_values` are the city's values it was scored with, by reference: base, lead, and the
    industry, year and source they were entered with; empty where there were none. `quality_notes` are the questions
    that were put before submitting, for those who review; nothing is scored by them.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        sa.UniqueConstraint("submission_id", "number"),
        sa.CheckConstraint("number > 0", "number_positive"),
        FROZEN,
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))
    number: Mapped[int]
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("published_instrument.id"))
    reference_year: Mapped[int]
    responses: Mapped[JsonValue]
    facts: Mapped[JsonValue]
    reference_values: Mapped[JsonValue | None]
    quality_notes: Mapped[JsonValue | None]
    organisation: Mapped[JsonValue]
    commitment: Mapped[Word]
    content_hash: Mapped[Hash]
    submitted_at: Mapped[At]

    submission: Mapped[Submission] = relationship()
    instrument: Mapped[PublishedInstrument] = relationship()


class SnapshotNote(Base):
    """A reason or remark as it stood at submit."""

    __tablename__ = "snapshot_note"

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), primary_key=True)
    item: Mapped[Word] = mapped_column(primary_key=True)
    text: Mapped[Long]


class SnapshotPerson(Base):
    """Who submitted."""

    __tablename__ = "snapshot_person"

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
