"""Numbers, grids and figures on a page: what is read, what is stored, what is said when it is wrong."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Fact, Submission
from tests.survey.answering.forms import at, control, form_of, stored, summary
from tests.survey.browsing import Browser, Page

ROWS = {"r-channels--agents": "b", "r-channels--own": "a", "r-channels--online": "d"}


def exporting(browser: Browser, submission: Submission, **more: str) -> None:
    """The firm exports, so that nothing is left out."""
    path = at(submission, "trade")
    browser.post(path, form_of(browser.get(path), **{"r-exports": "yes", "then": "leave", **more}))


def chosen(page: Page, name: str) -> list[str]:
    return [
        each.get("value") for each in page.all("input") if each.get("name") == name and "checked" in each.attributes
    ]


@pytest.mark.parametrize(("typed", "kept"), [("４８", "48"), ("1 048", "1048"), ("2,000", "2000"), ("0", "0")])
def test_a_number_is_read_forgivingly(
    app: Flask, browser: Browser, submission: Submission, typed: str, kept: str
) -> None:
    path = at(submission, "trade")
    browser.post(path, form_of(browser.get(path), **{"r-shifts": typed, "w-shifts": "three shifts", "then": "leave"}))
    assert stored(app, submission, "trade")["responses"] == {"shifts": kept}
    assert control(browser.get(path), "r-shifts").get("value") == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [("forty", "is not a number"), ("-1", "Cannot be less than 0"), ("12.5", "At most 0 decimal places")],
)
def test_a_wrong_number_is_kept_on_the_page_with_what_is_wrong(
    app: Flask, browser: Browser, submission: Submission, typed: str, words: str
) -> None:
    path = at(submission, "trade")
    browser.post(path, form_of(browser.get(path), **{"r-shifts": "40", "then": "leave"}))
    page = browser.post(path, form_of(browser.get(path), **{"r-shifts": typed, "then": "leave"}), status=422)
    ((target, text),) = summary(page)
    assert target == "r-shifts"
    assert words in text
    field = control(page, "r-shifts")
    assert field.get("value") == typed
    assert field.get("aria-invalid") == "true"
    assert stored(app, submission, "trade")["responses"] == {"shifts": "40"}, "what was valid before stays"


def test_a_number_may_be_left_open_but_not_with_a_number(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "trade")
    page = browser.get(path)
    assert control(page, "r-shifts").get("inputmode") == "numeric"
    page = browser.post(path, form_of(page, **{"r-shifts": ["40", "unsure"], "then": "leave"}), status=422)
    assert control(page, "r-shifts").get("value") == "40"
    assert chosen(page, "r-shifts") == ["unsure"]
    browser.post(path, form_of(page, **{"r-shifts": ["", "unsure"], "then": "leave"}))
    assert stored(app, submission, "trade") == {"responses": {}, "open": ["shifts"]}


def test_what_is_missing_is_said_in_words_that_fit(browser: Browser, submission: Submission) -> None:
    exporting(browser, submission)
    for section, said in {
        "trade": {"r-markets-asia": "choose an answer", "r-share": "enter a number", "r-shifts": "enter a number"},
        "abroad": {"r-channels--agents-a": "on each line", "r-people": "enter a number"},
        "energy": {"f-energy-2025": "enter all of these figures"},
    }.items():
        page = browser.post(at(submission, section), form_of(browser.get(at(submission, section))), status=422)
        found = dict(summary(page))
        for target, words in said.items():
            assert words in found[target].lower()
            assert control(page, target).tag == "input"


def test_a_grid_keeps_the_lines_that_are_answered(app: Flask, browser: Browser, submission: Submission) -> None:
    exporting(browser, submission)
    path = at(submission, "abroad")
    sent = {**ROWS, "r-people": "0"}
    del sent["r-channels--own"]
    page = browser.post(path, form_of(browser.get(path), **sent), status=422)
    kept = {"agents": "b", "online": "d"}
    assert stored(app, submission, "abroad")["responses"] == {"channels": kept, "people": "0"}
    wrong = [each for each in page.all("tr") if each.get("class") == "bad-row"]
    assert ["Shops of our own" in each.text for each in wrong] == [True], "the open line is marked"
    assert chosen(page, "r-channels--agents") == ["b"]
    page = browser.get(f"/fill/{submission.public_id}")
    assert "1 / 2" in page.text
    browser.post(path, form_of(browser.get(path), **{"r-channels--own": "a"}))
    assert stored(app, submission, "abroad")["responses"]["channels"] == {"agents": "b", "own": "a", "online": "d"}


def test_a_grid_may_be_left_open_with_some_lines_answered(app: Flask, browser: Browser, submission: Submission) -> None:
    exporting(browser, submission)
    path = at(submission, "abroad")
    sent = {"r-channels--agents": "c", "r-channels": "unsure", "r-people": "0"}
    browser.post(path, form_of(browser.get(path), **sent))
    data = stored(app, submission, "abroad")
    assert data["responses"]["channels"] == {"agents": "c"}
    assert data["open"] == ["channels"]
    page = browser.get(path)
    assert (chosen(page, "r-channels"), chosen(page, "r-channels--agents")) == (["unsure"], ["c"])


def test_every_choice_of_a_grid_is_named_by_its_line_and_its_column(browser: Browser, submission: Submission) -> None:
    exporting(browser, submission)
    page = browser.get(at(submission, "abroad"))
    cells = [each for each in page.all("input") if each.get("name").startswith("r-channels--")]
    assert len(cells) == 3 * 4
    for cell in cells:
        line, column = cell.get("aria-labelledby").split()
        assert control(page, line).attributes["scope"] == "row"
        assert control(page, column).attributes["scope"] == "col"


@pytest.mark.parametrize("value", ["e", "", "unsure"])
def test_an_unknown_choice_of_a_grid_is_refused(
    app: Flask, browser: Browser, submission: Submission, value: str
) -> None:
    exporting(browser, submission)
    path = at(submission, "abroad")
    status = 422 if value == "e" else 200
    browser.post(path, form_of(browser.get(path), **{"r-channels--own": value, "then": "leave"}), status=status)
    assert "channels" not in stored(app, submission, "abroad")["responses"]


def test_a_figure_is_asked_once_on_a_page_and_said_back_with_who_entered_it(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "energy")
    page = browser.get(path)
    assert len([each for each in page.all("input") if each.get("name") == "f-energy-2025"]) == 1
    assert "enter it above" in page.text
    sent = {"f-energy-2025": "120", "f-energy-2024": "110", "f-revenue-2025": "4000", "then": "leave"}
    browser.post(path, form_of(page, **sent))
    page = browser.get(path)
    assert "120 tonnes of coal equivalent (as entered above)" in page.text
    assert "entered by Li Wei" in page.text
    assert "Energy per ten thousand yuan of revenue: 0.03 tce" in page.text
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Fact)) == 3


def test_figures_are_answered_when_all_are_known_or_there_is_none(browser: Browser, submission: Submission) -> None:
    path, hub = at(submission, "energy"), f"/fill/{submission.public_id}"
    browser.post(path, form_of(browser.get(path), **{"f-energy-2025": "120", "then": "leave"}))
    assert "0 / 2" in browser.get(hub).text
    browser.post(path, form_of(browser.get(path), **{"r-used": "none", "then": "leave"}))
    assert "1 / 2" in browser.get(hub).text
    browser.post(path, form_of(browser.get(path), **{"f-revenue-2025": "10.5", "then": "leave"}))
    assert "2 / 2" in browser.get(hub).text
    page = browser.get(f"{hub}/check")
    assert "We use no energy" in page.text
    assert "120 tonnes of coal equivalent" in page.text
    assert "10.5 ten thousand yuan" in page.text
