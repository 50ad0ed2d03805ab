"""Every address of the site says who may open it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from survey.access import ACCOUNT, GRANTS, PERMISSIONS, requires
from survey.models.organisation import MEMBERSHIP_ROLES
from survey.models.staff import STAFF_ROLES

PUBLIC = {
    "static": "our own files",
    "bootstrap.static": "the stylesheet we build on",
    "pages.start": "what the assessment is",
    "pages.help": "help",
    "pages.privacy": "must be readable before registering",
    "privacy.older": "earlier versions of the notice, which people accepted",
    "privacy.closing.closed": "says that the account is closed; nobody is signed in any more",
    "people.invitation": "whoever got the link reads who invites them, before signing in or registering",
    "pages.accessibility": "must be readable by everybody",
    "pages.view": "sets a cookie, nothing else",
    "pages.policy_report": "browsers report what the content security policy refused",
    "pages.health": "for the load balancer, says nothing",
    "languages.switch": "sets a cookie, nothing else",
    "accounts.register": "before there is an account",
    "accounts.start": "before there is an account",
    "accounts.code": "before there is an account",
    "accounts.confirm": "before there is an account",
    "accounts.sign_in": "before somebody is signed in",
    "accounts.check_sign_in": "before somebody is signed in",
    "accounts.ask_code": "before somebody is signed in",
    "accounts.send_code": "before somebody is signed in; limited for recipient and address",
    "accounts.enter_code": "before somebody is signed in; leads away without the browser's own entry",
    "accounts.check_code": "before somebody is signed in; leads away without the browser's own entry",
    "accounts.second_step": "between the factors; leads away without the first",
    "accounts.check_second_step": "between the factors; leads away without the first",
    "accounts.set_up_second_step": "between the factors; leads away without the first",
    "accounts.confirm_second_step": "between the factors; leads away without the first",
    "accounts.new_password": "between the factors and the sign-in; leads away without them",
    "accounts.change_password": "between the factors and the sign-in; leads away without them",
    "accounts.forgotten": "whoever forgot the password cannot sign in",
    "accounts.send_link": "whoever forgot the password cannot sign in; limited for recipient and address",
    "accounts.link_sent": "says the same to everybody",
    "accounts.reset": "whoever got the link",
    "accounts.choose_password": "whoever got the link",
    "accounts.password_set": "says the same to everybody",
    "accounts.sign_out": "also works when the sign-in has ended",
    "accounts.signed_out": "after signing out",
    "accounts.timed_out": "after the sign-in has ended",
}
"""The pages that strangers may open, each with the reason. A longer list wants a second look."""


def permissions(app: Flask) -> dict[str, str | None]:
    return {endpoint: getattr(view, "permission", None) for endpoint, view in app.view_functions.items()}


def test_it_gives_every_endpoint_a_permission_or_a_reason_to_be_public(app: Flask) -> None:
    forgotten = [name for name, held in permissions(app).items() if held is None and not name.endswith("static")]
    assert not forgotten, f"mark these views with @requires(...) or @public: {forgotten}"


def test_it_knows_a_reason_for_every_public_page(app: Flask) -> None:
    public = {name for name, held in permissions(app).items() if held == "public" or name.endswith("static")}
    assert public == set(PUBLIC), "give the reason in PUBLIC, or ask for a permission"


def test_it_grants_every_permission_that_a_view_asks_for(app: Flask) -> None:
    asked = {held for held in permissions(app).values() if held not in (None, "public")}
    assert asked <= PERMISSIONS
    with pytest.raises(ValueError):
        requires("reprot:view")


def test_it_has_a_row_for_every_role() -> None:
    assert set(GRANTS) == {*MEMBERSHIP_ROLES, *STAFF_ROLES}
    assert GRANTS["viewer"] < GRANTS["editor"] < GRANTS["owner"]
    assert ACCOUNT not in frozenset().union(*GRANTS.values())


def test_it_sends_strangers_to_the_sign_in(app: Flask) -> None:
    client = app.test_client()
    for method, path in guarded(app):
        answer = client.open(path, method=method, headers={"Accept": "text/html"})
        # 400: a form without token from a stranger is refused before anything else
        refused = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        assert refused or (method == "POST" and answer.status_code == 400), (method, path, answer.status_code)


def guarded(app: Flask) -> Iterator[tuple[str, str]]:
    """(method, path) of everything that is not public, with made-up values in the path."""
    held = permissions(app)
    for rule in app.url_map.iter_rules():
        if held[rule.endpoint] in (None, "public"):
            continue
        values = {name: 1 if "int" in type(kind).__name__.lower() else "x" for name, kind in rule._converters.items()}
        with app.test_request_context(base_url="http://localhost"):
            path = app.url_for(rule.endpoint, **values)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            yield method, path
