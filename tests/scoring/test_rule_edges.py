"""Rules and trees where it is easily overlooked: faults of a rule's item, whole units, what stays open, first units."""

from __future__ import annotations

from typing import Any

import pytest

import scoring
from scoring.making import looked_into
from scoring.tree import measures_of
from tests.scoring import made
from tests.scoring.random_cases import case_of
from tests.scoring.random_definitions import ASKED, TEXT, Raw
from tests.scoring.reference_scorer import Firm
from tests.scoring.test_engine_edges import definition, earned


def test_what_the_package_offers_is_there() -> None:
    assert [name for name in scoring.__all__ if not hasattr(scoring, name)] == []


@pytest.mark.parametrize(("item", "code"), [("nobody", "unknown_name"), ("one", "wrong_type")])
@pytest.mark.parametrize("rule", [{"kind": "grid", "weights": {"0": 0, "1": 100}}, {"kind": "count", "lead": 2}])
def test_a_rule_on_an_item_it_cannot_read_is_a_fault(rule: Raw, item: str, code: str) -> None:
    raw = definition({"m": {**rule, "item": item}})
    assert made.faults(raw)["tree.total.m.rule.item"] == code


def without_none_of_these(weights: Raw, **limits: Any) -> Raw:
    """A definition with one sum over options of which each stands for something."""
    raw = definition({"m": {"kind": "sum_of_options", "item": "some", "weights": weights, **limits}})
    made.item(raw, "some")["options"].pop(0)
    return raw


@pytest.mark.parametrize(
    ("weights", "low", "high"),
    [({"B": 40, "C": 10, "D": 30, "E": 20}, "10", "100"), ({"B": 40, "C": -10, "D": 30, "E": -20}, "0", "70")],
)
def test_an_open_sum_is_worth_at_least_its_least_option(weights: Raw, low: str, high: str) -> None:
    found = case_of(without_none_of_these(weights, at_least=0)).score(Firm({})).measure("m")
    assert (found.low, found.high) == (low, high)


def test_an_open_sum_takes_all_that_is_below_nothing_together() -> None:
    raw = without_none_of_these({"B": 60, "C": -10, "D": 100, "E": -20}, at_least=0, at_most=100)
    raw["tree"]["children"].append({"id": "n", "title": TEXT, "rule": {
        "kind": "sum_of_options", "item": "some", "weights": {"B": 40, "C": 30, "D": 20, "E": 10}}})  # fmt: skip
    card = case_of(raw).score(Firm({}))
    assert [(each.id, each.low, each.high) for each in card.measures] == [
        ("total", "0", "100"), ("m", "0", "100"), ("n", "10", "100")]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "responses"),
    [
        ({"kind": "grid", "item": "rows", "weights": {"0": 0, "1": "200/3"}}, {"rows": {"r1": "1", "r2": "0"}}),
        (
            {"kind": "grid", "item": "rows", "weights": {"0": 0, "1": 50}, "rows": {"r1": 2, "r2": 1}},
            {"rows": {"r1": "1", "r2": "0"}},
        ),
        ({"kind": "count", "item": "some", "base": 1, "lead": 4}, {"some": ["B", "C"]}),
    ],
)
def test_points_are_whole_numbers_in_units(rule: Raw, responses: Raw) -> None:
    """All that a definition promises of speed and exactness rests on it."""
    case = case_of(definition({"m": rule}))
    low, high = case.scorer.evaluate(case.answers(Firm(responses))).outcomes["m"] or ()
    assert low == high > 0
    assert low.denominator == 1
    assert exact_points(case, responses) == "100/3"


def exact_points(case: Any, responses: Raw) -> str | None:
    points: str | None = case.score(Firm(responses)).measure("m").points
    return points


def test_a_threshold_is_a_whole_number_of_units() -> None:
    raw = definition({"m": {"kind": "option", "item": "one", "weights": {"A": 0, "B": 100}}})
    asked = {"kind": "measure_compare", "measure": "total", "at_least": "100/7", "below": "400/11"}
    raw["checks"] = [{"id": "c", "title": TEXT, "about": TEXT, "source": "T", "confidence": "C", "conditions": [asked]}]
    unit = case_of(raw).scorer.unit
    assert (unit % 7, unit % 11) == (0, 0)


def test_one_case_or_none_of_them_stays_open_until_it_is_known_which() -> None:
    rule = {"kind": "cases", "otherwise": 10, "cases": [
        {"if": {"kind": "chosen", "item": "some", "any": ["B"]}, "weight": 40}]}  # fmt: skip
    case = case_of(definition({"m": rule}))
    for responses, is_open, answered in (({}, True, "0"), ({"some": ["C"]}, False, "1"), ({"some": ["B"]}, False, "1")):
        card = case.score(Firm(responses))
        assert (card.trace[0].open, card.measure("m").answered) == (is_open, answered)
    assert earned(rule) == ("10", "40")


