"""Who did what, insert-only. Never holds what was answered."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import BIG, FROZEN, At, Base, Big, Hash, Id, Word


class AuditEvent(Base):
    """`actor_id` is empty for the site itself and for strangers; `object_id` is a public id where there is one.

    `role` is the role in which it was done, `area_id` the area at which a role of an office is held, `detail` a short
    word from a list of ours (which factor, which role), never anything typed.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index(None, "organisation_id", "at"),
        sa.Index(None, "actor_id", "at"),
        sa.Index(None, "at"),
        FROZEN,
    )

    id: Mapped[Id]
    at: Mapped[At]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    action: Mapped[Word]
    object_kind: Mapped[Word]
    object_id: Mapped[Word | None]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    address: Mapped[Word | None]
    request_id: Mapped[Word | None]
    result: Mapped[Word]
    role: Mapped[Word | None]
    area_id: Mapped[Big | None]
    detail: Mapped[Word | None]


class AuditSeal(Base):
    """One link of the chain over the events: `hash` covers the event and the link before. Insert-only."""

    __tablename__ = "audit_seal"
    __table_args__ = (FROZEN,)

    number: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BIG, unique=True)
    hash: Mapped[Hash]
    sealed_at: Mapped[At]
