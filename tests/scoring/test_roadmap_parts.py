"""Parts of a roadmap by hand: what each step gains, which options are alike, what adds up, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires.answers import Answers
from scoring import Scorer
from scoring.roadmap import Plan, Roadmap, roadmap
from tests.scoring import made
from tests.scoring.roadmaps import asked, definition, node, option, say

TOTAL = {"kind": "measure_at_least", "measure": "total"}


def found(scorer: Scorer, responses: dict[str, Any], *locks: Any, **more: Any) -> Roadmap:
    result = roadmap(scorer, Answers(responses), locks, **more)
    assert result is not None
    return result


def plan(scorer: Scorer, responses: dict[str, Any], *locks: Any) -> Plan:
    result = found(scorer, responses, *locks).plan
    assert result is not None
    return result


def aims(given: Plan | None) -> list[str | int]:
    return [] if given is None else [change.to for change in given.changes]


def singles(names: str, *steps: list[Any], combine: str = "mean", **more: Any) -> Scorer:
    """One single item per letter, options `a` and `b` (effort 2), 0 and 100 points."""
    items = [asked(name, "single", options=[option("a"), option("b", 2)]) for name in names]
    children = [node(f"m_{name}", rule={"kind": "option", "item": name, "weights": {"a": 0, "b": 100}})
                for name in names]  # fmt: skip
    tree = node("total", maximum=100, combine=combine, children=children)
    return made.scorer_of(definition(items, tree, list(steps), **more))


MANUAL = {"kind": "manual", "text": say("seen")}


# -- what a step does --------------------------------------------------------------------------------------------------


def test_each_step_says_which_conditions_it_moves_and_which_it_meets() -> None:
    of_z = {"kind": "measure_at_least", "measure": "m_z", "points": "30"}
    steps = plan(singles("xyz", [TOTAL | {"points": "60"}, of_z]), {"x": "a", "y": "a", "z": "b"}).steps
    assert [[(gain.path, gain.before, gain.after, gain.need, gain.met) for gain in step.gains] for step in steps] == [
        [((1, 0), "100/3", "200/3", "60", True)]
    ]
    scorer = singles("xyz", [TOTAL | {"points": "60"}])
    first, second = plan(scorer, {"x": "a", "y": "a", "z": "a"}).steps
    assert [(gain.before, gain.after, gain.met) for gain in first.gains] == [("0", "100/3", False)]
    assert [(gain.before, gain.after, gain.met) for gain in second.gains] == [("100/3", "200/3", True)]


def test_a_condition_that_held_before_is_not_met_again() -> None:
    scorer = singles("xy", [TOTAL | {"points": "50"}, {"kind": "chosen", "item": "y", "any": ["b"]}])
    (step,) = plan(scorer, {"x": "b", "y": "a"}).steps
    assert [(gain.path, gain.before, gain.after, gain.met) for gain in step.gains] == [
        ((1, 0), "50", "100", False),
        ((1, 1), "0", "1", True),
    ]


def test_the_points_of_a_step_do_not_count_what_others_might_bring() -> None:
    scorer = singles("xyz", [TOTAL | {"points": "30"}])
    (step,) = plan(scorer, {"x": "a"}, "y", "z").steps
    assert (step.change.item, step.points) == ("x", "100/3")


@pytest.mark.parametrize("bound", ["at_least", "above"])
def test_points_in_a_comparison_are_counted_like_any_others(bound: str) -> None:
    scorer = singles("xy", [{"kind": "measure_compare", "measure": "total", bound: "40"}])
    (step,) = plan(scorer, {"x": "a", "y": "a"}).steps
    assert [(gain.measure, gain.counts, gain.before, gain.after, gain.need) for gain in step.gains] == [
        ("total", True, "0", "50", "40")
    ]


def test_under_a_minimum_the_points_are_those_of_the_child_that_rises() -> None:
    scorer = singles("xy", [TOTAL | {"points": "40"}], combine="minimum")
    steps = plan(scorer, {"x": "a", "y": "a"}).steps
    assert [[(gain.measure, gain.met) for gain in step.gains] for step in steps] == [[("m_x", True)], [("m_y", True)]]
    either = plan(singles("xy", [TOTAL | {"points": "40"}], combine="maximum"), {"x": "a", "y": "a"})
    assert [[gain.measure for gain in step.gains] for step in either.steps] == [["m_x"]]


def test_a_condition_that_is_surely_asked_is_looked_at_by_itself() -> None:
    """Whether the firm exports cannot change: what is then asked of it counts like any other condition."""
    asks = {"kind": "only_if", "if": {"kind": "chosen", "item": "exports", "any": ["yes"]},
            "then": TOTAL | {"points": "40"}}  # fmt: skip
    raw = definition(
        [asked("exports", "single", options=[option("no"), option("yes")]),
         asked("x", "single", options=[option("a"), option("b", 2)])],
        node("total", maximum=100, rule={"kind": "option", "item": "x", "weights": {"a": 0, "b": 100}}),
        [[asks, {"kind": "chosen", "item": "x", "any": ["b"]}]],
    )  # fmt: skip
    scorer = made.scorer_of(raw)
    (step,) = plan(scorer, {"exports": "yes", "x": "a"}).steps
    assert [(gain.path, gain.measure, gain.counts) for gain in step.gains] == [
        ((1, 0, 1), "total", True), ((1, 1), None, False)]  # fmt: skip
    (step,) = plan(scorer, {"exports": "no", "x": "a"}).steps
    assert [gain.path for gain in step.gains] == [(1, 1)]


@pytest.mark.parametrize(("least", "changed"), [(1, 1), (2, 2), (3, 3)])
def test_so_many_of_several_conditions_take_so_many_changes(least: int, changed: int) -> None:
    asks = [{"kind": "chosen", "item": name, "any": ["b"]} for name in "xyz"]
    scorer = singles("xyz", [{"kind": "count_of", "at_least": least, "conditions": asks}])
    made_changes = plan(scorer, {"x": "a", "y": "a", "z": "a"})
    assert (len(made_changes.changes), made_changes.level) == (changed, 1)


# -- what a person decides ---------------------------------------------------------------------------------------------


def test_what_a_person_decides_is_listed_wherever_it_stands_but_only_of_the_next_level() -> None:
    scorer = singles("xy", [MANUAL, TOTAL | {"points": "40"}], [TOTAL | {"points": "90"}, MANUAL], reached="stepwise")
    assert found(scorer, {"x": "a", "y": "a"}).manual == ((1, 0),)
    scorer = singles("xy", [TOTAL | {"points": "40"}], [MANUAL, TOTAL | {"points": "90"}], reached="stepwise")
    assert found(scorer, {"x": "b", "y": "a"}).manual == ((2, 0),)


def test_a_count_that_hangs_on_a_person_is_listed_for_that_person() -> None:
    two = {"kind": "count_of", "at_least": 2, "conditions": [MANUAL, {"kind": "chosen", "item": "x", "any": ["b"]}]}
    result = found(singles("xy", [two]), {"x": "a", "y": "a"})
    assert (aims(result.plan), result.manual) == (["b"], ((1, 0),))


# -- which changes there are -------------------------------------------------------------------------------------------


def test_from_an_answer_that_does_not_apply_no_way_leads_up_wherever_it_is_listed() -> None:
    options = [option("a"), option("N", not_applicable=True), option("b", 2)]
    items = [asked("x", "single", options=options), asked("y", "single", options=[option("a"), option("b", 9)])]
    children = [node(f"m_{name}", rule={"kind": "option", "item": name, "weights": {"a": 0, "b": 100}})
                for name in "xy"]  # fmt: skip
    tree = node("total", maximum=100, combine="mean", not_applicable="zero", children=children)
    scorer = made.scorer_of(definition(items, tree, [[TOTAL | {"points": "50"}]]))
    assert [change.item for change in plan(scorer, {"x": "a", "y": "a"}).changes] == ["x"]
    assert [change.item for change in plan(scorer, {"x": "N", "y": "a"}).changes] == ["y"]


def several(*options: dict[str, Any], rules: list[dict[str, Any]], conditions: list[Any], **more: Any) -> Scorer:
    """One multiple item under rules whose mean is the total."""
    items = [asked("many", "multiple", options=[option("A", exclusive=True), *options])]
    children = [node(f"m{place}", rule={"item": "many", **rule}) for place, rule in enumerate(rules)]
    tree = node("total", maximum=100, combine="mean", children=children)
    return made.scorer_of(definition(items, tree, [conditions], **more))


SUM = {"kind": "sum_of_options", "weights": {"A": 0, "B": 20, "C": 20, "D": 20}}
THREE = (option("B", 2), option("C", 2), option("D", 2))
NONE = {"many": ("A",)}


def test_what_an_option_needs_is_named_once_however_many_ways_lead_there() -> None:
    options = (option("B", 1), option("C", 1, requires=["B"]), option("D", 1, requires=["B"]),
               option("E", 1, requires=["C", "D"]))  # fmt: skip
    weights = {"A": 0, "B": 1, "C": 1, "D": 1, "E": 90}
    scorer = several(*options, rules=[{"kind": "sum_of_options", "weights": weights}],
                     conditions=[TOTAL | {"points": "90"}])  # fmt: skip
    changes = plan(scorer, NONE).changes
    assert [change.to for change in changes][0::3] == ["B", "E"]
    assert sorted(changes[-1].needs) == ["B", "C", "D"]


def test_options_that_only_a_condition_tells_apart_are_told_apart() -> None:
    scorer = several(*THREE, rules=[SUM], conditions=[TOTAL | {"points": "10"},
                                                      {"kind": "chosen", "item": "many", "any": ["C"]}])  # fmt: skip
    assert aims(plan(scorer, NONE)) == ["C"]


def test_options_that_only_another_kind_of_rule_tells_apart_are_told_apart() -> None:
    counted = {"kind": "linear", "value": {"count": "many", "of": ["D"]}, "base": 0, "lead": 1}
    raw = definition(
        [asked("many", "multiple", options=[option("A", exclusive=True), *THREE])],
        node("total", maximum=100, combine="mean", children=[node("m0", rule={**SUM, "item": "many"}),
                                                             node("m1", rule=counted)]),
        [[TOTAL | {"points": "60"}]],
    )  # fmt: skip
    assert aims(plan(made.scorer_of(raw), NONE)) == ["D"]


def test_options_that_others_need_are_not_taken_for_one_another() -> None:
    options = (option("B", 1), option("C", 1), option("D", 1, requires=["C"]), option("E", 1, requires=["B"]))
    weights = {"A": 0, "B": 0, "C": 0, "D": 10, "E": 80}
    scorer = several(*options, rules=[{"kind": "sum_of_options", "weights": weights}],
                     conditions=[TOTAL | {"points": "70"}])  # fmt: skip
    assert aims(plan(scorer, NONE)) == ["B", "E"]


def test_a_sum_with_a_floor_is_passed_by_several_options_together() -> None:
    """Each option alone leaves the sum on its floor; only two of them lift it."""
    scorer = several(*THREE, rules=[{**SUM, "at_least": 30}], conditions=[TOTAL | {"points": "40"}])
    assert aims(plan(scorer, NONE)) == ["B", "C"]


def test_a_sum_with_a_ceiling_brings_no_more_than_that() -> None:
    scorer = several(*THREE, rules=[{**SUM, "at_most": 30}], conditions=[TOTAL | {"points": "30"}])
    assert aims(plan(scorer, NONE)) == ["B", "C"]
