"""Levels with an upper bound: what is sure while the points are open, and definitions that leave a gap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from questionnaires.answers import clean
from questionnaires.catalogue import parse
from questionnaires.faults import DefinitionError
from scoring import scorer_for
from scoring.making import scorer_from
from scoring.scorer import Scorer

BANDS = ("at_least: 0, below: 40", "at_least: 40, below: 60", "at_least: 60")


def definition(bands: tuple[str, ...] = BANDS, more: str = "") -> str:
    asked = [f"{{kind: measure_compare, measure: total, {band}}}{more}" for band in bands]
    steps = "\n".join(
        f"    - {{level: {level}, name: {{en: L{level}}}, conditions: [{conditions}]}}"
        for level, conditions in enumerate(asked, 1)
    )
    return f"""
schema: 1
questionnaire: bands
version: "1"
title: {{en: Bands}}
field: digital
basis: {{title: {{en: Ours}}, standing: in-house}}
sections:
  - id: all
    title: {{en: All}}
    items:
      - {{id: a, type: number, label: {{en: A}}, minimum: 0, maximum: 50, decimals: 1}}
      - {{id: b, type: number, label: {{en: B}}, minimum: 0, maximum: 50, decimals: 1}}
tree:
  id: total
  title: {{en: Total}}
  maximum: 100
  combine: sum
  children:
    - {{id: one, title: {{en: One}}, maximum: 50, rule: {{kind: linear, value: {{item: a}}, base: 0, lead: 50}}}}
    - {{id: two, title: {{en: Two}}, maximum: 50, rule: {{kind: linear, value: {{item: b}}, base: 0, lead: 50}}}}
ladder:
  reached: highest
  none: {{en: None}}
  steps:
{steps}
"""


def scorer(*bands: str, more: str = "") -> Scorer:
    return scorer_for(parse(definition(bands or BANDS, more)))


def levels(made: Scorer, **responses: Any) -> tuple[int, int]:
    card = made.score(clean(made.instrument, {"responses": responses}).answers)
    return card.level, card.possible_level


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({}, (1, 3)),
        ({"a": 0}, (1, 2)),
        ({"a": 20}, (1, 3)),
        ({"a": 40}, (2, 3)),
        ({"a": 50}, (2, 3)),
        ({"a": 39, "b": 1}, (2, 2)),
        ({"a": 39, "b": 0}, (1, 1)),
        ({"a": "9.9", "b": 50}, (2, 2)),
        ({"a": 10, "b": 50}, (3, 3)),
    ],
)
def test_the_sure_level_is_the_lowest_of_all_places_the_points_may_fall(
    responses: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert levels(scorer(), **responses) == expected


def test_what_else_a_step_asks_stays_open() -> None:
    more = ", {kind: compare, value: {item: b}, at_least: 10}"
    assert levels(scorer(more=more), a=40) == (0, 3)
    assert levels(scorer(more=more), a=40, b=10) == (2, 2)


def test_a_bound_turned_round_counts_as_one() -> None:
    turned = scorer("at_least: 0", "at_least: 40", "at_least: 60")
    assert levels(turned, a=40) == (2, 3)
    text = definition(("at_least: 0", "at_least: 40")).replace(
        "{kind: measure_compare, measure: total, at_least: 0}",
        "{kind: not, condition: {kind: measure_compare, measure: total, at_least: 40}}",
    )
    assert levels(scorer_for(parse(text)), a=20) == (1, 2)


@pytest.mark.parametrize(
    ("bands", "path", "code"),
    [
        (("at_least: 0, below: 40", "at_least: 50"), "ladder.steps.1", "level_drops"),
        (("at_least: 20, below: 40", "at_least: 40, at_most: 90"), "ladder.steps.2", "level_drops"),
        (("at_least: 0, below: 40", "above: 40"), "ladder.steps.1", "level_drops"),
        (("at_least: 0, below: 40", "at_least: 60, below: 60"), "ladder.steps.2.conditions[0]", "never_holds"),
        (("at_least: 0, below: 40", "above: 60, at_most: 40"), "ladder.steps.2.conditions[0]", "never_holds"),
    ],
)
def test_gaps_between_levels_and_bounds_nobody_is_within_are_faults(
    bands: tuple[str, ...], path: str, code: str, tmp_path: Path
) -> None:
    written = tmp_path / "bands.yaml"
    written.write_text(definition(bands), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        scorer_from(written)
    assert (path, code) in [(fault.path, fault.code) for fault in refused.value.faults]


def test_bands_without_a_gap_are_none() -> None:
    assert scorer("at_least: 0, at_most: 40", "above: 40").unit == 1


@pytest.mark.parametrize("combine", ["mean", "minimum", "maximum", "sum"])
def test_weights_that_would_not_count_are_refused(combine: str, tmp_path: Path) -> None:
    text = definition().replace("combine: sum", f"combine: {combine}").replace("maximum: 50, rule", "weight: 60, rule")
    written = tmp_path / "weights.yaml"
    written.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        scorer_from(written)
    found = {(fault.path, fault.code) for fault in refused.value.faults}
    assert {("tree.total.one.weight", "weight_unused"), ("tree.total.two.weight", "weight_unused")} <= found
