"""`flask benchmark release`: release what firms are compared with, by hand or every night where it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from survey import audit
from survey.benchmark.build import NotReleased, release
from survey.benchmark.schedule import due as all_due
from survey.database import current, reading
from survey.models import Campaign
from survey.settings import Settings
from survey.terminal import refuse

benchmark = AppGroup("benchmark", help="What firms are compared with.")

SAID: Final[Mapping[str, str]] = {
    "nobody": "nobody counts yet",
    "few": "too few firms count",
    "same": "nothing has changed since the last release",
    "change": "too few firms have changed since the last release; it stays",
    "waits": "would show fewer groups than the last release, or too few firms yet; looked at again",
    "meanwhile": "somebody else made one at the same moment",
}
"""Why nothing was released."""


@benchmark.command("release")
@click.option("--campaign", "numbers", multiple=True, help="The campaign's number; without it all that have begun.")
@click.option("--due", is_flag=True, help="Only those whose quarter or end makes it due.")
def release_(numbers: tuple[str, ...], due: bool) -> None:
    """Count now and release what may be shown; says for each campaign what came of it."""
    now = datetime.now(UTC)
    wanted = _wanted(numbers, now, due=due)
    for campaign, cause in wanted:
        click.echo(f"{campaign.public_id} {campaign.questionnaire}: {_made(campaign.id, cause)}")
    if not wanted:
        click.echo("nothing is due" if due else "no campaign has begun")


def _wanted(numbers: tuple[str, ...], now: datetime, *, due: bool) -> list[tuple[Campaign, str]]:
    begun = sa.select(Campaign).where(Campaign.opens_at <= now).order_by(Campaign.id)
    known = all_due(reading(), now) if due else ((each, "command") for each in reading().scalars(begun))
    found = [(each, cause) for each, cause in known if not numbers or each.public_id in numbers]
    missing = set(numbers) - set(reading().scalars(sa.select(Campaign.public_id).where(Campaign.opens_at <= now)))
    if missing:
        refuse([f"{number}: is no campaign that has begun" for number in sorted(missing)])
    return found


def _made(campaign_id: int, cause: str) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    try:
        made = release(current(), campaign_id, cause, settings.benchmark_minimum, audit.SYSTEM, datetime.now(UTC))
    except NotReleased as refused:
        return SAID[str(refused)]
    return f"release {made.number} counts {made.firms} firms"
