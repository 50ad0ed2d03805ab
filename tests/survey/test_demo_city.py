"""Who is in the demonstration: firms, figures and answers that agree in all questionnaires, levels as in a city."""

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from questionnaires import catalogue
from questionnaires.answers import Answers, Cleaned, clean, is_answered
from questionnaires.instrument import Instrument
from scoring import scorer_for
from scoring.scorecard import Scorecard
from scoring.size_class import size_class
from survey.credit_code import CreditCode, make_credit_code, read
from survey.demo.answers import Given, answers
from survey.demo.elsewhere import held_elsewhere
from survey.demo.figures import figures
from survey.demo.firms import Firm, Place, brands, firms, words
from survey.demo.parts import DRAFT, INSTRUMENTS, SHOWN, parts
from survey.demo.profile import Profile, profile
from survey.organisations.actions import FactEntry
from survey.organisations.outside_kinds import ALL

YEAR = 2025
TODAY = date(2026, 5, 20)
COUNT = 200
PLACES = [Place(number, code, 1 + number) for number, code in enumerate(("120101", "120111", "120116", "120116"))]


def drawn(count: int, seed: int = 1) -> list[Firm]:
    return list(firms(seed, count, PLACES))


@cache
def instrument(name: str) -> Instrument:
    return catalogue.builtin(name, INSTRUMENTS[name])


@dataclass(frozen=True)
class Result:
    """What one firm says in one questionnaire, and what comes of it."""

    firm: Firm
    given: Given
    whole: Answers
    asked: frozenset[str]
    card: Scorecard

    @property
    def points(self) -> float:
        return self.measure("total")

    def measure(self, name: str) -> float:
        """The sure points, as a number good enough for statistics."""
        return float(Fraction(next(each.low for each in self.card.measures if each.id == name)))


@cache
def city() -> list[tuple[Firm, Profile, list[FactEntry]]]:
    """The firms with what lies behind them and all their figures."""
    traits = [(firm, profile(firm, 1)) for firm in drawn(COUNT)]
    return [(firm, each, figures(firm, each, YEAR, 1)) for firm, each in traits]


@cache
def results(name: str) -> list[Result]:
    """Every firm with its answers and scorecard, without a database; the digital one is answered by all."""
    found = []
    for firm, traits, facts in city():
        if name != "digital" and name not in parts(firm, traits, 1):
            continue
        given = answers(firm, traits, instrument(name), facts, YEAR, 1)
        whole = cleaned(instrument(name), given, facts)
        assert not whole.faults, (firm.number, name, whole.faults)
        card = scorer_for(instrument(name)).score(whole.answers)
        found.append(Result(firm, given, whole.answers, whole.asked, card))
    return found


def cleaned(questionnaire: Instrument, given: Given, entries: list[FactEntry]) -> Cleaned:
    """The answers through the cleaning that an import passes."""
    facts = [
        {"id": kind, "year": year, "value": f"{value or 0}e-{questionnaire.fact_kinds[kind].decimals}"}
        for kind, year, value, _unit in entries
        if (kind, year - YEAR) in questionnaire.figures_asked
    ]
    responses = {item: list(got) if isinstance(got, tuple) else got for item, got in given.responses.items()}
    raw = {"responses": responses, "facts": facts, "reference_year": YEAR, "reasons": given.reasons}
    return clean(questionnaire, raw)


# -- firms -------------------------------------------------------------------------------------------------------------


