"""A definition that cannot be scored is refused with every fault and its path, in one error."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from questionnaires.faults import DefinitionError, sentence
from scoring import scorer_for, scorer_from
from tests.scoring import made
from tests.scoring.made import node

Raw = dict[str, Any]
FIGURES = "tree.total.figures"


def conditions(raw: Raw, step: int) -> list[Raw]:
    found: list[Raw] = raw["ladder"]["steps"][step - 1]["conditions"]
    return found


# What is done to a definition that is right, and where the fault is then found.
SPOILED: dict[str, tuple[Callable[[Raw], Any], str, str]] = {
    "no maximum": (lambda raw: raw["tree"].pop("maximum"), "tree.total", "maximum_missing"),
    "negative maximum": (lambda raw: raw["tree"].update(maximum=-100), "tree.total", "maximum_missing"),
    "measure twice": (
        lambda raw: node(raw, "weak_points").update(id="strong_points"), "tree.total.chain.strong_points", "twice"),
    "no rule": (lambda raw: node(raw, "measures").pop("rule"), "tree.total.measures", "rule_or_children"),
    "no weight": (lambda raw: node(raw, "chain").pop("weight"), "tree.total.chain", "weight_missing"),
    "weight below 0": (
        lambda raw: node(raw, "chain").update(weight=-1), "tree.total.chain.weight", "weight_below_0"),
    "no maximum in a sum": (
        lambda raw: node(raw, "share_points").pop("maximum"), f"{FIGURES}.share_points", "maximum_missing"),
    "a sum that is not its whole": (
        lambda raw: node(raw, "share_points").update(maximum=50), FIGURES, "maximum_differs"),
    "a stated maximum that weights contradict": (
        lambda raw: node(raw, "measures").update(maximum=31), "tree.total.measures", "maximum_differs"),
    "unknown item": (
        lambda raw: node(raw, "measures")["rule"].update(item="nobody"), "tree.total.measures.rule.item",
        "unknown_name"),
    "rule for another type": (
        lambda raw: node(raw, "measures")["rule"].update(item="weak"), "tree.total.measures.rule.item", "wrong_type"),
    "option without a weight": (
        lambda raw: node(raw, "measures")["rule"]["weights"].pop("D"), "tree.total.measures.rule.weights", "weights"),
    "options over 100": (
        lambda raw: node(raw, "measures")["rule"]["weights"].update(D="50.001"), "tree.total.measures.rule.weights",
        "share_over_100"),
    "one option over 100": (
        lambda raw: node(raw, "weak_points")["rule"]["weights"].update(B="100.01"),
        "tree.total.chain.weak_points.rule.weights.B", "share_range"),
    "unknown kind of rule": (
        lambda raw: node(raw, "measures")["rule"].update(kind="magic"), "tree.total.measures.rule.kind",
        "unknown_name"),
    "unknown key": (
        lambda raw: node(raw, "measures").update(colour=3), "tree.total.measures.colour", "key_unknown"),
    "misspelt key": (
        lambda raw: node(raw, "measures").update(wieght=node(raw, "measures").pop("weight")),
        "tree.total.measures.wieght", "key_like"),
    "levels out of order": (lambda raw: raw["ladder"]["steps"][0].update(level=2), "ladder.steps", "levels_order"),
    "no steps": (lambda raw: (raw["ladder"].update(steps=[]), raw.update(checks=[])), "ladder.steps", "levels_order"),
    "a step without conditions": (
        lambda raw: raw["ladder"]["steps"][0].update(conditions=[]), "ladder.steps.1.conditions", "no_conditions"),
    "threshold over the maximum": (
        lambda raw: conditions(raw, 1)[0].update(points="100.001"), "ladder.steps.1.conditions[0].points",
        "over_maximum"),
    "unknown measure": (
        lambda raw: conditions(raw, 1)[0].update(measure="nothing"), "ladder.steps.1.conditions[0].measure",
        "unknown_name"),
    "more constrained scenes than there are": (
        lambda raw: conditions(raw, 2)[1].update(count=3), "ladder.steps.2.conditions[1].count", "over_count"),
    "no scenes asked for": (
        lambda raw: conditions(raw, 2)[1].update(count=0), "ladder.steps.2.conditions[1].count", "too_small"),
    "a scene level that does not exist": (
        lambda raw: conditions(raw, 2)[1].update(level=5), "ladder.steps.2.conditions[1].level", "not_a_step"),
    "a fault inside a combination": (
        lambda raw: conditions(raw, 2)[0]["conditions"][1].update(measure="nothing"),
        "ladder.steps.2.conditions[0].conditions[1].measure", "unknown_name"),
    "an empty combination": (
        lambda raw: conditions(raw, 2)[0].update(conditions=[]), "ladder.steps.2.conditions[0].conditions",
        "no_conditions"),
    "a level that asks for a level": (
        lambda raw: conditions(raw, 2).append({"kind": "level_at_least", "level": 1}),
        "ladder.steps.2.conditions[2].kind", "own_level"),
    "a level that asks for a level inside a combination": (
        lambda raw: conditions(raw, 2)[0]["conditions"].append({"kind": "level_at_least", "level": 1}),
        "ladder.steps.2.conditions[0].conditions[2].kind", "own_level"),
    "a check for a level that does not exist": (
        lambda raw: raw["checks"][0]["conditions"][0].update(level=4), "checks.grant.conditions[0].level",
        "not_a_step"),
    "a check twice": (lambda raw: raw["checks"].append(raw["checks"][0]), "checks", "twice"),
    "a number without end": (
        lambda raw: conditions(raw, 1)[0].update(points="1e999999999"),
        "ladder.steps.1.conditions[0].points", "not_exact"),
}  # fmt: skip


def test_the_definition_is_right_before_it_is_spoiled() -> None:
    assert made.faults(made.plain("small")) == {}


@pytest.mark.parametrize("spoil", SPOILED)
def test_it_names_the_fault_and_its_place(spoil: str) -> None:
    change, path, code = SPOILED[spoil]
    raw = made.plain("small")
    change(raw)
    assert made.faults(raw) == {path: code}


def test_it_lists_every_fault_in_one_error() -> None:
    raw = made.plain("small")
    together = ("no weight", "unknown item", "one option over 100", "no maximum in a sum")
    for spoil in together:
        SPOILED[spoil][0](raw)
    found = made.faults(raw)
    assert found == {SPOILED[spoil][1]: SPOILED[spoil][2] for spoil in together}
    with pytest.raises(DefinitionError) as error:
        scorer_for(made.loaded(raw))
    assert all(f"{fault.path}: {sentence(fault, 'en')}" in str(error.value) for fault in error.value.faults)


def test_it_lists_the_faults_of_ladder_and_checks_together() -> None:
    raw = made.plain("small")
    together = ("threshold over the maximum", "a fault inside a combination", "a check for a level that does not exist",
                "a sum that is not its whole")  # fmt: skip
    for spoil in together:
        SPOILED[spoil][0](raw)
    assert made.faults(raw) == {SPOILED[spoil][1]: SPOILED[spoil][2] for spoil in together}


def test_options_that_yaml_takes_for_true_and_false_are_said_to_need_quotes() -> None:
    raw = made.plain("small")
    node(raw, "measures")["rule"]["weights"] = {True: 50, False: 0}
    assert made.faults(raw) == {"tree.total.measures.rule.weights": "bool_text"}


def test_a_threshold_over_the_maximum_is_named_beside_names_that_are_not_known() -> None:
    raw = made.plain("small")
    together = ("threshold over the maximum", "unknown item", "one option over 100")
    for spoil in together:
        SPOILED[spoil][0](raw)
    raw["checks"][0]["colour"] = "blue"
    found = {SPOILED[spoil][1] for spoil in together}
    unsure = {"ladder.steps.1.conditions[0].points"}  # a key that is not known may be a maximum
    assert set(made.faults(raw)) == {*found, "checks.grant.colour"} - unsure
    del raw["checks"][0]["colour"]
    assert set(made.faults(raw)) == found


def test_it_lists_faults_of_shape_beside_faults_of_the_tree() -> None:
    raw = made.plain("small")
    for spoil in ("no weight", "a number without end"):
        SPOILED[spoil][0](raw)
    assert set(made.faults(raw)) == {SPOILED[spoil][1] for spoil in ("no weight", "a number without end")}


def test_the_faults_of_all_parts_come_together(tmp_path: Path) -> None:
    """Shape, names and rules: whoever mends a file sees at once everything that is wrong with it."""
    text = (Path(__file__).parent / "definitions" / "small.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    raw["sections"][0]["items"].append(copy.deepcopy(raw["sections"][0]["items"][0]))  # a name given twice
    raw["ladder"]["steps"][0]["conditions"].append({"kind": "measure_at_least", "measure": "nowhere", "points": "1"})
    path = tmp_path / "names.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        scorer_from(path)
    assert {fault.code for fault in caught.value.faults} == {"twice", "unknown_name"}
    raw["tree"]["colour"] = "blue"
    raw["sections"][0]["colour"] = "blue"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        scorer_from(path)
    names = {"items", "ladder.steps.1.conditions[1].measure", "sections.main.colour", "tree.total.colour"}
    assert {fault.path for fault in caught.value.faults} == names
    del raw["title"]
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        scorer_from(path)
    assert {fault.path for fault in caught.value.faults} == {"", "sections.main.colour", "tree.total.colour"}


def test_values_that_lead_back_to_themselves_are_a_fault_and_no_crash(tmp_path: Path) -> None:
    text = (made.DEFINITIONS / "every.yaml").read_text(encoding="utf-8")
    path = tmp_path / "cycle.yaml"
    path.write_text(text.replace("is: {growth: {fact: sales}}", "is: {sum: [{value: mixed}, 1]}"), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        scorer_from(path)
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [("values.growth.is", "value_cycle")]
