"""Points as intervals in whole units, and what does not apply: the arithmetic that nodes of the tree are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from questionnaires.exact import Rational

Number = int | Rational
Interval = tuple[Number, Number]


class Perhaps(NamedTuple):
    """An interval of something of which it is open whether it applies at all."""

    low: Number
    high: Number


Outcome = Interval | Perhaps | None
"""The points of a measure; `None` where it does not apply."""


def whole(number: Rational) -> Number:
    """The same number, as an `int` where it is one: whole numbers are much cheaper."""
    return number.numerator if number.denominator == 1 else number


def added(parts: Sequence[Interval]) -> Interval:
    """Points add up: in a weighted mean the children's maxima already carry the weights."""
    low: Number = 0
    high: Number = 0
    for least_points, most_points in parts:  # twice as fast as two sums
        low += least_points
        high += most_points
    return low, high


def least(parts: Sequence[Interval]) -> Interval:
    """The child with the fewest points decides; children of a minimum have the maximum of their parent."""
    return min(low for low, _ in parts), min(high for _, high in parts)


def most(parts: Sequence[Interval]) -> Interval:
    """The child with the most points decides."""
    return max(low for low, _ in parts), max(high for _, high in parts)


# -- what does not apply -----------------------------------------------------------------------------------------------


def replaced(outcomes: Sequence[Outcome], maxima: Sequence[Number], policy: str) -> list[Interval]:
    """What does not apply counts as nothing (`zero`), or as anything (`unknown`)."""
    return [
        outcome if outcome is not None and not isinstance(outcome, Perhaps) else INSTEAD[policy](outcome, maximum)
        for outcome, maximum in zip(outcomes, maxima, strict=True)
    ]


INSTEAD: Final[Mapping[str, Callable[[Outcome, Number], Interval]]] = {
    "zero": lambda outcome, maximum: (0, 0) if outcome is None else (0, outcome[1]),
    "unknown": lambda outcome, maximum: (0, maximum),
}


class Parts(NamedTuple):
    """Children that surely apply and children that perhaps do: low, high, maximum of each."""

    sure: list[tuple[Number, Number, Number]]
    open: list[tuple[Number, Number, Number]]


def parted(outcomes: Sequence[Outcome], maxima: Sequence[Number]) -> Parts:
    parts = Parts([], [])
    for outcome, maximum in zip(outcomes, maxima, strict=True):
        if outcome is not None:
            (parts.open if isinstance(outcome, Perhaps) else parts.sure).append((*outcome, maximum))
    return parts


def shared_out(parts: Parts, maximum: Number) -> Outcome:
    """A mean over what applies: the points of the rest are shared out at the same rate.

    Where it is open what applies, the bounds are the least and the most over every possible choice.
    """
    if not any(top for _, _, top in (*parts.sure, *parts.open)):
        return None if maximum else _nothing(parts)
    low = _mean([(each[0], each[2]) for each in parts.sure], [(each[0], each[2]) for each in parts.open], 1)
    high = _mean([(each[1], each[2]) for each in parts.sure], [(each[1], each[2]) for each in parts.open], -1)
    bounds = _number(low * maximum), _number(high * maximum)
    return bounds if any(top for _, _, top in parts.sure) else Perhaps(*bounds)


def _nothing(parts: Parts) -> Outcome:
    """The points of a node that is worth nothing."""
    return (0, 0) if parts.sure else Perhaps(0, 0) if parts.open else None


def _mean(sure: list[tuple[Number, Number]], open_ones: list[tuple[Number, Number]], sign: int) -> Rational:
    """The least mean (with `sign` −1 the greatest): an open child is taken in only while that moves it further."""
    points = Rational(sum(point for point, _ in sure))
    top = Rational(sum(maximum for _, maximum in sure))
    rated = sorted((sign * Rational(point) / maximum, point, maximum) for point, maximum in open_ones if maximum)
    for rate, point, maximum in rated:
        if top == 0 or rate < sign * points / top:
            points, top = points + point, top + maximum
    return points / top


def weakest(parts: Parts, maximum: Number) -> Outcome:
    """The minimum of what applies."""
    return _extreme(parts, min, max)


def strongest(parts: Parts, maximum: Number) -> Outcome:
    """The maximum of what applies."""
    flipped = Parts(*([(-high, -low, top) for low, high, top in group] for group in parts))
    outcome = _extreme(flipped, min, max)
    if outcome is None:
        return None
    return Perhaps(-outcome[1], -outcome[0]) if isinstance(outcome, Perhaps) else (-outcome[1], -outcome[0])


def _extreme(parts: Parts, inner: Callable[..., Number], outer: Callable[..., Number]) -> Outcome:
    if not parts.sure and not parts.open:
        return None
    low = inner(low for low, _, _ in (*parts.sure, *parts.open))
    if parts.sure:
        return low, inner(high for _, high, _ in parts.sure)
    return Perhaps(low, outer(high for _, high, _ in parts.open))


def _number(value: Rational | int) -> Number:
    return whole(Rational(value))


COMBINED: Final[Mapping[str, Callable[[Sequence[Interval]], Interval]]] = {
    "weighted_mean": added,
    "mean": added,
    "sum": added,
    "minimum": least,
    "maximum": most,
}
REDISTRIBUTED: Final[Mapping[str, Callable[[Parts, Number], Outcome]]] = {
    "weighted_mean": shared_out,
    "mean": shared_out,
    "sum": shared_out,
    "minimum": weakest,
    "maximum": strongest,
}
