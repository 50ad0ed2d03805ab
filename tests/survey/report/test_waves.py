"""Before and after in the report: exact differences where rules allow them, and the reason where they do not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from questionnaires import catalogue
from questionnaires.answers import Answers
from scoring.making import scorer_for
from survey.languages import speaking
from survey.report.build import build
from survey.report.queries import Record
from survey.report.rendering import print_html
from survey.report.waves import Past
from tests.survey.report.made import DIGITAL, OPEN, WORKED, make_record

ROUNDS = {"zh_CN": "2025 年批次", "en": "2025 round"}


def second_time(edit: Any = None, **before: Any) -> Record:
    """A firm that answered before (`before` replaces answers of now), to a definition that `edit` changed."""
    earlier = make_record({**WORKED, **before})
    used, card = DIGITAL, earlier.card
    if edit is not None:
        raw = json.loads(DIGITAL.to_json())
        edit(raw)
        used = catalogue.from_json(json.dumps(raw))
        card = replace_card(earlier, used)
    past = Past(card, used, ROUNDS, datetime(2025, 7, 1, tzinfo=UTC))
    return replace(make_record(), past=(past,))


def replace_card(record: Record, used: Any) -> Any:
    return scorer_for(used).score(Answers(dict(record.snapshot.responses), {}, 2025))


@pytest.fixture
def english(app: Flask) -> Any:
    with app.app_context(), speaking("en"):
        yield


def test_a_firm_that_answers_the_first_time_has_nothing_to_compare(english: None) -> None:
    assert build(make_record(), "en").waves is None


def test_it_tells_the_exact_difference_of_total_and_dimensions(english: None) -> None:
    record = second_time(q2="A", q8="A")
    report = build(record, "en")
    assert report.waves is not None
    total = report.waves.total
    assert total is not None
    difference = Fraction(record.card.total.points) - Fraction(record.past[0].card.total.points)  # type: ignore[union-attr,arg-type]
    assert difference > 0
    assert total.change == f"+{float(difference):.2f}"
    assert {move.title for move in report.waves.moved}
    assert all(move.change.startswith("+") for move in report.waves.moved)
    page = print_html(record, "en")
    assert "Before and after" in page
    assert "2025 round" in page


def test_it_gives_no_number_where_rules_have_changed(english: None) -> None:
    def edit(raw: dict[str, Any]) -> None:
        waiting = [raw["tree"]]
        while (node := waiting.pop())["id"] != "equipment_digital":
            waiting += node.get("children") or []
        node["rule"]["weights"]["B"] = 30

    waves = build(second_time(edit), "en").waves
    assert waves is not None
    assert waves.level is None
    assert waves.total is not None
    assert (waves.total.change, waves.total.why) == ("", "rules changed")
    assert "may not be compared" in waves.why
    assert any(move.change and not move.why for move in waves.dimensions), "what did not change is compared"


def test_open_answers_give_no_difference(english: None) -> None:
    record = replace(make_record(OPEN), past=second_time().past)
    waves = build(record, "en").waves
    assert waves is not None
    assert waves.total is not None
    assert waves.total.change == ""
