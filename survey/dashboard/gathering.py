"""Counting the firms of an area for its dashboard: two queries over the firms, everything else is adding up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey.city.own_industries import by_code, own_industries
from survey.dashboard.figures import OPEN, PAIR, STAGES, Figures, Key, bin_of
from survey.models import Organisation, Score, SubIndustry, Submission

COUNTED: Final = ("submitted", "accepted")
"""The states in which a self-assessment counts: as in a benchmark release, what was sent back does not."""
AT_A_TIME: Final = 5_000

OwnOf = Callable[[str, int | None], str]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure to count: its maximum now, and in the round before where it may be compared with that, else None."""

    name: str
    maximum: Fraction
    before: Fraction | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What to count. `places`: the area below the chosen one that each area is counted under, by ids; `everywhere`
    says that no firm lies outside. `total` and `dimensions` are the measures; `levels` whether levels may be compared
    with those of `before`, the campaign of the round before, if there is one.
    """

    campaign_id: int
    places: Mapping[int, int]
    everywhere: bool
    total: Measured | None
    dimensions: tuple[Measured, ...]
    before_id: int | None = None
    levels: bool = False


def gather(session: Session, scope: Scope) -> Figures:
    """All counts of the scope."""
    figures, own_of = Figures(), _own_of(session)
    for row in session.execute(_firms(scope), execution_options={"yield_per": AT_A_TIME}):
        _count_firm(figures, scope, row, own_of)
    if scope.dimensions:
        for row in session.execute(_points(scope), execution_options={"yield_per": AT_A_TIME}):
            _count_points(figures, scope, row, own_of)
    return figures


def _own_of(session: Session) -> OwnOf:
    """Finds the own industry of a firm, as `sub_industry_of` does, without a query for each; "" if it has none."""
    industries = own_industries(session)
    known: dict[str, str] = {}

    def find(code: str, named: int | None) -> str:
        if named is not None:
            return str(named)
        if code not in known:
            found: SubIndustry | None = by_code(industries, code)
            known[code] = str(found.id) if found else ""
        return known[code]

    return find


# -- one row for each firm ---------------------------------------------------------------------------------------------

Own, Verified, Before = (aliased(Submission, name=name) for name in ("own", "verified", "earlier"))


def _firms(scope: Scope) -> Any:
    """Every firm of the area with its self-assessment, the verified one, and the one of the round before."""
    query = sa.select(
        Organisation.operating_area_id.label("area"), Organisation.industry_code, Organisation.sub_industry_id,
        Organisation.state.label("firm"), Own.state, Own.size_class, Own.level, Own.total_e6,
        Verified.level.label("verified"), Before.level.label("old_level"), Before.total_e6.label("old_total"),
    ).select_from(Organisation)  # fmt: skip
    query = query.outerjoin(Own, _of(Own, scope.campaign_id, "self"))
    query = query.outerjoin(Verified, _of(Verified, scope.campaign_id, "verified"))
    query = query.outerjoin(Before, _of(Before, scope.before_id, "self") & Before.state.in_(COUNTED))
    return _within(query, scope)


def _of(submission: Any, campaign_id: int | None, kind: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        submission.organisation_id == Organisation.id, submission.campaign_id == campaign_id, submission.kind == kind
    )


def _within(query: Any, scope: Scope) -> Any:
    return query if scope.everywhere else query.where(Organisation.operating_area_id.in_(sorted(scope.places)))


def _count_firm(figures: Figures, scope: Scope, row: Any, own_of: OwnOf) -> None:
    division, own = row.industry_code[:3], own_of(row.industry_code, row.sub_industry_id)
    figures.add("stages", Key(str(scope.places[row.area]), division, own), STAGES.index(_stage(row)))
    if row.firm != "confirmed" or row.state not in COUNTED:
        return
    key = Key("", division, own, row.size_class or OPEN)
    figures.add("levels", key, row.level)
    if scope.total and row.total_e6 is not None:
        _count_bins(figures, scope.total, key, row.total_e6, row.old_total)
    if row.verified is not None:
        figures.add("verified", key, PAIR * row.level + row.verified)
    if scope.levels and row.old_level is not None:
        figures.add("moves", key, PAIR * row.old_level + row.level)


def _stage(row: Any) -> str:
    """The furthest that the firm has come."""
    if row.verified is not None:
        return "verified"
    if row.state is None:
        return "listed" if row.firm == "listed" else "claimed"
    return "started" if row.state == "draft" else str(row.state)


def _count_bins(figures: Figures, measured: Measured, key: Key, now: int, old: int | None) -> None:
    bin_now = bin_of(now, measured.maximum)
    figures.add(f"points:{measured.name}", key, bin_now)
    if old is not None and measured.before is not None:
        figures.add(f"then:{measured.name}", key, bin_of(old, measured.before))
        figures.add(f"now:{measured.name}", key, bin_now)


# -- one row for each firm and dimension -------------------------------------------------------------------------------

OldScore = aliased(Score, name="old_score")


def _points(scope: Scope) -> Any:
    """The sure points of each counted firm in each dimension, with those of the round before."""
    names = [measured.name for measured in scope.dimensions]
    # The sum keeps SQLite from reading the whole campaign, of which an area is a small part: it begins with the firms.
    from_the_firm = sa.and_(
        Own.organisation_id == Organisation.id, Own.campaign_id + 0 == scope.campaign_id, Own.kind == "self"
    )
    query = (
        sa.select(
            Organisation.industry_code, Organisation.sub_industry_id, Own.size_class, Score.measure, Score.points_e6,
            OldScore.points_e6.label("old_points"),
        )
        .select_from(Organisation)
        .join(Own, from_the_firm)
        .join(Score, (Score.scorecard_id == Own.scorecard_id) & Score.measure.in_(names))
        .outerjoin(Before, _of(Before, scope.before_id, "self") & Before.state.in_(COUNTED))
        .outerjoin(OldScore, (OldScore.scorecard_id == Before.scorecard_id) & (OldScore.measure == Score.measure))
        .where(Organisation.state == "confirmed", Own.state.in_(COUNTED), Score.points_e6.is_not(None))
    )  # fmt: skip
    return _within(query, scope)


def _count_points(figures: Figures, scope: Scope, row: Any, own_of: OwnOf) -> None:
    key = Key("", row.industry_code[:3], own_of(row.industry_code, row.sub_industry_id), row.size_class or OPEN)
    measured = next(each for each in scope.dimensions if each.name == row.measure)
    _count_bins(figures, measured, key, row.points_e6, row.old_points)


def places_below(chosen_id: int, paths: Iterable[tuple[int, str]]) -> dict[int, int]:
    """For each area of a subtree (id and path) the area next below the chosen one, or the chosen one itself."""
    found = {}
    for area_id, path in paths:
        ids = [int(part) for part in path.strip("/").split("/")]
        after = ids[ids.index(chosen_id) + 1 :]
        found[area_id] = after[0] if after else chosen_id
    return found
