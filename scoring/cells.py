"""Levels that end: what is sure while it is open on which side of a threshold the points will fall.

Where conditions only ask for more, the states of the steps tell the sure level. Where a step is bounded from above,
each step may be open although one of them surely holds. Then the points are tried in every place that makes a
difference: on each threshold and between every two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Any, Final

from questionnaires.exact import Rational
from questionnaires.references import placed
from scoring.conditions import Condition, Not
from scoring.intervals import Interval, Number, whole
from scoring.ladder import Ladder
from scoring.measure_conditions import MeasureAtLeast, MeasureCompare

MOST_CELLS: Final = 2_000


def thresholds(ladder: Ladder, unit: int) -> dict[str, list[Number]]:
    """For each measure that a step bounds from above, every threshold of the ladder on it, in units."""
    found: dict[str, set[Number]] = {}
    bounded: set[str] = set()
    for condition in (each for step in ladder.steps for each in step.conditions):
        parts = [part for _, part in placed("", condition)]
        turned = any(isinstance(part, Not) or getattr(part, "at_most", None) is not None for part in parts)
        for part in parts:
            if isinstance(part, MeasureAtLeast | MeasureCompare):
                found.setdefault(part.measure, set()).update(whole(bound * unit) for bound in bounds_of(part).values())
                if turned or bounds_of(part).keys() & {"at_most", "below"}:
                    bounded.add(part.measure)
    return {measure: sorted(found[measure]) for measure in bounded}


def bounds_of(condition: MeasureAtLeast | MeasureCompare) -> Mapping[str, Rational]:
    return {"at_least": condition.points} if isinstance(condition, MeasureAtLeast) else condition.bounds()


def spread(interval: Interval, edges: Sequence[Number]) -> list[Number]:
    """Points of an interval, one for each place between and on the thresholds that can make a difference."""
    low, high = interval
    marks = [low, *(edge for edge in edges if low < edge < high), high]
    between = [Rational(a + b) / 2 for a, b in pairwise(marks) if a != b]
    return sorted({*marks, *between})


def tried(
    points: Mapping[str, Interval],
    edges: Mapping[str, Sequence[Number]],
    level: Callable[[Mapping[str, Any]], tuple[int, int]],
) -> tuple[int, int] | None:
    """The least sure and the highest possible level over all places; `None` where there is nothing to try."""
    places = {name: spread(points[name], marks) for name, marks in edges.items() if points[name][0] != points[name][1]}
    if not places or prod(map(len, places.values())) > MOST_CELLS:
        return None
    found = [
        level({name: (point, point) for name, point in zip(places, chosen, strict=True)})
        for chosen in product(*places.values())
    ]
    return min(sure for sure, _ in found), max(possible for _, possible in found)


def only_measure(conditions: Sequence[Condition]) -> str | None:
    """The one measure that all conditions are about, if they are about nothing else."""
    if not all(isinstance(each, MeasureAtLeast | MeasureCompare) for each in conditions):
        return None
    names = {each.measure for each in conditions if isinstance(each, MeasureAtLeast | MeasureCompare)}
    return next(iter(names)) if len(names) == 1 else None
