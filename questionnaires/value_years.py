"""The kinds of values that look at other years than the reference year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from questionnaires.faults import refusal
from questionnaires.given import Given
from questionnaires.text import Strict
from questionnaires.value_kinds import Known, Read, added, compiled

if TYPE_CHECKING:  # the instrument is made of values, and values of each other
    from questionnaires.instrument import Instrument
    from questionnaires.values import AnyValue


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

    @model_validator(mode="after")
    def _enough(self) -> Yearly:
        if len(set(self.years)) < max(self.at_least or 0, len(self.years)):
            raise refusal("years_differ")
        return self

    def compiled(self, instrument: Instrument, shift: int) -> Read:
        reads = [compiled(self.yearly, instrument, shift + offset) for offset in self.years]
        needed = self.at_least or len(self.years)

        def read(given: Given) -> Known:
            numbers = [number for each in reads if (number := each(given)) is not None]
            if len(numbers) < needed:
                return None
            return added(numbers) / (len(numbers) if self.together == "mean" else 1)

        return read

    def offsets(self) -> tuple[int, ...]:
        return self.years

    def parts(self) -> tuple[AnyValue, ...]:
        return (self.yearly,)
