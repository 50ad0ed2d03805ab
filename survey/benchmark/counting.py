"""Who counts in a release and how many lie in which bin: the queries behind `survey.benchmark.build`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from scoring.tree import Measure
from survey.benchmark.measures import bin_column
from survey.models import BenchmarkMember, Organisation, Score, Submission
from survey.organisations.queries import counts
from survey.privacy.consents import permitted

COUNTED: Final = ("submitted", "accepted")
MOSTLY: Final = (9, 10)
"""A measure is left out of a release if more than a tenth of the firms have no points in it."""
BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What a release is made of: the campaign, and the measures that all its firms have points in, the total first."""

    campaign_id: int
    measures: Mapping[str, Measure]
    now: datetime

    @property
    def total(self) -> str:
        return next(iter(self.measures))


def complete(session: Session, campaign_id: int, measures: Mapping[str, Measure], now: datetime) -> dict[str, Measure]:
    """Those measures that nearly all firms with a total have points in; nothing where nobody has a total.

    Firms without points in one of them are not counted at all: so each group has the same firms in every measure, and
    nothing can be worked out from the difference of two.
    """
    query = (
        sa.select(Score.measure, sa.func.count(Score.points_e6))
        .join(Submission, Submission.scorecard_id == Score.scorecard_id)
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .where(*_eligible(campaign_id, now), Score.measure.in_(measures))
        .group_by(Score.measure)
    )
    have = {measure: count for measure, count in session.execute(query)}  # noqa: C416  # rows unpack, dict() would not type
    most = have.get(next(iter(measures), ""), 0)
    share, of = MOSTLY
    return {name: each for name, each in measures.items() if most and have.get(name, 0) * of >= most * share}


def _eligible(campaign_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Submission.campaign_id == campaign_id,
        Submission.kind == "self",
        Submission.state.in_(COUNTED),
        Submission.scorecard_id.is_not(None),
        counts(),
        permitted(Organisation.id, "benchmark", now),
    )


def members(scope: Scope) -> sa.Subquery:
    """The firms that count now, each once, with the cohort of its scorecard."""
    score, other = aliased(Score), aliased(Score)
    open_ones = sa.select(other.scorecard_id).where(
        other.scorecard_id == score.scorecard_id, other.measure.in_(scope.measures), other.points_e6.is_(None)
    )
    query = (
        sa.select(
            score.organisation_id,
            score.scorecard_id,
            score.industry_division.label("division"),
            score.sub_industry_id,
            sa.func.coalesce(score.size_class, "").label("size"),
            score.area_id,
        )
        .select_from(Submission)
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .join(score, sa.and_(score.scorecard_id == Submission.scorecard_id, score.measure == scope.total))
        .where(*_eligible(scope.campaign_id, scope.now), ~open_ones.exists())
    )
    return query.subquery("member")


class At(NamedTuple):
    """Where firms of one block belong."""

    division: str
    sub_industry_id: int | None
    size: str
    area_id: int


Counted = tuple[At, str, int, int]
"""Where they belong, a measure, a bin, how many."""


def now_counted(session: Session, scope: Scope) -> Iterator[Counted]:
    """The bins of everybody who counts."""
    member = members(scope)
    return _grouped(session, scope, member, sa.select(member))


def came(session: Session, scope: Scope, release_id: int) -> Iterator[Counted]:
    """The bins of those who count now and did not in that release, or with other scores."""
    member, then = members(scope), _members_of(release_id)
    return _grouped(session, scope, member, _without(member, then))


def went(session: Session, scope: Scope, release_id: int) -> Iterator[Counted]:
    """The bins, as they were then, of those who counted in that release and do not now, or with other scores."""
    member, then = members(scope), _members_of(release_id)
    return _grouped(session, scope, then, _without(then, member))


def _members_of(release_id: int) -> sa.Subquery:
    return sa.select(BenchmarkMember).where(BenchmarkMember.release_id == release_id).subquery("then")


def _without(mine: sa.Subquery, others: sa.Subquery) -> sa.Select[Any]:
    same = sa.and_(others.c.organisation_id == mine.c.organisation_id, others.c.scorecard_id == mine.c.scorecard_id)
    return sa.select(mine).outerjoin(others, same).where(others.c.organisation_id.is_(None))


def _grouped(session: Session, scope: Scope, firms: sa.Subquery, chosen: sa.Select[Any]) -> Iterator[Counted]:
    """The bins of the firms `chosen` from `firms`, by where they belong."""
    place = [firms.c[name] for name in At._fields]
    at = bin_column(scope.measures).label("bin")
    query = chosen.with_only_columns(*place, Score.measure, at, sa.func.count())
    query = query.join(Score, Score.scorecard_id == firms.c.scorecard_id)
    query = query.where(Score.measure.in_(scope.measures), Score.points_e6.is_not(None))
    grouped = query.group_by(*place, Score.measure, sa.literal_column("bin"))
    for division, sub_industry_id, size, area_id, *counted in session.execute(grouped).yield_per(BATCH):
        yield (At(division, sub_industry_id, size, area_id), *counted)


def each_member(session: Session, scope: Scope) -> Iterator[sa.Row[Any]]:
    """Every firm that counts, with the names of the columns of `BenchmarkMember`."""
    yield from session.execute(sa.select(members(scope))).yield_per(BATCH)
