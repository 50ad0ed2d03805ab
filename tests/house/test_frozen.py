"""Whatever a model calls frozen can only be added to, whoever asks and however."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.dialects import postgresql

from survey.database import Database, engine
from survey.models import Base
from survey.models.columns import Kind
from tests import databases

FROZEN = sorted(table.name for table in Base.metadata.sorted_tables if table.info.get("frozen"))
VALUES: dict[type, Any] = {
    int: 5,
    str: "x",
    bool: True,
    date: date(2026, 1, 1),
    datetime: datetime(2026, 1, 1, tzinfo=UTC),
}


@pytest.fixture(params=["after upgrade", "after down and up"])
def frozen_database(request: pytest.FixtureRequest, database_url: str) -> Database:
    """A database with one row in every frozen table."""
    if request.param == "after down and up":
        command.downgrade(databases.migrations(database_url), "base")
        command.upgrade(databases.migrations(database_url), "head")
    owner = engine(database_url, "migrate")  # does not look at references, on SQLite
    with owner.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))  # neither, here
        for name in FROZEN:
            connection.execute(sa.insert(Base.metadata.tables[name]).values(row(name)))
    owner.dispose()
    return Database.connect(database_url)


EMPTY = {("benchmark_cell", "withheld")}
"""Columns that are empty where others are not."""


def row(name: str) -> dict[str, Any]:
    """A row with something in every column."""
    columns = Base.metadata.tables[name].columns
    return {column.name: None if (name, column.name) in EMPTY else value(column) for column in columns}


def value(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, Kind):
        return column.type.words[0]
    return VALUES[getattr(column.type, "impl_instance", column.type).python_type]


def attempts(name: str, dialect: str) -> list[sa.Executable]:
    """Every way to change or remove what is there."""
    table = Base.metadata.tables[name]
    key = [column.name for column in table.primary_key]
    both: list[sa.Executable] = [sa.update(table).values(row(name)), sa.delete(table)]
    if dialect == "sqlite":
        return [*both, sa.insert(table).prefix_with("OR REPLACE").values(row(name))]
    upsert = postgresql.insert(table).values(row(name)).on_conflict_do_update(index_elements=key, set_=row(name))
    return [*both, upsert, sa.text(f'TRUNCATE "{name}" CASCADE')]


def content(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        return {name: list(session.execute(sa.select(Base.metadata.tables[name]))) for name in FROZEN}


def test_it_refuses_every_change_to_every_frozen_table(frozen_database: Database) -> None:
    before = content(frozen_database)
    assert all(len(rows) == 1 for rows in before.values())
    for name in FROZEN:
        for attempt in attempts(name, frozen_database.writer.dialect.name):
            with pytest.raises(sa.exc.IntegrityError, match=f"{name} is frozen"), frozen_database.write() as session:
                session.execute(attempt)
    assert content(frozen_database) == before


def test_it_guards_what_the_models_call_frozen_and_nothing_else(database: Database) -> None:
    queries = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen_%'",
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'frozen_%'",
    }
    with database.read() as session:
        assert sorted(session.scalars(sa.text(queries[database.reader.dialect.name]))) == FROZEN


def test_it_cannot_be_emptied_by_way_of_what_it_refers_to(frozen_database: Database) -> None:
    emptying = {
        "sqlite": sa.delete(Base.metadata.tables["user"]),
        "postgresql": sa.text('TRUNCATE "user", area CASCADE'),
    }
    before = content(frozen_database)
    save_a_user = sa.insert(Base.metadata.tables["user"]).values(row("user") | {"id": VALUES[int], "state": "active"})
    with frozen_database.write() as session:
        session.execute(save_a_user)
    with pytest.raises(sa.exc.IntegrityError), frozen_database.write() as session:
        session.execute(emptying[frozen_database.writer.dialect.name])
    assert content(frozen_database) == before
