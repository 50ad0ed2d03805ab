"""An invitation to act for a firm, an area or a provider; whoever opens its link while signed in may accept it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import At, Base, Hash, Id, Kind, Moment, Name, PublicId
from survey.models.organisation import MEMBERSHIP_ROLES
from survey.models.staff import STAFF_ROLES


class Invitation(Base):
    """Exactly one of the three places is set. `body` and `valid_until` belong to an authorised filler.

    `invited_by` is empty for the first administrators, who are invited from the command line.
    """

    __tablename__ = "invitation"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    recipient: Mapped[str | None] = mapped_column(sa.String(254))
    role: Mapped[str] = mapped_column(Kind(*MEMBERSHIP_ROLES, *STAFF_ROLES))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    body: Mapped[Name | None]
    valid_until: Mapped[date | None] = mapped_column(sa.Date)
    invited_at: Mapped[At]
    invited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    expires_at: Mapped[At]
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
