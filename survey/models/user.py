"""A person with an account, second factors, open sign-ins, and the codes that prove a number or an address."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import At, Base, Big, Hash, Id, Kind, Long, Moment, Name, PublicId, Word

USER_STATES = ("active", "locked", "closed")


class User(Base):
    """Signs in by mobile number or e-mail address; both are empty once the person's data are erased.

    `totp_secret` is sealed; it counts from `totp_at` on, when the first code was right. `totp_step` is the time step of
    the last code taken, so that none is taken twice.
    """

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
    totp_secret: Mapped[Long | None]
    totp_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_step: Mapped[Big | None]
    password_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def recipient(self) -> str:
        """Where messages to the person go: the mobile number, else the address; empty once erased."""
        return self.mobile or self.email or ""


class RecoveryCode(Base):
    """Stands in for the second factor once, when the phone is lost. Only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    code_hash: Mapped[Name]
    made_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInSession(Base):
    """One sign-in on one device. The cookie holds a token, the table only its hash. It ends at `ends_at` or earlier.

    `fresh_at`: when the person last proved who they are; `strong`: with a second factor.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (sa.CheckConstraint("ends_at > created_at", "ends_after_start"),)

    id: Mapped[Id]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[At]
    seen_at: Mapped[At]
    ends_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    fresh_at: Mapped[datetime | None] = mapped_column(Moment)
    strong: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    device: Mapped[Word | None]
    address: Mapped[Word | None]

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


class Attempt(Base):
    """How often something was tried under one key (a hash): shared by all processes. See survey/limits.py."""

    __tablename__ = "attempt"

    key: Mapped[Word] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[At]
    until: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[At] = mapped_column(index=True)
