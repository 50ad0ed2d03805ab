"""The roadmap against every plan tried, on small definitions; locks, ties, unknown answers, time limits, words."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from questionnaires.answers import Answers
from questionnaires.faults import DefinitionError
from scoring import Scorer, scorer_for
from scoring.__main__ import main
from scoring.roadmap import Plan, Roadmap, roadmap
from scoring.roadmap_changes import read_lock
from scoring.roadmap_sentences import told
from tests.scoring import digital, made
from tests.scoring.roadmaps import Made, all_plans, asked, definition, firm, leaves_out_one, node, option, say

SUMS, ODD = ("weighted_mean", "mean"), ("weighted_mean", "mean", "minimum", "maximum")
TOTAL = {"kind": "measure_at_least", "measure": "total"}


def random_case(seed: int) -> tuple[Scorer, Answers]:
    """A definition and a firm; every other one has rules and dimensions that do not simply add up."""
    for attempt in count():
        dice = Random(seed * 1000 + attempt)  # noqa: S311  # made-up firms, no secrets
        try:
            kinds = ODD if seed % 2 else SUMS
            scorer = made.scorer_of(Made(dice, kinds, odd=bool(seed % 2), routed=seed % 3 == 2).raw())
        except DefinitionError:
            continue  # a level that nobody reaches
        return scorer, firm(scorer, dice)
    raise AssertionError


def key(plan: Plan | None) -> Any:
    if plan is None:
        return None
    changes = frozenset((change.item, change.row or "", change.to) for change in plan.changes)
    return plan.effort, plan.paper, len(plan.steps), changes


def found(scorer: Scorer, responses: dict[str, Any], *locks: Any, **more: Any) -> Roadmap:
    result = roadmap(scorer, Answers(responses), locks, **more)
    assert result is not None
    return result


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_first_of_all_plans_and_its_alternative_the_first_that_leaves_a_change_out(seed: int) -> None:
    scorer, answers = random_case(seed)
    result = roadmap(scorer, answers)
    if result is None:
        assert scorer.ladder is not None
        assert scorer.score(answers).level == len(scorer.ladder.steps)
        return
    plans = all_plans(scorer, answers)
    best = plans[0] if plans else None
    other = next((plan for plan in plans if best and leaves_out_one(scorer, plan, best)), None)
    for mine, theirs in ((result.plan, best), (result.alternative, other)):
        assert key(mine) == (theirs and (theirs.effort, theirs.paper, theirs.number, theirs.changes))
        assert mine is None or (mine.optimal and mine.bound == mine.effort)
    assert result.reachable is bool(plans)


# -- small ones made by hand -------------------------------------------------------------------------------------------


def two_items(points: str = "50", also: tuple[Any, ...] = (), **more: Any) -> Scorer:
    """A single item and a multiple one, 50 points each; `b` of both costs 3, `B` and `C` 2 each."""
    items = [
        asked("one", "single", options=[option("a"), option("b", 3), option("c", 4)]),
        asked("many", "multiple", options=[option("A", exclusive=True), option("B", 2), option("C", 2), *also]),
    ]  # fmt: skip
    worth = {"A": 0, "B": 40, "C": 40} | {each["id"]: 20 for each in items[1]["options"][3:]}
    tree = node("total", maximum=100, combine="mean", children=[
        node("first", rule={"kind": "option", "item": "one", "weights": {"a": 0, "b": 50, "c": 100}}),
        node("second", rule={"kind": "sum_of_options", "item": "many", "weights": worth}),
    ])  # fmt: skip
    return made.scorer_of(definition(items, tree, [[TOTAL | {"points": points}, *more.pop("conditions", [])]], **more))


NOTHING = {"one": "a", "many": ("A",)}


def test_it_sums_the_effort_of_what_is_passed_through() -> None:
    result = found(two_items("50"), NOTHING, "many")
    assert result.plan
    (step,) = result.plan.steps
    assert (step.change.start, step.change.to, step.change.effort, step.points) == ("a", "c", 7, "50")
    assert (result.plan.level, result.level) == (1, 1)


def test_it_passes_an_option_without_effort_at_no_cost_and_never_aims_at_it() -> None:
    raw_options = [option("a"), option("b"), option("c", 4)]
    tree = node("total", maximum=100, rule={"kind": "option", "item": "one", "weights": {"a": 0, "b": 60, "c": 100}})
    scorer = made.scorer_of(
        definition([asked("one", "single", options=raw_options)], tree, [[TOTAL | {"points": "50"}]])
    )
    result = found(scorer, {"one": "a"})
    assert result.plan
    assert key(result.plan) == (4, 0, 1, frozenset({("one", "", "c")}))


def test_it_drops_none_of_these_and_adds_what_an_option_needs_first() -> None:
    scorer = two_items("10", also=(option("D", 1, requires=["B"]),))
    result = found(scorer, NOTHING, "one", ("many", "C"))
    assert result.plan
    assert [step.change.to for step in result.plan.steps] == ["B"]
    scorer = two_items("30", also=(option("D", 1, requires=["B"]),))
    result = found(scorer, NOTHING, "one", ("many", "C"))
    assert result.plan
    assert [step.change.to for step in result.plan.steps] == ["B", "D"]
    assert [step.points for step in result.plan.steps] == ["20", "10"]


@pytest.mark.parametrize(
    ("locks", "reachable"),
    [((), True), (("one",), True), (("many",), True), (("one", "many"), False), ((("one", "b"), "many"), False),
     ((("one", "c"),), True), ((("many", "B"), ("many", "C"), ("one", "c")), False)],
)  # fmt: skip
def test_it_changes_nothing_that_is_not_possible(locks: Any, reachable: bool) -> None:
    result = found(two_items("40"), NOTHING, *locks)
    assert result.reachable is reachable
    changes = result.plan.changes if result.plan else ()
    assert not {change.item for change in changes} & {lock for lock in locks if isinstance(lock, str)}
    assert not {(change.item, change.to) for change in changes} & {lock for lock in locks if not isinstance(lock, str)}


def test_it_says_what_no_change_can_meet_and_how_near_it_comes() -> None:
    result = found(two_items("60"), NOTHING, ("one", "c"), ("many", "C"))
    assert (result.plan, result.reachable) == (None, False)
    (missing,) = result.missing
    assert (missing.path, missing.most, missing.need) == ((1, 0), "45", "60")
    words = told(result, two_items("60"), "en")
    assert words.nearest == ("total at least 60 points: with every possible change, 45 at most.",)


def test_it_prefers_practice_to_paper_of_equal_effort() -> None:
    def scorer(first: str, second: str) -> Scorer:
        items = [
            asked(name, "single", options=[option("a"), option("b", 3, work)])
            for name, work in (("x", first), ("y", second))
        ]
        rules: Any = [{"kind": "option", "item": name, "weights": {"a": 0, "b": 100}} for name in "xy"]
        children = [node(f"m{place}", rule=rule) for place, rule in enumerate(rules)]
        tree = node("total", maximum=100, combine="mean", children=children)
        return made.scorer_of(definition(items, tree, [[TOTAL | {"points": "50"}]]))

    chosen = {
        works: [change.item for change in plan.changes]
        for works in (("paper", "practice"), ("practice", "paper"), ("paper", "paper"))
        if (plan := found(scorer(*works), {"x": "a", "y": "a"}).plan)
    }
    assert chosen == {("paper", "practice"): ["y"], ("practice", "paper"): ["x"], ("paper", "paper"): ["x"]}


def test_it_takes_an_open_answer_at_its_worst_and_says_so() -> None:
    scorer = two_items("50")
    result = found(scorer, {"many": ("A",)}, "many")
    assert result.plan
    (change,) = result.plan.changes
    assert (change.start, change.to, change.effort, change.assumed) == ("a", "c", 7, True)
    assert "one" in told(result, scorer, "en").notes[0]
    assert not found(scorer, NOTHING, "many").plan.changes[0].assumed  # type: ignore[union-attr]


def test_it_leaves_to_a_person_what_only_a_person_can_tell() -> None:
    by_hand = {"kind": "manual", "text": say("inspected")}
    scorer = two_items("20", conditions=[by_hand])
    result = found(scorer, NOTHING)
    assert result.plan
    assert (result.plan.effort, result.manual) == (2, ((1, 1),))
    assert told(result, scorer, "en").manual == ("inspected",)
    done = found(scorer, {"one": "c", "many": ("A",)})
    assert done.plan
    assert (done.plan.steps, done.plan.level) == ((), 1)


def test_it_takes_a_way_that_a_person_decides_only_where_there_is_no_other() -> None:
    either = {"kind": "any_of", "conditions": [
        {"kind": "manual", "text": say("a title")}, {"kind": "chosen", "item": "one", "any": ["c"]},
    ]}  # fmt: skip
    scorer = two_items("20", conditions=[either])
    free = found(scorer, NOTHING)
    assert free.plan
    assert (free.plan.effort, free.manual) == (7, ())
    shut = found(scorer, NOTHING, ("one", "c"))
    assert shut.plan
    assert (shut.plan.effort, shut.manual) == (2, ((1, 1, 0),))


def test_it_names_a_condition_on_figures_that_no_change_meets() -> None:
    raw = definition(
        [asked("one", "single", options=[option("a"), option("b", 3)]),
         asked("money", "figures", asks=[{"fact": "revenue"}])],
        node("total", maximum=100, rule={"kind": "option", "item": "one", "weights": {"a": 0, "b": 100}}),
        [[TOTAL | {"points": "50"}, {"kind": "compare", "value": {"fact": "revenue"}, "at_least": 1000}]],
    )  # fmt: skip
    raw["facts"] = ["revenue"]
    scorer = made.scorer_of(raw)
    result = found(scorer, {"one": "a"})
    assert result.reachable is False
    assert [missing.path for missing in result.missing] == [(1, 1)]
    rich = roadmap(scorer, Answers({"one": "a"}, {("revenue", 2025): 200_000}, 2025))
    assert rich is not None
    assert rich.plan


def test_it_is_nothing_at_the_highest_level() -> None:
    assert roadmap(two_items("20"), Answers({"one": "c", "many": ("B",)})) is None


# -- when the time is up -----------------------------------------------------------------------------------------------


def after(calls: int) -> Callable[[], bool]:
    asked_times = count()
    return lambda: next(asked_times) >= calls


@pytest.mark.parametrize("seed", range(24))
def test_a_plan_cut_short_still_reaches_the_level_and_its_bound_holds(seed: int) -> None:
    scorer, answers = random_case(seed)
    for calls in (0, 1, 3):
        result = roadmap(scorer, answers, stop=after(calls))
        whole = roadmap(scorer, answers)
        if result is None or whole is None:
            assert result is whole
            continue
        assert result.reachable in (whole.reachable, None)
        if result.plan is None:
            continue
        assert whole.plan
        assert result.plan.bound <= whole.plan.effort <= result.plan.effort
        if result.plan.optimal:
            assert key(result.plan) == key(whole.plan)


def test_it_says_when_it_could_not_look_at_everything() -> None:
    weights = {"a": 0, "b": 50, "c": 100}
    scorer = made.scorer_of(definition(
        [asked(f"i{n}", "single", options=[option("a"), option("b", n + 2), option("c", 3)]) for n in range(8)],
        node("total", maximum=100, combine="maximum", children=[
            node("low", combine="mean", children=[
                node(f"m{n}", combine="maximum", children=[
                    node(f"m{n}{m}", rule={"kind": "option", "item": f"i{(n + m) % 8}", "weights": weights})
                    for m in (0, 1)
                ])
                for n in range(8)
            ]),
        ]),
        [[TOTAL | {"points": "90"}]],
    ))  # fmt: skip
    start = {f"i{n}": "a" for n in range(8)}
    cut, whole = found(scorer, start, stop=after(30)), found(scorer, start)
    assert cut.plan
    assert whole.plan
    assert (cut.plan.optimal, whole.plan.optimal) == (False, True)
    assert cut.plan.bound < whole.plan.effort <= cut.plan.effort
    words = told(cut, scorer, "en").plan
    assert words
    assert str(cut.plan.bound) in words.proof


# -- the 2024 questionnaire, words and command line --------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_of_2024_reaches_the_level_with_nothing_to_spare(seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    answers = firm(digital.SCORER, dice)
    result = roadmap(digital.SCORER, answers)
    assert result is not None
    assert result.plan
    after_it = _made(digital.SCORER, answers, result.plan)
    assert digital.SCORER.score(after_it).level == result.plan.level >= result.level
    for step in result.plan.steps:
        if step.change.start is not None or not any(step.change.to in each.needs for each in result.plan.changes):
            fewer = _made(digital.SCORER, answers, result.plan, without=step.change)
            assert digital.SCORER.score(fewer).level < result.level


def _made(scorer: Scorer, answers: Answers, plan: Plan, without: Any = None) -> Answers:
    """The answers after a plan, put together without the roadmap's own code."""
    responses: dict[str, Any] = dict(answers.responses)
    for change in plan.changes:
        if change == without:
            continue
        if change.start is not None:
            responses[change.item] = change.to
        else:
            chosen = {*responses.get(change.item, ()), change.to}
            options = scorer.instrument.items[change.item].options  # type: ignore[union-attr]
            responses[change.item] = tuple(each.id for each in options if each.id in chosen and not each.exclusive)
    return Answers(responses)


