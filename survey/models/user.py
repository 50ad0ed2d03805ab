"""A person with an account, the sign-ins that are open, and the codes sent to prove a number or an address."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Hash, Id, Kind, Long, Moment, Name, PublicId, Word

USER_STATES = ("active", "locked")


class User(Base):
    """Signs in by mobile number or e-mail address; both may be empty once the person's data are erased."""

    __tablename__ = "user"
    __table_args__ = (sa.CheckConstraint("email = lower(email)", "email_lower_case"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    name: Mapped[Name]
    mobile: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[Name | None]
    language: Mapped[str | None] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(Kind(*USER_STATES), default="active")
    created_at: Mapped[At]


class SignInSession(Base):
    """One sign-in on one device. The cookie holds a token, the table only its hash. It ends at `ends_at` or earlier."""

    __tablename__ = "sign_in_session"
    __table_args__ = (sa.CheckConstraint("ends_at > created_at", "ends_after_start"),)

    id: Mapped[Id]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[At]
    seen_at: Mapped[At]
    ends_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class OneTimeCode(Base):
    """A code sent to a mobile number or an address, good once, for one purpose, for a short time."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        sa.Index(None, "purpose", "recipient", "created_at"),
        sa.CheckConstraint("attempts >= 0", "attempts_counted"),
        sa.CheckConstraint("expires_at > created_at", "expires_after_start"),
    )

    id: Mapped[Id]
    purpose: Mapped[Word]
    recipient: Mapped[str] = mapped_column(sa.String(254))
    code_hash: Mapped[Name]
    payload: Mapped[Long | None]
    created_at: Mapped[At]
    expires_at: Mapped[At]
    attempts: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
