"""Facts: figures of a firm in a year. A value is a whole number in the kind's smallest unit: nothing is rounded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pydantic import Field

from questionnaires.exact import Rational
from questionnaires.faults import Fault, brief
from questionnaires.text import Strict, Text

# How many base units one entered unit is. The first of each row is the base unit, meant where no unit is named.
UNITS: Final[Mapping[str, Mapping[str, int]]] = {
    "yuan": {"yuan": 1, "thousand_yuan": 1_000, "wan_yuan": 10_000},
    "person": {"person": 1},
    "machine": {"machine": 1},
    "tce": {"tce": 1},
    "percent": {"percent": 1},
    "piece": {"piece": 1},
    "year_count": {"year_count": 1},
    "tonne": {"tonne": 1},
    "tonne_co2": {"tonne_co2": 1},
    "cubic_metre": {"cubic_metre": 1},
    "square_metre": {"square_metre": 1},
}
MOST_DIGITS: Final = 18  # of the smallest unit: fits a 64-bit column
TYPED: Final = str.maketrans("０１２３４５６７８９．，－−＋", "0123456789.,--+", "'_ \t\n\r\u3000\u00a0\u2009\u202f")
PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)


class FactKind(Strict):
    """One kind of figure. `decimals` places are kept; `part_of` names the kind it can never exceed in the same year."""

    id: str
    label: Text
    unit: str
    decimals: int = Field(ge=0, le=9)
    minimum: int = 0
    maximum: int | None = None
    part_of: str | None = None
    hint: Text = Text()
    why: Text = Text()
    evidence: Text = Text()
    source: str = ""
    confidence: str = ""

    @property
    def scale(self) -> int:
        """Smallest units per base unit."""
        return int(10**self.decimals)

    def amount(self, value: int) -> Rational:
        """A stored value as an exact number of base units."""
        return Rational(value, self.scale)

    def read(self, path: str, typed: object, unit: object = None) -> int | Fault:
        """What was typed, as a stored value; forgiving about separators, spaces and full-width digits."""
        factors = UNITS[self.unit]
        if unit is not None and not (isinstance(unit, str) and unit in factors):
            return Fault(path, "unknown_unit", {"unit": brief(unit)})
        number = read_number(typed)
        if number is None:
            return Fault(path, "not_a_number", {"typed": brief(typed)})
        return self._stored(path, number * (next(iter(factors.values())) if unit is None else factors[str(unit)]))

    def _stored(self, path: str, amount: Rational) -> int | Fault:
        stored = amount * self.scale
        if abs(stored) >= 10**MOST_DIGITS:
            return Fault(path, "not_finite")
        if amount < self.minimum:
            return Fault(path, "too_small", {"minimum": self.minimum})
        if self.maximum is not None and amount > self.maximum:
            return Fault(path, "too_big", {"maximum": self.maximum})
        if stored.denominator != 1:
            return Fault(path, "too_precise", {"decimals": self.decimals})
        return int(stored.numerator)  # stored and sent as JSON: a plain number


def read_number(typed: object) -> Rational | None:
    """The exact number. A comma counts only where it parts thousands: `1,5` must not become 15."""
    if isinstance(typed, bool) or not isinstance(typed, str | int | Decimal):
        return None
    text = str(typed).translate(TYPED)
    if len(text) > 200:
        return None
    plain = text.replace(",", "") if GROUPED.fullmatch(text) else text
    return Rational(Fraction(plain)) if PLAIN.fullmatch(plain) else None