def test_every_step_up_of_2024_has_its_effort_and_advice_but_results_have_none() -> None:
    for item in digital.SCORER.instrument.items.values():
        rungs: Any = getattr(item, "options", None) or getattr(item, "levels", ())
        worth = [bool(rung.effort and rung.work and rung.advice) for rung in rungs]
        assert worth == [
            item.id not in ("q11", "q12", "q13", "q14", "q15") and place > 0 for place in range(len(rungs))
        ]


def test_the_words_are_complete_in_both_languages() -> None:
    result = roadmap(digital.SCORER, firm(digital.SCORER, Random(3)))  # noqa: S311
    assert result is not None
    chinese, english = (told(result, digital.SCORER, language) for language in ("zh_CN", "en"))
    assert chinese.plan
    assert english.plan
    assert len(chinese.plan.steps) == len(english.plan.steps) > 0
    for step, other in zip(chinese.plan.steps, english.plan.steps, strict=True):
        assert step.lock == other.lock
        assert read_lock(step.lock, digital.SCORER.instrument)
        assert step.adds
        assert step.advice
        assert other.advice
        assert other.to.isascii() or "“" in other.to or "’" in other.to
    assert str(result.plan.effort if result.plan else 0) in english.plan.summary


def test_a_lock_is_read_only_where_it_names_something() -> None:
    instrument = digital.SCORER.instrument
    read = [read_lock(text, instrument) for text in ("q5", "q5:D", "s1:2", "q5:Z", "zz", "s1:9", "", "q5:")]
    assert read == ["q5", ("q5", "D"), ("s1", "2"), None, None, None, None, None]


