"""A real site never starts on the database of the demonstration, whose accounts are known to others."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.database import Database
from survey.demo.load import ACCOUNTS
from survey.demo.mark import HOST, refuse_demo_records
from survey.models import User
from survey.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
TOLD = "names a database of the demonstration"


def test_a_real_site_refuses_it_and_the_demonstration_takes_it(
    app: Flask, settings: Settings, make_person: Callable[..., User]
) -> None:
    database = app.extensions["database"]
    make_person(mobile=None, email="owner@bureau.example")
    refuse_demo_records(settings, database)
    make_person(mobile=None, email=f"{ACCOUNTS[0][0]}@{HOST}")
    with pytest.raises(SettingsError, match=TOLD):
        refuse_demo_records(settings, database)
    refuse_demo_records(dataclasses.replace(settings, demo=True), database)


def test_a_database_without_tables_is_left_to_others(settings: Settings, empty_database_url: str) -> None:
    refuse_demo_records(settings, Database.connect(empty_database_url))


@pytest.mark.parametrize("program", [["-m", "flask", "--app", "wsgi", "accounts", "stale"], ["-m", "survey.worker"]])
def test_neither_web_nor_worker_nor_command_starts_on_it(
    settings: Settings, make_person: Callable[..., User], program: list[str]
) -> None:
    make_person(mobile=None, email=f"owner@{HOST}")
    own = {
        "SME_SECRET_KEY": settings.secret_key,
        "SME_DATABASE_URL": settings.database_url,
        "SME_DATA_DIRECTORY": str(settings.data_directory),
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SME_")}
    done = subprocess.run(
        [sys.executable, *program], cwd=ROOT, env={**plain, **own}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert TOLD in done.stderr
