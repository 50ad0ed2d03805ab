"""Figures beyond what a person may see firm by firm: out of the newest release alone, and only where it shows them.

A release never shows fewer firms than its minimum. Who sees the firms of an area exactly could take them away from the
city's figures, so what is left without them must reach the minimum as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from scoring.percentile import BINS, Bins, Standing, standing
from survey.access import in_my_areas
from survey.benchmark.measures import compared
from survey.benchmark.queries import newest_release
from survey.dashboard.choosing import FIRMS, Chosen, Offered, sees_firms
from survey.dashboard.figures import OWN, Wanted, median
from survey.dashboard.shapes import Cell, Chart, Dot, Dots, nothing
from survey.dashboard.told import Told, decimal
from survey.formatting import date, percent
from survey.languages import page_language
from survey.models import Area, BenchmarkCell, BenchmarkMember, BenchmarkRelease, Organisation

ID: Final = "city"
Span = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure: the chosen area (its span and number of firms) beside the city."""

    name: str
    here: Span | None
    here_count: int | None
    city: Standing

    @property
    def city_span(self) -> Span:
        return _span(self.city)


def city_chart(session: Session, offers: Offered, chosen: Chosen, told: Told | None) -> Chart:
    """Medians here and in the city; `told` holds the exact counts, None for who may not see the firms."""
    topic = _("Beside the city")
    release = newest_release(session, chosen.campaign.id)
    if release is None:
        return nothing(ID, topic, "", _("There is no release of this round yet."))
    about = _(
        "City: release of %(date)s, medians within two percent, numbers of firms rounded down to 5, nothing under %(minimum)s firms.",  # noqa: E501  # one sentence for translators
        date=date(release.as_of), minimum=release.minimum,
    )  # fmt: skip
    pairs = _pairs(session, release, offers, chosen, told)
    if not pairs:
        return nothing(ID, topic, about, _("Too few firms in this selection. A wider one may be shown."))
    first = pairs[0]
    finding = (
        _(
            "%(name)s: median here %(here)s, in the city %(city)s",
            name=first.name, here=_said(first.here), city=_said(first.city_span),
        )
        if first.here
        else _("%(name)s: median in the city %(city)s", name=first.name, city=_said(first.city_span))
    )  # fmt: skip
    head = (
        _("Measure"), _("Median here, %"), _("Firms here"), _("Median in the city from, %"), _("to, %"),
        _("Firms in the city, at least"),
    )  # fmt: skip
    dots = tuple(_dot(pair) for pair in pairs)
    shape = Dots(dots, _("Here"), _("City"), _("Median share of the points, %"))
    return Chart(ID, topic, finding, about, first.city.firms, shape, head, tuple(_row(pair) for pair in pairs))


def _dot(pair: Pair) -> Dot:
    said = _(
        "%(name)s: here %(here)s, in the city %(city)s",
        name=pair.name, here=_said(pair.here), city=_said(pair.city_span),
    )  # fmt: skip
    here = (float(pair.here[0]), float(pair.here[1])) if pair.here else None
    return Dot(pair.name, here, (float(pair.city_span[0]), float(pair.city_span[1])), said)


def _row(pair: Pair) -> tuple[Cell, ...]:
    low, high = pair.city_span
    here: Cell = decimal(pair.here[0], 100) if pair.here and pair.here[0] == pair.here[1] else None
    if pair.here and here is None:
        here = _said(pair.here)
    return pair.name, here, pair.here_count, decimal(low, 100), decimal(high, 100), pair.city.firms


def _said(span: Span | None) -> str:
    if span is None:
        return percent(None)
    low, high = span
    return percent(low) if low == high else _("%(low)s to %(high)s", low=percent(low), high=percent(high))


def _span(found: Standing) -> Span:
    return Fraction(found.median, BINS), Fraction(found.median + 1, BINS)


# -- reading the release -----------------------------------------------------------------------------------------------


def _pairs(
    session: Session, release: BenchmarkRelease, offers: Offered, chosen: Chosen, told: Told | None
) -> Sequence[Pair]:
    """Total and dimensions that may be shown for the city."""
    instrument = next(each for campaign, each in offers.campaigns if campaign.id == chosen.campaign.id)
    top = session.get_one(Area, int(chosen.area.path.strip("/").split("/")[0]))
    city = _cells(session, release, chosen.wanted, top)
    area = {} if told else _cells(session, release, chosen.wanted, chosen.area)
    known = 0 if sees_firms(top) else _known(session, release, chosen.wanted)
    found = []
    for measure in compared(instrument).values():
        shown = _shown(city.get(measure.id), release.minimum, known)
        if shown:
            here = _exact(told, measure.id) if told else _released(area.get(measure.id), release.minimum)
            found.append(Pair(measure.title.say(page_language()), *here, shown))
    return found


def _cells(session: Session, release: BenchmarkRelease, wanted: Wanted, area: Area) -> Mapping[str, Bins | None]:
    """The bins of every measure that the release shows for this selection and area."""
    query = sa.select(BenchmarkCell.measure, BenchmarkCell.bins).where(
        BenchmarkCell.release_id == release.id,
        BenchmarkCell.industry == wanted.industry,
        BenchmarkCell.size == wanted.size,
        BenchmarkCell.area_id == area.id,
        BenchmarkCell.withheld.is_(None),
    )
    return {row.measure: row.bins for row in session.execute(query)}


def _known(session: Session, release: BenchmarkRelease, wanted: Wanted) -> int:
    """How many of the firms counted there the person may see one by one, where they were then or are now."""
    then, now = aliased(Area), aliased(Area)
    query = (
        sa.select(sa.func.count())
        .select_from(BenchmarkMember)
        .join(Organisation, Organisation.id == BenchmarkMember.organisation_id)
        .join(then, then.id == BenchmarkMember.area_id)
        .join(now, now.id == Organisation.operating_area_id)
        .where(BenchmarkMember.release_id == release.id)
        .where(sa.or_(in_my_areas(FIRMS, then.path), in_my_areas(FIRMS, now.path)))
    )
    if wanted.industry.startswith(OWN):
        query = query.where(BenchmarkMember.sub_industry_id == int(wanted.industry.removeprefix(OWN)))
    elif wanted.industry:
        query = query.where(BenchmarkMember.division == wanted.industry)
    if wanted.size:
        query = query.where(BenchmarkMember.size == wanted.size)
    return session.scalar(query) or 0


def _shown(bins: Bins | None, minimum: int, known: int) -> Standing | None:
    if bins is None or sum(bins) - known < minimum:
        return None
    return standing(bins, None, minimum)


def _exact(told: Told, measure: str) -> tuple[Span | None, int]:
    counted = told.figures.sum(f"points:{measure}", told.wanted)
    middle = median(counted)
    return (None if middle is None else (middle, middle)), counted.total()


def _released(bins: Bins | None, minimum: int) -> tuple[Span | None, int | None]:
    found = standing(bins, None, minimum) if bins is not None else None
    return (_span(found), found.firms) if found else (None, None)
