"""Points and steps of the green self-diagnosis against tables typed in by hand and added up with fractions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

from questionnaires.items import Multiple, Single
from tests.scoring.green import (
    ALL,
    BEST,
    COUNTS,
    FIELDS,
    INSTRUMENT,
    INTENSITIES,
    ROUTED,
    SINGLES,
    WORST,
    points,
    reference,
    references,
    scored,
    shares,
    total,
)  # fmt: skip

# -- points ------------------------------------------------------------------------------------------------------------


def test_it_has_the_weights_of_the_standard() -> None:
    found = {each.id: Fraction(each.maximum) for each in scored(BEST).measures}
    for field, (most, indicators) in FIELDS.items():
        assert found[field] == most
        assert {name: found[name] for name in indicators} == {name: weight for name, (weight, _) in indicators.items()}
    assert [most for most, _ in FIELDS.values()] == [30, 30, 16, 16, 8]
    assert sum(len(indicators) for _, indicators in FIELDS.values()) == 14


def test_every_option_and_every_count_is_in_the_tables() -> None:
    for item, table in SINGLES.items():
        found = INSTRUMENT.items[item]
        assert isinstance(found, Single)
        assert [option.id for option in found.options if not option.not_applicable] == list(table)
    for item, (most, lead) in COUNTS.items():
        many = INSTRUMENT.items[item]
        assert isinstance(many, Multiple)
        assert len(many.counted) == most >= lead


@pytest.mark.parametrize("share", [None, Fraction(0), Fraction(1, 2), Fraction(1)])
def test_it_gives_all_to_the_best_and_nothing_to_the_worst_practice(share: Fraction | None) -> None:
    against = {} if share is None else dict.fromkeys(INTENSITIES, share)
    assert points(scored(BEST, references(against))) == total(shares(BEST, against))
    if share is None:
        assert points(scored(BEST))["total"] == 100
        assert points(scored(WORST, changed={("energy", -1): "50"}))["total"] == 0  # more energy per output than then
    if share == 1:
        assert points(scored(BEST, references(against)))["total"] == 100


def one_answer() -> Iterator[tuple[str, Any]]:
    for item, table in SINGLES.items():
        yield from ((item, option) for option in table)
    for item, (most, _lead) in COUNTS.items():
        yield from ((item, ALL[item][:count] or ["A"]) for count in range(most + 1))


def gone(responses: Mapping[str, Any]) -> set[str]:
    """What does not apply, by the routes listed above."""
    found: set[str] = set()
    for (item, answer), parts in ROUTED.items():
        given = responses.get(item)
        if (tuple(given) if isinstance(given, list) else given) == answer:
            found.update(parts)
    if responses["footprint"] == "A":
        found.add("footprint_share")
    if "C" not in responses["treatment"]:
        found.add("emission_margin")
    return found


@pytest.mark.parametrize("with_values", [False, True], ids=["no values", "values"])
@pytest.mark.parametrize("around", [BEST, WORST], ids=["best", "worst"])
@pytest.mark.parametrize(("item", "answer"), list(one_answer()))
def test_it_scores_every_option_and_every_count(
    item: str, answer: Any, around: dict[str, Any], with_values: bool
) -> None:
    responses = {**around, item: answer}
    against = dict.fromkeys(INTENSITIES, Fraction(3, 4)) if with_values else {}
    expected = shares(responses, {name: share for name, share in against.items() if name not in gone(responses)})
    assert points(scored(responses, references(against))) == total(expected)


@pytest.mark.parametrize("name", INTENSITIES)
@pytest.mark.parametrize(
    "share",
    [
        Fraction(-1, 5),
        Fraction(0),
        Fraction(1, 1000),
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(999, 1000),
        Fraction(1),
        Fraction(6, 5),
    ],
)
def test_it_scores_an_intensity_between_base_and_lead(name: str, share: Fraction) -> None:
    card = scored(BEST, {name: reference(name, share)})
    assert points(card) == total(shares(BEST, {name: min(max(share, Fraction(0)), Fraction(1))}))
    trace = next(each for each in card.trace if each.measure.endswith("_against_industry") and each.absent is None)
    assert Fraction(str(trace.value)) == INTENSITIES[name]


@pytest.mark.parametrize(("before", "trend"), [("89.99", 0), ("90", 50), ("90.01", 100), (None, None)])
def test_it_compares_energy_with_the_year_before(before: str | None, trend: int | None) -> None:
    """Output was 900 then and is 1,000 now, so 90 tce then is the same per output as 100 now."""
    responses = {**BEST, **({} if before else {"year_before": "none"})}
    changed = {("energy", -1): before, **({} if before else {("output_value", -1): None})}
    assert points(scored(responses, changed=changed)) == total(shares(BEST, trend=trend))


# -- what does not apply -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_values", [False, True], ids=["no values", "values"])
@pytest.mark.parametrize(("item", "answer"), ROUTED, ids=lambda each: str(each))
def test_it_shares_out_what_does_not_apply(item: str, answer: Any, with_values: bool) -> None:
    responses = {**BEST, item: list(answer) if isinstance(answer, tuple) else answer}
    against = dict.fromkeys(INTENSITIES, Fraction(1, 3)) if with_values else {}
    expected = shares(responses, against) | dict.fromkeys(ROUTED[item, answer])
    assert points(scored(responses, references(against))) == total(expected)


def test_it_stands_when_nothing_that_can_be_missing_applies() -> None:
    not_asked = {"water_used": "B", "outlets": "B", "designs": "B"}
    not_there = {"waste": "E", "material_figure": "none", "land_figure": "none", "year_before": "none"}
    skipped: dict[str, Any] = {**not_asked, **not_there}
    responses = {**BEST, **skipped}
    absent = [part for (item, answer), parts in ROUTED.items() if skipped.get(item) == answer for part in parts]
    expected = shares(responses, trend=None) | dict.fromkeys(absent)
    card = scored(responses, changed={("energy", -1): None, ("output_value", -1): None})
    assert points(card) == total(expected)
    assert points(card)["total"] == 100


def test_it_says_why_an_intensity_is_not_scored() -> None:
    card = scored({**BEST, "designs": "B", "land_figure": "none"})
    why = {each.measure: each.absent for each in card.trace if each.absent}
    assert why.pop("product_design") == "route"
    assert len(why) == len(INTENSITIES)
    assert set(why.values()) == {"reference"}
    measures = {each.id: each for each in card.measures}
    assert measures["energy_against_industry"].applicable == "no"
    assert Fraction(str(measures["energy_use"].redistributed)) == 4
    with_value = {each.measure: each.absent for each in
                  scored({**BEST, "land_figure": "none"}, references({"land_output": Fraction(1)})).trace}  # fmt: skip
    assert with_value["land_against_industry"] == "answer"


def test_an_open_figure_leaves_a_range_and_never_counts_as_nothing() -> None:
    card = scored(BEST, references({"land_output": Fraction(1, 2)}), changed={("land_area", 0): None})
    whole = card.measures[0]
    assert whole.points is None
    assert [Fraction(whole.low), Fraction(whole.high)] == [96, 100]


# -- steps -------------------------------------------------------------------------------------------------------------

# Answers worth a little less than each threshold; the rest comes from land against the industry, 4 points at most.
RISING: tuple[tuple[str, Any], ...] = (
    ("metering", "C"), ("saving", ["B", "C", "D"]), ("material_saving", ["B", "C"]), ("water_saving", ["B"]),
    ("waste", "C"), ("treatment", ["B", "C"]), ("land_use", ["C"]), ("platform", ["B", "C", "D", "E"]),
    ("carbon_account", "C"), ("water_circulation", "C"), ("catalogue", "B"), ("upgrades", "B"),
    ("renewables", ["B"]), ("green_design", ["B", "C"]), ("metering", "E"), ("material_saving", ["B", "C", "D", "E"]),
    ("water_saving", ["B", "C", "D"]), ("saving", ["B", "C", "D", "E", "F"]), ("renewables", ["B", "C"]),
    ("footprint", "C"), ("waste", "D"), ("upgrades", "C"), ("platform", list("BCDEFGHI")), ("upgrades", "D"),
    ("catalogue", "D"), ("water_circulation", "D"), ("carbon_account", "E"), ("green_design", list("BCDE")),
)  # fmt: skip


def just_below(threshold: int) -> tuple[dict[str, Any], Fraction]:
    """Answers that need between 0 and 1 of the share of land against the industry, and that share."""
    responses = dict(WORST)
    for item, answer in RISING:
        responses[item] = answer
        missing = threshold - total(shares(responses, {"land_output": Fraction(0)}))["total"]
        if 0 < missing <= 4:
            return responses, missing / 4
    raise AssertionError(f"no answers lead to {threshold}")


@pytest.mark.parametrize(("step", "threshold"), [(1, 20), (2, 40), (3, 60), (4, 80)])
def test_a_step_begins_exactly_at_its_points(step: int, threshold: int) -> None:
    responses, share = just_below(threshold)
    at = scored(responses, references({"land_output": share}))
    below = scored(responses, references({"land_output": share - Fraction(1, 10**9)}))
    assert points(at)["total"] == threshold
    assert (at.level, at.possible_level) == (step, step)
    assert (below.level, below.possible_level) == (step - 1, step - 1)


# Fields at their edge: what is answered in the field, and the share of one intensity that makes up the rest.
ENERGY = ("metering", "saving", "carbon_account", "renewables", "platform")
RESOURCES = ("material_saving", "water_saving", "water_circulation", "waste")
EDGES = [
    (2, 9, ENERGY, {"platform": ALL["platform"]}, "energy_intensity", Fraction(3, 4)),
    (3, 15, ENERGY, {"platform": ALL["platform"], "carbon_account": "E"}, "energy_intensity", Fraction(1, 4)),
    (4, 18, ENERGY, {"platform": ALL["platform"], "carbon_account": "E", "metering": "E"},
     "energy_intensity", Fraction(3, 5)),
    (2, 9, RESOURCES, {"water_saving": ALL["water_saving"]}, "material_intensity", Fraction(1, 4)),
    (3, 15, RESOURCES, {"water_saving": ALL["water_saving"], "waste": "D"}, "material_intensity", Fraction(1, 4)),
    (4, 18, RESOURCES, {"water_saving": ALL["water_saving"], "waste": "D", "material_saving": ["B", "C"]},
     "material_intensity", Fraction(1, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("step", "need", "items", "answered", "name", "share"), EDGES)
def test_a_step_needs_its_points_in_energy_and_in_resources(
    step: int, need: int, items: tuple[str, ...], answered: dict[str, Any], name: str, share: Fraction
) -> None:
    field = "energy_carbon" if items is ENERGY else "resource_efficiency"
    responses = {**BEST, **{item: WORST[item] for item in items}, **answered}
    no_trend = {("energy", -1): "50"} if items is ENERGY else {}
    at = scored(responses, references({name: share}), no_trend)
    below = scored(responses, references({name: share - Fraction(1, 10**9)}), no_trend)
    assert points(at)[field] == need
    assert at.level >= step
    assert below.level == step - 1


@pytest.mark.parametrize(
    ("item", "answer", "step"),
    [
        ("registered", "B", 0), ("phased_out", "A", 1), ("phased_out", "B", 0), ("permit", "A", 0), ("permit", "B", 0),
        ("permit", "D", 4), ("incidents", "B", 0), *(("exclusions", [each], 0) for each in "BCDEFGH"),
        ("systems", ["A"], 3), *(("systems", [each for each in "BCDE" if each != left], 3) for left in "BCDE"),
    ],
)  # fmt: skip
def test_the_basic_requirements_are_gates(item: str, answer: Any, step: int) -> None:
    card = scored({**BEST, item: answer})
    assert (card.level, card.possible_level) == (step, step)
    assert points(card)["total"] == 100
    state = {"permit": "manual"}.get(item, "unmet") if step == 4 else "unmet"
    assert next(check.state for check in card.checks if check.id == "green_factory") == state


@pytest.mark.parametrize(("item", "sure"), [("registered", 0), ("phased_out", 0), ("permit", 0), ("incidents", 0),
                                            ("exclusions", 0), ("systems", 3)])  # fmt: skip
def test_a_requirement_without_an_answer_stays_open(item: str, sure: int) -> None:
    card = scored({**BEST, item: None})
    assert (card.level, card.possible_level) == (sure, 4)
    assert card.checks[0].state == "unknown"


def test_a_green_factory_is_left_to_the_authority_even_where_all_is_met() -> None:
    assert scored(BEST).checks[0].state == "manual"
    poor = scored({**WORST})
    assert poor.level == 0
    assert poor.checks[0].state == "manual", "points play no part in the check"
