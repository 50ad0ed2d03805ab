"""A definition with one of everything, spoiled in many places: each fault is named with its path, and all at once."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from questionnaires.faults import DefinitionError, sentence
from scoring import scorer_from
from scoring.making import looked_into
from scoring.scorer import Scorer
from tests.scoring import made
from tests.scoring.made import item, node
from tests.scoring.random_definitions import TEXT

Raw = dict[str, Any]
Found = list[tuple[str, str]]


def scorer(raw: Raw, folder: Path) -> Scorer:
    path = folder / "definition.yaml"
    path.write_text(made.text(raw), encoding="utf-8")
    return scorer_from(path)


def faults(raw: Raw, folder: Path) -> Found:
    """Path and code of every fault, as whoever runs the command line sees them."""
    with pytest.raises(DefinitionError) as caught:
        scorer(raw, folder)
    return sorted((fault.path, fault.code) for fault in caught.value.faults)


def rule(name: str, **changes: Any) -> Callable[[Raw], None]:
    return lambda raw: node(raw, name)["rule"].update(changes)


def change(name: str, **changes: Any) -> Callable[[Raw], None]:
    return lambda raw: node(raw, name).update(changes)


def when(name: str, condition: Raw) -> Callable[[Raw], None]:
    return lambda raw: item(raw, name).update(when=condition)


def value(name: str, calculation: Any) -> Callable[[Raw], None]:
    return lambda raw: raw["values"][name].update({"is": calculation})


def condition(step: int, place: int, **changes: Any) -> Callable[[Raw], None]:
    return lambda raw: raw["ladder"]["steps"][step - 1]["conditions"][place].update(changes)


def without_row(raw: Raw) -> None:
    node(raw, "verdict")["rows"].pop()


def out_of_reach(raw: Raw) -> None:
    """20 more points than the part of the figures can give, whatever is answered."""
    raw["ladder"]["steps"][1]["conditions"] = [
        {"kind": "measure_compare", "measure": "numbers", "at_most": 10},
        {"kind": "measure_at_least", "measure": "numbers", "points": 30},
        {"kind": "measure_compare", "measure": "numbers", "below": 0},
    ]


NUMBERS, ANSWERS = "tree.total.numbers", "tree.total.answers"
STEP = "ladder.steps.2.conditions"
MUTANTS: dict[str, tuple[Callable[[Raw], Any], Found]] = {
    "an item renamed": (
        rule("m_scene", item="scenes"), [(f"{ANSWERS}.m_scene.rule.item", "unknown_name")]),
    "a value renamed": (rule("m_bands", value={"value": "grown"}), [(f"{NUMBERS}.m_bands.rule.value", "unknown_name")]),
    "a fact renamed": (rule("m_share", part="nothing"), [(f"{NUMBERS}.m_share.rule.part", "unlisted")]),
    "a whole renamed": (rule("m_share", whole="nothing"), [(f"{NUMBERS}.m_share.rule.whole", "unlisted")]),
    "a reference renamed": (
        rule("m_reference", reference="heat"), [(f"{NUMBERS}.m_reference.rule.reference", "unknown_name")]),
    "a row renamed": (rule("m_rows", reversed=["r9"]), [(f"{ANSWERS}.m_rows.rule.reversed", "unknown_name")]),
    "a row without weight": (rule("m_rows", rows={"r1": 1, "r2": 1}), [(f"{ANSWERS}.m_rows.rule.rows", "weights")]),
    "an option renamed": (rule("m_one", weights={"A": 0, "B": 50, "Z": 9}),
        [(f"{ANSWERS}.m_one.rule.weights", "weights")]),
    "weight for what does not apply": (
        rule("m_one", weights={"A": 0, "B": 5, "C": 9, "X": 0}), [(f"{ANSWERS}.m_one.rule.weights", "weights")]),
    "weights and values": (
        rule("m_price", weights={"A": 0, "B": 5, "C": 9}), [("tree.total.verdict.m_price.rule", "either")]),
    "a value of the node renamed": (
        rule("m_price", values={"A": "low", "B": "high", "C": "higher"}),
        [("tree.total.verdict.m_price.rule.values.C", "unknown_name")]),
    "an option that nobody counts": (rule("m_count", of=["A", "B"]), [(f"{ANSWERS}.m_count.rule.of", "unknown_name")]),
    "a lead beyond the options": (rule("m_count", lead=4), [(f"{ANSWERS}.m_count.rule.lead", "over_options")]),
    "a lead beyond options named twice": (
        rule("m_count", of=["B", "B"]), [(f"{ANSWERS}.m_count.rule.lead", "over_options")]),
    "a lead at the base": (rule("m_count", base=2), [(f"{ANSWERS}.m_count.rule.lead", "base_is_lead")]),
    "a lead value at the base": (rule("m_linear", base=9), [(f"{NUMBERS}.m_linear.rule.lead", "base_is_lead")]),
    "a sum over 100": (
        lambda raw: node(raw, "m_several")["rule"].pop("at_most"),
        [(f"{ANSWERS}.m_several.rule.weights", "share_over_100")]),
    "a sum below 0": (rule("m_several", at_least=-20), [(f"{ANSWERS}.m_several.rule.at_least", "share_range")]),
    "a limit over 100": (
        rule("m_several", at_most="100.1"), [(f"{ANSWERS}.m_several.rule.at_most", "share_range"),
                                             (f"{ANSWERS}.m_several.rule.weights", "share_over_100")]),
    "limits swapped": (
        rule("m_several", at_least=80, at_most=20), [(f"{ANSWERS}.m_several.rule.at_most", "too_small")]),
    "negative without a limit": (
        lambda raw: node(raw, "m_several")["rule"].pop("at_least"),
        [(f"{ANSWERS}.m_several.rule.at_least", "negative_weight")]),
    "edges swapped": (rule("m_bands", edges=["0.05", 0, "0.1"]), [(f"{NUMBERS}.m_bands.rule.edges", "band_order")]),
    "an edge twice": (rule("m_bands", edges=[0, "0.1", "0.1"]), [(f"{NUMBERS}.m_bands.rule.edges", "band_order")]),
    "an edge too few": (rule("m_bands", edges=[0, "0.1"]), [(f"{NUMBERS}.m_bands.rule", "band_weights")]),
    "a band over 100": (rule("m_bands", weights=[0, 25, 50, 101]),
        [(f"{NUMBERS}.m_bands.rule.weights[3]", "share_range")]),
    "a change over 100": (rule("m_change", down=101), [(f"{NUMBERS}.m_change.rule.down", "share_range")]),
    "a case over 100": (rule("m_cases", otherwise=101), [(f"{NUMBERS}.m_cases.rule.otherwise", "share_range")]),
    "a year nobody asks for": (rule("m_change", years=2), [(f"{NUMBERS}.m_change.rule.value", "not_asked")]),
    "a case nobody asks for": (
        lambda raw: node(raw, "m_cases")["rule"]["cases"][1]["if"]["value"].update(year=-5),
        [(f"{NUMBERS}.m_cases.rule.cases[1].if", "not_asked")]),
    "weights that add up to 90": (change("answers", weight=40), [("tree.total", "weights_total")]),
    "a weight dropped": (lambda raw: node(raw, "answers").pop("weight"), [("tree.total.answers", "weight_missing")]),
    "a sum that misses its whole": (change("m_change", maximum=4), [(NUMBERS, "maximum_differs")]),
    "nothing said about what does not apply": (
        lambda raw: raw["tree"].pop("not_applicable"),
        [(ANSWERS, "policy_missing"), (NUMBERS, "policy_missing"), ("tree.total.extremes.best", "policy_missing")]),
    "a table that shares out": (
        lambda raw: node(raw, "verdict").pop("not_applicable"), [("tree.total.verdict", "table_redistributes")]),
    "a row missing": (without_row, [("tree.total.verdict.rows", "row_missing")]),
    "a row to nowhere": (
        lambda raw: node(raw, "verdict")["rows"][0].update(then="awful"),
        [("tree.total.verdict.rows[0].then", "unknown_name")]),
    "a row on nothing": (
        lambda raw: node(raw, "verdict")["rows"][0].update({"if": {"m_price": "cheap"}}),
        [("tree.total.verdict.rows[0].if.m_price", "unknown_name")]),
    "values that fall": (
        lambda raw: node(raw, "verdict")["values"][1].update({"from": 10}),
        [("tree.total.verdict.values", "value_order")]),
    "values over the maximum": (
        lambda raw: node(raw, "m_quality")["values"][2].update({"from": 3}),
        [("tree.total.verdict.m_quality.values", "over_maximum")]),
    "rows without a table": (change("answers", rows=[{"then": "bad"}]), [(f"{ANSWERS}.rows", "rows_without_table")]),
    "a value that leads to itself": (value("growth", {"value": "growth"}), [("values.growth.is", "value_cycle")]),
    "a later value": (value("growth", {"sum": [{"value": "effort"}, 1]}), [("values.growth.is", "later_value")]),
    "a count of what never counts": (
        value("mixed", {"count": "several", "of": ["A"]}), [("values.mixed.is.of", "unknown_name")]),
    "a later item": (
        when("points", {"kind": "chosen", "item": "follow", "any": ["A"]}),
        [("sections.first.points.when", "later_item")]),
    "an item that asks for itself": (
        when("points", {"kind": "answered", "item": "points"}), [("sections.first.points.when", "later_item")]),
    "a later item in a value": (
        when("rows", {"kind": "compare", "value": {"value": "mixed"}, "above": 1}),
        [("sections.first.rows.when", "later_item")]),
    "a route that contradicts itself": (
        when("rows", {"kind": "all_of", "conditions": [{"kind": "chosen", "item": "one", "any": ["A"]},
                                                      {"kind": "chosen", "item": "one", "none": ["A"]}]}),
        [("sections.first.rows.when", "unreachable")]),
    "a route against its section's": (
        when("scene", {"kind": "chosen", "item": "one", "any": ["A"]}),
        [("sections.second.scene.when", "unreachable")]),
    "a check without bounds": (
        lambda raw: raw["quality"]["plausible"][0].pop("at_most"), [("quality.plausible.wild", "no_bounds")]),
    "a threshold over the maximum": (condition(2, 0, points=101), [(f"{STEP}[0].points", "over_maximum")]),
    "a measure renamed": (condition(2, 0, measure="sum"), [(f"{STEP}[0].measure", "unknown_name")]),
    "a named value renamed": (condition(2, 1, at_least="fine"), [(f"{STEP}[1].at_least", "unknown_name")]),
    "a count that always holds": (
        lambda raw: raw["ladder"]["steps"][0]["conditions"][1].update(at_least=0),
        [("ladder.steps.1.conditions[1]", "no_bounds")]),
    "a count beyond its conditions": (
        lambda raw: raw["ladder"]["steps"][0]["conditions"][1].update(at_least=4),
        [("ladder.steps.1.conditions[1].at_least", "over_conditions")]),
    "a level that nobody reaches": (out_of_reach, [("ladder.steps.2", "never_reached")]),
    "a check of a level that is not there": (
        lambda raw: raw["checks"][0]["conditions"][0].update(level=3),
        [("checks.apply.conditions[0].level", "not_a_step")]),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_it_names_what_was_spoiled_and_nothing_else(name: str, tmp_path: Path) -> None:
    spoil, found = MUTANTS[name]
    raw = made.plain("every")
    spoil(raw)
    assert faults(raw, tmp_path) == sorted(found)


TOGETHER = (
    "an item renamed", "a value renamed", "a whole renamed", "a reference renamed", "an option renamed",
    "a lead beyond the options", "edges swapped", "weights that add up to 90", "a row missing", "a later value",
    "a later item", "a check without bounds", "a measure renamed", "a named value renamed",
    "a count beyond its conditions", "a check of a level that is not there", "a year nobody asks for",
)  # fmt: skip


def test_everything_that_is_wrong_comes_at_once(tmp_path: Path) -> None:
    raw = made.plain("every")
    for name in TOGETHER:
        MUTANTS[name][0](raw)
    assert faults(raw, tmp_path) == sorted(fault for name in TOGETHER for fault in MUTANTS[name][1])


def test_what_follows_from_the_places_of_nodes_comes_with_the_rest(tmp_path: Path) -> None:
    raw = made.plain("every")
    names = ("nothing said about what does not apply", "weights that add up to 90", "values that fall", "edges swapped")
    for name in names:
        MUTANTS[name][0](raw)
    assert faults(raw, tmp_path) == sorted(fault for name in names for fault in MUTANTS[name][1])


def test_a_tree_that_cannot_be_read_hides_no_fault_of_the_ladder(tmp_path: Path) -> None:
    raw = made.plain("every")
    raw["tree"]["colour"] = "blue"
    MUTANTS["a count beyond its conditions"][0](raw)
    assert faults(raw, tmp_path) == [
        ("ladder.steps.1.conditions[1].at_least", "over_conditions"),
        ("tree.total.colour", "key_unknown"),
    ]


def test_a_level_that_is_passed_over_is_named_beside_other_faults(tmp_path: Path) -> None:
    raw = made.plain("every")
    raw["ladder"]["reached"] = "highest"
    raw["ladder"]["steps"][1]["conditions"] = raw["ladder"]["steps"][0]["conditions"]
    MUTANTS["edges swapped"][0](raw)
    assert faults(raw, tmp_path) == [("ladder.steps.1", "passed_over"), *MUTANTS["edges swapped"][1]]


def test_a_missing_language_loads_and_the_other_is_said(tmp_path: Path) -> None:
    raw = made.plain("every")
    del item(raw, "one")["label"]["zh_CN"]
    label = scorer(raw, tmp_path).instrument.items["one"].label
    assert (label.missing(), label.say("zh_CN")) == (["zh_CN"], "Single?")


# -- whatever a file holds


ODD: list[Any] = [
    True, None, "x", "", -1, 10**30, [], [1], {}, {"a": 1}, {True: 1}, {None: 2}, {3: 4}, {"kind": "x"}, {"kind": True},
    {"growth": {"fact": "staff"}, "z": 1}, {"kind": "option"}, {"zh_CN": 5}, {"knid": "chosen", "item": "one"},
]  # fmt: skip


def containers(raw: Any) -> list[Any]:
    below = raw.values() if isinstance(raw, dict) else raw
    return [raw, *(one for each in below if isinstance(each, dict | list) for one in containers(each))]


def broken(random: Random) -> Raw:
    """A definition with up to four accidents: something gone, odd, misspelt or too much."""
    raw = made.plain(random.choice(["every", "small"]))
    for _ in range(random.randint(1, 4)):
        where = random.choice([each for each in containers(raw) if each])
        key = random.choice(list(where)) if isinstance(where, dict) else random.randrange(len(where))
        odd = copy.deepcopy(random.choice(ODD))
        accident = random.randrange(4)
        if accident == 0:
            where.pop(key)
        elif accident == 1:
            where[key] = odd
        elif isinstance(where, list):
            where.append(odd)
        else:
            where[random.choice([True, None, 3, "zzz", f"{key}x"])] = where.pop(key) if accident == 2 else odd
    return raw


@pytest.mark.parametrize("seed", range(60))
def test_every_accident_is_told_in_our_own_words(seed: int) -> None:
    _instrument, scorer, found = looked_into(broken(Random(seed)))  # noqa: S311
    assert (scorer is None) == bool(found)
    assert "shape" not in {fault.code for fault in found}
    for fault in found:
        assert sentence(fault, "en") != sentence(fault, "zh_CN")
        assert not re.search(r"Input|Value error|Extra|\[key\]|function-", f"{fault.path} {sentence(fault, 'en')}")


# -- routes that look as if they never held


HARMLESS: dict[str, Callable[[Raw], Any]] = {
    "an option that needs another one": lambda raw: (
        item(raw, "several")["options"][2].update(requires=["B"]),
        when("points", {"kind": "chosen", "item": "several", "all": ["C"]})(raw),
    ),
    "two rows of one grid": when("points", {"kind": "all_of", "conditions": [
        {"kind": "chosen", "item": "rows", "row": "r1", "any": ["2"]},
        {"kind": "chosen", "item": "rows", "row": "r3", "any": ["0"]}]}),
    "a grid that is filled in": when("points", {"kind": "answered", "item": "rows"}),
    "a number that is typed in": when("follow", {"kind": "answered", "item": "points"}),
    "figures that are known": when("fuels", {"kind": "answered", "item": "money"}),
    "none of the figures": lambda raw: raw["sections"].append(
        {**raw["sections"][1], "id": "last", "when": {"kind": "chosen", "item": "fuels", "any": ["none"]},
         "items": [{**item(raw, "follow"), "id": "more", "when": None}]}),
    "a sum of those that can stand together": lambda raw: node(raw, "m_several").update(
        rule={"kind": "sum_of_options", "item": "several", "weights": {"A": 100, "B": 50, "C": 30, "D": 20}}),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_can_happen_is_no_fault(name: str, tmp_path: Path) -> None:
    raw = made.plain("every")
    HARMLESS[name](raw)
    assert scorer(raw, tmp_path).instrument.version == "1"


# -- the checksum of what counts


@pytest.mark.parametrize("name", ["effort", "number", "source"])
def test_a_value_counts_as_a_rule_whatever_its_name(name: str) -> None:
    raw = made.plain("every")
    raw["values"][name] = {"title": TEXT, "is": {"fact": "sales"}}
    before = made.loaded(raw)
    raw["values"][name]["is"]["fact"] = "research"
    after = made.loaded(raw)
    assert before.rules_checksum != after.rules_checksum
    assert before.texts_checksum == after.texts_checksum


def test_weights_of_options_called_like_languages_are_no_wording() -> None:
    raw = made.plain("every")
    for option, name in zip(item(raw, "follow")["options"], ("zh_CN", "en"), strict=True):
        option["id"] = name
    node(raw, "m_follow")["rule"]["weights"] = {"zh_CN": 0, "en": 100}
    before = made.loaded(raw)
    node(raw, "m_follow")["rule"]["weights"] = {"zh_CN": 0, "en": 50}
    assert before.rules_checksum != made.loaded(raw).rules_checksum
