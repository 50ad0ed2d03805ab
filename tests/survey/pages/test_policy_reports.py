"""What the content security policy refused somewhere is told to the log, in few words."""

import json
import logging

import pytest
from flask import Flask

OLD = {
    "csp-report": {
        "document-uri": "http://localhost/organisation/abc?q=secret",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?token=1",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {"documentURL": "http://localhost/fill", "effectiveDirective": "img-src", "blockedURL": "data"},
    }
]


def send(app: Flask, content: object, kind: str) -> int:
    return app.test_client().post("/csp-report", data=json.dumps(content), content_type=kind).status_code


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    lines = [each for each in caplog.records if each.name == "survey.policy"]
    return [(each.directive, each.page, each.refused) for each in lines]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (OLD, "application/csp-report", ("script-src-elem", "/organisation/abc", "evil.example")),
        (NEW, "application/reports+json", ("img-src", "/fill", "data")),
    ],
)
def test_it_logs_what_was_refused_without_queries(
    app: Flask, caplog: pytest.LogCaptureFixture, content: object, kind: str, line: tuple[str, str, str]
) -> None:
    with caplog.at_level(logging.WARNING):
        assert send(app, content, kind) == 204
    assert told(caplog) == [line]
    assert "secret" not in caplog.text


@pytest.mark.parametrize("content", [None, 1, "x", [], {}, [1], [[]], {"csp-report": 5}, {"csp-report": {}}])
def test_it_takes_any_nonsense_quietly(app: Flask, content: object) -> None:
    assert send(app, content, "application/reports+json") == 204


def test_it_takes_nothing_that_a_form_of_another_site_could_send(app: Flask) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/json"):
        assert send(app, OLD, kind) == 400
    assert send(app, {"csp-report": {"x": "y" * 30_000}}, "application/csp-report") == 400


def test_it_logs_a_few_from_one_address_and_no_more(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert [send(app, OLD, "application/csp-report") for _ in range(25)] == [204] * 25
        send(app, NEW * 50, "application/reports+json")
    assert len(told(caplog)) == 20
