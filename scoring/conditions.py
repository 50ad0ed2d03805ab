"""Conditions: statements over measures and scenes that are met, unmet or unknown. Adding one is a class and its line.

`compiled(unit)` gives a function that judges a `Standing`: the points of every measure as an interval, how many scenes
have reached each level (as an interval), and, for checks, the level itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from questionnaires.exact import Exact, exact
from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.text import Strict, Text
from scoring.tree import Measure

State = Literal["met", "unmet", "unknown", "manual"]  # manual: only a person can tell
Number = int | Fraction
Interval = tuple[Number, Number]


@dataclass(slots=True)
class Standing:
    """What conditions look at. `points` are in units of 1/`unit`; `scenes[constrained][level]` counts scenes."""

    points: Mapping[str, Interval]
    scenes: Mapping[bool, Sequence[Interval]]
    levels: Interval = (0, 0)  # sure and possible level, for checks


class Judged(NamedTuple):
    """A condition's state, with the figures it was judged by: now from `low` to `high`, `need` asked for."""

    state: State
    low: Number | None = None
    high: Number | None = None
    need: Number | None = None


Judge = Callable[[Standing], Judged]


class MeasureAtLeast(Strict):
    """The points of a measure reach `points`."""

    kind: Literal["measure_at_least"]
    measure: str
    points: Exact

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        if self.measure not in measures:
            yield Fault(f"{path}.measure", "unknown_name", {"name": self.measure, "known": ", ".join(measures)})
        elif not 0 <= self.points <= (maximum := measures[self.measure].maximum):
            values = {"points": exact(self.points), "maximum": exact(maximum)}
            yield Fault(f"{path}.points", "over_maximum", values)

    def compiled(self, unit: int) -> Judge:
        need = whole(self.points * unit)
        return lambda standing: _compared(standing.points[self.measure], need)


class ScenesAtLeast(Strict):
    """At least `count` scenes (of the constrained ones, if so) stand at `level` or above."""

    kind: Literal["scenes_at_least"]
    level: int
    count: int
    constrained: bool = False

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        most = sum(1 for scene in instrument.scenes if scene.constrained or not self.constrained)
        if self.count > most:
            yield Fault(f"{path}.count", "over_count", {"count": self.count, "most": most})
        if self.count < 1:
            yield Fault(f"{path}.count", "too_small", {"minimum": 1})
        if not 1 <= self.level <= 4:
            yield Fault(f"{path}.level", "not_a_step", {"most": 4})

    def compiled(self, unit: int) -> Judge:
        return lambda standing: _compared(standing.scenes[self.constrained][self.level], self.count)


class LevelAtLeast(Strict):
    """The maturity level reaches `level`. Only for checks: a ladder cannot ask for itself."""

    kind: Literal["level_at_least"]
    level: int

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        most = len(instrument.ladder["steps"])
        if not 1 <= self.level <= most:
            yield Fault(f"{path}.level", "not_a_step", {"most": most})

    def compiled(self, unit: int) -> Judge:
        return lambda standing: _compared(standing.levels, self.level)


class Manual(Strict):
    """Something without a number that a person decides."""

    kind: Literal["manual"]
    text: Text

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        return iter(())

    def compiled(self, unit: int) -> Judge:
        return lambda standing: Judged("manual")


class AllOf(Strict):
    """Every one of `conditions`."""

    kind: Literal["all_of"]
    conditions: tuple[Condition, ...]

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        yield from condition_faults(path, self.conditions, instrument, measures)

    def compiled(self, unit: int) -> Judge:
        judges = [condition.compiled(unit) for condition in self.conditions]
        return lambda standing: Judged(all_of([judge(standing).state for judge in judges]))


class AnyOf(Strict):
    """At least one of `conditions`."""

    kind: Literal["any_of"]
    conditions: tuple[Condition, ...]

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        yield from condition_faults(path, self.conditions, instrument, measures)

    def compiled(self, unit: int) -> Judge:
        judges = [condition.compiled(unit) for condition in self.conditions]
        return lambda standing: Judged(any_of([judge(standing).state for judge in judges]))


Condition = Annotated[
    MeasureAtLeast | ScenesAtLeast | LevelAtLeast | Manual | AllOf | AnyOf, Field(discriminator="kind")
]
AllOf.model_rebuild()
AnyOf.model_rebuild()


def condition_faults(
    path: str, conditions: Sequence[Condition], instrument: Instrument, measures: Mapping[str, Measure]
) -> Iterator[Fault]:
    """Every fault of a list of conditions. An empty one would always hold."""
    if not conditions:
        yield Fault(f"{path}.conditions", "no_conditions")
    for position, condition in enumerate(conditions):
        yield from condition.faults(f"{path}.conditions[{position}]", instrument, measures)


def nested(path: str, conditions: Sequence[Condition]) -> Iterator[tuple[str, Condition]]:
    """Every condition with its path, also those inside `all_of` and `any_of`."""
    for position, condition in enumerate(conditions):
        here = f"{path}.conditions[{position}]"
        yield here, condition
        if isinstance(condition, AllOf | AnyOf):
            yield from nested(here, condition.conditions)


def all_of(states: Sequence[State]) -> State:
    """Three-valued "and": one unmet decides; otherwise anything open leaves the whole open."""
    return _first(states, ("unmet", "unknown", "manual"), "met")


def any_of(states: Sequence[State]) -> State:
    """Three-valued "or": one met decides; otherwise anything open leaves the whole open."""
    return _first(states, ("met", "unknown", "manual"), "unmet")


def whole(number: Fraction) -> Number:
    """The same number, as an `int` where it is one: comparing whole numbers is much cheaper."""
    return number.numerator if number.denominator == 1 else number


def _first(states: Sequence[State], deciding: tuple[State, ...], otherwise: State) -> State:
    return next((state for state in deciding if state in states), otherwise)


def _compared(now: Interval, need: Number) -> Judged:
    low, high = now
    return Judged("met" if low >= need else "unmet" if high < need else "unknown", low, high, need)
