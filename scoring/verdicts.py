"""Conditions judged without their figures: what scoring many needs, several times as fast as `judge_of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from questionnaires.instrument import Instrument
from questionnaires.needed import items_of
from questionnaires.statements import Chosen, Compare, State, all_of
from questionnaires.value_kinds import compiled
from scoring.conditions import Combined, Condition, judge_of
from scoring.intervals import whole
from scoring.measure_conditions import MeasureAtLeast
from scoring.standing import Standing
from scoring.tree import Measure

Verdict = Callable[[Standing], State]


def verdict_of(condition: Condition, unit: int, measures: Mapping[str, Measure], instrument: Instrument) -> Verdict:
    """The function that gives the state of a condition; the same as that of its judge."""
    if isinstance(condition, Combined):
        parts, together = [verdict_of(each, unit, measures, instrument) for each in condition.parts], condition.together
        return lambda standing: together([part(standing) for part in parts])
    if isinstance(condition, MeasureAtLeast):
        return _at_least(condition, unit)
    if isinstance(condition, Chosen | Compare):
        return FAST[type(condition)](condition, instrument)
    judge = judge_of(condition, unit, measures)
    return lambda standing: judge(standing).state


def steps_of(
    steps: Sequence[Sequence[Condition]], verdict: Callable[[Condition], Verdict]
) -> Callable[[Standing], list[State]]:
    """The states of several lists of conditions, each condition judged once however many lists have it."""
    known: list[Condition] = []
    for condition in (each for step in steps for each in step):
        if condition not in known:
            known.append(condition)
    verdicts = [verdict(condition) for condition in known]
    places = [[known.index(condition) for condition in step] for step in steps]

    def states(standing: Standing) -> list[State]:
        found = [each(standing) for each in verdicts]
        return [all_of([found[place] for place in step]) for step in places]

    return states


def _at_least(condition: MeasureAtLeast, unit: int) -> Verdict:
    measure, need = condition.measure, whole(condition.points * unit)

    def verdict(standing: Standing) -> State:
        low, high = standing.points[measure]
        return "met" if low >= need else "unmet" if high < need else "unknown"

    return verdict


def _chosen(statement: Chosen, instrument: Instrument) -> Verdict:
    """One of several options of a plain item; everything else is left to the statement itself."""
    item, wanted = statement.item, frozenset(statement.any)
    if not wanted or statement.row is not None:
        return lambda standing: statement.state(standing.given)

    def verdict(standing: Standing) -> State:
        response: Any = standing.given.responses.get(item)
        if response is None:
            return statement.state(standing.given)
        chosen = response in wanted if isinstance(response, str) else not wanted.isdisjoint(response)
        return "met" if chosen else "unmet"

    return verdict


def _compare(statement: Compare, instrument: Instrument) -> Verdict:
    value = compiled(statement.value, instrument)
    bounds = [(statement.BOUNDS[name], compiled(bound, instrument)) for name, bound in statement.bounds().items()]
    items = frozenset(
        item for value in (statement.value, *statement.bounds().values()) for item in items_of(value, instrument)
    )

    def verdict(standing: Standing) -> State:
        given = standing.given
        number = value(given)
        if items and not items.isdisjoint(given.off):
            return statement.state(given)  # it may never be known
        states: list[State] = []
        for holds, bound in bounds:
            edge = bound(given)
            open_value = number is None or edge is None
            states.append("unknown" if open_value else "met" if holds(number, edge) else "unmet")  # type: ignore[arg-type]
        return all_of(states)

    return verdict


FAST: Final[Mapping[type[Any], Callable[[Any, Instrument], Verdict]]] = {Chosen: _chosen, Compare: _compare}
