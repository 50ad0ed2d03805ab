"""Catches a slipped unit or a missing zero: figures that differ by about 10, 1,000 or 10,000."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

FACTORS: Final = (10, 1_000, 10_000)
"""A zero too many or too few, 元 for 千元, 元 for 万元 (万元 for 千元 is a zero as well)."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure is about `factor` times another, or about one `factor`-th of it (`smaller`)."""

    factor: int
    smaller: bool

    @property
    def least(self) -> int:
        """From half the factor on there is a warning …"""
        return self.factor // 2

    @property
    def most(self) -> int:
        """… up to twice the factor."""
        return self.factor * 2


def slip(value: int, other: int) -> Slip | None:
    """What looks like a slip between two figures of one kind; nothing can be said beside 0."""
    if value <= 0 or other <= 0:
        return None
    ratio = Fraction(max(value, other), min(value, other))
    for factor in FACTORS:
        found = Slip(factor, value < other)
        if found.least <= ratio <= found.most:
            return found
    return None
