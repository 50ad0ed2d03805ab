"""How long the roadmap of the 2024 questionnaire takes, and how good quicker ways would be.

Run `python -m benchmarks.roadmap`. Random firms of every strength, some answers open. In the same run, as baselines: a
greedy plan (the most use for the effort, again and again, then what can be spared taken away), and one evaluation.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from questionnaires import catalogue
from questionnaires.answers import Answers, clean
from questionnaires.items import Multiple, Scene
from scoring import Scorer, scorer_for
from scoring.roadmap import roadmap
from scoring.roadmap_changes import Change, complete, tracks
from scoring.roadmap_oracle import Oracle

TARGET: Final = 1.0  # seconds for the slowest; "well under" is a fifth of it
SEED: Final = 2024


def firm(scorer: Scorer, dice: random.Random) -> Answers:
    """A made-up firm: weak to strong, about one question in ten open."""
    strength, responses = dice.random(), dict[str, Any]()
    for item in scorer.instrument.items.values():
        if dice.random() < 0.1:
            continue
        if isinstance(item, Scene):
            responses[item.id] = min(4, int(5 * dice.random() ** (1.6 - strength)))
        elif isinstance(item, Multiple):
            taken = {option.id for option in item.options if not option.exclusive and dice.random() < strength}
            kept = [option.id for option in item.options if option.id in taken and set(option.requires) <= taken]
            responses[item.id] = kept or [item.options[0].id]
        else:
            options: Any = getattr(item, "options", ())
            responses[item.id] = options[int(len(options) * dice.random() ** (1.6 - strength))].id
    cleaned = clean(scorer.instrument, {"responses": responses})
    assert not cleaned.faults, cleaned.faults
    return cleaned.answers


def greedy(scorer: Scorer, answers: Answers) -> int | None:
    """The effort of a plan made step by step: always what closes most of the gaps for its effort."""
    oracle = Oracle(scorer, answers)
    target = oracle.result(answers.responses).level
    assert scorer.ladder is not None
    judges = [scorer.judge(condition) for condition in scorer.ladder.steps[target].conditions]
    offers = {track.key: track.changes for track in tracks(scorer.instrument, answers.responses, oracle.asked)}
    chosen: dict[Any, Change] = {}

    def lacking(made: dict[Any, Change]) -> float:
        standing = oracle.after(made.values())
        judged = [judge(standing) for judge in judges]
        return sum(max(0.0, 1 - float(each.low or 0) / float(each.need or 1)) for each in judged)

    now = lacking(chosen)
    while now > 0:
        tried = [
            ((now - lacking(more)) / (change.effort - (chosen[key].effort if key in chosen else 0)), key, change)
            for key, changes in offers.items()
            for change in changes
            if (key not in chosen or change.effort > chosen[key].effort)
            and complete((more := {**chosen, key: change}).values())
        ]
        use, key, change = max(tried, key=lambda each: each[0], default=(0.0, None, None))
        if use <= 0 or change is None:
            return None
        chosen[key] = change
        now = lacking(chosen)
    for key in sorted(chosen, key=lambda key: -chosen[key].effort):
        fewer = {each: change for each, change in chosen.items() if each != key}
        if complete(fewer.values()) and not lacking(fewer):
            chosen = fewer
    return sum(change.effort for change in chosen.values())


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = call()
    return time.perf_counter() - start, found


def main() -> None:
    options = _options()
    scorer = scorer_for(catalogue.builtin("digital", "2024"))
    dice = random.Random(SEED)  # noqa: S311  # made-up firms, no secrets
    firms = [each for each in (firm(scorer, dice) for _ in range(options.firms)) if scorer.evaluate(each).level < 4]
    one = statistics.median(timed(lambda each=each: scorer.evaluate(each))[0] for each in firms)  # type: ignore[misc]
    exact, quick = [], []
    excess = 0
    for each in firms:  # interleaved, so that a busy moment hits both
        seconds, found = timed(lambda each=each: roadmap(scorer, each))  # type: ignore[misc]
        exact.append(seconds)
        taken, effort = timed(lambda each=each: greedy(scorer, each))  # type: ignore[misc]
        quick.append(taken)
        assert found is not None
        assert found.plan is None or found.plan.optimal
        excess += effort is not None and found.plan is not None and effort > found.plan.effort
    report(one, exact, quick, excess)


def report(one: float, exact: list[float], quick: list[float], excess: int) -> None:
    print(
        f"digital 2024, {len(exact)} firms below the highest level, one core; one evaluation takes {one * 1e6:.0f} µs"
    )
    for name, times in (("greedy plan alone (baseline)", quick), ("plan with proof, and alternative", exact)):
        middle, worst = statistics.median(times), max(times)
        ratio = middle / statistics.median(quick)
        print(f"{name:<34}median {middle * 1e3:>7.1f} ms   worst {worst * 1e3:>7.1f} ms   {ratio:>5.2f} × baseline")
    print(
        f"the greedy plan takes more effort than needed for {excess} of {len(exact)} firms ({excess / len(exact):.0%})"
    )
    reached = "reached" if max(exact) < TARGET / 5 else "nearly" if max(exact) < TARGET else "MISSED"
    print(f"worst case {max(exact):.3f} s, target well under {TARGET:.0f} s: {reached}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roadmap", description=__doc__)
    parser.add_argument("--firms", type=int, default=200)
    return parser.parse_args()


if __name__ == "__main__":
    main()
