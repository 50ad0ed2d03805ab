"""How a database of the demonstration is known: its printed accounts, whose passwords others have seen, are in it."""

from __future__ import annotations

import logging
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.database import Database
from survey.models import User
from survey.settings import Settings, SettingsError

log = logging.getLogger("survey.demo")

HOST: Final = "demo.example"
"""No real address can end so."""

SENTENCE: Final = (
    "SME_DATABASE_URL names a database of the demonstration, whose firms are invented and whose accounts are printed "
    "on a terminal. Make an empty database for a real site: python -m alembic upgrade head."
)


def refuse_demo_records(settings: Settings, database: Database) -> None:
    """Raise `SettingsError` where a site that is no demonstration was given the demonstration's database.

    A database that cannot be read, or has no tables yet, is not for this to judge.
    """
    if settings.demo:
        return
    try:
        with database.read() as session:
            found = is_demo(session)
    except sa.exc.DBAPIError:
        log.warning("the database could not be read at the start")
        return
    finally:
        database.reader.dispose()  # a server may still divide into processes, which must not share a connection
    if found:
        raise SettingsError([SENTENCE])


def is_demo(session: Session) -> bool:
    """Whether an account of the demonstration is there."""
    mine = User.email.endswith(f"@{HOST}", autoescape=True)
    return session.scalar(sa.select(User.id).where(mine).limit(1)) is not None
