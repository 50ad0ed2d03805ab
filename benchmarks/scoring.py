"""How fast answers are scored: one submission in full, and many again from their stored JSON.

Run `python -m benchmarks.scoring`. The baseline, measured in the same rounds, is a bare `json.loads` of the same lines:
what reading stored answers costs before anything is scored. Figures are medians of interleaved rounds on one core.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from questionnaires import catalogue
from questionnaires.answers import Answers, clean
from questionnaires.items import Item, Multiple, Scene
from scoring import Scorer, scorer_for

TARGET: Final = 20_000  # submissions a second, rescored from stored JSON on one core
SEED: Final = 2024


def answer(item: Item, dice: random.Random) -> Any:
    """A random answer that the item allows."""
    if isinstance(item, Scene):
        return dice.randrange(len(item.levels))
    if not isinstance(item, Multiple):
        return dice.choice(item.options).id
    taken = [option.id for option in item.options if not option.exclusive and dice.random() < 0.5]
    needed = {option.id: set(option.requires) for option in item.options}
    return [option for option in taken if needed[option] <= set(taken)] or [item.options[0].id]


def firm(scorer: Scorer, dice: random.Random) -> Answers:
    """The cleaned answers of a made-up firm that answered about nine questions in ten."""
    items = scorer.instrument.items.values()
    responses = {item.id: answer(item, dice) for item in items if dice.random() < 0.9}
    cleaned = clean(scorer.instrument, {"responses": responses})
    assert not cleaned.faults, cleaned.faults
    return cleaned.answers


def reading(lines: Sequence[str]) -> int:
    """The baseline: what is stored, read and dropped."""
    return sum(len(json.loads(line)) for line in lines)


def rescoring(scorer: Scorer, lines: Sequence[str]) -> int:
    """Points of all measures, the conditions of all steps, and the level, for each stored line."""
    return sum(scorer.evaluate(Answers(json.loads(line))).level for line in lines)


def evaluating(scorer: Scorer, firms: Sequence[Answers]) -> int:
    return sum(scorer.evaluate(answers).level for answers in firms)


def scorecards(scorer: Scorer, firms: Sequence[Answers]) -> int:
    """The whole scorecard with its trace, as it is stored at submit."""
    return sum(len(scorer.score(answers).model_dump_json()) for answers in firms)


def medians(works: Mapping[str, tuple[int, Callable[[], object]]], rounds: int) -> dict[str, float]:
    """Microseconds per submission of each work; rounds are interleaved so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (count, work) in works.items():
            start = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - start) / count * 1e6)
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    options = _options()
    scorer = scorer_for(catalogue.builtin("digital", "2024"))
    dice = random.Random(SEED)  # noqa: S311  # made-up firms, no secrets
    firms = [firm(scorer, dice) for _ in range(options.firms)]
    lines = [json.dumps(dict(answers.responses)) for answers in firms]
    few = firms[: max(1, options.firms // 20)]
    found = medians(
        {
            "json.loads of the stored answers (baseline)": (len(lines), lambda: reading(lines)),
            "json.loads and evaluate": (len(lines), lambda: rescoring(scorer, lines)),
            "evaluate alone": (len(firms), lambda: evaluating(scorer, firms)),
            "full scorecard as JSON": (len(few), lambda: scorecards(scorer, few)),
        },
        options.rounds,
    )
    report(found, options)


def report(found: Mapping[str, float], options: argparse.Namespace) -> None:
    print(f"digital 2024, {options.firms} firms, medians of {options.rounds} rounds, one core")
    baseline = next(iter(found.values()))
    for name, micros in found.items():
        print(f"{name:<46}{micros:>9.1f} µs  {1e6 / micros:>10,.0f} /s  {micros / baseline:>6.1f} × baseline")
    rate = 1e6 / found["json.loads and evaluate"]
    print(f"rescoring: {rate:,.0f} submissions/s, target {TARGET:,}: {'reached' if rate >= TARGET else 'MISSED'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("--firms", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=9)
    return parser.parse_args()


if __name__ == "__main__":
    main()
