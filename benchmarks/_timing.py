"""Interleaved rounds, so that a noisy minute hits both sides, and the median of the rounds."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(sides: Mapping[str, Callable[[], object]], rounds: int, repeats: int) -> dict[str, float]:
    """Seconds per call of each side: the median over `rounds` rounds of `repeats` calls each."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for call in sides.values():
        call()
    gc.disable()
    try:
        for _round in range(rounds):
            for name, call in sides.items():
                begin = time.perf_counter()
                for _repeat in range(repeats):
                    call()
                taken[name].append((time.perf_counter() - begin) / repeats)
            gc.collect()
    finally:
        gc.enable()
    return {name: statistics.median(times) for name, times in taken.items()}


def show(title: str, baseline: str, seconds: Mapping[str, float], target: str) -> None:
    """Print each side with its speed as a share of the baseline's."""
    print(f"\n{title} (target: {target})")
    for name, each in seconds.items():
        print(f"  {name:<58} {each * 1e6:9.0f} us   {seconds[baseline] / each:6.2f} of the baseline's speed")
