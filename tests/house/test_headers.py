"""Every answer carries the headers that protect the person."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from survey.app import create_app

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DIRECTIVES = (
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)


def paths(app: Flask) -> Iterator[str]:
    """Every address without parameters, and what goes wrong."""
    for rule in app.url_map.iter_rules():
        if not rule.arguments and "GET" in (rule.methods or ()):
            yield rule.rule
    yield from (
        "/no/such/page",
        "/language/xx",
        "/static/site.css",
        "/static/no-such-file",
        "/bootstrap/static/css/bootstrap.min.css",
    )


def test_it_sends_the_headers_with_everything(app: Flask) -> None:
    client, nonces = app.test_client(), []
    for path in paths(app):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED, path
        policy = answer.headers["Content-Security-Policy"]
        assert all(directive in policy.split("; ") for directive in DIRECTIVES), path
        assert "unsafe" not in policy
        assert "http" not in policy
        nonces += re.findall(r"'nonce-([^']{20,})'", policy)
        answer.close()
    assert len(set(nonces)) == len(nonces) == len(list(paths(app)))


def test_it_lets_nobody_keep_a_page_but_everybody_the_files(app: Flask) -> None:
    client = app.test_client()
    for path in paths(app):
        answer = client.get(path)
        kept = answer.headers["Cache-Control"]
        if "static" in path and answer.status_code == 200:
            assert kept.startswith("public")
        else:
            assert (kept, "Cookie" in answer.headers["Vary"]) == ("no-store", True), path
        answer.close()


def test_it_versions_its_own_files(app: Flask) -> None:
    client = app.test_client()
    addresses = re.findall(r'(?:href|src)="(/(?:bootstrap/)?static/[^"]+)"', client.get("/").text)
    assert len(addresses) >= 4
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address
        answer.close()


def test_it_asks_for_https_when_it_is_spoken_to_by_https(app: Flask) -> None:
    answer = app.test_client().get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize(
    ("page", "name"), [("/sign-in", "session"), ("/language/en", "language"), ("/view/large", "view")]
)
def test_it_sets_cookies_that_only_this_site_can_read(app: Flask, secure: bool, page: str, name: str) -> None:
    name = f"__Host-{name}" if secure else name
    settings = dataclasses.replace(app.config["SETTINGS"], secure_cookies=secure)
    site = create_app(settings)
    client = site.test_client()
    answer = client.get(page, base_url="https://localhost")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    parts = cookie.split("; ")
    assert parts[0].startswith(f"{name}=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
    assert ("Secure" in parts) is secure
    assert "Domain" not in cookie
    if name.endswith("language"):
        said = client.get("/help", base_url="https://localhost", headers={"Accept-Language": "zh-CN"}).text
        assert 'lang="en"' in said, "the cookie is read under the name that it was set with"
    site.extensions["database"].close()


def test_it_refuses_every_form_without_a_token(app: Flask) -> None:
    client = app.test_client()
    posts = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert posts
    for path in posts:
        answer = client.post(re.sub(r"<int:[^>]+>", "1", re.sub(r"<(?!int)[^>]+>", "x", path)), data={"x": "1"})
        assert answer.status_code == 400, path


def test_it_takes_forms_over_https_from_its_own_pages_only(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://localhost").text
    form = {
        "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page).group(1),
        "recipient": "x",
        "password": "x",
    }
    for referer, status in (("https://localhost/sign-in", 422), ("https://evil.example/", 400)):
        headers = {"Referer": referer, "Accept": "text/html"}
        assert client.post("/sign-in", base_url="https://localhost", data=form, headers=headers).status_code == status
