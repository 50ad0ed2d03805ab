"""Groups of firms that are compared: by industry, size and area, from the narrowest to the widest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scoring import size_class
from survey.models import Area, Industry, SubIndustry
from survey.organisations.industries import named
from survey.organisations.queries import area_name

OWN = "s:"


class Cohort(NamedTuple):
    """Empty `industry` or `size` means all; `industry` is a division ("C34") or one of the city's own ("s:12")."""

    industry: str
    size: str
    area_id: int


class Place(NamedTuple):
    """Where one firm belongs: `path` names the ids of its areas from the city down."""

    division: str
    sub_industry_id: int | None
    size: str
    path: tuple[int, ...]


def cohorts_of(place: Place) -> Iterator[Cohort]:
    """Every cohort a firm belongs to, in the order in which a comparison looks for one that may be shown.

    First the same industry: what a firm makes decides most about its points. Then the same size. The area is given up
    first: it says least about a firm, and its people know each other best.
    """
    industries = [f"{OWN}{place.sub_industry_id}"] if place.sub_industry_id is not None else []
    for industry in (*industries, place.division, ""):
        for size in dict.fromkeys((place.size, "")):
            for area_id in reversed(place.path):
                yield Cohort(industry, size, area_id)


def use(depths: Mapping[int, int]) -> Callable[[Cohort], tuple[Any, ...]]:
    """In which order cohorts are shown while they can be, by the depth of each area below the city.

    First the one that holds all. Then the whole city before its parts, and industries before sizes alone: so that as
    many firms as possible find others of their industry.
    """

    def order(cohort: Cohort) -> tuple[Any, ...]:
        depth = depths[cohort.area_id]
        whole = not (cohort.industry or cohort.size or depth)
        return (not whole, depth, not cohort.industry, bool(cohort.size), cohort.industry.startswith(OWN))

    return order


def ids_of(path: str) -> tuple[int, ...]:
    """The ids in an area's path ("/1/5/"), from the city down."""
    return tuple(int(each) for each in path.strip("/").split("/"))


def names(session: Session, cohorts: Sequence[Cohort], language: str) -> dict[Cohort, str]:
    """What each is called: "General equipment, small firm, Dongli District"."""
    divisions = {each.industry for each in cohorts if each.industry and not each.industry.startswith(OWN)}
    own = {int(each.industry[len(OWN) :]) for each in cohorts if each.industry.startswith(OWN)}
    industries = {"": _("all industries")}
    for row in session.scalars(sa.select(Industry).where(Industry.code.in_(divisions))):
        industries[row.code] = named(row, language).name
    for mine in session.scalars(sa.select(SubIndustry).where(SubIndustry.id.in_(own))):
        industries[f"{OWN}{mine.id}"] = mine.name_en if language == "en" else mine.name_zh
    wanted = {each.area_id for each in cohorts}
    areas = {row.id: area_name(row, language) for row in session.scalars(sa.select(Area).where(Area.id.in_(wanted)))}
    sizes = {"": _("all sizes"), **{size: size_class.name(size, language) for size in size_class.SIZES}}
    return {
        each: _(", ").join((industries.get(each.industry, each.industry), sizes.get(each.size, each.size),
                            areas[each.area_id]))
        for each in cohorts
    }  # fmt: skip
