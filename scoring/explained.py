"""From a result in whole units to the scorecard: exact text for every number and the trace of every indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from questionnaires.exact import Rational, exact
from questionnaires.figures import Derived, Measured
from questionnaires.given import Given
from questionnaires.statements import all_of
from scoring.conditions import Condition, parts_of
from scoring.intervals import Number, Outcome, Perhaps
from scoring.measure_conditions import MeasureAtLeast, MeasureCompare
from scoring.scorecard import (
    CheckScore,
    ConditionScore,
    MeasuredTrace,
    MeasureScore,
    SceneScore,
    Scorecard,
    StepScore,
    Trace,
)
from scoring.standing import Judge, Standing
from scoring.tree import Measure

if TYPE_CHECKING:  # the scorer calls this module
    from scoring.leaves import Leaf
    from scoring.scorer import Result, Scorer


def scorecard(scorer: Scorer, engine: str, result: Result, derived: Mapping[str, Derived]) -> Scorecard:
    """The scorecard of one result."""
    instrument, standing = scorer.instrument, result.standing
    steps = zip(scorer.ladder.steps if scorer.ladder else (), scorer.step_judges, result.states, strict=True)
    checks = zip(scorer.checks, scorer.check_judges, strict=True)
    return Scorecard(
        engine=engine,
        questionnaire=instrument.questionnaire,
        version=instrument.version,
        rules_checksum=instrument.rules_checksum,
        level=result.level,
        possible_level=result.possible_level,
        measures=tuple(_measures(scorer, result)),
        scenes=tuple(_scenes(standing.given)),
        ladder=tuple(
            StepScore(level=step.level, state=state, conditions=_judged(step.conditions, judges, standing, scorer))
            for step, judges, state in steps
        ),
        checks=tuple(_check(check, judges, standing, scorer) for check, judges in checks),
        trace=tuple(_trace(scorer, leaf, standing.given, derived) for leaf in scorer.leaves),
    )


def _measures(scorer: Scorer, result: Result) -> Iterator[MeasureScore]:
    given = result.standing.given
    leaves = {leaf.measure: _answered(leaf, given) for leaf in scorer.leaves}
    for measure in reversed(scorer.measures.values()):
        if measure.children:
            leaves[measure.id] = [known for child in measure.children for known in leaves[child]]
    own = _own_points(scorer, result.outcomes)
    for measure in scorer.measures.values():
        outcome, known = result.outcomes[measure.id], leaves[measure.id]
        low, high = outcome or (0, 0)
        sure = outcome is not None and not isinstance(outcome, Perhaps) and low == high
        yield MeasureScore(
            id=measure.id,
            parent=measure.parent,
            points=_points(low, scorer.unit) if sure else None,
            low=_points(low, scorer.unit),
            high=_points(high, scorer.unit),
            maximum=exact(measure.maximum),
            answered=exact(Rational(sum(known), len(known)) if known else Rational(1)),
            applicable="no" if outcome is None else "open" if isinstance(outcome, Perhaps) else "yes",
            redistributed=_redistributed(measure, low, own, result.outcomes, scorer) if sure else None,
            values=_values(scorer, measure, result.standing),
        )


def _answered(leaf: Leaf, given: Given) -> list[bool]:
    """Whether an indicator is answered; what does not apply is not counted at all."""
    outcome = leaf.outcome(given)
    return [] if outcome is None else [not isinstance(outcome, Perhaps) and not leaf.rule.open(given)]


def _own_points(scorer: Scorer, outcomes: Mapping[str, Outcome]) -> dict[str, Number | None]:
    """The points of every measure before anything was shared out below it; `None` while they are open."""
    own: dict[str, Number | None] = {}
    for name, measure in reversed(scorer.measures.items()):
        outcome = outcomes[name]
        if measure.children and measure.node.combine in ADDING:
            parts = [own[child] for child in measure.children]
            own[name] = None if None in parts else sum(part for part in parts if part is not None)
        elif outcome is None:
            own[name] = 0
        else:
            own[name] = None if isinstance(outcome, Perhaps) or outcome[0] != outcome[1] else outcome[0]
    return own


ADDING: Final = ("weighted_mean", "mean", "sum")


def _redistributed(
    measure: Measure,
    points: Number,
    own: Mapping[str, Number | None],
    outcomes: Mapping[str, Outcome],
    scorer: Scorer,
) -> str | None:
    """The points that a dimension has only because what does not apply was shared out; `None` where nothing was."""
    mine = own[measure.id]
    if mine is None or measure.node.combine not in ADDING:
        return None
    shares = measure.policy == "redistribute" and any(outcomes[child] is None for child in measure.children)
    return _points(Rational(points) - mine, scorer.unit) if shares or points != mine else None


def _values(scorer: Scorer, measure: Measure, standing: Standing) -> tuple[str, ...]:
    if measure.id not in scorer.ranges:
        return ()
    return tuple(scorer.ranges[measure.id].names[place] for place in sorted(standing.values[measure.id]))


def _scenes(given: Given) -> Iterator[SceneScore]:
    for scene in given.instrument.scenes:
        if scene.id not in given.off:
            level = given.responses.get(scene.id)
            known = level if isinstance(level, int) else None
            yield SceneScore(item=scene.id, level=known, constrained=scene.constrained)


def _check(check: Any, judges: Sequence[Judge], standing: Standing, scorer: Scorer) -> CheckScore:
    conditions = _judged(check.conditions, judges, standing, scorer)
    return CheckScore(id=check.id, state=all_of([score.state for score in conditions]), conditions=conditions)


def _judged(
    conditions: Sequence[Condition], judges: Sequence[Judge], standing: Standing, scorer: Scorer
) -> tuple[ConditionScore, ...]:
    pairs = zip(conditions, judges, strict=True)
    return tuple(_condition(condition, judge, standing, scorer) for condition, judge in pairs)


def _condition(condition: Condition, judge: Judge, standing: Standing, scorer: Scorer) -> ConditionScore:
    judged = judge(standing)
    scale = scorer.unit if isinstance(condition, MeasureAtLeast | MeasureCompare) else 1
    low, high, need = (None if number is None else _points(number, scale) for number in judged[1:])
    inside = tuple(_condition(part, scorer.judge(part), standing, scorer) for part in parts_of(condition))
    return ConditionScore(kind=condition.kind, state=judged.state, low=low, high=high, need=need, conditions=inside)


def _trace(scorer: Scorer, leaf: Leaf, given: Given, derived: Mapping[str, Derived]) -> Trace:
    absent = leaf.absence(given)
    low, high = (_points(number, scorer.unit) for number in ((0, 0) if absent else leaf.read(given)))
    found = derived.get(leaf.item) if leaf.item is not None else None
    told = {} if absent else leaf.rule.told(given, lambda share: exact(share * leaf.maximum / 100))
    return Trace(
        measure=leaf.measure,
        item=leaf.item,
        items=leaf.items,
        rule=leaf.rule.kind,
        response=None if leaf.item is None else given.responses.get(leaf.item),
        low=low,
        high=high,
        maximum=exact(leaf.maximum),
        open=absent is None and leaf.rule.open(given),
        absent=absent,
        derived=found.option if found else None,
        after=_measured(found.after) if found else None,
        before=_measured(found.before) if found and found.before else None,
        **told,
    )


def _measured(measured: Measured) -> MeasuredTrace:
    per = None if measured.per is None else exact(measured.per)
    return MeasuredTrace(value=exact(measured.value), of=exact(measured.of), per=per, years=measured.years)


def _points(number: Number, unit: int) -> str:
    return exact(Rational(number) / unit)
