"""The whole way of a firm in plain HTML, without script."""

import sqlalchemy as sa
from flask import Flask

from survey.models import Campaign, JobItem, Organisation, Score, Scorecard, Snapshot, Submission
from tests.survey.answering.answers import WORKED
from tests.survey.browsing import Browser


def fill(browser: Browser, submission: Submission) -> None:
    """Answer every section as the worked example does."""
    for section, data in WORKED.items():
        path = f"/fill/{submission.public_id}/sections/{section}"
        browser.get(path)
        browser.post(path, {"rev": "0", "then": "continue", **data})


def hand_in(browser: Browser, submission: Submission, **data: str) -> None:
    page = browser.get(f"/fill/{submission.public_id}/check")
    mark = next(each.get("value") for each in page.all("input") if each.get("name") == "checked")
    browser.post(f"/fill/{submission.public_id}/submit", {"commitment": "truthful-1", "checked": mark, **data})


def test_it_leads_from_start_to_receipt(app: Flask, browser: Browser, firm: Organisation, campaign: Campaign) -> None:
    page = browser.get("/fill")
    assert "Start the assessment" in page.text
    browser.post(f"/fill/start/{firm.public_id}/{campaign.public_id}")
    with app.extensions["database"].read() as session:
        submission = session.scalars(sa.select(Submission)).one()
    fill(browser, submission)
    assert browser.path.endswith("/check")
    assert "Everything is answered" in browser.page.text
    hand_in(browser, submission)
    assert browser.path.endswith("/receipt")
    with app.extensions["database"].read() as session:
        card = session.scalars(sa.select(Scorecard)).one()
        assert card.card["measures"][0]["points"] == "48.5"
        assert (card.level, card.possible_level, card.total_e6) == (1, 1, 48_500_000)
        snapshot = session.scalars(sa.select(Snapshot)).one()
        assert snapshot.responses["q2"] == "C", "the band follows from the figures"
        assert session.scalar(sa.select(sa.func.count()).select_from(Score)) == len(card.card["measures"])
        items = list(session.scalars(sa.select(JobItem)))
        assert {item.language for item in items} == {"zh_CN", "en"}
        assert {item.subject_id for item in items} == {card.id}
        row = session.scalars(sa.select(Submission)).one()
        assert row.reference
        assert row.reference in browser.page.text
