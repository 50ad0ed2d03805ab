"""The official 2024 questionnaire against numbers worked out by other means."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from questionnaires import catalogue
from questionnaires.exact import exact
from scoring import scorer_for
from tests.scoring.digital import BEST, CONSTRAINED, FREE, INSTRUMENT, NONE, SCENES, SCORER, WORKED, rated, scored

GOLDEN = Path(__file__).parent / "golden"
VECTORS = list(csv.DictReader((GOLDEN / "digital_2024_vectors.csv").read_text(encoding="utf-8").splitlines()))
MAXIMA = {
    "q1": "8", "q2": "6", "q3": "6", "q4": "10", "q5": "10", "q6": "5", "q7": "5", "q8": "7.5", "q9": "7.5",
    "q10": "7.5", "q11": "7.5", "q12": "7", "q13": "7", "q14": "3", "q15": "3",
}  # fmt: skip
GATE = {1: (20, 6, 3), 2: (40, 6, 3), 3: (60, 8, 5), 4: (80, 10, 6)}  # level: score, scenes, constrained scenes


def points(card: Any) -> dict[str, str | None]:
    return {measure.id: measure.points for measure in card.measures}


def test_it_scores_the_worked_example_exactly() -> None:
    found = points(scored(WORKED))
    names = ("foundation", "management", "effect", "total")
    assert [found[name] for name in names] == ["20.75", "11.25", "16.5", "48.5"]


def test_it_gives_100_for_the_best_answers_and_0_for_none() -> None:
    assert scored(BEST).total.points == "100"
    assert scored(NONE).total.points == "0"


def test_it_has_the_published_maximum_of_every_question() -> None:
    assert {trace.item: trace.maximum for trace in scored(BEST).trace} == MAXIMA
    assert {trace.item: trace.low for trace in scored(BEST).trace} == MAXIMA


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_it_agrees_with_products_of_percentages(vector: dict[str, str]) -> None:
    questions = {item: list(vector[item]) if isinstance(BEST[item], list) else vector[item] for item in BEST}
    card = scored({**questions, **{scene: int(vector[scene]) for scene in SCENES}})
    assert {trace.item: trace.low for trace in card.trace} == {item: vector[f"points_{item}"] for item in BEST}
    names = ("foundation", "management", "effect", "total")
    assert [points(card)[name] for name in names] == [vector[name] for name in names]
    assert (card.level, card.possible_level) == (int(vector["level"]), int(vector["level"]))


def test_the_vectors_are_50_of_every_level_and_can_be_made_again(tmp_path: Path) -> None:
    assert len(VECTORS) == 50
    assert {vector["level"] for vector in VECTORS} == {"0", "1", "2", "3", "4"}
    maker = tmp_path / "make_vectors.py"
    maker.write_text((GOLDEN / "make_vectors.py").read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run([sys.executable, "-I", str(maker)], check=True, cwd=tmp_path)
    assert (tmp_path / "digital_2024_vectors.csv").read_bytes() == (GOLDEN / "digital_2024_vectors.csv").read_bytes()


def test_it_follows_the_definition_and_not_a_table_of_its_own() -> None:
    raw = yaml.safe_load((catalogue.DEFINITIONS / "digital" / "2024.yaml").read_text(encoding="utf-8"))
    foundation, _, effect = raw["tree"]["children"]
    foundation["weight"], effect["weight"] = 20, 50
    network = foundation["children"][0]["children"][0]["rule"]["weights"]
    network["B"], network["C"] = 40, 10
    raw["ladder"]["steps"][0]["conditions"][0]["points"] = "56.8"
    changed = scorer_for(catalogue.parse(yaml.safe_dump(raw, allow_unicode=True)))
    card = scored({**WORKED, "q1": ["B"], **rated(10, 6, 1)}, changed)
    # foundation: (20.75 − 4 + 3.2) × 20/50; effect: 16.5 × 50/20
    assert [points(card)[name] for name in ("foundation", "management", "effect")] == ["7.98", "11.25", "41.25"]
    assert card.total.points == "60.48"
    assert changed.instrument.rules_checksum != INSTRUMENT.rules_checksum


def reachable() -> set[Fraction]:
    """Every total that some set of answers has."""
    totals = {Fraction(0)}
    for leaf in SCORER.leaves:
        values = {Fraction(value, SCORER.unit) for value in leaf.points.values()}
        if leaf.rule.kind == "sum_of_options":
            values = _sums([Fraction(value, SCORER.unit) for value in leaf.points.values()])
        totals = {total + value for total, value in itertools.product(totals, values)}
    return totals


def _sums(values: list[Fraction]) -> set[Fraction]:
    found = {Fraction(0)}
    for value in values:
        found |= {total + value for total in found}
    return found


REACHABLE = sorted(reachable())


def answers_with(total: Fraction) -> dict[str, Any]:
    """Some answers that earn exactly `total`: a way back through the sums of the leaves."""
    choices = [(leaf.item, _choices(leaf)) for leaf in SCORER.leaves]
    ways: dict[Fraction, dict[str, Any]] = {Fraction(0): {}}
    for item, options in choices:
        ways = {
            before + worth: {**way, item: option}
            for before, way in ways.items()
            for worth, option in options.items()
            if before + worth <= total
        }
    return ways[total]


def _choices(leaf: Any) -> dict[Fraction, Any]:
    """One answer for each number of points that a leaf can have."""
    worth = {option: Fraction(value, SCORER.unit) for option, value in leaf.points.items()}
    if leaf.rule.kind == "option":
        return {value: option for option, value in worth.items()}
    letters = [option for option in worth if option != "A"]
    found: dict[Fraction, Any] = {Fraction(0): ["A"]}
    for count in range(1, len(letters) + 1):
        for chosen in (letters[:count], letters[len(letters) - count :]):
            if leaf.item != "q1" or chosen == letters[:count]:
                found.setdefault(sum((worth[option] for option in chosen), Fraction(0)), chosen)
    return found


@pytest.mark.parametrize("level", GATE)
def test_the_edge_belongs_to_the_level_and_its_reachable_neighbour_does_not(level: int) -> None:
    edge = Fraction(GATE[level][0])
    below = max(total for total in REACHABLE if total < edge)
    assert edge in REACHABLE
    assert edge - below == Fraction(1, 40)  # 19.975, 39.975, 59.975, 79.975
    for total, expected in ((edge, level), (below, level - 1)):
        card = scored({**answers_with(total), **rated(10, 6, 4)})
        assert (card.total.points, card.level) == (exact(total), expected)


@pytest.mark.parametrize("level", GATE)
def test_one_scene_too_few_or_one_constrained_scene_too_few_is_not_the_level(level: int) -> None:
    _, scenes, constrained = GATE[level]
    enough = scored({**BEST, **rated(constrained, scenes - constrained, level)})
    assert enough.level == level
    few = scored({**BEST, **rated(constrained, scenes - constrained - 1, level)})
    assert few.level < level
    assert states(few, level) == ["met", "unmet", "met"]


@pytest.mark.parametrize("level", GATE)
def test_enough_scenes_without_enough_constrained_ones_are_not_the_level(level: int) -> None:
    _, scenes, constrained = GATE[level]
    card = scored({**BEST, **rated(constrained - 1, scenes - constrained + 1, level)})
    assert states(card, level) == ["met", "met", "unmet"]
    assert card.level < level


def states(card: Any, level: int) -> list[str]:
    return [condition.state for condition in card.ladder[level - 1].conditions]


def test_a_scene_at_level_4_counts_for_every_lower_level() -> None:
    assert scored({**BEST, **rated(6, 4, 4)}).level == 4
    assert scored({**BEST, **rated(5, 3, 4)}).level == 3
    assert scored({**BEST, **rated(3, 3, 4)}).level == 2
    mixed = {**rated(0, 0, 0), **dict(zip(CONSTRAINED[:3] + FREE[:3], (4, 3, 2, 4, 2, 2), strict=True))}
    assert scored({**BEST, **mixed}).level == 2


def test_85_points_with_5_scenes_at_level_2_is_not_level_2_and_says_what_holds_it_back() -> None:
    card = scored({**answers_with(Fraction(85)), **rated(3, 2, 2, others=1)})
    assert (card.total.points, card.level) == ("85", 1)
    step = card.next_step()
    assert step is not None
    held = [condition for condition in step.conditions if condition.state == "unmet"]
    assert [(condition.kind, condition.low, condition.need) for condition in held] == [("scenes_at_least", "5", "6")]
