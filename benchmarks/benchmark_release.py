"""Building a benchmark release from 10 thousand and 100 thousand submissions (`--million`: a million as well), and
reading a firm's comparison from it, on SQLite and PostgreSQL.

Run `python -m benchmarks.benchmark_release`. The baseline of building, in the same run, is one bare GROUP BY over the
same scores into bins, without asking who counts; that of reading is the bare query for the same cells. Memory is the
most that the process which builds ever holds. The cells are then compared with a plain count over all scores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks._releases import MAXIMA, build
from benchmarks._timing import interleaved
from scoring.percentile import BINS, bin_of
from survey import audit
from survey.benchmark.build import release
from survey.benchmark.cohorts import Place, cohorts_of, ids_of
from survey.benchmark.counting import BATCH
from survey.benchmark.queries import comparison, read
from survey.database import Database
from survey.models import Area, BenchmarkCell, BenchmarkMember, Score
from tests import databases

SIZES: Final = (10_000, 100_000)
MILLION: Final = 1_000_000
READING: Final = 2.0  # milliseconds
RECOUNTED: Final = 150
"""So many cells are counted again, the largest and the smallest among them."""


def _in_a_process(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds, and the most memory in MB, of some work in a process of its own."""

    def run(answer: Connection) -> None:
        start = time.perf_counter()
        work()
        answer.send((time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=run, args=(theirs,))
    process.start()
    theirs.close()  # so that a process that fails ends the wait
    seconds, memory = ours.recv()
    process.join()
    return seconds, memory


def bare(url: str, campaign: int) -> None:
    """One GROUP BY over the same scores."""
    place = (Score.points_e6 + 1) // 2_000_000
    keys = (Score.industry_division, Score.size_class, Score.area_id, Score.measure, place)
    database = Database.connect(url)
    with database.read() as session:
        rows = session.execute(
            sa.select(*keys, sa.func.count()).where(Score.campaign_id == campaign).group_by(*keys)
        ).yield_per(BATCH)
        sum(1 for _row in rows)
    database.close()


def building(url: str, campaign: int) -> None:
    database = Database.connect(url)
    release(database, campaign, "command", 10, audit.SYSTEM, datetime.now(UTC))
    database.close()


def reading(url: str, firms: int) -> dict[str, float]:
    """Seconds for one comparison, and for the bare query of the same cells."""
    database = Database.connect(url)
    cards = [1 + firms * part // 50 for part in range(50)]
    with database.read() as session:
        cell = BenchmarkCell
        area = session.scalars(sa.select(BenchmarkMember.area_id).where(BenchmarkMember.organisation_id == 1)).one()
        path = ids_of(session.scalars(sa.select(Area.path).where(Area.id == area)).one())
        query = sa.select(cell.measure, cell.withheld, cell.bins).where(
            cell.release_id == 1,
            cell.measure.in_(MAXIMA),
            cell.industry.in_(("C13", "")),
            cell.size.in_(("small", "")),
            cell.area_id.in_(path),
        )

        def figures() -> None:
            for card in cards:
                assert read(session, card) is not None

        def named() -> None:
            for card in cards:
                session.expunge_all()
                assert comparison(session, card, "en") is not None

        def ask() -> None:
            for _card in cards:
                session.execute(query).all()

        taken = interleaved({"a comparison": figures, "with names": named, "the bare query": ask}, rounds=5, repeats=1)
    database.close()
    return {name: seconds / len(cards) for name, seconds in taken.items()}


def recounted(url: str) -> tuple[int, int]:
    """How many cells were counted again from the scores one by one, and how many differ."""
    database = Database.connect(url)
    with database.read() as session:
        paths = {area: ids_of(path) for area, path in session.execute(sa.select(Area.id, Area.path))}
        cell = BenchmarkCell
        shown = session.execute(
            sa.select(cell.industry, cell.size, cell.area_id, cell.measure, cell.bins).where(cell.withheld.is_(None))
        ).all()
        told = {(*key, measure): bins for *key, measure, bins in sorted(shown, key=lambda row: -sum(row[4]))}
        chosen = [*list(told)[: RECOUNTED // 2], *list(told)[-RECOUNTED // 2 :]]
        counted = {key: [0] * BINS for key in chosen}
        columns = (Score.industry_division, Score.size_class, Score.area_id, Score.measure, Score.points_e6)
        for division, size, area, measure, points in session.execute(sa.select(*columns)).yield_per(BATCH):
            at = bin_of(f"{points}/1000000", MAXIMA[measure])
            for cohort in cohorts_of(Place(division, None, size, paths[area])):
                bins = counted.get((*cohort, measure))
                if bins is not None:
                    bins[at] += 1
    database.close()
    return len(counted), sum(bins != told[key] for key, bins in counted.items())


def measure(kind: str, folder: Path, firms: int) -> tuple[float, float]:
    """Memory of building in MB and milliseconds of reading."""
    url = databases.migrated(kind, folder / f"{kind}-{firms}.db")
    campaign = build(url, firms)
    scan, _memory = _in_a_process(lambda: bare(url, campaign))
    seconds, memory = _in_a_process(lambda: building(url, campaign))
    print(
        f"{kind:<12}{firms:>10,} submissions: released in {seconds:6.1f} s, {firms / seconds:8,.0f}/s, "
        f"{scan / seconds:5.2f} of a bare GROUP BY's speed; at most {memory:,.0f} MB"
    )
    taken = reading(url, firms)
    took, named, query = (taken[name] * 1000 for name in ("a comparison", "with names", "the bare query"))
    cells, differ = recounted(url)
    reached = "reached" if took <= READING else "MISSED"
    print(
        f"{'':<24}a comparison read in {took:.2f} ms ({query / took:.2f} of the bare query's speed; target {READING} "
        f"ms: {reached}), {named:.2f} ms with names of groups"
    )
    print(f"{'':<24}{cells} cells counted again, {differ} differ")
    databases.remove(url)
    return memory, took


def main() -> None:
    """Measure and print, on both databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.benchmark_release", description=__doc__)
    parser.add_argument("--million", action="store_true", help="also from a million submissions")
    sizes = (*SIZES, MILLION) if parser.parse_args().million else SIZES
    databases.open_folder()
    try:
        for kind in databases.KINDS:
            with tempfile.TemporaryDirectory() as name:
                found = [measure(kind, Path(name), firms) for firms in sizes]
            memory, read = ([each[at] for each in found] for at in (0, 1))
            print(
                f"{kind:<12}over these sizes: memory x {memory[-1] / memory[0]:.1f}, reading x {read[-1] / read[0]:.2f}"
            )
    finally:
        databases.disconnect()
        databases.close_folder()


if __name__ == "__main__":
    main()
