"""How fast stored snapshots are scored again: points, conditions and level of 100,000 firms for each questionnaire.

Run `python -m benchmarks.rescoring`. The baseline, measured in the same run on the same lines, is what the stored
answers cost to read and nothing else; both in processor time. Then what a full scorecard with every reason costs, as it
is stored at submit, and the same rescoring on every core at once, with a progress bar.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from typing import Final

from benchmarks._firms import read, stored
from questionnaires import catalogue
from scoring import scorer_for

TARGET: Final = 20_000  # snapshots a second and core, reading included
SEED: Final = 2024
BATCH: Final = 2_500
FIELDS: Final = (("digital", "2024"), ("green", "2026"), ("innovation", "2022"), ("specialised", "2026"))


@cache
def lines(field: tuple[str, str], count: int) -> tuple[str, ...]:
    """Stored snapshots of made-up firms; each process makes its own, the same ones."""
    dice = random.Random(SEED)  # noqa: S311  # made-up firms, no secrets
    instrument = catalogue.builtin(*field)
    return tuple(stored(instrument, dice) for _ in range(count))


def reading(batch: Sequence[str]) -> float:
    """Seconds to read the answers and drop them."""
    start = time.process_time()
    for line in batch:
        read(line)
    return time.process_time() - start


def rescoring(field: tuple[str, str], batch: Sequence[str]) -> float:
    """Seconds to read and score them: points of all measures, the conditions of all steps, and the level."""
    scorer = scorer_for(catalogue.builtin(*field))
    start = time.process_time()
    for line in batch:
        scorer.evaluate(read(line))
    return time.process_time() - start


def scorecards(field: tuple[str, str], batch: Sequence[str]) -> float:
    """Seconds for the whole scorecard with its trace, as JSON."""
    scorer = scorer_for(catalogue.builtin(*field))
    start = time.process_time()
    for line in batch:
        scorer.score(read(line)).model_dump_json()
    return time.process_time() - start


def _share(field: tuple[str, str], count: int) -> None:
    rescoring(field, lines(field, count))


def one_core(field: tuple[str, str], firms: int) -> float:
    """Snapshots a second on one core; reading and scoring alternate, so that a busy moment hits both."""
    batch, read_for, scored_for = lines(field, BATCH), 0.0, 0.0
    rescoring(field, batch[:100])
    for _ in range(firms // BATCH):
        read_for += reading(batch)
        scored_for += rescoring(field, batch)
    rate, baseline = firms / scored_for, firms / read_for
    verdict = "reached" if rate >= TARGET else "MISSED"
    print(
        f"{'/'.join(field):<20}{baseline:>12,.0f}/s reading (baseline){rate:>12,.0f}/s rescored"
        f"{rate / baseline:>8.2f} of baseline   target {TARGET:,}: {verdict}"
    )
    return rate


def all_cores(field: tuple[str, str], firms: int, cores: int) -> float:
    """Snapshots a second on all cores together, with a bar that shows how far it is."""
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(_share, [field] * cores, [BATCH] * cores))  # every process has made its lines
        start = time.perf_counter()
        waiting = [pool.submit(_share, field, BATCH) for _ in range(firms // BATCH)]
        for done, _ in enumerate(as_completed(waiting), 1):
            _bar("/".join(field), done, len(waiting))
        return firms / (time.perf_counter() - start)


def _bar(name: str, done: int, of: int) -> None:
    if sys.stderr.isatty() or done == of:
        filled = 30 * done // of
        end = "\n" if done == of else ""
        print(f"\r{name:<20}[{'#' * filled}{'.' * (30 - filled)}] {100 * done // of:>3} %", end=end, file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rescoring", description=__doc__)
    parser.add_argument("--firms", type=int, default=100_000)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    for field in FIELDS:
        alone = one_core(field, options.firms)
        together = all_cores(field, options.firms, cores)
        full = scorecards(field, lines(field, BATCH)[:200]) / 200 * 1000
        print(f"{'':<20}{together:>12,.0f}/s on {cores} cores: {together / alone:.2f} times one core")
        print(f"{'':<20}{full:>12.2f} ms for a full scorecard with every reason, as JSON")


if __name__ == "__main__":
    main()
