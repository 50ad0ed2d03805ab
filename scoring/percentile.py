"""Where a firm stands in a group: bins of two points of a hundred, medians and quartiles as bins, shares in words.

Everything follows exactly from how many firms lie in each bin. Bins are scaled by the measure's maximum, so that 10 of
20 points lie where 50 of 100 do. Nothing finer than a bin is ever said of a group, and neither its lowest nor its
highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from questionnaires.exact import Rational, rational

BINS: Final = 50
QUARTILES_FROM: Final = 20
PERCENT_FROM: Final = 30
"""So many firms are needed for quartiles, and for a share in percent; fewer give the half or the quarter."""
LOWEST, HIGHEST = 5, 95
"""Shares beyond these are not told: they would name the lowest or highest firm."""
ROUNDING: Final = 5

Bins = Sequence[int]
"""How many firms lie in each of the BINS bins, from the lowest."""

Word = Literal["below_middle", "middle", "above_middle", "quarter_1", "quarter_2", "quarter_3", "quarter_4",
               "under_percent", "percent", "over_percent"]  # fmt: skip
QUARTERS: Final[tuple[Word, ...]] = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")


def bin_of(points: Fraction | int | str, maximum: Fraction | int | str) -> int:
    """The bin of so many points; the highest value belongs to the last bin. `ValueError` beyond 0 to `maximum`."""
    value, most = rational(points), rational(maximum)
    if most <= 0 or not 0 <= value <= most:
        raise ValueError(f"{value} points do not lie between 0 and {most}")
    return min(int(value * BINS // most), BINS - 1)


def edges(place: int, maximum: Fraction | int | str) -> tuple[Fraction, Fraction]:
    """From how many points to how many a bin reaches, in the measure's own points."""
    most = rational(maximum)
    return most * Rational(place, BINS), most * Rational(place + 1, BINS)


def without(bins: Bins, own: int | None) -> list[int]:
    """The bins of the others, where the firm itself was counted in bin `own`."""
    rest = list(bins)
    if own is not None:
        rest[own] -= 1
        if rest[own] < 0:
            raise ValueError(f"nobody is counted in bin {own}")
    return rest


def rounded(count: int) -> int:
    """The number of firms as it is told: a few fewer, so that one more or less does not show."""
    return count - count % ROUNDING


def rank(bins: Bins, own: int) -> Fraction:
    """The share of the group below bin `own`, those in the same bin by half. `ValueError` if nobody is counted."""
    total = sum(bins)
    if not total:
        raise ValueError("nobody is counted")
    return Rational(2 * sum(bins[:own]) + bins[own], 2 * total)


def at_share(bins: Bins, numerator: int, denominator: int) -> int:
    """The bin in which the firm lies that has this share of the group at or below it: the median by 1 of 2."""
    need, reached = -(-sum(bins) * numerator // denominator), 0
    if need < 1:
        raise ValueError("nobody is counted")
    for place, count in enumerate(bins):
        reached += count
        if reached >= need:
            return place
    raise ValueError(f"{numerator} of {denominator} is no share")


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be told of a group and of one firm's place in it.

    `firms` is rounded down. `quartiles` are the lower and the upper one. `word` is None where the firm has no points;
    with `percent` it comes with the whole percent of the group below the firm, cut.
    """

    firms: int
    median: int
    quartiles: tuple[int, int] | None
    word: Word | None
    percent: int | None = None


def standing(bins: Bins, own: int | None, minimum: int) -> Standing | None:
    """What may be told of a group of others; None if they are fewer than `minimum`."""
    count = sum(bins)
    if count < max(minimum, 1):
        return None
    median = at_share(bins, 1, 2)
    quartiles = (at_share(bins, 1, 4), at_share(bins, 3, 4)) if count >= QUARTILES_FROM else None
    word, percent = (None, None) if own is None else _place(bins, own, count, median)
    return Standing(rounded(count), median, quartiles, word, percent)


def _place(bins: Bins, own: int, count: int, median: int) -> tuple[Word, int | None]:
    if count < QUARTILES_FROM:
        return _half(own, median), None
    share = rank(bins, own)
    if count < PERCENT_FROM:
        return QUARTERS[min(int(share * 4), 3)], None
    return _percent(int(share * 100))


def _half(own: int, median: int) -> Word:
    if own == median:
        return "middle"
    return "above_middle" if own > median else "below_middle"


def _percent(percent: int) -> tuple[Word, int | None]:
    if percent < LOWEST:
        return "under_percent", None
    return ("over_percent", None) if percent >= HIGHEST else ("percent", percent)
