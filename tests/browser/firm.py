"""A firm that answers several questionnaires: what it says, by hand in the browser or straight into the database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Locator, expect

from questionnaires import catalogue
from questionnaires.exact import exact
from questionnaires.instrument import Instrument, Section
from questionnaires.items import FigureItem, Item, Number, figures_asked
from survey.answering.actions import save_page
from survey.answering.fields import name as control
from survey.answering.queries import page_data
from survey.database import Database
from survey.demo.answers import Given, answers
from survey.demo.figures import figures
from survey.demo.firms import Firm, Place, firms
from survey.demo.parts import INSTRUMENTS
from survey.demo.profile import profile
from survey.models import Submission
from survey.organisations.actions import FactEntry, save_facts
from tests.browser.visitor import Visitor

YEAR = 2025
FIGURE = re.compile(r'<input[^>]*\bid="(f-\w+-\d{4})"[^>]*>')
OWN = {
    "metering": "A",  # and yet its system analyses the use: a question is asked before it submits
    "platform": ("B", "C", "D"),
    "renewables": ("B",),
    "footprint": "C",
    "products": "12",
    "products_footprint": "2",
}
"""Where it says something else than the demonstration's firm, so that every kind of item and route is met."""


def firm() -> Firm:
    """The demonstration's firm with reports."""
    return next(each for each in firms(1, 2, [Place(1, "120111", 1)]) if each.number == 2)


@cache
def facts() -> list[FactEntry]:
    return figures(firm(), profile(firm(), 1), YEAR, 1)


@cache
def instrument(name: str) -> Instrument:
    return catalogue.builtin(name, INSTRUMENTS[name])


@cache
def said(name: str) -> Given:
    given = answers(firm(), profile(firm(), 1), instrument(name), facts(), YEAR, 1)
    own = {item: response for item, response in OWN.items() if item in instrument(name).items}
    asked = given.asked | set(own) | ({"renewable_figure"} if own else set())
    return replace(given, responses={**given.responses, **own}, asked=asked)


def wanted(items: list[Item]) -> list[FactEntry]:
    keys = {(kind, YEAR + back) for item in items for kind, back in figures_asked(item)}
    return [entry for entry in facts() if entry[:2] in keys]


# -- straight into the database ----------------------------------------------------------------------------------------


def save(visitor: Visitor, public_id: str, name: str, *, besides: tuple[str, ...]) -> None:
    """Every section but those that are answered by hand, by the actions behind the pages."""
    now, database = datetime.now(UTC), Database.connect(visitor.site.database)
    try:
        with database.write() as session:
            row = session.scalars(sa.select(Submission).where(Submission.public_id == public_id)).one()
            for section in instrument(name).sections:
                if section.id not in besides:
                    items = [item for item in section.items if item.id in said(name).asked]
                    given = {
                        item.id: said(name).responses[item.id] for item in items if item.id in said(name).responses
                    }
                    save_page(session, row.id, section.id, 0, page_data(given, set()), row.created_by, now)
                    save_facts(session, row.organisation_id, wanted(items), row.created_by, now)
    finally:
        database.close()


# -- by hand -----------------------------------------------------------------------------------------------------------


def figures_that_are_empty(visitor: Visitor, public_id: str, name: str) -> set[str]:
    """What the pages of a part ask for of all figures, also at questions that may come up on the way."""
    pages = [f"/fill/{public_id}/sections/{section.id}" for section in instrument(name).sections]
    texts = [visitor.context.request.get(visitor.site.url + page).text() for page in pages]
    found = [(field[0], field[1]) for text in texts for field in FIGURE.finditer(text)]
    assert found or name == "needs", "every other part asks for figures"
    return {field for whole, field in found if not re.search(r'\bvalue="[^"]', whole)}


def answer_by_hand(visitor: Visitor, section: Section, name: str) -> None:
    """Everything on the page, also what comes up on the way; without script that is after saving."""
    items = [item for item in section.items if item.id in said(name).asked]
    later = [item for item in items if not _answer(visitor, item, name)]
    if later:
        assert not visitor.script, [item.id for item in later]
        visitor.follow(visitor.page.locator(".savebar button"))
        visitor.look(f"section-{name}-new")
        assert all(_answer(visitor, item, name) for item in later)


def _answer(visitor: Visitor, item: Item, name: str) -> bool:
    """False where the question is not on the page yet."""
    question = visitor.page.locator(f"#q-{item.id}")
    if visitor.script:
        expect(question).to_be_visible()
    elif not question.is_visible():
        return False
    for kind, back in figures_asked(item):
        type_figure(visitor, kind, YEAR + back)
    response = said(name).responses.get(item.id)
    if isinstance(item, Number):
        visitor.page.fill(f"#{control(item.id)}", str(response))
    elif not isinstance(item, FigureItem) and response is not None:
        _tick(question, item, response)
    return True


def _tick(question: Locator, item: Item, response: Any) -> None:
    if isinstance(response, dict):
        for row, option in response.items():
            question.locator(f"#{control(item.id, row)}-{option}").check()
    else:
        for option in response if isinstance(response, tuple) else (response,):
            question.locator(f"#{control(item.id)}-{option}").check()


def type_figure(visitor: Visitor, kind: str, year: int) -> None:
    """In the base unit; what is there already stays."""
    field = visitor.page.locator(f"#f-{kind}-{year}")
    if field.input_value():
        return
    value = next(entry[2] for entry in facts() if entry[:2] == (kind, year))
    assert value is not None
    field.fill(exact(catalogue.fact_kinds()[kind].amount(value)))
    unit = visitor.page.locator(f"select[name=f-{kind}-{year}-unit]")
    if unit.count():
        unit.select_option("yuan")


def public_id(visitor: Visitor) -> str:
    found = re.search(r"/fill/(\w{22})", visitor.page.url)
    assert found, visitor.page.url
    return found[1]
