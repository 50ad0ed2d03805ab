"""The counts of one dashboard: counted now, or for a large area as they were last counted beforehand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from questionnaires.instrument import Instrument
from survey.dashboard.figures import Figures
from survey.dashboard.gathering import Scope, gather, places_below
from survey.dashboard.measured import Parts, parts
from survey.models import Area, Campaign, DashboardFigures, Organisation, Round
from survey.publishing.queries import instrument

MOST_AT_ONCE: Final = 2_000
"""Of so many firms the counts are made whenever somebody looks; those of larger areas by `flask dashboard count`."""
MOST_WAITED_FOR: Final = 20_000
"""Before that has run for the first time, nobody is made to wait for more firms than these."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts, when they were made, what was counted of the questionnaire, and the campaign of the round before."""

    figures: Figures
    as_of: datetime
    parts: Parts
    before: Campaign | None


def counted(session: Session, campaign: Campaign, area: Area, now: datetime) -> Counted | None:
    """The counts of an area with everything below it; None if it is too large and was never counted yet."""
    before = campaign_before(session, campaign)
    measured = _parts(session, campaign, before)
    kept = session.get(DashboardFigures, (campaign.id, area.id))
    if kept is not None:
        return Counted(Figures.from_json(kept.figures), kept.as_of, measured, before)
    if _too_large(session, area):
        return None
    return Counted(count(session, campaign, area), now, measured, before)


def _too_large(session: Session, area: Area) -> bool:
    below = sa.select(Area.id).where(Area.path.startswith(area.path, autoescape=True))
    firms = sa.select(Organisation.id).where(Organisation.operating_area_id.in_(below)).limit(MOST_WAITED_FOR + 1)
    return (session.scalar(sa.select(sa.func.count()).select_from(firms.subquery())) or 0) > MOST_WAITED_FOR


def count(session: Session, campaign: Campaign, area: Area) -> Figures:
    """Count now."""
    before = campaign_before(session, campaign)
    measured = _parts(session, campaign, before)
    below = session.execute(
        sa.select(Area.id, Area.path).where(Area.path.startswith(area.path, autoescape=True)).order_by(Area.id)
    )
    places = places_below(area.id, ((area_id, path) for area_id, path in below))
    everywhere = session.scalar(sa.select(sa.func.count()).select_from(Area)) == len(places)
    return gather(
        session,
        Scope(
            campaign_id=campaign.id,
            places=places,
            everywhere=everywhere,
            total=measured.total,
            dimensions=measured.dimensions,
            before_id=before.id if before else None,
            levels=measured.levels,
        ),
    )


def _parts(session: Session, campaign: Campaign, before: Campaign | None) -> Parts:
    earlier: Instrument | None = instrument(session, before.instrument_id) if before else None
    return parts(instrument(session, campaign.instrument_id), earlier)


def campaign_before(session: Session, campaign: Campaign) -> Campaign | None:
    """The same questionnaire in the last round that opened before this one."""
    query = (
        sa.select(Campaign)
        .join(Campaign.round)
        .where(Campaign.questionnaire == campaign.questionnaire, Round.opens_on < campaign.round.opens_on)
        .order_by(Round.opens_on.desc(), Round.id.desc())
        .options(joinedload(Campaign.round))
        .limit(1)
    )
    return session.scalar(query)


def parts_of(session: Session, area: Area) -> list[Area]:
    """The areas next below, in the city's order, also those no longer used: firms may still be there."""
    query = sa.select(Area).where(Area.parent_id == area.id).order_by(Area.position, Area.id)
    return list(session.scalars(query))


def large_areas(session: Session) -> list[Area]:
    """Areas with more firms, in everything below them, than are counted at once."""
    firms: Counter[int] = Counter()
    query = sa.select(Area.path, sa.func.count()).select_from(Organisation).join(Organisation.operating_area)
    for path, number in session.execute(query.group_by(Area.path)):
        for area_id in path.strip("/").split("/"):
            firms[int(area_id)] += number
    large = [area_id for area_id, number in firms.items() if number > MOST_AT_ONCE]
    return list(session.scalars(sa.select(Area).where(Area.id.in_(large)).order_by(Area.id)))
