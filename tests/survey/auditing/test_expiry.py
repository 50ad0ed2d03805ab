"""Old events go, by a dated deed that is recorded itself; the chain still holds, and nothing younger may be missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from survey.auditing.expiry import expire, months_before
from survey.auditing.sealing import seal, seal_all
from survey.database import Database
from survey.models import AuditEvent, AuditSeal
from survey.settings import Settings, SettingsError
from tests.survey.auditing.conftest import Attack, Verify, Write
from tests.survey.conftest import Run

LONG_AGO = datetime.now(UTC) - timedelta(days=400)
LATELY = datetime.now(UTC) - timedelta(days=200)


@pytest.fixture
def years(database: Database, write_events: Write) -> None:
    """Three events of long ago, two of half a year ago, one of today; sealed on those days."""
    for count, at in ((3, LONG_AGO), (2, LATELY), (1, datetime.now(UTC))):
        write_events(count, at=at)
        with database.write() as session:
            assert seal(session, at + timedelta(seconds=2)) == count


def kept(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(sa.select(AuditEvent.id).order_by(AuditEvent.id)))


@pytest.mark.usefixtures("years")
def test_it_removes_what_is_old_and_the_chain_still_holds(
    database: Database, database_url: str, faults: Verify, write_events: Write
) -> None:
    now = datetime.now(UTC)
    assert expire(database_url, 12, now) == (3, 3)
    assert kept(database) == [4, 5, 6, 7], "the last one tells of the removal"
    assert faults() == []
    seal_all(database)
    assert faults() == []
    with database.read() as session:
        told = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "audit.expire")).one()
        assert (told.detail, told.result, told.actor_id) == ("3", "done", None)
        assert len(session.scalars(sa.select(AuditSeal.number)).all()) == 7
    assert expire(database_url, 12, now) == (0, 3), "nothing more, and nothing recorded"
    assert kept(database) == [4, 5, 6, 7]
    with pytest.raises(sa.exc.IntegrityError, match="frozen"), database.write() as session:
        session.execute(sa.delete(AuditEvent))
    write_events(1)
    assert seal_all(database) == 1


@pytest.mark.usefixtures("years")
def test_it_goes_on_year_after_year(database: Database, database_url: str, faults: Verify) -> None:
    expire(database_url, 12, datetime.now(UTC))
    seal_all(database)
    later = datetime.now(UTC) + timedelta(days=400)
    assert expire(database_url, 12, later)[0] == 4, "also the record of the first removal"
    with database.write() as session:
        seal(session, later)
    assert kept(database) == [8]
    assert faults(after=timedelta(days=401)) == []


@pytest.mark.usefixtures("years")
def test_a_removal_beyond_what_is_told_is_found(database_url: str, faults: Verify, attack: Attack) -> None:
    expire(database_url, 12, datetime.now(UTC))
    attack("DELETE FROM audit_event WHERE id = 5")
    assert faults() == ["link 5: its event 5 was removed"]


@pytest.mark.usefixtures("years")
def test_nobody_can_tell_away_what_is_younger_than_half_a_year(
    write_events: Write, faults: Verify, attack: Attack
) -> None:
    write_events(1, action="audit.expire", detail="6")
    attack("DELETE FROM audit_event WHERE id <= 6")
    assert faults() == ["link 6: its event 6 was removed"]


def test_it_never_takes_an_event_before_it_is_sealed_and_old(
    database: Database, database_url: str, write_events: Write
) -> None:
    write_events(2, at=LONG_AGO)
    assert expire(database_url, 12, datetime.now(UTC)) == (0, 0)
    seal_all(database)
    assert expire(database_url, 12, datetime.now(UTC)) == (0, 0), "its time begins when it was sealed"


def test_it_counts_months_and_never_less_than_they_last() -> None:
    at = datetime(2026, 8, 31, 12, tzinfo=UTC)
    assert months_before(at, 6) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert months_before(at, 12) == datetime(2025, 8, 28, 12, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 5, tzinfo=UTC), 13) == datetime(2024, 12, 5, tzinfo=UTC)


@pytest.mark.usefixtures("years")
def test_the_command_keeps_to_the_setting(run: Run, faults: Verify) -> None:
    assert run("audit", "expire") == (0, "3 events removed, up to link 3\n")
    assert run("audit", "expire") == (0, "0 events removed\n")
    assert faults() == []
    assert "events up to link 3 were removed because they were old" in run("audit", "verify")[1]


def test_the_setting_is_at_least_half_a_year() -> None:
    key = {"SME_SECRET_KEY": "x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya"}
    assert Settings.from_environment(key).audit_months == 12
    with pytest.raises(SettingsError, match="SME_AUDIT_MONTHS"):
        Settings.from_environment({**key, "SME_AUDIT_MONTHS": "5"})
