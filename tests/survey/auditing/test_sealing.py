"""The chain over the record: gapless, in one order, and no change to it stays unseen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey import audit
from survey.auditing import sealing
from survey.auditing.sealing import head, seal, seal_all
from survey.database import Database
from survey.models import AuditSeal
from survey.settings import Settings
from tests.survey.auditing.conftest import Attack, Verify, Write, found
from tests.survey.conftest import Run

ROOT = Path(__file__).parents[3]
SECONDS = 30


def links(database: Database) -> list[tuple[int, int]]:
    """(number, event) of every link."""
    with database.read() as session:
        query = sa.select(AuditSeal.number, AuditSeal.event_id).order_by(AuditSeal.number)
        return [(number, event) for number, event in session.execute(query)]


def test_it_seals_every_event_once_and_in_order(database: Database, write_events: Write, faults: Verify) -> None:
    write_events(3)
    assert seal_all(database) == 3
    write_events(2)
    assert [seal_all(database), seal_all(database)] == [2, 0]
    numbers, events = zip(*links(database), strict=True)
    assert numbers == (1, 2, 3, 4, 5)
    assert list(events) == sorted(events)
    assert faults() == []


def test_it_takes_up_an_event_whose_transaction_ended_later(
    database: Database, write_events: Write, faults: Verify
) -> None:
    if database.writer.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    with database.write() as slow:
        audit.record(slow, audit.SYSTEM, "account.sign_in", None, now=datetime.now(UTC))
        slow.flush()
        write_events(2)
        assert seal_all(database, everything=False) == 2
    assert seal_all(database, everything=False) == 1
    (_, first), (_, second), (_, third) = links(database)
    assert third < first < second
    assert faults() == []


def test_it_goes_on_in_short_transactions_until_all_is_sealed(
    database: Database, write_events: Write, faults: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST", 3)
    write_events(7)
    with database.write() as session:
        assert seal(session, datetime.now(UTC)) == 3
    assert seal_all(database) == 4
    assert faults() == []


def test_a_usual_pass_looks_back_a_little_and_the_hourly_one_at_all(
    database: Database, write_events: Write, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_events(6)
    seal_all(database)
    attack("DELETE FROM audit_seal WHERE number = 1")
    monkeypatch.setattr(sealing, "LOOK_BACK", 3)
    assert seal_all(database, everything=False) == 0
    assert seal_all(database, everything=True) == 1


def test_two_sealers_at_once_make_one_chain(database: Database, write_events: Write, faults: Verify) -> None:
    write_events(40)
    threads = [threading.Thread(target=seal_all, args=(database,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    write_events(5)
    for thread in threads:
        thread.join()
    seal_all(database)
    assert [number for number, _ in links(database)] == list(range(1, 46))
    assert faults() == []


MADE_UP = (
    "INSERT INTO audit_event (id, at, action, object_kind, result)"
    " VALUES (90, '2026-01-01 00:00:00', 'account.sign_in', 'user', 'done')"
)
CHANGES = {
    "altered": (["UPDATE audit_event SET result = 'refused' WHERE id = 3"], ["link 3: event 3 was altered"]),
    "emptied": (["UPDATE audit_event SET detail = '' WHERE id = 3"], ["link 3: event 3 was altered"]),
    "dated back": (["UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = 4"], ["link 4: event 4 was altered"]),
    "removed": (["DELETE FROM audit_event WHERE id = 2"], ["link 2: its event 2 was removed"]),
    "removed with its link": (
        ["DELETE FROM audit_event WHERE id = 2", "DELETE FROM audit_seal WHERE number = 2"],
        ["links 2 to 2 are missing", "link 3: event 3 was altered, put in, or moved"],
    ),
    "removed and closed up": (
        [
            "DELETE FROM audit_event WHERE id = 2",
            "DELETE FROM audit_seal WHERE number = 2",
            *(f"UPDATE audit_seal SET number = {number - 1} WHERE number = {number}" for number in (3, 4, 5)),
        ],
        ["link 2: event 3 was altered, put in, or moved"],
    ),
    "moved": (
        [
            "UPDATE audit_seal SET event_id = 99 WHERE number = 2",
            "UPDATE audit_seal SET event_id = 2 WHERE number = 4",
            "UPDATE audit_seal SET event_id = 4 WHERE number = 2",
        ],
        ["link 2: event 4 was altered, put in, or moved", "link 4: event 2 was altered, put in, or moved"],
    ),
    "put in": (
        [
            "UPDATE audit_seal SET number = 6 WHERE number = 5",
            "UPDATE audit_seal SET number = 5 WHERE number = 4",
            MADE_UP,
            "INSERT INTO audit_seal (number, event_id, hash, sealed_at) VALUES (4, 90, 'x', '2026-01-01 00:00:00')",
        ],
        ["link 4: event 90 was altered, put in, or moved", "link 5: event 4 was altered, put in, or moved"],
    ),
    "made up as old": (
        [MADE_UP],
        ["1 events older than a minute are not sealed"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.usefixtures("sealed")
def test_it_finds_a_record_that_was(change: str, attack: Attack, faults: Verify) -> None:
    assert faults() == []
    statements, told = CHANGES[change]
    attack(*statements)
    said = faults()
    assert len(said) == len(told), said
    assert all(one.startswith(other) for one, other in zip(said, told, strict=True)), said


@pytest.mark.usefixtures("sealed")
def test_it_finds_a_chain_that_was_cut_off_or_made_anew(database: Database, attack: Attack, faults: Verify) -> None:
    with database.read() as session:
        noted = head(session).hash
    assert faults(noted) == []
    attack("DELETE FROM audit_event WHERE id > 3", "DELETE FROM audit_seal WHERE number > 3")
    assert faults() == [], "in itself it is a shorter chain"
    assert faults(noted) == [f"no link has the expected hash {noted}: the chain was cut off or made anew"]
    attack("UPDATE audit_event SET result = 'refused' WHERE id = 1", "DELETE FROM audit_seal")
    seal_all(database)
    assert faults() == []
    assert faults(noted) != []


def test_it_misses_what_is_not_sealed_after_a_minute(write_events: Write, faults: Verify) -> None:
    write_events(2)
    assert faults() == []
    assert faults(after=timedelta(minutes=2)) == ["2 events older than a minute are not sealed: does the worker run?"]


@pytest.mark.usefixtures("sealed")
def test_it_points_to_events_dated_long_before_their_link(database: Database, write_events: Write) -> None:
    write_events(at=datetime.now(UTC) - timedelta(hours=2))
    seal_all(database)
    assert found(database).late == [6]
    assert found(database).faults == []


def test_the_commands_seal_and_tell_what_they_find(run: Run, write_events: Write, attack: Attack) -> None:
    write_events(3)
    assert run("audit", "seal") == (0, "3 events sealed\n")
    code, said = run("audit", "verify")
    assert code == 0, said
    count, _links, _head, number, noted = said.split()
    assert (count, number, len(noted)) == ("3", "3", 64)
    assert run("audit", "verify", "--expect", noted)[0] == 0
    attack("UPDATE audit_event SET action = 'account.sign_out' WHERE id = 2")
    code, said = run("audit", "verify")
    assert code == 1
    assert "link 2: event 2 was altered" in said
    assert run("audit", "verify", "--expect", "f" * 64)[0] == 1


@pytest.mark.slow
def test_a_killed_worker_leaves_events_that_the_next_one_seals(
    settings: Settings, database: Database, write_events: Write, faults: Verify
) -> None:
    write_events(2)
    worker = start(settings)
    try:
        until_sealed(database, 2)
        worker.kill()
        worker.wait()
        write_events(3)
        worker = start(settings)
        until_sealed(database, 5)
        write_events(1)
        written = time.monotonic()
        until_sealed(database, 6)
        assert time.monotonic() - written < 5, "sealed within five seconds"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0
    finally:
        worker.kill()
        worker.wait()
    assert faults() == []


def start(settings: Settings) -> subprocess.Popen[bytes]:
    own = {
        "SME_SECRET_KEY": settings.secret_key,
        "SME_DATABASE_URL": settings.database_url,
        "SME_DATA_DIRECTORY": str(settings.data_directory),
        "SME_BASE_URL": settings.base_url,
        "SME_SECURE_COOKIES": "false",
        "SME_WORKER_PROCESSES": "1",
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SME_")}
    return subprocess.Popen([sys.executable, "-m", "survey.worker"], cwd=ROOT, env={**plain, **own})


def until_sealed(database: Database, count: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if len(links(database)) >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"{len(links(database))} of {count} sealed within {SECONDS} seconds")


def test_a_fault_does_not_end_the_sealing(
    database: Database, write_events: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_events(1)
    seen, true = [], sealing.seal_all

    def failing(*given: object) -> int:
        seen.append(given)
        if len(seen) == 1:
            raise OSError("the database is away")
        return true(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sealing, "seal_all", failing)
    monkeypatch.setattr(sealing, "EVERY_SECONDS", 0.01)
    ended = threading.Event()
    thread = threading.Thread(target=sealing.keep_sealing, args=(database, ended))
    thread.start()
    until_sealed(database, 1)
    ended.set()
    thread.join(SECONDS)
    assert not thread.is_alive()
