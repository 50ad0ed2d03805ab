"""The scorer: an instrument's rules and conditions, parsed once; after that scoring is looking up and adding.

Points are whole numbers in units of 1/`unit`, the common denominator of everything in the definition, so every sum and
every comparison with a threshold is exact.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeVar

from pydantic import BaseModel

from questionnaires.answers import Answers, derive
from questionnaires.exact import Rational
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.references import placed
from questionnaires.statements import State
from scoring import explained
from scoring.cells import thresholds, tried
from scoring.conditions import Condition, judge_of
from scoring.intervals import Interval, Number, Outcome, Perhaps, whole
from scoring.ladder import Check, Ladder, levels
from scoring.leaves import leaf_of, with_named_values
from scoring.measure_conditions import MeasureAtLeast, MeasureCompare
from scoring.nodes import Outcomes, Values, everything, judged_by, settler
from scoring.scorecard import Scorecard
from scoring.standing import Judge, Standing
from scoring.table import Ranges
from scoring.tree import Node, measures_of
from scoring.tree_faults import absent_possible
from scoring.verdicts import REMEMBERED, Verdict, steps_of, verdict_of

ENGINE_VERSION: Final = "2"
Model = TypeVar("Model", bound=BaseModel)


class Result:
    """What scoring many needs: the standing, the state of each step, the level and the possible level.

    `outcomes` are the points of every measure in units, `None` where it does not apply.
    """

    __slots__ = ("level", "outcomes", "possible_level", "standing", "states")

    def __init__(
        self, standing: Standing, outcomes: Mapping[str, Outcome], states: tuple[State, ...], levels: tuple[int, int]
    ) -> None:
        self.standing, self.outcomes, self.states = standing, outcomes, states
        self.level, self.possible_level = levels


class Scorer:
    """Scores answers to one instrument. If it could be made, `score` cannot fail on cleaned answers.

    Without a tree there are no `measures`; without a `ladder` the level is 0.
    """

    def __init__(
        self, instrument: Instrument, root: Node | None, ladder: Ladder | None, checks: tuple[Check, ...]
    ) -> None:
        self.instrument, self.ladder, self.checks = instrument, ladder, checks
        placed_nodes = measures_of(root) if root else {}
        self.measures = {name: with_named_values(measure) for name, measure in placed_nodes.items()}
        self.unit = math.lcm(*(number.denominator for number in self._numbers()))
        self.leaves = tuple(
            leaf_of(measure, instrument, self.unit) for measure in self.measures.values() if measure.node.rule
        )
        self._readers = tuple((leaf.measure, leaf.outcome) for leaf in self.leaves)
        self._settlers = tuple(
            settler(measure, self.measures, instrument, self.unit)
            for measure in reversed(self.measures.values())
            if measure.children
        )
        self.ranges = {
            name: Ranges(measure.node.values, self.unit)
            for name, measure in self.measures.items()
            if measure.node.values
        }
        self._maxima = {name: whole(measure.maximum * self.unit) for name, measure in self.measures.items()}
        self._doubtful = any(absent_possible(measure, self.measures, instrument) for measure in self.measures.values())
        self.step_judges = tuple(self._judges(step.conditions) for step in (ladder.steps if ladder else ()))
        self.bounded = thresholds(ladder, self.unit) if ladder else {}
        self._states = steps_of(
            [step.conditions for step in (ladder.steps if ladder else ())], self._verdict, instrument
        )
        self._levels = lru_cache(REMEMBERED)(lambda states: levels(ladder, states) if ladder else (0, 0))
        self.check_judges = tuple(self._judges(check.conditions) for check in checks)
        self._scenes = tuple((scene.id, scene.constrained) for scene in instrument.scenes)

    def _numbers(self) -> Iterator[Rational]:
        """Every number that must become whole in units: the points of each answer and each threshold."""
        for measure in self.measures.values():
            yield measure.maximum
            yield from (each.from_ for each in measure.node.values)
            if measure.node.rule is not None:
                yield from (measure.maximum * share / 100 for share in measure.node.rule.shares())
        owners = [step.conditions for step in (self.ladder.steps if self.ladder else ())]
        owners += [check.conditions for check in self.checks]
        for conditions in owners:
            for _, condition in (pair for each in conditions for pair in placed("", each)):
                if isinstance(condition, MeasureAtLeast):
                    yield condition.points
                elif isinstance(condition, MeasureCompare):
                    yield from condition.bounds().values()

    def judge(self, condition: Condition) -> Judge:
        """The function that judges one condition."""
        return judge_of(condition, self.unit, self.measures)

    def _verdict(self, condition: Condition) -> Verdict:
        return verdict_of(condition, self.unit, self.measures, self.instrument)

    def _judges(self, conditions: tuple[Condition, ...]) -> tuple[Judge, ...]:
        return tuple(self.judge(condition) for condition in conditions)

    def evaluate(self, answers: Answers) -> Result:
        """Points, conditions and level without the explanation; the answers may be as read from stored JSON."""
        given = answers.given(self.instrument)
        outcomes: Outcomes = {measure: read(given) for measure, read in self._readers}
        values: Values = {}
        for settle in self._settlers:
            settle(outcomes, values)
        standing = Standing(self._points(outcomes), self._scene_counts(given), given, values)
        if self.ranges:
            standing.values = {name: values.get(name) or self._named(name, outcomes[name]) for name in self.ranges}
        states = self._states(standing)
        found = (self._tried(standing, outcomes) if self.bounded else None) or self._levels(states)
        standing.levels = found
        return Result(standing, outcomes, states, found)

    def _tried(self, standing: Standing, outcomes: Mapping[str, Outcome]) -> tuple[int, int] | None:
        """Sure and possible level where a step is bounded from above; `None` where the states of the steps tell."""
        edges = {name: marks for name, marks in self.bounded.items() if type(outcomes[name]) is tuple}
        return tried(standing.points, edges, lambda points: self.levels_at(standing, points))

    def levels_at(self, standing: Standing, points: Mapping[str, Interval]) -> tuple[int, int]:
        """Sure and possible level if some measures had these points."""
        seen = ChainMap(dict(points), standing.points)  # type: ignore[arg-type]  # it is only read
        return self._levels(self._states(replace(standing, points=seen)))

    def _points(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, Interval]:
        if not self._doubtful:
            return outcomes  # type: ignore[return-value]  # everything applies
        return _Points(outcomes, self._maxima)

    def _named(self, measure: str, outcome: Outcome) -> frozenset[int]:
        ranges = self.ranges[measure]
        return everything(ranges) if outcome is None or isinstance(outcome, Perhaps) else ranges.within(outcome)

    def _scene_counts(self, given: Given) -> Mapping[bool, list[Interval]]:
        """How many scenes stand at each level or above, among all (`False`) and among the constrained ones (`True`)."""
        if not self._scenes:
            return NO_SCENES
        at = {False: [0] * 6, True: [0] * 6}  # the last place counts unanswered scenes
        for item, constrained in self._scenes:
            if item in given.off:
                continue
            level = given.responses.get(item, 5)
            at[False][level] += 1  # type: ignore[index]  # a scene answers with a level
            if constrained:
                at[True][level] += 1  # type: ignore[index]
        return {constrained: _from_top(counts) for constrained, counts in at.items()}

    def score(self, answers: Answers) -> Scorecard:
        """The whole scorecard, with intervals for what is unknown and the reason for every point."""
        result = self.evaluate(answers)
        derived = derive(self.instrument.items.values(), self.instrument, answers.facts, answers.reference_year)
        return explained.scorecard(self, ENGINE_VERSION, result, derived)


NO_SCENES: Final[Mapping[bool, list[Interval]]] = {False: [(0, 0)] * 5, True: [(0, 0)] * 5}


class _Points(dict[str, Interval]):
    """What conditions see of measures that may not apply, worked out for those they ask for."""

    def __init__(self, outcomes: Mapping[str, Outcome], maxima: Mapping[str, Number]) -> None:
        self._outcomes, self._maxima = outcomes, maxima

    def __missing__(self, name: str) -> Interval:
        outcome = self._outcomes[name]
        found = self[name] = outcome if type(outcome) is tuple else judged_by(outcome, self._maxima[name])
        return found


def _from_top(counts: list[int]) -> list[Interval]:
    unanswered, reached = counts[5], 0
    intervals: list[Interval] = []
    for level in range(4, -1, -1):
        reached += counts[level]
        intervals.append((reached, reached + unanswered))
    return intervals[::-1]
