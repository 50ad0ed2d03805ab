"""The green self-diagnosis against points worked out by hand: tables typed in here, added up with fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
import yaml

from questionnaires import answers, catalogue
from questionnaires.given import Reference
from questionnaires.items import Multiple, Single
from scoring import quality, scorer_for
from scoring.scorecard import Scorecard
from tests.questionnaires.test_digital_texts import CJK, FULL_WIDTH, OFFICIAL, texts

INSTRUMENT = catalogue.builtin("green", "2026")
SCORER = scorer_for(INSTRUMENT)
YEAR = 2025

# What an option earns, in hundredths, and how many options earn everything.
SINGLES = {
    "metering": {"A": 0, "B": 25, "C": 50, "D": 75, "E": 100},
    "carbon_account": {"A": 0, "B": 25, "C": 50, "D": 75, "E": 100},
    "water_circulation": {"A": 0, "B": 35, "C": 70, "D": 100},
    "waste": {"A": 0, "B": 35, "C": 70, "D": 100},
    "catalogue": {"A": 0, "B": 40, "C": 70, "D": 100},
    "upgrades": {"A": 0, "B": 40, "C": 70, "D": 100},
    "footprint": {"A": 0, "B": 30, "C": 70, "D": 100},
}
COUNTS = {
    "saving": (8, 5), "renewables": (4, 2), "platform": (12, 8), "material_saving": (8, 4), "water_saving": (5, 3),
    "treatment": (6, 4), "green_design": (6, 4), "land_use": (6, 3),
}  # fmt: skip
# Field with its points, indicators with theirs, and what each is split into: answers, "trend", or a reference.
FIELDS: dict[str, tuple[int, dict[str, tuple[int, dict[str, int]]]]] = {
    "energy_carbon": (30, {
        "energy_use": (8, {"metering": 20, "saving": 20, "trend": 10, "energy_intensity": 50}),
        "carbon_emission": (8, {"carbon_account": 50, "carbon_intensity": 50}),
        "renewable_energy": (8, {"renewables": 50, "renewable_share": 50}),
        "platform_functions": (6, {"platform": 1}),
    }),
    "resource_efficiency": (30, {
        "material_use": (8, {"material_saving": 50, "material_intensity": 50}),
        "water_use": (8, {"water_saving": 50, "water_intensity": 50}),
        "water_recycling": (8, {"water_circulation": 50, "water_reuse": 50}),
        "waste_recovery": (6, {"waste": 50, "waste_use": 50}),
    }),
    "clean_production": (16, {
        "advanced_processes": (6, {"catalogue": 1}),
        "green_upgrades": (4, {"upgrades": 1}),
        "pollutants": (6, {"treatment": 50, "emission_margin": 50}),
    }),
    "green_products": (16, {
        "product_design": (8, {"green_design": 1}),
        "product_footprint": (8, {"footprint": 50, "footprint_share": 50}),
    }),
    "compact_land": (8, {"land_yield": (8, {"land_use": 50, "land_output": 50})}),
}  # fmt: skip
# The figures below give these intensities, worked out by hand: 1,000 万元 of output, 100 tce, 250 t of carbon dioxide.
FIGURES = {
    ("output_value", 0): "10000000", ("energy", 0): "100", ("output_value", -1): "9000000", ("energy", -1): "100",
    ("carbon", 0): "250", ("renewable_energy", 0): "12", ("material", 0): "400", ("water_intake", 0): "2000",
    ("water_reused", 0): "6000", ("solid_waste", 0): "50", ("solid_waste_used", 0): "45", ("land_area", 0): "2500",
}  # fmt: skip
INTENSITIES = {name: Fraction(value) for name, value in {
    "energy_intensity": "100", "carbon_intensity": "250", "renewable_share": "12", "material_intensity": "400",
    "water_intensity": "2", "water_reuse": "75", "waste_use": "90", "emission_margin": "40", "footprint_share": "30",
    "land_output": "0.4",
}.items()}  # fmt: skip
LOWER_IS_BETTER = ("energy_intensity", "carbon_intensity", "material_intensity", "water_intensity")

ALL = {item: list("BCDEFGHIJKLM"[:most]) for item, (most, _lead) in COUNTS.items()}
BASICS: dict[str, Any] = {
    "registered": "A", "phased_out": "C", "permit": "C", "incidents": "A", "exclusions": ["A"],
    "systems": ["B", "C", "D", "E"],
}  # fmt: skip
KINDS = {"water_used": "A", "outlets": "A", "designs": "A", "margin": "40", "products": "10", "products_footprint": "3"}
BEST: dict[str, Any] = {**BASICS, **KINDS, **ALL, **{item: max(SINGLES[item]) for item in SINGLES}}
WORST: dict[str, Any] = {**BASICS, **KINDS, **{item: ["A"] for item in COUNTS}, **dict.fromkeys(SINGLES, "A")}
ROUTED = {  # who is not asked: the answer that leads past, and what then does not apply
    ("water_used", "B"): ("water_saving", "water_intensity", "water_circulation", "water_reuse"),
    ("waste", "E"): ("waste", "waste_use"),
    ("outlets", "B"): ("treatment", "emission_margin"),
    ("designs", "B"): ("green_design",),
    ("material_figure", "none"): ("material_intensity",),
    ("land_figure", "none"): ("land_output",),
    ("carbon_account", "A"): ("carbon_intensity",),
    ("renewables", ("A",)): ("renewable_share",),
    ("treatment", ("B",)): ("emission_margin",),
    ("footprint", "B"): ("footprint_share",),
}


def figures(changed: Mapping[tuple[str, int], str | None] | None = None) -> list[dict[str, Any]]:
    found = {**FIGURES, **(changed or {})}
    return [{"id": kind, "year": YEAR + year, "value": value} for (kind, year), value in found.items() if value]


def scored(
    responses: Mapping[str, Any],
    references: Mapping[str, tuple[Fraction, Fraction]] | None = None,
    changed: Mapping[tuple[str, int], str | None] | None = None,
) -> Scorecard:
    """The scorecard of what a firm would send, cleaned as the site cleans it."""
    reasons = {"water_circulation": "once only in the old workshop"}  # says why reused water is not 0
    raw = {"responses": dict(responses), "facts": figures(changed), "reference_year": YEAR, "reasons": reasons}
    cleaned = answers.clean(INSTRUMENT, raw)
    assert [fault for fault in cleaned.faults if fault.code != "off_route"] == []
    values = {name: Reference(*pair) for name, pair in (references or {}).items()}
    given = cleaned.answers
    return SCORER.score(
        answers.Answers(given.responses, given.facts, given.reference_year, given.reasons, references=values)
    )


def shares(
    responses: Mapping[str, Any], references: Mapping[str, Fraction] | None = None, trend: int | None = 100
) -> dict[str, Fraction | None]:
    """The share each part earns by the tables above; `None` where it does not apply. `references` are shares."""
    found: dict[str, Fraction | None] = {item: Fraction(SINGLES[item].get(str(responses[item]), 0)) for item in SINGLES}
    for item, (_most, lead) in COUNTS.items():
        found[item] = min(Fraction(100 * len([each for each in responses[item] if each != "A"]), lead), Fraction(100))
    found["trend"] = None if trend is None else Fraction(trend)
    for name in INTENSITIES:
        found[name] = None if references is None or name not in references else 100 * references[name]
    return found


def total(parts: Mapping[str, Fraction | None]) -> dict[str, Fraction]:
    """The points of the fields and of the whole: what does not apply is left out of every sum and of its divisor."""
    points: dict[str, Fraction] = {}
    for field, (most, indicators) in FIELDS.items():
        earned = {name: mean(parts, split) for name, (_weight, split) in indicators.items()}
        asked = {name: share for name, share in earned.items() if share is not None}
        weights = sum(indicators[name][0] for name in asked)
        points[field] = (
            most * sum((indicators[name][0] * share for name, share in asked.items()), Fraction(0)) / weights / 100
        )
    return {**points, "total": sum(points.values(), Fraction(0))}


def mean(parts: Mapping[str, Fraction | None], split: Mapping[str, int]) -> Fraction | None:
    found = {name: parts[name] for name in split if parts[name] is not None}
    if not found:
        return None
    return sum((split[name] * share for name, share in found.items() if share is not None), Fraction(0)) / sum(
        split[name] for name in found
    )


def points(card: Scorecard) -> dict[str, Fraction]:
    """The points of the fields and of the whole, all of them sure."""
    return {each.id: Fraction(str(each.points)) for each in card.measures if each.id == "total" or each.id in FIELDS}


def reference(name: str, share: Fraction) -> tuple[Fraction, Fraction]:
    """Base and lead for which the firm's intensity earns that share of its points."""
    value, step = INTENSITIES[name], Fraction(10)
    away = -1 if name in LOWER_IS_BETTER else 1
    return value - away * share * step, value + away * (1 - share) * step


