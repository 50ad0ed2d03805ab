"""Grids, numbers and routes in a real browser: with and without script, by keyboard, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from survey.identity import sign_in_cookie
from survey.models import Submission
from tests.browser.visitor import Visitor
from tests.survey.answering.forms import at, stored
from tests.survey.browsing import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WAIT = 10_000
Visit = Callable[..., Visitor]


@pytest.fixture
def database_kind() -> str:
    """What a browser shows has nothing to do with the database."""
    return "sqlite"


@pytest.fixture
def visit(app: Flask, site: str, browser: Browser, chromium: Chromium) -> Iterator[Visit]:
    """A window in which the firm's owner is signed in."""

    def opened(width: int, script: bool = True, language: str = "en") -> Visitor:
        visitor = Visitor(chromium, cast(Any, SimpleNamespace(url=site)), language, width, script)
        with app.app_context():
            name = sign_in_cookie()
        cookie = browser.client.get_cookie(name)
        assert cookie
        visitor.context.add_cookies([{"name": name, "value": cookie.value, "url": site}])
        return visitor

    yield opened
    for each in chromium.contexts:
        each.close()


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".savebar button").click()


def export(page: Page) -> None:
    """Answer the first section as a firm that exports."""
    page.check("#r-exports-yes")
    expect(page.locator("#q-share")).to_be_visible(timeout=WAIT)
    page.check("#r-markets-asia")
    page.fill("#r-share", "１２.5")
    page.fill("#r-shifts", "40")


def test_questions_come_and_go_with_an_answer_on_their_page(app: Flask, visit: Visit, submission: Submission) -> None:
    visitor = visit(1280)
    page = visitor.page
    visitor.go(at(submission, "trade"))
    share, shifts = page.locator("#q-share"), page.locator("#q-shifts .place")
    expect(share).to_be_hidden()
    expect(shifts).to_have_text("Question 2 of 2")
    export(page)
    expect(shifts).to_have_text("Question 4 of 4")
    page.check("#r-exports-no")
    expect(share).to_be_hidden(timeout=WAIT)
    expect(shifts).to_have_text("Question 2 of 2")
    assert stored(app, submission, "trade")["responses"]["share"] == "12.5", "kept, though not asked"
    page.check("#r-exports-yes")
    expect(share).to_be_visible(timeout=WAIT)
    assert page.input_value("#r-share") == "１２.5"
    visitor.look("routes")
    go_on(page)
    assert page.url.endswith("/abroad")


def test_a_grid_is_answered_by_keyboard(app: Flask, visit: Visit, submission: Submission) -> None:
    visitor = visit(1280)
    page = visitor.page
    visitor.go(at(submission, "trade"))
    export(page)
    go_on(page)
    page.focus("[id='r-channels--agents-a']")
    for row in ("agents", "own", "online"):
        assert page.evaluate("document.activeElement.name") == f"r-channels--{row}"
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "unsure", "one stop for each line"
    for row in ("agents", "own", "online"):
        assert page.is_checked(f"[id='r-channels--{row}-b']")
    names = page.get_by_role("radio", name="Agents Now and then", exact=True)
    assert names.is_checked(), "a choice is named by its line and its column"
    visitor.look("grid")
    page.fill("#r-people", "0")
    go_on(page)
    assert page.url.endswith("/energy")
    chosen = stored(app, submission, "abroad")["responses"]["channels"]
    assert chosen == dict.fromkeys(("agents", "own", "online"), "b")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_sound_on_a_phone_without_script(
    app: Flask, visit: Visit, submission: Submission, language: str
) -> None:
    plain = visit(375, script=False, language=language)
    page = plain.page
    plain.go(at(submission, "trade"))
    page.check("#r-exports-yes")
    page.fill("#r-shifts", "40")
    plain.look("routes-first")
    go_on(page)
    assert "/trade?new=markets&new=share" in page.url, "the same page, with what came up"
    expect(page.locator(".note a").first).to_have_attribute("href", "#q-markets")
    page.check("#r-markets-europe")
    page.fill("#r-share", "100.55")
    go_on(page)
    expect(page.locator("#e-share")).to_be_visible()
    assert page.input_value("#r-share") == "100.55"
    plain.look("number-errors")
    page.fill("#r-share", "12")
    go_on(page)
    for row in ("agents", "own"):
        page.check(f"[id='r-channels--{row}-d']")
    page.check("#r-channels-unsure")
    page.fill("#r-people", "3")
    plain.look("grid")
    go_on(page)
    assert page.url.endswith("/energy")
    page.check("#r-used-none")
    page.check("#r-per_revenue-unsure")
    plain.look("figures")
    go_on(page)
    assert page.url.endswith("/check")
    plain.look("check-every")
    assert stored(app, submission, "abroad")["open"] == ["channels"]
    scripted = visit(375, language=language)  # the rules of accessibility are checked by script
    for section in ("trade", "abroad", "energy"):
        scripted.go(at(submission, section))
        scripted.look(f"every-{section}")
    scripted.go(f"/fill/{submission.public_id}/check")
    scripted.look("check-every")
