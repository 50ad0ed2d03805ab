"""Every questionnaire of the product is drawn without a fault, page by page, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from survey.models import Campaign, Submission
from tests.cast import make_campaign_of
from tests.survey.answering.forms import at, form_of, summary
from tests.survey.browsing import Browser

SHIPPED = [path for path in catalogue.shipped() if path.parent.name != "digital"]  # that one has tests of its own


@pytest.fixture(params=SHIPPED, ids=[f"{path.parent.name}-{path.stem}" for path in SHIPPED])
def instrument(request: pytest.FixtureRequest) -> Instrument:
    path: Path = request.param
    return catalogue.load(path)


@pytest.fixture
def campaign(app: Flask, instrument: Instrument) -> Campaign:
    with app.app_context(), app.extensions["database"].write() as session:
        return make_campaign_of(session, instrument)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_its_pages_are_sound(browser: Browser, submission: Submission, instrument: Instrument, language: str) -> None:
    browser.language = language
    asked = 0
    for section in instrument.sections:
        page = browser.get(at(submission, section.id))
        if not [each for each in page.all("form") if each.get("id") == "section"]:
            continue
        page = browser.post(at(submission, section.id), form_of(page), status=422)
        assert summary(page), "an empty page is not complete"
        asked += 1
    assert asked
    browser.get(f"/fill/{submission.public_id}")
    page = browser.get(f"/fill/{submission.public_id}/check")
    assert not [each for each in page.all("input") if each.get("name") == "commitment"]
