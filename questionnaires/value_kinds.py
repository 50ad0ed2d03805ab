"""The kinds of values; those that look at other years are in `value_years.py`.

Each is known by the key its class names first; all are listed in `values.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from questionnaires.exact import Rational
from questionnaires.given import Given
from questionnaires.text import Strict

if TYPE_CHECKING:  # the instrument is made of values, and values of each other
    from questionnaires.instrument import Instrument
    from questionnaires.values import AnyValue

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

    def over(self, other: FactValue, instrument: Instrument, shift: int, times: Rational) -> Read:
        """`times` one figure divided by another, as they are stored: one rational is made in place of three."""
        kind, offset, other_kind, other_offset = self.fact, self.year + shift, other.fact, other.year + shift
        up = instrument.fact_kinds[other_kind].scale * int(times.numerator)
        down = instrument.fact_kinds[kind].scale * int(times.denominator)

        def read(given: Given) -> Known:
            facts, year = given.facts, given.year
            top, bottom = facts.get((kind, year + offset)), facts.get((other_kind, year + other_offset))
            return Rational(top * up, bottom * down) if top is not None and bottom else None

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


class Combination(Strict):
    """Several values made into one, known when all of them are."""

    def parts(self) -> tuple[AnyValue, ...]:
        found: tuple[AnyValue, ...] = getattr(self, next(iter(type(self).model_fields)))
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


class Sum(Combination):
    """Added up."""

    sum: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return added(numbers)


class Difference(Combination):
    """The first less the second."""

    difference: tuple[AnyValue, AnyValue]

    def of(self, numbers: list[Rational]) -> Known:
        return numbers[0] - numbers[1]


class Product(Combination):
    """Multiplied."""

    product: tuple[AnyValue, ...] = Field(min_length=1)

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        """Of one value and plain numbers the numbers are multiplied beforehand."""
        values = [part for part in self.product if not isinstance(part, Rational)]
        if len(values) != 1:
            return super().compiled(instrument, shift)
        times = self.of([part for part in self.product if isinstance(part, Rational)])
        if isinstance(values[0], Ratio):
            return values[0].multiplied(instrument, shift, times)
        value = compiled(values[0], instrument, shift)

        def read(given: Given) -> Known:
            number = value(given)
            return None if number is None else number * times

        return read

    def of(self, numbers: list[Rational]) -> Rational:
        return math.prod(numbers, start=Rational(1))


class Ratio(Combination):
    """The first divided by the second; not known where that is 0."""

    ratio: tuple[AnyValue, AnyValue]

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        return self.multiplied(instrument, shift, Rational(1))

    def multiplied(self, instrument: Instrument, shift: int, times: Rational) -> Read:
        """`times` the ratio."""
        upper, lower = self.ratio
        if isinstance(upper, FactValue) and isinstance(lower, FactValue):
            return upper.over(lower, instrument, shift, times)
        over, under = (compiled(part, instrument, shift) for part in self.ratio)

        def read(given: Given) -> Known:
            top, bottom = over(given), under(given)
            return top / bottom * times if top is not None and bottom else None

        return read


class Mean(Combination):
    """The plain mean."""

    mean: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return added(numbers) / len(numbers)


class Least(Combination):
    """The smallest."""

    least: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return min(numbers)


class Greatest(Combination):
    """The largest."""

    greatest: tuple[AnyValue, ...] = Field(min_length=1)

    def of(self, numbers: list[Rational]) -> Known:
        return max(numbers)


def compiled(value: AnyValue, instrument: Instrument, shift: int = 0) -> Read:
    """A function that gives the number, or `None` while it is not known. `shift` moves all years."""
    if isinstance(value, Rational):
        return lambda given: value
    return value.compiled(instrument, shift)


def added(numbers: list[Rational]) -> Rational:
    return sum(numbers, Rational(0))
