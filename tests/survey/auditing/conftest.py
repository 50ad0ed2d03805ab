"""Events in the record, and an attacker with the rights to change tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from migrations.freeze import freeze, unfreeze
from survey import audit
from survey.auditing.sealing import seal_all
from survey.auditing.verifying import Verified, verify
from survey.database import Database, engine

NOW = datetime(2026, 7, 18, 8, 42, tzinfo=UTC)

Write = Callable[..., None]
Attack = Callable[..., None]
Verify = Callable[..., list[str]]


@pytest.fixture
def write_events(database: Database) -> Write:
    """Add so many events to the record, now unless told otherwise."""

    def add(count: int = 1, at: datetime | None = None, action: str = "account.sign_in", **values: object) -> None:
        with database.write() as session:
            for _ in range(count):
                audit.record(session, audit.SYSTEM, action, None, now=at or datetime.now(UTC), **values)  # type: ignore[arg-type]

    return add


@pytest.fixture
def sealed(database: Database, write_events: Write) -> int:
    """Five events, sealed."""
    write_events(5)
    return seal_all(database)


@pytest.fixture
def attack(database_url: str) -> Attack:
    """Run statements as somebody would who may take the triggers away, and leaves no trace of that."""

    def run(*statements: str) -> None:
        owner = engine(database_url, "migrate")
        with owner.begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            for table in ("audit_event", "audit_seal"):
                unfreeze(op, table)
            for statement in statements:
                assert connection.execute(sa.text(statement)).rowcount, statement
            for table in ("audit_event", "audit_seal"):
                freeze(op, table)
        owner.dispose()

    return run


@pytest.fixture
def faults(database: Database) -> Verify:
    """What a look through the chain finds; `late` to get only links that were made too late."""

    def look(*expected: str, after: timedelta = timedelta(0)) -> list[str]:
        return found(database, *expected, after=after).faults

    return look


def found(database: Database, *expected: str, after: timedelta = timedelta(0)) -> Verified:
    with database.read() as session:
        return verify(session, datetime.now(UTC) + after, expected)
