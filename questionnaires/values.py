"""Values: exact numbers worked out from answers and figures. Adding one is a class here and its line in `VALUES`.

A value is `None` (not known) while anything it needs is not known, or where it would divide by nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag

from questionnaires.exact import Exact, Rational
from questionnaires.given import Given
from questionnaires.text import Strict

if TYPE_CHECKING:  # the instrument is made of values
    from questionnaires.instrument import Instrument

Known = Rational | None
Read = Callable[[Given], Known]


class FactValue(Strict):
    """A figure in the reference year, or `year` years from it."""

    fact: str
    year: int = 0

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        kind, offset = self.fact, self.year + shift
        scale = instrument.fact_kinds[kind].scale

        def read(given: Given) -> Known:
            value = given.facts.get((kind, given.year + offset))
            return None if value is None else Rational(value, scale)

        return read

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class ItemValue(Strict):
    """What was typed into a `number` item."""

    item: str

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        item = self.item

        def read(given: Given) -> Known:
            typed = given.responses.get(item)
            return None if typed is None else Rational(str(typed))

        return read

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class CountValue(Strict):
    """How many options of a `multiple` item are chosen (only those in `of`, where given); exclusive ones never count.

    Of a `grid` item: how many of its rows have one of the options `of`.
    """

    count: str
    of: tuple[str, ...] | None = None

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        name, item = self.count, instrument.items[self.count]
        counted = frozenset(self.of) if self.of is not None else item.counted  # type: ignore[union-attr]  # checked

        def read(given: Given) -> Known:
            chosen: Any = given.responses.get(name)
            if chosen is None:
                return None
            if isinstance(chosen, Mapping):
                complete = item.complete(chosen)  # type: ignore[union-attr]  # a grid
                return Rational(sum(option in counted for option in chosen.values())) if complete else None
            return Rational(sum(option in counted for option in chosen))

        return read

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class NamedValue(Strict):
    """One of the definition's `values`."""

    value: str

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        return compiled(instrument.values[self.value].calculation, instrument, shift)

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class _Combined(Strict):
    """Several values made into one, known when all of them are."""

    def parts(self) -> tuple[AnyValue, ...]:
        found: tuple[AnyValue, ...] = getattr(self, KEYS[type(self)])
        return found

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        reads, of = [compiled(part, instrument, shift) for part in self.parts()], self.of

        def read(given: Given) -> Known:
            numbers = []
            for each in reads:
                number = each(given)
                if number is None:
                    return None
                numbers.append(number)
            return of(numbers)

        return read

    def of(self, numbers: list[Rational]) -> Known:
        raise NotImplementedError


class Sum(_Combined):
    """Added up."""

    sum: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return _added(numbers)


class Difference(_Combined):
    """The first less the second."""

    difference: tuple[AnyValue, AnyValue]

    def of(self, numbers: list[Rational]) -> Known:
        return numbers[0] - numbers[1]


class Product(_Combined):
    """Multiplied."""

    product: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return math.prod(numbers, start=Rational(1))


class Ratio(_Combined):
    """The first divided by the second; not known where that is 0."""

    ratio: tuple[AnyValue, AnyValue]

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        over, under = (compiled(part, instrument, shift) for part in self.ratio)

        def read(given: Given) -> Known:
            top, bottom = over(given), under(given)
            return top / bottom if top is not None and bottom else None

        return read


class Mean(_Combined):
    """The plain mean."""

    mean: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return _added(numbers) / len(numbers)


class Least(_Combined):
    """The smallest."""

    least: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return min(numbers)


class Greatest(_Combined):
    """The largest."""

    greatest: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return max(numbers)


class Earlier(Strict):
    """The same value `years` years before."""

    earlier: AnyValue
    years: int = Field(default=1, ge=1)

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        return compiled(self.earlier, instrument, shift - self.years)

    def offsets(self) -> tuple[int, ...]:
        return (-self.years,)

    def parts(self) -> tuple[AnyValue, ...]:
        return (self.earlier,)


