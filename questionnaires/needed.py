"""What values need: the items and the figures behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING

from questionnaires.exact import Rational
from questionnaires.given import Given
from questionnaires.value_kinds import CountValue, FactValue, ItemValue, NamedValue
from questionnaires.value_years import Earlier, Growth, Yearly
from questionnaires.values import Value, inside

if TYPE_CHECKING:  # the instrument is made of statements, which need this
    from questionnaires.instrument import Instrument


def items_of(value: Value, instrument: Instrument) -> Iterator[str]:
    """The items that a value reads. Of named values, each is looked into once."""
    waiting, seen = [value], set[str]()
    while waiting:
        for part in inside(waiting.pop()):
            if isinstance(part, ItemValue):
                yield part.item
            elif isinstance(part, CountValue):
                yield part.count
            elif isinstance(part, NamedValue) and part.value in instrument.values and part.value not in seen:
                seen.add(part.value)
                waiting.append(instrument.values[part.value].calculation)


def figures_needed(value: Value, named: Mapping[str, Value]) -> tuple[tuple[str, int], ...]:
    """Every figure a value reads: its kind and the offset of its year. `named` are the definition's own values."""
    return tuple(_figures(value, named, {}))


Figures = dict[tuple[str, int], None]


def _figures(value: Value, named: Mapping[str, Value], done: dict[str, Figures]) -> Figures:
    """The figures in the order in which they are read; those of named values, worked out once, are kept in `done`."""
    if isinstance(value, FactValue):
        return {(value.fact, value.year): None}
    if isinstance(value, NamedValue):
        if value.value not in done:
            done[value.value] = {}  # whatever leads back to itself adds nothing
            done[value.value] = _figures(named[value.value], named, done) if value.value in named else {}
        return done[value.value]
    found: Figures = {}
    offsets = value.offsets() if isinstance(value, Growth | Earlier | Yearly) else (0,)
    for part in () if isinstance(value, Rational) else value.parts():
        for (kind, year), offset in product(_figures(part, named, done), offsets):
            found[kind, year + offset] = None
    return found


def never_known(values: Iterable[Value], given: Given) -> bool:
    """Whether one of them waits for an answer to an item that is surely not asked."""
    if not given.off:
        return False
    return any(item in given.off for value in values for item in items_of(value, given.instrument))
