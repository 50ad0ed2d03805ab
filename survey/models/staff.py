"""Roles outside a firm, held at an area or a provider, and who was asked to visit which firm."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.area import Area
from survey.models.columns import At, Base, Id, Kind, Moment, Name, PublicId
from survey.models.organisation import Organisation
from survey.models.user import User

AREA_ROLES = ("officer", "assessor")
CITY_ROLES = ("city_administrator", "security_administrator", "auditor")
PROVIDER_ROLES = ("provider",)
STAFF_ROLES = AREA_ROLES + CITY_ROLES + PROVIDER_ROLES
"""What people may be outside a firm. City roles are held at the top of the tree of areas."""


class Provider(Base):
    """Who helps firms: a company, a laboratory, a bank."""

    __tablename__ = "provider"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    name: Mapped[Name]
    credit_code: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    created_at: Mapped[At]


class RoleGrant(Base):
    """A role that somebody holds at an area (and sees its subtree) or at a provider, until `ended_at`."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.CheckConstraint("(area_id IS NULL) <> (provider_id IS NULL)", "one_place"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(Kind(*STAFF_ROLES))
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    granted_at: Mapped[At]
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    area: Mapped[Area | None] = relationship()
    provider: Mapped[Provider | None] = relationship()


class Assignment(Base):
    """An assessor who was asked to verify a firm on site."""

    __tablename__ = "assignment"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    assigned_at: Mapped[At]
    assigned_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
