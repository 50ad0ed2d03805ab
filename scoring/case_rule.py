"""The rule of cases: the first statement that holds decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from pydantic import Field

from questionnaires.checks import never_asked
from questionnaires.exact import Exact, Rational, exact
from questionnaires.faults import Fault
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.needed import figures_needed
from questionnaires.references import items_in, placed, statement_faults
from questionnaires.statements import Compare, Statement
from questionnaires.text import Strict, Text
from questionnaires.values import Value
from scoring.figure_rules import HUNDRED
from scoring.intervals import Interval, Number, whole


class Case(Strict):
    """A share for those of whom `if` holds."""

    if_: Statement = Field(alias="if")
    weight: Exact
    text: Text | None = None


class CasesRule(Strict):
    """The weight of the first case that holds, else `otherwise`."""

    kind: Literal["cases"]
    cases: tuple[Case, ...] = Field(min_length=1)
    otherwise: Exact

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        for place, case in enumerate(self.cases):
            here = f"{path}.cases[{place}]"
            wrong = list(statement_faults(f"{here}.if", case.if_, instrument))
            yield from wrong
            for value in () if wrong else self._values(case):
                yield from never_asked(f"{here}.if", value, instrument)
            if not 0 <= case.weight <= HUNDRED:
                yield Fault(f"{here}.weight", "share_range", {"share": exact(case.weight)})
        if not 0 <= self.otherwise <= HUNDRED:
            yield Fault(f"{path}.otherwise", "share_range", {"share": exact(self.otherwise)})

    def items_read(self, instrument: Instrument) -> tuple[str, ...]:
        parts = (part for case in self.cases for _, part in placed("", case.if_))
        return tuple(dict.fromkeys(name for part in parts for name in items_in(part, instrument)))

    def _values(self, case: Case) -> Iterator[Value]:
        for _, part in placed("", case.if_):
            if isinstance(part, Compare):
                yield from (part.value, *part.bounds().values())

    def figures(self, instrument: Instrument) -> tuple[tuple[str, int], ...]:
        named = {name: derivation.calculation for name, derivation in instrument.values.items()}
        values = (value for case in self.cases for value in self._values(case))
        return tuple(dict.fromkeys(figure for value in values for figure in figures_needed(value, named)))

    def shares(self) -> Iterator[Rational]:
        yield from (case.weight for case in self.cases)
        yield self.otherwise

    def possible(self, given: Given) -> list[int]:
        """The places of the cases that may decide; one after the last stands for `otherwise`."""
        found = []
        for place, case in enumerate(self.cases):
            state = case.if_.state(given)
            if state != "unmet":
                found.append(place)
            if state in ("met", "not_applicable"):
                return found
        return [*found, len(self.cases)]

    def open(self, given: Given) -> bool:
        return len(self.possible(given)) > 1

    def reader(self, scale: Rational, instrument: Instrument) -> Callable[[Given], Interval]:
        points: list[Number] = [whole(share * scale) for share in self.shares()]

        def read(given: Given) -> Interval:
            reached = [points[place] for place in self.possible(given)]
            return min(reached), max(reached)

        return read

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        possible = self.possible(given)
        return {"case": possible[0] if len(possible) == 1 else None}
