"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL, and settings that point to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect, sync_playwright

from survey.database import Database
from survey.settings import Settings
from tests import databases

ROOT = Path(__file__).parents[1]
PAGE_MILLISECONDS = 20_000
"""How long a page may take on a busy machine."""

_connections: list[Any] = []


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.open_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    databases.disconnect()
    if not hasattr(config, "workerinput"):
        databases.close_folder()


@sa.event.listens_for(sa.Pool, "connect")
def _remember(connection: Any, _record: Any) -> None:
    _connections.append(connection)


def _close_connections() -> None:
    """Close what the test's engines still hold, since nobody ends an application in a test."""
    while _connections:
        _connections.pop().close()


@pytest.fixture(params=databases.KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each database."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own, all migrations applied. Commits are real."""
    url = databases.migrated(database_kind, tmp_path / "platform.db")
    yield url
    _close_connections()
    databases.remove(url)


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    url = databases.empty(database_kind, tmp_path / "empty.db")
    yield url
    _close_connections()
    databases.remove(url)


@pytest.fixture
def database(database_url: str) -> Database:
    """The engines of `database_url`, for tests that need no application."""
    return Database.connect(database_url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium as found at set-up, started once; whoever opens a context in it closes it."""
    expect.set_options(timeout=PAGE_MILLISECONDS)
    path = (ROOT / "var" / "chromium").read_text(encoding="utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or None)
        yield browser
        browser.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a site on this machine that uses `database_url`."""
    return Settings(
        secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests",
        database_url=database_url,
        data_directory=tmp_path / "data",
        base_url="http://localhost",
        secure_cookies=False,
    )
