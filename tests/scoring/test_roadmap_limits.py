"""Where a roadmap ends: what no change can meet, what only fails together, what influences each other, and time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from questionnaires.answers import Answers
from scoring import Scorer
from scoring.roadmap import roadmap
from scoring.roadmap_reads import additive, items_read, settled
from scoring.roadmap_sentences import told
from tests.scoring import made
from tests.scoring.roadmaps import asked, definition, node, option
from tests.scoring.test_roadmap_parts import TOTAL, aims, found, plan, singles


def pulled_apart(points: str) -> Scorer:
    """Two items whose answers serve either one measure or the other: `b` the first, `c` the second."""
    items = [asked(name, "single", options=[option("a"), option("b", 1), option("c", 1)]) for name in "xy"]
    leaves = [
        node(f"{measure}_{item}", rule={"kind": "option", "item": item, "weights": {"a": 0, "b": b, "c": c}})
        for measure, (b, c) in {"one": (100, 0), "two": (0, 100)}.items() for item in "xy"
    ]  # fmt: skip
    tree = node("total", maximum=100, combine="mean", children=[
        node("one", combine="weighted_mean", children=[leaves[0] | {"weight": 1}, leaves[1] | {"weight": 2}]),
        node("two", combine="weighted_mean", children=[leaves[2] | {"weight": 1}, leaves[3] | {"weight": 2}]),
    ])  # fmt: skip
    both = [{"kind": "measure_at_least", "measure": name, "points": points} for name in ("one", "two")]
    return made.scorer_of(definition(items, tree, [both]))


def test_what_can_be_had_only_one_by_one_is_said_to_fail_together() -> None:
    scorer = pulled_apart("30")
    result = found(scorer, {"x": "a", "y": "a"})
    assert (result.plan, result.reachable, result.missing) == (None, False, ())
    assert told(result, scorer, "en").nearest == ("Each condition can be met, but not all of them at once.",)
    assert told(result, scorer, "zh_CN").nearest == ("各项条件单独都能达到，但不能同时达到。",)
    assert aims(plan(pulled_apart("15"), {"x": "a", "y": "a"})) == ["b", "c"]


def figures_too(*conditions: dict[str, Any]) -> Scorer:
    """A single item, 0, 50 or 100 points, and a figure that no change moves."""
    raw = definition(
        [asked("x", "single", options=[option("a"), option("b", 3), option("c", 3)]),
         asked("money", "figures", asks=[{"fact": "revenue"}, {"fact": "staff"}])],
        node("total", maximum=100, rule={"kind": "option", "item": "x", "weights": {"a": 0, "b": 50, "c": 100}}),
        [list(conditions)],
    )  # fmt: skip
    raw["facts"] = ["revenue", "staff"]
    return made.scorer_of(raw)


RICH, LARGE = ({"kind": "compare", "value": {"fact": fact}, "at_least": 1000} for fact in ("revenue", "staff"))


@pytest.mark.parametrize(
    ("of_points", "missing"),
    [
        ({"kind": "measure_compare", "measure": "total", "above": "49"}, [(1, 1)]),
        ({"kind": "measure_compare", "measure": "total", "above": "50"}, [(1, 0), (1, 1)]),
        ({"kind": "measure_compare", "measure": "total", "at_least": "50"}, [(1, 1)]),
        ({"kind": "measure_at_least", "measure": "total", "points": "50"}, [(1, 1)]),
        ({"kind": "measure_at_least", "measure": "total", "points": "51"}, [(1, 0), (1, 1)]),
    ],
)
def test_only_what_no_change_meets_is_called_missing(of_points: dict[str, Any], missing: list[Any]) -> None:
    result = found(figures_too(of_points, RICH), {"x": "a"}, ("x", "c"))
    assert result.reachable is False
    assert [each.path for each in result.missing] == missing


def test_of_several_ways_the_one_that_lacks_least_is_told() -> None:
    ways = [{"kind": "all_of", "conditions": [RICH, LARGE]}, LARGE]
    for conditions, path in ((ways, (1, 0, 1)), (ways[::-1], (1, 0, 0))):
        result = found(figures_too({"kind": "any_of", "conditions": conditions}), {"x": "a"})
        assert [each.path for each in result.missing] == [path]


# -- what influences each other ----------------------------------------------------------------------------------------


def grids() -> Scorer:
    """Two grids and an item; the points of each grid count only as far as those of the item."""
    rows = [{"id": name, "label": {"en": name, "zh_CN": name}} for name in ("r1", "r2")]
    items = [asked(name, "grid", rows=rows, options=[option("a"), option("b", 2)]) for name in "gh"]
    items.append(asked("x", "single", options=[option("a"), option("b", 2)]))
    rules = {name: {"kind": "option" if name == "x" else "grid", "item": name, "weights": {"a": 0, "b": 100}}
             for name in "ghx"}  # fmt: skip
    pairs = [node(f"with_{name}", combine="minimum", children=[node(f"{name}_{name}", rule=rules[name]),
                                                              node(f"{name}_x", rule=rules["x"])])
             for name in "gh"]  # fmt: skip
    tree = node("total", maximum=100, combine="mean", children=pairs)
    return made.scorer_of(definition(items, tree, [[TOTAL | {"points": "90"}]]))


@pytest.mark.parametrize("low", [{"r1": "a", "r2": "a"}, {"r1": "b", "r2": "a"}, {"r1": "a", "r2": "b"}, {"r1": "a"}])
def test_rows_of_grids_are_raised_one_by_one_where_points_do_not_add_up(low: dict[str, str]) -> None:
    changes = plan(grids(), {"g": low, "h": {"r1": "a", "r2": "a"}, "x": "a"}).changes
    raised = list(low.values()).count("b")
    assert len(changes) == 5 - raised
    assert len({(change.item, change.row) for change in changes}) == 5 - raised


@pytest.mark.parametrize(
    ("combine", "adds_up"),
    [("weighted_mean", True), ("mean", True), ("sum", True), ("minimum", False), ("maximum", False)],
)
def test_changes_add_up_in_means_and_sums_only(combine: str, adds_up: bool) -> None:
    raw = made.plain("small")
    raw["checks"], raw["ladder"]["steps"] = [], raw["ladder"]["steps"][:1]
    raw["ladder"]["steps"][0]["conditions"] = [TOTAL | {"points": 30}]
    chain = made.node(raw, "chain")
    chain["combine"] = combine
    for child in chain["children"]:
        child |= {"weight": 1} if combine == "weighted_mean" else {"maximum": 5} if combine == "sum" else {}
    scorer = made.scorer_of(raw)
    result = scorer.evaluate(Answers({}))
    (condition,) = scorer.ladder.steps[0].conditions
    for items, expected in (({"weak", "strong"}, adds_up), ({"weak", "several"}, True), ({"weak"}, True)):
        assert additive(scorer, result, condition, frozenset(items)) is expected


def test_a_value_is_followed_to_the_items_behind_it() -> None:
    raw = definition(
        [asked("many", "multiple", options=[option("A", exclusive=True), option("B", 2), option("C", 2)]),
         asked("x", "single", options=[option("a"), option("b", 3)])],
        node("total", maximum=100, rule={"kind": "option", "item": "x", "weights": {"a": 0, "b": 100}}),
        [[{"kind": "compare", "value": {"value": "chosen"}, "at_least": 2}]],
    )  # fmt: skip
    raw["values"] = {"chosen": {"title": {"en": "chosen", "zh_CN": "选中"}, "is": {"count": "many"}}}
    scorer = made.scorer_of(raw)
    assert aims(plan(scorer, {"many": ("A",), "x": "a"})) == ["B", "C"]
    assert items_read(scorer, scorer.ladder.steps[0].conditions[0]) == {"many"}


@pytest.mark.parametrize(("least", "clear"), [(0, True), (20, False)])
def test_what_may_not_apply_is_clear_only_where_it_surely_earns_nothing(least: int, clear: bool) -> None:
    """Of two indicators the second may not be asked; what it earns for sure is then taken for granted or shared out."""
    items = [asked("x", "single", options=[option("a"), option("b", 2)]),
             asked("y", "single", options=[option("a"), option("b", 2)],
                   when={"kind": "chosen", "item": "x", "any": ["b"]})]  # fmt: skip
    children = [node("m_x", rule={"kind": "option", "item": "x", "weights": {"a": 0, "b": 100}}),
                node("m_y", rule={"kind": "option", "item": "y", "weights": {"a": least, "b": 100}})]  # fmt: skip
    tree = node("total", maximum=100, combine="mean", not_applicable="redistribute", children=children)
    scorer = made.scorer_of(definition(items, tree, [[TOTAL | {"points": "40"}]]))
    states = {name: settled(scorer, scorer.evaluate(Answers(given)), "total")
              for name, given in (("open", {}), ("asked", {"x": "b"}), ("not asked", {"x": "a"}))}  # fmt: skip
    assert states == {"open": clear, "asked": True, "not asked": True}


# -- time --------------------------------------------------------------------------------------------------------------


def after(calls: int) -> Callable[[], bool]:
    asked_times = count()
    return lambda: next(asked_times) >= calls


@pytest.mark.parametrize(("names", "changes"), [("uvwxyz", 3), ("xy", 1)])
def test_an_alternative_that_was_cut_short_is_not_called_the_best(names: str, changes: int) -> None:
    scorer, firm = singles(names, [TOTAL | {"points": "50"}]), dict.fromkeys(names, "a")
    whole = found(scorer, firm)
    assert whole.alternative
    assert whole.alternative.optimal
    assert len(whole.alternative.steps) == changes
    seen = set()
    for calls in range(60):
        result = found(scorer, firm, stop=after(calls))
        if result.plan is None or not result.plan.optimal or result.alternative is None:
            continue
        seen.add(result.alternative.optimal)
        if result.alternative.optimal:
            assert result.alternative == whole.alternative
        assert result.alternative.bound <= whole.alternative.effort <= result.alternative.effort
    assert seen == {True, False}


def test_nothing_is_changed_where_only_a_person_stands_before_the_level() -> None:
    by_hand = {"kind": "manual", "text": {"en": "seen", "zh_CN": "看过"}}
    result = roadmap(singles("xy", [TOTAL | {"points": "50"}, by_hand]), Answers({"x": "b", "y": "a"}))
    assert result is not None
    assert result.plan is not None
    assert (result.plan.steps, result.plan.effort, result.plan.bound, result.alternative) == ((), 0, 0, None)
