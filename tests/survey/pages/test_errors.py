import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf

from survey.access import public
from survey.app import create_app
from survey.errors import Problem
from survey.settings import Settings
from tests.survey.browsing import Browser

SECRET_WORDS = ("Traceback", "sqlite", "psycopg", "Werkzeug", "no such thing")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """One of its own, for it is given more pages."""
    made = create_app(settings)
    yield made
    made.extensions["database"].close()


@pytest.fixture
def faulty(app: Flask) -> Flask:
    """The site with a few pages that go wrong."""

    def problem() -> Any:
        raise Problem(409, "Changed by Wang", "Both are kept.", "/help", "Compare")

    def crash() -> Any:
        raise RuntimeError("no such thing: secret detail")

    for view in (problem, crash):
        app.add_url_rule(f"/{view.__name__}", view.__name__, public(view), methods=["GET", "POST"])
    app.add_url_rule("/echo", "echo", public(lambda: ("ok", 200, {"Content-Type": "text/plain"})), methods=["POST"])
    return app


def test_it_says_what_to_do_next_for_a_missing_page(browse: Browser) -> None:
    page = browse.get("/no/such/page", status=404)
    assert page.one("title").text.startswith("Error: This page does not exist")
    assert any(each.get("href") == "/" for each in page.all("a") if "btn" in each.get("class"))
    (reference,) = [each.text for each in page.all("b") if each.text.startswith("E-")]
    assert len(reference) == 11


def test_it_shows_a_problem_with_its_own_way_out(faulty: Flask) -> None:
    page = Browser(faulty).get("/problem", status=409)
    assert "Both are kept." in page.text
    assert any(each.get("href") == "/help" and each.text == "Compare" for each in page.all("a"))


def test_it_answers_scripts_in_json(faulty: Flask) -> None:
    answer = faulty.test_client().get("/problem", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json["title"] == "Changed by Wang"


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "错误："), ("en", "Error: ")])
def test_it_hides_our_faults_and_logs_them_with_the_reference(caplog, faulty: Flask, language: str, words: str) -> None:
    faulty.config["PROPAGATE_EXCEPTIONS"] = False
    browse = Browser(faulty)
    browse.client.set_cookie("language", language)
    page = browse.get("/crash", status=500)
    assert page.one("title").text.startswith(words)
    assert not any(word.lower() in page.html.lower() for word in SECRET_WORDS)
    (fault,) = [record for record in caplog.records if record.message == "fault"]
    assert fault.reference in page.text
    assert "secret detail" in caplog.text


def test_it_shows_our_faults_without_a_database(faulty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browse = Browser(faulty)
    browse.client.set_cookie("sign-in", "a token that has to be looked up")
    monkeypatch.setitem(faulty.extensions, "database", None)
    assert browse.get("/", status=500).one("h1").text


def test_it_keeps_what_was_typed_when_the_form_token_has_expired(browse: Browser) -> None:
    browse.get("/register")
    browse.client.delete_cookie("session")
    wish = {"name": 'Li "Wei" <x>', "recipient": "13800138000", "password": "kettle marble orbit fern"}
    page = browse.post("/register", wish, status=400)
    kept = {each.get("name"): each.get("value") for each in page.all("input")}
    assert kept["name"] == wish["name"]
    assert kept["recipient"] == wish["recipient"]
    assert "password" not in kept
    assert page.one("form").get("action") == "/register"
    browse.post("/register", {"name": kept["name"], "recipient": kept["recipient"]}, status=422)


def test_it_does_not_offer_to_send_what_another_site_sent(browse: Browser) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        page = browse.post("/register", {"name": "planted"}, status=400, headers=headers)
        assert "planted" not in page.html


def test_it_refuses_large_requests_with_a_page(app: Flask, browse: Browser) -> None:
    browse.get("/sign-in")
    page = browse.post("/sign-in", {"recipient": "x" * 3_000_000}, status=413)
    assert page.one("h1").text == "What you sent is too large"


def test_it_takes_the_largest_section_without_complaint(faulty: Flask) -> None:
    with faulty.test_request_context(base_url="http://localhost"):
        generate_csrf()
    browse = Browser(faulty)
    browse.get("/sign-in")
    browse.post("/echo", {f"item-{number}": "营业收入" * 100 for number in range(300)})
    assert browse.response.text == "ok"


def test_it_answers_to_its_own_name_only(app: Flask) -> None:
    for method in ("GET", "POST"):
        answer = app.test_client().open("/", method=method, headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_it_accepts_a_form_token_that_is_a_day_old(
    app: Flask, browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    browse.get("/sign-in")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 24 * 3600)
    browse.post("/sign-in", {"recipient": "13800138000", "password": "wrong"}, status=422)


def test_it_trusts_forwarded_addresses_only_from_our_own_proxies(settings: Settings, capsys) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9"}
    create_app(settings).test_client().get("/help", headers=forged)
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert line["address"] == "127.0.0.1"
