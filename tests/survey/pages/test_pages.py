from datetime import date

import pytest
from flask import Flask

from questionnaires import catalogue
from survey.database import Database
from tests.cast import make_round_of
from tests.survey.browsing import Browser

PAGES = ("/", "/help", "/privacy", "/accessibility", "/sign-in", "/register", "/signed-out", "/timed-out")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_shows_every_public_page(app: Flask, language: str) -> None:
    browse = Browser(app, language)
    for path in PAGES:
        page = browse.get(path)
        assert page.one("html").get("lang") == language
        assert ("State secrets must not be entered." in page.text) == (language == "en")


def test_it_says_on_the_first_page_what_the_result_is_not(browse: Browser) -> None:
    text = browse.get("/").text
    for words in ("zjtx.miit.gov.cn", "on-site assessment", "for reference only", "voluntary", "State secrets"):
        assert words in text, words


def test_it_lists_what_is_open_with_how_much_there_is_to_answer(browse: Browser, database: Database) -> None:
    assert "Nothing is open" in browse.get("/").text
    with database.write() as session:
        make_round_of(session, [catalogue.builtin("needs", "2026"), catalogue.builtin("digital", "2024")])
        make_round_of(session, [catalogue.builtin("green", "2026")], closes=date(2020, 2, 1), opens=date(2020, 1, 1))
    text = browse.get("/").text
    assert "15 questions, 16 scenes" in text
    assert "40 minutes" in text
    assert text.index("Digital level assessment") < text.index("Needs of the firm")
    assert "Green manufacturing self-diagnosis" not in text, "that is over"


def test_it_keeps_the_page_when_the_view_changes(browse: Browser) -> None:
    browse.get("/view/large?next=/privacy")
    assert browse.path == "/privacy"
    assert browse.page.one("html").get("class") == "large"
    browse.get("/view/standard?next=//evil.example")
    assert browse.path == "/"
    assert browse.page.one("html").get("class") == ""
    browse.get("/view/tiny", status=404)


def test_it_names_the_person_and_offers_the_way_out_when_signed_in(browse_as, make_person) -> None:
    browse = browse_as(make_person(name="Li <b>Wei"))
    browse.get("/")
    assert "Li <b>Wei" in browse.page.text
    assert "Sign out" in browse.page.text
    (box,) = [each for each in browse.page.elements if each.get("id") == "time-out"]
    assert 7100 <= int(box.get("data-seconds")) <= 7200
    assert "hidden" in box.attributes


def test_it_answers_the_load_balancer(app: Flask) -> None:
    assert app.test_client().get("/health").text == "ok\n"
