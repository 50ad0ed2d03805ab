"""Dimensions ready to score: how the outcomes of children become the outcome of their parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from questionnaires.exact import Rational
from questionnaires.instrument import Instrument
from scoring.intervals import (
    COMBINED,
    REDISTRIBUTED,
    Interval,
    Number,
    Outcome,
    Perhaps,
    added,
    parted,
    replaced,
    whole,
)
from scoring.table import Ranges, Table
from scoring.tree import Measure
from scoring.tree_faults import absent_possible

Outcomes = dict[str, Outcome]
Values = dict[str, frozenset[int]]
Settle = Callable[[Outcomes, Values], None]
"""Works out one measure from those of its children, which are there already."""


def settler(measure: Measure, measures: Mapping[str, Measure], instrument: Instrument, unit: int) -> Settle:
    """The function that works out a dimension."""
    if measure.node.combine == "table":
        return _table(measure, measures, unit)
    doubtful = any(absent_possible(measures[child], measures, instrument) for child in measure.children)
    if not doubtful:
        return _plain(measure)
    return _shared(measure, measures, unit) if measure.policy == "redistribute" else _replaced(measure, measures, unit)


def _plain(measure: Measure) -> Settle:
    """Every child always applies: nothing to decide."""
    name, children, combine = measure.id, measure.children, COMBINED[measure.node.combine]

    def settle(outcomes: Outcomes, values: Values) -> None:
        outcomes[name] = combine([outcomes[child] for child in children])  # type: ignore[misc]  # all apply

    return settle


def _replaced(measure: Measure, measures: Mapping[str, Measure], unit: int) -> Settle:
    combine, policy, maxima = COMBINED[measure.node.combine], str(measure.policy), _maxima(measure, measures, unit)

    def settle(outcomes: Outcomes, values: Values) -> None:
        outcomes[measure.id] = combine(replaced([outcomes[child] for child in measure.children], maxima, policy))

    return settle


def _shared(measure: Measure, measures: Mapping[str, Measure], unit: int) -> Settle:
    """Children that may not apply, their points shared out; mostly it is known which, and then it is one division."""
    name, maxima = measure.id, _maxima(measure, measures, unit)
    pairs = tuple(zip(measure.children, maxima, strict=True))
    share, maximum = REDISTRIBUTED[measure.node.combine], whole(measure.maximum * unit)
    adds_up = COMBINED[measure.node.combine] is added

    def settle(outcomes: Outcomes, values: Values) -> None:
        low: Number = 0
        high: Number = 0
        top: Number = 0
        for child, most in pairs:
            found = outcomes[child]
            if found is not None:
                if not adds_up or type(found) is not tuple:
                    break
                low, high, top = low + found[0], high + found[1], top + most
        else:
            if top and adds_up:
                rate = maximum / Rational(top)
                outcomes[name] = (low, high) if rate == 1 else (low * rate, high * rate)
                return
        outcomes[name] = share(parted([outcomes[child] for child, _ in pairs], maxima), maximum)

    return settle


def _maxima(measure: Measure, measures: Mapping[str, Measure], unit: int) -> list[Number]:
    return [whole(measures[child].maximum * unit) for child in measure.children]


def _table(measure: Measure, measures: Mapping[str, Measure], unit: int) -> Settle:
    """Exact over what is possible: unknown children give every value that some combination leads to."""
    ranges = {child: Ranges(measures[child].node.values, unit) for child in measure.children}
    table = Table(measure.node.rows, Ranges(measure.node.values, unit), ranges)
    absent = ABSENT[str(measure.policy)]

    def settle(outcomes: Outcomes, values: Values) -> None:
        for child, own in ranges.items():
            if child not in values:
                values[child] = _possible(outcomes[child], own, absent)
        values[measure.id] = table.possible([values[child] for child in ranges])
        outcomes[measure.id] = table.interval(values[measure.id])

    return settle


def _possible(outcome: Outcome, ranges: Ranges, absent: Callable[[Ranges], frozenset[int]]) -> frozenset[int]:
    if outcome is None:
        return absent(ranges)
    found = ranges.within(outcome)
    return found | absent(ranges) if isinstance(outcome, Perhaps) else found


def everything(ranges: Ranges) -> frozenset[int]:
    return frozenset(range(len(ranges.names)))


ABSENT: Final[Mapping[str, Callable[[Ranges], frozenset[int]]]] = {
    "zero": lambda ranges: frozenset({0}),
    "unknown": everything,
    "None": everything,  # nothing below may be absent, so it is never asked
}


def judged_by(outcome: Outcome, maximum: Number) -> Interval:
    """What a condition on a measure looks at: where it does not (surely) apply, nothing is certain."""
    return (0, maximum) if outcome is None or isinstance(outcome, Perhaps) else outcome
