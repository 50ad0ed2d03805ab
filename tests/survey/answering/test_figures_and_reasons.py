"""Figures on question pages: said back, asked about where they look wrong, explained where they contradict a choice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import DraftChange, DraftNote, Fact, Organisation, Submission
from tests.survey.answering.forms import at, control, form_of, stored, summary, ticked
from tests.survey.browsing import Browser

ENERGY = {"f-energy-2024": "100", "f-energy-2025": "120", "f-revenue-2024": "1000", "f-revenue-2025": "1000"}
"""Energy per revenue has gone up."""


def figure(app: Flask, kind: str, year: int = 2025) -> int | None:
    with app.extensions["database"].read() as session:
        return session.scalar(sa.select(Fact.value).where(Fact.kind == kind, Fact.year == year))


def notes(app: Flask) -> dict[str, str]:
    with app.extensions["database"].read() as session:
        return {note.item: note.text for note in session.scalars(sa.select(DraftNote))}


def test_it_says_an_amount_back_after_saving(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "effect")
    page = browser.get(path)
    sent = {"f-revenue-2025": "12345678.90", "f-revenue-2025-unit": "yuan", "then": "leave"}
    browser.post(path, form_of(page, **sent))
    page = browser.get(path)
    assert "= 1,234.57 ten thousand yuan" in page.text
    assert control(page, "f-revenue-2025").get("value") == "12,345,678.9"
    assert figure(app, "revenue") == 1_234_567_890


def test_the_page_as_it_is_shown_changes_nothing(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "effect")
    page = browser.get(path)
    browser.post(path, form_of(page, **ENERGY, then="leave"))
    with app.extensions["database"].read() as session:
        before = [(fact.kind, fact.year, fact.value, fact.rev) for fact in session.scalars(sa.select(Fact))]
        changes = session.scalar(sa.select(sa.func.count()).select_from(DraftChange))
    for _ in range(2):
        browser.post(path, form_of(browser.get(path), then="leave"))
    with app.extensions["database"].read() as session:
        assert [(fact.kind, fact.year, fact.value, fact.rev) for fact in session.scalars(sa.select(Fact))] == before
        assert session.scalar(sa.select(sa.func.count()).select_from(DraftChange)) == changes


def test_an_emptied_figure_is_taken_away(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "effect")
    browser.post(path, form_of(browser.get(path), **ENERGY, then="leave"))
    assert figure(app, "energy") is not None
    browser.post(path, form_of(browser.get(path), **{"f-energy-2025": "", "then": "leave"}))
    assert figure(app, "energy") is None
    assert figure(app, "energy", 2024) is not None


def test_a_contradiction_is_accepted_with_a_reason(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "effect")
    page = browser.get(path)
    assert not [each for each in page.all("textarea") if each.get("name") == "w-q12"]
    page = browser.post(path, form_of(page, **ENERGY, **{"r-q12": "C", "then": "leave"}), status=422)
    ((target, text),) = summary(page)
    assert target == "w-q12"
    assert "give a reason" in text
    assert ticked(page, "q12") == ["C"]
    assert stored(app, submission, "effect")["responses"] == {}
    browser.post(path, form_of(page, **{"w-q12": " 新厂房供暖\0，\r\n不算在内 😀", "then": "leave"}))
    assert stored(app, submission, "effect")["responses"] == {"q12": "C"}
    assert notes(app) == {"q12": "新厂房供暖，\n不算在内 😀"}
    page = browser.get(path)
    assert "不算在内" in control(page, "w-q12").text
    with app.extensions["database"].read() as session:
        assert not [each for each in session.scalars(sa.select(DraftChange)) if "供暖" in str(each.data)]
    browser.post(path, form_of(page, **{"w-q12": "", "then": "leave"}), status=422)
    assert notes(app) == {}
    assert stored(app, submission, "effect")["responses"] == {"q12": "C"}, "the answer stays until it is mended"


def test_a_reason_too_long_is_kept_on_the_page(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "effect")
    page = browser.post(path, form_of(browser.get(path), **ENERGY, **{"r-q12": "C", "then": "leave"}), status=422)
    long = "长" * 501
    page = browser.post(path, form_of(page, **{"w-q12": long, "then": "leave"}), status=422)
    assert control(page, "w-q12").text == long
    assert any(target == "w-q12" and "at most 500 characters" in text for target, text in summary(page))
    assert notes(app) == {}
    browser.post(path, form_of(page, **{"w-q12": long[1:], "then": "leave"}))
    assert notes(app) == {"q12": long[1:]}


@pytest.mark.parametrize("factor", [10, 1_000, 10_000])
@pytest.mark.parametrize("against", ["last year", "the value before"])
def test_a_slip_of_the_unit_is_asked_about_once(
    app: Flask, browser: Browser, submission: Submission, factor: int, against: str
) -> None:
    path = at(submission, "effect")
    known = "f-revenue-2024" if against == "last year" else "f-revenue-2025"
    browser.post(path, form_of(browser.get(path), **{known: "2000", "then": "leave"}))
    before = figure(app, "revenue")
    sent = {"f-revenue-2025": str(2000 * factor), "then": "leave"}
    page = browser.post(path, form_of(browser.get(path), **sent), status=422)
    ((target, text),) = summary(page)
    assert target == "f-revenue-2025"
    assert f"about {factor:,} times" in text
    assert control(page, "f-revenue-2025").get("value") == str(2000 * factor)
    assert figure(app, "revenue") == before, "not stored before it is confirmed"
    confirm = control(page, "f-revenue-2025-sure").get("value")
    browser.post(path, form_of(page, **{"f-revenue-2025-sure": confirm, "then": "leave"}))
    assert figure(app, "revenue") == 2000 * factor * 1_000_000
    browser.post(path, form_of(browser.get(path), then="leave"))
    assert browser.path == f"/fill/{submission.public_id}", "asked once"


def test_confirming_one_figure_does_not_confirm_another(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "effect")
    browser.post(path, form_of(browser.get(path), **{"f-revenue-2024": "2000", "then": "leave"}))
    page = browser.post(path, form_of(browser.get(path), **{"f-revenue-2025": "20000", "then": "leave"}), status=422)
    sure = control(page, "f-revenue-2025-sure").get("value")
    other = {"f-revenue-2025-sure": sure, "f-revenue-2025": "21000", "then": "leave"}
    browser.post(path, form_of(page, **other), status=422)
    assert figure(app, "revenue") is None


def test_a_figure_that_a_colleague_changed_is_not_overwritten(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission, firm: Organisation
) -> None:
    path = at(submission, "effect")
    browser.post(path, form_of(browser.get(path), **{"f-revenue-2025": "2000", "f-staff-2025": "80", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"f-revenue-2025": "2100", "f-staff-2025": "85", "then": "leave"}))
    page = browser.post(path, form_of(mine, **{"f-revenue-2025": "2200", "then": "leave"}), status=409)
    ((target, text),) = summary(page)
    assert target == "f-revenue-2025"
    assert "Zhang Min saved 2,100" in text
    assert "you entered 2,200" in text
    assert control(page, "f-revenue-2025").get("value") == "2200"
    assert control(page, "f-staff-2025").get("value") == "85", "what only the colleague changed is shown"
    assert figure(app, "revenue") == 2100 * 1_000_000
    browser.post(path, form_of(page, then="leave"))
    assert figure(app, "revenue") == 2200 * 1_000_000
    assert figure(app, "staff") == 85


def test_a_figure_that_only_the_colleague_changed_is_no_conflict(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "effect")
    browser.post(path, form_of(browser.get(path), **{"f-staff-2025": "80", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"f-staff-2025": "85", "then": "leave"}))
    browser.post(path, form_of(mine, **{"r-q13": "B", "then": "leave"}))
    assert figure(app, "staff") == 85
    assert stored(app, submission, "effect")["responses"] == {"q13": "B"}


def test_both_entering_the_same_figure_is_no_conflict(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "effect")
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"f-staff-2025": "85", "then": "leave"}))
    browser.post(path, form_of(mine, **{"f-staff-2025": "８５", "then": "leave"}))
    assert figure(app, "staff") == 85
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(Fact.rev)) == 1


def test_a_figure_that_the_colleague_took_away_is_asked_about(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "effect")
    browser.post(path, form_of(browser.get(path), **{"f-staff-2025": "80", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"f-staff-2025": "", "then": "leave"}))
    page = browser.post(path, form_of(mine, **{"f-staff-2025": "82", "then": "leave"}), status=409)
    assert "removed this figure" in page.text
    assert figure(app, "staff") is None
    browser.post(path, form_of(page, then="leave"))
    assert figure(app, "staff") == 82


def test_a_reason_that_the_colleague_changed_is_not_undone(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "effect")
    page = browser.post(path, form_of(browser.get(path), **ENERGY, **{"r-q12": "C", "then": "leave"}), status=422)
    browser.post(path, form_of(page, **{"w-q12": "heating", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"w-q12": "heating of the new hall", "then": "leave"}))
    browser.post(path, form_of(mine, **{"r-q13": "B", "then": "leave"}))
    assert notes(app) == {"q12": "heating of the new hall"}
