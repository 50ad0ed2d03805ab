"""Who asks and whether they may is found with few queries: one for person, sign-in and roles, one for the object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from survey import access
from tests.access.asking import Site
from tests.access.matrix import Row, rows
from tests.access.world import ACTORS

pytestmark = pytest.mark.access

GUARDED = [row for row in rows() if row.permission != "public" and row.method == "GET"]
OF_OBJECTS = [
    row
    for row in GUARDED
    if row.relation in ("own firm", "firm in the office's area") and row.endpoint != "desk.claim.page"
]
"""Pages of one object. A claim at the desk is loaded by its own query."""


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """The SELECTs sent meanwhile."""
    sent: list[str] = []
    engine = site.app.extensions["database"].reader

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def allowed(row: Row) -> str:
    return next(actor for actor in ACTORS if row.expected(actor) == row.answers)


@pytest.mark.parametrize("row", GUARDED, ids=lambda row: row.name)
def test_person_sign_in_and_roles_come_with_one_query(site: Site, row: Row) -> None:
    """It is the first of all, and it is not asked again."""
    with counted(site) as sent:
        site.ask(allowed(row), "GET", site.url(row.endpoint, row.parts(site.world.ids))).close()
    asked = [each for each in sent if "WHERE sign_in_session.token_hash =" in each]
    assert asked == sent[:1], "asked first and once"
    assert "role_grant.role" in sent[0]


@pytest.mark.parametrize("row", OF_OBJECTS, ids=lambda row: row.name)
def test_a_page_knows_after_two_queries_whether_it_may_be_shown(
    site: Site, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the right has been checked, person and object have been asked for and nothing else."""
    at_check: list[int] = []
    checked = access._checked
    with counted(site) as sent:
        monkeypatch.setattr(access, "_checked", lambda permission: (at_check.append(len(sent)), checked(permission)))
        site.ask(allowed(row), "GET", site.url(row.endpoint, row.parts(site.world.ids))).close()
    assert at_check, "nothing was checked"
    assert at_check[0] <= 2, sent[: at_check[0]]


@pytest.mark.parametrize(
    "row", [each for each in OF_OBJECTS if each.expected("newcomer") == (404,)], ids=lambda row: row.name
)
def test_a_stranger_costs_two_queries(site: Site, row: Row) -> None:
    """One to know the person, one that finds nothing; the refusal is recorded in a transaction of its own."""
    with counted(site) as sent:
        site.ask("newcomer", "GET", site.url(row.endpoint, row.parts(site.world.ids))).close()
    assert len(sent) <= 3, sent
