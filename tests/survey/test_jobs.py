"""Taking work by lease: nothing is lost, nothing is done twice at once, nothing is tried for ever."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import jobs
from survey.database import Database
from survey.models import JobItem
from survey.settings import Settings

NOW = datetime(2026, 7, 18, 8, 42, tzinfo=UTC)
LATER = NOW + jobs.LEASE + timedelta(seconds=1)


def order(database: Database, *languages: str, priority: int = 0) -> None:
    with database.write() as session:
        jobs.order(session, "report", 7, languages or ("en",), None, NOW, priority)


def take(database: Database, now: datetime = NOW) -> jobs.Claim | None:
    with database.write() as session:
        return jobs.claim(session, now)


def only(database: Database) -> JobItem:
    with database.read() as session:
        return session.scalars(sa.select(JobItem)).one()


def test_it_gives_every_item_to_one_worker_most_urgent_first(database: Database) -> None:
    order(database, "zh_CN", "en")
    order(database, "en", priority=jobs.WAITING)
    taken = [take(database) for _ in range(4)]
    assert [each and (each.item_id, each.language) for each in taken] == [(3, "en"), (1, "zh_CN"), (2, "en"), None]
    with database.read() as session:
        assert not jobs.anything_free(session, NOW)
        assert jobs.anything_free(session, LATER)


def test_two_workers_at_the_same_time_take_different_items(database: Database) -> None:
    if database.writer.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    order(database, "zh_CN", "en")
    with database.write() as one, database.write() as other:
        first, second = jobs.claim(one, NOW), jobs.claim(other, NOW)
    assert first
    assert second
    assert first.item_id != second.item_id


def test_it_takes_up_what_a_killed_worker_left(database: Database) -> None:
    order(database)
    lost = take(database)
    assert take(database) is None
    again = take(database, LATER)
    assert lost
    assert again
    assert (again.item_id, again.attempt) == (lost.item_id, 2)
    with database.write() as session:
        assert not jobs.finish(session, lost, "late.pdf", LATER), "the first worker has lost it"
        assert not jobs.renew(session, lost, LATER)
        assert jobs.finish(session, again, "x.pdf", LATER)
    assert (only(database).state, only(database).file) == ("done", "x.pdf")


def test_a_renewed_lease_keeps_others_away(database: Database) -> None:
    order(database)
    mine = take(database)
    assert mine
    with database.write() as session:
        assert jobs.renew(session, mine, LATER)
    assert take(database, LATER) is None


def test_it_tries_three_times_and_keeps_the_reason(database: Database) -> None:
    order(database)
    for attempt in (1, 2, 3):
        taken = take(database)
        assert taken
        assert taken.attempt == attempt
        with database.write() as session:
            jobs.fail(session, taken, f"fault {attempt} " + "x" * 9000, NOW)
    item = only(database)
    assert (item.state, item.lease_until, take(database)) == ("failed", None, None)
    assert item.error
    assert item.error.startswith("fault 3")
    assert len(item.error) == jobs.MOST_ERROR


def test_it_gives_up_an_item_that_kills_its_workers(database: Database) -> None:
    order(database)
    now = NOW
    for _ in range(jobs.MOST_ATTEMPTS):
        assert take(database, now)
        now += jobs.LEASE + timedelta(seconds=1)
    assert take(database, now) is None
    assert only(database).state == "failed"


def test_it_refuses_a_kind_that_nobody_makes(database: Database) -> None:
    with database.write() as session, pytest.raises(ValueError, match="report"):
        jobs.order(session, "cake", 1, ["en"], None, NOW)


def test_a_wake_reaches_the_worker_and_a_failing_one_nobody(app: Flask, settings: Settings) -> None:
    queue, heard = jobs.queue(settings.data_directory), []
    queue.listeners.append(lambda: heard.append(1))
    jobs.wake(app)
    task = queue.huey.dequeue()
    assert task
    queue.huey.execute(task)
    assert heard
    queue.huey.storage.close()
    (settings.data_directory / "queue.db").unlink()
    (settings.data_directory / "queue.db").mkdir()  # cannot be opened, so no connection is left behind
    jobs.wake(app)


def test_it_puts_back_what_waits_for_others_without_counting_the_attempt(database: Database) -> None:
    order(database)
    for _ in range(jobs.MOST_ATTEMPTS + 1):
        taken = take(database)
        assert taken
        with database.write() as session:
            assert jobs.postpone(session, taken, NOW)
        assert take(database) is None
        with database.write() as session:
            session.execute(sa.update(JobItem).values(not_before=NOW))
    assert (only(database).state, only(database).attempts) == ("queued", 0)
