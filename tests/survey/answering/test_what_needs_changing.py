"""What is wrong with a section: named on top and beside the control, with everything typed still there."""

import pytest
from flask import Flask

from survey.models import Submission
from tests.survey.answering.forms import at, control, form_of, stored, summary, ticked
from tests.survey.browsing import Browser, Element, Page


def beside(page: Page, control_id: str) -> str:
    """The error messages in the question that a control belongs to."""
    around = control(page, control_id).around
    question = next(each for each in reversed(around) if each.get("class") == "q")
    return " ".join(each.text for each in page.all("p") if question in each.around and each.get("class") == "msg")


def title(page: Page) -> str:
    def drawing(element: Element) -> bool:
        return any(each.tag == "svg" for each in element.around)

    return next(each.text for each in page.all("title") if not drawing(each))


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "错误："), ("en", "Error: ")])
def test_it_names_every_fault_on_top_and_beside_the_control(
    browser: Browser, submission: Submission, language: str, words: str
) -> None:
    browser.language = language
    page = browser.get(at(submission, "foundation"))
    sent = {"r-q1": ["A", "B"], "f-equipment-2025": "eighty", "r-q4": ["B", "unsure"]}
    page = browser.post(at(submission, "foundation"), form_of(page, **sent), status=422)
    assert title(page).startswith(words)
    found = summary(page)
    assert [target for target, _text in found] == [
        "r-q1-B",
        "f-equipment-2025",
        "r-q4-B",
        "r-q5-A",
        "r-q6-B",
        "r-q7-B",
    ]
    for target, text in found:
        said = text.partition("：" if language == "zh-CN" else ": ")[2]
        assert said in beside(page, target), (target, text)
        assert control(page, target).tag == "input"
    assert "autofocus" in next(each for each in page.all("div") if each.get("role") == "alert").attributes


def test_it_keeps_ticks_and_typing_and_saves_the_valid_rest(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "foundation")
    page = browser.get(path)
    sent = {"r-q1": ["A", "B"], "f-equipment-2025": "８6 台", "f-equipment_digital-2025": "２４", "r-q5": "C"}
    page = browser.post(path, form_of(page, **sent), status=422)
    assert ticked(page, "q1") == ["B", "A"]
    assert control(page, "f-equipment-2025").get("value") == "８6 台"
    assert control(page, "f-equipment_digital-2025").get("value") == "２４"
    assert stored(app, submission, "foundation")["responses"] == {"q5": "C"}
    assert "the rest is saved" in page.text
    again = browser.get(path)
    assert control(again, "f-equipment_digital-2025").get("value") == "24"
    assert ticked(again, "q1") == []
    assert ticked(again, "q5") == ["C"]


def test_saving_the_page_with_faults_again_stores_what_was_mended(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "foundation")
    page = browser.get(path)
    page = browser.post(path, form_of(page, **{"r-q1": ["A", "B"]}), status=422)
    page = browser.post(path, form_of(page, **{"r-q1": ["B"]}), status=422)
    assert stored(app, submission, "foundation")["responses"] == {"q1": ["B"]}
    assert "q1" not in " ".join(target for target, _text in summary(page))


def test_a_band_must_agree_with_the_figures(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "foundation")
    page = browser.get(path)
    sent = {"f-equipment-2025": "86", "f-equipment_digital-2025": "24", "r-q2": "E", "then": "leave"}
    page = browser.post(path, form_of(page, **sent), status=422)
    ((target, text),) = summary(page)
    assert target == "r-q2-A"
    assert "27.9%" in text
    assert "Over 60%" in text
    assert ticked(page, "q2") == ["E"]
    assert "That is 27.9%: Over 20%, up to 40%" in page.text
    browser.post(path, form_of(page, **{"r-q2": "C", "then": "leave"}))
    assert stored(app, submission, "foundation")["responses"] == {"q2": "C"}


def test_leaving_with_something_wrong_says_so_instead_of_losing_it(browser: Browser, submission: Submission) -> None:
    path = at(submission, "foundation")
    page = browser.get(path)
    page = browser.post(path, form_of(page, **{"f-equipment-2025": "many", "then": "leave"}), status=422)
    assert control(page, "f-equipment-2025").get("value") == "many"
    browser.post(path, form_of(page, **{"f-equipment-2025": "86", "then": "leave"}))
    assert browser.path == f"/fill/{submission.public_id}"
    assert "Everything is saved" in browser.page.text


def test_leaving_with_questions_unanswered_is_fine(browser: Browser, submission: Submission) -> None:
    page = browser.get(at(submission, "foundation"))
    browser.post(at(submission, "foundation"), form_of(page, **{"r-q5": "A", "then": "leave"}))
    assert browser.path == f"/fill/{submission.public_id}"
    assert "In progress" in browser.page.text
    assert "1 / 7" in browser.page.text


def test_the_language_switch_saves_first_and_loses_nothing(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "foundation")
    page = browser.get(path)
    page = browser.post(path, form_of(page, **{"r-q5": "A", "f-equipment-2025": "many", "then": "zh_CN"}), status=422)
    assert page.one("html").get("lang") == "zh-CN"
    assert "不是数字" in page.text
    assert control(page, "f-equipment-2025").get("value") == "many"
    assert stored(app, submission, "foundation")["responses"] == {"q5": "A"}
    page = browser.post(path, form_of(page, **{"f-equipment-2025": "86", "then": "en"}))
    assert browser.path == path
    assert page.one("html").get("lang") == "en"
    assert control(page, "f-equipment-2025").get("value") == "86"


def test_a_wrong_figure_is_one_thing_to_change_not_three(browser: Browser, submission: Submission) -> None:
    page = browser.get(at(submission, "foundation"))
    sent = {"r-q1": ["B"], "r-q4": ["B"], "r-q5": "C", "r-q6": ["B"], "r-q7": ["B"], "f-equipment-2025": "many"}
    page = browser.post(at(submission, "foundation"), form_of(page, **sent), status=422)
    assert [target for target, _text in summary(page)] == ["f-equipment-2025"]


def test_a_part_over_its_whole_is_asked_about_where_both_are(browser: Browser, submission: Submission) -> None:
    page = browser.get(at(submission, "foundation"))
    sent = {"f-equipment-2025": "86", "f-equipment_digital-2025": "90", "then": "leave"}
    page = browser.post(at(submission, "foundation"), form_of(page, **sent), status=422)
    assert [target for target, _text in summary(page)] == ["f-equipment_digital-2025"]
    page = browser.get(at(submission, "management"))
    browser.post(at(submission, "management"), form_of(page, **{"r-q8": "D", "then": "leave"}))
    assert browser.path == f"/fill/{submission.public_id}"
