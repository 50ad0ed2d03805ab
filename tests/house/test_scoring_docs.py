"""What the pure packages can do is described, and what they can complain about can be said."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from questionnaires.facts import UNITS
from questionnaires.faults import SENTENCES, Fault, sentence
from questionnaires.items import Item
from questionnaires.statements import State, Stated
from questionnaires.text import LANGUAGES
from scoring.conditions import Condition
from scoring.rules import Rule
from scoring.tree import Combine
from survey.answering.fields import READERS
from survey.verification.entry_page import WRONG

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
ADDING = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
SOURCES = [path for package in ("questionnaires", "scoring", "survey") for path in (ROOT / package).rglob("*.py")]


def models(union: Any) -> dict[str, Any]:
    """The classes of a discriminated union by the name that a definition uses."""
    found = {}
    for model in get_args(get_args(union)[0]):
        key = "type" if "type" in model.model_fields else "kind"
        found[get_args(model.model_fields[key].annotation)[0]] = model
    return found


@pytest.mark.parametrize("name", [*models(Item), *models(Rule), *models(Condition), *get_args(Combine), *UNITS])
def test_every_item_rule_condition_combination_and_unit_has_a_row(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", GUIDE, re.MULTILINE), f"docs/scoring.md has no row for `{name}`"


@pytest.mark.parametrize("name", get_args(State))
def test_every_state_of_a_condition_is_explained(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", GUIDE, re.MULTILINE), f"docs/scoring.md has no row for `{name}`"


@pytest.mark.parametrize(("name", "model"), [*models(Rule).items(), *models(Condition).items()])
def test_every_key_of_a_rule_or_condition_is_named_in_its_row(name: str, model: Any) -> None:
    row = "\n".join(line for line in GUIDE.splitlines() if line.startswith(f"| `{name}` |"))
    if name == "manual":
        model = type("Text", (), {"model_fields": {"text": model.model_fields["text"]}})
    shared = set() if name == "manual" else set(Stated.model_fields)
    for key in {field.alias or key for key, field in model.model_fields.items()} - {"kind"} - shared:
        assert f"`{key}`" in row, f"the row of `{name}` in docs/scoring.md does not name `{key}`"


def codes() -> Iterator[tuple[str, str, set[str] | None]]:
    """Every fault made anywhere: where, its code, and the names of its values where they are written on the spot."""
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Fault":
                where = f"{path.relative_to(ROOT)}:{call.lineno}"
                for code in _strings(call.args[1]):
                    yield where, code, _keys(call.args[2:])


def _strings(node: ast.expr) -> list[str]:
    nodes = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return [entry.value for entry in nodes if isinstance(entry, ast.Constant) and isinstance(entry.value, str)]


def _keys(values: list[ast.expr]) -> set[str] | None:
    if not values:
        return set()
    if not isinstance(values[0], ast.Dict):
        return None
    return {key.value for key in values[0].keys if isinstance(key, ast.Constant)}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


FAULTS = list(codes())


def test_faults_are_found_in_the_code() -> None:
    assert len(FAULTS) > 50
    assert {"twice", "needs_reason", "band_disagrees"} <= {code for _, code, _ in FAULTS}


@pytest.mark.parametrize(("where", "code", "values"), FAULTS, ids=[f"{where}-{code}" for where, code, _ in FAULTS])
def test_every_fault_in_the_code_can_be_said(where: str, code: str, values: set[str] | None) -> None:
    if code in WRONG:
        return  # said in the catalogues of the site
    assert code in SENTENCES, f"{where} uses the fault {code!r}; add its sentence to questionnaires/faults.py"
    if values is not None:
        needed = set().union(*(gaps(text) for text in SENTENCES[code]))
        assert needed <= values, f"{where}: the sentence of {code!r} needs {sorted(needed - values)}"


def test_no_sentence_is_left_over() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert [code for code in SENTENCES if source.count(f'"{code}"') < 2] == []


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_can_be_filled_in_both_languages(code: str) -> None:
    values = {name: f"<{name}>" for text in SENTENCES[code] for name in gaps(text)}
    said = [sentence(Fault("path", code, values), language) for language in LANGUAGES]
    assert all(said)
    assert len(SENTENCES[code]) == len(LANGUAGES)
    if SENTENCES[code][0].strip("{}") not in values:  # else it is somebody else's message as it is
        assert said[0] != said[1]


def test_every_file_that_the_guides_name_exists() -> None:
    for text in (GUIDE, ADDING):
        for name in re.findall(r"`((?:questionnaires|scoring|survey|tests|templates|docs|benchmarks)/[\w./-]+)`", text):
            assert (ROOT / name).exists(), f"{name} is named in a guide and does not exist"


def test_every_item_type_is_read_from_forms_and_has_a_template() -> None:
    assert set(READERS) == set(models(Item))
    for name in models(Item):
        assert (ROOT / "templates" / "items" / f"{name}.html").is_file()
