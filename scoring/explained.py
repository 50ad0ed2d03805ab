"""From a result in whole units to the scorecard: exact text for every number and the trace of every indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from questionnaires.answers import Answers
from questionnaires.exact import exact
from questionnaires.figures import Derived, Measured
from scoring.conditions import AllOf, AnyOf, Condition, Judge, MeasureAtLeast, Number, Standing, all_of
from scoring.ladder import Check
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

if TYPE_CHECKING:  # the scorer calls this module
    from scoring.scorer import Leaf, Result, Scorer


def scorecard(
    scorer: Scorer, engine: str, result: Result, answers: Answers, derived: Mapping[str, Derived]
) -> Scorecard:
    """The scorecard of one result."""
    instrument, standing = scorer.instrument, result.standing
    steps = zip(scorer.ladder.steps, scorer.step_judges, result.states, strict=True)
    checks = zip(scorer.checks, scorer.check_judges, strict=True)
    return Scorecard(
        engine=engine,
        questionnaire=instrument.questionnaire,
        version=instrument.version,
        rules_checksum=instrument.rules_checksum,
        level=result.level,
        possible_level=result.possible_level,
        measures=_measures(scorer, standing, answers),
        scenes=tuple(
            SceneScore(item=scene.id, level=_level(answers, scene.id), constrained=scene.constrained)
            for scene in instrument.scenes
        ),
        ladder=tuple(
            StepScore(
                level=step.level,
                state=state,
                conditions=_judged(step.conditions, judges, standing, scorer.unit),
            )
            for step, judges, state in steps
        ),
        checks=tuple(_check(check, judges, standing, scorer.unit) for check, judges in checks),
        trace=tuple(_trace(scorer, leaf, answers, derived.get(leaf.item)) for leaf in scorer.leaves),
    )


def _measures(scorer: Scorer, standing: Standing, answers: Answers) -> tuple[MeasureScore, ...]:
    leaves = {leaf.measure: [leaf.item in answers.responses] for leaf in scorer.leaves}
    for measure in reversed(scorer.measures.values()):
        if measure.children:
            leaves[measure.id] = [known for child in measure.children for known in leaves[child]]
    scores = []
    for measure in scorer.measures.values():
        low, high = (_points(number, scorer.unit) for number in standing.points[measure.id])
        known = leaves[measure.id]
        scores.append(
            MeasureScore(
                id=measure.id,
                parent=measure.parent,
                points=low if low == high else None,
                low=low,
                high=high,
                maximum=exact(measure.maximum),
                answered=exact(Fraction(sum(known), len(known))),
            )
        )
    return tuple(scores)


def _level(answers: Answers, scene: str) -> int | None:
    level = answers.responses.get(scene)
    return level if isinstance(level, int) else None


def _check(check: Check, judges: Sequence[Judge], standing: Standing, unit: int) -> CheckScore:
    conditions = _judged(check.conditions, judges, standing, unit)
    return CheckScore(id=check.id, state=all_of([score.state for score in conditions]), conditions=conditions)


def _judged(
    conditions: Sequence[Condition], judges: Sequence[Judge], standing: Standing, unit: int
) -> tuple[ConditionScore, ...]:
    pairs = zip(conditions, judges, strict=True)
    return tuple(_condition(condition, judge, standing, unit) for condition, judge in pairs)


def _condition(condition: Condition, judge: Judge, standing: Standing, unit: int) -> ConditionScore:
    judged = judge(standing)
    scale = unit if isinstance(condition, MeasureAtLeast) else 1
    low, high, need = (None if number is None else _points(number, scale) for number in judged[1:])
    parts = condition.conditions if isinstance(condition, AllOf | AnyOf) else ()
    inside = tuple(_condition(part, part.compiled(unit), standing, unit) for part in parts)
    return ConditionScore(kind=condition.kind, state=judged.state, low=low, high=high, need=need, conditions=inside)


def _trace(scorer: Scorer, leaf: Leaf, answers: Answers, derived: Derived | None) -> Trace:
    response = answers.responses.get(leaf.item)
    low, high = (_points(number, scorer.unit) for number in leaf.interval(response))
    parts = () if response is None else leaf.rule.parts(response)
    return Trace(
        measure=leaf.measure,
        item=leaf.item,
        rule=leaf.rule.kind,
        response=response,
        parts=tuple((option, _points(leaf.points[option], scorer.unit)) for option in parts),
        low=low,
        high=high,
        maximum=exact(scorer.measures[leaf.measure].maximum),
        derived=derived.option if derived else None,
        after=_measured(derived.after) if derived else None,
        before=_measured(derived.before) if derived and derived.before else None,
    )


def _measured(measured: Measured) -> MeasuredTrace:
    per = None if measured.per is None else exact(measured.per)
    return MeasuredTrace(value=exact(measured.value), of=exact(measured.of), per=per, years=measured.years)


def _points(number: Number, unit: int) -> str:
    return exact(Fraction(number) / unit)
