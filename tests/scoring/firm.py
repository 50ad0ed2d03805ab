"""A firm for tests: answers and figures in short form, scored with a definition that ships with the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from questionnaires.answers import Cleaned, clean
from questionnaires.exact import exact
from scoring import Scorer
from scoring.scorecard import ConditionScore, Scorecard

YEAR = 2025
Figure = int | str | Fraction | None
Figures = Mapping[str, Figure | Sequence[Figure]]


def filled(scorer: Scorer, responses: Mapping[str, Any], figures: Figures, **more: Any) -> Cleaned:
    """What is left of the answers. A figure is that of the reference year, or a row: that year, the year before …"""
    facts = [
        {"id": kind, "year": YEAR - back, "value": exact(Fraction(value))}
        for kind, row in figures.items()
        for back, value in enumerate(row if isinstance(row, list | tuple) else [row])
        if value is not None
    ]
    return clean(scorer.instrument, {"responses": dict(responses), "facts": facts, "reference_year": YEAR, **more})


def card(scorer: Scorer, responses: Mapping[str, Any], figures: Figures, **more: Any) -> Scorecard:
    """The scorecard of answers that must be clean."""
    cleaned = filled(scorer, responses, figures, **more)
    assert not cleaned.faults, cleaned.faults
    return scorer.score(cleaned.answers)


def points(scored: Scorecard, measure: str) -> tuple[Fraction, Fraction]:
    """The interval of a measure."""
    found = scored.measure(measure)
    return Fraction(found.low), Fraction(found.high)


def states(conditions: Sequence[ConditionScore]) -> list[str]:
    return [condition.state for condition in conditions]
