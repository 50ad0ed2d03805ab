"""What figures say about a choice: a share that falls into a band, or a change from before to after.

All arithmetic is exact (`Rational`); there is no tolerance anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from questionnaires.exact import Rational
from questionnaires.facts import FactKind
from questionnaires.text import Strict, Text

Written = Annotated[Decimal, Field(max_digits=60, decimal_places=30)]
"""A decimal as it stands in the file; `1e999999999` would take a gigabyte to write out."""

Facts = Mapping[tuple[str, int], int]  # (kind, year) → stored value


class Quantity(Strict):
    """`of`, or `of` / `per`, each summed over those `years` (offsets to the reference year) for which all are known."""

    of: str
    per: str | None = None
    years: tuple[int, ...] = Field(min_length=1)
    at_least: int | None = Field(default=None, ge=1)  # how many of the years must be known; all when not said

    def facts(self) -> tuple[str, ...]:
        return (self.of,) if self.per is None else (self.of, self.per)

    def known_years(self, facts: Facts, reference_year: int) -> tuple[int, ...]:
        years = (reference_year + offset for offset in self.years)
        return tuple(year for year in years if all((kind, year) in facts for kind in self.facts()))

    def value(self, kinds: Mapping[str, FactKind], facts: Facts, reference_year: int) -> Measured | None:
        """The value, or `None` while figures are missing or the divisor is 0."""
        years = self.known_years(facts, reference_year)
        if len(years) < (len(self.years) if self.at_least is None else self.at_least):
            return None
        of = sum((kinds[self.of].amount(facts[self.of, year]) for year in years), Rational(0))
        if self.per is None:
            return Measured(of, of, None, years)
        per = sum((kinds[self.per].amount(facts[self.per, year]) for year in years), Rational(0))
        return Measured(of / per, of, per, years) if per else None


@dataclass(frozen=True, slots=True)
class Measured:
    """An exact `value` with the amounts and calendar years it came from."""

    value: Rational
    of: Rational
    per: Rational | None
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """The option that the figures speak for. `before` is set for a change."""

    option: str
    after: Measured
    before: Measured | None = None


class BandEdges(Strict):
    """Rising `edges` between `options`; a value on an edge belongs to the band below if closed at the `upper` end."""

    closed: Literal["upper", "lower"]
    edges: tuple[Written, ...]
    options: tuple[str, ...]
    source: str = ""
    confidence: str = ""

    def option(self, value: Rational) -> str:
        passed = (value > edge if self.closed == "upper" else value >= edge for edge in self._exact_edges)
        return self.options[sum(passed)]

    @cached_property
    def _exact_edges(self) -> tuple[Rational, ...]:
        return tuple(Rational(str(edge)) for edge in self.edges)


class Bands(Strict):
    """A quantity and the band it falls into; a chosen option must agree with it."""

    value: Quantity
    bands: BandEdges
    disagreement: Literal["error"]

    def quantities(self) -> tuple[Quantity, ...]:
        return (self.value,)

    def option_ids(self) -> tuple[str, ...]:
        return self.bands.options

    def derive(self, kinds: Mapping[str, FactKind], facts: Facts, reference_year: int) -> Derived | None:
        measured = self.value.value(kinds, facts, reference_year)
        return None if measured is None else Derived(self.bands.option(measured.value), measured)


class Directions(Strict):
    """The option for each direction of a change."""

    up: str
    same: str
    down: str


class Shown(Strict):
    """How a quantity is shown: `times` its value, in `unit`."""

    times: Written
    unit: Text

    def say(self, value: Rational, language: str, up: bool = False) -> str:
        """The value with its unit, four digits or two decimals, cut (or rounded `up`): `0.8634 kg per 100 yuan`."""
        scaled, places = value * Rational(str(self.times)), 2
        while scaled and places < MOST_PLACES and abs(scaled) * 10**places < 1000:
            places += 1
        size = abs(scaled) * 10**places
        digits = -(-size.numerator // size.denominator) if up else size.numerator // size.denominator
        whole, _dot, rest = f"{Decimal(int(digits)).scaleb(-places):,f}".partition(".")
        number = whole + (f".{rest.rstrip('0')}" if rest.rstrip("0") else "")
        unit = self.unit.say(language)
        return f"{'-' if scaled < 0 else ''}{number}{'' if unit in ('', '%') else ' '}{unit}"


MOST_PLACES = 12


class Change(Strict):
    """A quantity before and after; where the choice contradicts the figures, the firm gives a reason."""

    before: Quantity
    after: Quantity
    shown: Shown = Shown(times=Decimal(1), unit=Text(zh_CN="", en=""))
    options: Directions
    disagreement: Literal["reason"]

    def quantities(self) -> tuple[Quantity, ...]:
        return (self.before, self.after)

    def option_ids(self) -> tuple[str, ...]:
        chosen = self.options
        return (chosen.up, chosen.same, chosen.down)

    def derive(self, kinds: Mapping[str, FactKind], facts: Facts, reference_year: int) -> Derived | None:
        before = self.before.value(kinds, facts, reference_year)
        after = self.after.value(kinds, facts, reference_year)
        if before is None or after is None:
            return None
        chosen = self.options
        sign = (after.value > before.value) - (after.value < before.value)
        return Derived({1: chosen.up, 0: chosen.same, -1: chosen.down}[sign], after, before)


Figures = Bands | Change
