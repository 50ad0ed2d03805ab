"""The mutants of `make mutation`: each is one small change that still compiles, and a seed always draws the same."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import mutation  # noqa: E402  # a tool, not a package

SOURCE = '''
"""Words that stay."""
from module import name

LEAST: int = 3


def above(numbers: list[int], least: int = LEAST) -> bool:
    """Words that stay."""
    if not numbers:
        return False
    numbers.sort()
    return all(number > least and number * 2 != 8 for number in numbers) if least else True
'''


def mutated(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    path = tmp_path / "code.py"
    path.write_text(source, encoding="utf-8")
    return {mutant.before: mutant.after for mutant in mutation.mutants_of(path)}


def test_it_changes_one_thing_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = mutated(SOURCE, tmp_path, monkeypatch)
    for before, after in {
        "3": "(4)",
        "not numbers": "not (not numbers)",
        "numbers.sort()": "pass",
        "number > least": "(number >= least)",
        "number * 2": "(number / 2)",
        "number * 2 != 8": "(number * 2 == 8)",
        "number > least and number * 2 != 8": "(number > least or number * 2 != 8)",
        "False": "(True)",
        "return False": "return None",
    }.items():
        assert found[before] == after
    assert "(any(" in "".join(found.values())
    assert not any("Words" in before or before == "int" for before in found), "no docstrings, no types"


def test_every_mutant_of_the_engine_compiles() -> None:
    mutants = mutation.mutants(ROOT / "scoring")
    assert len(mutants) > 2_000
    for mutant in mutants[::7]:
        source = (ROOT / mutant.file).read_bytes()
        changed = source[: mutant.begin] + mutant.after.encode() + source[mutant.end :]
        assert changed != source
        compile(changed, mutant.file, "exec")


def test_the_order_is_always_the_same() -> None:
    assert mutation.mutants(ROOT / "scoring") == mutation.mutants(ROOT / "scoring")


MOVED = SOURCE.replace("LEAST: int = 3", "MOST: int = 9\nLEAST: int = 3").replace("> least", ">= least")


def test_a_former_mutant_is_known_by_its_line_wherever_that_stands_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    path = tmp_path / "code.py"
    path.write_text(SOURCE, encoding="utf-8")
    former = list(mutation.mutants_of(path))
    path.write_text(MOVED, encoding="utf-8")
    now, gone = mutation.again(former, list(mutation.mutants_of(path)))
    moved = {mutant.before: mutant for mutant in now}
    assert (moved["3"].marked, moved["3"].line) == ("LEAST: int =«3»", 6)
    assert moved["return False"].line == 12
    assert {mutant.line for mutant in gone} == {13}, "every line that reads otherwise now, and no other"
    assert "(number >= least)" in {mutant.after for mutant in gone}


def test_of_lines_that_read_alike_the_nearest_is_the_former_mutant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    path = tmp_path / "code.py"
    path.write_text("def one():\n    return 5\n\n\ndef two():\n    return 5\n", encoding="utf-8")
    former = [mutant for mutant in mutation.mutants_of(path) if mutant.after == "(6)"]
    assert [mutant.marked for mutant in former] == ["return«5»", "return«5»"]
    path.write_text("\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    now, gone = mutation.again(former, list(mutation.mutants_of(path)))
    assert ([mutant.line for mutant in now], gone) == ([3, 7], [])
