"""A firm's comparison, read from the newest release of its campaign: a few indexed reads, however much it counts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.exact import Rational
from scoring.percentile import Standing, edges, standing, without
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
    found = read(session, scorecard_id)
    if found is None:
        return None
    used, told = found.used, names(session, found.cohorts, language)
    return Comparison(
        release=found.release.public_id,
        as_of=found.release.as_of,
        minimum=found.release.minimum,
        cohort=used.cohort if used else None,
        name=told[used.cohort] if used else "",
        firms=used.standings[found.own.total].firms if used else 0,
        own_counted=found.own_counted,
        measures=_measures(used, found.own, language) if used else (),
        passed=tuple(Passed(cohort, told[cohort], reason) for cohort, reason in found.passed.items()),
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A comparison without the names of groups."""

    own: _Own
    release: Any
    own_counted: bool
    used: _Used | None
    passed: Mapping[Cohort, str]

    @property
    def cohorts(self) -> list[Cohort]:
        return [*self.passed, *([self.used.cohort] if self.used else [])]


_RELEASE = (
    sa.select(BenchmarkRelease.id, BenchmarkRelease.public_id, BenchmarkRelease.as_of, BenchmarkRelease.minimum)
    .where(BenchmarkRelease.campaign_id == sa.bindparam("campaign"))
    .order_by(BenchmarkRelease.number.desc())
    .limit(1)
)


def read(session: Session, scorecard_id: int) -> Read | None:
    """The figures alone: four indexed reads."""
    own = _own(session, scorecard_id)
    if own is None or not own.measures:
        return None
    release = session.connection().execute(_RELEASE, {"campaign": own.campaign_id}).one_or_none()
    if release is None:
        return None
    chain = tuple(cohorts_of(own.place))
    cells = _cells(session, release.id, chain, own.measures)
    counted = _counted(session, release.id, own)
    used, passed = _first(chain, cells, counted, own, release.minimum)
    return Read(own, release, bool(counted), used, passed)


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


# Built once: putting a statement together takes longer than the database does with it.
_OWN = (
    sa.select(
        Score.organisation_id, Score.campaign_id, Score.industry_division, Score.sub_industry_id, Score.size_class,
        Area.path, Campaign.instrument_id, Score.measure, Score.points_e6,
    )
    .join(Area, Area.id == Score.area_id)
    .join(Campaign, Campaign.id == Score.campaign_id)
    .where(Score.scorecard_id == sa.bindparam("scorecard"))
)  # fmt: skip
_MEMBER = (
    sa.select(
        BenchmarkMember.division, BenchmarkMember.sub_industry_id, BenchmarkMember.size, Area.path, Score.measure,
        Score.points_e6,
    )
    .join(Area, Area.id == BenchmarkMember.area_id)
    .join(Score, Score.scorecard_id == BenchmarkMember.scorecard_id)
    .where(
        BenchmarkMember.release_id == sa.bindparam("release"),
        BenchmarkMember.organisation_id == sa.bindparam("firm"),
        Score.points_e6.is_not(None),
    )
)  # fmt: skip


def _own(session: Session, scorecard_id: int) -> _Own | None:
    """The firm's points and where it belonged when it submitted; None without points of any kind."""
    rows = session.connection().execute(_OWN, {"scorecard": scorecard_id}).all()
    if not rows:
        return None
    firm, campaign, division, sub_industry_id, size, path, instrument_id, *_rest = rows[0]
    return _Own(
        firm,
        campaign,
        Place(division, sub_industry_id, size or "", ids_of(path)),
        compared(instrument(session, instrument_id)),
        {row.measure: row.points_e6 for row in rows},
    )


def _counted(session: Session, release_id: int, own: _Own) -> dict[Cohort, dict[str, int]]:
    """In which cohorts the release counts the firm itself, and in which bin of each measure; often nowhere."""
    found = session.connection().execute(_MEMBER, {"release": release_id, "firm": own.organisation_id}).all()
    if not found:
        return {}
    division, sub_industry_id, size, path, *_rest = found[0]
    bins = {row.measure: row.points_e6 for row in found if row.measure in own.measures}
    places = {name: stored_bin(points, own.measures[name]) for name, points in bins.items()}
    return dict.fromkeys(cohorts_of(Place(division, sub_industry_id, size, ids_of(path))), places)


# -- the group ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Used:
    cohort: Cohort
    standings: Mapping[str, Standing]


Cells = Mapping[Cohort, Mapping[str, tuple[str | None, str | None]]]
"""Why a cell is withheld, or its bins as they are stored, by cohort and measure."""

_CELL = BenchmarkCell
_CELLS = sa.select(
    _CELL.measure, _CELL.industry, _CELL.size, _CELL.area_id, _CELL.withheld, sa.type_coerce(_CELL.bins, sa.Text)
).where(
    _CELL.release_id == sa.bindparam("release"),
    *(
        getattr(_CELL, name).in_(sa.bindparam(name, expanding=True))
        for name in ("measure", "industry", "size", "area_id")
    ),
)


def _cells(session: Session, release_id: int, chain: Sequence[Cohort], measures: Collection[str]) -> Cells:
    """All cells of these cohorts in one read."""
    wanted = {name: list({getattr(each, name) for each in chain}) for name in Cohort._fields}
    values = {"release": release_id, "measure": list(measures), **wanted}
    found: dict[Cohort, dict[str, tuple[str | None, str | None]]] = {}
    for measure, industry, size, area_id, withheld, bins in session.connection().execute(_CELLS, values):
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
    cells: Mapping[str, tuple[str | None, str | None]], counted: Mapping[str, int], own: _Own, minimum: int
) -> tuple[dict[str, Standing], str]:
    """What may be told by measure, the firm itself left out; and the reason if that is nothing."""
    told = {}
    for name, measure in own.measures.items():
        _withheld, bins = cells.get(name, ("few", None))
        if bins is not None:
            points = own.points.get(name)
            mine = None if points is None else stored_bin(points, measure)
            found = standing(without(json.loads(bins), counted.get(name)), mine, minimum)
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
