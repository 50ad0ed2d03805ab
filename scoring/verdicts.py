"""Conditions judged without their figures: what scoring many needs, several times as fast as `judge_of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from questionnaires.instrument import Instrument
from questionnaires.ready import ready
from questionnaires.statements import State, all_of
from scoring.conditions import ANSWER_STATEMENTS, Combined, Condition, judge_of
from scoring.intervals import whole
from scoring.measure_conditions import MeasureAtLeast
from scoring.standing import Standing
from scoring.tree import Measure

Verdict = Callable[[Standing], State]
REMEMBERED: Final = 4_096  # of the many ways in which the conditions of a ladder may stand


def verdict_of(condition: Condition, unit: int, measures: Mapping[str, Measure], instrument: Instrument) -> Verdict:
    """The function that gives the state of a condition; the same as that of its judge."""
    if isinstance(condition, Combined):
        parts, together = [verdict_of(each, unit, measures, instrument) for each in condition.parts], condition.together
        return lambda standing: together([part(standing) for part in parts])
    if isinstance(condition, MeasureAtLeast):
        return _at_least(condition, unit)
    if isinstance(condition, ANSWER_STATEMENTS):
        state = ready(condition, instrument)
        return lambda standing: state(standing.given)
    judge = judge_of(condition, unit, measures)
    return lambda standing: judge(standing).state


def steps_of(
    steps: Sequence[Sequence[Condition]], verdict: Callable[[Condition], Verdict], instrument: Instrument
) -> Callable[[Standing], tuple[State, ...]]:
    """The states of several lists of conditions, each condition judged once however many lists have it."""
    known: list[Condition] = []
    for condition in (each for step in steps for each in step):
        if condition not in known:
            known.append(condition)
    known.sort(key=lambda condition: not isinstance(condition, ANSWER_STATEMENTS))  # those about answers first
    asked = [ready(condition, instrument) for condition in known if isinstance(condition, ANSWER_STATEMENTS)]
    judged = [verdict(condition) for condition in known[len(asked) :]]
    places = [[known.index(condition) for condition in step] for step in steps]

    @lru_cache(REMEMBERED)
    def together(found: tuple[State, ...]) -> tuple[State, ...]:
        return tuple(all_of([found[place] for place in step]) for step in places)

    def states(standing: Standing) -> tuple[State, ...]:
        given = standing.given
        return together((*[each(given) for each in asked], *[each(standing) for each in judged]))

    return states


def _at_least(condition: MeasureAtLeast, unit: int) -> Verdict:
    measure, need = condition.measure, whole(condition.points * unit)

    def verdict(standing: Standing) -> State:
        low, high = standing.points[measure]
        return "met" if low >= need else "unmet" if high < need else "unknown"

    return verdict
