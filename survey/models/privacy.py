"""What people agreed to, what left the site under it, and what they asked for by law."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import FROZEN, At, Base, Id, JsonValue, Kind, Long, Moment, Name, PublicId, Word

CONSENT_KINDS = ("benchmark", "provider", "export", "contact")
REQUEST_KINDS = ("copy", "correct", "delete", "close", "explain", "other")
REQUEST_STATES = ("open", "done", "refused")


class Consent(Base):
    """A firm's permission of one kind, for named fields and one purpose; `recipient` names one provider, where given.

    It holds while `withdrawn_at` is empty and `valid_until` has not passed. A new wording of the text asks again.
    """

    __tablename__ = "consent"
    __table_args__ = (sa.Index(None, "organisation_id", "kind"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(Kind(*CONSENT_KINDS))
    recipient: Mapped[Word | None]
    fields: Mapped[JsonValue]
    purpose: Mapped[Word]
    text_version: Mapped[Word]
    given_at: Mapped[At]
    given_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    valid_until: Mapped[date | None] = mapped_column(sa.Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class NoticeAcceptance(Base):
    """Which version of the privacy notice somebody has accepted, and when. Insert-only."""

    __tablename__ = "notice_acceptance"
    __table_args__ = (sa.UniqueConstraint("user_id", "version"), FROZEN)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    version: Mapped[Word]
    accepted_at: Mapped[At]


class Disclosure(Base):
    """Something of a firm that was shown or handed to somebody outside it, under which consent. Insert-only."""

    __tablename__ = "disclosure"
    __table_args__ = (sa.Index(None, "organisation_id", "at"), FROZEN)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    recipient: Mapped[Name]
    consent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consent.id"))
    fields: Mapped[JsonValue]
    purpose: Mapped[Word]
    how: Mapped[Word]
    at: Mapped[At]
    by_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class RightsRequest(Base):
    """What a person asked for under the law on personal data, with the day until which it must be answered."""

    __tablename__ = "rights_request"
    __table_args__ = (sa.Index(None, "state", "due_on"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(Kind(*REQUEST_KINDS))
    text: Mapped[Long | None]
    made_at: Mapped[At]
    due_on: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[str] = mapped_column(Kind(*REQUEST_STATES), default="open")
    answer: Mapped[Long | None]
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