def references(found: Mapping[str, Fraction]) -> dict[str, tuple[Fraction, Fraction]]:
    return {name: reference(name, share) for name, share in found.items()}


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
    assert (whole.points, Fraction(whole.low), Fraction(whole.high)) == (None, 96, 100)


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


# -- answers that do not fit ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("responses", "changed", "check"),
    [
        ({"products": "2", "products_footprint": "3"}, {}, "responses.products_footprint"),
        ({"products_footprint": "0"}, {}, "responses.products_footprint"),
        ({}, {("solid_waste", 0): "0", ("solid_waste_used", 0): "0"}, "responses.waste_figure"),
        ({}, {("water_intake", 0): "0", ("water_reused", 0): "0"}, "responses.water_figure"),
        ({}, {("renewable_energy", 0): "0"}, "responses.renewables"),
        ({}, {("renewable_energy", 0): "100.01"}, "facts.renewable_energy.2025"),
        ({"water_circulation": "A"}, {}, "responses.water_circulation"),
    ],
)
def test_it_refuses_what_contradicts_itself(responses: Any, changed: Any, check: str) -> None:
    raw = {"responses": {**BEST, **responses}, "facts": figures(changed), "reference_year": YEAR}
    assert [fault.path for fault in answers.clean(INSTRUMENT, raw).faults] == [check]


