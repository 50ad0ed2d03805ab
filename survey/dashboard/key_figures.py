"""The few numbers above the charts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from survey.dashboard.figures import STAGES, Wanted, median, quantile
from survey.dashboard.told import Told, reached, share
from survey.formatting import number, points


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number, what it is, and what to hold it against."""

    name: str
    value: str
    beside: str = ""


def key_figures(told: Told) -> list[KeyFigure]:
    """Register, submitted, median score, level that pilots are after."""
    return [*_progress(told), *_score(told), *_level(told)]


def _progress(told: Told) -> list[KeyFigure]:
    stages = told.figures.sum("stages", Wanted(told.wanted.industry))
    everybody = stages.total()
    claimed = everybody - stages[STAGES.index("listed")]
    submitted = sum(stages[number] for number in range(STAGES.index("submitted"), len(STAGES)))
    return [
        KeyFigure(_("Firms on the register"), number(everybody), _("%(count)s of them claimed", count=number(claimed))),
        KeyFigure(
            _("Have submitted"), number(submitted), _("%(share)s of the register", share=share(submitted, everybody))
        ),
    ]


def _score(told: Told) -> list[KeyFigure]:
    total = told.parts.total
    bins = told.figures.sum(f"points:{total.name}", told.wanted) if total else None
    middle = median(bins) if bins else None
    if total is None or bins is None or middle is None:
        return []
    maximum = total.maximum
    low, high = (points((quantile(bins, mark) or Fraction(0)) * maximum) for mark in (Fraction(1, 4), Fraction(3, 4)))
    beside = _("middle half %(low)s to %(high)s", low=low, high=high)
    return [KeyFigure(_("Median score"), points(middle * maximum), beside)]


def _level(told: Told) -> list[KeyFigure]:
    levels = told.figures.sum("levels", told.wanted)
    if not (told.last_level and levels):
        return []
    verified = told.figures.sum("verified", told.wanted).total()
    name = _("“%(level)s” or more", level=told.level(told.goal))
    beside = _("%(count)s verified on site", count=number(verified))
    return [KeyFigure(name, share(reached(levels, told.goal), levels.total()), beside)]
