"""docs/asvs.yaml: every row of ASVS 5.0.0 at levels 1 and 2, with evidence that exists (A-01)."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent

LEVELS = {
    "1.1": "22",
    "1.2": "1111122223",
    "1.3": "112222222223",
    "1.4": "222",
    "1.5": "123",
    "2.1": "122",
    "2.2": "112",
    "2.3": "12223",
    "2.4": "23",
    "3.1": "3",
    "3.2": "113",
    "3.3": "12223",
    "3.4": "11222233",
    "3.5": "11122333",
    "3.6": "3",
    "3.7": "22333",
    "4.1": "12233",
    "4.2": "23333",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112333",
    "5.3": "113",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
    "9.1": "111",
    "9.2": "1222",
    "10.1": "22",
    "10.2": "223",
    "10.3": "22223",
    "10.4": "1111122222233333",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
    "11.1": "2233",
    "11.2": "22233",
    "11.3": "11233",
    "11.4": "1222",
    "11.5": "23",
    "11.6": "23",
    "11.7": "33",
    "12.1": "12233",
    "12.2": "11",
    "12.3": "22223",
    "13.1": "2333",
    "13.2": "222223",
    "13.3": "2233",
    "13.4": "1222233",
    "14.1": "22",
    "14.2": "12223333",
    "14.3": "122",
    "15.1": "12233",
    "15.2": "12233",
    "15.3": "1222222",
    "15.4": "3333",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "2223",
    "17.1": "23",
    "17.2": "22223333",
    "17.3": "22",
}
"""Of each section of ASVS 5.0.0 the level of its rows, in order: "1.5": "123" says 1.5.1 is level 1, 1.5.2 level 2."""
OF_LEVEL = {f"{section}.{n}": int(level) for section, levels in LEVELS.items() for n, level in enumerate(levels, 1)}
TAKEN = {
    *("1.2.10", "2.3.5", "3.4.7", "3.4.8", "3.6.1", "6.3.7", "6.3.8", "6.4.6", "6.5.6"),
    *("7.5.3", "8.3.2", "14.2.7", "15.2.5", "15.4.2"),
}
"""The rows of level 3 that we took on."""
STATES = ("met", "not applicable", "open")
ROWS: list[dict[str, Any]] = yaml.safe_load((ROOT / "docs" / "asvs.yaml").read_text(encoding="utf-8"))


def test_the_list_of_ids_is_that_of_the_standard() -> None:
    assert Counter(OF_LEVEL.values()) == {1: 70, 2: 183, 3: 92}
    assert {id_ for id_ in TAKEN if OF_LEVEL[id_] != 3} == set()


def test_it_has_every_row_once_and_no_other() -> None:
    wanted = {id_ for id_, level in OF_LEVEL.items() if level < 3} | TAKEN
    ids = [row["id"] for row in ROWS]
    assert not set(ids) - set(OF_LEVEL), "unknown ids"
    assert not wanted - set(ids), "missing rows"
    assert len(ids) == len(set(ids)) == len(wanted)
    assert all(row["level"] == OF_LEVEL[row["id"]] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_says_what_it_must(row: dict[str, Any]) -> None:
    assert set(row) <= {"id", "level", "about", "state", "date", "evidence", "reason"}
    assert row["state"] in STATES
    assert isinstance(row["date"], date)
    assert 1 < len(row["about"].split()) <= 12
    assert bool(row.get("evidence")) == (row["state"] == "met"), "what is met has evidence"
    assert bool(row.get("reason")) == (row["state"] != "met"), "what is not met has a reason"
    assert not [each for each in row.get("evidence", ()) if not exists(each)], "evidence that is not there"


def exists(evidence: str) -> bool:
    """Whether a file, or a test in a file (`path::name`), is there."""
    file, _colons, name = evidence.partition("::")
    return (ROOT / file).is_file() and (not name or name in names_in(file))


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_evidence_that_is_gone_is_found() -> None:
    assert exists("docs/security.md")
    assert exists("tests/house/test_asvs.py::test_evidence_that_is_gone_is_found")
    assert not exists("docs/gone.md")
    assert not exists("tests/house/test_asvs.py::test_that_never_was")
