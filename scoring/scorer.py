"""The scorer: an instrument's rules and conditions, parsed once; after that scoring is looking up and adding.

Points are whole numbers in units of 1/`unit`, the common denominator of everything in the definition, so every sum and
every comparison with a threshold is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires import catalogue
from questionnaires.answers import Answers, derive
from questionnaires.faults import DefinitionError, Fault
from questionnaires.instrument import Instrument
from questionnaires.items import Response
from scoring import explained
from scoring.conditions import Condition, Interval, Judge, MeasureAtLeast, Number, Standing, State, all_of, whole
from scoring.ladder import Check, Ladder, ladder_faults, levels
from scoring.rules import Rule
from scoring.scorecard import Scorecard
from scoring.tree import Measure, Node, maximum_faults, measures_of, tree_faults

ENGINE_VERSION: Final = "1"
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator ready to score: the points (in units) of each option, and the least and most it can have."""

    measure: str
    item: str
    rule: Rule
    points: Mapping[str, Number]
    bounds: Interval

    def interval(self, response: Response | None) -> Interval:
        if response is None:
            return self.bounds
        if isinstance(response, str):
            earned = self.points[response]
        else:
            earned = sum(map(self.points.__getitem__, response))  # type: ignore[arg-type]  # no leaf reads a scene
        return earned, earned


class Result:
    """What scoring many needs: the standing, the state of each step, the level and the possible level."""

    __slots__ = ("level", "possible_level", "standing", "states")

    def __init__(self, standing: Standing, states: list[State], level: int, possible_level: int) -> None:
        self.standing, self.states, self.level, self.possible_level = standing, states, level, possible_level


class Scorer:
    """Scores answers to one instrument. If it could be made, `score` cannot fail on cleaned answers."""

    def __init__(self, instrument: Instrument, root: Node, ladder: Ladder, checks: tuple[Check, ...]) -> None:
        self.instrument, self.ladder, self.checks = instrument, ladder, checks
        self.measures = measures_of(root)
        self.unit = math.lcm(*(number.denominator for number in self._numbers()))
        self.leaves = tuple(self._leaf(measure) for measure in self.measures.values() if measure.node.rule)
        self._sums = tuple(
            (measure.id, measure.children, COMBINED[measure.node.combine])
            for measure in reversed(self.measures.values())
            if measure.children
        )
        self.step_judges = tuple(self._judges(step.conditions) for step in ladder.steps)
        self.check_judges = tuple(self._judges(check.conditions) for check in checks)
        self._scenes = tuple((scene.id, scene.constrained) for scene in instrument.scenes)

    def _numbers(self) -> Iterator[Fraction]:
        """Every number that must become whole in units: the points of each option and each threshold."""
        for measure in self.measures.values():
            yield measure.maximum
            if measure.node.rule is not None:
                yield from (measure.maximum * weight / 100 for weight in measure.node.rule.weights.values())
        for owner in (*(step.conditions for step in self.ladder.steps), *(check.conditions for check in self.checks)):
            yield from (condition.points for condition in owner if isinstance(condition, MeasureAtLeast))

    def _leaf(self, measure: Measure) -> Leaf:
        rule = measure.node.rule
        assert rule is not None
        scale = measure.maximum * self.unit / 100
        low, high = rule.bounds()
        points = {option: whole(weight * scale) for option, weight in rule.weights.items()}
        return Leaf(measure.id, rule.item, rule, points, (whole(low * scale), whole(high * scale)))

    def _judges(self, conditions: tuple[Condition, ...]) -> tuple[Judge, ...]:
        return tuple(condition.compiled(self.unit) for condition in conditions)

    def evaluate(self, responses: Mapping[str, Response]) -> Result:
        """Points, conditions and level without the explanation; `responses` may be as read from stored JSON."""
        points: dict[str, Interval] = {leaf.measure: leaf.interval(responses.get(leaf.item)) for leaf in self.leaves}
        for measure, children, combine in self._sums:
            points[measure] = combine([points[child] for child in children])
        standing = Standing(points, self._scene_counts(responses))
        states = [all_of([judge(standing).state for judge in judges]) for judges in self.step_judges]
        level, possible = standing.levels = levels(self.ladder, states)
        return Result(standing, states, level, possible)

    def _scene_counts(self, responses: Mapping[str, Response]) -> Mapping[bool, list[Interval]]:
        """How many scenes stand at each level or above, among all (`False`) and among the constrained ones (`True`)."""
        at = {False: [0] * 6, True: [0] * 6}  # the last place counts unanswered scenes
        for item, constrained in self._scenes:
            level = responses.get(item, 5)
            at[False][level] += 1  # type: ignore[index]  # a scene answers with a level
            if constrained:
                at[True][level] += 1  # type: ignore[index]
        return {constrained: _from_top(counts) for constrained, counts in at.items()}

    def score(self, answers: Answers) -> Scorecard:
        """The whole scorecard, with intervals for what is unknown and the reason for every point."""
        result = self.evaluate(answers.responses)
        derived = derive(self.instrument.items.values(), self.instrument, answers.facts, answers.reference_year)
        return explained.scorecard(self, ENGINE_VERSION, result, answers, derived)


