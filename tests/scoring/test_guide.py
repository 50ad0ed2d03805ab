"""The example in docs/scoring.md is a real definition with real answers, and gives what the text says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from questionnaires import catalogue
from questionnaires.answers import clean
from questionnaires.faults import sentence
from scoring import scorer_for
from tests.scoring.digital import WORKED, scored

GUIDE = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
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
