"""Rules that work with values: figures of the firm, numbers typed in, and whatever is worked out from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from questionnaires.checks import band_faults, never_asked
from questionnaires.exact import Exact, Rational, exact
from questionnaires.faults import Fault, refusal
from questionnaires.given import Given, Reference
from questionnaires.instrument import Instrument
from questionnaires.items import Number
from questionnaires.needed import figures_needed, items_of
from questionnaires.references import value_faults
from questionnaires.text import Strict
from questionnaires.value_kinds import FactValue, ItemValue, Ratio, compiled
from questionnaires.value_years import Earlier
from questionnaires.values import Value, known
from scoring.intervals import Interval, whole
from scoring.item_rules import scaled

HUNDRED = Rational(100)
NOTHING = Rational(0)


class ValueRule(Strict):
    """A rule over one value; unknown while the value is."""

    def measured(self) -> Value:
        raise NotImplementedError

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        found = list(value_faults(f"{path}.value", self.measured(), instrument))
        yield from found
        if not found:
            yield from never_asked(f"{path}.value", self.measured(), instrument)

    def items_read(self, instrument: Instrument) -> tuple[str, ...]:
        """The items whose own answers the value reads."""
        return tuple(dict.fromkeys(items_of(self.measured(), instrument)))

    def figures(self, instrument: Instrument) -> tuple[tuple[str, int], ...]:
        named = {name: derivation.calculation for name, derivation in instrument.values.items()}
        return tuple(dict.fromkeys(figures_needed(self.measured(), named)))

    def open(self, given: Given) -> bool:
        return known(self.measured(), given) is None

    def share(self, value: Rational) -> Rational:
        """The share that a value earns; asked for only by the reader that every such rule has unless it has its own."""
        raise NotImplementedError

    def shares(self) -> Iterator[Rational]:
        return iter(())

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        return Rational(0), HUNDRED

    def reader(self, scale: Rational, instrument: Instrument) -> Callable[[Given], Interval]:
        value, share = compiled(self.measured(), instrument), self.share
        unknown = scaled(self.bounds(instrument), scale)

        def read(given: Given) -> Interval:
            number = value(given)
            if number is None:
                return unknown
            points = share(number) * scale
            return points, points

        return read

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        number = known(self.measured(), given)
        return {"value": None if number is None else exact(number)}


def number_limits(value: Value, instrument: Instrument) -> tuple[Rational, Rational] | None:
    """The smallest and the largest number that may be typed, where a value is one number item with both."""
    item = instrument.items.get(value.item) if isinstance(value, ItemValue) else None
    if not isinstance(item, Number) or item.minimum is None or item.maximum is None:
        return None
    return item.minimum, item.maximum


def between(value: Rational, base: Rational, lead: Rational, most: Rational) -> Rational:
    """Nothing at `base`, `most` at `lead`, in proportion between them; what lies outside is the nearer end."""
    if base < lead:
        if value <= base or value >= lead:
            return NOTHING if value <= base else most
    elif value >= base or value <= lead:
        return NOTHING if value >= base else most
    return most * (value - base) / (lead - base)


class BandsRule(ValueRule):
    """The share of the band that a value falls into; `closed` says to which band a value on an edge belongs."""

    kind: Literal["bands"]
    value: Value
    closed: Literal["upper", "lower"]
    edges: tuple[Exact, ...]
    weights: tuple[Exact, ...]

    def measured(self) -> Value:
        return self.value

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from super().faults(path, instrument)
        yield from band_faults(path, self.edges, len(self.weights), "band_weights")
        for place, weight in enumerate(self.weights):
            if not 0 <= weight <= HUNDRED:
                yield Fault(f"{path}.weights[{place}]", "share_range", {"share": exact(weight)})

    def shares(self) -> Iterator[Rational]:
        yield from self.weights

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        reached = self.weights
        if (limits := number_limits(self.value, instrument)) is not None:
            reached = self.weights[self.band(limits[0]) : self.band(limits[1]) + 1]
        return min(reached), max(reached)

    def band(self, value: Rational) -> int:
        upper = self.closed == "upper"
        return sum(value > edge if upper else value >= edge for edge in self.edges)

    def share(self, value: Rational) -> Rational:
        return self.weights[self.band(value)]

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        number = known(self.value, given)
        if number is None:
            return {}
        band = self.band(number)
        edges = [None, *(exact(edge) for edge in self.edges), None]
        return {"value": exact(number), "base": edges[band], "lead": edges[band + 1]}


class LinearRule(ValueRule):
    """Nothing at `base` and everything at `lead`, in proportion between them; either may be the larger one.

    With `reference` the two come from the city's values; where it has none, the indicator does not apply.
    """

    kind: Literal["linear"]
    value: Value
    base: Exact | None = None
    lead: Exact | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> LinearRule:
        if (self.base is None) != (self.lead is None) or (self.base is None) == (self.reference is None):
            raise refusal("either", one="base, lead", other="reference")
        return self

    def measured(self) -> Value:
        return self.value

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from super().faults(path, instrument)
        if self.base is not None and self.base == self.lead:
            yield Fault(f"{path}.lead", "base_is_lead")
        names = [reference.id for reference in instrument.references]
        if self.reference is not None and self.reference not in names:
            values = {"name": self.reference, "known": ", ".join(names)}
            yield Fault(f"{path}.reference", "unknown_name", values)

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        limits = number_limits(self.value, instrument)
        if limits is None or self.base is None or self.lead is None:
            return super().bounds(instrument)
        ends = [between(limit, self.base, self.lead, HUNDRED) for limit in limits]
        return min(ends), max(ends)

    def _fixed(self) -> Reference | None:
        """Base and lead where the definition itself states them."""
        return None if self.base is None or self.lead is None else Reference(self.base, self.lead)

    def reader(self, scale: Rational, instrument: Instrument) -> Callable[[Given], Interval]:
        value, unknown, most = compiled(self.value, instrument), scaled(self.bounds(instrument), scale), HUNDRED * scale
        name, fixed = str(self.reference), self._fixed()

        def read(given: Given) -> Interval:
            number, ends = value(given), fixed or given.references.get(name)
            if number is None or ends is None:  # without reference values the indicator does not apply anyway
                return unknown
            points = between(number, ends.base, ends.lead, most)
            return points, points

        return read

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        ends = self._fixed() or given.references.get(str(self.reference))
        limits = {} if ends is None else {"base": exact(ends.base), "lead": exact(ends.lead)}
        return {**super().told(given, points), **limits}


class ShareRule(ValueRule):
    """One figure as a share of another in the same year: nothing at 0, everything at 100 %."""

    kind: Literal["share"]
    part: str
    whole: str
    year: int = 0

    def measured(self) -> Value:
        return Ratio(ratio=(FactValue(fact=self.part, year=self.year), FactValue(fact=self.whole, year=self.year)))

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        for name, kind in (("part", self.part), ("whole", self.whole)):
            figure = FactValue(fact=kind, year=self.year)
            yield from value_faults(f"{path}.{name}", figure, instrument)
            yield from never_asked(f"{path}.{name}", figure, instrument)

    def share(self, value: Rational) -> Rational:
        return between(value, NOTHING, Rational(1), HUNDRED)


class ChangeRule(ValueRule):
    """A value against the same value `years` years before. A change of at most `within` (a share) counts as none."""

    kind: Literal["change"]
    value: Value
    years: int = Field(default=1, ge=1)
    up: Exact
    same: Exact
    down: Exact
    within: Exact = Rational(0)

    def measured(self) -> Value:
        return self.value

    def before(self) -> Value:
        return Earlier(earlier=self.value, years=self.years)

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        found = list(value_faults(f"{path}.value", self.value, instrument))
        yield from found
        if not found:
            for value in (self.value, self.before()):
                yield from never_asked(f"{path}.value", value, instrument)
        for name in ("up", "same", "down"):
            if not 0 <= getattr(self, name) <= HUNDRED:
                yield Fault(f"{path}.{name}", "share_range", {"share": exact(getattr(self, name))})

    def figures(self, instrument: Instrument) -> tuple[tuple[str, int], ...]:
        now = super().figures(instrument)
        return (*now, *((kind, year - self.years) for kind, year in now))

    def shares(self) -> Iterator[Rational]:
        yield from (self.up, self.same, self.down)

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        return min(self.shares()), max(self.shares())

    def open(self, given: Given) -> bool:
        return super().open(given) or known(self.before(), given) is None

    def change(self, value: Rational, before: Rational) -> Literal["up", "same", "down"]:
        if value == before or (self.within and abs(value - before) <= abs(before) * self.within):
            return "same"
        return "up" if value > before else "down"

    def reader(self, scale: Rational, instrument: Instrument) -> Callable[[Given], Interval]:
        now, then, change = compiled(self.value, instrument), compiled(self.before(), instrument), self.change
        points = {"up": whole(self.up * scale), "same": whole(self.same * scale), "down": whole(self.down * scale)}
        pairs = {name: (earned, earned) for name, earned in points.items()}
        unknown = scaled(self.bounds(instrument), scale)

        def read(given: Given) -> Interval:
            value, before = now(given), then(given)
            return unknown if value is None or before is None else pairs[change(value, before)]

        return read

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        before = known(self.before(), given)
        return {**super().told(given, points), "base": None if before is None else exact(before)}
