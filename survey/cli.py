"""Commands for those who run the site: `flask --app wsgi …`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from survey.database import write
from survey.organisations.industry_import import ImportFaults, import_industries

industries = AppGroup("industries", help="The classification of industries.")

GROUPS = (industries,)
"""Every group of commands. A new one is one line here."""


@industries.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Add or rename the industries in FILE, a CSV with the columns code, level and name; all of them or none."""
    try:
        with write() as session:
            count = import_industries(session, file.read_bytes())
    except ImportFaults as refused:
        for fault in refused.faults:
            click.echo(f"{file.name}: {fault}", err=True)
        raise SystemExit(1) from None
    click.echo(f"{count} industries imported")


def init_app(app: Flask) -> None:
    for group in GROUPS:
        app.cli.add_command(group)
