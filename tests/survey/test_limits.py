"""Counting what is tried: the same for all processes, and never for ever."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from survey import limits
from survey.database import Database
from survey.models import Attempt

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
NAME = "sign-in account"
FREE = limits.LIMITS[NAME].most


def fail(database: Database, times: int, now: datetime = NOW, who: str = "wang") -> None:
    for _ in range(times):
        with database.write() as session:
            limits.failed(session, NAME, who, now)


def wait(database: Database, now: datetime = NOW, who: str = "wang") -> timedelta | None:
    with database.read() as session:
        return limits.wait(session, NAME, who, now)


def test_it_lets_a_few_failures_pass_and_then_makes_people_wait_longer_and_longer(database: Database) -> None:
    fail(database, FREE - 1)
    assert wait(database) is None
    waits = []
    for _ in range(12):
        fail(database, 1)
        waits.append(wait(database))
    assert waits[:4] == [timedelta(seconds=each) for each in (2, 4, 8, 16)]
    assert waits[-1] == limits.LONGEST_WAIT, "nobody is locked out for good"


def test_it_makes_only_the_one_wait_who_failed(database: Database) -> None:
    fail(database, FREE)
    assert wait(database)
    assert wait(database, who="li") is None


def test_it_forgets_after_a_success_and_after_its_time(database: Database) -> None:
    fail(database, FREE + 3)
    assert wait(database, NOW + timedelta(seconds=16)) is None, "waiting is enough to try again"
    fail(database, 1, NOW + timedelta(seconds=20))
    assert wait(database, NOW + timedelta(seconds=20)) == timedelta(seconds=32)
    with database.write() as session:
        limits.succeeded(session, NAME, "wang")
    assert wait(database) is None
    fail(database, FREE)
    later = NOW + limits.LIMITS[NAME].within + timedelta(minutes=16)
    fail(database, 1, later)
    assert wait(database, later) is None


def test_it_counts_up_to_the_limit(database: Database) -> None:
    def count(now: datetime) -> bool:
        with database.write() as session:
            return limits.count(session, "codes to recipient", "wang", now)

    most = limits.LIMITS["codes to recipient"].most
    assert [count(NOW) for _ in range(most + 2)] == [True] * most + [False] * 2
    assert not count(NOW + timedelta(minutes=59))
    assert count(NOW + timedelta(hours=1))


def test_it_counts_each_of_many_at_once(database: Database) -> None:
    """As many threads with transactions of their own as there might be processes."""
    done: list[bool] = []

    def run() -> None:
        for _ in range(4):
            with database.write() as session:
                done.append(limits.count(session, "exports", "wang", NOW))

    threads = [threading.Thread(target=run) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with database.read() as session:
        assert session.scalars(sa.select(Attempt.count)).one() == 20 == len(done)


def test_it_keeps_no_number_and_no_address(database: Database) -> None:
    fail(database, 1, who="13800138000")
    with database.read() as session:
        (key,) = session.scalars(sa.select(Attempt.key))
    assert key == hashlib.sha256(f"{NAME}:13800138000".encode()).hexdigest()


def test_it_clears_away_what_no_longer_counts(database: Database) -> None:
    fail(database, 1, who="old")
    fail(database, 1, NOW + timedelta(days=2), who="new")
    with database.write() as session:
        limits.forget_old(session, NOW + timedelta(days=2))
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count(Attempt.key))) == 1
