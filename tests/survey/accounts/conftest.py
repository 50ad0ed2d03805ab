"""People with a second factor, and what is recorded of the ways in."""

from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import AuditEvent, User
from survey.protection import sealed
from survey.settings import Settings

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def with_app_on_phone(app: Flask, settings: Settings) -> Callable[[User], pyotp.TOTP]:
    """Give somebody a second factor; returns what makes its codes."""

    def give(user: User) -> pyotp.TOTP:
        values = {"totp_secret": sealed(settings, SECRET), "totp_at": datetime.now(UTC)}
        with app.extensions["database"].write() as session:
            session.execute(sa.update(User).where(User.id == user.id).values(values))
        return pyotp.TOTP(SECRET)

    return give


@pytest.fixture
def recorded(app: Flask) -> Callable[..., list[tuple[str, str, str | None]]]:
    """(deed, result, detail) of everything recorded so far, or of one kind of deed."""

    def events(action: str | None = None) -> list[tuple[str, str, str | None]]:
        query = sa.select(AuditEvent.action, AuditEvent.result, AuditEvent.detail).order_by(AuditEvent.id)
        with app.extensions["database"].read() as session:
            return [tuple(row) for row in session.execute(query) if action in (None, row.action)]

    return events
