"""What does not apply: nothing, shared out or unknown; never an answer of its own, and told apart from what is open."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from questionnaires.faults import DefinitionError
from scoring import scorer_for
from tests.scoring import made
from tests.scoring.random_cases import Case, case_of, loaded
from tests.scoring.random_definitions import ASKED, TEXT, Raw, head, section
from tests.scoring.reference_scorer import Firm

WEIGHTS = {"A": 0, "B": 50, "C": 100}


def single(name: str, when: Raw | None = None) -> Raw:
    options = [*({"id": each, "label": TEXT} for each in "ABC"), {"id": "X", "label": TEXT, "not_applicable": True}]
    return {"id": name, "type": "single", **ASKED, "options": options, **({"when": when} if when else {})}


def indicator(name: str, item: str, **more: Any) -> Raw:
    return {"id": name, "title": TEXT, "rule": {"kind": "option", "item": item, "weights": WEIGHTS}, **more}


def definition(tree: Raw, *conditions: Raw, items: list[Raw] | None = None) -> Raw:
    raw = head([section("s1", items or [single(name) for name in ("one", "two", "three")])])
    raw["tree"] = {"id": "total", "title": TEXT, "maximum": 100, **tree}
    step = {"level": 1, "name": TEXT, "meaning": TEXT, "source": "T", "confidence": "C",
            "conditions": conditions or [{"kind": "manual", "text": TEXT}]}  # fmt: skip
    raw["ladder"] = {"reached": "highest", "none": TEXT, "source": "T", "confidence": "C", "steps": [step]}
    return {**raw, "checks": []}


def three(policy: str, combine: str = "weighted_mean", *conditions: Raw) -> Case:
    """Three indicators of 50, 30 and 20 points (or of 100 each, where one decides)."""
    weights: list[Raw] = [{"weight": 50}, {"weight": 30}, {"weight": 20}]
    if combine == "sum":
        weights = [{"maximum": weight["weight"]} for weight in weights]
    elif combine != "weighted_mean":
        weights = [{}, {}, {}]
    names = ("one", "two", "three")
    children = [indicator(f"m_{name}", name, **more) for name, more in zip(names, weights, strict=True)]
    return case_of(definition({"combine": combine, "not_applicable": policy, "children": children}, *conditions))


def total(case: Case, one: str, two: str, three: str) -> tuple[str, str, str, str | None]:
    """Whether the whole applies, its points from low to high, and those that come from sharing out."""
    answers = {"one": one, "two": two, "three": three}
    found = case.score(Firm({name: answer for name, answer in answers.items() if answer != "?"})).measures[0]
    return found.applicable, found.low, found.high, found.redistributed


ZERO = {
    "BBX": ("yes", "40", "40", None), "BXX": ("yes", "25", "25", None), "XXX": ("yes", "0", "0", None),
    "CBA": ("yes", "65", "65", None), "B?X": ("yes", "25", "55", None), "C??": ("yes", "50", "100", None),
}  # fmt: skip
UNKNOWN = {
    "BBX": ("yes", "40", "60", None), "XXX": ("yes", "0", "100", None), "CBA": ("yes", "65", "65", None),
    "B?X": ("yes", "25", "75", None),
}  # fmt: skip
SHARED = {
    "BBX": ("yes", "50", "50", "10"), "CAX": ("yes", "62.5", "62.5", "12.5"), "XCA": ("yes", "60", "60", "30"),
    "XXX": ("no", "0", "0", None), "XXB": ("yes", "50", "50", "40"), "CBA": ("yes", "65", "65", None),
    "C?X": ("yes", "62.5", "100", None), "A?X": ("yes", "0", "37.5", None), "?XX": ("open", "0", "100", None),
    "B??": ("yes", "25", "75", None),
}  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "answers", "expected"),
    [
        (policy, answers, expected)
        for policy, table in (("zero", ZERO), ("unknown", UNKNOWN), ("redistribute", SHARED))
        for answers, expected in table.items()
    ],
)
@pytest.mark.parametrize("combine", ["weighted_mean", "sum"])
def test_what_becomes_of_the_points(policy: str, answers: str, expected: tuple[str, ...], combine: str) -> None:
    assert total(three(policy, combine), *answers) == expected


@pytest.mark.parametrize(
    ("combine", "policy", "answers", "expected"),
    [
        ("minimum", "redistribute", "BCX", ("yes", "50", "50")), ("minimum", "zero", "BCX", ("yes", "0", "0")),
        ("minimum", "unknown", "BCX", ("yes", "0", "50")), ("minimum", "redistribute", "C?X", ("yes", "0", "100")),
        ("minimum", "redistribute", "B?X", ("yes", "0", "50")), ("minimum", "redistribute", "XXX", ("no", "0", "0")),
        ("maximum", "redistribute", "BAX", ("yes", "50", "50")), ("maximum", "zero", "BAX", ("yes", "50", "50")),
        ("maximum", "unknown", "BAX", ("yes", "50", "100")), ("maximum", "redistribute", "B?X", ("yes", "50", "100")),
        ("maximum", "redistribute", "?XX", ("open", "0", "100")), ("mean", "redistribute", "CBX", ("yes", "75", "75")),
    ],
)  # fmt: skip
def test_where_one_child_decides(combine: str, policy: str, answers: str, expected: tuple[str, ...]) -> None:
    assert total(three(policy, combine), *answers)[:3] == expected


def test_an_item_off_the_route_does_not_apply_and_one_undecided_may_not() -> None:
    items = [single("one"), single("two", {"kind": "chosen", "item": "one", "any": ["C"]})]
    children = [indicator("m_one", "one", weight=1), indicator("m_two", "two", weight=1)]
    case = case_of(definition({"not_applicable": "redistribute", "children": children}, items=items))

    def said(**responses: str) -> tuple[str, str, str]:
        found = case.score(Firm(responses)).measure("m_two")
        return found.applicable, found.low, found.high

    assert said(one="C", two="B") == ("yes", "25", "25")
    assert said(one="B", two="C") == ("no", "0", "0")
    assert said(two="B") == ("open", "0", "50")
    trace = case.score(Firm({"one": "B", "two": "C"})).trace[1]
    assert (trace.absent, trace.response, trace.open) == ("route", None, False)
    assert case.score(Firm({"one": "C", "two": "X"})).trace[1].absent == "answer"


def test_figures_of_which_the_firm_has_none_do_not_apply() -> None:
    items = [
        {"id": name, "type": "figures", **ASKED, "asks": [{"fact": "fa"}], "none": {"label": TEXT}}
        for name in ("f", "g")
    ]
    rule = {"kind": "linear", "value": {"fact": "fa"}, "base": 0, "lead": 10}
    raw = definition({"combine": "mean", "not_applicable": "redistribute", "children": [
        {"id": "m", "title": TEXT, "rule": rule}]}, items=items)  # fmt: skip
    case, five = case_of(raw), {("fa", 0): Fraction(5)}
    assert [case.score(Firm(said, facts)).measure("m").applicable for said, facts in (
        ({}, {}), ({}, five), ({"f": "none"}, {}), ({"f": "none"}, five), ({"f": "none", "g": "none"}, five)
    )] == ["open", "yes", "open", "yes", "no"]  # fmt: skip


# -- what conditions make of it


LEAST = {"kind": "measure_at_least", "measure": "m_one", "points": 25}


@pytest.mark.parametrize("policy", ["zero", "redistribute", "unknown"])
def test_of_a_measure_that_may_not_apply_nothing_is_sure(policy: str) -> None:
    case = three(policy, "weighted_mean", LEAST)
    states = {one: case.score(Firm({"one": one} if one != "?" else {})).ladder[0].state for one in "ABX?"}
    assert states == {"A": "unmet", "B": "met", "X": "unknown", "?": "unknown"}


def test_a_named_value_of_what_may_not_apply_is_open_until_it_is_answered() -> None:
    values = [{"id": name, "title": TEXT, "from": at} for name, at in (("low", 0), ("high", 20))]
    rule = {"kind": "option", "item": "one", "weights": {"A": 50, "B": 50, "C": 100}}
    children = [{"id": "m_one", "title": TEXT, "rule": rule, "values": values, "weight": 1},
                indicator("m_two", "two", weight=1)]  # fmt: skip
    asked = {"kind": "measure_value", "measure": "m_one", "at_least": "high"}
    case = case_of(definition({"not_applicable": "zero", "children": children}, asked))
    found = {one: case.score(Firm({"one": one} if one != "?" else {})) for one in "AX?"}
    assert {one: card.ladder[0].state for one, card in found.items()} == {"A": "met", "X": "unknown", "?": "unknown"}
    assert [found[one].measures[1].values for one in "AX?"] == [("high",), ("low", "high"), ("low", "high")]


@pytest.mark.parametrize(("policy", "values"), [("zero", ("bad",)), ("unknown", ("bad", "good"))])
def test_a_table_takes_what_does_not_apply_as_its_first_value_or_as_any(policy: str, values: tuple[str, ...]) -> None:
    own = [{"id": name, "title": TEXT, "from": at} for name, at in (("bad", 0), ("good", 100))]
    child = indicator(
        "m_one", "one", maximum=1, values=[{"id": n, "title": TEXT, "from": at} for at, n in enumerate("lh")]
    )
    rows = [{"if": {"m_one": "l"}, "then": "bad"}, {"then": "good"}]
    tree = {"combine": "table", "not_applicable": policy, "values": own, "rows": rows, "children": [child]}
    case = case_of(definition(tree))
    assert case.score(Firm({"one": "X"})).measures[0].values == values
    assert case.score(Firm({"one": "C"})).measures[0].values == ("good",)
    assert case.score(Firm({})).measures[0].values == ("bad", "good")


# -- weights of nothing


def test_what_weighs_nothing_does_not_stand_for_the_rest() -> None:
    """Where all that counts does not apply, neither does the whole, whatever weighs nothing beside it."""
    always = {"id": "four", "type": "single", **ASKED, "options": [{"id": each, "label": TEXT} for each in "ABC"]}
    part = {"id": "part", "title": TEXT, "weight": 1, "children": [
        indicator("m_four", "four", weight=0), indicator("m_one", "one", weight=1)]}  # fmt: skip
    tree = {"not_applicable": "redistribute", "children": [part, indicator("m_five", "five", weight=1)]}
    case = case_of(definition(tree, items=[single("one"), always, {**always, "id": "five"}]))
    card = case.score(Firm({"one": "X", "four": "C", "five": "B"}))
    assert [card.measure(name).applicable for name in ("total", "part", "m_four")] == ["yes", "no", "yes"]
    assert (card.measure("total").points, card.measure("total").redistributed) == ("50", "25")


def test_a_part_of_no_weight_applies_like_any_other() -> None:
    part = {"id": "part", "title": TEXT, "weight": 0, "children": [
        indicator("m_one", "one", weight=1), indicator("m_two", "two", weight=1)]}  # fmt: skip
    tree = {"not_applicable": "redistribute", "children": [part, indicator("m_three", "three", weight=1)]}
    case = case_of(definition(tree))
    said = [case.score(Firm({"one": one, "two": two, "three": "B"})).measure("part") for one, two in ("CX", "XX")]
    assert [(each.applicable, each.points) for each in said] == [("yes", "0"), ("no", None)]
    assert case.score(Firm({"three": "B"})).measure("part").applicable == "open"


# -- a definition has to say


def test_a_policy_is_asked_for_exactly_where_something_may_not_apply() -> None:
    part = {"id": "part", "title": TEXT, "weight": 1, "children": [indicator("m_one", "one", weight=1)]}
    raw = definition({"children": [part, indicator("m_two", "two", weight=1)]})
    assert made.faults(raw) == {"tree.total": "policy_missing", "tree.total.part": "policy_missing"}
    part["not_applicable"] = "redistribute"
    made.item(raw, "two")["options"].pop()
    assert made.faults(raw) == {"tree.total": "policy_missing"}, "the whole part may not apply"
    part["not_applicable"] = "zero"
    assert made.faults(raw) == {}


def test_a_table_cannot_share_out() -> None:
    with pytest.raises(DefinitionError) as caught:
        scorer_for(loaded(_sharing_table()))
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("tree.total.not_applicable", "table_redistributes")
    ]


def _sharing_table() -> Raw:
    values = [{"id": "v", "title": TEXT, "from": 0}]
    child = indicator("m_one", "one", maximum=1, values=values)
    rows = [{"then": "v"}]
    return definition(
        {"combine": "table", "not_applicable": "redistribute", "values": values, "rows": rows, "children": [child]}
    )
