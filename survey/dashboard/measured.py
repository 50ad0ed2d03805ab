"""What of a questionnaire a dashboard counts, and what of it may be set beside the round before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from questionnaires.answers import clean
from questionnaires.exact import Rational
from questionnaires.instrument import Instrument
from scoring.comparison import Comparison, compare
from scoring.making import scorer_for
from scoring.scorecard import Scorecard
from survey.dashboard.gathering import Measured


@dataclass(frozen=True, slots=True)
class Parts:
    """The total and the dimensions below it; neither where nothing earns points. `levels`: whether levels of the
    earlier questionnaire may be compared."""

    total: Measured | None
    dimensions: tuple[Measured, ...]
    levels: bool


def parts(instrument: Instrument, earlier: Instrument | None) -> Parts:
    """`earlier`: the questionnaire of the round before, if there was one."""
    measures = scorer_for(instrument).measures
    compared = _compared(earlier, instrument) if earlier else {}
    before = scorer_for(earlier).measures if earlier else {}

    def measured(name: str) -> Measured:
        then = _plain(before[name].maximum) if compared.get(name) == "" else None
        return Measured(name, _plain(measures[name].maximum), then)

    levels = compared.get(LEVEL) == ""
    root = next(iter(measures), None)
    if root is None or not measures[root].maximum:
        return Parts(None, (), levels)
    below = [name for name in measures[root].children if measures[name].maximum]
    return Parts(measured(root), tuple(map(measured, below)), levels)


LEVEL: Final = "\0level"
"""Stands for the level among the names of measures."""


def _compared(earlier: Instrument, later: Instrument) -> dict[str, str]:
    """Why each measure and the level may not be compared; "" where they may."""
    sums = (earlier.rules_checksum, later.rules_checksum)
    if sums not in _known:
        _known[sums] = compare(_blank(earlier), earlier, _blank(later), later)
    found = _known[sums]
    return {LEVEL: found.level, **{each.id: each.reason for each in found.measures}}


_known: dict[tuple[str, str], Comparison] = {}
"""What two questionnaires allow, by their checksums: it does not depend on the firm."""


def _blank(instrument: Instrument) -> Scorecard:
    """What a firm without any answer gets: it names every measure."""
    return scorer_for(instrument).score(clean(instrument, {"responses": {}}).answers)


def _plain(value: Rational) -> Fraction:
    """In Python's own numbers, which JSON can hold."""
    return Fraction(int(value.numerator), int(value.denominator))
