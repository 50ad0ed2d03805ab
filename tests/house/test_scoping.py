"""Objects of firms are loaded together with the right to them, in few places (Z-03). A test that reads the source.

Three kinds of modules: views ask survey/access.py for the object, and queries and actions for what hangs on it; those
take a session and plain values and know no request.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import survey.models
from survey.models.columns import Base

ROOT = Path(__file__).parent.parent.parent
SOURCES = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "survey").rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}
LOADED_WITH_RIGHT = (
    *("organisation_or_404", "submission_or_404", "firm_in_area_or_404"),
    *("submission_in_area_or_404", "row_or_404"),
)
LOADS = ("select", "get", "get_one", "query", "scalars", "scalar")

ALLOWED = {
    ("survey/report/round_views.py", "Scorecard"): "the scorecard of a round loaded with the right to it a line before",
    ("survey/city/area_views.py", "Organisation"): "counts the firms of each area, for who runs the whole city",
    ("survey/organisations/people_invitation.py", "Organisation"): "the firm's name, for who holds the link's token",
}
"""(module, model) with the reason why a view loads it by itself. Own rows (`signed_in().user_id`) need none."""


def routes_in(tree: ast.Module) -> bool:
    """Whether a module has views: functions with a route on them."""
    decorators = (each for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for each in node.decorator_list)
    return any("requires(" in ast.unparse(each) or ast.unparse(each) == "public" for each in decorators)


def firm_tables() -> set[str]:
    """The tables whose rows belong to a firm, directly or through others."""
    tables, found = Base.metadata.tables, {"organisation"}
    while True:
        more = {
            table.name
            for table in tables.values()
            if any(key.column.table.name in found for key in table.foreign_keys) and table.name not in found
        }
        if not more:
            return found
        found |= more


FIRM_MODELS = {
    name
    for name, model in vars(survey.models).items()
    if isinstance(model, type)
    and issubclass(model, Base)
    and model is not Base
    and model.__tablename__ in firm_tables()
}
WITH_VIEWS = [name for name, tree in TREES.items() if routes_in(tree)]


def loads(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(model of a firm, source) of each load written in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOADS:
            for argument in node.args:
                names = {each.id for each in ast.walk(argument) if isinstance(each, ast.Name)}
                yield from ((model, ast.unparse(node)) for model in names & FIRM_MODELS)


def test_it_knows_which_tables_belong_to_firms() -> None:
    assert {"Organisation", "Submission", "Snapshot", "Scorecard", "Fact", "Membership", "Claim"} <= FIRM_MODELS
    assert not {"Area", "Industry", "PublishedInstrument", "Round", "User"} & FIRM_MODELS
    assert len(WITH_VIEWS) > 10
    assert list(loads(ast.parse("sa.select(Submission.id).where(Submission.public_id == x)")))
    assert list(loads(ast.parse("reading().get_one(Scorecard, 5)")))


@pytest.mark.parametrize("name", WITH_VIEWS)
def test_a_view_loads_nothing_of_a_firm_by_itself(name: str) -> None:
    found = [f"{name}: {said}" for model, said in loads(TREES[name]) if (name, model) not in ALLOWED]
    assert not found, "ask survey/access.py, or a query that takes what access.py has given"


def test_every_exception_is_needed() -> None:
    there = {(name, model) for name in WITH_VIEWS for model, _said in loads(TREES[name])}
    assert set(ALLOWED) <= there


def test_a_loaded_object_is_asked_for_with_a_permission() -> None:
    """`…_or_404(public_id, "thing:deed")`: the permission is written beside the load."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(LOADED_WITH_RIGHT):
                assert len(node.args) >= 2, f"{name}: {ast.unparse(node)}"


def request_names(tree: ast.Module) -> set[str]:
    """What a module takes from flask that belongs to one request."""
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "flask"]
    return {alias.name for node in taken for alias in node.names} & {"request", "session", "g"}


DEEDS = [name for name in SOURCES if Path(name).stem.endswith(("actions", "queries"))]


@pytest.mark.parametrize("name", DEEDS)
def test_actions_and_queries_know_no_request(name: str) -> None:
    assert not request_names(TREES[name])
    commits = [
        ast.unparse(node)
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".commit")
    ]
    assert not commits


def test_no_statement_is_made_of_text() -> None:
    """A value that somebody typed could become part of it."""
    texts = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("sa.text", "sa.literal_column")
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    assert not texts