def _added(intervals: list[Interval]) -> Interval:
    """Points add up: in a weighted mean the children's maxima already carry the weights."""
    return sum(low for low, _ in intervals), sum(high for _, high in intervals)


def _least(intervals: list[Interval]) -> Interval:
    """The child with the fewest points decides; children of a minimum have the maximum of their parent."""
    return min(low for low, _ in intervals), min(high for _, high in intervals)


COMBINED: Final[Mapping[str, Callable[[list[Interval]], Interval]]] = {
    "weighted_mean": _added,
    "sum": _added,
    "minimum": _least,
}


def _from_top(counts: list[int]) -> list[Interval]:
    unanswered, reached = counts[5], 0
    intervals: list[Interval] = []
    for level in range(4, -1, -1):
        reached += counts[level]
        intervals.append((reached, reached + unanswered))
    return intervals[::-1]


def scorer_for(instrument: Instrument) -> Scorer:
    """The scorer for an instrument. Raises one `DefinitionError` that lists every fault with its path."""
    return _cached(_Key(instrument))


class _Key:
    """Instruments are equal for scoring when both checksums are."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.sums = (instrument.rules_checksum, instrument.texts_checksum)

    def __hash__(self) -> int:
        return hash(self.sums)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.sums == other.sums


def scorer_from(path: Path) -> Scorer:
    """The scorer for a definition file. Raises one `DefinitionError` with the faults of every part of the file."""
    raw = catalogue.read(path)
    instrument, faults = catalogue.validated(raw)
    if instrument is None:
        if isinstance(raw, dict):
            _parts(raw.get("tree", {}), raw.get("ladder", {}), raw.get("checks"), faults)
        raise DefinitionError(faults)
    try:
        scorer = scorer_for(instrument)
    except DefinitionError as error:
        raise DefinitionError([*faults, *error.faults]) from None
    if faults:
        raise DefinitionError(faults)
    return scorer


@cache
def _cached(key: _Key) -> Scorer:
    instrument, faults = key.instrument, list[Fault]()
    root, ladder, checks = _parts(instrument.tree, instrument.ladder, instrument.checks, faults)
    if root is not None:
        faults.extend(tree_faults(root, instrument))
    if root is None or ladder is None or faults:
        raise DefinitionError(faults)
    measures = measures_of(root)
    faults.extend(maximum_faults(measures))
    faults.extend(ladder_faults(ladder, checks, instrument, measures))
    if faults:
        raise DefinitionError(faults)
    return Scorer(instrument, root, ladder, checks)


def _parts(
    tree: object, ladder: object, checks: object, faults: list[Fault]
) -> tuple[Node | None, Ladder | None, tuple[Check, ...]]:
    """Tree, ladder and checks out of plain data, as far as they have the right shape."""
    listed = checks if isinstance(checks, list | tuple) else ()
    found = [_parsed(Check, f"checks[{place}]", raw, faults) for place, raw in enumerate(listed)]
    known = tuple(check for check in found if check is not None)
    return _parsed(Node, "tree", tree, faults), _parsed(Ladder, "ladder", ladder, faults), known


def _parsed(model: type[Model], path: str, raw: object, faults: list[Fault]) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for entry in error.errors():
            steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in entry["loc"])
            faults.append(Fault(path + steps, "shape", {"message": entry["msg"]}))
        return None
