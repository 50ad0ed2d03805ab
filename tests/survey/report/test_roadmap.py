"""The improvement path on the page and on paper: what it says, and what the firm marks as not possible."""

import re
from typing import Any

import pytest
from flask import Flask

from survey.languages import speaking
from survey.report.build import build
from survey.report.sections import contexts, roadmap
from tests.survey.browsing import Browser
from tests.survey.report.conftest import HandIn
from tests.survey.report.made import LEAST, MOST, OPEN, make_record


def section(app: Flask, responses: Any = None, *locks: str, language: str = "en") -> dict[str, Any] | None:
    record = make_record(responses) if responses else make_record()
    with app.app_context(), speaking(language):
        return roadmap.context(build(record, language, locks))


def test_it_tells_the_cheapest_way_of_the_worked_example(app: Flask) -> None:
    told = section(app)
    assert told
    assert told["lead"] == "Reaching Level 2 takes 3 changes, 8 points of effort in all."
    assert told["proof"].startswith("All combinations")
    assert [step.lock for step in told["plan"].steps] == ["s14:2", "s3:2", "s7:2"]
    assert "met: Scenes at Level 2 or above at least 6" in told["plan"].steps[-1].adds
    assert told["other"].startswith("It takes 8 points. Instead of Quality to")


def test_it_says_how_near_it_comes_where_too_much_is_not_possible(app: Flask) -> None:
    told = section(app, None, *(f"s{number}" for number in range(1, 12)))
    assert told
    assert (told["plan"], told["other"]) == (None, "")
    assert told["lead"] == "With the changes that are possible, Level 2 cannot be reached."
    assert told["nearest"][0] == "Scenes at Level 2 or above at least 6: with every possible change, 5 at most."
    assert ("s1", "Scene 1 Product design", True) in told["offered"]


def test_open_answers_are_named(app: Flask) -> None:
    told = section(app, OPEN, "s14", "s3", "s7", "s9", "s11", "s8", "s10")
    assert told
    assert told["plan"]
    assumed = {step.name for step in told["plan"].steps if step.assumed}
    assert all(name in told["notes"] for name in assumed)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_weakest_firm_has_a_way_and_the_strongest_needs_none(app: Flask, language: str) -> None:
    told = section(app, LEAST, language=language)
    assert told
    assert told["plan"].effort == sum(step.effort for step in told["plan"].steps)
    with app.app_context(), speaking(language):
        assert "roadmap" not in contexts(build(make_record(MOST), language))


def test_the_page_offers_to_mark_what_is_not_possible_and_shows_another_way(browser: Browser, hand_in: HandIn) -> None:
    address = f"/report/{hand_in().public_id}"
    first = browser.get(address).html
    assert _marks(first) == [("s14:2", False), ("s3:2", False), ("s7:2", False)]
    second = browser.get(f"{address}?lock=s3:2&lock=s14:2&lock=unknown&lock=q99:Z").html
    marks = dict(_marks(second))
    assert marks["s3:2"] is marks["s14:2"] is True
    assert "s7:2" in marks
    assert all(lock not in marks for lock in ("unknown", "q99:Z"))
    assert _marks(browser.get(address).html) == _marks(first)  # nothing was kept


def _marks(page: str) -> list[tuple[str, bool]]:
    boxes = re.findall(r'<input[^>]*name="lock" value="([^"]*)"( checked)?', page)
    return [(value, bool(checked)) for value, checked in boxes]
