"""`flask privacy …`: the nightly erasing, the inventory of all columns, a copy of the database without people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from survey import audit, jobs
from survey.database import current, reading, write
from survey.models import User
from survey.privacy import closing
from survey.privacy.inventory import as_markdown
from survey.privacy.leftovers import leftovers, lost, remove
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
    for file in lost(reading(), folder):
        click.echo(f"missing: {file} is named by a row and not in the data folder; look for it in the backup", err=True)
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


@privacy.command("close-account")
@click.argument("account")
@click.option("--release", is_flag=True, help="Give firms that have nobody else back to the list.")
def close_account(account: str, release: bool) -> None:
    """Close ACCOUNT (its number) for somebody who asked for it and cannot sign in any more; cannot be undone."""
    settings: Settings = current_app.config["SETTINGS"]
    user = reading().scalar(sa.select(User).where(User.public_id == account))
    if user is None:
        refuse([f"{account}: there is no such account"])
    alone = closing.alone_in(reading(), user.id)
    successors = {each.organisation.public_id: closing.RELEASE for each in alone} if release else {}
    try:
        with write(durable=True) as session:
            files = closing.close(session, settings, user.id, successors, audit.SYSTEM, datetime.now(UTC))
    except closing.CannotClose:
        firms = ", ".join(each.organisation.name for each in alone) or "none"
        refuse([f"{account}: is closed, or holds a role, or is alone in a firm (--release gives these back): {firms}"])
    remove(settings.data_directory, files)
    jobs.wake(current_app)
    click.echo("closed; a confirmation is on its way")
