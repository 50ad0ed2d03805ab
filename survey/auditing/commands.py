"""Commands for the record of deeds: `flask audit seal | verify | expire`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby

import click
from flask import current_app
from flask.cli import AppGroup

from survey.auditing.expiry import expire
from survey.auditing.sealing import log_head, seal_all
from survey.auditing.verifying import record_result, verify
from survey.database import current, reading, write

audit = AppGroup("audit", help="The record of who did what.")

MOST_RANGES = 20


@audit.command("seal")
def seal() -> None:
    """Seal what is not sealed yet; the worker does it every two seconds."""
    count = seal_all(current())
    log_head(current())
    click.echo(f"{count} events sealed")


@audit.command("verify")
@click.option("--expect", "expected", multiple=True, help="A hash noted earlier, which must still be in the chain.")
def verify_(expected: tuple[str, ...]) -> None:
    """Look for events that were altered, removed, put in or moved; print the head, to be noted elsewhere."""
    found = verify(reading(), datetime.now(UTC), expected)
    for fault in found.faults:
        click.echo(fault, err=True)
    if found.late:
        click.echo(f"links made over an hour away from their event's time: {_ranges(found.late)}", err=True)
    if found.removed_to:
        click.echo(f"events up to link {found.removed_to} were removed because they were old", err=True)
    with write() as session:
        record_result(session, found, datetime.now(UTC))
    click.echo(f"{found.links} links, head {found.head.number} {found.head.hash}")
    if found.faults:
        raise SystemExit(1)


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, written as ranges: 1-4, 9."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    said = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join(said[:MOST_RANGES]) + (" …" if len(said) > MOST_RANGES else "")


@audit.command("expire")
def expire_() -> None:
    """Remove what was kept longer than SME_AUDIT_MONTHS; the chain keeps its links and still holds."""
    settings = current_app.config["SETTINGS"]
    count, last = expire(settings.database_url, settings.audit_months, datetime.now(UTC))
    click.echo(f"{count} events removed" + (f", up to link {last}" if count else ""))
