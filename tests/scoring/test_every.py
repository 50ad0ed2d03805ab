"""One of everything, answered in full and hardly at all: every point and sentence, read by people once and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import clean
from questionnaires.faults import DefinitionError
from questionnaires.statements import all_of
from questionnaires.text import LANGUAGES
from scoring.condition_words import condition_words
from scoring.conditions import Combined, judge_of
from scoring.quality import notes
from scoring.sentences import told
from scoring.verdicts import verdict_of
from tests.scoring import made
from tests.scoring.random_cases import cases, drawn, firms

EVERY = made.scorer("every")
GOLDEN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "golden" / "every.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", range(len(GOLDEN)))
def test_every_point_and_sentence_is_as_it_was_read(place: int) -> None:
    kept = GOLDEN[place]
    cleaned = clean(EVERY.instrument, kept["answers"])
    assert cleaned.faults == ()
    card = EVERY.score(cleaned.answers)
    assert {each.id: [each.low, each.high, each.applicable] for each in card.measures} == kept["measures"]
    for language in LANGUAGES:
        assert told(card, EVERY, language) == kept["told"][language]


def every_condition() -> list[Any]:
    waiting = [each for step in EVERY.ladder.steps for each in step.conditions] if EVERY.ladder else []
    waiting += [each for check in EVERY.checks for each in check.conditions]
    found = []
    while waiting:
        condition = waiting.pop()
        found.append(condition)
        waiting += condition.parts if isinstance(condition, Combined) else ()
    return found


@pytest.mark.parametrize("place", range(len(GOLDEN)))
def test_a_quick_verdict_is_the_state_of_the_judge(place: int) -> None:
    standing = EVERY.evaluate(clean(EVERY.instrument, GOLDEN[place]["answers"]).answers).standing
    for condition in every_condition():
        quick = verdict_of(condition, EVERY.unit, EVERY.measures, EVERY.instrument)(standing)
        assert quick == judge_of(condition, EVERY.unit, EVERY.measures)(standing).state


@drawn
@given(data=st.data())
def test_the_state_of_a_step_is_that_of_its_conditions_together(data: st.DataObject) -> None:
    case = data.draw(cases())
    for complete in (True, False):
        card = case.score(data.draw(firms(case, complete=complete)))
        for step in card.ladder:
            assert step.state == all_of([each.state for each in step.conditions])


def test_what_is_more_than_allowed_is_said_with_the_excess() -> None:
    raw = made.plain("every")
    asked = {"kind": "compare", "value": {"item": "points"}, "at_most": 3}
    raw["checks"][0]["conditions"] = [asked, {**asked, "at_most": 9}]
    scorer = made.scorer_of(raw)
    card = scorer.score(clean(scorer.instrument, {"responses": {"points": "4.5"}}).answers)
    said = [
        condition_words(score, condition, scorer, "en").missing
        for score, condition in zip(card.checks[0].conditions, scorer.checks[0].conditions, strict=True)
    ]
    assert said == ["1.5 points too much", "met"]


@pytest.mark.parametrize(
    ("name", "rule", "path"),
    [
        ("m_bands", {"kind": "bands", "value": {"fact": "sales", "year": -2}, "closed": "lower", "edges": [1],
                     "weights": [0, 100]}, "value"),
        ("m_linear", {"kind": "linear", "value": {"earlier": {"value": "growth"}}, "base": 0, "lead": 1}, "value"),
        ("m_rows", {"kind": "grid", "item": "rows", "weights": {"0": 0, "1": 50}}, "weights"),
        ("m_rows", {"kind": "grid", "item": "rows", "weights": {"0": 0, "1": 50, "2": 100}, "rows": {"r1": 1}}, "rows"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_work_is_named(name: str, rule: dict[str, Any], path: str) -> None:
    raw = made.plain("every")
    made.node(raw, name)["rule"] = rule
    with pytest.raises(DefinitionError) as refused:
        made.scorer_of(raw)
    assert any(fault.path.endswith(f"{name}.rule.{path}") for fault in refused.value.faults)


@pytest.mark.parametrize(("change", "key"), [({"measure": "nothing"}, "measure"), ({"above": 101}, "above")])
def test_a_condition_that_cannot_be_judged_is_named(change: dict[str, Any], key: str) -> None:
    raw = made.plain("every")
    raw["ladder"]["steps"][0]["conditions"][0].update(change)
    with pytest.raises(DefinitionError) as refused:
        made.scorer_of(raw)
    assert f"ladder.steps.1.conditions[0].{key}" in [fault.path for fault in refused.value.faults]


def test_a_run_as_long_as_allowed_is_not_asked_about() -> None:
    raw = made.plain("every")
    rows = {"rows": {"r1": "1", "r2": "1", "r3": "1"}}
    for longest, asked in ((3, []), (2, ["3"])):
        raw["quality"]["straight_lining"] = {"longest": longest}
        instrument = made.loaded(raw)
        found = notes(instrument, clean(instrument, {"responses": rows}).answers)
        assert [note.values["count"] for note in found] == asked
