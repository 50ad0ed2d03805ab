"""What the page of releases shows, and ordering one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from survey import audit, jobs
from survey.models import BenchmarkCell, BenchmarkRelease, Campaign, Job, JobItem
from survey.publishing.queries import instrument

KIND: Final = "release"
MOST: Final = 12
"""So many releases of a campaign are listed: three years of quarters."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One release. `groups` counts its cohorts by why they are withheld; under None those that are shown."""

    release: BenchmarkRelease
    groups: Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class Releases:
    """A campaign's. `order` says how the last order stands: waiting, failed, nothing (came of it), or empty."""

    campaign: Campaign
    round: str
    questionnaire: str
    open: bool
    releases: Sequence[Listed]
    order: str


def campaigns(session: Session, language: str, now: datetime) -> list[Releases]:
    """Campaigns with anything to compare that have begun, the newest first."""
    begun = sa.select(Campaign).where(Campaign.opens_at <= now).options(joinedload(Campaign.round))
    rows = session.scalars(begun.order_by(Campaign.opens_at.desc(), Campaign.id.desc()))
    return [_releases(session, row, language, now) for row in rows]


def _releases(session: Session, campaign: Campaign, language: str, now: datetime) -> Releases:
    newest = sa.select(BenchmarkRelease).where(BenchmarkRelease.campaign_id == campaign.id)
    rows = list(session.scalars(newest.order_by(BenchmarkRelease.number.desc()).limit(MOST)))
    title = campaign.round.title_en if language == "en" else campaign.round.title_zh
    return Releases(
        campaign,
        title,
        instrument(session, campaign.instrument_id).title.say(language),
        campaign.closes_at > now,
        [Listed(row, _groups(session, row)) for row in rows],
        _order(session, campaign.id, rows[0].as_of if rows else None),
    )


def _groups(session: Session, release: BenchmarkRelease) -> dict[str | None, int]:
    """All measures of a release have the same groups, so one of them tells."""
    cell = BenchmarkCell
    one = sa.select(sa.func.min(cell.measure)).where(cell.release_id == release.id).scalar_subquery()
    query = sa.select(cell.withheld, sa.func.count()).where(cell.release_id == release.id, cell.measure == one)
    return {reason: count for reason, count in session.execute(query.group_by(cell.withheld))}  # noqa: C416  # typing


def _newest_order(session: Session, campaign_id: int) -> JobItem | None:
    query = sa.select(JobItem).join(Job, Job.id == JobItem.job_id)
    mine = query.where(Job.kind == KIND, JobItem.subject_id == campaign_id)
    return session.scalar(mine.order_by(JobItem.id.desc()).limit(1))


def _order(session: Session, campaign_id: int, last: datetime | None) -> str:
    item = _newest_order(session, campaign_id)
    if item is None:
        return ""
    if item.state in ("queued", "running"):
        return "waiting"
    if item.state == "failed":
        return "failed"
    return "" if last is not None and last >= item.created_at else "nothing"


def order(session: Session, campaign_id: int, actor: audit.Actor, now: datetime) -> bool:
    """Queue a release; False, and nothing written, while one is waiting."""
    session.execute(sa.select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())
    item = _newest_order(session, campaign_id)
    if item is not None and item.state in ("queued", "running"):
        return False
    jobs.order(session, KIND, campaign_id, ["en"], actor.user_id, now, jobs.WAITING)
    return True
