"""`flask dashboard`: counting large areas beforehand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.orm import Session, contains_eager

from survey.dashboard.queries import count, large_areas
from survey.database import reading, write
from survey.models import Area, Campaign, DashboardFigures, Round

STILL_MOVING: Final = timedelta(days=120)
"""So long after a round has closed its results may still change by reviews and visits."""

dashboard = AppGroup("dashboard", help="Figures of areas.")


@dashboard.command("count")
@click.option("--all", "every", is_flag=True, help="Also rounds that closed long ago.")
def count_(every: bool) -> None:
    """Count large areas for their dashboards, so that nobody waits for it. Run it every hour."""
    session, now = reading(), datetime.now(UTC)
    large = large_areas(session)
    for campaign in _campaigns(session, now, every):
        for area in large:
            keep(session, campaign, area, now)
        click.echo(f"{campaign.questionnaire} {campaign.round.reference_year}: {len(large)} areas counted")
    with write() as writing:
        writing.execute(sa.delete(DashboardFigures).where(DashboardFigures.area_id.not_in([area.id for area in large])))


def _campaigns(session: Session, now: datetime, every: bool) -> list[Campaign]:
    """Those whose results still change, and those never counted."""
    counted = sa.select(DashboardFigures.campaign_id)
    moving = sa.or_(Round.closes_on >= (now - STILL_MOVING).date(), Campaign.id.not_in(counted))
    query = sa.select(Campaign).join(Campaign.round).options(contains_eager(Campaign.round)).order_by(Campaign.id)
    return list(session.scalars(query if every else query.where(moving)))


def keep(session: Session, campaign: Campaign, area: Area, now: datetime) -> None:
    """Count one area and put the counts in place of the earlier ones."""
    figures = count(session, campaign, area).to_json()
    with write() as writing:
        writing.merge(DashboardFigures(campaign_id=campaign.id, area_id=area.id, as_of=now, figures=figures))
