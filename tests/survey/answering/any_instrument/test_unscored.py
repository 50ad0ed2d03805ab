"""A questionnaire that nobody scores is handed in like any other; no page speaks of points or a level."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.items import Grid
from survey.models import Campaign, Scorecard, Snapshot, Submission
from tests.cast import make_campaign_of
from tests.survey.answering.forms import at, form_of
from tests.survey.answering.test_way import hand_in
from tests.survey.browsing import Browser


@pytest.fixture
def needs() -> Instrument:
    return catalogue.builtin("needs", "2026")


@pytest.fixture
def campaign(app: Flask, needs: Instrument) -> Campaign:
    with app.app_context(), app.extensions["database"].write() as session:
        return make_campaign_of(session, needs)


def test_needs_are_handed_in_without_a_level(
    app: Flask, browser: Browser, submission: Submission, needs: Instrument
) -> None:
    """Nothing is needed: so most questions that depend on a need are never asked."""
    browser.get(f"/fill/{submission.public_id}")
    while not browser.path.endswith("/check"):
        section = needs.section(browser.path.rpartition("/")[2]) or needs.sections[0]
        grids = [item for item in section.items if isinstance(item, Grid)]
        nothing = {f"r-{item.id}--{row.id}": item.options[-1].id for item in grids for row in item.rows}
        page = browser.get(at(submission, section.id))
        named = {each.get("name") for each in page.all("input")}
        unsure = {f"r-{item.id}": "unsure" for item in section.items if item not in grids and f"r-{item.id}" in named}
        browser.post(at(submission, section.id), form_of(page, **nothing, **unsure))
    page = browser.get(f"/fill/{submission.public_id}/check")
    assert "Nothing is scored here" in page.text
    assert "not asked of your firm" in page.text
    hand_in(browser, submission)
    assert browser.path.endswith("/receipt")
    assert "no points and no level" in browser.page.text
    with app.extensions["database"].read() as session:
        card = session.scalars(sa.select(Scorecard)).one()
        assert (card.level, card.total_e6) == (0, None)
        responses = session.scalars(sa.select(Snapshot)).one().responses
    assert all(isinstance(needs.items[item], Grid) for item in responses)
