"""Conditions on measures, on the number of scenes, on the level; and what only a person can decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from questionnaires.exact import Exact, Rational, exact
from questionnaires.faults import Fault, refusal
from questionnaires.instrument import Instrument
from questionnaires.references import bounds_faults
from questionnaires.statements import Compare, State, Stated, all_of
from questionnaires.text import Text
from scoring.intervals import whole
from scoring.standing import Judge, Judged, Standing, compared
from scoring.tree import Measure


class MeasureAtLeast(Stated):
    """The points of a measure reach `points`."""

    kind: Literal["measure_at_least"]
    measure: str
    points: Exact

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        yield from _bound_faults(path, self.measure, {"points": self.points}, measures)

    def judge(self, unit: int, measures: Mapping[str, Measure]) -> Judge:
        need = whole(self.points * unit)
        return lambda standing: compared(standing.points[self.measure], need)


class MeasureCompare(Stated):
    """The points of a measure against one or two bounds."""

    kind: Literal["measure_compare"]
    measure: str
    at_least: Exact | None = None
    above: Exact | None = None
    at_most: Exact | None = None
    below: Exact | None = None

    BOUNDS: ClassVar[tuple[str, ...]] = ("at_least", "above", "at_most", "below")

    @model_validator(mode="after")
    def _bounded(self) -> MeasureCompare:
        if not 1 <= len(self.bounds()) <= 2:
            raise refusal("one_or_two_keys", keys=", ".join(self.BOUNDS))
        return self

    def bounds(self) -> dict[str, Rational]:
        found = {name: getattr(self, name) for name in self.BOUNDS}
        return {name: bound for name, bound in found.items() if bound is not None}

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        yield from _bound_faults(path, self.measure, self.bounds(), measures)
        yield from bounds_faults(path, self.bounds())

    def judge(self, unit: int, measures: Mapping[str, Measure]) -> Judge:
        bounds = [(Compare.BOUNDS[name], whole(bound * unit)) for name, bound in self.bounds().items()]

        def judge(standing: Standing) -> Judged:
            low, high = standing.points[self.measure]
            ends = [(holds(low, need), holds(high, need)) for holds, need in bounds]  # type: ignore[arg-type]  # exact
            states: list[State] = ["met" if all(pair) else "unknown" if any(pair) else "unmet" for pair in ends]
            return Judged(all_of(states), low, high, bounds[0][1])

        return judge


class MeasureValue(Stated):
    """A measure with named values has reached the value `at_least`."""

    kind: Literal["measure_value"]
    measure: str
    at_least: str

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        if self.measure not in measures:
            yield _unknown(f"{path}.measure", self.measure, measures)
            return
        names = [each.id for each in measures[self.measure].node.values]
        if self.at_least not in names:
            yield _unknown(f"{path}.at_least", self.at_least, names)

    def judge(self, unit: int, measures: Mapping[str, Measure]) -> Judge:
        need = [each.id for each in measures[self.measure].node.values].index(self.at_least)

        def judge(standing: Standing) -> Judged:
            possible = standing.values[self.measure]
            return compared((min(possible), max(possible)), need)

        return judge


class ScenesAtLeast(Stated):
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

    def judge(self, unit: int, measures: Mapping[str, Measure]) -> Judge:
        return lambda standing: compared(standing.scenes[self.constrained][self.level], self.count)


class LevelAtLeast(Stated):
    """The maturity level reaches `level`. Only for checks: a ladder cannot ask for itself."""

    kind: Literal["level_at_least"]
    level: int

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        most = len((instrument.ladder or {}).get("steps", ()))
        if not 1 <= self.level <= most:
            yield Fault(f"{path}.level", "not_a_step", {"most": most})

    def judge(self, unit: int, measures: Mapping[str, Measure]) -> Judge:
        return lambda standing: compared(standing.levels, self.level)


class Manual(Stated):
    """Something without a number that a person decides."""

    kind: Literal["manual"]
    text: Text

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        return iter(())

    def judge(self, unit: int, measures: Mapping[str, Measure]) -> Judge:
        return lambda standing: Judged("manual")


def _bound_faults(
    path: str, measure: str, bounds: Mapping[str, Rational], measures: Mapping[str, Measure]
) -> Iterator[Fault]:
    if measure not in measures:
        yield _unknown(f"{path}.measure", measure, measures)
        return
    maximum = measures[measure].maximum
    for name, bound in bounds.items():
        if not 0 <= bound <= maximum:
            yield Fault(f"{path}.{name}", "over_maximum", {"points": exact(bound), "maximum": exact(maximum)})


def _unknown(path: str, name: str, names: Any) -> Fault:
    return Fault(path, "unknown_name", {"name": name, "known": ", ".join(names)})
