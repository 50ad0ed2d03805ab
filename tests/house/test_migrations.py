"""Migrations lead from nothing to the models and back, step by step, on both databases."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import Script, ScriptDirectory

from survey.database import Database
from survey.models import Area, Industry
from tests import databases

SEEDS = {
    "migrations/seeds/areas.csv": "5aea00f04d4cfdddd1ba3ef8f1de32739fe0a00413253cdd5ada0040d512655b",
    "survey/organisations/industries.csv": "7791343f1d10e51cbab82eaa81c5cda007e6ee852507cee2b9c7e08641a02ab8",
}


def steps() -> list[Script]:
    """All revisions, the first one first."""
    script = ScriptDirectory.from_config(databases.migrations("sqlite://"))
    return list(script.walk_revisions())[::-1]


@pytest.fixture
def empty_database(empty_database_url: str) -> Iterator[Database]:
    database = Database.connect(empty_database_url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    """The tables there are, but for Alembic's own."""
    return set(sa.inspect(database.reader).get_table_names()) - {"alembic_version"}


def test_it_is_one_line_of_numbers() -> None:
    revisions = [step.revision for step in steps()]
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    assert [step.down_revision for step in steps()] == [None, *revisions[:-1]]
    assert all(Path(step.path).name.startswith(f"{step.revision}_") for step in steps())


def test_it_never_imports_what_may_change() -> None:
    for step in steps():
        tree = ast.parse(Path(step.path).read_text(encoding="utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        assert not {name for name in imported if name.split(".")[0] in ("survey", "scoring", "questionnaires")}


def test_it_goes_up_down_and_up_at_every_step(empty_database_url: str, empty_database: Database) -> None:
    config = databases.migrations(empty_database_url)
    for step in steps():
        command.upgrade(config, step.revision)
        after = tables(empty_database)
        command.downgrade(config, "-1")
        command.upgrade(config, step.revision)
        assert tables(empty_database) == after
    command.check(config)
    command.downgrade(config, "base")
    assert tables(empty_database) == set()


def test_it_keeps_the_rows_when_the_last_step_is_taken_back(database_url: str, database: Database) -> None:
    with database.write() as session:
        session.add(Industry(code="C1311", level="class", parent="C13", name_zh="a", name_en="Rice milling"))
        session.execute(sa.update(Area).filter_by(code="120101").values(name_en="Renamed by the city"))
    config = databases.migrations(database_url)
    command.downgrade(config, "-1")
    command.upgrade(config, "head")
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count(Industry.code))) == 118
        assert session.scalar(sa.select(Area.name_en).filter_by(code="120101")) == "Renamed by the city"
        assert session.scalar(sa.select(sa.func.count(Area.id))) == 20


def test_it_leaves_nothing_behind_when_a_step_fails(database_url: str, database: Database, tmp_path: Path) -> None:
    shutil.copytree(databases.ROOT / "migrations", tmp_path / "migrations")
    last = steps()[-1].revision
    (tmp_path / "migrations" / "versions" / "9999_broken.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = '9999', '{last}'\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer, primary_key=True))\n"
        "    op.drop_table('nowhere')\n"
    )
    config = databases.migrations(database_url)
    config.set_main_option("script_location", str(tmp_path / "migrations"))
    with pytest.raises(sa.exc.DBAPIError):
        command.upgrade(config, "head")
    assert "half" not in tables(database)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT version_num FROM alembic_version")) == last


def test_it_can_be_started_twice_at_once(empty_database_url: str, empty_database: Database) -> None:
    run = (sys.executable, "-m", "alembic", "upgrade", "head")
    environ = {**os.environ, "SME_DATABASE_URL": empty_database_url}
    runs = [subprocess.Popen(run, cwd=databases.ROOT, env=environ) for _ in range(2)]
    assert [each.wait(timeout=60) for each in runs] == [0, 0]
    with empty_database.read() as session:
        assert session.scalar(sa.select(sa.func.count(Area.id))) == 20


def test_it_knows_the_city_from_the_start(database: Database) -> None:
    with database.read() as session:
        city = session.scalars(sa.select(Area).filter_by(kind="city")).one()
        binhai = session.scalars(sa.select(Area).filter_by(code="120116")).one()
        assert city.path == f"/{city.id}/"
        assert binhai.path == f"/{city.id}/{binhai.id}/"
        districts = session.scalars(sa.select(Area).filter_by(kind="district")).all()
        assert (len(districts), {district.parent_id for district in districts}) == (16, {city.id})
        zones = session.scalars(sa.select(Area).filter_by(kind="zone")).all()
        assert [zone.path for zone in zones] == [f"{binhai.path}{zone.id}/" for zone in zones]
        assert len(zones) == 3


def test_it_knows_the_sections_and_divisions_of_industry(database: Database) -> None:
    with database.read() as session:
        sections = session.scalars(sa.select(Industry).filter_by(level="section")).all()
        divisions = session.scalars(sa.select(Industry).filter_by(level="division")).all()
    assert "".join(sorted(section.code for section in sections)) == "ABCDEFGHIJKLMNOPQRST"
    assert sorted(int(division.code[1:]) for division in divisions) == [*range(1, 98)]
    assert all(division.parent == division.code[0] for division in divisions)
    assert all(industry.name_en for industry in (*sections, *divisions))


@pytest.mark.parametrize("name", SEEDS)
def test_it_reads_files_that_stay_as_they_were_released(name: str) -> None:
    content = (databases.ROOT / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == SEEDS[name], "corrections are migrations of their own"
