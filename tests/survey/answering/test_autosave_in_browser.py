"""Autosave in a real browser: "saved" is said only of what is stored, whatever the network does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route, expect

from survey.identity import sign_in_cookie
from survey.models import DraftChange, Submission
from tests.survey.answering.forms import at, stored
from tests.survey.answering.test_long_pages import rest
from tests.survey.browsing import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAVED, FAILED = re.compile("^Saved at"), "Not saved, trying again"
WAIT = 10_000


@pytest.fixture
def database_kind() -> str:
    """What the script does has nothing to do with the database."""
    return "sqlite"


@pytest.fixture
def open_page(app: Flask, site: str, submission: Submission, chromium: Chromium) -> Iterator[Callable[[Browser], Page]]:
    """The section about management, opened by the person of this browser."""

    def opened(who: Browser) -> Page:
        context: BrowserContext = chromium.new_context(locale="en")
        with app.app_context():
            name = sign_in_cookie()
        cookie = who.client.get_cookie(name)
        assert cookie
        context.add_cookies([{"name": name, "value": cookie.value, "url": site}])
        page = context.new_page()
        page.goto(site + at(submission, "management"))
        return page

    yield opened
    for each in chromium.contexts:
        each.close()


def status(page: Page) -> Any:
    return expect(page.locator("#save-status"))


def send(page: Page) -> None:
    with page.expect_navigation():
        page.click(".savebar button")


def responses(app: Flask, submission: Submission) -> Any:
    return stored(app, submission, "management").get("responses", {})


def saves(app: Flask) -> int:
    with app.extensions["database"].read() as session:
        return session.query(DraftChange).count()


def test_answers_given_without_network_are_all_stored_later(
    app: Flask, browser: Browser, submission: Submission, open_page: Callable[[Browser], Page]
) -> None:
    page = open_page(browser)
    page.check("#r-q8-C")
    status(page).to_have_text("Saving")
    assert responses(app, submission) == {}
    status(page).to_have_text(SAVED, timeout=WAIT)
    assert responses(app, submission) == {"q8": "C"}
    page.context.set_offline(True)
    for control in ("q8-D", "q9-B", "q9-C", "q10-B", "q11-A"):
        page.check(f"#r-{control}")
    status(page).to_have_text(FAILED, timeout=WAIT)
    assert responses(app, submission) == {"q8": "C"}
    page.context.set_offline(False)
    status(page).to_have_text(SAVED, timeout=WAIT)
    assert responses(app, submission) == {"q8": "D", "q9": ["B", "C"], "q10": ["B"], "q11": "A"}


def test_a_lost_answer_neither_doubles_nor_reverts(
    app: Flask, browser: Browser, submission: Submission, open_page: Callable[[Browser], Page]
) -> None:
    page, seen = open_page(browser), list[int]()

    def lose_the_first(route: Route) -> None:
        seen.append(1)
        if len(seen) == 1:
            route.fetch()  # the server has stored it; the browser never hears
            route.abort()
        else:
            route.continue_()

    page.route("**/sections/management", lose_the_first)
    page.check("#r-q8-C")
    status(page).to_have_text(FAILED, timeout=WAIT)
    page.check("#r-q8-D")
    status(page).to_have_text(SAVED, timeout=WAIT)
    expect(page.locator("[name=rev]")).to_have_value("2")
    assert responses(app, submission) == {"q8": "D"}
    assert saves(app) == 2
    assert len(seen) == 3


def test_colleagues_see_each_other(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission, open_page: Callable[[Browser], Page]
) -> None:
    mine, theirs = open_page(browser), open_page(colleague)
    theirs.check("#r-q8-C")
    status(theirs).to_have_text(SAVED, timeout=WAIT)
    mine.check("#r-q11-A")
    status(mine).to_have_text(SAVED, timeout=WAIT)
    expect(mine.locator("#r-q8-C")).to_be_checked()
    theirs.check("#r-q11-B")
    status(theirs).to_have_text(re.compile("a colleague changed the same answer"), timeout=WAIT)
    assert responses(app, submission) == {"q8": "C", "q11": "A"}
    send(theirs)
    expect(theirs.locator(".errsum")).to_contain_text("Li Wei saved another answer")
    send(theirs)
    assert responses(app, submission)["q11"] == "B"


def test_after_the_sign_in_has_ended_it_says_so(
    app: Flask, browser: Browser, submission: Submission, open_page: Callable[[Browser], Page]
) -> None:
    page = open_page(browser)
    rest(app, 4)
    page.check("#r-q8-C")
    status(page).to_contain_text("Not saved: your sign-in has ended.", timeout=WAIT)
    expect(page.locator("#save-status a")).to_have_attribute("href", "/sign-in")
    send(page)
    expect(page.locator("h1")).to_have_text("Your sign-in has ended")
    assert page.locator("input[name=r-q8]").get_attribute("value") == "C"
