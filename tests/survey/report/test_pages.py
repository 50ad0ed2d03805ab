"""The report's pages, and its PDF from the rows that handing in wrote."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from survey import database, jobs
from survey.models import JobItem, Submission, User
from survey.report.make import make
from survey.settings import Settings
from tests.survey.browsing import Browser
from tests.survey.report.conftest import HandIn
from tests.survey.report.made import OPEN

ScorecardOf = Callable[[Submission], int]


def finish(app: Flask, settings: Settings, language: str, scorecard: int) -> None:
    """What the worker does for one item."""
    with app.app_context(), database.write() as session:
        session.execute(sa.update(JobItem).where(JobItem.language != language).values(priority=-1))
        taken = jobs.claim(session, datetime.now(UTC))
        assert taken
        assert (taken.language, taken.subject_id) == (language, scorecard)
        jobs.finish(session, taken, make(settings, scorecard, language), datetime.now(UTC))


def test_page_and_pdf_show_the_same_numbers(
    app: Flask, settings: Settings, browser: Browser, hand_in: HandIn, scorecard_of: ScorecardOf
) -> None:
    submission = hand_in()
    finish(app, settings, "en", scorecard_of(submission))
    page = browser.get(f"/report/{submission.public_id}").text
    answer = browser.client.get(f"/report/{submission.public_id}/pdf/en")
    assert answer.mimetype == "application/pdf"
    said = answer.headers["Content-Disposition"]
    assert submission.reference
    assert said.startswith(f'attachment; filename="report-{submission.reference}.pdf"; ')
    assert "津禾精密机械（天津）有限公司" in unquote(said.rpartition("''")[2])
    content = answer.data
    answer.close()
    printed = " ".join(" ".join(part.extract_text() for part in PdfReader(io.BytesIO(content)).pages).split())
    for words in ("Level 1", "48.5", "20.75", "11.25", "16.50", submission.reference):
        assert words in page, words
        assert words in printed, words
    points = set(re.findall(r"\d+\.\d\d(?= / )", page))
    assert len(points) > 10
    assert {each for each in points if each not in printed} == set()


def test_it_waits_without_script_until_the_file_is_there(app: Flask, browser: Browser, hand_in: HandIn) -> None:
    path = f"/report/{hand_in().public_id}/pdf/zh_CN"
    page = browser.get(path)
    assert [each.get("content") for each in page.all("meta") if each.get("http-equiv") == "refresh"] == ["3"]
    browser.post(path)
    assert "is being made" in browser.page.text
    with app.app_context():
        assert database.reading().scalar(sa.select(sa.func.count()).select_from(JobItem)) == 2, "one order stands"


def test_it_says_that_a_pdf_failed_and_makes_it_again(app: Flask, browser: Browser, hand_in: HandIn) -> None:
    path = f"/report/{hand_in().public_id}/pdf/zh_CN"
    with app.app_context(), database.write() as session:
        session.execute(sa.update(JobItem).values(state="failed", error="glyph lost"))
    page = browser.get(path)
    assert "could not be made" in page.text
    assert "glyph" not in page.html
    assert "http-equiv" not in page.html
    browser.post(path)
    assert "is being made" in browser.page.text
    with app.app_context():
        states = database.reading().scalars(sa.select(JobItem.state).where(JobItem.language == "zh_CN")).all()
    assert sorted(states) == ["failed", "queued"]


def test_it_shows_the_pages_of_the_pdf_where_a_download_fails(browser: Browser, hand_in: HandIn) -> None:
    answer = browser.client.get(f"/report/{hand_in(industry='I6510').public_id}/preview/zh_CN")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "企业自评结果，仅供参考（非制造业）" in html
    assert "style=" not in html
    assert "<style" not in html
    assert "<script" not in html


def test_it_tells_a_firm_that_is_no_factory_on_the_page_as_well(browser: Browser, hand_in: HandIn) -> None:
    page = browser.get(f"/report/{hand_in(industry='I6510').public_id}")
    assert page.text.count("written for factories") >= 2
    assert "outside manufacturing" in page.text


def test_it_shows_open_answers_as_ranges(browser: Browser, hand_in: HandIn) -> None:
    text = browser.get(f"/report/{hand_in(OPEN).public_id}").text
    assert "40.5–58" in text
    assert "2 are not answered; they are not counted as zero." in text
    assert "Not answered" in text


def test_it_lists_the_reports_of_the_firms(browser: Browser, hand_in: HandIn) -> None:
    assert "no report yet" in browser.get("/report/").text
    submission = hand_in()
    page = browser.get("/report/")
    assert f"/report/{submission.public_id}" in [each.get("href") for each in page.all("a")]
    assert "Level 1" in page.text


@pytest.mark.parametrize("path", ["", "/pdf/en", "/preview/en"])
def test_a_stranger_gets_the_page_for_missing_things(
    path: str, hand_in: HandIn, make_person: Callable[..., User], browse_as: Callable[[User], Browser], browser: Browser
) -> None:
    submission = hand_in()
    stranger = browse_as(make_person("Wang Fang", "13900139000"))
    stranger.get(f"/report/{submission.public_id}{path}", status=404)
    browser.get(f"/report/nothing{path}", status=404)
    if path:
        browser.get(f"/report/{submission.public_id}{path[:-2]}fr", status=404)
