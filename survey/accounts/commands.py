"""Commands for accounts: `flask accounts first | stale | end-sign-ins`."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from survey import audit, jobs
from survey.accounts.first import LIFE, Held, invite_first
from survey.accounts.recipients import recipient
from survey.administration import actions, queries
from survey.database import reading, write
from survey.models.staff import CITY_ROLES
from survey.terminal import refuse

accounts = AppGroup("accounts", help="People with accounts, and the first of them.")


@accounts.command("first")
@click.option("--role", required=True, type=click.Choice(CITY_ROLES), help="What the person is to be.")
@click.option("--recipient", "to", required=True, help="The person's mobile number or e-mail address.")
@click.option("--replace", is_flag=True, help="Whoever has the role now loses it at once.")
def first(role: str, to: str, replace: bool) -> None:
    """Print a link by which the first holder of a city role gets it: good once, for 72 hours. There is no password."""
    found = recipient(to)
    if found is None:
        refuse(["--recipient: is neither a Chinese mobile number nor an e-mail address"])
    settings = current_app.config["SETTINGS"]
    try:
        with write() as session:
            address, ended = invite_first(session, settings, role, found[1], replace, datetime.now(UTC))
    except Held as held:
        refuse([f"--role: {held.count} hold it already; they invite others on the site. --replace takes it from them"])
    if ended:
        click.echo(f"{ended} lost the role", err=True)
    click.echo(f"Hand this link to {found[1]} over a safe way; it is good once, for {LIFE.days * 24} hours:", err=True)
    click.echo(address)


@accounts.command("stale")
@click.option("--everybody", is_flag=True, help="Also people of firms.")
@click.option("--lock", is_flag=True, help="Lock those listed; they are told.")
def stale(everybody: bool, lock: bool) -> None:
    """List open accounts that nobody used for 90 days: name, roles, last use, with tabs between. Staff first."""
    now = datetime.now(UTC)
    found = queries.unused(reading(), now, staff_only=not everybody)
    for each in found:
        roles = ", ".join(grant.role for grant in each.grants) or "-"
        click.echo("\t".join([each.user.name, roles, each.used_at.date().isoformat() if each.used_at else "never"]))
    if lock:
        ids = [each.user.id for each in found]
        with write() as session:
            count = actions.lock_unused(session, current_app.config["SETTINGS"], ids, audit.SYSTEM, now)
        jobs.wake(current_app)
        click.echo(f"{count} accounts locked", err=True)
    click.echo(f"{len(found)} accounts not in use", err=True)


@accounts.command("end-sign-ins")
@click.option("--all", "everybody", is_flag=True, required=True, help="Of everybody; for one person use the site.")
def end_sign_ins(everybody: bool) -> None:
    """End all sign-ins at once: everybody has to sign in again."""
    if not everybody:
        refuse(["--all: is needed"])
    with write() as session:
        count = actions.end_all(session, audit.SYSTEM, datetime.now(UTC))
    click.echo(f"{count} sign-ins ended")
