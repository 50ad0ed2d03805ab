"""Messages that are to leave the site, or have left it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import At, Base, Id, Long, Moment, PublicId, Word


class OutgoingMessage(Base):
    """`sealed` holds subject and text, encrypted, and is emptied with the recipient once sent or useless."""

    __tablename__ = "outgoing_message"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    recipient: Mapped[str | None] = mapped_column(sa.String(254))
    kind: Mapped[Word]
    language: Mapped[str] = mapped_column(sa.String(16))
    sealed: Mapped[Long | None]
    made_at: Mapped[At]
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    useless_after: Mapped[datetime | None] = mapped_column(Moment)
