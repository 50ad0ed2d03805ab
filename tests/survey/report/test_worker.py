"""The worker as a program: killed at any moment it delays and never loses."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.database import Database
from survey.models import JobItem
from survey.settings import Settings
from tests.survey.report.conftest import HandIn

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60

pytestmark = pytest.mark.slow


def start(settings: Settings) -> subprocess.Popen[bytes]:
    own = {
        "SME_SECRET_KEY": settings.secret_key,
        "SME_DATABASE_URL": settings.database_url,
        "SME_DATA_DIRECTORY": str(settings.data_directory),
        "SME_BASE_URL": settings.base_url,
        "SME_SECURE_COOKIES": "false",
        "SME_WORKER_PROCESSES": "1",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SME_")}
    return subprocess.Popen([sys.executable, "-m", "survey.worker"], cwd=ROOT, env={**environment, **own})


def until(database: Database, state: str) -> JobItem:
    """The item once it is in that state."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with database.read() as session:
            item = session.scalars(sa.select(JobItem)).one()
        if item.state == state:
            return item
        time.sleep(0.005)
    raise AssertionError(f"not {state} within {SECONDS} seconds: {item.state} {item.error}")


def gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}/exe").exists() for pid in pids)


def below(pid: int) -> set[int]:
    """All processes that come from one."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = {int(each) for task in tasks for each in task.read_text().split()}
    return children | {each for child in children for each in below(child)}


def test_a_killed_worker_delays_and_never_loses(settings: Settings, database: Database, hand_in: HandIn) -> None:
    hand_in()
    with database.write() as session:  # one of the two reports is enough
        session.execute(sa.delete(JobItem).where(JobItem.language == "en"))
    worker = start(settings)
    try:
        until(database, "running")
        processes = below(worker.pid)
        worker.kill()
        worker.wait()
        assert until(database, "running").attempts == 1
        with database.write() as session:  # the lease runs out
            session.execute(sa.update(JobItem).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))
        worker = start(settings)
        item = until(database, "done")
        assert item.attempts == 2
        assert (settings.data_directory / str(item.file)).read_bytes().startswith(b"%PDF-")
        assert not list((settings.data_directory / "reports").rglob("*.part"))
        assert gone(processes), "processes of the killed worker are left behind"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0
    finally:
        worker.kill()
        worker.wait()


def test_a_process_that_dies_is_replaced_and_its_item_made(
    settings: Settings, database: Database, hand_in: HandIn
) -> None:
    if database.writer.dialect.name != "sqlite":
        pytest.skip("the database plays no part in it")
    hand_in()
    with database.write() as session:
        session.execute(sa.delete(JobItem).where(JobItem.language == "en"))
    worker = start(settings)
    try:
        until(database, "running")
        makers = {deep for child in below(worker.pid) for deep in below(child)}
        assert makers
        for pid in makers:
            os.kill(pid, signal.SIGKILL)
        item = until(database, "done")
        assert item.attempts == 2
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()
