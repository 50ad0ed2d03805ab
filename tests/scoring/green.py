"""The green self-diagnosis by hand: what everything earns, typed in here, and a firm whose intensities are round."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from questionnaires import answers, catalogue
from questionnaires.given import Reference
from scoring import scorer_for
from scoring.scorecard import Scorecard

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
