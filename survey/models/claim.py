"""The city's list of firms, and people's claims to act for a firm on it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Id, JsonValue, Kind, Long, Moment, Name, PublicId, Word
from survey.models.organisation import Organisation
from survey.models.user import User

CLAIM_HOWS = ("code", "letter", "entered")
"""By a code from the office, by a letter that an office looks at, or by entering a firm that nobody had listed."""
CLAIM_STATES = ("waiting", "approved", "refused", "withdrawn")


class ListedContact(Base):
    """Whom the list names for a firm: personal data, apart from the firm, erased once the firm has an owner."""

    __tablename__ = "listed_contact"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[Name | None]
    mobile: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    listed_at: Mapped[At]


class ListedTitle(Base):
    """A title that the list says a firm holds."""

    __tablename__ = "listed_title"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "kind"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[Word]
    valid_until: Mapped[date | None] = mapped_column(sa.Date)
    listed_at: Mapped[At]


class Claim(Base):
    """Somebody says to act for a firm. `dispute`: the firm had somebody already when this was said.

    `typed`: what the person said of the firm, {"name", "area" (public id), "industry"}, to be held against the list.
    `letter_file` is relative to the data folder; it is removed, and the column emptied, when its time is over.
    """

    __tablename__ = "claim"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    how: Mapped[str] = mapped_column(Kind(*CLAIM_HOWS))
    state: Mapped[str] = mapped_column(Kind(*CLAIM_STATES))
    dispute: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[Long | None]
    typed: Mapped[JsonValue | None]
    letter_file: Mapped[Long | None]
    letter_type: Mapped[Word | None]
    made_at: Mapped[At]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    reason: Mapped[Long | None]

    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
