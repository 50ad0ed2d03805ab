"""A second scorer, slow and obvious, to judge the first by. It shares no code with it.

It works on the plain definition. Whatever is not known is tried out: a measure is the set of all points it may have
(`None` among them where it may not apply), made by going through every combination of what its children may have.
A condition that waits for something is tried with yes and with no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from tests.scoring.reference_parts import CONDITIONS, VALUES, Raw, State, combined, number, offsets, shared, tried
from tests.scoring.reference_rules import RULES, as_value

Points = frozenset[Fraction | None]


@dataclass
class Firm:
    """Answers. `facts` are in base units, by kind and year from the reference year; `references`: base, lead."""

    responses: Mapping[str, Any]
    facts: Mapping[tuple[str, int], Fraction] = field(default_factory=dict)
    references: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)


class Reference:
    """One definition and one firm. `measures` are the points each may have, `level` and `possible_level` the result."""

    def __init__(self, raw: Raw, firm: Firm) -> None:
        self.raw, self.facts, self.references = raw, firm.facts, firm.references
        self.items: dict[str, Raw] = {item["id"]: item for section in raw["sections"] for item in section["items"]}
        self.responses: dict[str, Any] = {}
        self.route: dict[str, bool | None] = {}
        for section in raw["sections"]:
            for item in section["items"]:
                self._travel(section, item, firm.responses)
        self.measures: dict[str, Points] = {}
        self.maxima: dict[str, Fraction] = {}
        self.names: dict[str, frozenset[str]] = {}
        self.nodes: dict[str, Raw] = {}
        root = raw["tree"]
        self._points(root, number(root["maximum"]), None)
        self.steps = [self.all_of(map(self.state, step["conditions"])) for step in raw["ladder"]["steps"]]
        self.level = self._reached({"met", "not_applicable"})
        self.possible_level = self._reached({"met", "not_applicable", "unknown", "manual"})
        self.checks = {check["id"]: self.all_of(map(self.state, check["conditions"])) for check in raw["checks"]}

    def _travel(self, section: Raw, item: Raw, responses: Mapping[str, Any]) -> None:
        whens = [part["when"] for part in (section, item) if part.get("when")]
        states = [self.state(when) for when in whens]
        on = False if "unmet" in states else True if all(state == "met" for state in states) else None
        if on and item["id"] in responses:
            self.responses[item["id"]] = responses[item["id"]]
        self.route[item["id"]] = on

    # -- values

    def value(self, value: Any, shift: int = 0) -> Fraction | None:
        if not isinstance(value, Mapping):
            return number(value)
        (key,) = [key for key in value if key in VALUES or key in ("fact", "item", "count", "value")] or [""]
        if key == "fact":
            return self.facts.get((value["fact"], value.get("year", 0) + shift))
        if key == "item":
            return number(self.responses[value["item"]]) if value["item"] in self.responses else None
        if key == "count":
            return self._count(value)
        if key == "value":
            return self.value(self.raw["values"][value["value"]]["is"], shift)
        return VALUES[key](self, value, shift)

    def _count(self, value: Raw) -> Fraction | None:
        item, response = self.items[value["count"]], self.responses.get(value["count"])
        if response is None or not self.complete(item, response):
            return None
        wanted = value.get("of") or [option["id"] for option in item["options"] if not option.get("exclusive")]
        chosen = response.values() if item["type"] == "grid" else response
        return Fraction(len([option for option in chosen if option in wanted]))

    def complete(self, item: Raw, response: Any) -> bool:
        return item["type"] != "grid" or len(response) == len(item["rows"])

    def known_figures(self, item: Raw) -> bool:
        return all((ask["fact"], year) in self.facts for ask in item["asks"] for year in ask.get("years", [0]))

    def items_of(self, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                if key in ("item", "count"):
                    yield str(inner)
                elif key == "value":
                    yield from self.items_of(self.raw["values"][inner]["is"])
                elif key not in ("fact", "of"):
                    yield from self.items_of(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from self.items_of(inner)

    # -- conditions

    def state(self, condition: Raw) -> State:
        return CONDITIONS[condition["kind"]](self, condition)

    def all_of(self, states: Any) -> State:
        return tried(list(states), all)

    def _reached(self, holding: set[str]) -> int:
        held = [state in holding for state in self.steps]
        if self.raw["ladder"]["reached"] == "stepwise":
            return next((place for place, holds in enumerate(held) if not holds), len(held))
        return max([place for place, holds in enumerate(held, 1) if holds], default=0)

    # -- the tree

    def _points(self, node: Raw, maximum: Fraction, policy: str | None) -> Points:
        name, children = node["id"], node.get("children", [])
        policy = node.get("not_applicable", policy)
        self.nodes[name], self.maxima[name] = node, maximum
        if not children:
            points = frozenset(None if share is None else share * maximum / 100 for share in self._leaf(node, maximum))
        else:
            parts = [self._points(child, part, policy) for child, part in shared(node, maximum)]
            if node.get("combine") == "table":
                points = self._table(node, parts, str(policy))
            else:
                tops = [part for _, part in shared(node, maximum)]
                points = frozenset(
                    point
                    for combination in product(*parts)
                    for point in combined(node.get("combine", "weighted_mean"), combination, tops, maximum, policy)
                )
        self.measures[name] = points
        if node.get("values") and name not in self.names:
            self.names[name] = self._named(node, points, "unknown")
        return points

    def _named(self, node: Raw, points: Points, policy: str) -> frozenset[str]:
        """Which named values points may have. Between two points that are possible, everything is."""
        ranges = node["values"]
        if None in points and policy == "unknown":
            return frozenset(each["id"] for each in ranges)
        places = [max(at for at, each in enumerate(ranges) if number(each["from"]) <= (point or 0)) for point in points]
        if policy == "zero" and None in points:
            real = [point for point in points if point is not None]
            places = [max(at for at, e in enumerate(ranges) if number(e["from"]) <= point) for point in real]
            found = range(min(places), max(places) + 1) if places else range(0)
            return frozenset({ranges[0]["id"], *(ranges[at]["id"] for at in found)})
        return frozenset(ranges[at]["id"] for at in range(min(places), max(places) + 1))

    def _table(self, node: Raw, parts: Sequence[Points], policy: str) -> Points:
        possible = []
        for child, points in zip(node["children"], parts, strict=True):
            if child.get("combine") != "table":
                self.names[child["id"]] = self._named(child, points, policy)
            possible.append([(child["id"], name) for name in self.names[child["id"]]])
        found = set()
        for combination in product(*possible):
            values = dict(combination)
            for row in node["rows"]:
                wanted = {child: want for child, want in row.get("if", {}).items() if want != "any"}
                if all(values[child] in ([want] if isinstance(want, str) else want) for child, want in wanted.items()):
                    found.add(row["then"])
                    break
        self.names[node["id"]] = frozenset(found)
        return frozenset(number(each["from"]) for each in node["values"] if each["id"] in found)

    # -- indicators

    def _leaf(self, node: Raw, maximum: Fraction) -> set[Fraction | None]:
        """The shares (0 to 100) an indicator may have; `None`: it does not apply."""
        rule = node["rule"]
        if rule["kind"] == "cases":
            return set(self._cases(rule))
        if rule.get("reference") and rule["reference"] not in self.references:
            return {None}
        shares: set[Fraction | None] = set(RULES[rule["kind"]](self, rule, node, maximum))
        applies = [self._applies(givers) for givers in self._givers(rule)]
        if False in applies:
            return {None}
        return shares | {None} if None in applies else shares

    def _givers(self, rule: Raw) -> Iterator[list[str]]:
        """For each thing a rule reads, the items that may give it."""
        value = as_value(rule)
        yield from ([item] for item in ([rule["item"]] if "item" in rule else self.items_of(value)))
        figures = set(self.figures_of(value, 0))
        if rule["kind"] == "change":
            figures |= {(kind, year - rule.get("years", 1)) for kind, year in figures}
        for kind, year in figures:
            yield [
                name
                for name, item in self.items.items()
                if item["type"] == "figures"
                and any(ask["fact"] == kind and year in ask.get("years", [0]) for ask in item["asks"])
            ]

    def figures_of(self, value: Any, shift: int) -> Iterator[tuple[str, int]]:
        if not isinstance(value, Mapping):
            return
        if "fact" in value:
            yield value["fact"], value.get("year", 0) + shift
        elif "value" in value:
            yield from self.figures_of(self.raw["values"][value["value"]]["is"], shift)
        else:
            for key in (key for key in VALUES if key in value):
                parts = value[key] if isinstance(value[key], list) else [value[key]]
                for part, offset in product(parts, offsets(key, value)):
                    yield from self.figures_of(part, shift + offset)

    def _applies(self, givers: list[str]) -> bool | None:
        found = [self._item_applies(name) for name in givers]
        return True if True in found or not found else None if None in found else False

    def _item_applies(self, name: str) -> bool | None:
        item, response, route = self.items[name], self.responses.get(name), self.route[name]
        if route is False:
            return False
        gone = [option["id"] for option in item.get("options", []) if option.get("not_applicable")]
        if item["type"] == "figures":
            if response == "none":
                return False
            sure = not item.get("none") or self.known_figures(item)
        else:
            if response is not None and item["type"] == "single" and response in gone:
                return False
            sure = response is not None or not gone
        return True if route and sure else None

    def _cases(self, rule: Raw) -> Iterator[Fraction]:
        for case in rule["cases"]:
            state = self.state(case["if"])
            if state != "unmet":
                yield number(case["weight"])
            if state == "met":
                return
        yield number(rule["otherwise"])
