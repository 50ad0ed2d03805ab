"""Values that a city entered stand in the report with their source: nobody takes them for official ones."""

from types import SimpleNamespace
from typing import Any

from questionnaires import catalogue
from survey.report.city_values import city_values

HELD = {
    "land_output": {"base": "0.4", "lead": "1.2", "industry": "C348", "year_from": 2025, "source": "survey"},
    "energy_intensity": {"base": "60", "lead": "32", "industry": "C34", "year_from": 2024, "source": "sample"},
}


def record(kept: dict[str, Any] | None) -> Any:
    return SimpleNamespace(
        instrument=catalogue.builtin("green", "2026"), snapshot=SimpleNamespace(reference_values=kept)
    )


def test_they_come_in_the_order_of_the_questionnaire_with_industry_year_and_source() -> None:
    energy, land = city_values(record(HELD), "en")
    assert (energy.title, energy.unit) == ("Energy per output", "kgce per 10,000 yuan")
    assert (energy.base, energy.lead, energy.industry, energy.year, energy.source) == (
        "60",
        "32",
        "C34",
        2024,
        "sample",
    )
    assert (land.base, land.source) == ("0.4", "survey")


def test_without_any_there_are_none() -> None:
    assert city_values(record(None), "zh_CN") == ()
