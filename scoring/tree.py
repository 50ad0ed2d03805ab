"""The tree of measures: indicators with a rule at the leaves, dimensions above them, the total at the root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from questionnaires.exact import Exact, exact
from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.text import Strict, Text
from scoring.rules import Rule

Combine = Literal["weighted_mean", "sum", "minimum"]


class Node(Strict):
    """One measure of a definition: an indicator (`rule`) or a dimension (`children`, combined)."""

    id: str
    title: Text
    meaning: Text | None = None
    weight: Exact | None = None  # share among the children of a weighted_mean; any unit, 100 in all by custom
    maximum: Exact | None = None  # of the root, and of the children of a sum
    combine: Combine = "weighted_mean"
    children: tuple[Node, ...] = ()
    rule: Rule | None = None
    source: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A node in place: its parent, its depth and the most points it can have."""

    node: Node
    parent: str | None
    depth: int
    maximum: Fraction
    children: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def title(self) -> Text:
        return self.node.title


def measures_of(root: Node) -> dict[str, Measure]:
    """All measures by id, parents before children. The tree must be free of faults."""
    found: dict[str, Measure] = {}

    def place(node: Node, parent: str | None, depth: int, maximum: Fraction) -> None:
        found[node.id] = Measure(node, parent, depth, maximum, tuple(child.id for child in node.children))
        weights = sum((child.weight or Fraction(0) for child in node.children), Fraction(0))
        for child in node.children:
            place(child, node.id, depth + 1, _maximum(node, child, maximum, weights))

    place(root, None, 0, root_maximum(root))
    return found


def root_maximum(node: Node) -> Fraction:
    if node.combine == "sum" and node.maximum is None:
        return sum((root_maximum(child) for child in node.children), Fraction(0))
    return Fraction(node.maximum or 0)


def _maximum(node: Node, child: Node, maximum: Fraction, weights: Fraction) -> Fraction:
    """The most points of a child: its share of a mean, its own maximum in a sum, the whole under a minimum."""
    if node.combine == "weighted_mean":
        return maximum * (child.weight or Fraction(0)) / weights
    return root_maximum(child) if node.combine == "sum" else maximum


def tree_faults(root: Node, instrument: Instrument) -> Iterator[Fault]:
    """Every fault of the tree, each with its path (`tree.total.foundation.network`)."""
    if root_maximum(root) <= 0:
        yield Fault(f"tree.{root.id}", "maximum_missing")
    seen: set[str] = set()
    for path, node in _walk(root, "tree"):
        if node.id in seen:
            yield Fault(path, "twice", {"name": node.id})
        seen.add(node.id)
        yield from _node_faults(path, node)
        if node.rule is not None:
            yield from node.rule.faults(f"{path}.rule", instrument)


def maximum_faults(measures: Mapping[str, Measure]) -> Iterator[Fault]:
    """Maxima that contradict the tree: stated ones that differ from the place's, sums that miss their whole."""
    for measure in measures.values():
        children = [measures[child].maximum for child in measure.children]
        parts = sum(children, Fraction(0)) if measure.node.combine == "sum" and children else measure.maximum
        stated = measure.maximum if measure.node.maximum is None else measure.node.maximum
        if not stated == parts == measure.maximum:
            values = {"stated": exact(stated), "found": exact(measure.maximum if stated == parts else parts)}
            yield Fault(_path(measures, measure), "maximum_differs", values)


def _path(measures: Mapping[str, Measure], measure: Measure) -> str:
    above = "tree" if measure.parent is None else _path(measures, measures[measure.parent])
    return f"{above}.{measure.id}"


def _walk(node: Node, above: str) -> Iterator[tuple[str, Node]]:
    path = f"{above}.{node.id}"
    yield path, node
    for child in node.children:
        yield from _walk(child, path)


def _node_faults(path: str, node: Node) -> Iterator[Fault]:
    if bool(node.children) == (node.rule is not None):
        yield Fault(path, "rule_or_children")
    elif node.children and node.combine == "weighted_mean":
        yield from _weight_faults(path, node)
    elif node.combine == "sum":
        yield from (
            Fault(f"{path}.{child.id}", "maximum_missing") for child in node.children if root_maximum(child) <= 0
        )


def _weight_faults(path: str, node: Node) -> Iterator[Fault]:
    weights = [child.weight for child in node.children]
    yield from (Fault(f"{path}.{child.id}", "weight_missing") for child in node.children if child.weight is None)
    if any(weight is not None and weight < 0 for weight in weights) or not any(weights):
        yield Fault(path, "weight_sum")
