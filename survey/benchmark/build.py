"""Making a release: count, decide what may be shown, write everything in one short transaction.

Counting reads one state of the database and takes no lock; only writing does. docs/benchmark.md explains it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scoring.change import Earlier
from scoring.percentile import BINS
from scoring.showing import Block
from scoring.suppression import Decision, decide
from survey import audit
from survey.benchmark.cohorts import Cohort, Place, cohorts_of, ids_of, use
from survey.benchmark.counting import BATCH, At, Counted, Scope, came, complete, each_member, now_counted, went
from survey.benchmark.measures import compared
from survey.benchmark.queries import newest_release
from survey.database import Database
from survey.models import Area, BenchmarkCell, BenchmarkMember, BenchmarkRelease, Campaign
from survey.publishing.queries import instrument

FIRST: Final = 10
"""A first release by quarter needs so many times the minimum of firms."""


class NotReleased(Exception):
    """Nothing was released. The reason is a key of `survey.benchmark.words.NOT_RELEASED`."""


Counts = dict[At, tuple[list[int], "array[int]"]]
"""By where they belong: how many firms, in a list of one; places and counts by turns."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release that is not written yet; `last` is the number of the one before, 0 if it is the first."""

    scope: Scope
    minimum: int
    last: int
    firms: int
    blocks: Sequence[Block[Cohort]]
    decision: Decision[Cohort]


def release(
    database: Database, campaign_id: int, cause: str, minimum: int, actor: audit.Actor, now: datetime
) -> BenchmarkRelease:
    """Count now and write the release. Raises `NotReleased`; also where somebody else made one meanwhile."""
    with database.read() as reader:
        prepared = prepare(reader, campaign_id, minimum, now)
        if cause != "command":
            _worth_it(reader, prepared, cause)
        with database.write(durable=True) as session:
            return save(session, reader, prepared, cause, actor)


def prepare(session: Session, campaign_id: int, minimum: int, now: datetime) -> Prepared:
    """Count everybody and decide what may be shown. Raises `NotReleased`."""
    campaign = session.get_one(Campaign, campaign_id)
    last = newest_release(session, campaign_id)
    measures = complete(session, campaign_id, compared(instrument(session, campaign.instrument_id)), now)
    if not measures:
        raise NotReleased("nobody")
    scope = Scope(campaign_id, measures, now)
    paths = {area: ids_of(path) for area, path in session.execute(sa.select(Area.id, Area.path))}
    counts = _counts(now_counted(session, scope), scope)
    blocks = _blocks(counts, paths)
    earlier = [_earlier(session, scope, paths, counts, each) for each in _releases(session, campaign_id)]
    if earlier and not (earlier[-1].came or earlier[-1].went):
        raise NotReleased("same")
    decision = decide(blocks, use({area: len(path) - 1 for area, path in paths.items()}), minimum, earlier)
    if not decision.shown:
        raise NotReleased("change" if "change" in decision.withheld.values() else "few")
    firms = sum(block.firms for block in blocks)
    return Prepared(scope, minimum, last.number if last else 0, firms, blocks, decision)


def _releases(session: Session, campaign_id: int) -> list[int]:
    """The ids of the earlier ones, the last one last."""
    mine = sa.select(BenchmarkRelease.id).where(BenchmarkRelease.campaign_id == campaign_id)
    return list(session.scalars(mine.order_by(BenchmarkRelease.number)))


def _earlier(
    session: Session, scope: Scope, paths: Mapping[int, tuple[int, ...]], counts: Counts, release_id: int
) -> Earlier[Cohort]:
    """An earlier release beside what counts now."""
    came_since = _counts(came(session, scope, release_id), scope)
    gone = _counts(went(session, scope, release_id), scope)
    stayed = [firms[0] - (came_since[at][0][0] if at in came_since else 0) for at, (firms, _bins) in counts.items()]
    cell = BenchmarkCell
    shown = sa.select(cell.industry, cell.size, cell.area_id).where(
        cell.release_id == release_id, cell.withheld.is_(None)
    )
    return Earlier(
        {Cohort(*row) for row in session.execute(shown)},
        stayed,
        _blocks(came_since, paths),
        _blocks(gone, paths),
    )


