"""Sentences: every kind of rule and condition is said in both languages, from the data of the scorecard alone."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import clean
from questionnaires.statements import State
from questionnaires.text import LANGUAGES
from scoring import sentences
from scoring.condition_words import CONDITIONS, condition_words
from scoring.conditions import Condition, parts_of
from scoring.explanations import EXPLAINED, explain
from scoring.intervals import COMBINED
from scoring.phrases import SENTENCES
from scoring.rules import Rule
from scoring.scorecard import ConditionScore, Scorecard
from scoring.scorer import Scorer
from scoring.sentences import told
from scoring.tree import Combine
from tests.scoring import digital, made
from tests.scoring.digital import WORKED, answers, rated, scored

SMALL = made.scorer("small")
EVERY = made.scorer("every")
DIGITAL = digital.SCORER


def kinds(union: Any, key: str = "kind") -> set[str]:
    """The names of all classes in a discriminated union."""
    return {get_args(model.model_fields[key].annotation)[0] for model in get_args(get_args(union)[0])}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def explained(responses: dict[str, Any], language: str, scorer: Scorer = DIGITAL, **more: Any) -> dict[str, str]:
    return {trace.item: explain(trace, scorer, language) for trace in scored(responses, scorer, **more).trace}


def test_every_kind_has_its_sentences() -> None:
    assert set(EXPLAINED) == kinds(Rule)
    assert set(CONDITIONS) == kinds(Condition)
    assert set(COMBINED) | {"table"} == set(get_args(Combine))
    assert set(get_args(State)) <= set(SENTENCES)


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_say_the_same_with_the_same_gaps(key: str) -> None:
    chinese, english = SENTENCES[key]
    assert gaps(english) <= gaps(chinese) | {"years"}
    assert gaps(chinese) <= gaps(english)
    assert chinese.strip()
    assert english.strip()


@pytest.mark.parametrize(
    ("item", "chinese", "english"),
    [
        ("q1", "选中 2 项，每项 2 分，得 4 分", "2 chosen, 2 points each: 4 points"),
        ("q4", "选中 5 项，每项 0.7 分，得 3.5 分", "5 chosen, 0.7 points each: 3.5 points"),
        ("q7", "选中 1 项，得 1.25 分", "1 chosen: 1.25 points"),
        ("q9", "选中 2 项，每项 1.875 分，得 3.75 分", "2 chosen, 1.875 points each: 3.75 points"),
        ("q5", "选“管到 2 个及以上环节”，得 5 分", "“Two or more areas” earns 5 points"),
        ("q10", "选中 2 项，每项 1.5 分，得 3 分", "2 chosen, 1.5 points each: 3 points"),
    ],
)
def test_it_says_how_an_indicator_got_its_points(item: str, chinese: str, english: str) -> None:
    assert explained(WORKED, "zh_CN")[item] == chinese
    assert explained(WORKED, "en")[item] == english


def test_different_points_are_added_and_none_is_said() -> None:
    found = explained({"q4": ["B", "O"], "q1": ["A"]}, "en")
    assert found["q4"] == "2 chosen, their points add up to 1.6"
    assert found["q1"] == "no option that earns points: 0 points"
    assert found["q2"] == "not answered; worth 0 to 6 points"


FACTS = [
    {"id": "equipment_digital", "year": 2025, "value": "24"}, {"id": "equipment", "year": 2025, "value": "86"},
    *({"id": "digital_spending", "year": year, "value": "123456.7"} for year in (2023, 2024)),
    *({"id": "revenue", "year": year, "value": "10000000"} for year in (2023, 2024, 2025)),
    {"id": "energy", "year": 2024, "value": "100"}, {"id": "energy", "year": 2025, "value": "90.5"},
]  # fmt: skip


def test_figures_behind_an_answer_are_quoted() -> None:
    figures = {"facts": FACTS, "reference_year": 2025}
    found = explained({"q12": "C"}, "en", **figures)
    assert found["q2"] == "24 ÷ 86 = 27.9%, in the band “Over 20%, up to 40%”: 3 points"
    assert found["q11"] == "2023, 2024: 246,913.4 ÷ 20,000,000 = 1.2%, in the band “10% or less”: 0 points"
    assert found["q12"].startswith("“")
    against = explained({"q12": "A"}, "zh_CN", **figures, reasons={"q12": "新厂房"})
    assert against["q12"].endswith("与所选不同，企业已说明原因")


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_any_scorecard_can_be_told(language: str, data: st.DataObject) -> None:
    for scorer in (DIGITAL, SMALL):
        responses = dict(data.draw(answers(scorer.instrument, complete=False)))
        card = scored(responses, scorer)
        story = told(Scorecard.model_validate_json(card.model_dump_json()), scorer, language)
        assert len(story["indicators"]) == len(scorer.leaves)
        assert all(story["indicators"].values())
        assert all(sentence for step in story["ladder"].values() for sentence in step)
        assert all(sentence for check in story["checks"].values() for sentence in check)


def words(level: int, position: int, responses: dict[str, Any], language: str = "en") -> sentences.ConditionWords:
    card = scored(responses)
    step = DIGITAL.ladder.steps[level - 1]
    score = card.ladder[level - 1].conditions[position]
    return condition_words(score, step.conditions[position], DIGITAL, language)


def test_it_says_what_is_missing_rounded_up() -> None:
    firm = {**WORKED, **rated(2, 2, 2)}
    assert words(3, 0, firm).missing == "11.5 points short"
    assert words(2, 1, firm, "zh_CN").missing == "差 2 个"
    assert words(2, 2, firm).sentence("en").startswith("of these, constrained (★) at least 3: now 2, unmet")
    near = {**WORKED, **rated(2, 2, 2), "q9": ["B"]}  # 46.625: 13.375 short of 60
    assert words(3, 0, near).missing == "13.38 points short"


def test_an_open_condition_says_that_answers_are_open() -> None:
    assert words(1, 0, {"q1": ["B"]}).missing == "open: some items are not answered"
    assert words(1, 0, {"q1": ["B"]}).now == "2–94"
    assert words(2, 0, WORKED).missing == "met"


def test_a_check_says_levels_by_name() -> None:
    story = told(scored({**WORKED, **rated(5, 3, 2)}), DIGITAL, "en")
    assert next(iter(story["checks"].values()))[0] == "Result Level 2 or above: now Level 2, met"
    story = told(scored({}), DIGITAL, "zh_CN")
    assert next(iter(story["checks"].values()))[0] == "等级二级及以上：现在未达一级–四级，待核实"


def all_pairs(condition: Condition, score: ConditionScore) -> Iterator[tuple[Condition, ConditionScore]]:
    yield condition, score
    for part, inner in zip(parts_of(condition), score.conditions, strict=True):
        yield from all_pairs(part, inner)


def test_every_kind_of_condition_is_said_in_both_languages() -> None:
    card = EVERY.score(clean(EVERY.instrument, {"responses": {}}).answers)
    pairs = [
        inner
        for owner, scores in ((EVERY.ladder.steps, card.ladder), (EVERY.checks, card.checks))
        for step, score in zip(owner, scores, strict=True)
        for pair in zip(step.conditions, score.conditions, strict=True)
        for inner in all_pairs(*pair)
    ]
    assert {condition.kind for condition, _ in pairs} == kinds(Condition)
    for condition, score in pairs:
        said = [condition_words(score, condition, EVERY, language).sentence(language) for language in LANGUAGES]
        assert all(said)
        assert said[0] != said[1]
