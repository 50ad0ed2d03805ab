"""Better wording in a campaign that is running: drafts and snapshots go on, and say which wording they saw."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from survey import audit
from survey.answering.freezing import content_hash
from survey.models import Campaign, PublishedInstrument, Snapshot, Submission
from survey.publishing.actions import correct_wording, publish
from survey.publishing.queries import instrument
from tests.survey.answering.answers import WORKED
from tests.survey.answering.forms import at, stored
from tests.survey.browsing import Browser


def reword(app: Flask) -> None:
    definition = json.loads(catalogue.builtin("digital", "2024").to_json())
    definition["sections"][0]["items"][0]["label"]["en"] = "In better words?"
    now = datetime.now(UTC)
    with app.extensions["database"].write() as session:
        better = publish(session, catalogue.from_json(json.dumps(definition)), now)
        correct_wording(session, session.scalars(sa.select(Campaign)).one(), better, audit.Actor(None), now)


def mark(browser: Browser, submission: Submission) -> str:
    page = browser.get(f"/fill/{submission.public_id}/check")
    return next(each.get("value") for each in page.all("input") if each.get("name") == "checked")


@pytest.mark.parametrize("when", ["before submitting", "after submitting"])
def test_drafts_and_snapshots_go_on(app: Flask, browser: Browser, submission: Submission, when: str) -> None:
    for section, data in WORKED.items():
        browser.get(at(submission, section))
        browser.post(at(submission, section), {"rev": "0", **data})
    before = stored(app, submission, "foundation")
    form = {"commitment": "truthful-1", "checked": mark(browser, submission)}
    path = f"/fill/{submission.public_id}/submit"
    if when == "before submitting":
        reword(app)
        assert "In better words?" in browser.get(at(submission, "foundation")).text
        assert stored(app, submission, "foundation") == before
        browser.post(path, form, status=409)
        form["checked"] = mark(browser, submission)
    browser.post(path, form)
    if when == "after submitting":
        reword(app)
    assert "Receipt" in browser.get(f"/fill/{submission.public_id}/receipt").text
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        revision = session.get_one(PublishedInstrument, snapshot.instrument_id).revision
        assert revision == (2 if when == "before submitting" else 1)
        assert content_hash(snapshot, instrument(session, snapshot.instrument_id)) == snapshot.content_hash
