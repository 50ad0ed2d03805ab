"""What a dashboard is asked to show, out of what the person may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import Session, contains_eager

from questionnaires.instrument import Instrument
from scoring.size_class import SIZES
from survey.access import in_my_areas, roles_with
from survey.city.own_industries import own_industries
from survey.dashboard.figures import OWN, Wanted
from survey.models import Area, Campaign, Industry, Round, SubIndustry
from survey.organisations.industries import Match, named
from survey.publishing.queries import instrument

VIEW: Final = "dashboard:view"
FIRMS: Final = "firms:view"
"""Who may see the firms of an area may see exact figures of it; others see figures of a release alone."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen: rounds with their questionnaires, newest first; areas in the order of the tree; industry."""

    campaigns: tuple[tuple[Campaign, Instrument], ...]
    areas: tuple[Area, ...]
    own: tuple[SubIndustry, ...]
    divisions: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen. `industry` is as in addresses: a division or the public id of an own industry."""

    campaign: Campaign
    area: Area
    industry: str
    wanted: Wanted
    compare: bool

    def arguments(self, **changes: str) -> dict[str, str]:
        """The same choice as values of an address, with some of them changed; what says nothing is left out."""
        values = {
            "campaign": self.campaign.public_id,
            "area": self.area.public_id,
            "industry": self.industry,
            "size": self.wanted.size,
            "compare": "city" if self.compare else "",
            **changes,
        }
        return {name: value for name, value in values.items() if value}


def offered(session: Session, language: str) -> Offered:
    return Offered(_campaigns(session), _areas(session), tuple(own_industries(session)), _divisions(session, language))


def _campaigns(session: Session) -> tuple[tuple[Campaign, Instrument], ...]:
    query = (
        sa.select(Campaign)
        .join(Campaign.round)
        .options(contains_eager(Campaign.round))
        .order_by(Round.opens_on.desc(), Round.id.desc(), Campaign.id)
    )
    return tuple((each, instrument(session, each.instrument_id)) for each in session.scalars(query))


def _areas(session: Session) -> tuple[Area, ...]:
    """Where the person may open a dashboard, each area before those below it, as the city has ordered them."""
    query = sa.select(Area).where(Area.active, in_my_areas(VIEW)).order_by(Area.position, Area.id)
    rows = list(session.scalars(query))
    below: dict[int | None, list[Area]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    ids = {row.id for row in rows}

    def walk(area: Area) -> list[Area]:
        return [area, *(each for child in below.get(area.id, []) for each in walk(child))]

    return tuple(each for row in rows if row.parent_id not in ids for each in walk(row))


def _divisions(session: Session, language: str) -> tuple[Match, ...]:
    query = sa.select(Industry).where(Industry.level == "division").order_by(Industry.code)
    return tuple(named(row, language) for row in session.scalars(query))


def chosen(values: Mapping[str, str], offers: Offered) -> Chosen:
    """What was asked for, the first of everything where nothing was; what is not offered does not exist: 404.

    Both lists of `offers` have something in them.
    """
    campaigns = {campaign.public_id: campaign for campaign, _instrument in offers.campaigns}
    areas = {area.public_id: area for area in offers.areas}
    industry = values.get("industry", "")
    size = values.get("size", "")
    known = {"": "", **{match.code: match.code for match in offers.divisions}}
    known |= {own.public_id: f"{OWN}{own.id}" for own in offers.own}
    campaign = campaigns.get(values.get("campaign") or next(iter(campaigns)))
    area = areas.get(values.get("area") or next(iter(areas)))
    if campaign is None or area is None or industry not in known or size not in ("", *SIZES):
        abort(404)
    return Chosen(campaign, area, industry, Wanted(known[industry], size), values.get("compare") == "city")


def sees_firms(area: Area) -> bool:
    """Whether the person may see the firms of the area and of everything below it."""
    return any(held.path and area.path.startswith(held.path) for held in roles_with(FIRMS))
