"""What every answer of every page must carry, for several kinds of people (W-01 to W-06, S-03, S-07, Z-05)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from survey.models import SignInSession, User
from survey.models.columns import Base
from survey.protection import token_hash
from tests.access.asking import QUIET, Site
from tests.access.filling import forms
from tests.access.matrix import Row, rows
from tests.access.world import ACTORS, token_of

pytestmark = pytest.mark.access

PEOPLE = ("anonymous", "owner", "owner elsewhere", "officer", "security administrator", "auditor", "provider")
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
TYPED = (
    "text/html; charset=utf-8",
    "text/css; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/plain; charset=utf-8",
    "text/csv; charset=utf-8",
    "application/json",
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/svg+xml; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
each_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)


@each_row
def test_every_answer_protects_the_person(site: Site, row: Row) -> None:
    """Whatever the status is: the page, a refusal, a redirect."""
    path = site.url(row.endpoint, row.parts(site.world.ids))
    for actor in PEOPLE:
        answer = site.ask(actor, row.method, path, row.form)
        assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED, actor
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert set(policy) >= POLICY, actor
        assert [each for each in policy if each.startswith("script-src 'self' 'nonce-")], actor
        assert not re.search(r"unsafe|http:|https:|\*", answer.headers["Content-Security-Policy"]), actor
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Content-Type"] in TYPED, answer.headers["Content-Type"]
        if not row.endpoint.endswith("static"):
            assert answer.headers["Cache-Control"] == "no-store", actor
            assert {"Cookie", "Accept-Language"} <= set(re.split(r", ?", answer.headers["Vary"])), actor
        where = answer.headers.get("Location", "/")
        assert where.startswith("/"), f"{actor} is sent to {where}"
        assert not where.startswith("//")
        answer.close()
    site.restore()


@each_row
def test_every_cookie_is_for_this_site_alone(site: Site, row: Row) -> None:
    path = site.url(row.endpoint, row.parts(site.world.ids))
    answer = site.ask("owner", row.method, path, row.form)
    for cookie in answer.headers.getlist("Set-Cookie"):
        parts = cookie.split("; ")
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts), cookie
        assert "Domain" not in cookie
        assert parts[0].partition("=")[0] in ("session", "sign-in", "language", "view"), cookie
    answer.close()
    site.restore()


def test_signing_out_clears_the_browser_and_ends_the_sign_in_for_good(site: Site) -> None:
    answer = site.ask("owner", "POST", "/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("sign-in=;")]
    assert site.ask("owner", "GET", "/organisation").headers["Location"].startswith("/timed-out")
    site.restore()


def test_locking_an_account_acts_on_the_next_request(site: Site) -> None:
    firm = site.url("organisations.firm", {"public_id": site.world.ids["firm"]})
    assert site.ask("owner", "GET", firm).status_code == 200
    with site.app.extensions["database"].write() as session:
        session.execute(sa.update(User).where(User.id == site.world.users["owner"]).values(state="locked"))
    assert site.ask("owner", "GET", firm).status_code == 303
    site.restore()


# -- what is only allowed afresh ---------------------------------------------------------------------------------------


@each_row
def test_what_wants_a_fresh_proof_asks_for_it(site: Site, row: Row) -> None:
    """Somebody who may, but proved who they are an hour ago, is asked first, and nothing happens."""
    if not getattr(site.app.view_functions[row.endpoint], "fresh", False):
        return
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    actor = next(each for each in ACTORS if row.expected(each) == row.answers)
    with site.app.extensions["database"].write() as session:
        stale = sa.update(SignInSession).where(SignInSession.token_hash == token_hash(token_of(actor)))
        session.execute(stale.values(fresh_at=long_ago, created_at=long_ago))
    answer = site.ask(actor, row.method, site.url(row.endpoint, row.parts(site.world.ids)), row.form)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/confirm?next="), answer.headers["Location"]
    assert site.changed() <= QUIET
    site.restore()


def test_what_must_be_proved_afresh_is_known(made_site: Site) -> None:
    """The list of deeds that ask again (7.5.1, 7.5.3): taking one away is a decision."""
    asks = {name for name, view in made_site.app.view_functions.items() if getattr(view, "fresh", False)}
    assert {
        "account.change_password",
        "account.send_code",
        "account.remove_factor",
        "account.new_recovery_codes",
        "administration.roles.grant",
        "administration.roles.end",
        "administration.roles.invite",
        "people.send",
        "people.hand",
        "privacy.own.make_copy",
        "privacy.firms.make_copy",
        "privacy.closing.close",
    } <= asks


# -- where somebody is sent --------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "https:evil.example",
    "/%5cevil.example",
    "//evil.example@localhost/",
)


@each_row
def test_nobody_is_sent_elsewhere(site: Site, row: Row) -> None:
    """Whatever stands in `next`, in the address or in the form."""
    path = site.url(row.endpoint, row.parts(site.world.ids))
    takes_next = row.relation in ("everybody", "anybody signed in")
    for actor in ("anonymous", "owner"):
        for target in ELSEWHERE if takes_next else ELSEWHERE[:2]:
            answer = site.ask(actor, row.method, path, {**row.form, "next": target}, query_string={"next": target})
            where = answer.headers.get("Location", "/")
            assert re.match(r"/(?![/\\])", where), (actor, target, where)
            answer.close()
            site.restore()


# -- more than the form has --------------------------------------------------------------------------------------------

EXTRA: dict[str, Any] = {
    "state": "confirmed",
    "area_id": "1",
    "operating_area_id": "1",
    "organisation_id": "1",
    "user_id": "1",
    "id": "1",
    "public_id": "x",
    "verified": "1",
    "points": "100",
    "level": "4",
    "submitted_at": "2026-01-01",
    "created_by": "1",
    "strong": "1",
    "is_admin": "1",
}


NEVER_TYPED = {
    "organisation": ("public_id", "state", "credit_code", "created_by", "operating_area_id"),
    "membership": ("public_id", "organisation_id", "user_id", "role", "state"),
    "user": ("public_id", "state", "totp_secret"),
    "role_grant": ("user_id", "role", "area_id", "provider_id"),
    "submission": ("organisation_id", "campaign_id", "kind", "state", "created_by"),
    "fact": ("organisation_id", "kind", "year", "verified", "updated_by"),
    "outside_result": ("organisation_id", "recorded_by"),
    "claim": ("organisation_id", "user_id", "how", "state", "dispute"),
    "invitation": ("organisation_id", "area_id", "role", "invited_by", "accepted_by"),
    "consent": ("organisation_id", "kind", "given_by"),
    "scorecard": ("level", "points_e6"),
}
"""Columns that a deed sets and no form: what is in them may not depend on what else was sent."""


def held(site: Site) -> dict[str, list[str]]:
    """What stands in those columns; new rows have new ids, so those are left out."""
    with site.app.extensions["database"].read() as session:
        return {name: sorted(map(repr, session.execute(sa.select(*_columns(name))).all())) for name in NEVER_TYPED}


def _columns(name: str) -> list[sa.Column[Any]]:
    table = Base.metadata.tables[name]
    return [table.c[each] for each in NEVER_TYPED[name] if each in table.c and each != "public_id"]


@pytest.mark.parametrize("row", [row for row in rows() if row.method == "POST"], ids=lambda row: row.name)
def test_a_form_with_more_fields_does_what_it_does_without(site: Site, row: Row) -> None:
    """Keys of our columns that no form has change nothing more than the form itself, filled in as its page has it."""
    path = site.url(row.endpoint, row.parts(site.world.ids))
    actor = next(each for each in ACTORS[1:] if row.expected(each) == row.answers)
    form = filled_form(site, actor, path) or MultiDict(row.form)
    outcomes = []
    for extra in ({}, {name: value for name, value in EXTRA.items() if name not in form}):
        answer = site.ask(actor, "POST", path, {**form.to_dict(flat=False), **extra})
        outcomes.append((answer.status_code, site.changed() - QUIET, held(site)))
        site.restore()
    (status, written, columns), (status_with_more, *more) = outcomes
    if status_with_more == 422 != status:
        assert more[1] == columns, "what it does not know is refused, and the rest is as it was"
    else:
        assert (status_with_more, *more) == (status, written, columns)


def filled_form(site: Site, actor: str, path: str) -> MultiDict[str, str] | None:
    """The form that the page at this address, or the one above it, sends here."""
    for page in (path, path.rpartition("/")[0] or "/"):
        answer = site.ask(actor, "GET", page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found = [form.data for form in forms(answer.text, page) if form.path == path]
            if found:
                return found[0]
    return None
