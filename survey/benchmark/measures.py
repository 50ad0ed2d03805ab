"""What is compared: the total and the dimensions below it, each in bins by its own maximum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from questionnaires.exact import Rational
from questionnaires.instrument import Instrument
from scoring import scorer_for
from scoring.percentile import BINS, bin_of
from scoring.tree import Measure
from survey.models import Score

MILLION: Final = 1_000_000


def compared(instrument: Instrument) -> dict[str, Measure]:
    """The total and the dimensions of its first rank, by id; nothing where an instrument has no points.

    Deeper ones are not compared: the more is told of a group, the fewer groups can be told of.
    """
    measures = scorer_for(instrument).measures.values()
    return {measure.id: measure for measure in measures if measure.depth <= 1 and measure.maximum > 0}


def stored_bin(points_e6: int, measure: Measure) -> int:
    """The bin of points as they are stored: millionths, cut. What was cut off is less than one, so one is added."""
    maximum = measure.maximum
    return bin_of(min(Rational(points_e6 + 1, MILLION), maximum), maximum)


def bin_column(measures: Mapping[str, Measure]) -> sa.ColumnElement[int]:
    """`stored_bin` for a query on scores of these measures."""
    cases = {name: _bin_column(measure) for name, measure in measures.items()}
    return sa.case(*((Score.measure == name, column) for name, column in cases.items()), else_=0)


def _bin_column(measure: Measure) -> Any:
    numerator, denominator = int(measure.maximum.numerator), int(measure.maximum.denominator)
    place = (Score.points_e6 + 1) * (BINS * denominator) // (numerator * MILLION)
    return sa.case((place >= BINS, BINS - 1), else_=place)
