"""Points as intervals in whole units, and what does not apply: the arithmetic that nodes of the tree are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import gt, lt
from typing import Any, Final, NamedTuple

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


Part = tuple[Number, Number, Number]
"""Low, high and maximum of a child."""


class Parts(NamedTuple):
    """Children that surely apply and children that perhaps do."""

    sure: list[Interval]
    open: list[Interval]


def parted(outcomes: Sequence[Outcome]) -> Parts:
    parts = Parts([], [])
    for outcome in outcomes:
        if outcome is not None:
            (parts.open if isinstance(outcome, Perhaps) else parts.sure).append(outcome)
    return parts


def shared_out(low: Number, high: Number, top: Number, maximum: Number) -> Outcome:
    """A mean over what applies: the points of the rest are shared out at the same rate.

    `low`, `high` and `top` (maxima) are those of what applies, added up.
    """
    if not top:
        return None
    rate = maximum / Rational(top)
    earned = low * rate
    return earned, earned if low is high else high * rate


def shared_perhaps(low: Number, high: Number, top: Number, perhaps: list[Part], maximum: Number) -> Outcome:
    """The same where it is open of some children whether they apply: least and most over every possible choice.

    `perhaps` are low, high and maximum of each of these; `low`, `high` and `top` are those of the others.
    """
    bounds = _rate(low, top, perhaps, 0, lt) * maximum, _rate(high, top, perhaps, 1, gt) * maximum
    return bounds if top else Perhaps(*bounds)


def _rate(points: Number, top: Number, perhaps: list[Part], end: int, further: Callable[[Any, Any], bool]) -> Rational:
    """The least rate, with `gt` the greatest: an open child is taken in only while that moves it further."""
    if len(perhaps) > 1:
        perhaps.sort(key=lambda each: Rational(each[end]) / each[2], reverse=further is gt)
    for part in perhaps:
        if not top or further(part[end] * top, points * part[2]):
            points, top = points + part[end], top + part[2]
    return Rational(points) / top


def weakest(parts: Parts) -> Outcome:
    """The minimum of what applies."""
    return _extreme(parts, min, max)


def strongest(parts: Parts) -> Outcome:
    """The maximum of what applies."""
    flipped = Parts(*([(-high, -low) for low, high in group] for group in parts))
    outcome = _extreme(flipped, min, max)
    if outcome is None:
        return None
    return Perhaps(-outcome[1], -outcome[0]) if isinstance(outcome, Perhaps) else (-outcome[1], -outcome[0])


def _extreme(parts: Parts, inner: Callable[..., Number], outer: Callable[..., Number]) -> Outcome:
    if not parts.sure and not parts.open:
        return None
    low = inner(low for low, _ in (*parts.sure, *parts.open))
    if parts.sure:
        return low, inner(high for _, high in parts.sure)
    return Perhaps(low, outer(high for _, high in parts.open))


COMBINED: Final[Mapping[str, Callable[[Sequence[Interval]], Interval]]] = {
    "weighted_mean": added,
    "mean": added,
    "sum": added,
    "minimum": least,
    "maximum": most,
}
EXTREMES: Final[Mapping[str, Callable[[Parts], Outcome]]] = {"minimum": weakest, "maximum": strongest}
