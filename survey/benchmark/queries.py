"""A firm's comparison, read from the newest release of its campaign: a few indexed reads, however much it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.exact import Rational
from scoring.percentile import Bins, Standing, edges, standing, without
from scoring.tree import Measure
from survey.benchmark.cohorts import Cohort, Place, cohorts_of, ids_of, names
from survey.benchmark.measures import MILLION, compared, stored_bin
from survey.models import Area, BenchmarkCell, BenchmarkMember, BenchmarkRelease, Campaign, Score, Submission
from survey.publishing.queries import instrument

Span = tuple[Fraction, Fraction]
"""From how many points to how many, in the measure's own points."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A narrower group that was not used, and why: `few` firms, or showing it `would_reveal` single ones."""

    cohort: Cohort
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure. `points` is None while the firm's own are open. `median` and `quartiles` are spans of two points of
    a hundred; `standing` says the same as bins, with the words' key."""

    measure: str
    title: str
    maximum: Fraction
    points: Fraction | None
    median: Span
    quartiles: tuple[Span, Span] | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Comparison:
    """A firm beside a group of others as of one release. The first of `measures` is the total.

    `firms` is rounded down, `own_counted` says that the firm was in the release and is left out here. Without a group
    that may be shown, `cohort` is None and `measures` empty.
    """

    release: str
    as_of: datetime
    minimum: int
    cohort: Cohort | None
    name: str
    firms: int
    own_counted: bool
    measures: tuple[Compared, ...]
    passed: tuple[Passed, ...]


def comparison(session: Session, scorecard_id: int, language: str) -> Comparison | None:
    """What the scorecard's firm may be told; None while the campaign has no release or there is nothing to compare."""
    own = _own(session, scorecard_id)
    release = None if own is None else newest_release(session, own.campaign_id)
    if own is None or release is None or not own.measures:
        return None
    chain = tuple(cohorts_of(own.place))
    cells = _cells(session, release.id, chain)
    counted = _counted(session, release.id, own)
    used, passed = _first(chain, cells, counted, own, release.minimum)
    told = names(session, [*passed, *([used.cohort] if used else [])], language)
    return Comparison(
        release=release.public_id,
        as_of=release.as_of,
        minimum=release.minimum,
        cohort=used.cohort if used else None,
        name=told[used.cohort] if used else "",
        firms=used.standings[own.total].firms if used else 0,
        own_counted=bool(counted),
        measures=_measures(used, own, language) if used else (),
        passed=tuple(Passed(cohort, told[cohort], reason) for cohort, reason in passed.items()),
    )


def newest_release(session: Session, campaign_id: int) -> BenchmarkRelease | None:
    query = sa.select(BenchmarkRelease).where(BenchmarkRelease.campaign_id == campaign_id)
    return session.scalar(query.order_by(BenchmarkRelease.number.desc()).limit(1))


# -- the firm itself ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Own:
    organisation_id: int
    campaign_id: int
    place: Place
    measures: Mapping[str, Measure]
    points: Mapping[str, int | None]

    @property
    def total(self) -> str:
        return next(iter(self.measures))


