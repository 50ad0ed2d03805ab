"""The site as it is, for tests that walk through it. One database is enough: nothing here depends on which."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey.settings import Settings
from tests import databases
from tests.applications import application


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    url = databases.migrated("sqlite", tmp_path / "platform.db")
    settings = Settings(
        secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests",
        database_url=url,
        data_directory=tmp_path / "data",
        base_url="http://localhost",
        secure_cookies=False,
    )
    made = application(settings)
    yield made
    made.extensions["database"].close()
