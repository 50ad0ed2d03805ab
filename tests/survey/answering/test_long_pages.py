"""A page that was open for hours: what was typed is not lost, with the sign-in still going or ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import SignInSession, Submission, User
from tests.survey.answering.forms import Form, at, form_of, stored
from tests.survey.browsing import Browser, Page
from tests.survey.conftest import PASSWORD


def rest(app: Flask, hours: float) -> None:
    """As if nothing had been sent for that long."""
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(seen_at=datetime.now(UTC) - timedelta(hours=hours)))


def kept(page: Page) -> Form:
    """The hidden fields of the form that offers to send again."""
    form = next(each for each in page.all("form") if "/sections/" in each.get("action"))
    sent: Form = {}
    for each in page.all("input"):
        if form in each.around and each.get("name") != "csrf_token":
            sent.setdefault(each.get("name"), []).append(each.get("value"))
    return sent


def test_the_token_of_a_page_does_not_run_out(
    app: Flask, browser: Browser, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four hours on one page, with signs of life in between that keep the sign-in: saving works."""
    path = at(submission, "management")
    form = form_of(browser.get(path), **{"r-q8": "D", "then": "leave"})
    later = datetime.now(UTC).timestamp() + 4 * 3600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    browser.post(path, form)
    assert stored(app, submission, "management")["responses"] == {"q8": "D"}


def test_a_form_sent_after_the_sign_in_ended_is_kept_until_signed_in_again(
    app: Flask, browser: Browser, submission: Submission, owner: User
) -> None:
    path = at(submission, "effect")
    form = form_of(browser.get(path), **{"r-q13": "B", "f-staff-2025": "８６", "w-q12": "a\nb", "then": "leave"})
    rest(app, 4)
    page = browser.post(path, form, status=401)
    assert "nothing you typed is lost" in page.text
    assert stored(app, submission, "effect") == {}
    again = kept(page)
    assert {name: again[name] for name in ("r-q13", "f-staff-2025", "then")} == {
        "r-q13": ["B"],
        "f-staff-2025": ["８６"],
        "then": ["leave"],
    }
    sign_in(browser)
    page = browser.post(path, {**again, "csrf_token": "from before"}, status=400)
    assert "nothing you typed is lost" in page.text
    browser.post(path, kept(page))
    assert browser.path == f"/fill/{submission.public_id}"
    assert stored(app, submission, "effect")["responses"] == {"q13": "B"}


def sign_in(browser: Browser) -> None:
    """In another tab of the same browser."""
    browser.get("/sign-in")
    browser.post("/sign-in", {"recipient": "13800138000", "password": PASSWORD})
    assert browser.path.startswith("/fill")


def test_a_page_opened_after_the_sign_in_ended_comes_back_after_signing_in(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "effect")
    browser.get(path)
    rest(app, 4)
    browser.get(path)
    assert browser.path == "/timed-out"
    assert path in browser.page.html


def test_a_form_from_another_site_is_not_offered_again(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "management")
    form = form_of(browser.get(path), **{"r-q8": "A"})
    rest(app, 4)
    page = browser.post(path, form, status=400, headers={"Origin": "https://elsewhere.example"})
    assert "r-q8" not in page.html
