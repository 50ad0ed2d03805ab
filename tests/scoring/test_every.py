"""One of everything, answered in full and hardly at all: every point and sentence, read by people once and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import clean
from questionnaires.statements import all_of
from questionnaires.text import LANGUAGES
from scoring.conditions import Combined, judge_of
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
