"""The JSON Schema for editors: it is the published one, takes what the loader takes, and refuses what is mistyped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from questionnaires import catalogue
from scoring.schema import schema, schema_text
from tests.scoring import made

ROOT = Path(__file__).parent.parent.parent
PUBLISHED = ROOT / "docs" / "definition.schema.json"
SAMPLES = [*catalogue.shipped(), *sorted(made.DEFINITIONS.glob("*.yaml"))]
VALIDATOR = jsonschema.Draft202012Validator(schema())


def faults(raw: dict[str, Any]) -> list[str]:
    """What the schema says against a definition, as an editor reads it: keys are text, decimals are numbers."""
    data = json.loads(json.dumps(raw, default=lambda number: float(number) if isinstance(number, Decimal) else "?"))
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def test_the_published_schema_is_up_to_date() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run: make schema"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_it_takes_every_definition_that_loads(path: Path) -> None:
    assert faults(catalogue.read(path)) == []


@pytest.mark.parametrize("path", [*catalogue.shipped()], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_definition_names_it_to_the_editor(path: Path) -> None:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == PUBLISHED


def _rule(raw: dict[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = made.node(raw, "weak_points")["rule"]
    return rule


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "a key that is mistyped": lambda raw: made.item(raw, "weak").update(hinnt={"en": "x"}),
    "a key that is missing": lambda raw: made.item(raw, "weak").pop("label"),
    "an item type that does not exist": lambda raw: made.item(raw, "weak").update(type="choice"),
    "a rule that does not exist": lambda raw: _rule(raw).update(kind="options"),
    "a rule with another's key": lambda raw: _rule(raw).update(edges=[1]),
    "a weight in words": lambda raw: _rule(raw)["weights"].update(B="half"),
    "a weight with an exponent": lambda raw: _rule(raw)["weights"].update(B="1e2"),
    "a condition that does not exist": lambda raw: raw["checks"][0]["conditions"].append({"kind": "level"}),
    "a way of combining that does not exist": lambda raw: raw["tree"].update(combine="average"),
    "a text in a language that is not there": lambda raw: raw["title"].update(fr="Petit"),
    "a text that is no mapping": lambda raw: raw.update(title="Small"),
    "an unquoted no": lambda raw: made.item(raw, "weak")["options"][0].update(id=False),
    "a figure that is not shared": lambda raw: raw["facts"].append("turnover"),
    "a value that is none": lambda raw: raw.update(
        values={"x": {"title": {"en": "x"}, "is": {"quotient": [1, 2]}}}
    ),
    "a statement about points in a route": lambda raw: made.item(raw, "weak").update(
        when={"kind": "measure_at_least", "measure": "total", "points": 3}
    ),
    "another format": lambda raw: raw.update(schema=2),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses_what_the_loader_refuses(name: str) -> None:
    raw = made.plain("small")
    assert faults(raw) == []
    WRONG[name](raw)
    assert made.faults(raw)
    assert faults(raw)


def test_everything_in_it_is_explained() -> None:
    """What an editor shows beside a key."""
    definitions = schema()["$defs"]
    silent = [name for name, part in definitions.items() if "properties" in part and not part.get("description")]
    assert not silent


def test_it_names_nothing_of_the_program() -> None:
    text = schema_text()
    assert "__" not in text
    assert "questionnaires" not in text.replace('"questionnaire"', "")


def test_the_command_prints_it() -> None:
    command = [sys.executable, "-m", "scoring", "schema"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, schema_text(), "")
