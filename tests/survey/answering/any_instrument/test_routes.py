"""Questions that are asked of some firms only: nothing else is shown, counted, missing, submitted or scored."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Scorecard, Snapshot, Submission
from tests.survey.answering.forms import at, control, form_of, stored, summary
from tests.survey.answering.test_way import hand_in
from tests.survey.browsing import Browser, Element, Page

YES = {"r-exports": "yes", "r-markets": ["asia"], "r-share": "12.5", "r-shifts": "40"}
ABROAD = {"r-channels--agents": "b", "r-channels--own": "a", "r-channels--online": "d", "r-people": "3"}
ENERGY = {"f-energy-2025": "120", "f-energy-2024": "110", "f-revenue-2025": "4000"}


def save(browser: Browser, submission: Submission, section: str, status: int = 200, **sent: Any) -> Page:
    path = at(submission, section)
    return browser.post(path, form_of(browser.get(path), **sent), status=status)


def question(page: Page, item: str) -> Element:
    return control(page, f"q-{item}")


def seen(page: Page) -> list[str]:
    """The questions on the page that are not hidden."""
    questions = [each for each in page.all("div") if each.get("class") == "q"]
    return [each.get("id").removeprefix("q-") for each in questions if "hidden" not in each.attributes]


def test_questions_that_depend_on_this_page_come_up_after_saving(browser: Browser, submission: Submission) -> None:
    assert "1 more section may follow" in browser.get(f"/fill/{submission.public_id}").text
    page = browser.get(at(submission, "trade"))
    assert seen(page) == ["exports", "shifts"]
    assert "Question 2 of 2" in question(page, "shifts").text
    page = save(browser, submission, "trade", **{"r-exports": "yes", "r-shifts": "40"})
    assert browser.path == at(submission, "trade"), "the same page once more"
    assert "brought up 2 more questions" in page.text
    assert seen(page) == ["exports", "markets", "share", "shifts"]
    assert "Question 4 of 4" in question(page, "shifts").text
    page = browser.post(browser.path, form_of(page), status=422)
    assert [target for target, _text in summary(page)] == ["r-markets-asia", "r-share"]
    browser.post(at(submission, "trade"), form_of(page, **{"r-markets": ["asia"], "r-share": "10"}))
    assert browser.path == at(submission, "abroad")


def test_nobody_is_reproached_for_questions_that_were_not_seen(browser: Browser, submission: Submission) -> None:
    page = save(browser, submission, "trade", 422, **{"r-exports": "yes"})
    assert [target for target, _text in summary(page)] == ["r-shifts"]
    assert seen(page) == ["exports", "markets", "share", "shifts"]


def test_a_section_off_the_route_is_passed_over_and_not_listed(browser: Browser, submission: Submission) -> None:
    save(browser, submission, "trade", **{"r-exports": "no", "r-shifts": "40"})
    assert browser.path == at(submission, "energy")
    assert "Section 2 of 2" in browser.page.text
    page = browser.get(f"/fill/{submission.public_id}")
    assert "Channels abroad" not in page.text
    assert "may follow" not in page.text
    assert "1 more section is not asked of your firm" in page.text
    page = browser.get(at(submission, "abroad"))
    assert "not asked of your firm" in page.text
    assert not [each for each in page.all("form") if each.get("id") == "section"]


def test_answers_that_left_the_route_are_kept_and_come_back(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    save(browser, submission, "trade", then="leave", **YES)
    save(browser, submission, "abroad", then="leave", **ABROAD)
    save(browser, submission, "trade", then="leave", **{"r-exports": "no"})
    kept = stored(app, submission, "trade")["responses"]
    assert kept == {"exports": "no", "markets": ["asia"], "share": "12.5", "shifts": "40"}
    check = browser.get(f"/fill/{submission.public_id}/check").text
    assert "Share of exports" not in check
    assert "Now and then" not in check
    assert "4 questions are not asked" in check, "and the one about saving may still come: it depends on a figure"
    page = save(browser, submission, "trade", **{"r-exports": "yes"})
    assert control(page, "r-share").get("value") == "12.5"
    page = browser.get(at(submission, "abroad"))
    assert "checked" in control(page, "r-channels--agents-b").attributes
    assert control(page, "r-people").get("value") == "3"


def test_saving_a_page_without_a_question_keeps_what_was_answered_there(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    """A question that is off the route for reasons on another page is not on this one at all."""
    save(browser, submission, "trade", then="leave", **YES)
    drawn = browser.get(at(submission, "abroad"))
    save(colleague, submission, "trade", then="leave", **{"r-exports": "no"})
    browser.post(at(submission, "abroad"), form_of(drawn, **ABROAD, then="leave"))
    assert stored(app, submission, "abroad")["responses"]["people"] == "3", "sent from a page that still had it"
    save(colleague, submission, "energy", then="leave", **{"r-used": "none"})
    save(colleague, submission, "trade", then="leave", **{"r-exports": "yes"})
    assert control(browser.get(at(submission, "abroad")), "r-people").get("value") == "3"


def test_a_route_may_depend_on_figures(browser: Browser, submission: Submission) -> None:
    assert seen(browser.get(at(submission, "energy"))) == ["used", "per_revenue"]
    page = save(browser, submission, "energy", **{**ENERGY, "f-energy-2025": "1001", "f-energy-2024": "900"})
    assert "brought up 1 more question" in page.text
    assert seen(page) == ["used", "per_revenue", "saving"]


@pytest.mark.parametrize(("exports", "points"), [("yes", "10"), ("no", "0"), ("na", None)])
def test_only_what_is_on_the_route_is_submitted(
    app: Flask, browser: Browser, submission: Submission, exports: str, points: str | None
) -> None:
    save(browser, submission, "trade", then="leave", **YES)
    save(browser, submission, "abroad", then="leave", **ABROAD)
    save(browser, submission, "trade", then="leave", **{"r-exports": exports})
    save(browser, submission, "energy", **ENERGY)
    assert browser.path.endswith("/check")
    hand_in(browser, submission)
    assert browser.path.endswith("/receipt")
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        card = session.scalars(sa.select(Scorecard)).one()
    expected = {"exports", "shifts"} | ({"markets", "share", "channels", "people"} if exports == "yes" else set())
    assert set(snapshot.responses) == expected
    if exports == "yes":
        assert snapshot.responses["channels"] == {"agents": "b", "own": "a", "online": "d"}
    assert card.card["measures"][0]["points"] == points


def test_autosave_says_which_questions_are_asked_now(browser: Browser, submission: Submission) -> None:
    page = browser.get(at(submission, "trade"))
    browser.post(at(submission, "trade"), form_of(page, **{"r-exports": "yes", "then": "autosave"}))
    told = browser.response.get_json()
    assert list(told["shown"]) == ["exports", "markets", "share", "shifts"]
    assert told["shown"]["shifts"] == "Question 4 of 4"
    assert "2 more questions" in told["message"]
    assert told["controls"] == {}
    sent = form_of(page, **{"r-exports": "no", "r-shifts": "４8", "then": "autosave", "rev": str(told["rev"])})
    browser.post(at(submission, "trade"), sent)
    told = browser.response.get_json()
    assert list(told["shown"]) == ["exports", "shifts"]
    assert told["controls"] == {}, "a number written in another way is no change by a colleague"


def test_autosave_brings_a_number_and_a_line_that_a_colleague_changed(
    browser: Browser, colleague: Browser, submission: Submission
) -> None:
    save(browser, submission, "trade", then="leave", **YES)
    mine = browser.get(at(submission, "abroad"))
    save(colleague, submission, "abroad", then="leave", **ABROAD)
    browser.post(at(submission, "abroad"), form_of(mine, then="autosave"))
    controls = browser.response.get_json()["controls"]
    assert controls["r-people"] == ["3"]
    assert controls["r-channels--agents"] == ["b"]