def _worth_it(session: Session, prepared: Prepared, cause: str) -> None:
    """What is released guards what may be released later, so the site itself waits until it is worth it.

    That is for a first one by quarter, until there are many firms; for a further one, until it shows as many groups as
    the last or counts half as many firms again. Raises `NotReleased`.
    """
    last = newest_release(session, prepared.scope.campaign_id)
    if last is None:
        worth = cause != "quarter" or prepared.firms >= FIRST * prepared.minimum
    else:
        worth = 2 * prepared.firms >= 3 * last.firms or len(prepared.decision.shown) >= _groups(session, last)
    if not worth:
        raise NotReleased("waits")


def _groups(session: Session, last: BenchmarkRelease) -> int:
    shown = sa.select(BenchmarkCell.measure, sa.func.count()).where(
        BenchmarkCell.release_id == last.id, BenchmarkCell.withheld.is_(None)
    )
    return max((count for _measure, count in session.execute(shown.group_by(BenchmarkCell.measure))), default=0)


def _counts(rows: Iterable[Counted], scope: Scope) -> Counts:
    numbers = {name: at for at, name in enumerate(scope.measures)}
    counts: Counts = {}
    for place, measure, at, count in rows:
        firms, bins = counts.setdefault(place, ([0], array("q")))
        bins.extend((numbers[measure] * BINS + at, count))
        firms[0] += count if measure == scope.total else 0
    return counts


def _blocks(counts: Counts, paths: Mapping[int, tuple[int, ...]]) -> list[Block[Cohort]]:
    same: dict[Cohort, Cohort] = {}  # one object for each cohort, however many blocks it holds

    def groups(at: At) -> tuple[Cohort, ...]:
        place = Place(at.division, at.sub_industry_id, at.size, paths[at.area_id])
        return tuple(same.setdefault(each, each) for each in cohorts_of(place))

    return [Block(groups(at), paths[at.area_id], firms[0], bins) for at, (firms, bins) in counts.items()]


# -- writing -----------------------------------------------------------------------------------------------------------


def save(session: Session, reader: Session, prepared: Prepared, cause: str, actor: audit.Actor) -> BenchmarkRelease:
    """Write the release with its cells and members; `reader` still sees what was counted."""
    scope = prepared.scope
    session.execute(sa.select(Campaign.id).where(Campaign.id == scope.campaign_id).with_for_update())
    newest = newest_release(session, scope.campaign_id)
    if (newest.number if newest else 0) != prepared.last:
        raise NotReleased("meanwhile")
    made = BenchmarkRelease(
        campaign_id=scope.campaign_id, number=prepared.last + 1, cause=cause, minimum=prepared.minimum,
        firms=prepared.firms, as_of=scope.now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _insert(session, BenchmarkCell, _cells(prepared), made.id)
    _insert(session, BenchmarkMember, _members(reader, prepared), made.id)
    audit.record(session, actor, "benchmark.release", made.public_id, now=scope.now, detail=cause)
    return made


def _insert(session: Session, table: Any, rows: Iterable[dict[str, Any]], release_id: int) -> None:
    rest = iter(rows)
    while batch := [{"release_id": release_id, **row} for row in islice(rest, BATCH)]:
        session.execute(sa.insert(table), batch)


def _cells(prepared: Prepared) -> Iterator[dict[str, Any]]:
    names = list(prepared.scope.measures)
    for cohort, reason in prepared.decision.withheld.items():
        for name in names:
            yield {"measure": name, **cohort._asdict(), "withheld": reason, "bins": None}
    for cohort, bins in _shown(prepared).items():
        for at, name in enumerate(names):
            yield {"measure": name, **cohort._asdict(), "withheld": None, "bins": bins[at * BINS : (at + 1) * BINS]}


def _shown(prepared: Prepared) -> dict[Cohort, list[int]]:
    """The bins of every cohort that is shown, measure after measure."""
    places = len(prepared.scope.measures) * BINS
    shown = {cohort: [0] * places for cohort in prepared.decision.shown}
    for block in prepared.blocks:
        found = [shown[group] for group in block.groups if group in shown]
        for place, count in zip(block.bins[::2], block.bins[1::2], strict=True):
            for bins in found:
                bins[place] += count
    return shown


def _members(reader: Session, prepared: Prepared) -> Iterator[dict[str, Any]]:
    for row in each_member(reader, prepared.scope):
        yield dict(row._mapping)
