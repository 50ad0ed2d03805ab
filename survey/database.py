"""The two ways to the database: `reading()` for everything a request looks at, `write()` for the short transaction that
changes something. SQLite and PostgreSQL by the same code; docs/adr/0002 tells why there are two engines.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""`INSERT … ON CONFLICT` by the name of the dialect: SQLAlchemy has one for each database."""

_LOCK_SECONDS = 10

# Run on every new SQLite connection, in this order: waiting comes first, since the others may have to wait.
_PRAGMAS = {"busy_timeout": str(_LOCK_SECONDS * 1000), "journal_mode": "WAL", "recursive_triggers": "ON"}
_SQLITE: Mapping[str, Mapping[str, str]] = {
    "read": {"foreign_keys": "ON", "query_only": "ON"},
    "write": {"foreign_keys": "ON", "synchronous": "NORMAL"},
    "durable": {"foreign_keys": "ON", "synchronous": "FULL"},
    # A batch migration drops and renames tables that others refer to; it checks all references at its end.
    "migrate": {"foreign_keys": "OFF", "synchronous": "FULL"},
}
_SQLITE_BEGIN = {
    "read": "BEGIN",
    "write": "BEGIN IMMEDIATE",
    "durable": "BEGIN IMMEDIATE",
    "migrate": "BEGIN IMMEDIATE",
}

# A reader sees one state from its first query to its last, as it does on SQLite.
_POSTGRESQL: Mapping[str, Mapping[str, Any]] = {
    "read": {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}},
    "write": {},
    "durable": {},
    "migrate": {},
}


# A fault in the log names the statement, never the answers in it.
_QUIET: Mapping[str, Any] = {"hide_parameters": True}


def engine(url: str, role: str) -> sa.Engine:
    """An engine for one role: `read`, `write`, `durable` (survives a power cut) or `migrate`."""
    address = _normal(url)
    return (
        _sqlite_engine(address, role) if address.get_backend_name() == "sqlite" else _postgresql_engine(address, role)
    )


def _normal(url: str) -> sa.URL:
    address = sa.make_url(url)
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _postgresql_engine(address: sa.URL, role: str) -> sa.Engine:
    options = f"-c timezone=UTC -c lock_timeout={_LOCK_SECONDS}s"
    values = {**_QUIET, **_POSTGRESQL[role]}
    return sa.create_engine(address, connect_args={"options": options}, pool_pre_ping=True, **values)


def _set(connection: Any, pragma: str) -> None:
    """Run a pragma. Turning a new file to WAL does not wait for another process that does the same: so we do."""
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute(pragma)
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _sqlite_engine(address: sa.URL, role: str) -> sa.Engine:
    if address.database:
        Path(address.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = sa.create_engine(address, **_QUIET)

    @sa.event.listens_for(made, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Python's sqlite3 would begin by itself, late and never before SELECT or DDL; the listener below does instead.
        connection.isolation_level = None
        for name, value in {**_PRAGMAS, **_SQLITE[role]}.items():
            _set(connection, f"PRAGMA {name}={value}")

    @sa.event.listens_for(made, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(_SQLITE_BEGIN[role])

    return made


@dataclass(frozen=True)
class Database:
    """The engines of one process. `durable` is the write engine itself where every commit is durable."""

    reader: sa.Engine
    writer: sa.Engine
    durable: sa.Engine

    @classmethod
    def connect(cls, url: str) -> Database:
        """Make the engines for a URL; connections open on first use."""
        writer = engine(url, "write")
        durable = engine(url, "durable") if writer.dialect.name == "sqlite" else writer
        return cls(engine(url, "read"), writer, durable)

    def close(self) -> None:
        """Close all pooled connections."""
        for each in (self.reader, self.writer, self.durable):
            each.dispose()

    def read(self) -> Session:
        """A session that cannot change anything; the caller closes it (`with database.read() as session:`)."""
        return Session(self.reader, expire_on_commit=False, autoflush=False)

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back by any exception.

        On SQLite the write lock is taken before the first line inside, so that nothing read there can be out of date.
        `durable` makes the commit survive a power cut.
        """
        chosen = self.durable if durable else self.writer
        with Session(chosen, expire_on_commit=False) as session:
            session.connection()  # begins, and so takes the lock
            yield session
            session.commit()


def init_app(app: Flask, url: str) -> Database:
    """Give the application its database, and end each request's read session."""
    app.extensions["database"] = database = Database.connect(url)
    app.teardown_appcontext(_end_reading)
    return database


def current() -> Database:
    """The database of the current application."""
    database: Database = current_app.extensions["database"]
    return database


def reading() -> Session:
    """The read session of the current request or application context, closed when that ends."""
    if "read_session" not in g:
        g.read_session = current().read()
    session: Session = g.read_session
    return session


@contextmanager
def write(*, durable: bool = False) -> Iterator[Session]:
    """The current application's `Database.write`. What is read after it sees what it wrote."""
    if "read_session" in g:
        g.read_session.commit()  # ends the snapshot: nothing stays open while the write lock is held
    with current().write(durable=durable) as session:
        yield session
    if "read_session" in g:
        g.read_session.expire_all()


def _end_reading(_error: BaseException | None) -> None:
    session: Session | None = g.pop("read_session", None)
    if session is not None:
        session.close()
