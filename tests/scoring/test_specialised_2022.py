"""The scored standard of 2022 for specialised SMEs: every row of the printed table and the four conditions."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
import yaml

from questionnaires import catalogue
from questionnaires.exact import exact
from scoring import scorer_for
from scoring.quality import notes
from tests.scoring import made
from tests.scoring.firm import card, filled, points, states

SCORER = scorer_for(catalogue.builtin("specialised", "2022"))
CENT = Fraction(1, 100)
WAN = 10_000

# The printed table as text: "bound points", from the best band down.
MAIN_SHARE = "80 5 | 70 3 | 60 1"
GROWTH = "10 10 | 8 8 | 6 6 | 4 4 | 0 2"
MARGIN = "10 10 | 8 8 | 6 6 | 4 4 | 2 2"
DEBT = "50 5 | 60 3 | 70 1"  # "at most"
RD_AMOUNT = "500 10 | 400 8 | 300 6 | 200 4 | 100 2"  # in ten thousand yuan
RD_SHARE = "10 10 | 8 8 | 6 6 | 4 4 | 3 2"
RD_PEOPLE = "20 5 | 10 3 | 5 1"
FIELD = {"gap": 5, "basic": 3, "other": 0}
DIGITAL = {"level3": 5, "level2": 3, "level1": 0}
BODY = {"national": 10, "province": 8, "city": 4, "below_city": 2, "none": 0}
YEARS = {0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3, 8: 4, 9: 4, 10: 5, 11: 5, 40: 5}

ZERO: dict[str, Any] = {
    "q4": "other", "q5": "level1", "q6": ["none"], "l1": "0", "q13": "none", "d1": ["none"], "d2": "no",
}  # fmt: skip
POOR: dict[str, Any] = {  # earns nothing anywhere
    "revenue": 1000 * WAN, "main_revenue": [500 * WAN, 600 * WAN, 700 * WAN], "net_profit": 0, "assets": 1000 * WAN,
    "liabilities": 900 * WAN, "rd_expense": [0, 0], "staff": 1000, "rd_staff": 1, "segment_years": 0,
    "ip_class1": 0, "ip_class1_own": 0, "ip_class1_high": 0, "ip_class2": 0,
}  # fmt: skip
GOOD: dict[str, Any] = {  # 60 points: 25 for specialisation, 25 for refinement, 10 for R&D expense
    "revenue": 10_000 * WAN, "main_revenue": [9000 * WAN, 6000 * WAN, 4000 * WAN], "net_profit": 1000 * WAN,
    "assets": 100, "liabilities": 50, "rd_expense": [500 * WAN, 0], "staff": 100, "rd_staff": 4, "segment_years": 10,
    "ip_class1": 0, "ip_class1_own": 0, "ip_class1_high": 0, "ip_class2": 0,
}  # fmt: skip
GOOD_ANSWERS = ZERO | {"q4": "gap", "q5": "level3", "q6": ["award", "system"]}


def rows(table: str) -> list[tuple[int, int]]:
    return [(int(bound), int(earned)) for bound, earned in (row.split() for row in table.split("|"))]


def over(value: Fraction, table: str) -> int:
    return next((earned for bound, earned in rows(table) if value >= bound), 0)


def under(value: Fraction, table: str) -> int:
    return next((earned for bound, earned in rows(table) if value <= bound), 0)


def edges(table: str) -> list[tuple[int, int]]:
    return [(bound, cents) for bound, _ in rows(table) for cents in (-1, 0, 1)]


def earned(measure: str, answers: dict[str, Any] | None = None, **figures: Any) -> Fraction:
    low, high = points(card(SCORER, ZERO | (answers or {}), POOR | figures), measure)
    assert low == high
    return low


def test_the_groups_and_indicators_have_the_printed_maxima() -> None:
    found = {measure.id: int(measure.maximum) for measure in SCORER.measures.values()}
    assert found == {
        "total": 100,
        "specialisation": 25, "main_revenue_share": 5, "main_revenue_growth": 10, "years_in_segment": 5,
        "product_field": 5,
        "refinement": 25, "digital_level": 5, "quality_management": 5, "net_margin": 10, "liabilities_to_assets": 5,
        "local_features": 15,
        "innovation": 35, "intellectual_property": 10, "rd_spending": 10, "rd_by_amount": 10, "rd_by_share": 10,
        "rd_people": 5, "rd_body": 10,
    }  # fmt: skip


def test_the_poor_firm_of_these_tests_earns_nothing() -> None:
    assert earned("total") == 0


@pytest.mark.parametrize(("bound", "cents"), edges(MAIN_SHARE))
def test_main_share(bound: int, cents: int) -> None:
    main = bound * 10 * WAN + cents * CENT
    share = main / (1000 * WAN) * 100
    assert earned("main_revenue_share", main_revenue=[main, None, None]) == over(share, MAIN_SHARE)


@pytest.mark.parametrize(("bound", "cents"), edges(GROWTH))
def test_growth_is_the_mean_of_two_years(bound: int, cents: int) -> None:
    oldest, middle = 400 * WAN, 404 * WAN  # the first year grew by 1%
    now = middle * (1 + Fraction(2 * bound - 1, 100)) + cents * CENT
    mean = ((now / middle - 1) + Fraction(1, 100)) / 2 * 100
    assert earned("main_revenue_growth", main_revenue=[now, middle, oldest]) == over(mean, GROWTH)


@pytest.mark.parametrize(("years", "worth"), YEARS.items())
def test_every_full_two_years_earn_a_point(years: int, worth: int) -> None:
    assert earned("years_in_segment", segment_years=years) == worth


@pytest.mark.parametrize(("option", "worth"), FIELD.items())
def test_field(option: str, worth: int) -> None:
    assert earned("product_field", {"q4": option}) == worth


@pytest.mark.parametrize(("option", "worth"), DIGITAL.items())
def test_digital_level(option: str, worth: int) -> None:
    assert earned("digital_level", {"q5": option}) == worth


@pytest.mark.parametrize("chosen", [[], ["award"], ["system"], ["brand", "standard"], ["award", "system", "brand"]])
def test_quality_earns_three_each_and_five_at_most(chosen: list[str]) -> None:
    assert earned("quality_management", {"q6": chosen or ["none"]}) == min(3 * len(chosen), 5)


@pytest.mark.parametrize(("bound", "cents"), edges(MARGIN))
def test_margin(bound: int, cents: int) -> None:
    profit = bound * 10 * WAN + cents * CENT
    assert earned("net_margin", net_profit=profit) == over(profit / (1000 * WAN) * 100, MARGIN)
    assert earned("net_margin", net_profit=-profit) == 0


@pytest.mark.parametrize(("bound", "cents"), edges(DEBT))
def test_debt(bound: int, cents: int) -> None:
    owed = bound * 10 * WAN + cents * CENT
    assert earned("liabilities_to_assets", liabilities=owed) == under(owed / (1000 * WAN) * 100, DEBT)


@pytest.mark.parametrize("given", ["0", "7.25", "15"])
def test_the_citys_part_is_taken_as_it_was_given(given: str) -> None:
    assert earned("local_features", {"l1": given}) == Fraction(given)


def test_a_city_puts_its_own_indicators_in_two_places_of_a_copy() -> None:
    raw = yaml.safe_load((catalogue.DEFINITIONS / "specialised" / "2022.yaml").read_text(encoding="utf-8"))
    said = {"zh_CN": "本市", "en": "Local"}
    told = dict.fromkeys(("short", "label", "why", "evidence"), said) | {"source": "OURS", "confidence": "C"}
    options = [{"id": option, "label": said} for option in ("no", "partly", "yes")]
    items = [{"id": name, "number": "9", "type": "single", "options": options, **told} for name in ("l1", "l2")]
    next(section for section in raw["sections"] if section["id"] == "local")["items"] = items
    node = made.node(raw, "local_features")
    del node["rule"]
    weights = {"no": 0, "partly": 50, "yes": 100}
    node["children"] = [
        {"id": f"local_{name}", "weight": weight, "title": said,
         "rule": {"kind": "option", "item": name, "weights": weights}}
        for name, weight in (("l1", 10), ("l2", 5))
    ]  # fmt: skip
    node["weights_total"] = 15
    city = made.scorer_of(raw | {"version": "2022-tj"})
    scored = card(city, ZERO | {"l1": "partly", "l2": "yes"}, POOR)
    assert points(scored, "local_features") == points(scored, "total") == (10, 10)


def test_the_citys_part_stays_open_while_it_is_not_known() -> None:
    open_part = {key: value for key, value in ZERO.items() if key != "l1"}
    assert points(card(SCORER, open_part, POOR), "total") == (0, 15)
    assert {fault.code for fault in filled(SCORER, {"l1": "15.01"}, {}).faults} == {"too_big"}


@pytest.mark.parametrize(
    ("first", "own", "high", "second", "worth"),
    [(0, 0, 0, 0, 0), (0, 0, 0, 1, 2), (1, 0, 0, 0, 6), (1, 1, 0, 5, 8), (1, 0, 1, 0, 10), (9, 4, 2, 3, 10)],
)
def test_rights_earn_by_their_highest_class(first: int, own: int, high: int, second: int, worth: int) -> None:
    rights = {"ip_class1": first, "ip_class1_own": own, "ip_class1_high": high, "ip_class2": second}
    assert earned("intellectual_property", **rights) == worth


def test_rights_that_are_not_counted_yet_leave_a_range() -> None:
    figures = POOR | {"ip_class1": 1, "ip_class1_own": None, "ip_class1_high": 0}
    assert points(card(SCORER, ZERO, figures), "intellectual_property") == (6, 8)


@pytest.mark.parametrize(("bound", "cents"), edges(RD_AMOUNT))
def test_rd_by_amount_where_the_share_is_small(bound: int, cents: int) -> None:
    spent = bound * WAN + cents * CENT
    assert earned("rd_spending", revenue=1_000_000 * WAN, rd_expense=[spent, 0]) == over(spent / WAN, RD_AMOUNT)


@pytest.mark.parametrize(("bound", "cents"), edges(RD_SHARE))
def test_rd_by_share_where_the_amount_is_small(bound: int, cents: int) -> None:
    spent = bound * WAN + cents * CENT  # of a revenue of one million
    figures = {"revenue": 100 * WAN, "main_revenue": [50 * WAN, None, None], "rd_expense": [spent, 0]}
    assert earned("rd_spending", **figures) == over(spent / WAN, RD_SHARE)


@pytest.mark.parametrize(("amount", "revenue"), [(150, 1000), (250, 10_000), (450, 5000), (99, 3300), (600, 60_000)])
def test_rd_takes_the_better_of_amount_and_share(amount: int, revenue: int) -> None:
    better = max(over(Fraction(amount), RD_AMOUNT), over(Fraction(amount * 100, revenue), RD_SHARE))
    assert earned("rd_spending", revenue=revenue * WAN, rd_expense=[amount * WAN, 0]) == better


@pytest.mark.parametrize(("bound", "people"), edges(RD_PEOPLE))
def test_rd_people(bound: int, people: int) -> None:
    number = bound * 10 + people  # of 1000
    assert earned("rd_people", rd_staff=number) == over(Fraction(number, 10), RD_PEOPLE)


@pytest.mark.parametrize(("option", "worth"), BODY.items())
def test_rank_of_the_rd_body(option: str, worth: int) -> None:
    assert earned("rd_body", {"q13": option}) == worth


def test_firms_drawn_at_random_get_the_sum_of_the_printed_rows() -> None:
    draw = Random(63)  # noqa: S311  # the same firms every time, nothing secret
    for _ in range(300):
        revenue, assets, staff = draw.randint(1, 10**9), draw.randint(1, 10**9), draw.randint(1, 500)
        main = [draw.randint(0, revenue), draw.randint(1, 10**9), draw.randint(1, 10**9)]
        profit, owed, spent = draw.randint(-revenue, revenue), draw.randint(0, assets), draw.randint(0, revenue // 5)
        people, years = draw.randint(0, staff), draw.randint(0, 12)
        class1, class2 = draw.randint(0, 2), draw.randint(0, 1)
        own, high, local = draw.randint(0, class1), draw.randint(0, class1), Fraction(draw.randint(0, 1500), 100)
        field, digital, body = draw.choice([*FIELD]), draw.choice([*DIGITAL]), draw.choice([*BODY])
        chosen = draw.sample(["award", "system", "brand", "standard"], draw.randint(1, 4))
        growth = (Fraction(main[0], main[1]) + Fraction(main[1], main[2]) - 2) / 2 * 100
        expected = (
            over(Fraction(main[0] * 100, revenue), MAIN_SHARE) + over(growth, GROWTH) + YEARS.get(years, 5)
            + FIELD[field] + DIGITAL[digital] + min(5, 3 * len(chosen))
            + over(Fraction(profit * 100, revenue), MARGIN) + under(Fraction(owed * 100, assets), DEBT) + local
            + (10 if high else 8 if own else 6 if class1 else 2 if class2 else 0)
            + max(over(Fraction(spent, WAN), RD_AMOUNT), over(Fraction(spent * 100, revenue), RD_SHARE))
            + over(Fraction(people * 100, staff), RD_PEOPLE) + BODY[body]
        )  # fmt: skip
        scored = card(
            SCORER,
            ZERO | {"q4": field, "q5": digital, "q6": chosen, "l1": exact(local), "q13": body},
            {
                "revenue": revenue, "main_revenue": main, "net_profit": profit, "assets": assets, "liabilities": owed,
                "rd_expense": [spent, 0], "staff": staff, "rd_staff": people, "segment_years": years,
                "ip_class1": class1, "ip_class1_own": own, "ip_class1_high": high, "ip_class2": class2,
            },
            reasons={"q12": "委托研发"},
        )  # fmt: skip
        assert points(scored, "total") == (expected, expected)


def test_sixty_points_are_enough_and_less_is_not() -> None:
    scored = card(SCORER, GOOD_ANSWERS, GOOD)
    assert points(scored, "total") == (60, 60)
    assert states(scored.ladder[0].conditions) == ["met"] * 4
    assert (scored.level, scored.possible_level) == (1, 1)
    less = card(SCORER, GOOD_ANSWERS, GOOD | {"segment_years": 9})
    assert points(less, "total") == (59, 59)
    assert (less.level, states(less.ladder[0].conditions)) == (0, ["met", "met", "met", "unmet"])


@pytest.mark.parametrize(
    ("figures", "place"),
    [
        ({"segment_years": 1}, 0),
        ({"rd_expense": ["999999.99", 0]}, 1),
        ({"revenue": 10_000 * WAN, "rd_expense": ["2999999.99", 0]}, 1),
        ({"revenue": "9999999.99", "main_revenue": [900 * WAN, 600 * WAN, 400 * WAN]}, 2),
    ],
)
def test_each_condition_alone_holds_the_level_back(figures: dict[str, Any], place: int) -> None:
    scored = card(SCORER, GOOD_ANSWERS | {"d1": ["national"]}, GOOD | figures)
    expected = ["met"] * 4
    expected[place] = "unmet"
    assert (scored.level, states(scored.ladder[0].conditions)) == (0, expected)


@pytest.mark.parametrize(
    ("figures", "place"),
    [
        ({"segment_years": 2}, 0),
        ({"revenue": 1000 * WAN, "main_revenue": [900 * WAN, None, None], "rd_expense": [100 * WAN, 0]}, 1),
        ({"revenue": 10_000 * WAN, "rd_expense": [300 * WAN, 0]}, 1),
        ({"revenue": 1000 * WAN, "main_revenue": [900 * WAN, 600 * WAN, 400 * WAN]}, 2),
    ],
)
def test_each_threshold_itself_is_enough(figures: dict[str, Any], place: int) -> None:
    scored = card(SCORER, GOOD_ANSWERS, GOOD | figures)
    assert states(scored.ladder[0].conditions)[place] == "met"


SMALL = {"revenue": 500 * WAN, "main_revenue": [450 * WAN, 300 * WAN, 200 * WAN], "net_profit": 50 * WAN}


@pytest.mark.parametrize(
    ("equity", "revenue_condition", "score_condition"),
    [
        ([2000 * WAN, 0], "met", "unmet"),
        ([1999 * WAN, 9999], "unmet", "unmet"),
        ([None, 2000 * WAN], "unknown", "unknown"),
        ([3000 * WAN, 3000 * WAN], "met", "met"),
        ([3000 * WAN, 2999 * WAN], "met", "unmet"),
    ],
)
def test_equity_stands_in_for_revenue_and_more_of_it_for_the_score(
    equity: list[Any], revenue_condition: str, score_condition: str
) -> None:
    answers = ZERO | {"d2": "yes"}
    figures = GOOD | SMALL | {"rd_expense": [100 * WAN, 0], "equity_raised": equity}
    found = states(card(SCORER, answers, figures).ladder[0].conditions)
    assert (found[2], found[3]) == (revenue_condition, score_condition)


def test_a_small_firm_that_did_not_say_whether_it_got_equity_is_open() -> None:
    answers = {key: value for key, value in ZERO.items() if key != "d2"}
    found = card(SCORER, answers, POOR | {"revenue": 900 * WAN, "main_revenue": [1, None, None]}).ladder[0].conditions
    assert found[2].state == "unknown"
    assert card(SCORER, ZERO, POOR | {"revenue": 900 * WAN}).ladder[0].conditions[2].state == "unmet"


@pytest.mark.parametrize("award", ["provincial", "national", "maker"])
def test_an_award_stands_in_for_the_score(award: str) -> None:
    assert card(SCORER, ZERO, POOR).ladder[0].conditions[3].state == "unmet"
    assert card(SCORER, ZERO | {"d1": [award]}, POOR).ladder[0].conditions[3].state == "met"


@pytest.mark.parametrize(("before", "state"), [(1000 * WAN, "met"), ("9999999.99", "unmet"), (None, "unknown")])
def test_ten_million_of_research_a_year_stand_in_for_the_score(before: Any, state: str) -> None:
    figures = POOR | {"revenue": 10**10, "rd_expense": [1000 * WAN, before]}
    assert card(SCORER, ZERO, figures).ladder[0].conditions[3].state == state


def test_an_open_digital_level_is_not_taken_as_level_1() -> None:
    answers = {key: value for key, value in GOOD_ANSWERS.items() if key != "q5"}
    scored = card(SCORER, answers, GOOD)
    assert points(scored, "total") == (55, 60)
    assert (scored.level, scored.possible_level) == (0, 1)


def test_the_edition_says_that_it_is_historic() -> None:
    record = " ".join(conflict.decided.say("zh_CN") for conflict in SCORER.instrument.conflicts)
    assert "2026 年 4 月 1 日起" in record
    assert [check.id for check in card(SCORER, ZERO, POOR).checks] == ["specialised_sme_2022"]


def test_rights_without_research_are_asked_about() -> None:
    figures = POOR | {"ip_class1": 1, "ip_class1_own": 1}
    found = {note.id for note in notes(SCORER.instrument, filled(SCORER, ZERO, figures).answers)}
    assert "rights_without_research" in found
    assert "rights_without_research" not in {
        note.id for note in notes(SCORER.instrument, filled(SCORER, ZERO, figures | {"rd_expense": [0, 1]}).answers)
    }
