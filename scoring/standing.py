"""How a firm stands: what every condition is judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from questionnaires.given import Given
from questionnaires.statements import State
from scoring.intervals import Interval, Number


@dataclass(slots=True)
class Standing:
    """What conditions look at. `points` are in units of 1/`unit`; `scenes[constrained][level]` counts scenes.

    `values` are, for measures with named values, the places of those that are possible.
    """

    points: Mapping[str, Interval]
    scenes: Mapping[bool, Sequence[Interval]]
    given: Given
    values: Mapping[str, frozenset[int]] = field(default_factory=dict)
    levels: Interval = (0, 0)  # sure and possible level, for checks


class Judged(NamedTuple):
    """A condition's state, with the figures it was judged by: now from `low` to `high`, `need` asked for."""

    state: State
    low: Number | None = None
    high: Number | None = None
    need: Number | None = None


Judge = Callable[[Standing], Judged]


def compared(now: Interval, need: Number) -> Judged:
    low, high = now
    return Judged("met" if low >= need else "unmet" if high < need else "unknown", low, high, need)