class Growth(Strict):
    """How much more than `years` years before: now ÷ then − 1; not known where then was 0 or less."""

    growth: AnyValue
    years: int = Field(default=1, ge=1)

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        now = compiled(self.growth, instrument, shift)
        then = compiled(self.growth, instrument, shift - self.years)

        def read(given: Given) -> Known:
            after, before = now(given), then(given)
            return None if after is None or before is None or before <= 0 else after / before - 1

        return read

    def offsets(self) -> tuple[int, ...]:
        return (0, -self.years)

    def parts(self) -> tuple[AnyValue, ...]:
        return (self.growth,)


class Yearly(Strict):
    """One value over several `years` (offsets), added or averaged over the known ones: `at_least` so many."""

    yearly: AnyValue
    years: tuple[int, ...] = Field(min_length=1)
    together: Literal["sum", "mean"]
    at_least: int | None = Field(default=None, ge=1)  # all of them when not said

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        reads = [compiled(self.yearly, instrument, shift + offset) for offset in self.years]
        needed = self.at_least or len(self.years)

        def read(given: Given) -> Known:
            numbers = [number for each in reads if (number := each(given)) is not None]
            if len(numbers) < needed:
                return None
            return _added(numbers) / (len(numbers) if self.together == "mean" else 1)

        return read

    def offsets(self) -> tuple[int, ...]:
        return self.years

    def parts(self) -> tuple[AnyValue, ...]:
        return (self.yearly,)


VALUES: Final[tuple[type[Any], ...]] = (
    FactValue, ItemValue, CountValue, NamedValue, Sum, Difference, Product, Ratio, Mean, Least, Greatest, Earlier,
    Growth, Yearly,
)  # fmt: skip
"""Each is known by the key its class names first."""

KEYS: Final[Mapping[type[Any], str]] = {model: next(iter(model.model_fields)) for model in VALUES}


def _which(raw: Any) -> str | None:
    """The key that tells which value a mapping is; anything else must be a number."""
    if isinstance(raw, dict):
        return next((key for key in KEYS.values() if key in raw), None)
    return KEYS.get(type(raw), "number")


Value = Annotated[
    Annotated[FactValue, Tag("fact")]
    | Annotated[ItemValue, Tag("item")]
    | Annotated[CountValue, Tag("count")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Sum, Tag("sum")]
    | Annotated[Difference, Tag("difference")]
    | Annotated[Product, Tag("product")]
    | Annotated[Ratio, Tag("ratio")]
    | Annotated[Mean, Tag("mean")]
    | Annotated[Least, Tag("least")]
    | Annotated[Greatest, Tag("greatest")]
    | Annotated[Earlier, Tag("earlier")]
    | Annotated[Growth, Tag("growth")]
    | Annotated[Yearly, Tag("yearly")]
    | Annotated[Exact, Tag("number")],
    Discriminator(
        _which,
        custom_error_type="value",
        custom_error_message="is not a value; write a number or one of: " + ", ".join(KEYS.values()),
    ),
]
AnyValue = Value
for _model in VALUES:
    _model.model_rebuild()


def compiled(value: Value, instrument: Instrument, shift: int = 0) -> Read:
    """A function that gives the number, or `None` while it is not known. `shift` moves all years."""
    if isinstance(value, Rational):
        return lambda given: value
    return value.compiled(instrument, shift)


def known(value: Value, given: Given) -> Known:
    """The number for one firm; where many are read, use `compiled` once."""
    return compiled(value, given.instrument)(given)


def _added(numbers: list[Rational]) -> Rational:
    return sum(numbers, Rational(0))


def inside(value: Value) -> Iterator[Value]:
    """The value and every value it is made of."""
    yield value
    if not isinstance(value, Rational):
        for part in value.parts():
            yield from inside(part)
