"""Rules that look at one item: what each option, level or number of options is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from questionnaires.exact import Exact, Rational, exact
from questionnaires.faults import Fault, refusal
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.items import Multiple, Scene, Single
from questionnaires.references import item_faults
from questionnaires.text import Strict
from scoring.intervals import Interval, Number, whole

Reader = Callable[[Given], Interval]


class ItemRule(Strict):
    """A rule that looks at one item."""

    item: str

    def items_read(self, instrument: Instrument) -> tuple[str, ...]:
        """The items whose own answers it reads."""
        return (self.item,)

    def figures(self, instrument: Instrument) -> tuple[tuple[str, int], ...]:
        """The figures it reads: kind and offset of the year."""
        return ()

    def open(self, given: Given) -> bool:
        """Whether it still waits for an answer."""
        return self.item not in given.responses

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        """What the trace keeps beside the points."""
        return {}


class OptionRule(ItemRule):
    """The chosen option's share; `values` instead names, for each option, one of the node's own `values`."""

    kind: Literal["option"]
    weights: dict[str, Exact] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> OptionRule:
        if bool(self.weights) == bool(self.values):
            raise refusal("either", one="weights", other="values")
        return self

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from item_faults(f"{path}.item", self.item, (Single,), instrument)
        item = instrument.items.get(self.item)
        if isinstance(item, Single):
            scored = [option.id for option in item.options if not option.not_applicable]
            given = self.weights if not self.values else self.values
            yield from weight_faults(path, given, scored)
        yield from share_faults(f"{path}.weights", self.weights)

    def shares(self) -> Iterator[Rational]:
        yield from self.weights.values()

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        return min(self.weights.values()), max(self.weights.values())

    def reader(self, scale: Rational, instrument: Instrument) -> Reader:
        points = points_of(self.weights, scale)
        pairs = {option: (earned, earned) for option, earned in points.items()}
        item, unknown = self.item, scaled(self.bounds(instrument), scale)
        return lambda given: pairs.get(given.responses.get(item), unknown)  # type: ignore[arg-type]  # an option

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        option = given.responses.get(self.item)
        return {"parts": () if option not in self.weights else ((option, points(self.weights[str(option)])),)}


class SumOfOptionsRule(ItemRule):
    """The sum of the chosen options' shares, kept from `at_least` to `at_most` where they are given."""

    kind: Literal["sum_of_options"]
    weights: dict[str, Exact]
    at_least: Exact | None = None
    at_most: Exact | None = None

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from item_faults(f"{path}.item", self.item, (Multiple,), instrument)
        item = instrument.items.get(self.item)
        if isinstance(item, Multiple):
            wrong = list(weight_faults(path, self.weights, [option.id for option in item.options]))
            yield from wrong
            if not wrong and item.options and (most := self.bounds(instrument)[1]) > 100:
                yield Fault(f"{path}.weights", "share_over_100", {"sum": exact(most)})
        if self.at_least is None and any(weight < 0 for weight in self.weights.values()):
            yield Fault(f"{path}.at_least", "negative_weight")
        yield from self._limit_faults(path)

    def _limit_faults(self, path: str) -> Iterator[Fault]:
        limits = {"at_least": self.at_least, "at_most": self.at_most}
        yield from share_faults(path, {name: limit for name, limit in limits.items() if limit is not None})
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            yield Fault(f"{path}.at_most", "too_small", {"minimum": exact(self.at_least)})

    def shares(self) -> Iterator[Rational]:
        yield from self.weights.values()
        yield from (limit for limit in (self.at_least, self.at_most) if limit is not None)

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        item = instrument.items[self.item]
        assert isinstance(item, Multiple)
        alone = [self.weights[option.id] for option in item.options if option.exclusive]
        free = [self.weights[option.id] for option in item.options if not option.exclusive]
        worst = [sum((each for each in free if each < 0), Rational(0)) or min(free)] if free else []
        best = [sum((each for each in free if each > 0), Rational(0)) or max(free)] if free else []
        return self._kept(min(alone + worst)), self._kept(max(alone + best))

    def _kept(self, share: Rational) -> Rational:
        low = share if self.at_least is None else max(share, self.at_least)
        return low if self.at_most is None else min(low, self.at_most)

    def reader(self, scale: Rational, instrument: Instrument) -> Reader:
        points, item = points_of(self.weights, scale), self.item
        unknown = scaled(self.bounds(instrument), scale)
        least, most = (None if limit is None else whole(limit * scale) for limit in (self.at_least, self.at_most))

        def read(given: Given) -> Interval:
            response = given.responses.get(item)
            if response is None:
                return unknown
            earned: Number = sum(map(points.__getitem__, response))  # type: ignore[arg-type]  # a list of options
            if least is not None and earned < least:
                earned = least
            if most is not None and earned > most:
                earned = most
            return earned, earned

        return read

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        chosen: Any = given.responses.get(self.item) or ()
        return {"parts": tuple((option, points(self.weights[option])) for option in chosen)}


