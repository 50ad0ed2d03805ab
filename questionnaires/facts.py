"""Facts: figures of a firm in a year. A value is a whole number in the kind's smallest unit: nothing is rounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from questionnaires.faults import Fault
from questionnaires.text import Strict, Text

# How many base units one entered unit is. The first of each row is the base unit, meant where no unit is named.
UNITS: Final[Mapping[str, Mapping[str, int]]] = {
    "yuan": {"yuan": 1, "thousand_yuan": 1_000, "wan_yuan": 10_000},
    "person": {"person": 1},
    "machine": {"machine": 1},
    "tce": {"tce": 1},
    "percent": {"percent": 1},
}
MOST_DIGITS: Final = 18  # of the smallest unit: fits a 64-bit column
IGNORED: Final = str.maketrans("", "", ",'_ \u00a0\u2009\u202f")


class FactKind(Strict):
    """One kind of figure. `decimals` places are kept; `part_of` names the kind it can never exceed in the same year."""

    id: str
    label: Text
    unit: str
    decimals: int
    minimum: int = 0
    maximum: int | None = None
    part_of: str | None = None
    hint: Text
    why: Text
    evidence: Text
    source: str
    confidence: str

    @property
    def scale(self) -> int:
        """Smallest units per base unit."""
        return int(10**self.decimals)

    def amount(self, value: int) -> Fraction:
        """A stored value as an exact number of base units."""
        return Fraction(value, self.scale)

    def read(self, path: str, typed: object, unit: str | None = None) -> int | Fault:
        """What was typed, as a stored value; forgiving about separators, spaces and full-width digits."""
        factors = UNITS[self.unit]
        if unit is not None and unit not in factors:
            return Fault(path, "unknown_unit", {"unit": str(unit)[:40]})
        number = _number(typed)
        if number is None:
            return Fault(path, "not_a_number", {"typed": str(typed)[:40]})
        return self._stored(path, number * factors[unit or next(iter(factors))])

    def _stored(self, path: str, amount: Decimal) -> int | Fault:
        if not amount.is_finite() or amount.adjusted() + self.decimals >= MOST_DIGITS:
            return Fault(path, "not_finite")
        if amount < self.minimum:
            return Fault(path, "too_small", {"minimum": self.minimum})
        if self.maximum is not None and amount > self.maximum:
            return Fault(path, "too_big", {"maximum": self.maximum})
        stored = amount.scaleb(self.decimals)
        if stored != stored.to_integral_value():
            return Fault(path, "too_precise", {"decimals": self.decimals})
        return int(stored)


def _number(typed: object) -> Decimal | None:
    if isinstance(typed, bool) or not isinstance(typed, str | int | Decimal):
        return None
    plain = unicodedata.normalize("NFKC", str(typed)).strip().translate(IGNORED).replace("−", "-")
    if len(plain) > 40 or not plain.replace(".", "", 1).removeprefix("-").isascii():
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
