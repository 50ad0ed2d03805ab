"""Faults of a tree: weights, maxima, tables and policies that do not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from typing import Final

from pydantic import BaseModel

from questionnaires.exact import Rational, exact
from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from scoring.item_rules import OptionRule
from scoring.leaves import may_be_absent
from scoring.table import MOST_COMBINATIONS, range_faults, table_faults
from scoring.tree import Measure, Node, own_maximum, walk

PERCENT_FROM: Final = 10
MOST_LOOKUPS: Final = 300_000
FINEST: Final = 10**300


def tree_faults(root: Node, instrument: Instrument) -> Iterator[Fault]:
    """Every fault of the tree, each with its path. What would take too long to look into is refused alone."""
    if work := table_lookups(root):
        yield Fault("tree", "tables_too_large", {"most": MOST_LOOKUPS, "count": work})
        return
    if too_fine(numbers_in(root)):
        yield Fault("tree", "too_fine")
        return
    if own_maximum(root) <= 0:
        yield Fault(f"tree.{root.id}", "maximum_missing")
    seen: set[str] = set()
    for path, node in walk(root):
        if node.id in seen:
            yield Fault(path, "twice", {"name": node.id})
        seen.add(node.id)
        yield from _node_faults(path, node)
        if node.rule is not None:
            yield from node.rule.faults(f"{path}.rule", instrument)
            yield from _value_faults(path, node)


def table_lookups(root: Node) -> int:
    """How often a row would be compared with a combination, over all tables; 0 while that is quickly done."""
    found = 0
    for _path, node in walk(root):
        if node.combine == "table":
            many = prod(max(len(child.values), 1) for child in node.children)
            found += 0 if many > MOST_COMBINATIONS else many * max(len(node.rows), 1)  # those are refused one by one
    return found if found > MOST_LOOKUPS else 0


def numbers_in(part: object) -> Iterator[Rational]:
    """Every number of a node, or of any part of one, as it stands in the definition."""
    if isinstance(part, Rational):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from numbers_in(getattr(part, name))
    elif isinstance(part, dict | tuple):
        for entry in part.values() if isinstance(part, dict) else part:
            yield from numbers_in(entry)


def too_fine(numbers: Iterable[Rational]) -> bool:
    """Whether the numbers have no common denominator of a size to reckon with."""
    common = 1
    for number in numbers:
        common = math.lcm(common, int(number.denominator))
        if common > FINEST:
            return True
    return False


def _node_faults(path: str, node: Node) -> Iterator[Fault]:
    if bool(node.children) == (node.rule is not None):
        yield Fault(path, "rule_or_children")
    elif node.children:
        yield from COMBINE_FAULTS.get(node.combine, _none)(path, node)
    if node.combine != "weighted_mean":
        weighted = [child for child in node.children if child.weight is not None]
        unused = {"combine": node.combine}
        yield from (Fault(f"{path}.{child.id}.weight", "weight_unused", unused) for child in weighted)
        if node.weights_total is not None:
            yield Fault(f"{path}.weights_total", "weight_unused", {"combine": node.combine})
    if node.rows and node.combine != "table":
        yield Fault(f"{path}.rows", "rows_without_table")


def _weights(path: str, node: Node) -> Iterator[Fault]:
    weights = [child.weight for child in node.children if child.weight is not None]
    yield from (Fault(f"{path}.{child.id}", "weight_missing") for child in node.children if child.weight is None)
    total = sum(weights, Rational(0))
    below = [(child.id, child.weight) for child in node.children if child.weight is not None and child.weight < 0]
    yield from (Fault(f"{path}.{name}.weight", "weight_below_0", {"weight": exact(weight)}) for name, weight in below)
    if below:
        return
    if not total:
        yield Fault(path, "weight_sum")
    elif len(weights) == len(node.children):
        needed = node.weights_total or _meant(weights)
        if needed is not None and total != needed:
            yield Fault(path, "weights_total", {"found": exact(total), "needed": exact(needed)})


def _meant(weights: list[Rational]) -> Rational | None:
    """What weights should add up to: percentages to 100, shares to 1; small whole parts (1, 1, 2) to anything."""
    if max(weights) >= PERCENT_FROM:
        return Rational(100)
    return Rational(1) if all(weight < 1 for weight in weights) else None


def _maxima(path: str, node: Node) -> Iterator[Fault]:
    yield from (Fault(f"{path}.{child.id}", "maximum_missing") for child in node.children if own_maximum(child) <= 0)


def _table(path: str, node: Node) -> Iterator[Fault]:
    yield from _maxima(path, node)
    yield from table_faults(path, node.rows, node.values, {child.id: child.values for child in node.children})
    if node.not_applicable == "redistribute":
        yield Fault(f"{path}.not_applicable", "table_redistributes")


def _none(path: str, node: Node) -> Iterator[Fault]:
    return iter(())


COMBINE_FAULTS: Final[Mapping[str, Callable[[str, Node], Iterator[Fault]]]] = {
    "weighted_mean": _weights,
    "sum": _maxima,
    "table": _table,
}


def _value_faults(path: str, node: Node) -> Iterator[Fault]:
    """Options that stand for named values need the node to have them."""
    if isinstance(node.rule, OptionRule):
        names = [each.id for each in node.values]
        for option, value in node.rule.values.items():
            if value not in names:
                known = {"name": value, "known": ", ".join(names)}
                yield Fault(f"{path}.rule.values.{option}", "unknown_name", known)


def placed_faults(measures: Mapping[str, Measure], instrument: Instrument) -> Iterator[Fault]:
    """Faults that show once every node has its place: maxima that contradict each other, policies that are missing."""
    if too_fine(measure.maximum for measure in measures.values()):
        yield Fault("tree", "too_fine")
        return
    for measure in measures.values():
        path = path_of(measures, measure)
        yield from _maximum(path, measure, measures)
        yield from range_faults(path, measure.node.values, measure.maximum)
        if measure.children and measure.policy is None and _absent_below(measure, measures, instrument):
            yield Fault(path, "policy_missing")
        elif _inherits_sharing(measure) and _absent_below(measure, measures, instrument):
            yield Fault(path, "table_redistributes")


def _inherits_sharing(measure: Measure) -> bool:
    """Whether a table would have to share out because a node above says so; its own statement is looked at before."""
    return measure.node.combine == "table" and measure.policy == "redistribute" and measure.node.not_applicable is None


def _maximum(path: str, measure: Measure, measures: Mapping[str, Measure]) -> Iterator[Fault]:
    """Stated maxima that differ from the place's, and sums that miss their whole."""
    children = [measures[child].maximum for child in measure.children]
    parts = sum(children, Rational(0)) if measure.node.combine == "sum" and children else measure.maximum
    stated = measure.maximum if measure.node.maximum is None else measure.node.maximum
    if not stated == parts == measure.maximum:
        values = {"stated": exact(stated), "found": exact(measure.maximum if stated == parts else parts)}
        yield Fault(path, "maximum_differs", values)


def _absent_below(measure: Measure, measures: Mapping[str, Measure], instrument: Instrument) -> bool:
    """Whether a child may turn out not to apply: an indicator, or a dimension of which nothing applies."""
    return any(absent_possible(measures[child], measures, instrument) for child in measure.children)


def absent_possible(measure: Measure, measures: Mapping[str, Measure], instrument: Instrument) -> bool:
    """Whether a measure may not apply to a firm at all."""
    if measure.node.rule is not None:
        return may_be_absent(measure.node.rule, instrument)
    children = [measures[child] for child in measure.children]
    if measure.node.combine in MEANS and measure.maximum:
        children = [child for child in children if child.maximum]  # what weighs nothing cannot stand for the rest
    return measure.policy == "redistribute" and all(absent_possible(each, measures, instrument) for each in children)


MEANS: Final = frozenset({"weighted_mean", "mean", "sum"})


def path_of(measures: Mapping[str, Measure], measure: Measure) -> str:
    above = "tree" if measure.parent is None else path_of(measures, measures[measure.parent])
    return f"{above}.{measure.id}"
