"""The example in docs/scoring.md is a real definition with real answers, and gives what the text says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from questionnaires import catalogue
from questionnaires.answers import clean
from questionnaires.faults import sentence
from scoring import scorer_for
from scoring.scorecard import Scorecard
from tests.scoring.digital import WORKED, scored

GUIDE = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    text = GUIDE if language == "json" else GUIDE[GUIDE.index("## A complete definition") :]
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found.group(1)


INSTRUMENT = catalogue.parse(block("yaml"))
SCORER = scorer_for(INSTRUMENT)
ANSWERS = json.loads(block("json"))


def test_the_example_scores_as_the_text_says() -> None:
    cleaned = clean(INSTRUMENT, ANSWERS)
    assert cleaned.faults == ()
    card = SCORER.score(cleaned.answers)
    assert [card.measure(name).points for name in ("networks", "digital_machines", "total")] == ["12", "60", "72"]
    assert (card.level, card.possible_level) == (2, 2)
    assert [condition.state for condition in card.checks[0].conditions] == ["met", "manual"]


def test_the_example_is_complete_in_both_languages() -> None:
    assert re.search(r"zh_CN: \S.*?, en: \S", block("yaml"))
    for item in INSTRUMENT.items.values():
        assert item.label.missing() == item.why.missing() == item.evidence.missing() == []


def test_the_faults_in_the_text_are_the_faults_it_prints() -> None:
    raw = {**ANSWERS, "responses": {"network": ["A", "B"], "machines": "A"}}
    said = {f"{fault.path}: {sentence(fault, 'en')}" for fault in clean(INSTRUMENT, raw).faults}
    assert len(said) == 2
    assert all(line in GUIDE.splitlines() for line in said)


def test_the_worked_table_is_what_the_scorer_gives() -> None:
    rows = re.findall(r"^\| (\d+) [^|]*\|[^|]*\|[^|]*\| ([\d.]+) \| ([\d.]+) \|$", GUIDE, re.MULTILINE)
    traces = scored(WORKED).trace
    assert [(f"q{number}", most, points) for number, most, points in rows] == [
        (trace.item, trace.maximum, trace.low) for trace in traces
    ]
    for name, points in re.findall(r"^\| \*\*(\w+)\*\* \|.*\*\*([\d.]+)\*\* \|$", GUIDE, re.MULTILINE):
        assert scored(WORKED).measure(name).points == points


FRAME = """schema: 1
questionnaire: recipe
version: "1"
title: {en: "Recipe"}
field: digital
basis: {title: {en: "A trial"}, standing: in-house}
"""
RECIPES = dict(re.findall(r"<!-- recipe: (\w+) -->\n```yaml\n(.*?)```", GUIDE, re.DOTALL))


def cooked(name: str, responses: dict[str, Any], facts: list[dict[str, Any]] | None = None) -> Scorecard:
    text = RECIPES[name] if name == "shortest" else FRAME + RECIPES[name]
    instrument = catalogue.parse(text)
    cleaned = clean(instrument, {"responses": responses, "facts": facts or [], "reference_year": 2025})
    assert cleaned.faults == ()
    return scorer_for(instrument).score(cleaned.answers)


def test_the_recipes_are_all_tried() -> None:
    assert set(RECIPES) == {"shortest", "means", "weakest", "counting", "figures", "table", "shared"}


def test_the_shortest_definition_gives_what_the_text_says() -> None:
    card = cooked("shortest", {"website": "yes", "channels": ["shop"]})
    assert (card.measure("total").points, card.level) == ("7.5", 1)


def test_means_over_tick_lists_and_grids() -> None:
    card = cooked("means", {"skills": ["plan", "training"], "culture": {"ideas": "4", "fear": 1}})
    assert [card.measure(name).points for name in ("skills_score", "culture_score")] == ["100/3", "40"]
    card = cooked("means", {"skills": ["plan", "resistance"], "culture": {"ideas": "5", "fear": "5"}})
    assert [card.measure(name).points for name in ("skills_score", "culture_score")] == ["0", "25"]


def test_the_weakest_field_then_a_weighted_mean() -> None:
    card = cooked("weakest", {"machines": "4", "planning": "2", "strategy": "5"})
    assert (card.measure("factory").points, card.measure("readiness").points, card.level) == ("1.2", "3.2", 2)
    card = cooked("weakest", {"machines": "1", "planning": "5", "strategy": "0"})
    assert (card.measure("readiness").points, card.level) == ("0.6", 0)


def test_counting_yes() -> None:
    assert [cooked("counting", {"used": used}).level for used in (["none"], ["a"], ["a", "b"], ["a", "b", "d"])] == [
        0,
        0,
        1,
        2,
    ]


def test_figures_between_bounds() -> None:
    facts = [("output", 2025, "110000000"), ("output", 2024, "100000000"), ("power", 2025, "1320")]
    card = cooked("figures", {}, [{"id": name, "year": year, "value": value} for name, year, value in facts])
    assert [card.measure(name).points for name in ("energy_intensity", "growth", "index")] == ["56", "30", "86"]


def test_a_rule_table_with_unknown_inputs() -> None:
    assert cooked("table", {"price": "fair"}).measures[0].values == ("bad", "acceptable", "excellent")
    assert cooked("table", {"quality": "best"}).measures[0].values == ("acceptable", "excellent")
    assert cooked("table", {"price": "dear", "quality": "good"}).measures[0].values == ("bad",)


def test_points_are_shared_out_and_shown_apart() -> None:
    area = cooked("shared", {"waste": "na", "water": "partly"}).measures[0]
    assert (area.points, area.redistributed) == ("12", "3")
    assert cooked("shared", {"waste": "na", "water": "na"}).measures[0].applicable == "no"
