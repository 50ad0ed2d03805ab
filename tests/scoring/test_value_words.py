"""Values and conditions in words: one of a thing, names that are too long, a level that is the only one, sizes."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires.exact import Rational
from questionnaires.text import LANGUAGES
from questionnaires.value_kinds import FactValue, NamedValue
from scoring.condition_words import condition_words
from scoring.sentences import told
from scoring.size_class import explain, size_class
from scoring.size_table import ROWS, row_for
from scoring.value_words import MOST_TITLE, value_text, value_title
from tests.scoring import made
from tests.scoring.digital import scored
from tests.scoring.random_definitions import FACT

UNITS = {"person": ("1 person", "2 people", "1 人"), "machine": ("1 machine", "2 machines", "1 台（套）"),
         "piece": ("1 item", "2 items", "1 项"), "year_count": ("1 year", "2 years", "1 年"),
         "tonne": ("1 t", "2 t", "1 吨")}  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_one_of_a_thing_is_said_in_the_singular(unit: str) -> None:
    raw = made.plain("small")
    raw["facts"].append({"id": "things", "unit": unit, "decimals": 0, **FACT, "source": "TEST"})
    raw["sections"][0]["items"].append({"id": "ask", "type": "figures", "label": {"zh_CN": "数据", "en": "Figures"},
                                        "asks": [{"fact": "things"}]})  # fmt: skip
    instrument, value = made.loaded(raw), FactValue(fact="things")
    english = [value_text(value, Rational(number), instrument, "en") for number in (1, 2)]
    assert (*english, value_text(value, Rational(1), instrument, "zh_CN")) == UNITS[unit]


@pytest.mark.parametrize(("length", "said"), [(MOST_TITLE, "x" * MOST_TITLE), (MOST_TITLE + 1, "the value")])
def test_a_name_is_said_as_long_as_it_may_be_and_no_longer(length: int, said: str) -> None:
    raw = made.plain("small")
    raw["values"] = {"long": {"title": {"zh_CN": "值", "en": "x" * length}, "is": {"fact": "staff"}}}
    assert value_title(NamedValue(value="long"), made.loaded(raw), "en") == said


def one_step() -> dict[str, Any]:
    raw = made.plain("small")
    raw["ladder"]["steps"] = raw["ladder"]["steps"][:1]
    raw["checks"][0]["conditions"] = [{"kind": "level_at_least", "level": 1}]
    return raw


FIRM = {"share": "C", "growth": "C"}  # 60 points: level 1 of three, and of one


def test_where_there_is_one_level_only_its_state_is_said() -> None:
    scorer = made.scorer_of(one_step())
    card = scored(FIRM, scorer)
    words = condition_words(card.checks[0].conditions[0], scorer.checks[0].conditions[0], scorer, "en")
    assert (words.now, words.state) == ("", "met")
    assert told(card, scorer, "en")["checks"]["Grant"] == ["Result Level 1 or above: met"]


def test_where_there_are_several_levels_the_one_that_is_reached_is_said() -> None:
    scorer = made.scorer("small")
    card = scored({**FIRM, "several": ["A"], "weak": "A", "strong": "A", "x": 0, "y": 0, "z": 0}, scorer)
    assert told(card, scorer, "en")["checks"]["Grant"] == ["Result Level 2 or above: now Level 1, unmet"]


# -- the size class ----------------------------------------------------------------------------------------------------


def test_staff_revenue_and_assets_are_called_by_their_names() -> None:
    assert "staff 350 reaches 300" in explain(size_class("C3911", 350, 1800, None), "en")[2]
    _basis, large, medium, *_rest = explain(size_class("L7111", 150, None, 9_000), "en")
    assert large.startswith("Limits of a large firm: staff 150 is below 300; total assets 90,000,000 yuan is below ")
    assert large.endswith(" Not all are reached, so this is an SME.")
    short = explain(size_class("L7111", 99, None, 9_000), "en")[2]
    assert short.endswith(" All must be reached, so the next class down holds.")
    assert medium.startswith("Limits of a medium-sized firm: staff 150 reaches 100; total assets 90,000,000 yuan rea")
    said = explain(size_class("E4710", None, 7_000, None), "zh_CN")
    assert said[-1].startswith("还缺资产总额，")
    assert "营业收入 7,000 万元，达到 6,000 万元；资产总额未填，标准是 5,000 万元" in said[2]


NAMES = {
    "farming": "farming, forestry, fishery", "industry": "industry", "building": "construction",
    "wholesale": "wholesale", "retail": "retail", "transport": "transport", "storage": "storage",
    "post": "postal services", "lodging": "accommodation", "catering": "catering",
    "telecom": "information transmission", "software": "software and IT services",
    "property": "property development", "premises": "property management",
    "business": "leasing and business services", "other": "other industries not listed",
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_the_row_is_named_in_the_first_sentence(row: str) -> None:
    codes = ["701", "702", *(f"{number:02}" for number in range(1, 100))]
    code = next(code for code in codes if row_for(code) is ROWS[row])
    found = {language: explain(size_class(code, 1, 1, 1), language)[0] for language in LANGUAGES}
    assert found["en"].endswith(f", row '{NAMES[row]}'.")
    assert f"“{ROWS[row].name.say('zh_CN')}”" in found["zh_CN"]


@pytest.mark.parametrize(("code", "row"), [("59", "storage"), ("60", "post"), ("61", "lodging"), ("58", "transport")])
def test_neighbouring_divisions_have_rows_of_their_own(code: str, row: str) -> None:
    found = row_for(code)
    assert found is not None
    assert found.id == row
