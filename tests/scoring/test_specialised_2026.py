"""The conditions of 2026 for specialised SMEs: each threshold, both either-or paths, waivers and what stays open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import LANGUAGES, is_text
from scoring import scorer_for
from scoring.quality import notes
from scoring.scorecard import ConditionScore
from tests.scoring.firm import card, filled, states

INSTRUMENT: Instrument = catalogue.builtin("specialised", "2026")
SCORER = scorer_for(INSTRUMENT)
MILLION = 1_000_000

# A firm that stands exactly on every threshold: 1500 万 revenue, 80 % main, 80 % debt, 100 万 and 3 % R&D, 3 years, 50.
ANSWERS: dict[str, Any] = {
    "b1": "yes", "b2": ["none"], "b3": ["innovative"], "m1": "association", "e1": "first", "e2": "50",
}  # fmt: skip
FIGURES: dict[str, Any] = {
    "segment_years": 3, "revenue": [15 * MILLION, 15 * MILLION], "main_revenue": 12 * MILLION, "assets": 100,
    "liabilities": 80, "rd_expense": [MILLION, MILLION], "ip_class1": 1, "ip_class1_applied": 1, "market_share": 12,
}  # fmt: skip
ALL_MET = ["met", "met", "met", "met", "met", "manual", "met"]


def conditions(answers: dict[str, Any] | None = None, **figures: Any) -> tuple[ConditionScore, ...]:
    return card(SCORER, ANSWERS | (answers or {}), FIGURES | figures).ladder[0].conditions


def with_state(place: int, state: str) -> list[str]:
    return [*ALL_MET[:place], state, *ALL_MET[place + 1 :]]


def without(*names: str) -> dict[str, Any]:
    return {name: answer for name, answer in ANSWERS.items() if name not in names}


def test_a_firm_exactly_on_every_threshold_needs_only_the_manual_review() -> None:
    scored = card(SCORER, ANSWERS, FIGURES)
    assert states(scored.ladder[0].conditions) == ALL_MET
    assert scored.ladder[0].state == "manual"
    assert (scored.level, scored.possible_level) == (0, 1)


def test_nothing_is_scored() -> None:
    scored = card(SCORER, ANSWERS, FIGURES)
    assert (scored.measures, scored.trace, scored.total) == ((), (), None)


def test_nothing_known_leaves_all_but_the_manual_condition_unknown() -> None:
    scored = card(SCORER, {}, {})
    assert states(scored.ladder[0].conditions) == ["unknown"] * 5 + ["manual", "unknown"]
    assert (scored.level, scored.possible_level) == (0, 1)


@pytest.mark.parametrize(
    ("answers", "figures", "place"),
    [
        ({"b1": "no"}, {}, 0),
        ({"b2": ["abnormal"]}, {}, 0),
        ({"b2": ["dishonest"]}, {}, 0),
        ({"b2": ["safety"]}, {}, 0),
        ({"b2": ["cyber"]}, {}, 0),
        ({"b2": ["environment"]}, {}, 0),
        ({"b2": ["product_quality"]}, {}, 0),
        ({"b3": ["none"]}, {}, 1),
        ({}, {"segment_years": 2}, 1),
        ({"f4": "no"}, {"revenue": ["14999999.99", 15 * MILLION], "main_revenue": "14999999.99"}, 2),
        ({}, {"main_revenue": "11999999.99"}, 2),
        ({}, {"liabilities": "80.01"}, 2),
        ({}, {"rd_expense": ["999999.99", MILLION]}, 3),
        ({}, {"rd_expense": [MILLION, "999999.99"]}, 3),
        ({}, {"revenue": [40 * MILLION, 15 * MILLION], "main_revenue": 40 * MILLION,
              "rd_expense": ["1199999.99", MILLION]}, 3),
        ({}, {"revenue": [15 * MILLION, 40 * MILLION], "rd_expense": [MILLION, "1199999.99"]}, 3),
        ({"i2": ["none"]}, {"ip_class1_applied": 0}, 4),
        ({"e2": "49.99"}, {}, 6),
    ],
)  # fmt: skip
def test_each_condition_alone_is_unmet_just_below_its_threshold(
    answers: dict[str, Any], figures: dict[str, Any], place: int
) -> None:
    scored = card(SCORER, ANSWERS | answers, FIGURES | figures)
    assert states(scored.ladder[0].conditions) == with_state(place, "unmet")
    assert (scored.level, scored.possible_level) == (0, 0)


def test_three_per_cent_itself_is_enough_in_both_years() -> None:
    found = conditions(
        revenue=[40 * MILLION, 50 * MILLION], main_revenue=32 * MILLION, rd_expense=[1_200_000, 1_500_000]
    )
    assert states(found) == ALL_MET


@pytest.mark.parametrize("title", [["technology"], ["innovative"], ["technology", "innovative"]])
def test_either_title_of_the_first_tier_counts(title: list[str]) -> None:
    assert states(conditions({"b3": title})) == ALL_MET


SMALL = {"revenue": [10 * MILLION, 10 * MILLION], "main_revenue": 8 * MILLION}


@pytest.mark.parametrize(
    ("asked", "equity", "state"),
    [
        ("yes", [20 * MILLION, 0], "met"),
        ("yes", [12 * MILLION, 8 * MILLION], "met"),
        ("yes", [12 * MILLION, "7999999.99"], "unmet"),
        ("yes", [12 * MILLION, None], "unknown"),
        ("yes", [None, None], "unknown"),
        ("no", [None, None], "unmet"),
        (None, [None, None], "unknown"),
    ],
)
def test_new_equity_stands_in_for_revenue(asked: str | None, equity: list[Any], state: str) -> None:
    answers = {} if asked is None else {"f4": asked}
    assert states(conditions(answers, **SMALL, equity_raised=equity)) == with_state(2, state)


def test_equity_is_asked_about_only_where_revenue_falls_short() -> None:
    def on_route(answers: dict[str, Any], **figures: Any) -> set[str]:
        return set(filled(SCORER, ANSWERS | answers, FIGURES | figures).asked) & {"f4", "f5"}

    assert on_route({}) == set()
    assert on_route({}, **SMALL) == {"f4"}
    assert on_route({"f4": "yes"}, **SMALL) == {"f4", "f5"}
    assert on_route({"f4": "no"}, **SMALL) == {"f4"}
    assert on_route({"f4": "yes"}) == set()  # an answer from an earlier, smaller figure does not count


@pytest.mark.parametrize(
    ("waiver", "applied", "held", "state"),
    [
        (["award"], 0, 0, "met"),
        (["body"], 0, 0, "met"),
        (["award", "body"], 0, 2, "met"),
        (["none"], 0, 2, "unmet"),
        (None, 0, 2, "unknown"),
        (None, 1, 1, "met"),
        (None, None, None, "unknown"),
    ],
)
def test_an_award_or_a_research_body_waives_the_right(
    waiver: list[str] | None, applied: int | None, held: int | None, state: str
) -> None:
    answers = {} if waiver is None else {"i2": waiver}
    assert states(conditions(answers, ip_class1=held, ip_class1_applied=applied)) == with_state(4, state)


def test_the_waiver_is_asked_only_of_firms_without_a_right_in_use() -> None:
    assert "i2" not in filled(SCORER, ANSWERS, FIGURES).asked
    assert "i2" in filled(SCORER, ANSWERS, FIGURES | {"ip_class1_applied": 0}).asked


NOW_AND_BEFORE = [None, "49.99", "50"]


@pytest.mark.parametrize("now", NOW_AND_BEFORE)
@pytest.mark.parametrize("before", NOW_AND_BEFORE)
@pytest.mark.parametrize("kind", ["first", "renewal", None])
def test_a_renewal_may_use_either_year_and_a_first_application_only_this_one(
    kind: str | None, now: str | None, before: str | None
) -> None:
    told = {None: "unknown", "49.99": "unmet", "50": "met"}
    years = {"first": [told[now]], "renewal": [told[now], told[before]], None: [told[now], "unknown"]}[kind]
    expected = "met" if "met" in years else "unknown" if "unknown" in years else "unmet"
    answers = {**without("e1", "e2"), **{k: v for k, v in (("e1", kind), ("e2", now), ("e3", before)) if v}}
    found = card(SCORER, answers, FIGURES).ladder[0].conditions
    assert found[6].state == expected
    if kind == "first":
        assert states(found[6].conditions) == [told[now], "not_applicable"]


@pytest.mark.parametrize(
    "figure", ["segment_years", "main_revenue", "liabilities", "assets", "rd_expense", "ip_class1_applied"]
)
def test_a_figure_that_is_missing_makes_its_condition_unknown_and_nothing_else(figure: str) -> None:
    place = {"segment_years": 1, "rd_expense": 3, "ip_class1_applied": 4}.get(figure, 2)
    assert states(conditions(**{figure: None})) == with_state(place, "unknown")


def test_one_thing_unmet_outweighs_what_is_unknown() -> None:
    found = conditions({"b3": ["none"]}, segment_years=None)
    assert found[1].state == "unmet"
    assert states(found[1].conditions) == ["unmet", "unknown"]


def test_the_share_of_the_market_is_left_to_people() -> None:
    for share in (0, 1, 99):
        assert conditions(market_share=share)[5].state == "manual"


def plain(conditions_: Any) -> Iterator[dict[str, Any]]:
    for condition in conditions_:
        yield condition
        yield from plain(condition.get("conditions", []))


def test_every_condition_names_its_rule_and_what_to_do() -> None:
    assert INSTRUMENT.ladder is not None
    numbered = INSTRUMENT.ladder["steps"][0]["conditions"]
    said = [condition["text"] for condition in numbered]
    assert [text["zh_CN"][:4] for text in said] == [f"条件 {number}" for number in range(7)]
    for condition in plain(numbered):
        assert is_text(condition["text"])
        assert set(condition["text"]) == set(LANGUAGES)
    for condition in numbered:
        assert (condition["source"], condition["confidence"]) == ("S-GD", "A")
        advised = [part for part in plain([condition]) if "advice" in part]
        assert advised, condition["text"]


def test_the_check_repeats_the_ladder_and_adds_the_authority() -> None:
    (check,) = card(SCORER, ANSWERS, FIGURES).checks
    assert (check.id, check.state, states(check.conditions)) == ("specialised_sme", "unknown", ["unknown", "manual"])
    (check,) = card(SCORER, ANSWERS | {"b1": "no"}, FIGURES).checks
    assert (check.state, states(check.conditions)) == ("unmet", ["unmet", "manual"])


def test_research_above_revenue_needs_a_reason_and_rights_without_research_are_asked_about() -> None:
    over = FIGURES | {"rd_expense": [16 * MILLION, MILLION]}
    assert [fault.path for fault in filled(SCORER, ANSWERS, over).faults] == ["responses.f3"]
    assert filled(SCORER, ANSWERS, over, reasons={"f3": "新药研发"}).faults == ()
    odd = filled(SCORER, ANSWERS | {"e1": "renewal", "b3": ["none"]}, FIGURES | {"rd_expense": [0, 0]}).answers
    found = {note.id for note in notes(INSTRUMENT, odd)}
    assert {"rights_without_research", "renewal_without_title"} <= found
    assert not {note.id for note in notes(INSTRUMENT, filled(SCORER, ANSWERS, FIGURES).answers)}
