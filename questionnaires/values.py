"""Values: exact numbers worked out from answers and figures. Adding one is a class here and its line in `VALUES`.

A value is `None` (not known) while anything it needs is not known, or where it would divide by nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag

from questionnaires.exact import Exact, Rational
from questionnaires.given import Given
from questionnaires.text import Strict

Known = Rational | None


class FactValue(Strict):
    """A figure in the reference year, or `year` years from it."""

    fact: str
    year: int = 0

    def known(self, given: Given, shift: int = 0) -> Known:
        return given.fact(self.fact, given.year + self.year + shift)

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class ItemValue(Strict):
    """What was typed into a `number` item."""

    item: str

    def known(self, given: Given, shift: int = 0) -> Known:
        typed = given.responses.get(self.item)
        return None if typed is None else Rational(str(typed))

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class CountValue(Strict):
    """How many options of a `multiple` item are chosen (only those in `of`, where given); exclusive ones never count.

    Of a `grid` item: how many of its rows have one of the options `of`.
    """

    count: str
    of: tuple[str, ...] | None = None

    def known(self, given: Given, shift: int = 0) -> Known:
        chosen = given.responses.get(self.count)
        if chosen is None:
            return None
        item: Any = given.instrument.items[self.count]
        counted = self.of if self.of is not None else item.counted
        if isinstance(chosen, Mapping):
            return Rational(sum(option in counted for option in chosen.values())) if item.complete(chosen) else None
        return Rational(sum(option in counted for option in chosen))  # type: ignore[union-attr]  # checked: a list

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class NamedValue(Strict):
    """One of the definition's `values`."""

    value: str

    def known(self, given: Given, shift: int = 0) -> Known:
        return _known(given.instrument.values[self.value].calculation, given, shift)

    def parts(self) -> tuple[AnyValue, ...]:
        return ()


class _Combined(Strict):
    """Several values made into one, known when all of them are."""

    def parts(self) -> tuple[AnyValue, ...]:
        found: tuple[AnyValue, ...] = getattr(self, KEYS[type(self)])
        return found

    def known(self, given: Given, shift: int = 0) -> Known:
        numbers = []
        for part in self.parts():
            number = _known(part, given, shift)
            if number is None:
                return None
            numbers.append(number)
        return self.of(numbers)

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

    def of(self, numbers: list[Rational]) -> Known:
        return numbers[0] / numbers[1] if numbers[1] else None


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

    def known(self, given: Given, shift: int = 0) -> Known:
        return _known(self.earlier, given, shift - self.years)

    def offsets(self) -> tuple[int, ...]:
        return (-self.years,)

    def parts(self) -> tuple[AnyValue, ...]:
        return (self.earlier,)


class Growth(Strict):
    """How much more than `years` years before: now ÷ then − 1; not known where then was 0 or less."""

    growth: AnyValue
    years: int = Field(default=1, ge=1)

    def known(self, given: Given, shift: int = 0) -> Known:
        now, then = _known(self.growth, given, shift), _known(self.growth, given, shift - self.years)
        return None if now is None or then is None or then <= 0 else now / then - 1

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

    def known(self, given: Given, shift: int = 0) -> Known:
        found = [_known(self.yearly, given, shift + offset) for offset in self.years]
        numbers = [number for number in found if number is not None]
        if len(numbers) < (self.at_least or len(self.years)):
            return None
        return _added(numbers) / (len(numbers) if self.together == "mean" else 1)

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


def known(value: Value, given: Given) -> Known:
    """The number, or `None` while it is not known."""
    return _known(value, given, 0)


def _known(value: Value, given: Given, shift: int) -> Known:
    return value if isinstance(value, Rational) else value.known(given, shift)


def _added(numbers: list[Rational]) -> Rational:
    return sum(numbers, Rational(0))


def inside(value: Value) -> Iterator[Value]:
    """The value and every value it is made of."""
    yield value
    if not isinstance(value, Rational):
        for part in value.parts():
            yield from inside(part)
