"""Tests that drive a browser wait for the page that a click leads to; else a slow machine reads the page before."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
WAITS = ("expect_navigation", "expect_download")
THEIR_PLACE = TESTS / "browser" / "visitor.py"
"""Has the ways to click; other files use them, or wait around the click."""


def clicks(node: ast.AST, waiting: bool = False) -> Iterator[int]:
    """The lines with a click that nothing waits for."""
    if isinstance(node, ast.With):
        waiting = waiting or any(wait in ast.unparse(item) for item in node.items for wait in WAITS)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "click"
        and not waiting
    ):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from clicks(child, waiting)


def test_no_click_goes_on_before_its_page_is_there() -> None:
    files = [path for path in TESTS.rglob("*.py") if "playwright" in path.read_text(encoding="utf-8")]
    assert len(files) > 5
    faults = [
        f"{path.relative_to(TESTS)}:{line}"
        for path in files
        if path not in (THEIR_PLACE, Path(__file__))
        for line in clicks(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not faults, "use Visitor.follow, press, fetch or touch"


def test_a_click_that_nothing_waits_for_is_found() -> None:
    """Or the test above could not fail."""
    assert list(
        clicks(ast.parse("page.locator('a').click()\nwith page.expect_navigation():\n    page.click('a')"))
    ) == [1]