def _own(session: Session, scorecard_id: int) -> _Own | None:
    """The firm's points and where it belonged when it submitted; None without points of any kind."""
    query = (
        sa.select(Score, Area.path, Campaign.instrument_id)
        .join(Area, Area.id == Score.area_id)
        .join(Campaign, Campaign.id == Score.campaign_id)
        .where(Score.scorecard_id == scorecard_id)
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    first, path, instrument_id = rows[0]
    return _Own(
        first.organisation_id,
        first.campaign_id,
        Place(first.industry_division, first.sub_industry_id, first.size_class or "", ids_of(path)),
        compared(instrument(session, instrument_id)),
        {row.Score.measure: row.Score.points_e6 for row in rows},
    )


def _counted(session: Session, release_id: int, own: _Own) -> dict[Cohort, dict[str, int]]:
    """In which cohorts the release counts the firm itself, and in which bin of each measure; often nowhere."""
    member = session.get(BenchmarkMember, (release_id, own.organisation_id))
    if member is None:
        return {}
    query = sa.select(Score.measure, Score.points_e6).where(
        Score.scorecard_id == member.scorecard_id, Score.measure.in_(own.measures), Score.points_e6.is_not(None)
    )
    bins = {name: stored_bin(points or 0, own.measures[name]) for name, points in session.execute(query)}
    path = session.scalars(sa.select(Area.path).where(Area.id == member.area_id)).one()
    place = Place(member.division, member.sub_industry_id, member.size, ids_of(path))
    return dict.fromkeys(cohorts_of(place), bins)


# -- the group ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Used:
    cohort: Cohort
    standings: Mapping[str, Standing]


Cells = Mapping[Cohort, Mapping[str, tuple[str | None, Bins | None]]]


def _cells(session: Session, release_id: int, chain: Sequence[Cohort]) -> Cells:
    """All cells of these cohorts in one read: why it is withheld, or its bins, by cohort and measure."""
    cell = BenchmarkCell
    query = sa.select(cell.measure, cell.industry, cell.size, cell.area_id, cell.withheld, cell.bins).where(
        cell.release_id == release_id,
        cell.industry.in_({each.industry for each in chain}),
        cell.size.in_({each.size for each in chain}),
        cell.area_id.in_({each.area_id for each in chain}),
    )
    found: dict[Cohort, dict[str, tuple[str | None, Any]]] = {}
    for measure, industry, size, area_id, withheld, bins in session.execute(query):
        found.setdefault(Cohort(industry, size, area_id), {})[measure] = (withheld, bins)
    return found


def _first(
    chain: Sequence[Cohort], cells: Cells, counted: Mapping[Cohort, Mapping[str, int]], own: _Own, minimum: int
) -> tuple[_Used | None, dict[Cohort, str]]:
    """The narrowest group that may be shown to this firm, and why those before it may not."""
    passed: dict[Cohort, str] = {}
    for cohort in chain:
        standings, reason = _standings(cells.get(cohort, {}), counted.get(cohort, {}), own, minimum)
        if own.total in standings:
            return _Used(cohort, standings), passed
        passed[cohort] = reason
    return None, passed


def _standings(
    cells: Mapping[str, tuple[str | None, Bins | None]], counted: Mapping[str, int], own: _Own, minimum: int
) -> tuple[dict[str, Standing], str]:
    """What may be told by measure, the firm itself left out; and the reason if that is nothing."""
    told = {}
    for name, measure in own.measures.items():
        _withheld, bins = cells.get(name, ("few", None))
        if bins is not None:
            points = own.points.get(name)
            mine = None if points is None else stored_bin(points, measure)
            found = standing(without(bins, counted.get(name)), mine, minimum)
            if found is not None:
                told[name] = found
    withheld, _bins = cells.get(own.total, ("few", None))
    return told, "few" if withheld in (None, "few") else "would_reveal"


def _measures(used: _Used, own: _Own, language: str) -> tuple[Compared, ...]:
    return tuple(
        _compared(measure, own.points.get(name), used.standings[name], language)
        for name, measure in own.measures.items()
        if name in used.standings
    )


def _compared(measure: Measure, points: int | None, found: Standing, language: str) -> Compared:
    most = measure.maximum
    quartiles = found.quartiles
    return Compared(
        measure=measure.id,
        title=measure.title.say(language),
        maximum=most,
        points=None if points is None else Rational(points, MILLION),
        median=edges(found.median, most),
        quartiles=(edges(quartiles[0], most), edges(quartiles[1], most)) if quartiles else None,
        standing=found,
    )


def scorecard_of(session: Session, submission_id: int) -> int | None:
    """The scorecard that `comparison` wants, of a submission."""
    return session.scalar(sa.select(Submission.scorecard_id).where(Submission.id == submission_id))
