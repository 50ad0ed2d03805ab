"""`flask privacy …`: the nightly erasing, the inventory of all columns, a copy of the database without people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from survey.database import current, reading
from survey.privacy.inventory import as_markdown
from survey.privacy.leftovers import leftovers, remove
from survey.privacy.pseudonyms import pseudonymise
from survey.privacy.retention import RULES, retain
from survey.settings import Settings
from survey.terminal import refuse

privacy = AppGroup("privacy", help="Personal data: what is kept, and for how long.")


@privacy.command("retain")
@click.option("--dry-run", is_flag=True, help="Count only; nothing is erased.")
def retain_(dry_run: bool) -> None:
    """Erase everything that has had its time: rows by the rules, and files that nothing refers to any more."""
    settings: Settings = current_app.config["SETTINGS"]
    now, folder = datetime.now(UTC), settings.data_directory.resolve()
    with current().write() as session:
        erased = retain(session, now)
        files = leftovers(session, folder, now)
        if dry_run:
            session.rollback()
    removed = len(files) if dry_run else remove(folder, files)
    for name, count in erased.items():
        click.echo(f"{count:>8}  {RULES[name].about}")
    click.echo(f"{removed:>8}  files that nothing refers to any more")
    click.echo("nothing was erased" if dry_run else "done")


@privacy.command("inventory")
def inventory() -> None:
    """Print docs/privacy.md: every column, why it is there, how long it is kept and how it is erased."""
    click.echo(as_markdown(), nl=False)


@privacy.command("pseudonymise")
@click.argument("target", type=click.Path(path_type=Path))
def pseudonymise_(target: Path) -> None:
    """Copy the database into the new SQLite file TARGET without the people and firms in it, to look for a fault."""
    try:
        count = pseudonymise(reading(), target)
    except FileExistsError:
        refuse([f"{target}: is there already"])
    click.echo(f"{count} rows; figures and answers are real: keep the file as confidential as the database")
