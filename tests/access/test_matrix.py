"""Every address, with every method, asked by every actor: what matrix.yaml says, and nothing else (Z-01, Z-02)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from survey.access import GRANTS, PERMISSIONS
from tests import databases
from tests.access.asking import QUIET, RECORDS, Site, plain
from tests.access.conftest import site_on
from tests.access.matrix import SIGN_IN, Row, matrix, rows
from tests.access.world import ACTORS

pytestmark = pytest.mark.access

GETS = [row for row in rows() if row.method == "GET"]
POSTS = [row for row in rows() if row.method == "POST"]
FOREIGN = ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"})
"""What a browser says when another site sends one of our forms."""
DIFFER = ("Content-Security-Policy", "Content-Length")
"""Headers with a nonce, and with the length of the address that the page links back to."""

each_get = pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
each_post = pytest.mark.parametrize("row", POSTS, ids=lambda row: row.name)
each_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)


def outcome(answer: TestResponse) -> int | str:
    """The status; or that the actor is asked to sign in: by a redirect, or by the page that keeps the form."""
    where = answer.headers.get("Location", "")
    sent = answer.status_code == 303 and where.split("?")[0] in ("/sign-in", "/timed-out")
    return SIGN_IN if sent or answer.status_code == 401 else answer.status_code


def told(path: str, wrong: dict[str, list[str]]) -> str:
    """Which answers were wrong, and for whom."""
    return "\n".join((path, *(f"{what}: {', '.join(actors)}" for what, actors in wrong.items())))


def is_right(row: Row, actor: str, got: int | str) -> bool:
    return got in row.expected(actor)


def test_the_file_has_every_address_and_nothing_else(made_site: Site) -> None:
    there = {
        f"{method} {rule.endpoint}"
        for rule in made_site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    said = [row.name for row in rows()]
    assert not there - set(said), "add these to tests/access/matrix.yaml"
    assert not set(said) - there, "these rows of tests/access/matrix.yaml have no address"
    assert len(said) == len(set(said)), "a row stands twice"


def test_the_file_knows_every_actor_role_and_permission() -> None:
    assert set(matrix()["actors"]) == set(ACTORS)
    for relation in matrix()["relations"].values():
        granted = set(relation) - {"otherwise"}
        assert granted <= PERMISSIONS | {"public"}
        for permission in granted:
            rule = relation[permission]
            named = {"everybody"} if rule == "everybody" else {each for actors in rule.values() for each in actors}
            assert named <= {*ACTORS, "everybody"}, permission
    used = {row.permission for row in rows()}
    assert {permission for role in GRANTS.values() for permission in role} <= used, "granted, and nothing asks for it"


@each_row
def test_a_view_asks_for_the_permission_that_the_file_names(made_site: Site, row: Row) -> None:
    view = made_site.app.view_functions[row.endpoint]
    expected = None if row.endpoint.endswith("static") else row.permission
    assert getattr(view, "permission", None) == expected


@each_get
def test_a_page_opens_to_those_who_may_and_changes_nothing(site: Site, row: Row) -> None:
    path = site.url(row.endpoint, row.parts(site.world.ids))
    wrong: dict[str, list[str]] = defaultdict(list)
    for actor in ACTORS:
        version = site.version()
        answer = site.ask(actor, "GET", path)
        got = outcome(answer)
        answer.close()
        if not is_right(row, actor, got):
            wrong[f"{got}, not {row.expected(actor)}"].append(actor)
        if site.version() != version:
            written = site.changed() - (RECORDS if got in (403, 404) else set())
            if written:
                wrong[f"a GET changed {written}"].append(actor)
    assert not wrong, told(path, wrong)


@each_post
def test_a_form_does_something_for_those_who_may(site: Site, row: Row) -> None:
    """With the right token; refused, it changes nothing but the record."""
    path = site.url(row.endpoint, row.parts(site.world.ids))
    wrong: dict[str, list[str]] = defaultdict(list)
    for actor in ACTORS:
        version = site.version()
        got = outcome(site.ask(actor, "POST", path, row.form))
        if not is_right(row, actor, got):
            wrong[f"{got}, not {row.expected(actor)}"].append(actor)
        if site.version() != version:
            refused = got in (403, 404, SIGN_IN) and got not in row.answers
            written = site.changed() - QUIET if refused else set()
            if written:
                wrong[f"refused with {got}, and changed {written}"].append(actor)
            site.restore()
    assert not wrong, told(path, wrong)


@each_post
def test_a_form_without_its_token_is_refused_to_all(site: Site, row: Row) -> None:
    path = site.url(row.endpoint, row.parts(site.world.ids))
    wrong = [actor for actor in ACTORS if site.ask(actor, "POST", path, row.form, token=False).status_code != 400]
    assert not wrong
    allowed = next(actor for actor in ACTORS if row.expected(actor) == row.answers)
    for sent in FOREIGN:
        assert site.ask(allowed, "POST", path, row.form, headers=sent).status_code == 400, sent
    assert not site.changed()


@pytest.mark.parametrize("row", [row for row in rows() if row.loads], ids=lambda row: row.name)
def test_what_is_refused_looks_like_what_does_not_exist(site: Site, row: Row) -> None:
    there, nowhere = (site.url(row.endpoint, row.parts(site.world.ids, missing=each)) for each in (False, True))
    wrong: dict[str, list[str]] = defaultdict(list)
    for actor in (each for each in ACTORS if row.expected(each) == (404,)):
        pages = [site.ask(actor, row.method, path, row.form) for path in (there, nowhere)]
        if pages[1].status_code != 404 or plain(pages[0], there) != plain(pages[1], nowhere):
            wrong["bodies differ"].append(actor)
        headers = [{name: value for name, value in page.headers if name not in DIFFER} for page in pages]
        if headers[0] != headers[1]:
            wrong[f"headers differ: {headers}"].append(actor)
    assert not wrong, told(there, wrong)


def test_postgresql_answers_the_same(tmp_path: Path) -> None:
    """Every page for every actor, and every form for who may not send it, on the other database."""
    url = databases.migrated("postgresql", tmp_path / "unused")
    site = site_on(url, tmp_path)
    wrong: dict[str, list[str]] = defaultdict(list)
    before = site.tables()
    for row in rows():
        path = site.url(row.endpoint, row.parts(site.world.ids))
        for actor in ACTORS:
            if row.method == "POST" and row.expected(actor) == row.answers:
                continue
            answer = site.ask(actor, row.method, path, row.form)
            if not is_right(row, actor, outcome(answer)):
                wrong[f"{row.name}: {outcome(answer)}, not {row.expected(actor)}"].append(actor)
            answer.close()
    assert not wrong, told(url, wrong)
    after = site.tables()
    assert {name for name in after if after[name] != before[name]} <= QUIET
    site.app.extensions["database"].close()
    databases.remove(url)
