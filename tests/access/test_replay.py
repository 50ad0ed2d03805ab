"""A stranger repeats every request of the firm: nothing is shown, nothing is changed (Z-03, Z-04)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.routing import MapAdapter
from werkzeug.test import TestResponse

from tests.access.asking import QUIET, Site
from tests.access.filling import forms
from tests.access.matrix import rows
from tests.access.world import name_of

pytestmark = pytest.mark.access

STRANGERS = ("owner elsewhere", "officer elsewhere", "newcomer", "provider", "former member", "expired filler")
NEVER_SENT = ("accounts.", "account.", "privacy.closing.", "privacy.own.", "people.end", "people.hand", "languages.")
"""Deeds about the owner's own account, and those after which the owner could do nothing more."""
OWN = ("own firm",)


class Sent(NamedTuple):
    """A request of the firm."""

    method: str
    path: str
    data: MultiDict[str, str] | None


def adapter(site: Site) -> MapAdapter:
    return site.app.url_map.bind("localhost")


def life(site: Site) -> list[Sent]:
    """Every page of the firm and every form on it, filled in and sent by its owner."""
    sent: list[Sent] = []
    for row in (row for row in rows() if row.relation in OWN and row.method == "GET"):
        path = site.url(row.endpoint, row.parts(site.world.ids))
        answer = site.ask("owner", "GET", path)
        sent.append(Sent("GET", path, None))
        if answer.mimetype == "text/html":
            sent += [Sent("POST", form.path, form.data) for form in forms(answer.text, path)]
    known = {(request.method, request.path): request for request in sent}
    for row in (row for row in rows() if row.relation in OWN and row.method == "POST"):
        path = site.url(row.endpoint, row.parts(site.world.ids))
        known.setdefault(("POST", path), Sent("POST", path, MultiDict(row.form)))
    return [
        request
        for request in known.values()
        if not adapter(site).match(request.path, request.method)[0].startswith(NEVER_SENT[:5] + NEVER_SENT[-1:])
    ]


def lead(site: Site, requests: list[Sent]) -> dict[str, int]:
    """The owner sends them all; the statuses by endpoint."""
    return {
        f"{request.method} {adapter(site).match(request.path, request.method)[0]}": ask(
            site, "owner", request
        ).status_code
        for request in requests
        if not adapter(site).match(request.path, request.method)[0].startswith(NEVER_SENT)
    }


def ask(site: Site, actor: str, request: Sent) -> TestResponse:
    data: Any = dict(request.data.lists()) if request.data is not None else None
    return site.ask(actor, request.method, request.path, data)


def told(answer: TestResponse, path: str) -> str:
    """Everything that an answer says: headers, text, and what is packed into a workbook or archive."""
    body = answer.get_data()
    texts = [str(answer.headers), body.decode("utf-8", "replace")]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            texts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    text = "\n".join(texts)
    for each in (path, quote(path, safe=""), quote(path)):
        text = text.replace(each, "")
    return text


def firm_secrets(site: Site) -> set[str]:
    """Names and ids that only the firm knows."""
    ids = site.world.ids
    own = ("firm", "draft", "handed in", "result", "invitation", "assignment", "consent")
    return {
        *site.world.secrets,
        *(ids[name] for name in own),
        *(ids[f"membership of {each}"] for each in ("owner", "editor")),
    }


def revealed(site: Site, answer: TestResponse, path: str) -> list[str]:
    text = told(answer, path)
    return sorted(each for each in firm_secrets(site) if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text))


@pytest.fixture
def requests(site: Site) -> list[Sent]:
    return life(site)


def test_the_life_of_a_firm_is_a_whole_one(site: Site, requests: list[Sent]) -> None:
    """What is repeated below really does something when the firm itself sends it."""
    statuses = lead(site, requests)
    done = {name for name, status in statuses.items() if status in (200, 302, 303) and name.startswith("POST")}
    assert not [name for name, status in statuses.items() if status >= 500]
    assert {
        "POST organisations.change",
        "POST organisations.save_figures",
        "POST answering.save",
        "POST answering.start",
        "POST people.change",
        "POST people.send",
        "POST privacy.firms.withdraw",
        "POST report.make_again",
    } <= done
    assert len(requests) > 40
    assert site.changed() > {"organisation", "fact", "draft_page", "membership", "invitation", "consent", "audit_event"}


@pytest.mark.parametrize("actor", STRANGERS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_stranger_sees_and_changes_nothing(site: Site, requests: list[Sent], actor: str, after: bool) -> None:
    """Sent before the firm itself does, and after: the ids are right, the forms are right, only the person is not."""
    if after:
        lead(site, requests)
    before, faults = site.tables(), []
    for request in requests:
        answer = ask(site, actor, request)
        found = [each for each in revealed(site, answer, request.path) if each != name_of(actor)]
        if answer.status_code != 404 or found:
            faults.append((request.method, request.path, answer.status_code, found))
    assert not faults
    now = site.tables()
    assert {name for name in now if now[name] != before[name]} <= QUIET


BY_LINK = ("people.invitation", "people.accept")
"""Who holds an invitation's link is told who invites to which firm."""
ELSEWHERE = [
    row
    for row in rows()
    if row.relation in ("own list of an office", "firm in the office's area", "everybody", "anybody signed in")
    if row.endpoint not in BY_LINK
]


@pytest.mark.parametrize("row", ELSEWHERE, ids=lambda row: row.name)
@pytest.mark.parametrize("actor", ["officer elsewhere", "owner elsewhere"])
def test_no_other_page_tells_of_the_firm(site: Site, row: Any, actor: str) -> None:
    """Lists, searches, exports and counts keep to the own area and the own firm, also when asked for the other."""
    path = site.url(row.endpoint, row.parts(site.world.ids))
    wishes = {
        "area": site.world.ids["area"],
        "firm": site.world.ids["firm"],
        "q": "Heyue",
        "words": "Heyue",
        "all": "1",
    }
    answer = site.ask(
        actor, row.method, path, {**wishes, **row.form}, query_string=wishes if row.method == "GET" else None
    )
    assert answer.status_code < 500
    told_of = [each for each in revealed(site, answer, path) if each not in ("Heyue", wishes["firm"])]
    assert not told_of
    assert "Precision" not in told(answer, path)
    answer.close()
    site.restore()


def test_the_own_office_does_see_the_firm(site: Site) -> None:
    """Or the tests above could not fail."""
    answer = site.ask("officer", "GET", site.url("desk.firms", {}))
    assert {"Heyue", site.world.ids["firm"]} <= set(revealed(site, answer, "/desk/firms"))
    assert "Precision" in told(site.ask("officer", "POST", site.url("desk.export", {})), "/desk/export")
