"""Commands around messages: try the way out, see what waits."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from survey.accounts.recipients import masked, recipient
from survey.database import reading
from survey.messages.drivers import send
from survey.messages.message import Message
from survey.models import Job, JobItem, OutgoingMessage
from survey.public_ids import new
from survey.settings import Settings
from survey.terminal import refuse

messages = AppGroup("messages", help="Mail and SMS that leave the site.")


@messages.command("try")
@click.argument("to")
def try_(to: str) -> None:
    """Send a test message to a mobile number or an address, at once, and say what came of it."""
    found = recipient(to)
    if found is None:
        refuse([f"{to}: is neither a mobile number with 11 digits nor an e-mail address"])
    settings: Settings = current_app.config["SETTINGS"]
    text = f"{settings.platform_name_en}: a test message. {settings.base_url}"
    try:
        send(Message(new(), found[1], "test", "en", "A test message", text), settings, datetime.now(UTC))
    except Exception as error:  # noqa: BLE001  # whatever the driver raises is what the operator wants to see
        refuse([f"not sent: {type(error).__name__}: {error}"])
    click.echo(f"handed over for {masked(found[1])}")


@messages.command("waiting")
def waiting() -> None:
    """List the messages that are not delivered yet, with what the last attempt met; 1 if any was given up."""
    rows = reading().execute(
        sa.select(OutgoingMessage.kind, OutgoingMessage.made_at, JobItem.state, JobItem.attempts, JobItem.error)
        .join(JobItem, JobItem.subject_id == OutgoingMessage.id)
        .join(Job, (Job.id == JobItem.job_id) & (Job.kind == "message"))
        .where(JobItem.state != "done")
        .order_by(OutgoingMessage.id)
    )
    given_up = 0
    for kind, made_at, state, attempts, error in rows:
        given_up += state == "failed"
        click.echo(f"{made_at:%Y-%m-%d %H:%M} {kind}: {state}, {attempts} attempts{f', {error}' if error else ''}")
    if given_up:
        raise SystemExit(1)
