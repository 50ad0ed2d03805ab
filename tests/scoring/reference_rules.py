"""The rules of the second scorer: every share (0 to 100) that an indicator may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from tests.scoring.reference_parts import Raw, number

if TYPE_CHECKING:
    from tests.scoring.reference_scorer import Reference


def answers_to(item: Raw) -> list[Any]:
    """Every answer that an item with choices allows."""
    if item["type"] == "scene":
        return [level["level"] for level in item["levels"]]
    options = [option["id"] for option in item["options"]]
    if item["type"] == "single":
        return options
    if item["type"] == "grid":
        rows = [row["id"] for row in item["rows"]]
        return [dict(zip(rows, chosen, strict=True)) for chosen in product(options, repeat=len(rows))]
    needs = {option["id"]: set(option.get("requires", [])) for option in item["options"]}
    alone = {option["id"] for option in item["options"] if option.get("exclusive")}
    return [
        list(chosen)
        for count in range(1, len(options) + 1)
        for chosen in combinations(options, count)
        if (count == 1 or not alone & set(chosen)) and all(needs[option] <= set(chosen) for option in chosen)
    ]


def _given(self: Reference, rule: Raw) -> list[Any]:
    """The answer to a rule's item, or all that are possible."""
    item, response = self.items[rule["item"]], self.responses.get(rule["item"])
    if response is None:
        return answers_to(item)
    if item["type"] == "grid":
        return [every for every in answers_to(item) if all(every[row] == response[row] for row in response)]
    return [response]


def _option(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> Iterator[Fraction]:
    if rule.get("values"):
        starts = {each["id"]: number(each["from"]) for each in node["values"]}
        weights = {option: starts[value] / maximum * 100 for option, value in rule["values"].items()}
    else:
        weights = {option: number(weight) for option, weight in rule["weights"].items()}
    yield from (weights[option] for option in _given(self, rule) if option in weights)
    if self.responses.get(rule["item"]) not in (None, *weights):
        yield Fraction(0)  # does not apply


def _sum(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> Iterator[Fraction]:
    for chosen in _given(self, rule):
        total = sum((number(rule["weights"][option]) for option in chosen), Fraction(0))
        total = max(total, number(rule["at_least"])) if "at_least" in rule else total
        yield min(total, number(rule["at_most"])) if "at_most" in rule else total


def _count(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> Iterator[Fraction]:
    item = self.items[rule["item"]]
    counted = rule.get("of") or [option["id"] for option in item["options"] if not option.get("exclusive")]
    base, lead = rule.get("base", 0), rule["lead"]
    for chosen in _given(self, rule):
        count = sum(option in counted for option in chosen)
        yield Fraction(100 * (min(max(count, base), lead) - base), lead - base)


def _grid(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> Iterator[Fraction]:
    rows = [row["id"] for row in self.items[rule["item"]]["rows"]]
    parts = {row: number(rule["rows"][row]) if rule.get("rows") else Fraction(1) for row in rows}
    for chosen in _given(self, rule):
        shares = {row: number(rule["weights"][option]) for row, option in chosen.items()}
        shares |= {row: 100 - shares[row] for row in rule.get("reversed", [])}
        yield sum((parts[row] * shares[row] for row in rows), Fraction(0)) / sum(parts.values())


def _bands(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> Iterator[Fraction]:
    value, weights = self.value(rule["value"]), [number(weight) for weight in rule["weights"]]
    for place, weight in enumerate(weights):
        low = None if place == 0 else number(rule["edges"][place - 1])
        high = None if place == len(weights) - 1 else number(rule["edges"][place])
        upper = rule["closed"] == "upper"
        if value is None or (
            (low is None or value > low or (value == low and not upper))
            and (high is None or value < high or (value == high and upper))
        ):
            yield weight


def _between(value: Fraction | None, base: Fraction, lead: Fraction) -> list[Fraction]:
    if value is None:
        return [Fraction(0), Fraction(100)]
    if base > lead:
        value, base, lead = -value, -base, -lead
    return [Fraction(0) if value <= base else Fraction(100) if value >= lead else (value - base) * 100 / (lead - base)]


def _linear(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> list[Fraction]:
    base, lead = (
        self.references[rule["reference"]] if rule.get("reference") else (number(rule["base"]), number(rule["lead"]))
    )
    return _between(self.value(rule["value"]), base, lead)


def _change(self: Reference, rule: Raw, node: Raw, maximum: Fraction) -> list[Fraction]:
    up, same, down = (number(rule[name]) for name in ("up", "same", "down"))
    now, then = self.value(rule["value"]), self.value(rule["value"], -rule.get("years", 1))
    if now is None or then is None:
        return [up, same, down]
    band = abs(then) * number(rule.get("within", 0))
    return [up if now > then + band else down if now < then - band else same]


def as_value(rule: Raw) -> Any:
    """The value a rule works with, if it does."""
    if rule["kind"] != "share":
        return rule.get("value")
    year = rule.get("year", 0)
    return {"ratio": [{"fact": rule["part"], "year": year}, {"fact": rule["whole"], "year": year}]}


RULES: dict[str, Callable[[Reference, Raw, Raw, Fraction], Iterable[Fraction]]] = {
    "option": _option,
    "sum_of_options": _sum,
    "scene": lambda self, rule, node, maximum: (number(rule["weights"][level]) for level in _given(self, rule)),
    "count": _count,
    "grid": _grid,
    "bands": _bands,
    "linear": _linear,
    "share": lambda self, rule, node, maximum: _between(self.value(as_value(rule)), Fraction(0), Fraction(1)),
    "change": _change,
}
