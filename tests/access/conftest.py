"""One world for all access tests of a process, and a way to put it back as it was after each deed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.app import create_app
from survey.settings import Settings
from tests import databases
from tests.access.asking import Site
from tests.access.world import make_world

SECRET = "x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests"


@pytest.fixture(scope="session")
def made_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with its world, on SQLite."""
    folder = tmp_path_factory.mktemp("access")
    site = site_on(databases.migrated("sqlite", folder / "platform.db"), folder)
    yield site
    site.app.extensions["database"].close()


def site_on(url: str, folder: Path) -> Site:
    settings = Settings(
        secret_key=SECRET,
        database_url=url,
        data_directory=folder / "data",
        base_url="http://localhost",
        secure_cookies=False,
    )
    app = create_app(settings)
    return Site(app, make_world(app))


@pytest.fixture(scope="session")
def as_made(made_site: Site) -> sqlite3.Connection:
    """A copy of the world in memory."""
    copy = sqlite3.connect(":memory:")
    with sqlite3.connect(made_site.path) as there:
        there.backup(copy)
    there.close()
    return copy


@pytest.fixture
def site(made_site: Site, as_made: sqlite3.Connection) -> Site:
    """The site as it was made; `site.restore()` undoes what a test has done."""
    made_site.pristine = as_made
    made_site.restore()
    assert made_site.tables_as_made
    return made_site
