"""Answers that do not fit together: errors and warnings beside the question, reasons, and notes before submitting."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from survey.models import Snapshot, SnapshotNote, Submission
from tests.survey.answering.any_instrument.test_routes import ABROAD, ENERGY, YES, save
from tests.survey.answering.forms import at, control, form_of, stored, summary
from tests.survey.answering.test_way import hand_in
from tests.survey.browsing import Browser, Page


def textareas(page: Page) -> list[str]:
    return [each.get("name") for each in page.all("textarea")]


def test_an_error_on_one_page_is_said_there_and_the_answers_are_kept(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    sent = {**YES, "r-markets": ["other"], "r-share": "100"}
    save(browser, submission, "trade", then="leave", **{"r-exports": "yes"})
    page = save(browser, submission, "trade", 422, **sent)
    ((target, text),) = summary(page)
    assert target == "r-share"
    assert "Everything is exported, but to no market." in text
    assert stored(app, submission, "trade")["responses"]["share"] == "100", "either of the two may be the wrong one"
    check = browser.get(f"/fill/{submission.public_id}/check")
    assert "Everything is exported" in check.text
    browser.post(at(submission, "trade"), form_of(browser.get(at(submission, "trade")), **{"r-share": "99"}))
    assert browser.path == at(submission, "abroad")


def test_a_warning_asks_for_a_reason(app: Flask, browser: Browser, submission: Submission) -> None:
    page = save(browser, submission, "trade", 422, **{"r-exports": "no", "r-shifts": "70"})
    ((target, text),) = summary(page)
    assert target == "w-shifts"
    assert "More than 60 hours a week." in text
    browser.post(at(submission, "trade"), form_of(page, **{"w-shifts": "three shifts"}))
    assert browser.path == at(submission, "energy")
    assert control(browser.get(at(submission, "trade")), "w-shifts").text == "three shifts"
    save(browser, submission, "energy", **ENERGY)
    assert "Reason: three shifts" in browser.page.text
    hand_in(browser, submission)
    with app.extensions["database"].read() as session:
        assert [note.text for note in session.scalars(sa.select(SnapshotNote))] == ["three shifts"]


def test_a_warning_across_pages_waits_for_the_check_and_stands_at_its_question(
    browser: Browser, submission: Submission
) -> None:
    save(browser, submission, "trade", then="leave", **{**YES, "r-share": "0"})
    page = save(browser, submission, "abroad", **ABROAD)
    assert browser.path == at(submission, "energy"), "it does not keep anybody on the page"
    page = save(browser, submission, "energy", **ENERGY)
    assert "1 answer does not fit" in page.text
    assert "Staff abroad, but no exports." in page.text
    page = browser.get(at(submission, "abroad"))
    assert "Staff abroad, but no exports." in page.text
    assert textareas(page) == ["w-people"]
    browser.post(at(submission, "abroad"), form_of(page, **{"w-people": "they buy", "then": "leave"}))
    page = browser.get(f"/fill/{submission.public_id}/check")
    assert "Everything is answered" in page.text


def test_odd_answers_are_asked_about_and_may_stay(app: Flask, browser: Browser, submission: Submission) -> None:
    save(browser, submission, "trade", then="leave", **{**YES, "r-share": "0"})
    save(browser, submission, "abroad", then="leave", **{**ABROAD, "r-people": "0"})
    page = save(browser, submission, "energy", **ENERGY)
    assert "There are exports with a share of 0: is that right?" in page.text
    notes = control(page, "notes")
    links = [each.get("href") for each in page.all("a") if notes in each.around]
    assert [link.partition("#")[2] for link in links] == ["q-exports", "q-share"]
    hand_in(browser, submission)
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
    assert snapshot.responses["share"] == "0"
    kept = [(note["kind"], note["items"]) for note in snapshot.quality_notes]
    assert kept == [("contradiction", ["exports", "share"])]


def test_a_reason_that_is_not_asked_any_more_is_not_submitted(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    save(browser, submission, "trade", then="leave", **{**YES, "r-share": "0"})
    save(browser, submission, "abroad", then="leave", **ABROAD)
    page = browser.get(at(submission, "abroad"))
    browser.post(at(submission, "abroad"), form_of(page, **{"w-people": "they buy", "then": "leave"}))
    save(browser, submission, "trade", then="leave", **{"r-exports": "no"})
    save(browser, submission, "energy", **ENERGY)
    hand_in(browser, submission)
    with app.extensions["database"].read() as session:
        assert not list(session.scalars(sa.select(SnapshotNote)))
