"""Dimensions ready to score: how the outcomes of children become the outcome of their parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from questionnaires.instrument import Instrument
from scoring.intervals import (
    COMBINED,
    EXTREMES,
    Interval,
    Number,
    Outcome,
    Part,
    Parts,
    Perhaps,
    parted,
    replaced,
    shared_out,
    shared_perhaps,
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
    """Children that may not apply, their points shared out."""
    name, children, maximum = measure.id, measure.children, whole(measure.maximum * unit)
    if measure.node.combine in EXTREMES:
        return _extreme(name, children, EXTREMES[measure.node.combine])
    if not maximum:
        return _worth_nothing(name, children)
    pairs = zip(children, _maxima(measure, measures, unit), strict=True)
    return _mean(name, tuple((child, most) for child, most in pairs if most), maximum)


def _extreme(name: str, children: tuple[str, ...], decide: Callable[[Parts], Outcome]) -> Settle:
    """The weakest or the strongest of what applies decides."""

    def settle(outcomes: Outcomes, values: Values) -> None:
        outcomes[name] = decide(parted([outcomes[child] for child in children]))

    return settle


def _worth_nothing(name: str, children: tuple[str, ...]) -> Settle:
    """No points to share out: it applies as soon as a child does."""

    def settle(outcomes: Outcomes, values: Values) -> None:
        parts = parted([outcomes[child] for child in children])
        outcomes[name] = (0, 0) if parts.sure else Perhaps(0, 0) if parts.open else None

    return settle


def _mean(name: str, pairs: tuple[tuple[str, Number], ...], maximum: Number) -> Settle:
    """A mean over what applies. Where nothing is open, low and high are one number, and are worked out once."""
    tops = sum(most for _, most in pairs)

    def settle(outcomes: Outcomes, values: Values) -> None:
        low: Number = 0
        spread: Number = 0  # from low to high
        top: Number = tops  # of what surely applies
        perhaps: list[Part] = []
        for child, most in pairs:
            found = outcomes[child]
            if type(found) is tuple:
                least, greatest = found
                low += least
                if least is not greatest:
                    spread += greatest - least
                continue
            top -= most
            if found is not None:
                perhaps.append((*found, most))
        high = low + spread if spread else low
        if perhaps:
            outcomes[name] = shared_perhaps(low, high, top, perhaps, maximum)
        else:
            outcomes[name] = (low, high) if top == maximum else shared_out(low, high, top, maximum)

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
    return outcome if type(outcome) is tuple else (0, maximum)
