"""Somebody from another body fills in a draft: no report, no submitting, gone after the last day, and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.formatting import SHANGHAI
from survey.models import Membership, Organisation, Submission
from tests.survey.answering.answers import WORKED
from tests.survey.answering.forms import at, form_of, stored
from tests.survey.answering.test_submitting import check_form, submit
from tests.survey.browsing import Browser

BODY = "Spring Cloud Ltd"
NOTE = "Only the firm itself submits"


@pytest.fixture
def filler(app: Flask, join: Callable[..., Browser]) -> Browser:
    browser = join("filler", "Qian Jun", "13800138004")
    until(app, 0)
    return browser


def until(app: Flask, days: int) -> None:
    """The filler's last day, counted from today."""
    day = datetime.now(SHANGHAI).date() + timedelta(days=days)
    with app.extensions["database"].write() as session:
        mine = sa.update(Membership).where(Membership.role == "filler")
        session.execute(mine.values(valid_until=day, body=BODY))


def fill(browser: Browser, submission: Submission, *sections: str) -> None:
    for section in sections:
        browser.get(at(submission, section))
        browser.post(at(submission, section), {"rev": "0", "then": "continue", **WORKED[section]})


def test_a_filler_fills_in_and_does_not_submit(filler: Browser, submission: Submission) -> None:
    assert NOTE in filler.get(f"/fill/{submission.public_id}").text
    fill(filler, submission, *WORKED)
    page = filler.get(f"/fill/{submission.public_id}/check")
    assert NOTE in page.text
    assert "Submit the assessment" not in page.text
    assert "Who filled in" not in page.text
    filler.post(f"/fill/{submission.public_id}/submit", {"checked": "x", "commitment": "truthful-1"}, status=403)


def test_a_filler_sees_no_result(browser: Browser, filler: Browser, submission: Submission, firm: Organisation) -> None:
    fill(browser, submission, *WORKED)
    submit(browser, submission)
    report = f"/report/{submission.public_id}"
    for path in (report, f"{report}/pdf/en", f"{report}/preview/en"):
        filler.get(path, status=403)
    with filler.app.extensions["database"].read() as session:
        round_id = session.get_one(Submission, submission.id).campaign.round.public_id
    page = filler.get(f"/fill/rounds/{round_id}/{firm.public_id}")
    assert "Submitted" in page.text
    assert "/report/" not in page.one("main").text
    assert not [each for each in page.all("a") if report in each.get("href")]
    assert "result-words" not in page.html
    assert "result-words" in browser.get(f"/fill/rounds/{round_id}/{firm.public_id}").html
    assert report not in filler.get(f"/fill/{submission.public_id}/receipt").html
    assert report in browser.get("/report/").html
    assert report not in filler.get("/report/").html


def test_the_firm_sees_who_filled_in_what(browser: Browser, filler: Browser, submission: Submission) -> None:
    first, *rest = WORKED
    fill(filler, submission, first)
    fill(browser, submission, *rest)
    who = f"Qian Jun ({BODY}, authorised to fill in)"
    lines = browser.get(f"/fill/{submission.public_id}/check").text.split("Who filled in")[1]
    assert lines.count(who) == 1
    assert lines.count("Li Wei") >= len(rest)
    submit(browser, submission)
    assert who in browser.get(f"/fill/{submission.public_id}/receipt").text
    assert f"Filled in with help of {BODY}" in browser.get(f"/report/{submission.public_id}").text
    preview = browser.client.get(f"/report/{submission.public_id}/preview/en").text
    assert f"Filled in with help of {BODY}" in preview


def test_a_report_without_help_says_nothing_of_it(browser: Browser, filler: Browser, submission: Submission) -> None:
    fill(browser, submission, *WORKED)
    submit(browser, submission)
    assert BODY not in browser.get(f"/report/{submission.public_id}").text


def test_the_last_day_is_the_last(app: Flask, filler: Browser, submission: Submission) -> None:
    path = at(submission, next(iter(WORKED)))
    form = form_of(filler.get(path))
    until(app, -1)
    for place in (f"/fill/{submission.public_id}", f"/fill/{submission.public_id}/check", path):
        filler.get(place, status=404)
    filler.get("/help")
    filler.post(path, {**form, "r-q5": "A"}, status=404)
    assert not stored(app, submission, "foundation")
    filler.get("/fill", status=302, follow=False)
    assert filler.response.location == "/organisation"


def test_a_filler_cannot_start_to_manage(filler: Browser, firm: Organisation, submission: Submission) -> None:
    for path in ("edit", "figures", "results/new"):
        filler.get(f"/organisation/{firm.public_id}/{path}", status=403)
    assert check_form(filler, submission)["checked"] == ""
