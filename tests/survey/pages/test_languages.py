import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from survey.languages import page_language, speaking
from tests.survey.browsing import Browser


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", "zh-CN"),
        ("fr", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("de,en;q=0.5", "en"),
    ],
)
def test_it_follows_the_browser_and_falls_back_to_chinese(app: Flask, asked: str, given: str) -> None:
    assert Browser(app, asked).get("/").one("html").get("lang") == given


def test_it_prefers_the_cookie_to_the_browser_and_keeps_the_page(app: Flask) -> None:
    browse = Browser(app, "zh-CN")
    browse.get("/help?x=1")
    (link,) = [each for each in browse.page.all("a") if each.get("hreflang") == "en" and each.around[-1].tag == "li"]
    browse.get(link.get("href"))
    assert browse.path == "/help"
    assert browse.page.one("html").get("lang") == "en"
    browse.get("/language/xx", status=404)


def test_it_speaks_the_language_of_the_person_until_another_is_chosen_here(app: Flask, browse_as, make_person) -> None:
    browse = browse_as(make_person(language="en"))
    browse.language = "zh-CN"
    assert browse.get("/").one("html").get("lang") == "en"
    browse.get("/language/zh_CN")
    assert browse.get("/").one("html").get("lang") == "zh-CN", "the switch does what it says"


def test_it_speaks_another_language_for_messages_and_reports(app: Flask) -> None:
    with app.app_context():
        assert page_language() == "zh_CN"
        for switch in (speaking, force_locale):
            with switch("zh_CN"):
                chinese = gettext("Sign in")
            with switch("en"):
                assert gettext("Sign in") == "Sign in" != chinese
