"""Photos and files that prove an answer. May be erased at any time; the answers' hash does not cover them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Big, Hash, Id, Kind, Long, Moment, Name, PublicId, Word

EVIDENCE_SIDES = ("firm", "office")
"""Who brought it: the firm's own people, or those who check it on site."""


class Evidence(Base):
    """One file of a firm as it is kept (photos shrunk, without location). `file` is relative to the data folder.

    `name` is what it was called, `kind` a word of survey/evidence/kinds.py; `sha256` is that of the kept bytes.
    `removed_at`: taken away, the file with it.
    """

    __tablename__ = "evidence"
    __table_args__ = (sa.CheckConstraint("(removed_at IS NULL) = (file IS NOT NULL)", "file_until_removed"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    side: Mapped[str] = mapped_column(Kind(*EVIDENCE_SIDES), default="firm")
    name: Mapped[Name | None]
    kind: Mapped[Word]
    bytes: Mapped[Big]
    sha256: Mapped[Hash]
    file: Mapped[Long | None]
    added_at: Mapped[At]
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class EvidenceUse(Base):
    """A file proves the answer to an item of a submission; one file may prove many."""

    __tablename__ = "evidence_use"

    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True, index=True)
    item: Mapped[Word] = mapped_column(primary_key=True)
    added_at: Mapped[At]
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    evidence: Mapped[Evidence] = relationship()