def test_a_figure_that_two_items_may_ask_for_is_open_while_both_are() -> None:
    raw = definition({"m": {"kind": "bands", "value": {"fact": "fa"}, "closed": "lower", "edges": [1],
                            "weights": [0, 100]}}, not_applicable="redistribute")  # fmt: skip
    items = raw["sections"][0]["items"]
    items.remove(made.item(raw, "figures"))
    for name, option in (("first", "A"), ("second", "B")):
        items.append({"id": name, "type": "figures", **ASKED, "asks": [{"fact": "fa", "years": [0]}],
                      "when": {"kind": "chosen", "item": "one", "any": [option]}})  # fmt: skip
    items.append({"id": "third", "type": "figures", **ASKED, "asks": [{"fact": "fb", "years": [0]}]})
    for item in items:
        if item["id"] == "one":
            item["options"].append({"id": "C", "label": TEXT})
    case = case_of(raw)
    found = {name: case.score(Firm({"one": name} if name else {})).measure("m") for name in ("", "A", "C")}
    assert {name: each.applicable for name, each in found.items()} == {"": "open", "A": "yes", "C": "no"}


def test_a_level_that_ends_with_the_very_first_point_is_named() -> None:
    raw = made.plain("small")
    raw["ladder"] |= {"reached": "highest"}
    raw["checks"] = []
    first, second = raw["ladder"]["steps"][:2]
    first["conditions"] = [{"kind": "measure_compare", "measure": "total", "below": "0.001"}]
    second["conditions"] = [{"kind": "measure_at_least", "measure": "total", "points": "50"}]
    raw["ladder"]["steps"] = [first, second]
    assert 1000 % made.scorer("small").unit == 0, "with a thousandth as threshold, that is one unit"
    assert made.faults(raw) == {"ladder.steps.1": "level_drops"}


@pytest.mark.parametrize(
    ("lower", "higher", "found"),
    [
        ({"level": 2, "count": 2}, {"level": 2, "count": 1}, True),
        ({"level": 2, "count": 2}, {"level": 1, "count": 2}, True),
        ({"level": 2, "count": 2, "constrained": True}, {"level": 2, "count": 2}, True),
        ({"level": 2, "count": 2}, {"level": 2, "count": 2, "constrained": True}, False),
        ({"level": 2, "count": 1}, {"level": 2, "count": 2}, False),
        ({"level": 1, "count": 2}, {"level": 2, "count": 2}, False),
    ],
)
def test_a_level_whose_scenes_suffice_for_a_higher_one_is_passed_over(lower: Raw, higher: Raw, found: bool) -> None:
    raw = made.plain("small")
    raw["ladder"] |= {"reached": "highest", "steps": raw["ladder"]["steps"][:2]}
    raw["checks"] = []
    for step, asked in zip(raw["ladder"]["steps"], (lower, higher), strict=True):
        step["conditions"] = [{"kind": "scenes_at_least", **asked}]
    assert made.faults(raw) == ({"ladder.steps.1": "passed_over"} if found else {})


def test_without_scenes_none_stands_anywhere() -> None:
    raw = definition({"m": {"kind": "option", "item": "one", "weights": {"A": 0, "B": 100}}})
    raw["sections"][0]["items"].remove(made.item(raw, "scene"))
    case = case_of(raw)
    scenes = case.scorer.evaluate(case.answers(Firm({}))).standing.scenes
    assert scenes == {False: [(0, 0)] * 5, True: [(0, 0)] * 5}


def test_a_measure_knows_how_deep_it_stands() -> None:
    scorer = made.scorer("small")
    depths = {name: measure.depth for name, measure in scorer.measures.items()}
    assert depths == {"total": 0, "figures": 1, "share_points": 2, "growth_points": 2, "measures": 1, "chain": 1,
                      "weak_points": 2, "strong_points": 2}  # fmt: skip
    assert measures_of(scorer.measures["chain"].node)["weak_points"].depth == 1


def test_faults_of_a_check_come_with_those_of_a_definition_without_a_title() -> None:
    raw = made.plain("small")
    del raw["title"]
    raw["checks"][0]["colour"] = "blue"
    instrument, scorer, faults = looked_into(raw)
    assert (instrument, scorer) == (None, None)
    assert {fault.path for fault in faults} == {"", "checks.grant.colour"}


def verdict(raw: Raw) -> Raw:
    return made.node(raw, "verdict")


def test_a_row_that_decides_nothing_is_named_and_one_that_decides_a_single_case_is_not() -> None:
    raw = made.plain("every")
    verdict(raw)["rows"].append({"if": {"m_price": "high", "m_quality": "poor"}, "then": "bad"})
    assert made.faults(raw) == {"tree.total.verdict.rows[3]": "row_dead"}
    raw = made.plain("every")
    verdict(raw)["rows"].insert(0, {"if": {"m_price": "low", "m_quality": "best"}, "then": "fair"})
    assert made.faults(raw) == {}


def test_numbers_without_a_common_denominator_of_a_size_to_reckon_with_are_refused() -> None:
    raw = made.plain("small")
    primes = [10**29 + offset for offset in range(1, 60, 2)]
    template = made.node(raw, "weak_points")
    made.node(raw, "chain")["children"] = [
        {**template, "id": f"link{place}", "rule": {"kind": "option", "item": "weak", "weights": {
            "A": 0, "B": f"1/{prime}"}}} for place, prime in enumerate(primes)]  # fmt: skip
    assert made.faults(raw) == {"tree": "too_fine"}
