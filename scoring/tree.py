"""The tree of measures: indicators with a rule at the leaves, dimensions above them, the total at the root."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from questionnaires.exact import Exact, Rational
from questionnaires.text import Strict, Text
from scoring.rules import Rule
from scoring.table import NamedRange, TableRow

Combine = Literal["weighted_mean", "mean", "sum", "minimum", "maximum", "table"]
Policy = Literal["zero", "redistribute", "unknown"]


class Node(Strict):
    """One measure of a definition: an indicator (`rule`) or a dimension (`children`, combined).

    `not_applicable` says what becomes of children that do not apply to the firm; it holds for everything below as well.
    """

    id: str
    title: Text
    meaning: Text | None = None
    weight: Exact | None = None  # share among the children of a weighted_mean
    weights_total: Exact | None = (
        None  # what the children's weights add up to, where they are neither percent nor shares
    )
    maximum: Exact | None = None  # of the root, of the children of a sum, and of those of a table
    combine: Combine = "weighted_mean"
    not_applicable: Policy | None = None
    values: tuple[NamedRange, ...] = ()
    rows: tuple[TableRow, ...] = ()
    children: tuple[Node, ...] = ()
    rule: Rule | None = None
    source: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A node in place: its parent, its depth, the most points it can have, and what holds below it."""

    node: Node
    parent: str | None
    depth: int
    maximum: Rational
    children: tuple[str, ...]
    policy: Policy | None

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def title(self) -> Text:
        return self.node.title


def measures_of(root: Node) -> dict[str, Measure]:
    """All measures by id, parents before children. In a faulty tree, maxima may be wrong."""
    found: dict[str, Measure] = {}

    def place(node: Node, parent: Measure | None, maximum: Rational) -> None:
        above = parent.policy if parent else None
        measure = Measure(
            node,
            parent.id if parent else None,
            parent.depth + 1 if parent else 0,
            maximum,
            tuple(child.id for child in node.children),
            node.not_applicable or above,
        )
        found[node.id] = measure
        for child, most in zip(node.children, CHILD_MAXIMA[node.combine](node, maximum), strict=True):
            place(child, measure, most)

    place(root, None, own_maximum(root))
    return found


def own_maximum(node: Node) -> Rational:
    """The most points of a node by itself: stated, or that of its children added up, or its highest named value."""
    if node.maximum is not None:
        return node.maximum
    if node.combine == "sum" and node.children:
        return sum((own_maximum(child) for child in node.children), Rational(0))
    return node.values[-1].from_ if node.values else Rational(0)


def _by_weight(node: Node, maximum: Rational) -> list[Rational]:
    total = sum((each.weight or Rational(0) for each in node.children), Rational(0))
    return [maximum * (child.weight or Rational(0)) / total if total else Rational(0) for child in node.children]


def _own(node: Node, maximum: Rational) -> list[Rational]:
    return [own_maximum(child) for child in node.children]


def _whole(node: Node, maximum: Rational) -> list[Rational]:
    return [maximum] * len(node.children)


CHILD_MAXIMA: Final[Mapping[Combine, Callable[[Node, Rational], list[Rational]]]] = {
    "weighted_mean": _by_weight,
    "mean": lambda node, maximum: [maximum / len(node.children)] * len(node.children) if node.children else [],
    "sum": _own,
    "minimum": _whole,
    "maximum": _whole,
    "table": _own,
}
"""The most points of each child: its share of a mean, its own in a sum or table, else the whole."""


def walk(node: Node, above: str = "tree") -> Iterator[tuple[str, Node]]:
    """Every node with its path (`tree.total.foundation.network`)."""
    path = f"{above}.{node.id}"
    yield path, node
    for child in node.children:
        yield from walk(child, path)
