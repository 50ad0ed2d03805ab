"""The two ways to the database, and what its columns promise, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import database as db
from survey import public_ids
from survey.database import Database
from survey.models import AuditEvent, Base, DraftPage, Job, JobItem, User

NOW = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)


def person(name: str = "Wang") -> User:
    return User(name=name, created_at=NOW)


def save(database: Database, record: Base) -> None:
    with database.write() as session:
        session.add(record)


@pytest.fixture
def application(database_url: str) -> Iterator[Flask]:
    app = Flask("test")
    made = db.init_app(app, database_url)
    yield app
    made.close()


@pytest.mark.parametrize(("role", "expected"), [("read", (1, 1)), ("write", (0, 1)), ("durable", (0, 2))])
def test_it_prepares_every_connection_to_sqlite(tmp_path: Path, role: str, expected: tuple[int, int]) -> None:
    engine = db.engine(f"sqlite:///{tmp_path / 'new folder' / 'platform.db'}", role)
    with engine.connect() as connection:
        pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "recursive_triggers")
        got = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
        assert got == ["wal", 1, 10_000, 1]
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == expected[0]
        if role != "read":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == expected[1]
    engine.dispose()


def test_it_reads_what_was_written(database: Database) -> None:
    with database.write() as session:
        wang = person()
        session.add(wang)
    assert len(wang.public_id) == public_ids.LENGTH  # usable after the transaction
    with database.read() as session:
        assert session.scalars(sa.select(User)).one().name == "Wang"


@pytest.mark.parametrize("durable", [False, True])
def test_it_keeps_nothing_of_a_failed_transaction(database: Database, durable: bool) -> None:
    def fail() -> None:
        with database.write(durable=durable) as session:
            session.add(person())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as session:
        assert session.scalars(sa.select(User)).all() == []


def test_it_commits_a_durable_write(database: Database) -> None:
    with database.write(durable=True) as session:
        session.add(person())
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count(User.id))) == 1


def test_it_cannot_change_anything_while_reading(database: Database) -> None:
    for attempt in (sa.insert(User).values(name="x", created_at=NOW), sa.text("DROP TABLE score")):
        with database.read() as session, pytest.raises(sa.exc.DBAPIError, match=r"readonly|read-only"):
            session.execute(attempt)
    with database.read() as session:
        session.add(person())
        with pytest.raises(sa.exc.DBAPIError, match=r"readonly|read-only"):
            session.commit()


def test_it_shows_a_reader_one_state_from_start_to_end(database: Database) -> None:
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count(User.id))) == 0
        with database.write() as other:
            other.add(person())
        assert session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_it_takes_the_write_lock_before_the_first_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'platform.db'}"  # PostgreSQL locks rows instead
    database, impatient = Database.connect(url), sa.create_engine(url, connect_args={"timeout": 0})
    busy = pytest.raises(sa.exc.OperationalError, match="locked")
    with database.write(), impatient.connect() as connection, busy:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    impatient.dispose()
    database.close()


def test_it_lets_twenty_writers_through_one_after_the_other(database_url: str, database: Database) -> None:
    with database.write() as session:
        session.add(person("0"))

    def count(_writer: int) -> None:
        own = Database.connect(database_url)
        for _ in range(5):
            with own.write() as session:
                counted = session.scalars(sa.select(User).with_for_update()).one()
                counted.name = str(int(counted.name) + 1)
        own.close()

    with ThreadPoolExecutor(20) as writers:
        list(writers.map(count, range(20)))
    with database.read() as session:
        assert session.scalars(sa.select(User.name)).one() == "100"


def test_it_gives_a_request_one_read_session_and_closes_it(application: Flask) -> None:
    with application.app_context():
        session = db.reading()
        session.scalar(sa.select(sa.func.count(User.id)))
        assert db.reading() is session
        assert session.in_transaction()
    assert not session.in_transaction()
    with application.app_context():
        assert db.reading() is not session


def test_it_sees_its_own_changes_after_writing(application: Flask) -> None:
    with application.app_context():
        with db.write() as session:
            session.add(person("before"))
        seen = db.reading().scalars(sa.select(User)).one()
        with db.write() as session:
            assert not db.reading().in_transaction()
            session.scalars(sa.select(User)).one().name = "after"
        assert seen.name == "after"
        assert db.reading().scalars(sa.select(User.name)).one() == "after"


def test_it_keeps_moments_in_utc(database: Database) -> None:
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    with database.write() as session:
        session.add(User(name="Li", created_at=shanghai))
    with database.read() as session:
        kept = session.scalars(sa.select(User.created_at)).one()
        assert (kept, kept.tzinfo) == (NOW, UTC)
        assert session.scalars(sa.select(User).where(User.created_at <= shanghai)).one()
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        save(database, User(name="Zhao", created_at=NOW.replace(tzinfo=None)))


def test_it_checks_kinds_in_python(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="'asleep' is none of: active, locked"):
        save(database, User(name="Li", created_at=NOW, state="asleep"))


def test_it_keeps_json_as_one_canonical_text(database: Database) -> None:
    table = sa.table("draft_page", sa.column("data"))
    with database.write() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        else:
            session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        session.add(
            DraftPage(submission_id=1, section="s", data={"b": ["\u4e2d", None], "a": 1}, updated_at=NOW, updated_by=1)
        )
        session.flush()
        assert session.scalar(sa.select(table.c.data)) == '{"a":1,"b":["\u4e2d",null]}'
        assert session.scalars(sa.select(DraftPage.data)).one() == {"a": 1, "b": ["\u4e2d", None]}
        session.rollback()


def test_it_holds_64_bits(database: Database) -> None:
    save(database, User(id=2**62, name="Li", created_at=NOW))
    save(database, Job(kind="report", created_at=NOW, created_by=2**62))
    with database.read() as session:
        assert session.scalars(sa.select(Job.created_by)).one() == 2**62


def test_it_refuses_a_reference_to_nothing(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        save(database, AuditEvent(at=NOW, actor_id=7, action="sign-in", object_kind="user", result="ok"))


def test_it_leases_exactly_what_runs(database: Database) -> None:
    save(database, Job(id=1, kind="report", created_at=NOW))
    item = {"job_id": 1, "subject_id": 1, "language": "en", "created_at": NOW}
    for state, lease in (("running", None), ("queued", NOW)):
        with pytest.raises(sa.exc.IntegrityError, match="lease_while_running"):
            save(database, JobItem(**item, state=state, lease_until=lease))
    save(database, JobItem(**item, state="running", lease_until=NOW))


def test_it_makes_ids_nobody_can_guess() -> None:
    made = {public_ids.new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(each) == 22 and each.isascii() and each.isalnum() for each in made)
