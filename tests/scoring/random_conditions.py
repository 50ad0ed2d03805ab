"""Values, statements, conditions and answers for definitions drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from questionnaires.exact import exact
from tests.scoring.reference_rules import answers_to

if TYPE_CHECKING:
    from tests.scoring.random_definitions import Drawn

Raw = dict[str, Any]
TEXT = {"zh_CN": "一", "en": "a"}


# -- values


def value(drawn: Drawn, shifts: int, depth: int) -> Any:
    """A value that looks back at most so many times and is at most so deep."""
    draw = drawn.draw
    if depth == 0 or draw(st.booleans()):
        return _plain(drawn, shifts)
    kinds = ["sum", "difference", "product", "ratio", "mean", "least", "greatest"]
    kind = draw(st.sampled_from([*kinds, "growth", "earlier", "yearly"] if shifts else kinds))
    if kind in ("growth", "earlier"):
        return {kind: value(drawn, shifts - 1, depth - 1), **draw(st.sampled_from([{}, {"years": 1}]))}
    if kind == "yearly":
        together = draw(st.sampled_from(["sum", "mean"]))
        return {kind: value(drawn, shifts - 1, depth - 1), "years": [0, -1], "together": together}
    return {kind: [value(drawn, shifts, depth - 1) for _ in range(2)]}


def _plain(drawn: Drawn, shifts: int) -> Any:
    found: list[Any] = [{"fact": kind} for kind in drawn.facts()]
    found += [{"item": each["id"]} for each in drawn.of_type("number")]
    for each in drawn.of_type("multiple"):
        found += [{"count": each["id"]}, {"count": each["id"], "of": [each["options"][-1]["id"]]}]
    found += [{"count": each["id"], "of": ["1"]} for each in drawn.of_type("grid")]
    found += [{"value": name} for name in drawn.named] if shifts else []
    return drawn.draw(st.sampled_from([*found, *found, 1, "2.5"]))


# -- statements about answers


def statement(drawn: Drawn, depth: int = 1) -> Raw:
    draw = drawn.draw
    if depth and draw(st.booleans()):
        return _combined(drawn, draw(st.sampled_from(["not", "all_of", "any_of", "count_of"])), statement, depth)
    kinds = ["compare", "compare", "answered"] if drawn.items else ["compare"]
    kinds += ["chosen", "chosen"] if drawn.of_type("single", "multiple", "grid", "figures") else []
    kinds += ["scene_at_least"] if drawn.of_type("scene") else []
    return SIMPLE[draw(st.sampled_from(kinds))](drawn)


def _combined(drawn: Drawn, kind: str, part: Callable[[Drawn, int], Raw], depth: int) -> Raw:
    if kind == "not":
        return {"kind": kind, "condition": part(drawn, depth - 1)}
    if kind == "only_if":
        return {"kind": kind, "if": part(drawn, depth - 1), "then": part(drawn, depth - 1)}
    limits = drawn.draw(st.sampled_from([{"at_least": 1}, {"at_most": 1}, {"at_least": 1, "at_most": 1}]))
    conditions = [part(drawn, depth - 1) for _ in range(2)]
    return {"kind": kind, "conditions": conditions, **(limits if kind == "count_of" else {})}


def _chosen(drawn: Drawn) -> Raw:
    of = drawn.draw(st.sampled_from(drawn.of_type("single", "multiple", "grid", "figures")))
    if of["type"] == "figures":
        if not of.get("none"):
            return {"kind": "answered", "item": of["id"]}
        return {"kind": "chosen", "item": of["id"], drawn.draw(st.sampled_from(["any", "none"])): ["none"]}
    options = [option["id"] for option in of["options"]]
    named = drawn.draw(st.sampled_from([options[:1], options[1:2], options[-2:]]))
    row = {"row": "r1"} if of["type"] == "grid" else {}
    return {"kind": "chosen", "item": of["id"], **row, drawn.draw(st.sampled_from(["any", "all", "none"])): named}


def _compare(drawn: Drawn) -> Raw:
    bounds = drawn.draw(
        st.sampled_from(
            [{"at_least": 1}, {"above": 2}, {"at_most": 5}, {"below": 1}, {"equal": 1}, {"above": 0, "below": 5}]
        )
    )
    return {"kind": "compare", "value": drawn.value(), **bounds}


SIMPLE: dict[str, Callable[[Drawn], Raw]] = {
    "compare": _compare,
    "chosen": _chosen,
    "answered": lambda drawn: {"kind": "answered", "item": drawn.draw(st.sampled_from(drawn.items))["id"]},
    "scene_at_least": lambda drawn: {
        "kind": "scene_at_least",
        "item": drawn.draw(st.sampled_from(drawn.of_type("scene")))["id"],
        "level": drawn.draw(st.integers(1, 4)),
    },
}


# -- conditions of ladder and checks


def condition(drawn: Drawn, depth: int = 1) -> Raw:
    draw = drawn.draw
    if depth and draw(st.integers(0, 2)) == 0:
        kind = draw(st.sampled_from(["not", "all_of", "any_of", "count_of", "only_if", "only_if"]))
        return _combined(drawn, kind, condition, depth)
    return _measured(drawn) if draw(st.booleans()) else statement(drawn, 0)


def _measured(drawn: Drawn) -> Raw:
    draw = drawn.draw
    scenes, kinds = len(drawn.of_type("scene")), ["least", "least", "compare", "compare", "manual"]
    valued = [node for node, _ in drawn.measures if node.get("values")]
    kinds += (["scenes"] if scenes else []) + (["value", "value"] if valued else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "manual":
        return {"kind": "manual", "text": TEXT}
    if kind == "scenes":
        return {"kind": "scenes_at_least", "level": draw(st.integers(1, 4)), "count": draw(st.integers(1, scenes))}
    if kind == "value":
        node = draw(st.sampled_from(valued))
        return {"kind": "measure_value", "measure": node["id"], "at_least": node["values"][1]["id"]}
    node, maximum = draw(st.sampled_from(drawn.measures))
    point = exact(maximum * draw(st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(2, 3)])))
    if kind == "least":
        return {"kind": "measure_at_least", "measure": node["id"], "points": point}
    return {
        "kind": "measure_compare",
        "measure": node["id"],
        draw(st.sampled_from(["above", "below", "at_most"])): point,
    }


# -- answers


def answer(raw: Raw) -> st.SearchStrategy[Any]:
    """Any complete answer to an item that has one of its own."""
    if raw["type"] == "number":
        return st.sampled_from(["0", "0.5", "1", "2", "2.5", "5", "10"])
    return st.just("none") if raw["type"] == "figures" else st.sampled_from(answers_to(raw))


def amounts(kind: str) -> st.SearchStrategy[Fraction]:
    return st.sampled_from(
        [Fraction(each) for each in ("0", "1", "2", "3", "10")] + ([Fraction(1, 2)] if kind == "fb" else [])
    )