def test_the_command_prints_the_roadmap_and_refuses_unknown_locks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    definition_file, answers_file = tmp_path / "small.yaml", tmp_path / "answers.json"
    raw = definition(
        [asked("one", "single", options=[option("a"), option("b", 3), option("c", 4)])],
        node("total", maximum=100, rule={"kind": "option", "item": "one", "weights": {"a": 0, "b": 50, "c": 100}}),
        [[TOTAL | {"points": "50"}]],
    )
    definition_file.write_text(made.text(raw), encoding="utf-8")
    answers_file.write_text('{"responses": {"one": "a"}}', encoding="utf-8")
    assert main(["roadmap", str(definition_file), str(answers_file)]) == 0
    printed = json.loads(capsys.readouterr().out)
    (step,) = printed["plan"]["steps"]
    assert (step["from"], step["to"], step["effort"], step["points"]) == ("a", "b", 3, "50")
    assert printed["explanation"]["plan"]["optimal"] is True
    assert main(["roadmap", str(definition_file), str(answers_file), "--lock", "one:b"]) == 0
    assert json.loads(capsys.readouterr().out)["reachable"] is False
    assert main(["roadmap", str(definition_file), str(answers_file), "--lock", "two"]) == 2
    assert "two" in capsys.readouterr().err


def test_it_says_where_no_option_states_an_effort() -> None:
    raw = definition(
        [asked("one", "single", options=[option("a"), option("b"), option("c")])],
        node("total", maximum=100, rule={"kind": "option", "item": "one", "weights": {"a": 0, "b": 50, "c": 100}}),
        [[TOTAL | {"points": "50"}]],
    )
    scorer = scorer_for(made.loaded(raw))
    found = roadmap(scorer, Answers({"one": "a"}))
    assert found is not None
    words = told(found, scorer, "en")
    assert words.verdict == "No option of this questionnaire states an effort, so there is no change to propose."
    assert (words.plan, words.nearest) == (None, ())
    raw["sections"][0]["items"][0]["options"][0]["effort"] = 1  # of no use to this firm, but efforts are stated
    scorer = scorer_for(made.loaded(raw))
    found = roadmap(scorer, Answers({"one": "a"}))
    assert found is not None
    assert "cannot be reached" in told(found, scorer, "en").verdict