def test_it_invents_a_city_of_firms() -> None:
    made = drawn(320)
    assert len({firm.name for firm in made}) == 320
    assert {firm.area_id for firm in made} == {place.area_id for place in PLACES}
    divisions = Counter(firm.industry[:3] for firm in made)
    assert len([division for division in divisions if division[0] == "C"]) >= 15
    outside = sum(count for division, count in divisions.items() if division[0] != "C")
    assert 0.02 < outside / 320 < 0.12
    sizes = Counter(
        size_class(firm.industry, firm.staff, firm.revenue // 10_000, firm.revenue // 10_000).size for firm in made
    )
    assert set(sizes) == {"micro", "small", "medium"}
    assert min(sizes.values()) > 30


def test_every_firm_is_plainly_invented() -> None:
    for firm in drawn(320, seed=7):
        assert f"（{words()['mark']}）" in firm.name
        code = read(make_credit_code(firm.registered, firm.number))
        assert isinstance(code, CreditCode)
        assert code.inner_matches
        assert code.text[8:12] == "DEMA"
    assert len(brands()) > 500
    assert not [brand for brand in brands() if any(brand in known or known in brand for known in words()["never"])]


def test_more_firms_leave_the_first_ones_as_they_are() -> None:
    assert drawn(320)[:12] == drawn(12)
    assert drawn(12, seed=2) != drawn(12)


# -- figures -----------------------------------------------------------------------------------------------------------


def test_figures_agree_with_each_other() -> None:
    for firm, _traits, facts in city():
        value = {(kind, year): amount or 0 for kind, year, amount, _unit in facts}
        assert len(value) == len(facts), "each figure once"
        assert value["staff", YEAR] == firm.staff
        assert abs(value["revenue", YEAR] - firm.revenue * 100) < 10_000
        assert value["equipment_networked", YEAR] <= value["equipment_digital", YEAR] <= value["equipment", YEAR]
        assert 0 < value["cost", YEAR] < value["revenue", YEAR]
        assert value["digital_spending", YEAR] < value["revenue", YEAR]
        assert value.get(("pass_rate_after", YEAR), 0) <= 10_000
        for back in (0, 1):
            assert 0 < value["main_revenue", YEAR - back] <= value["revenue", YEAR - back]
            assert value["rd_expense", YEAR - back] < value["revenue", YEAR - back] / 4


def test_what_is_used_agrees_with_what_is_thrown_away() -> None:
    for _firm, traits, facts in city():
        value = {kind: amount or 0 for kind, year, amount, _unit in facts if year == YEAR}
        assert value["solid_waste_used"] <= value["solid_waste"] < value["material"]
        assert (value["solid_waste"] == 0) == traits.wasteless
        assert ("water_intake" in value) == traits.wet
        assert value.get("renewable_energy", 0) <= value.get("energy", 0)
        if "energy" in value:
            assert 0 < value["carbon"] < 3 * value["energy"]
        assert (value["rd_staff"] == 0) == (value["rd_expense"] == 0)
        assert 0.05 < value["output_value"] / 100 / 10_000 / (value["land_area"] / 100) < 10


def test_every_figure_that_is_asked_for_is_a_firm_s_to_give() -> None:
    """So that no firm is left without a figure that this file forgot."""
    there = {(kind, year - YEAR) for _firm, _traits, facts in city() for kind, year, *_rest in facts}
    for name in INSTRUMENTS:
        assert set(instrument(name).figures_asked) <= there, name


# -- parts and answers -------------------------------------------------------------------------------------------------


def test_most_answer_the_digital_part_and_few_the_check_for_a_title() -> None:
    begun = Counter(name for firm, traits, _facts in city() for name in parts(firm, traits, 1))
    counts = [begun[name] for name in ("digital", "innovation", "green", "needs", "specialised")]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0.8 * COUNT
    assert 0.08 * COUNT < counts[-1] < 0.3 * COUNT
    several = Counter(len(parts(firm, traits, 1)) for firm, traits, _facts in city())
    assert min(several[1], several[2], several[3]) > 0.1 * COUNT
    drafts = sum(DRAFT in parts(firm, traits, 1).values() for firm, traits, _facts in city())
    assert 0.08 * COUNT < drafts < 0.25 * COUNT


def test_those_who_check_for_the_title_mostly_come_near_it() -> None:
    checked = [firm for firm, traits, _facts in city() if "specialised" in parts(firm, traits, 1)]
    assert sum(firm.revenue > 12_000_000 for firm in checked) > 0.7 * len(checked)


def test_only_manufacturers_answer_the_green_part() -> None:
    assert {result.firm.industry[0] for result in results("green")} == {"C"}


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_everything_asked_is_answered_or_open_and_few_leave_something_open(name: str) -> None:
    for result in results(name):
        there = {item for item in result.asked if is_answered(instrument(name).items[item], result.whole)}
        assert result.asked == there | result.given.open, result.firm.number
        assert set(result.given.responses) <= result.asked
        assert not set(result.given.responses) & result.given.open
    share = sum(bool(result.given.open) for result in results(name)) / len(results(name))
    assert share < (0.5 if name == "green" else 0.2), "small firms cannot say how much energy they use"


def test_answers_use_every_kind_of_route() -> None:
    """Items that only some are asked are asked of some and not of others."""
    for name in ("green", "innovation", "specialised", "needs"):
        routed = [item.id for item in instrument(name).items.values() if item.when is not None]
        for item in routed:
            share = sum(item in result.asked for result in results(name)) / len(results(name))
            assert share < 1, item
        assert sum(any(item in result.asked for result in results(name)) for item in routed) >= len(routed) - 1


def test_levels_have_a_long_tail_to_the_right() -> None:
    levels = Counter(min(result.card.level, 3) for result in results("digital"))
    assert 0.5 < levels[0] / COUNT < 0.78
    assert levels[0] > levels[1] > levels[2] > levels[3] > 0
    totals = [result.points for result in results("digital")]
    assert statistics.mean(totals) > statistics.median(totals)


def test_the_other_levels_are_mostly_low_as_well() -> None:
    green = Counter(min(result.card.level, 2) for result in results("green"))
    assert min(green.values()) > 0.08 * len(results("green"))
    assert green[2] < 0.4 * len(results("green"))
    reached = sum(result.card.level for result in results("innovation")) / len(results("innovation"))
    assert 0.15 < reached < 0.45
    assert not any(result.card.level for result in results("specialised")), "the last condition is left to people"
    assert any(result.card.possible_level for result in results("specialised"))


def test_maturity_grows_with_size() -> None:
    by_size = defaultdict(list)
    for result in results("digital"):
        staff = result.firm.staff
        by_size["micro" if staff < 20 else "small" if staff < 300 else "medium"].append(result.points)
    means = {size: statistics.mean(totals) for size, totals in by_size.items()}
    assert means["micro"] + 5 < means["small"] < means["medium"] - 5


def test_dimensions_go_together_but_not_in_step() -> None:
    names = ("foundation", "management", "effect")
    dimensions = [[result.measure(name) for result in results("digital")] for name in names]
    assert 0.4 < statistics.correlation(dimensions[0], dimensions[1]) < 0.85
    assert 0.1 < statistics.correlation(dimensions[0], dimensions[2]) < 0.85


def test_fields_go_together_but_not_in_step() -> None:
    digital = {result.firm.number: result.points for result in results("digital")}
    green = {result.firm.number: result.points for result in results("green")}
    both = sorted(green)
    assert 0.2 < statistics.correlation([digital[each] for each in both], [green[each] for each in both]) < 0.8


def test_the_firm_with_reports_has_left_nothing_open() -> None:
    for name in SHOWN[2]:
        result = next(each for each in results(name) if each.firm.number == 2)
        assert not result.given.open, name


# -- results from elsewhere --------------------------------------------------------------------------------------------


def test_titles_run_out_some_of_them_soon() -> None:
    held = [each for firm, traits, _facts in city() for each in held_elsewhere(firm, traits, TODAY, 1)]
    assert {"innovative", "high_technology", "specialised", "smart_manufacturing"} <= {kind for kind, _said in held}
    left = [(said.valid_until - TODAY).days for _kind, said in held if said.valid_until]
    assert sum(days < 0 for days in left) >= 1
    assert 3 <= sum(0 <= days <= 90 for days in left) < len(left) / 4
    for kind, said in held:
        assert (said.valid_until is not None) == ALL[kind].expires
        assert words()["mark"] in said.number + said.issuer, "plainly invented"
        assert (said.value in ALL[kind].values) if ALL[kind].values else said.value is None


def test_titles_agree_with_what_is_answered() -> None:
    for result in results("specialised"):
        traits = profile(result.firm, 1)
        chosen = result.given.responses.get("b3")
        assert chosen is None or ("innovative" in chosen) == ("innovative" in traits.titles)
