"""How steps become a level, and three-valued conditions."""

from __future__ import annotations

import pytest

from questionnaires.answers import Answers
from scoring.condition_words import condition_words
from scoring.conditions import State, all_of, any_of
from scoring.ladder import Ladder, levels
from tests.scoring import made
from tests.scoring.digital import scored

SMALL = made.scorer("small")
FULL = {"share": "C", "growth": "C", "several": ["B", "C", "D"], "weak": "B", "strong": "B", "x": 4, "y": 4, "z": 4}


@pytest.mark.parametrize(
    ("states", "highest", "stepwise"),
    [
        ("met met met", (3, 3), (3, 3)),
        ("met unmet met", (3, 3), (1, 1)),
        ("unmet met met", (3, 3), (0, 0)),
        ("unmet unmet unmet", (0, 0), (0, 0)),
        ("met unknown unmet", (1, 2), (1, 2)),
        ("unknown unmet met", (3, 3), (0, 1)),
        ("met unknown met", (3, 3), (1, 3)),
        ("unknown unknown manual", (0, 3), (0, 3)),
    ],
)
def test_the_level_is_the_highest_step_or_reached_step_by_step(
    states: str, highest: tuple[int, int], stepwise: tuple[int, int]
) -> None:
    given: list[State] = states.split()  # type: ignore[assignment]
    ladder = SMALL.ladder
    assert levels(ladder.model_copy(update={"reached": "highest"}), given) == highest
    assert levels(ladder.model_copy(update={"reached": "stepwise"}), given) == stepwise


def test_reached_changes_the_level_of_a_firm() -> None:
    raw = made.plain("small")
    firm = {**FULL, "x": 0, "y": 0, "several": ["A"], "share": "B", "growth": "A", "z": 0}  # 30 points, no scene
    raw["ladder"]["steps"][2]["conditions"] = [{"kind": "measure_at_least", "measure": "chain", "points": 10}]
    found = {}
    for reached in ("stepwise", "highest"):
        raw["ladder"]["reached"] = reached
        found[reached] = scored(firm, made.scorer_of(raw)).level
    assert found == {"stepwise": 1, "highest": 3}


@pytest.mark.parametrize(
    ("states", "every", "one"),
    [
        (["met", "met"], "met", "met"),
        (["met", "unmet"], "unmet", "met"),
        (["met", "unknown"], "unknown", "met"),
        (["unmet", "unknown"], "unmet", "unknown"),
        (["unmet", "unmet"], "unmet", "unmet"),
        (["manual", "unknown"], "unknown", "unknown"),
        (["manual", "unmet"], "unmet", "manual"),
        (["manual", "met"], "manual", "met"),
    ],
)
def test_conditions_are_combined_in_three_values(states: list[State], every: State, one: State) -> None:
    assert (all_of(states), any_of(states)) == (every, one)
    assert (all_of(states[::-1]), any_of(states[::-1])) == (every, one)


def test_a_condition_for_a_person_keeps_the_level_possible_and_not_sure() -> None:
    card = scored(FULL, SMALL)
    assert card.total.points == "100"
    assert (card.level, card.possible_level) == (2, 3)
    assert [condition.state for condition in card.ladder[2].conditions] == ["met", "manual"]


def test_a_combination_looks_at_each_of_its_conditions() -> None:
    weak = {**FULL, "x": 1, "y": 1, "z": 1, "several": ["B"]}
    assert scored(weak, SMALL).ladder[1].conditions[0].state == "unmet"
    assert scored({**weak, "x": 2, "y": 2}, SMALL).ladder[1].conditions[0].state == "met"
    assert scored({**weak, "several": ["B", "C", "D"]}, SMALL).ladder[1].conditions[0].state == "met"


def test_a_combination_says_which_of_its_parts_holds_it_back() -> None:
    raw = made.plain("small")
    parts = [
        {"kind": "measure_at_least", "measure": raw["tree"]["id"], "points": "0"},
        {"kind": "measure_at_least", "measure": raw["tree"]["id"], "points": raw["tree"]["maximum"]},
    ]
    raw["ladder"]["steps"][0]["conditions"] = [{"kind": "all_of", "conditions": parts}]
    scorer = made.scorer_of(raw)
    card = scorer.score(Answers({}))
    (combined,) = card.ladder[0].conditions
    assert [part.state for part in combined.conditions] == ["met", "unknown"]
    assert combined.conditions[1].need == str(raw["tree"]["maximum"])
    words = condition_words(combined, scorer.ladder.steps[0].conditions[0], scorer, "en")
    assert words.sentence("en").startswith("All of these (")
    assert "at least 0 points; " in words.what


def test_the_weakest_link_decides_a_minimum() -> None:
    def chain(**answers: str) -> tuple[str, str]:
        measure = scored({**FULL, **answers}, SMALL).measure("chain")
        return measure.low, measure.high

    assert chain(weak="A") == ("0", "0")
    assert chain(strong="A") == ("5", "5")
    assert chain() == ("10", "10")
    open_weak = {item: answer for item, answer in FULL.items() if item != "weak"} | {"strong": "A"}
    measure = scored(open_weak, SMALL).measure("chain")
    assert (measure.low, measure.high, measure.points, measure.answered) == ("0", "5", None, "0.5")


def test_a_sum_has_the_maxima_of_its_children() -> None:
    card = scored({**FULL, "share": "B"}, SMALL)
    assert [card.measure(name).points for name in ("figures", "share_points", "growth_points")] == ["40", "20", "20"]


def test_a_check_reads_the_level() -> None:
    assert [check.state for check in scored(FULL, SMALL).checks] == ["met"]
    assert [check.state for check in scored({**FULL, "x": 0, "y": 0}, SMALL).checks] == ["unmet"]
    assert [check.state for check in scored({}, SMALL).checks] == ["unknown"]


def test_the_next_step_is_the_one_above_the_sure_level_and_none_at_the_top() -> None:
    card = scored(FULL, SMALL)
    step = card.next_step()
    assert step is not None
    assert step.level == 3
    assert card.model_copy(update={"level": 3}).next_step() is None


def test_a_step_has_its_name_and_below_all_steps_there_is_one_too() -> None:
    ladder: Ladder = SMALL.ladder
    assert [ladder.level_name(level).say("en") for level in range(4)] == ["No level", "Level 1", "Level 2", "Level 3"]
