"""A firm, who may act for it, and its figures by year."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.area import Area
from survey.models.columns import FROZEN, At, Base, Big, Id, Kind, Moment, Name, PublicId, Word
from survey.models.industry import SubIndustry
from survey.models.user import User

MEMBERSHIP_ROLES = ("owner", "editor", "viewer", "filler")
MEMBERSHIP_STATES = ("claimed", "confirmed", "disputed", "ended")
ORGANISATION_STATES = ("listed", "claimed", "confirmed", "disputed")


class Organisation(Base):
    """A firm. Its operating area decides which district sees it.

    `industry_code` is any well-formed code below a known division, in the classification or not, hence no reference.
    `state`: listed and nobody's yet; somebody's, not yet confirmed by an office; confirmed; or two people say they act
    for it. Only confirmed firms count in benchmarks and pilots. `declared_above`: above designated size (规上)
    as the list says.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint("length(credit_code) = 18", "credit_code_length"),
        sa.Index(None, "name", "operating_area_id"),
        sa.Index(None, "operating_area_id", "state", "listed_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    credit_code: Mapped[str] = mapped_column(sa.String(18), unique=True)
    credit_code_override: Mapped[bool] = mapped_column(default=False)
    name: Mapped[Name]
    registered_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    operating_area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    industry_code: Mapped[str] = mapped_column(sa.String(5), index=True)
    created_at: Mapped[At]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(Kind(*ORGANISATION_STATES), default="claimed", server_default="claimed")
    sub_industry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sub_industry.id"), index=True)
    declared_above: Mapped[bool | None]
    listed_at: Mapped[datetime | None] = mapped_column(Moment)

    sub_industry: Mapped[SubIndustry | None] = relationship()
    operating_area: Mapped[Area] = relationship(foreign_keys=[operating_area_id])
    registered_area: Mapped[Area | None] = relationship(foreign_keys=[registered_area_id])


class Membership(Base):
    """A person's right in a firm; nobody sees anything of it before `state` is confirmed.

    An authorised filler comes from another `body` and may act until `valid_until`, its last day.
    """

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "user_id"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(Kind(*MEMBERSHIP_ROLES))
    state: Mapped[str] = mapped_column(Kind(*MEMBERSHIP_STATES), default="claimed")
    created_at: Mapped[At]
    body: Mapped[Name | None]
    valid_until: Mapped[date | None] = mapped_column(sa.Date)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class Fact(Base):
    """One figure of a firm in a year. `value` counts the smallest unit of its kind; `unit` is what it was typed in."""

    __tablename__ = "fact"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "kind", "year"),
        sa.CheckConstraint("rev > 0", "rev_positive"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[Word]
    year: Mapped[int]
    value: Mapped[Big]
    unit: Mapped[Word]
    source: Mapped[Word]
    verified: Mapped[bool] = mapped_column(default=False)
    rev: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[At]
    updated_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))


class FactChange(Base):
    """What a figure became with each change, insert-only. `value` is empty where it was taken away.

    `was_verified`: this change replaced an amount that an officer had verified.
    """

    __tablename__ = "fact_change"
    __table_args__ = (sa.Index(None, "organisation_id", "kind", "year"), FROZEN)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[Word]
    year: Mapped[int]
    value: Mapped[Big | None]
    unit: Mapped[Word]
    source: Mapped[Word]
    was_verified: Mapped[bool]
    changed_at: Mapped[At]
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
