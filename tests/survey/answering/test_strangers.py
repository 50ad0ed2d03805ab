"""The owner of another firm repeats every request: nothing is shown and nothing changes. GETs change nothing at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Campaign, Organisation, SignInSession, Submission
from tests.survey.answering.answers import WORKED
from tests.survey.answering.forms import at, dump
from tests.survey.browsing import Browser

MISSING = "no-such-id-0123456789"


def requests(firm: str, campaign: str, submission: str, mark: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Everything a firm sends on its way, from the list of campaigns to the receipt."""
    own = f"/fill/{submission}"
    saves = [("POST", f"{own}/sections/{section}", {"rev": "0", **data}) for section, data in WORKED.items()]
    autosaves = [(method, path, {**data, "then": "autosave"}) for method, path, data in saves]
    return [
        ("POST", f"/fill/start/{firm}/{campaign}", {}),
        *(("GET", f"{own}{place}", {}) for place in ("", "/check", "/receipt")),
        *(("GET", path, {}) for _method, path, _data in saves),
        *saves,
        *autosaves,
        ("POST", f"{own}/submit", {"commitment": "truthful-1", "checked": mark}),
    ]


def ask(browser: Browser, request: tuple[str, str, dict[str, Any]]) -> tuple[int, str]:
    """Status and body; references, tokens and the address itself differ from request to request."""
    method, path, data = request
    browser.get("/help")
    token = next(each.get("value") for each in browser.page.all("input") if each.get("name") == "csrf_token")
    answer = browser.client.open(
        path,
        method=method,
        data={**data, "csrf_token": token} if method == "POST" else None,
        headers={"Accept": "text/html", "Accept-Language": "en"},
    )
    text = re.sub(r"E-[0-9A-Z]{4}-[0-9A-Z]{4}", "E", answer.text)
    text = re.sub(r'(nonce|value|data-token|data-seconds)="[^"]*"', "", text)
    return answer.status_code, text.replace(path, "PATH")


@pytest.fixture
def submitted(app: Flask, browser: Browser, submission: Submission) -> Submission:
    for section, data in WORKED.items():
        browser.get(at(submission, section))
        browser.post(at(submission, section), {"rev": "0", **data})
    return submission


def test_another_firm_sees_and_changes_nothing(
    app: Flask, browser: Browser, stranger: Browser, submitted: Submission, firm: Organisation, campaign: Campaign
) -> None:
    page = browser.get(f"/fill/{submitted.public_id}/check")
    mark = next(each.get("value") for each in page.all("input") if each.get("name") == "checked")
    theirs = requests(firm.public_id, campaign.public_id, submitted.public_id, mark)
    nobody = requests(MISSING, campaign.public_id, MISSING, mark)
    for state in ("draft", "submitted"):
        before = dump(app)
        for request, missing in zip(theirs, nobody, strict=True):
            status, text = ask(stranger, request)
            assert (status, text) == ask(stranger, missing), request
            assert status == 404, request
            assert firm.name not in text
            assert submitted.public_id not in text
        assert dump(app) == before
        assert firm.public_id not in stranger.get("/fill").html
        if state == "draft":
            assert ask(browser, theirs[-1])[0] == 303


def test_a_membership_that_is_not_confirmed_opens_nothing(
    app: Flask, colleague: Browser, submitted: Submission, firm: Organisation
) -> None:
    colleague.get(at(submitted, "management"))
    for state in ("claimed", "disputed", "ended"):
        with app.extensions["database"].write() as session:
            session.execute(sa.text("UPDATE membership SET state = :state WHERE role = 'editor'"), {"state": state})
        colleague.get(at(submitted, "management"), status=404)
        assert firm.public_id not in colleague.get("/fill").html


def test_a_viewer_reads_and_changes_nothing(app: Flask, viewer: Browser, submitted: Submission) -> None:
    page = viewer.get(at(submitted, "management"))
    assert "You may read these answers" in page.text
    assert not [each for each in page.all("button") if each.get("name") == "then"]
    before = dump(app)
    viewer.post(at(submitted, "management"), {"rev": "1", "r-q8": "A"}, status=403)
    assert dump(app) == before


def test_a_viewer_is_offered_to_look_and_not_to_go_on(viewer: Browser, submission: Submission) -> None:
    page = viewer.get(f"/fill/{submission.public_id}")
    assert "Your role in this firm is to read" in page.text
    assert "Continue" not in page.text
    assert "Enter or change the figures" not in page.text


def test_a_viewer_is_not_offered_to_start(viewer: Browser, firm: Organisation, campaign: Campaign) -> None:
    page = viewer.get("/fill")
    assert firm.name in page.text
    assert "Start the assessment" not in page.text
    viewer.post(f"/fill/start/{firm.public_id}/{campaign.public_id}", status=403)


def test_opening_pages_changes_nothing(
    app: Flask, browser: Browser, colleague: Browser, viewer: Browser, submitted: Submission
) -> None:
    own = f"/fill/{submitted.public_id}"
    paths = ["/fill", own, f"{own}/check", f"{own}/receipt", *(at(submitted, section) for section in WORKED)]
    before, signed_in = dump(app), sign_ins(app)
    for who in (browser, colleague, viewer):
        for path in paths:
            who.get(path)
            assert who.response.headers["Cache-Control"] == "no-store", path
    assert dump(app) == before
    assert sign_ins(app) == signed_in


def sign_ins(app: Flask) -> list[Any]:
    with app.extensions["database"].read() as session:
        return sorted(map(repr, session.execute(sa.select(SignInSession.__table__))))


@pytest.mark.parametrize("token", [{}, {"csrf_token": ""}, {"csrf_token": "made-up"}])
def test_no_form_is_taken_without_its_token(
    app: Flask, browser: Browser, submitted: Submission, firm: Organisation, campaign: Campaign, token: dict[str, str]
) -> None:
    before = dump(app)
    for method, path, data in requests(firm.public_id, campaign.public_id, submitted.public_id, "x"):
        if method == "POST":
            assert browser.client.post(path, data={**data, **token}).status_code == 400, path
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        browser.get("/help")
        browser.post(at(submitted, "management"), {"rev": "1", "r-q8": "A"}, status=400, headers=headers)
    assert dump(app) == before
