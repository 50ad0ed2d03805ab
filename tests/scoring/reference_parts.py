"""What the second scorer is made of: numbers, values, conditions and ways to combine, each as plainly as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.scoring.reference_scorer import Reference

Raw = Mapping[str, Any]
State = str


def number(value: Any) -> Fraction:
    return Fraction(str(value))


def tried(states: Sequence[State], holds: Callable[[Sequence[bool]], bool]) -> State:
    """All of what is open tried with yes and no; what does not apply is left out."""
    relevant = [state for state in states if state != "not_applicable"]
    if states and not relevant:
        return "not_applicable"
    ways = [(True,) if state == "met" else (False,) if state == "unmet" else (True, False) for state in relevant]
    results = {holds(way) for way in product(*ways)}
    if len(results) == 1:
        return "met" if results.pop() else "unmet"
    return "unknown" if "unknown" in relevant else "manual"


def shared(node: Raw, maximum: Fraction) -> list[tuple[Raw, Fraction]]:
    """The children with their maxima."""
    children = node["children"]
    combine = node.get("combine", "weighted_mean")
    if combine == "weighted_mean":
        total = sum(number(child["weight"]) for child in children)
        return [(child, maximum * number(child["weight"]) / total) for child in children]
    if combine == "mean":
        return [(child, maximum / len(children)) for child in children]
    if combine in ("minimum", "maximum"):
        return [(child, maximum) for child in children]
    return [(child, number(child.get("maximum") or child["values"][-1]["from"])) for child in children]


def combined(
    combine: str, points: Sequence[Fraction | None], tops: Sequence[Fraction], maximum: Fraction, policy: str | None
) -> set[Fraction | None]:
    """What a node may have where its children have these points."""
    pick: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {"minimum": min, "maximum": max}
    if None in points and policy != "redistribute":
        instead = {"zero": [Fraction(0)], "unknown": [Fraction(0), Fraction(-1)]}[str(policy)]
        ways = [instead if point is None else [point] for point in points]
        full = [[top if point == -1 else point for point, top in zip(way, tops, strict=True)] for way in product(*ways)]
        return {pick[combine](way) if combine in pick else sum(way, Fraction(0)) for way in full}
    there = [(point, top) for point, top in zip(points, tops, strict=True) if point is not None]
    if not there:
        return {None}
    if combine in pick:
        return {pick[combine]([point for point, _ in there])}
    whole = sum(top for _, top in there)
    if not whole:
        return {None} if maximum else {Fraction(0)}
    return {sum((point for point, _ in there), Fraction(0)) / whole * maximum}


# -- values


def _all_known(work: Callable[[list[Fraction]], Fraction | None]) -> Callable[[Reference, Raw, int], Fraction | None]:
    def known(self: Reference, value: Raw, shift: int) -> Fraction | None:
        (parts,) = [value[key] for key in VALUES if key in value]
        numbers = [self.value(part, shift) for part in parts]
        return None if None in numbers else work([each for each in numbers if each is not None])

    return known


def _product(numbers: list[Fraction]) -> Fraction:
    result = Fraction(1)
    for each in numbers:
        result *= each
    return result


def _growth(self: Reference, value: Raw, shift: int) -> Fraction | None:
    now = self.value(value["growth"], shift)
    then = self.value(value["growth"], shift - value.get("years", 1))
    return None if now is None or then is None or then <= 0 else (now - then) / then


def _yearly(self: Reference, value: Raw, shift: int) -> Fraction | None:
    numbers = [self.value(value["yearly"], shift + year) for year in value["years"]]
    there = [each for each in numbers if each is not None]
    if len(there) < value.get("at_least", len(numbers)):
        return None
    total = sum(there, Fraction(0))
    return total / len(there) if value["together"] == "mean" else total


VALUES: dict[str, Callable[[Reference, Raw, int], Fraction | None]] = {
    "sum": _all_known(lambda numbers: sum(numbers, Fraction(0))),
    "difference": _all_known(lambda numbers: numbers[0] - numbers[1]),
    "product": _all_known(_product),
    "ratio": _all_known(lambda numbers: None if numbers[1] == 0 else numbers[0] / numbers[1]),
    "mean": _all_known(lambda numbers: sum(numbers, Fraction(0)) / len(numbers)),
    "least": _all_known(min),
    "greatest": _all_known(max),
    "growth": _growth,
    "earlier": lambda self, value, shift: self.value(value["earlier"], shift - value.get("years", 1)),
    "yearly": _yearly,
}


def offsets(key: str, value: Raw) -> Iterable[int]:
    """The years, from the one asked about, in which a value looks at what is inside it."""
    if key == "yearly":
        return list(value["years"])
    back = value.get("years", 1)
    return {"growth": (0, -back), "earlier": (-back,)}.get(key, (0,))


# -- conditions


def _told(holds: bool) -> State:
    return "met" if holds else "unmet"


def _chosen(self: Reference, condition: Raw) -> State:
    item, response = self.items[condition["item"]], self.responses.get(condition["item"])
    (way,) = (way for way in ("any", "all", "none") if condition.get(way))
    if self.route[item["id"]] is False:
        return _told(way == "none")
    if item["type"] == "figures" and response is None and self.route[item["id"]] and self.known_figures(item):
        response = "given"
    if response is not None and condition.get("row"):
        response = response.get(condition["row"])
    if response is None:
        return "unknown"
    chosen = {response} if isinstance(response, str) else set(response)
    named = set(condition[way])
    return _told({"any": bool(named & chosen), "all": named <= chosen, "none": not named & chosen}[way])


def _answered(self: Reference, condition: Raw) -> State:
    item, response = self.items[condition["item"]], self.responses.get(condition["item"])
    if self.route[item["id"]] is False:
        return "unmet"
    if item["type"] == "figures" and response is None:
        return "met" if self.route[item["id"]] and self.known_figures(item) else "unknown"
    return "met" if response is not None and self.complete(item, response) else "unknown"


def _scene_at_least(self: Reference, condition: Raw) -> State:
    if self.route[condition["item"]] is False:
        return "unmet"
    level = self.responses.get(condition["item"])
    return "unknown" if level is None else _told(level >= condition["level"])


HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda value, bound: not value < bound,
    "above": lambda value, bound: value > bound,
    "at_most": lambda value, bound: not value > bound,
    "below": lambda value, bound: value < bound,
    "equal": lambda value, bound: value == bound,
}


def _compare(self: Reference, condition: Raw) -> State:
    states = []
    for name in (name for name in HOLDS if name in condition):
        value, bound = self.value(condition["value"]), self.value(condition[name])
        if value is None or bound is None:
            read = [*self.items_of(condition["value"]), *self.items_of(condition[name])]
            states.append("unmet" if any(self.route[item] is False for item in read) else "unknown")
        else:
            states.append(_told(HOLDS[name](value, bound)))
    return tried(states, all)


def _points(self: Reference, measure: str) -> list[Fraction]:
    points = self.measures[measure]
    return (
        [Fraction(0), self.maxima[measure]]
        if None in points
        else sorted(point for point in points if point is not None)
    )


def _every(holds: Iterable[bool]) -> State:
    found = set(holds)
    return "unknown" if len(found) == 2 else _told(found.pop())


def _measure_compare(self: Reference, condition: Raw) -> State:
    points = _points(self, condition["measure"])
    bounds = [(HOLDS[name], number(condition[name])) for name in HOLDS if name in condition]
    return tried([_every(holds(point, bound) for point in points) for holds, bound in bounds], all)


def _measure_value(self: Reference, condition: Raw) -> State:
    names = [each["id"] for each in self.nodes[condition["measure"]]["values"]]
    need = names.index(condition["at_least"])
    return _every(names.index(name) >= need for name in self.names[condition["measure"]])


def _scenes_at_least(self: Reference, condition: Raw) -> State:
    scenes = [
        item
        for item in self.items.values()
        if item["type"] == "scene" and (item["constrained"] or not condition.get("constrained"))
    ]
    there = [self.responses.get(scene["id"]) for scene in scenes if self.route[scene["id"]] is not False]
    states = ["unknown" if level is None else _told(level >= condition["level"]) for level in there]
    return tried(states, lambda met: sum(met) >= condition["count"]) if states else "unmet"


def _count_of(self: Reference, condition: Raw) -> State:
    states = [self.state(part) for part in condition["conditions"]]
    most = condition.get("at_most", len(states))
    return tried(states, lambda met: condition.get("at_least", 0) <= sum(met) <= most)


def _only_if(self: Reference, condition: Raw) -> State:
    asked, then = self.state(condition["if"]), self.state(condition["then"])
    if asked in ("unmet", "not_applicable") or then == "not_applicable":
        return "not_applicable"
    return then if asked == "met" else asked


CONDITIONS: dict[str, Callable[[Reference, Raw], State]] = {
    "chosen": _chosen,
    "answered": _answered,
    "scene_at_least": _scene_at_least,
    "compare": _compare,
    "not": lambda self, condition: tried([self.state(condition["condition"])], lambda met: not met[0]),
    "all_of": lambda self, condition: tried([self.state(part) for part in condition["conditions"]], all),
    "any_of": lambda self, condition: tried([self.state(part) for part in condition["conditions"]], any),
    "count_of": _count_of,
    "only_if": _only_if,
    "measure_at_least": lambda self, condition: _every(
        point >= number(condition["points"]) for point in _points(self, condition["measure"])
    ),
    "measure_compare": _measure_compare,
    "measure_value": _measure_value,
    "scenes_at_least": _scenes_at_least,
    "level_at_least": lambda self, condition: _every(
        level >= condition["level"] for level in (self.level, self.possible_level)
    ),
    "manual": lambda self, condition: "manual",
}
