"""When a release is due by itself: once a calendar quarter while a campaign runs, and once after its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.benchmark.queries import newest_release
from survey.formatting import local_time
from survey.models import Campaign

AFTER_END: Final = timedelta(days=92)
"""So long after its end a campaign is looked at again every night, until enough firms count."""
MONTHS: Final = 3


def due(session: Session, now: datetime) -> Iterator[tuple[Campaign, str]]:
    """The campaigns whose release is due, with its cause."""
    begun = sa.select(Campaign).where(Campaign.opens_at <= now).order_by(Campaign.id)
    for campaign in session.scalars(begun):
        last = newest_release(session, campaign.id)
        cause = cause_of(campaign, last.as_of if last else None, now)
        if cause:
            yield campaign, cause


def cause_of(campaign: Campaign, last: datetime | None, now: datetime) -> str:
    """Why a release is due now, or nothing. The quarter in which the campaign ends has the release at its end."""
    if campaign.closes_at <= now:
        over = now - campaign.closes_at <= AFTER_END and (last is None or last < campaign.closes_at)
        return "campaign_end" if over else ""
    begin, end = quarter(now)
    running = campaign.opens_at < begin and campaign.closes_at >= end
    return "quarter" if running and (last is None or last < begin) else ""


def quarter(now: datetime) -> tuple[datetime, datetime]:
    """Begin of the calendar quarter and of the next one, by the clock of China."""
    local = local_time(now)
    begin = local.replace(
        month=local.month - (local.month - 1) % MONTHS, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    after = begin.month + MONTHS
    return begin, begin.replace(year=begin.year + (after > 12), month=after - 12 if after > 12 else after)