class SceneRule(ItemRule):
    """The share of each level of a scene, from 0 to 4."""

    kind: Literal["scene"]
    weights: tuple[Exact, ...]

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from item_faults(f"{path}.item", self.item, (Scene,), instrument)
        item = instrument.items.get(self.item)
        if isinstance(item, Scene) and len(item.levels) != len(self.weights):
            yield Fault(f"{path}.weights", "weights", {"needed": ", ".join(str(each.level) for each in item.levels)})
        yield from share_faults(f"{path}.weights", dict(enumerate(self.weights)))

    def shares(self) -> Iterator[Rational]:
        yield from self.weights

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        return min(self.weights), max(self.weights)

    def reader(self, scale: Rational, instrument: Instrument) -> Reader:
        points = [whole(weight * scale) for weight in self.weights]
        item, unknown = self.item, scaled(self.bounds(instrument), scale)

        def read(given: Given) -> Interval:
            level = given.responses.get(item)
            return unknown if level is None else (points[level], points[level])  # type: ignore[index]  # a level

        return read


class CountRule(ItemRule):
    """How many options are chosen (of those in `of`; exclusive ones never count): nothing at `base`, all at `lead`."""

    kind: Literal["count"]
    of: tuple[str, ...] | None = Field(default=None, min_length=1)
    base: int = Field(default=0, ge=0)
    lead: int = Field(ge=1)

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from item_faults(f"{path}.item", self.item, (Multiple,), instrument)
        item = instrument.items.get(self.item)
        if isinstance(item, Multiple):
            strange = [option for option in self.of or () if option not in item.counted]
            yield from unknown(f"{path}.of", strange, item.counted)
            if self.lead > (most := len(self._counted(item))):
                yield Fault(f"{path}.lead", "over_options", {"count": self.lead, "most": most})
        if self.lead <= self.base:
            yield Fault(f"{path}.lead", "base_is_lead")

    def shares(self) -> Iterator[Rational]:
        yield Rational(100, self.lead - self.base)

    def _counted(self, item: Any) -> frozenset[str]:
        return frozenset(self.of or item.counted)

    def bounds(self, instrument: Instrument) -> tuple[Rational, Rational]:
        """Whoever answers chooses something: where every option counts, that is one at least."""
        item: Any = instrument.items[self.item]
        return self._share(int(len(self._counted(item)) == len(item.options))), Rational(100)

    def reader(self, scale: Rational, instrument: Instrument) -> Reader:
        counted, item = self._counted(instrument.items[self.item]), self.item
        steps = range(len(counted) + 1)
        points = [whole(self._share(count) * scale) for count in steps]
        pairs, unknown = [(earned, earned) for earned in points], scaled(self.bounds(instrument), scale)

        def read(given: Given) -> Interval:
            response: Any = given.responses.get(item)
            return unknown if response is None else pairs[len(counted.intersection(response))]

        return read

    def _share(self, count: int) -> Rational:
        return 100 * min(max(Rational(count - self.base, self.lead - self.base), Rational(0)), Rational(1))

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        counted = self._counted(given.instrument.items[self.item])
        response: Any = given.responses.get(self.item)
        count = None if response is None else str(len(counted.intersection(response)))
        return {"value": count, "base": str(self.base), "lead": str(self.lead)}


def points_of(weights: Mapping[str, Rational], scale: Rational) -> dict[str, Number]:
    return {option: whole(weight * scale) for option, weight in weights.items()}


def scaled(bounds: tuple[Rational, Rational], scale: Rational) -> Interval:
    return whole(bounds[0] * scale), whole(bounds[1] * scale)


def weight_faults(path: str, given: Mapping[str, object], needed: list[str]) -> Iterator[Fault]:
    if set(given) != set(needed):
        yield Fault(f"{path}.weights", "weights", {"needed": ", ".join(needed)})


def share_faults(path: str, weights: Mapping[Any, Rational]) -> Iterator[Fault]:
    """Shares outside 0 to 100, by name, or by number in a list."""
    for name, weight in weights.items():
        if not 0 <= weight <= 100:
            place = f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}"
            yield Fault(place, "share_range", {"share": exact(weight)})


def unknown(path: str, names: list[str], known: Any) -> Iterator[Fault]:
    for name in names:
        yield Fault(path, "unknown_name", {"name": name, "known": ", ".join(sorted(known))})
