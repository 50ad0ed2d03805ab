"""The base and lead values that the city had entered for the firm's industry, with where they come from."""

from __future__ import annotations

from dataclasses import dataclass

from survey.report.queries import Record


@dataclass(frozen=True, slots=True)
class CityValue:
    """One pair, as exact text in `unit`. `industry` is the code it was entered for, from `year` on."""

    title: str
    unit: str
    base: str
    lead: str
    industry: str
    year: int
    source: str


def city_values(record: Record, language: str) -> tuple[CityValue, ...]:
    """As frozen with the answers; in the order of the questionnaire."""
    kept = record.snapshot.reference_values or {}
    return tuple(
        CityValue(
            asked.title.say(language),
            asked.unit.say(language),
            held["base"],
            held["lead"],
            held["industry"],
            held["year_from"],
            held["source"],
        )
        for asked in record.instrument.references
        if (held := kept.get(asked.id)) is not None
    )
