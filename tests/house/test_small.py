"""Few, small and well-named files: what keeps the house a pleasure to live in."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("questionnaires", "scoring", "survey")
FORBIDDEN = {"utils", "util", "helpers", "common", "misc", "base", "manager", "service", "services"}
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def functions() -> Iterator[tuple[str, int]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_well_named(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 300, f"{lines} lines: split it by what it is about"
    assert path.stem not in FORBIDDEN, "name it after what it holds"


def test_functions_are_short() -> None:
    sizes = dict(functions())
    long = [f"{name}: {size} lines" for name, size in sizes.items() if size > 40]
    assert not long, "\n".join(long)
    assert statistics.median(sizes.values()) < 10


def test_nothing_inside_is_called_survey_again() -> None:
    """The folder has that name; the thing people fill in is a questionnaire."""
    again = [str(path.relative_to(ROOT)) for path in SOURCES if "survey" in path.stem]
    assert not again


def test_every_template_is_used() -> None:
    """A template nobody renders, includes or imports is dead."""
    templates = ROOT / "templates"
    texts = "".join(
        path.read_text(encoding="utf-8") for path in (*SOURCES, *templates.rglob("*.html")) if path.is_file()
    )
    kinds = r"(items|report/sections|report/print|errors)/"  # chosen by name from a table
    unused = [
        name
        for path in templates.rglob("*.html")
        if not re.match(kinds, name := str(path.relative_to(templates))) and f'"{name}"' not in texts
    ]
    assert not unused