def test_it_says_everywhere_that_it_is_in_house_and_never_speaks_of_levels() -> None:
    assert INSTRUMENT.basis.standing == "in-house"
    assert "不是官方评价" in INSTRUMENT.basis.title.zh_CN
    ladder: Any = INSTRUMENT.ladder
    for said in (ladder["none_meaning"], *(step["meaning"] for step in ladder["steps"])):
        assert "不是官方评价" in said["zh_CN"]
        assert "no official rating" in said["en"]
    for step in ladder["steps"]:
        assert step["source"] == "OURS"
        assert step["name"]["zh_CN"].endswith("阶段")
    assert "等级" not in str(ladder) + str(INSTRUMENT.checks)


# -- questions before submitting ---------------------------------------------------------------------------------------


def asked_about(responses: Mapping[str, Any], changed: Mapping[tuple[str, int], str | None] | None = None) -> set[str]:
    raw = {"responses": {**BEST, **responses}, "facts": figures(changed), "reference_year": YEAR}
    found = quality.notes(INSTRUMENT, answers.clean(INSTRUMENT, raw).answers)
    return {note.id for note in found if note.kind in ("contradiction", "plausible")}


@pytest.mark.parametrize(
    ("responses", "note"),
    [
        ({"metering": "A", "systems": ["B"], "platform": ["E"]}, "analysis_without_meters"),
        ({"carbon_account": "A", "platform": ["I"]}, "carbon_in_system_never_counted"),
        ({"footprint": "A", "platform": ["J"]}, "footprint_in_system_not_begun"),
        ({"metering": "A", "systems": ["D"], "platform": ["B"]}, "energy_system_without_meters"),
        ({"permit": "D"}, "no_permit_with_outlets"),
        ({"renewables": ["A"], "land_use": ["D"]}, "roof_solar_not_used"),
        ({"material_saving": ["D"], "waste": "E"}, "rejects_reused_without_waste"),
    ],
)
def test_it_asks_about_answers_that_contradict_each_other(responses: Any, note: str) -> None:
    assert asked_about(responses) == {note}


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({("energy", 0): "20000.01", ("carbon", 0): "20000"}, "energy_per_output"),
        ({("carbon", 0): "2000.01"}, "carbon_per_energy"),
        ({("water_intake", 0): "10000000.01"}, "water_per_output"),
        ({("land_area", 0): "0.99"}, "output_per_land"),
        ({("land_area", 0): "1000000.01"}, "output_per_land"),
        ({("solid_waste", 0): "400.01"}, "waste_per_material"),
    ],
)
def test_it_asks_about_figures_that_cannot_be(changed: Any, note: str) -> None:
    assert asked_about({}, changed) == {note}


def test_it_asks_nothing_about_figures_at_the_bounds_and_sound_answers() -> None:
    at_the_bounds = {("energy", 0): "20000", ("carbon", 0): "400000", ("water_intake", 0): "10000000"}
    assert asked_about({}) == set()
    assert asked_about({}, {**at_the_bounds, ("land_area", 0): "1", ("solid_waste", 0): "400"}) == set()


# -- words -------------------------------------------------------------------------------------------------------------

WRITTEN: Any = yaml.safe_load((catalogue.DEFINITIONS / "green" / "2026.yaml").read_text(encoding="utf-8"))
TEXTS = list(texts(WRITTEN))
ASKED = [item for section in WRITTEN["sections"] for item in section["items"]]


def test_chinese_and_english_are_set_as_elsewhere() -> None:
    mark = re.compile(rf"[{CJK}{FULL_WIDTH}] ?[,;:!?()]|[,;:!?()] ?[{CJK}{FULL_WIDTH}]|['\"]|\.$|  ")
    joined = re.compile(rf"[{CJK}][A-Za-z0-9]|[A-Za-z0-9%][{CJK}]")
    avoided = re.compile("成熟度|零级|不合格|认证结果|黑名单|造假|排名|等级|！")
    for path, said in TEXTS:
        chinese, english = said["zh_CN"], said["en"]
        assert not mark.search(chinese), path
        assert not joined.search(OFFICIAL.sub("", chinese)), path
        assert not avoided.search(chinese), path
        assert chinese == chinese.encode("gb2312", "ignore").decode("gb2312"), f"{path}: not in the printed font"
        assert english.isascii(), path


def test_every_item_tells_why_and_every_change_what_to_do() -> None:
    for item in ASKED:
        assert {"short", "label", "why", "evidence", "source", "confidence"} <= set(item), item["id"]
        for option in item.get("options", ()):
            assert ("effort" in option) == ("work" in option) == ("advice" in option), (item["id"], option["id"])
            assert 1 <= option.get("effort", 1) <= 13
    assert [item["number"] for item in ASKED] == [str(place + 1) for place in range(len(ASKED))]
