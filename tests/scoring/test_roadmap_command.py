"""`python -m scoring roadmap`: everything it prints, and what it says where a file is not there or not JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scoring.__main__ import main
from tests.scoring import made
from tests.scoring.roadmaps import asked, definition, node, option, say

Printed = pytest.CaptureFixture[str]


def grid() -> dict[str, Any]:
    """Two rows of a grid, of which one has to be raised."""
    rows = [{"id": name, "label": say(name)} for name in ("r1", "r2")]
    items = [asked("g", "grid", rows=rows, options=[option("a"), option("b", 2, "paper"), option("c", 3)]),
             asked("one", "single", options=[option("a"), option("b", 4)])]  # fmt: skip
    children = [node("m_g", rule={"kind": "grid", "item": "g", "weights": {"a": 0, "b": 50, "c": 100}}),
                node("m_one", rule={"kind": "option", "item": "one", "weights": {"a": 0, "b": 50}})]  # fmt: skip
    tree = node("total", maximum=100, combine="mean", children=children)
    return definition(items, tree, [[{"kind": "measure_at_least", "measure": "total", "points": "12.5"}]])


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    places = [tmp_path / "grid.yaml", tmp_path / "answers.json"]
    places[0].write_text(made.text(grid()), encoding="utf-8")
    places[1].write_text('{"responses": {"g": {"r1": "a", "r2": "a"}, "one": "a"}}', encoding="utf-8")
    return list(map(str, places))


def test_it_prints_the_plan_and_its_alternative_step_by_step(files: list[str], capsys: Printed) -> None:
    assert main(["roadmap", *files]) == 0
    printed = json.loads(capsys.readouterr().out)
    step = {"item": "g", "row": "r1", "from": "a", "to": "b", "effort": 2, "work": "paper", "assumed": False,
            "points": "12.5", "conditions_met": [[1, 0]]}  # fmt: skip
    whole = {"effort": 2, "paper": 2, "level": 1, "optimal": True, "bound": 2}
    assert printed["plan"] == {**whole, "steps": [step]}
    assert printed["alternative"] == {**whole, "steps": [{**step, "row": "r2"}]}
    assert (printed["level"], printed["reachable"], printed["missing"]) == (1, True, [])
    assert main(["roadmap", *files, "--lock", "g"]) == 0
    printed = json.loads(capsys.readouterr().out)
    (only,) = printed["plan"]["steps"]
    assert (only["item"], only["row"], only["work"], printed["alternative"]) == ("one", None, "practice", None)


@pytest.mark.parametrize("text", [None, "{", "[" * 100_000])
def test_answers_that_cannot_be_read_are_refused_in_words(
    text: str | None, files: list[str], capsys: Printed, tmp_path: Path
) -> None:
    place = tmp_path / "other.json"
    if text is not None:
        place.write_text(text, encoding="utf-8")
    assert main(["roadmap", files[0], str(place)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("(top): ")
    assert len(told.err) > len("(top): \n")
