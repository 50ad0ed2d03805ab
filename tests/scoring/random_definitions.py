"""Definitions drawn at random: every item type, rule, condition and way to combine, small enough to try all answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st

from questionnaires.exact import exact
from tests.scoring import random_conditions
from tests.scoring.reference_parts import shared

Raw = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
TEXT = {"zh_CN": "一", "en": "a"}
ASKED = {"number": "1", "short": TEXT, "label": TEXT, "why": TEXT, "evidence": TEXT, "source": "T", "confidence": "C"}
FACT = {"label": TEXT, "hint": TEXT, "why": TEXT, "evidence": TEXT, "source": "T", "confidence": "C"}
KINDS = ("single", "multiple", "scene", "number", "grid", "figures")
YEARS = [0, -1, -2, -3]
WEIGHTS = ["0", "0", "12.5", "25", "100/3", "50", "75", "100"]


def head(sections: list[Raw]) -> Raw:
    """Everything of a definition but tree and ladder."""
    return {
        "schema": 1, "questionnaire": "drawn", "version": "1", "title": TEXT, "field": "digital",
        "basis": {"title": TEXT, "number": "1", "date": "2026-01-01", "standing": "in-house", "source": "T",
                  "confidence": "C"},
        "scope": {"industries": [], "outside": TEXT, "source": "T", "confidence": "C"}, "sources": {"T": TEXT},
        "groups": {"all": TEXT},
        "facts": [{"id": name, "unit": "yuan", "decimals": place, **FACT} for place, name in enumerate(("fa", "fb"))],
        "references": [{"id": "ref", "title": TEXT, "unit": TEXT, "better": "lower", "source": "T", "confidence": "C"}],
        "values": {}, "sections": sections,
    }  # fmt: skip


def section(name: str, items: list[Raw]) -> Raw:
    return {"id": name, "title": TEXT, "about": TEXT, "items": items}


def item(name: str, kind: str, draw: Draw, *, absent: bool = True, requires: bool = True) -> Raw:
    """An item of a type. `absent`: it may say that it does not apply; `requires`: options may need others."""
    raw: Raw = {"id": name, "type": kind, **ASKED}
    raw.update(ITEMS[kind](draw, absent, requires))
    return raw


def _options(names: str) -> list[Raw]:
    return [{"id": name, "label": TEXT} for name in names]


def _single(draw: Draw, absent: bool, requires: bool) -> Raw:
    options = _options("ABC"[: draw(st.integers(2, 3))])
    if absent and draw(st.booleans()):
        options.append({"id": "X", "label": TEXT, "not_applicable": True})
    return {"options": options}


def _multiple(draw: Draw, absent: bool, requires: bool) -> Raw:
    options = _options("BCD"[: draw(st.integers(2, 3))])
    if requires and draw(st.booleans()):
        options[1]["requires"] = ["B"]
    if draw(st.booleans()):
        options.insert(0, {"id": "A", "label": TEXT, "exclusive": True})
    return {"options": options}


def _grid(draw: Draw, absent: bool, requires: bool) -> Raw:
    return {
        "rows": [{"id": name, "label": TEXT} for name in ("r1", "r2")],
        "options": _options("012"[: draw(st.integers(2, 3))]),
    }


def _figures(draw: Draw, absent: bool, requires: bool) -> Raw:
    kinds = draw(st.sampled_from([["fa"], ["fb"], ["fa", "fb"]]))
    none = {"none": {"label": TEXT}} if absent and draw(st.booleans()) else {}
    return {"asks": [{"fact": kind, "years": YEARS} for kind in kinds], **none}


ITEMS: dict[str, Callable[[Draw, bool, bool], Raw]] = {
    "single": _single,
    "multiple": _multiple,
    "scene": lambda draw, absent, requires: {
        "constrained": draw(st.booleans()),
        "group": "all",
        "levels": [{"level": level, "label": TEXT} for level in range(5)],
    },
    "number": lambda draw, absent, requires: {"decimals": 1, "minimum": 0, "maximum": 10},
    "grid": _grid,
    "figures": _figures,
}


# -- rules


@dataclass
class Drawn:
    """A definition on the way: what has been drawn so far."""

    draw: Draw
    items: list[Raw]
    named: list[str] = field(default_factory=list)
    measures: list[tuple[Raw, Fraction]] = field(default_factory=list)

    def of_type(self, *kinds: str) -> list[Raw]:
        return [each for each in self.items if each["type"] in kinds]

    def facts(self) -> list[str]:
        return sorted({ask["fact"] for each in self.of_type("figures") for ask in each["asks"]})

    def weight(self) -> str:
        return str(self.draw(st.sampled_from(WEIGHTS)))

    def value(self, shifts: int = 1, depth: int = 2) -> Any:
        return random_conditions.value(self, shifts, depth)


def item_rule(drawn: Drawn, of: Raw) -> Raw:
    """A rule over one item with choices, which needs no other."""
    draw, options = drawn.draw, [each["id"] for each in of.get("options", []) if not each.get("not_applicable")]
    rule: Raw = {"item": of["id"]}
    if of["type"] == "scene":
        return {**rule, "kind": "scene", "weights": [drawn.weight() for _ in range(5)]}
    weights = {option: drawn.weight() for option in options}
    if of["type"] == "single":
        return {**rule, "kind": "option", "weights": weights}
    if of["type"] == "grid":
        rows = draw(st.sampled_from([{}, {"rows": {"r1": 1, "r2": 2}}, {"rows": {"r1": "0.5", "r2": 0}}]))
        return {**rule, "kind": "grid", "weights": weights, **rows, **draw(st.sampled_from([{}, {"reversed": ["r2"]}]))}
    counted = [each["id"] for each in of["options"] if not each.get("exclusive")]
    if draw(st.booleans()):
        of_some = draw(st.sampled_from([{}, {"of": counted[:1]}, {"of": counted[-2:]}]))
        most = len(of_some.get("of", counted))
        lead = draw(st.integers(1, most))
        return {**rule, "kind": "count", **of_some, "base": draw(st.integers(0, lead - 1)), "lead": lead}
    limits = draw(st.sampled_from([{"at_most": 100}, {"at_least": 0, "at_most": 100}, {"at_least": 20, "at_most": 60}]))
    if "at_least" in limits and draw(st.booleans()):
        weights[counted[-1]] = "-40"
    return {**rule, "kind": "sum_of_options", "weights": weights, **limits}


def value_rule(drawn: Drawn) -> Raw:
    """A rule over a value: bands, linear, share, change or cases."""
    return VALUE_RULES[drawn.draw(st.sampled_from(sorted(VALUE_RULES)))](drawn)


def _bands(drawn: Drawn) -> Raw:
    edges = sorted(drawn.draw(st.sets(st.sampled_from([-1, 0, "0.5", 1, 2, 5]), min_size=1, max_size=3)), key=Fraction)
    weights = [drawn.weight() for _ in range(len(edges) + 1)]
    closed = drawn.draw(st.sampled_from(["upper", "lower"]))
    return {"kind": "bands", "value": drawn.value(), "closed": closed, "edges": edges, "weights": weights}


def _linear(drawn: Drawn) -> Raw:
    ends = drawn.draw(st.sampled_from([{"base": 0, "lead": 10}, {"base": 7, "lead": "-2.5"}, {"reference": "ref"}]))
    return {"kind": "linear", "value": drawn.value(), **ends}


def _share(drawn: Drawn) -> Raw:
    facts = drawn.facts()
    if not facts:
        return _bands(drawn)
    return {"kind": "share", "part": facts[0], "whole": facts[-1], "year": drawn.draw(st.sampled_from([0, -1]))}


def _change(drawn: Drawn) -> Raw:
    within = drawn.draw(st.sampled_from([{}, {"within": "0.25"}]))
    ways = {name: drawn.weight() for name in ("up", "same", "down")}
    return {"kind": "change", "value": drawn.value(shifts=0), "years": 1, **ways, **within}


def _cases(drawn: Drawn) -> Raw:
    cases = [
        {"if": random_conditions.statement(drawn), "weight": drawn.weight()}
        for _ in range(drawn.draw(st.integers(1, 2)))
    ]
    return {"kind": "cases", "cases": cases, "otherwise": drawn.weight()}


VALUE_RULES = {"bands": _bands, "linear": _linear, "share": _share, "change": _change, "cases": _cases}


# -- the tree


def leaf(drawn: Drawn, name: str, own: bool) -> Raw:
    """An indicator; `own`: it reads one item of its own only."""
    choices = drawn.of_type("single", "multiple", "scene", "grid")
    if own:
        choices = [
            each
            for each in choices
            if each["id"] not in {m["rule"].get("item") for m, _ in drawn.measures if "rule" in m}
        ]
    simple = own or not drawn.items or (choices and drawn.draw(st.booleans()))
    rule = item_rule(drawn, drawn.draw(st.sampled_from(choices))) if simple else value_rule(drawn)
    return {"id": name, "title": TEXT, "rule": rule}


def tree(drawn: Drawn, leaves: int, combines: tuple[str, ...], own: bool) -> Raw:
    """A tree of that many indicators. Every node says what becomes of what does not apply."""
    root: Raw = {"id": "total", "title": TEXT, "maximum": 100}
    root["not_applicable"] = drawn.draw(st.sampled_from(["zero", "redistribute", "unknown"]))
    _grow(drawn, root, Fraction(100), leaves, combines, own)
    return root


def _grow(drawn: Drawn, node: Raw, maximum: Fraction, leaves: int, combines: tuple[str, ...], own: bool) -> None:
    drawn.measures.append((node, maximum))
    if leaves == 1 and node["id"] != "total":
        drawn.measures.pop()
        node.update(leaf(drawn, node["id"], own))
        drawn.measures.append((node, maximum))
        return
    node["combine"] = drawn.draw(
        st.sampled_from([each for each in combines if maximum or each not in ("sum", "table")])
    )
    counts = _parted(drawn, leaves)
    node["children"] = [{"id": f"{node['id']}{place}", "title": TEXT} for place in range(len(counts))]
    COMBINES[node["combine"]](drawn, node, maximum)
    if node["combine"] == "table":
        counts = [1] * len(counts)
    elif node["id"] != "total" and drawn.draw(st.booleans()):
        node["not_applicable"] = drawn.draw(st.sampled_from(["zero", "redistribute", "unknown"]))
    for child, count in zip(node["children"], counts, strict=True):
        inside = dict(shared_by_id(node, maximum))[child["id"]]
        _grow(drawn, child, inside, count, combines, own)


def shared_by_id(node: Raw, maximum: Fraction) -> list[tuple[str, Fraction]]:
    return [(child["id"], top) for child, top in shared(node, maximum)]


def _parted(drawn: Drawn, leaves: int) -> list[int]:
    first = drawn.draw(st.integers(1, max(1, leaves - 1)))
    return [first, leaves - first] if leaves > 1 else [1]


def _weigh(drawn: Drawn, node: Raw, maximum: Fraction) -> None:
    for child in node["children"]:
        child["weight"] = drawn.draw(st.sampled_from([1, 1, 2, 3]))
    if len(node["children"]) > 1 and drawn.draw(st.integers(0, 5)) == 0:
        node["children"][0]["weight"] = 0


def _add(drawn: Drawn, node: Raw, maximum: Fraction) -> None:
    for child in node["children"]:
        child["maximum"] = exact(maximum / len(node["children"]))


def _tabulate(drawn: Drawn, node: Raw, maximum: Fraction) -> None:
    """Rows in falling order of strictness; the last one takes everything."""
    results = ["low", "mid", "high"]
    starts = [Fraction(0), maximum / 3, maximum]
    node["values"] = [{"id": name, "title": TEXT, "from": exact(at)} for name, at in zip(results, starts, strict=True)]
    node["not_applicable"] = drawn.draw(st.sampled_from(["zero", "unknown"]))
    for child in node["children"]:
        child["maximum"] = 2
        child["values"] = [{"id": f"v{at}", "title": TEXT, "from": at} for at in (0, 1, 2)]
    wanted = st.sampled_from(["any", "v0", "v2", ["v1", "v2"]])
    node["rows"] = [
        {
            "if": {child["id"]: drawn.draw(wanted) for child in node["children"]},
            "then": drawn.draw(st.sampled_from(results)),
        }
        for _ in range(3)
    ]
    node["rows"].append({"if": {}, "then": drawn.draw(st.sampled_from(results))})
    node["rows"] = _deciding(node["rows"], [child["id"] for child in node["children"]])


def _deciding(rows: list[Raw], children: list[str]) -> list[Raw]:
    """The rows that decide something; a row that those before leave nothing for is a fault."""
    first = set()
    for values in product(("v0", "v1", "v2"), repeat=len(children)):
        given = dict(zip(children, values, strict=True))
        first.add(next(place for place, row in enumerate(rows) if _fits(row["if"], given)))
    return [row for place, row in enumerate(rows) if place in first]


def _fits(wanted: Raw, given: dict[str, str]) -> bool:
    return all(want == "any" or given[child] == want or given[child] in want for child, want in wanted.items())


COMBINES: dict[str, Callable[[Drawn, Raw, Fraction], None]] = {
    "weighted_mean": _weigh,
    "sum": _add,
    "table": _tabulate,
    "mean": lambda drawn, node, maximum: None,
    "minimum": lambda drawn, node, maximum: None,
    "maximum": lambda drawn, node, maximum: None,
}
ALL_COMBINES = tuple(COMBINES)
