"""The rule over a grid: several rows rated on one scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from pydantic import Field

from questionnaires.exact import Exact, Rational, exact
from questionnaires.faults import Fault
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.items import Grid
from questionnaires.references import item_faults
from scoring.intervals import Interval, whole
from scoring.item_rules import ItemRule, Reader, share_faults, unknown, weight_faults


class GridRule(ItemRule):
    """The mean over the rows of a grid, weighted by `rows` where given; a `reversed` row earns what is left to 100."""

    kind: Literal["grid"]
    weights: dict[str, Exact]
    rows: dict[str, Exact] = Field(default_factory=dict)
    reversed: tuple[str, ...] = ()

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from item_faults(f"{path}.item", self.item, (Grid,), instrument)
        item = instrument.items.get(self.item)
        if isinstance(item, Grid):
            rows = [row.id for row in item.rows]
            yield from weight_faults(path, self.weights, [option.id for option in item.options])
            yield from unknown(f"{path}.reversed", [row for row in self.reversed if row not in rows], rows)
            if self.rows and set(self.rows) != set(rows):
                yield Fault(f"{path}.rows", "weights", {"needed": ", ".join(rows)})
        for row, weight in self.rows.items():
            if weight < 0:
                yield Fault(f"{path}.rows.{row}", "weight_below_0", {"weight": exact(weight)})
        if self.rows and not any(self.rows.values()):
            yield Fault(f"{path}.rows", "weight_sum")
        yield from share_faults(f"{path}.weights", self.weights)

    def _row_weights(self, rows: list[str]) -> dict[str, Rational]:
        total = sum(self.rows.values(), Rational(0)) if self.rows else Rational(len(rows))
        return {row: (self.rows[row] if self.rows else Rational(1)) / total for row in rows}

    def shares(self) -> Iterator[Rational]:
        if self.rows:
            total = sum(self.rows.values(), Rational(0))
            yield from (weight * row / total for weight in self.weights.values() for row in self.rows.values())
        else:
            yield from self.weights.values()

    def reader(self, scale: Rational, instrument: Instrument) -> Reader:
        found: Any = instrument.items[self.item]
        parts = self._row_weights([row.id for row in found.rows])
        points = {
            row: {
                option: whole((100 - weight if row in self.reversed else weight) * part * scale)
                for option, weight in self.weights.items()
            }
            for row, part in parts.items()
        }
        spans = {row: (min(each.values()), max(each.values())) for row, each in points.items()}
        item = self.item

        def read(given: Given) -> Interval:
            response: Any = given.responses.get(item) or {}
            rows = [(points[row][response[row]],) * 2 if row in response else span for row, span in spans.items()]
            return sum(low for low, _ in rows), sum(high for _, high in rows)

        return read

    def open(self, given: Given) -> bool:
        item: Any = given.instrument.items[self.item]
        return not item.complete(given.responses.get(self.item))

    def told(self, given: Given, points: Callable[[Rational], str]) -> dict[str, Any]:
        item: Any = given.instrument.items[self.item]
        response: Any = given.responses.get(self.item) or {}
        parts = self._row_weights([row.id for row in item.rows])
        shares = {
            row: (100 - self.weights[option] if row in self.reversed else self.weights[option]) * parts[row]
            for row, option in response.items()
        }
        return {"parts": tuple((row, points(share)) for row, share in shares.items())}
