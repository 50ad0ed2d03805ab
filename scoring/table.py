"""The rule table: a node's named value follows, row by row, from the named values of its children."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Final

from pydantic import Field

from questionnaires.exact import Exact, Rational, exact
from questionnaires.faults import Fault
from questionnaires.text import Strict, Text
from scoring.intervals import Interval, Number

MOST_COMBINATIONS: Final = 20_000
ANY: Final = "any"


class NamedRange(Strict):
    """A named range of a node's points: from here up to where the next begins."""

    id: str
    title: Text
    from_: Exact = Field(alias="from")


class TableRow(Strict):
    """`then` is the value where every child named in `if` has (one of) the values given; `any`, or unnamed: all."""

    if_: dict[str, str | tuple[str, ...]] = Field(alias="if", default_factory=dict)
    then: str

    def matches(self, values: Mapping[str, str]) -> bool:
        return all(
            wanted == ANY or values[child] == wanted or (isinstance(wanted, tuple) and values[child] in wanted)
            for child, wanted in self.if_.items()
        )


def range_faults(path: str, ranges: Sequence[NamedRange], maximum: Rational) -> Iterator[Fault]:
    """Ranges must start at 0, rise, stay within the maximum and have different names."""
    starts = [each.from_ for each in ranges]
    if ranges and (starts[0] != 0 or any(low >= high for low, high in pairwise(starts))):
        yield Fault(f"{path}.values", "value_order")
    if ranges and starts[-1] > maximum:
        yield Fault(f"{path}.values", "over_maximum", {"points": exact(starts[-1]), "maximum": exact(maximum)})
    names = [each.id for each in ranges]
    yield from (Fault(f"{path}.values", "twice", {"name": name}) for name in names if names.count(name) > 1)


def table_faults(
    path: str, rows: Sequence[TableRow], own: Sequence[NamedRange], children: Mapping[str, Sequence[NamedRange]]
) -> Iterator[Fault]:
    """Every name must be known and every combination of the children's values must meet a row."""
    named = list(_name_faults(path, rows, own, children))
    yield from named
    if named:
        return
    if (many := prod(map(len, children.values()))) > MOST_COMBINATIONS:
        yield Fault(f"{path}.rows", "table_too_large", {"count": many, "most": MOST_COMBINATIONS})
        return
    yield from _coverage(path, rows, children)


def _coverage(path: str, rows: Sequence[TableRow], children: Mapping[str, Sequence[NamedRange]]) -> Iterator[Fault]:
    """The first combination that meets no row, and rows that decide nothing."""
    deciding: set[int] = set()
    for combination in product(*children.values()):
        values = {child: each.id for child, each in zip(children, combination, strict=True)}
        first = next((place for place, row in enumerate(rows) if row.matches(values)), None)
        if first is None:
            missing = ", ".join(f"{child}: {value}" for child, value in values.items())
            yield Fault(f"{path}.rows", "row_missing", {"values": missing})
            return
        deciding.add(first)
    yield from (Fault(f"{path}.rows[{place}]", "row_dead") for place in range(len(rows)) if place not in deciding)


def _name_faults(
    path: str, rows: Sequence[TableRow], own: Sequence[NamedRange], children: Mapping[str, Sequence[NamedRange]]
) -> Iterator[Fault]:
    if not own:
        yield Fault(f"{path}.values", "values_missing")
    for child, ranges in children.items():
        if not ranges:
            yield Fault(f"{path}.{child}.values", "values_missing")
    results = [each.id for each in own]
    for place, row in enumerate(rows):
        here = f"{path}.rows[{place}]"
        yield from _unknown(f"{here}.then", [row.then], results)
        yield from _unknown(f"{here}.if", list(row.if_), list(children))
        for child, wanted in row.if_.items():
            names = [each.id for each in children.get(child, ())]
            asked = () if wanted == ANY or child not in children else (wanted,) if isinstance(wanted, str) else wanted
            yield from _unknown(f"{here}.if.{child}", list(asked), names)


def _unknown(path: str, names: list[str], known: list[str]) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield Fault(path, "unknown_name", {"name": name, "known": ", ".join(known)})


class Ranges:
    """The named ranges of one node in whole units."""

    def __init__(self, ranges: Sequence[NamedRange], unit: int) -> None:
        self.names = [each.id for each in ranges]
        self.starts: list[Number] = [each.from_ * unit for each in ranges]

    def within(self, interval: Interval) -> frozenset[int]:
        """The places of all values that points from low to high may have."""
        low, high = (max(bisect_right(self.starts, point) - 1, 0) for point in interval)
        return frozenset(range(low, high + 1))


class Table:
    """A rule table ready to use: which of its own values each combination of its children's values leads to."""

    def __init__(self, rows: Sequence[TableRow], own: Ranges, children: Mapping[str, Ranges]) -> None:
        self.own, self.children = own, children
        self._results = {
            combination: self._result(rows, combination)
            for combination in product(*(range(len(each.names)) for each in children.values()))
        }

    def _result(self, rows: Sequence[TableRow], combination: tuple[int, ...]) -> int:
        names = {child: each.names[at] for (child, each), at in zip(self.children.items(), combination, strict=True)}
        return self.own.names.index(next(row.then for row in rows if row.matches(names)))

    def possible(self, values: Sequence[frozenset[int]]) -> frozenset[int]:
        """Every value that the possible values of the children allow."""
        return frozenset(self._results[combination] for combination in product(*values))

    def interval(self, possible: frozenset[int]) -> Interval:
        starts = [self.own.starts[place] for place in possible]
        return min(starts), max(starts)
