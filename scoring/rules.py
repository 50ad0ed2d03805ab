"""Rules: how one answer becomes a share of an indicator's points. Adding one is a class here and its line in `Rule`.

A rule gives `table()`: the share (in hundredths) of each possible part of an answer. All rules so far are tables; the
tree turns them into whole numbers once, so that scoring is looking up and adding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from questionnaires.exact import Exact
from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.items import Multiple, Response, Single
from questionnaires.text import Strict


class OptionRule(Strict):
    """The chosen option's share. `weights` are hundredths of the indicator's maximum."""

    kind: Literal["option"]
    item: str
    weights: dict[str, Exact]

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from _item_faults(path, self.item, Single, self.weights, instrument)
        for option, weight in self.weights.items():
            if not 0 <= weight <= 100:
                yield Fault(f"{path}.weights.{option}", "share_over_100", {"sum": weight})

    def bounds(self) -> tuple[Exact, Exact]:
        """The least and the most that any answer can earn."""
        return min(self.weights.values()), max(self.weights.values())

    def parts(self, response: Response) -> tuple[str, ...]:
        """The options whose weights add up to the share."""
        return (str(response),)


class SumOfOptionsRule(Strict):
    """The sum of the chosen options' shares. `weights` are hundredths of the indicator's maximum."""

    kind: Literal["sum_of_options"]
    item: str
    weights: dict[str, Exact]

    def faults(self, path: str, instrument: Instrument) -> Iterator[Fault]:
        yield from _item_faults(path, self.item, Multiple, self.weights, instrument)
        total = sum(self.weights.values())
        if total > 100 or any(weight < 0 for weight in self.weights.values()):
            yield Fault(f"{path}.weights", "share_over_100", {"sum": total})

    def bounds(self) -> tuple[Exact, Exact]:
        return min(self.weights.values()), sum(self.weights.values(), start=min(self.weights.values()) * 0)

    def parts(self, response: Response) -> tuple[str, ...]:
        assert isinstance(response, tuple)
        return response


Rule = Annotated[OptionRule | SumOfOptionsRule, Field(discriminator="kind")]


def _item_faults(
    path: str, item_id: str, needed: type[Single] | type[Multiple], weights: Mapping[str, Exact], instrument: Instrument
) -> Iterator[Fault]:
    item = instrument.items.get(item_id)
    if item is None:
        yield Fault(f"{path}.item", "unknown_name", {"name": item_id, "known": ", ".join(instrument.items)})
    elif not isinstance(item, needed):
        values = {"name": item_id, "type": item.type, "needed": needed.__name__.lower()}
        yield Fault(f"{path}.item", "wrong_type", values)
    elif set(weights) != {option.id for option in item.options}:
        yield Fault(f"{path}.weights", "weights", {"needed": ", ".join(option.id for option in item.options)})
