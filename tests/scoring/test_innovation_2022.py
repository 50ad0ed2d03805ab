"""The standard for innovative SMEs: every band edge, every way to the title, computed again from the printed table."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from questionnaires import catalogue
from questionnaires.text import LANGUAGES
from scoring import scorer_for
from scoring.quality import notes
from scoring.roadmap import Plan, roadmap
from tests.scoring.firm import Figures, card, filled, points, states

SCORER = scorer_for(catalogue.builtin("innovation", "2022"))
CENT = Fraction(1, 100)
HUNDRED_MILLION = 100_000_000

# The printed table, from the best band down: "at least" this many per cent, so many points.
RIGHTS = {"high_value": 20, "own": 15, "class1": 10, "class2": 5, "none": 0}
RD_SHARE = [(5, 20), (3, 15), (2, 10), (1, 5)]
GROWTH = [(15, 20), (10, 15), (5, 10), (0, 5)]
DEBT = [(55, 10), (75, 5)]  # "at most"
FIELD = {"strategic": 10, "other": 5}
MAIN_SHARE = [(70, 20), (60, 15), (55, 10), (50, 5)]

NOTHING: dict[str, Any] = {"q1": "none", "q5": "other", "d1": ["none"]}


def at_least(value: Fraction, table: list[tuple[int, int]]) -> int:
    return next((earned for bound, earned in table if value * 100 >= bound), 0)


def at_most(value: Fraction, table: list[tuple[int, int]]) -> int:
    return next((earned for bound, earned in table if value * 100 <= bound), 0)


def firm(rd: Any = 0, growth: Any = -1, debt: Any = 1, main: Any = Fraction(1, 4)) -> dict[str, Any]:
    """Figures with exactly these shares: revenue 100 million, main revenue a part of it."""
    main_revenue = Fraction(main) * HUNDRED_MILLION
    return {
        "revenue": HUNDRED_MILLION,
        "rd_expense": Fraction(rd) * HUNDRED_MILLION,
        "main_revenue": [main_revenue, None if growth == -1 else main_revenue / (1 + Fraction(growth))],
        "assets": HUNDRED_MILLION,
        "liabilities": Fraction(debt) * HUNDRED_MILLION,
        "staff": 100,
        "rd_staff": 10,
    }


def weak(**more: Any) -> dict[str, Any]:
    figures = firm()
    figures["main_revenue"] = [25_000_000, 30_000_000]
    return figures | more


def test_the_groups_and_indicators_have_the_printed_maxima() -> None:
    found = {measure.id: int(measure.maximum) for measure in SCORER.measures.values()}
    assert found == {
        "total": 100,
        "capability": 40, "intellectual_property": 20, "rd_spending": 20,
        "growth": 30, "main_revenue_growth": 20, "liabilities_to_assets": 10,
        "specialisation": 30, "product_field": 10, "main_revenue_share": 20,
    }  # fmt: skip


@pytest.mark.parametrize(("option", "earned"), RIGHTS.items())
def test_rights_earn_by_their_highest_class(option: str, earned: int) -> None:
    assert points(card(SCORER, NOTHING | {"q1": option}, weak()), "intellectual_property") == (earned, earned)


@pytest.mark.parametrize(("option", "earned"), FIELD.items())
def test_the_field_of_the_product_earns(option: str, earned: int) -> None:
    assert points(card(SCORER, NOTHING | {"q5": option}, weak()), "product_field") == (earned, earned)


@pytest.mark.parametrize("edge", [1, 2, 3, 5])
@pytest.mark.parametrize("cents", [-1, 0, 1])
def test_an_edge_of_the_rd_share_counts_for_the_higher_band(edge: int, cents: int) -> None:
    spent = Fraction(edge, 100) * HUNDRED_MILLION + cents * CENT
    earned = at_least(spent / HUNDRED_MILLION, RD_SHARE)
    assert points(card(SCORER, NOTHING, weak(rd_expense=spent)), "rd_spending") == (earned, earned)


@pytest.mark.parametrize("edge", [0, 5, 10, 15])
@pytest.mark.parametrize("cents", [-1, 0, 1])
def test_an_edge_of_growth_counts_for_the_higher_band(edge: int, cents: int) -> None:
    before = 20_000_000
    now = before * (1 + Fraction(edge, 100)) + cents * CENT
    earned = at_least((now - before) / before, GROWTH)
    assert points(card(SCORER, NOTHING, weak(main_revenue=[now, before])), "main_revenue_growth") == (earned, earned)


@pytest.mark.parametrize("edge", [55, 75])
@pytest.mark.parametrize("cents", [-1, 0, 1])
def test_an_edge_of_debt_counts_for_the_better_band(edge: int, cents: int) -> None:
    owed = Fraction(edge, 100) * HUNDRED_MILLION + cents * CENT
    earned = at_most(owed / HUNDRED_MILLION, DEBT)
    assert points(card(SCORER, NOTHING, weak(liabilities=owed)), "liabilities_to_assets") == (earned, earned)


@pytest.mark.parametrize("edge", [50, 55, 60, 70])
@pytest.mark.parametrize("cents", [-1, 0, 1])
def test_an_edge_of_the_main_share_counts_for_the_higher_band(edge: int, cents: int) -> None:
    main = Fraction(edge, 100) * HUNDRED_MILLION + cents * CENT
    earned = at_least(main / HUNDRED_MILLION, MAIN_SHARE)
    figures = weak(main_revenue=[main, 90_000_000])
    assert points(card(SCORER, NOTHING, figures), "main_revenue_share") == (earned, earned)


# One value in every band: (value, points)
IN_BAND_RD = [("0.06", 20), ("0.04", 15), ("0.025", 10), ("0.015", 5), ("0.005", 0)]
IN_BAND_GROWTH = [("0.2", 20), ("0.1", 15), ("0.0625", 10), ("0", 5), ("-0.2", 0)]
IN_BAND_DEBT = [("0.5", 10), ("0.6", 5), ("0.9", 0)]
IN_BAND_MAIN = [("0.88", 20), ("0.66", 15), ("0.55", 10), ("0.51", 5), ("0.44", 0)]


def test_the_level_is_that_of_the_printed_rule_for_every_combination_of_bands() -> None:
    reached = 0
    figures = {}
    for (rd, a), (growth, b), (debt, c), (main, d) in product(IN_BAND_RD, IN_BAND_GROWTH, IN_BAND_DEBT, IN_BAND_MAIN):
        now = Fraction(main) * 1_360_000_000
        before = now / (1 + Fraction(growth))
        figures[a, b, c, d] = {
            "revenue": 1_360_000_000,
            "rd_expense": Fraction(rd) * 1_360_000_000,
            "main_revenue": [now, Fraction(int(before * 100), 100)],  # cut to the cent: growth stays in its band
            "assets": 1000,
            "liabilities": Fraction(debt) * 1000,
        }
    for (rights, p), (field, f) in product(RIGHTS.items(), FIELD.items()):
        answers = NOTHING | {"q1": rights, "q5": field}
        for (a, b, c, d), firm_figures in figures.items():
            result = SCORER.evaluate(filled(SCORER, answers, firm_figures).answers)
            groups = p + a, b + c, f + d
            holds = sum(groups) >= 60 and groups[0] >= 20 and groups[1] >= 15 and groups[2] >= 15
            assert (result.level, result.possible_level) == (holds, holds), (rights, field, a, b, c, d)
            reached += holds
    assert 0 < reached < 3750


@pytest.mark.parametrize(
    ("rights", "rd", "growth", "debt", "field", "main", "total", "level"),
    [
        ("own", "0.03", "0.10", "0.75", "other", "0.55", 65, 1),  # 30 + 20 + 15
        ("class1", "0.03", "0.10", "0.75", "other", "0.55", 60, 1),  # 25 + 20 + 15: exactly 60
        ("class2", "0.03", "0.10", "0.75", "other", "0.55", 55, 0),  # 20 + 20 + 15: below 60
        ("class2", "0.02", "0.15", "0.55", "strategic", "0.70", 75, 0),  # 15 + 30 + 30: capability below 20
        ("none", "0.05", "0.15", "0.55", "strategic", "0.70", 80, 1),  # 20 + 30 + 30: capability exactly 20
        ("high_value", "0.05", "0", "0.75", "strategic", "0.70", 80, 0),  # 40 + 10 + 30: growth below 15
        ("high_value", "0.05", "0", "0.55", "strategic", "0.70", 85, 1),  # 40 + 15 + 30: growth exactly 15
        ("high_value", "0.05", "0.15", "0.55", "other", "0.50", 80, 0),  # 40 + 30 + 10: specialisation below 15
        ("high_value", "0.05", "0.15", "0.55", "other", "0.55", 85, 1),  # 40 + 30 + 15: specialisation exactly 15
    ],
)
def test_the_total_and_every_group_have_their_own_minimum(
    rights: str, rd: str, growth: str, debt: str, field: str, main: str, total: int, level: int
) -> None:
    main_revenue = Fraction(main) * 690_000_000  # divisible by 1.10 and 1.15 where it matters
    figures: Figures = {
        "revenue": 690_000_000,
        "rd_expense": Fraction(rd) * 690_000_000,
        "main_revenue": [main_revenue, Fraction(int(main_revenue / (1 + Fraction(growth)) * 100), 100)],
        "assets": 1000,
        "liabilities": Fraction(debt) * 1000,
    }
    scored = card(SCORER, NOTHING | {"q1": rights, "q5": field}, figures)
    assert (points(scored, "total"), scored.level, scored.possible_level) == ((total, total), level, level)


@pytest.mark.parametrize("condition", ["award", "title", "body"])
def test_one_direct_condition_is_enough(condition: str) -> None:
    assert card(SCORER, NOTHING, weak()).level == 0
    assert card(SCORER, NOTHING | {"d1": [condition]}, weak()).level == 1


@pytest.mark.parametrize(
    ("equity", "level", "possible"),
    [
        ([5_000_000, 0, 0], 1, 1),
        (["4999999.99", 0, 0], 0, 0),
        ([2_000_000, 2_000_000, 1_000_000], 1, 1),
        ([2_000_000, 2_000_000, "999999.99"], 0, 0),
        ([2_000_000, None, 1_000_000], 0, 1),
        ([0, 0, 0, 9_000_000], 0, 0),  # four years ago is too long ago
    ],
)
def test_new_equity_of_three_years_counts_from_five_million(equity: list[Any], level: int, possible: int) -> None:
    scored = card(SCORER, NOTHING | {"d1": ["equity"]}, weak(equity_raised=equity))
    assert (scored.level, scored.possible_level) == (level, possible)


def test_equity_counts_only_where_the_firm_says_that_investors_put_it_in() -> None:
    assert card(SCORER, NOTHING, weak(equity_raised=[9_000_000, 0, 0])).possible_level == 0


def test_the_step_says_which_way_is_open() -> None:
    scored = card(SCORER, {"q1": "none", "q5": "other", "d1": ["title"]}, weak())
    (either,) = scored.ladder[0].conditions
    assert either.state == "met"
    assert states(either.conditions) == ["unmet", "unmet", "met", "unmet", "unmet"]
    assert states(either.conditions[0].conditions) == ["unmet"] * 4


def test_nothing_known_leaves_everything_open() -> None:
    scored = card(SCORER, {}, {})
    assert points(scored, "total") == (5, 100)  # any field of the product earns 5
    assert (scored.level, scored.possible_level) == (0, 1)
    assert scored.ladder[0].state == "unknown"


def test_an_open_answer_is_an_interval_and_may_not_matter() -> None:
    strong: Figures = {
        "revenue": 1000, "rd_expense": 50, "main_revenue": [900, 700], "assets": 1000, "liabilities": 400,
    }  # fmt: skip
    scored = card(SCORER, {"q5": "strategic", "d1": ["none"]}, strong)
    assert points(scored, "total") == (80, 100)
    assert scored.level == scored.possible_level == 1


def test_growth_from_nothing_stays_open() -> None:
    scored = card(SCORER, NOTHING, weak(main_revenue=[25_000_000, 0]))
    assert points(scored, "main_revenue_growth") == (0, 20)


def test_the_policy_section_earns_nothing() -> None:
    more = {"p2": ["large_firm"], "p3": ["testing"], "p4": ["first_set"], "p5": ["system"], "p6": ["leading"]}
    bare, full = card(SCORER, NOTHING, weak()), card(SCORER, NOTHING | more, weak())
    assert [measure.points for measure in bare.measures] == [measure.points for measure in full.measures]
    assert (bare.level, full.level) == (0, 0)


CHECKED: dict[str, Any] = {
    "revenue": 15_000_000, "main_revenue": [12_000_000, 9_000_000], "rd_expense": 1_000_000, "assets": 100,
    "liabilities": 80,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, None),
        ({"revenue": "14999999.99"}, 1),
        ({"main_revenue": ["11999999.99", 9_000_000]}, 2),
        ({"liabilities": "80.01"}, 3),
        ({"rd_expense": "999999.99"}, 4),
        ({"revenue": 33_333_334, "main_revenue": [33_000_000, 9_000_000]}, 4),  # 3% of revenue is missed by a yuan
    ],
)
def test_the_next_title_is_looked_at_with_the_same_figures(change: dict[str, Any], wrong: int | None) -> None:
    answers = NOTHING | {"d1": ["title"]}
    scored = card(SCORER, answers, CHECKED | {"equity_raised": [0, 0, 0]} | change)
    check = next(check for check in scored.checks if check.id == "specialised_sme")
    expected = ["met"] * 5 + ["manual"]
    if wrong is not None:
        expected[wrong] = "unmet"
    assert states(check.conditions) == expected
    assert check.state == ("manual" if wrong is None else "unmet")


def test_the_title_needs_the_authority_after_the_standard() -> None:
    scored = card(SCORER, NOTHING | {"d1": ["title"]}, weak())
    assert (scored.checks[0].id, scored.checks[0].state) == ("innovative_sme", "manual")


def test_expense_without_people_asks_for_a_reason() -> None:
    figures = weak(rd_expense=1_000_000, rd_staff=0)
    (fault,) = filled(SCORER, NOTHING, figures).faults
    assert (fault.path, fault.code) == ("responses.p1", "cross_warning")
    assert filled(SCORER, NOTHING, figures, reasons={"p1": "全部委托研发"}).faults == ()
    assert filled(SCORER, NOTHING, weak(rd_expense=0, rd_staff=0)).faults == ()


def test_odd_answers_are_put_as_questions() -> None:
    def asked(responses: dict[str, Any], **figures: Any) -> set[str]:
        found = notes(SCORER.instrument, filled(SCORER, NOTHING | responses, weak(**figures)).answers)
        assert all(note.sentence(language) for note in found for language in LANGUAGES)
        return {note.id for note in found}

    assert asked({}, liabilities=100) == set()
    assert "own_rights_without_research" in asked({"q1": "own"}, rd_expense=0)
    assert "own_rights_without_research" not in asked({"q1": "own"}, rd_expense=1)
    assert {"high_tech_without_rights", "high_tech_without_expense"} <= asked({"d1": ["title"]}, rd_expense=0)
    assert "debt_above_assets" in asked({}, liabilities=HUNDRED_MILLION + 1)
    assert "growth_unusual" in asked({}, main_revenue=[50_000_000, 1_000_000])


def changes(plan: Plan | None) -> list[tuple[str, str]]:
    assert plan is not None
    return [(step.change.item, str(step.change.to)) for step in plan.steps]


def test_the_way_to_the_title_is_the_cheapest_right_and_else_a_title_that_counts_directly() -> None:
    figures: Figures = {  # 15 + 10 + 5 + 5 + 20 = 55 points without any right
        "revenue": 2000, "rd_expense": 60, "main_revenue": [1500, 1400], "assets": 1000, "liabilities": 600,
    }  # fmt: skip
    found = roadmap(SCORER, filled(SCORER, NOTHING, figures).answers)
    assert found is not None
    assert changes(found.plan) == [("q1", "class2")]
    assert changes(found.alternative) == [("d1", "title")]
    poor = roadmap(SCORER, filled(SCORER, NOTHING, weak()).answers)  # rights alone cannot make up for such figures
    assert poor is not None
    assert changes(poor.plan) == [("d1", "title")]
    assert roadmap(SCORER, filled(SCORER, NOTHING | {"q1": "class2"}, figures).answers) is None
