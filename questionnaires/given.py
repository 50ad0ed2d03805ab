"""What values and conditions look at: the answers and figures of one firm, with the words they are given in."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from questionnaires.exact import Rational
from questionnaires.figures import Facts

if TYPE_CHECKING:  # the instrument is made of values and conditions
    from questionnaires.instrument import Instrument
    from questionnaires.items import Response


@dataclass(frozen=True, slots=True)
class Reference:
    """The values of an industry that a city entered: an indicator earns nothing at `base` and everything at `lead`."""

    base: Rational
    lead: Rational


@dataclass(slots=True)  # not frozen, which would take a microsecond of the fifty that a snapshot takes to score
class Given:
    """The answers to one instrument. `responses` holds only what was answered and is on the route."""

    instrument: Instrument
    responses: Mapping[str, Response] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    year: int = 0
    references: Mapping[str, Reference] = field(default_factory=dict)
    off: Set[str] = frozenset()  # items that are surely not on the route
    undecided: Set[str] = frozenset()  # items of which that is open

    def answered(self, item_id: str) -> bool:
        """Whether nothing of an item is open: a response, every row of a grid, every figure that it asks for."""
        item, response = self.instrument.items[item_id], self.responses.get(item_id)
        if item.type == "grid":
            return response is not None and item.complete(response)
        if item.type == "figures" and response is None and item_id not in self.undecided:
            figures = ((asked.fact, self.year + year) for asked in item.asks for year in asked.years)
            return all(figure in self.facts for figure in figures)
        return response is not None

    def fact(self, kind: str, year: int) -> Rational | None:
        """A figure in its base unit, or `None` while it is not known."""
        value = self.facts.get((kind, year))
        return None if value is None else self.instrument.fact_kinds[kind].amount(value)
