"""The list for the bookkeeper: one sheet, given figures filled in, only the parts that were asked for."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from werkzeug.serving import make_server

from questionnaires import catalogue
from survey.identity import sign_in_cookie
from survey.models import Campaign, Organisation, User
from survey.organisations.actions import save_facts
from tests.cast import REFERENCE_YEAR
from tests.survey.browsing import Browser
from tests.survey.organisations.conftest import shipped


def labels(browser: Browser) -> list[str]:
    """The figures on the list, in its order."""
    table = browser.page.one("table")
    heads = [each for each in browser.page.all("th") if table in each.around and each.get("scope") == "row"]
    return [each.text for each in heads]


def asked_by(*names: str) -> set[str]:
    kinds = catalogue.fact_kinds()
    return {
        kinds[kind].label.say("en")
        for each in shipped()
        if each.questionnaire in names
        for kind, _year in each.figures_asked
    }


def test_it_holds_every_figure_once_and_only_the_parts_that_were_chosen(
    browser: Browser, firm: Organisation, full_round: list[Campaign]
) -> None:
    path = f"/organisation/{firm.public_id}/figures/list"
    browser.get(path)
    assert sorted(labels(browser)) == sorted(asked_by(*(each.questionnaire for each in shipped())))
    browser.get(f"{path}?parts=green&parts=needs")
    assert sorted(labels(browser)) == sorted(asked_by("green"))
    chosen = [each.get("value") for each in browser.page.all("input") if "checked" in each.attributes]
    assert sorted(chosen) == ["green", "needs"]
    browser.get(f"{path}?parts=nothing")
    assert len(labels(browser)) == len(asked_by(*(each.questionnaire for each in shipped())))


def test_given_figures_stand_in_their_boxes_exactly(
    app: Flask, browser: Browser, firm: Organisation, owner: User, full_round: list[Campaign]
) -> None:
    given = [
        ("revenue", REFERENCE_YEAR, 4_826_351_740, "yuan"),
        ("revenue", REFERENCE_YEAR - 1, 4_410_000_000, "wan_yuan"),
        ("net_profit", REFERENCE_YEAR, -1_250, "yuan"),
    ]
    with app.extensions["database"].write() as session:
        save_facts(session, firm.id, given, owner.id, datetime.now(UTC))
    page = browser.get(f"/organisation/{firm.public_id}/figures/list")
    boxes = [each.text for each in page.all("td") if "box" in each.get("class").split()]
    assert [box for box in boxes if box and "not asked" not in box] == ["48,263,517.40", "44,100,000", "−12.50"]
    missing = boxes.count("")
    assert f"{missing} figures are still missing" in page.text


def test_without_a_round_it_asks_for_what_the_size_is_judged_by(browser: Browser, firm: Organisation) -> None:
    browser.get(f"/organisation/{firm.public_id}/figures/list")
    assert labels(browser) == ["Revenue", "Total assets", "Staff"]


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_all_questionnaires_together_fit_one_sheet_of_a4(
    app: Flask,
    site: str,
    browser: Browser,
    firm: Organisation,
    full_round: list[Campaign],
    database_kind: str,
    chromium: Chromium,
) -> None:
    with app.app_context():
        cookie = browser.client.get_cookie(sign_in_cookie())
    assert cookie
    url = f"{site}/organisation/{firm.public_id}/figures/list"
    for language, last in (("zh-CN", "填写人"), ("en", "Filled in by")):
        context = chromium.new_context(locale=language)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = context.new_page()
        page.goto(url)
        pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        assert len(pdf) == 1
        assert [round(each) for each in pdf[0].get_size()] == [595, 842]
        text = pdf[0].get_textpage().get_text_range()
        assert last in text
        context.close()
