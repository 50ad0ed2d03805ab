"""Who did what, insert-only. Never holds what was answered."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import FROZEN, At, Base, Id, Word


class AuditEvent(Base):
    """`actor_id` is empty for the site itself and for strangers; `object_id` is a public id where there is one."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index(None, "organisation_id", "at"),
        sa.Index(None, "actor_id", "at"),
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
