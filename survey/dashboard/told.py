"""What all charts of one dashboard are made from, and the words they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask_babel import gettext as _

from questionnaires.instrument import Instrument
from scoring.making import scorer_for
from scoring.size_class import SIZES
from survey.dashboard.figures import OPEN, Figures, Wanted
from survey.dashboard.gathering import Measured
from survey.dashboard.measured import Parts
from survey.dashboard.shapes import Part, ramp
from survey.formatting import percent
from survey.organisations.size_names import SIZES as SIZE_NAMES
from survey.report.verdict import step_name
from survey.report.wording import BETWEEN

GOAL: Final = 2
"""The level that pilots are after: findings say how many have reached it."""
LIST: Final = {"zh_CN": "\N{IDEOGRAPHIC COMMA}", "en": ", "}


@dataclass(frozen=True, slots=True)
class Told:
    """The counts, what of them is wanted, and the names: of divisions by code, of areas below the chosen one in the
    city's order, of the round before.
    """

    figures: Figures
    wanted: Wanted
    instrument: Instrument
    parts: Parts
    language: str
    divisions: Mapping[str, str]
    areas: Sequence[tuple[str, str]]
    here: str
    before: str | None

    @property
    def last_level(self) -> int:
        """The number of the highest level; 0 where the questionnaire gives none."""
        ladder = scorer_for(self.instrument).ladder
        return len(ladder.steps) if ladder else 0

    @property
    def goal(self) -> int:
        return min(GOAL, self.last_level)

    def level(self, number: int) -> str:
        """The name of a level."""
        return step_name(number, scorer_for(self.instrument), self.language)

    def level_parts(self) -> tuple[Part, ...]:
        return tuple(Part(self.level(number), *ramp(number, self.last_level)) for number in range(self.last_level + 1))

    def level_counts(self, levels: Counter[int]) -> tuple[int, ...]:
        return tuple(levels[number] for number in range(self.last_level + 1))

    def measure(self, measured: Measured) -> str:
        return scorer_for(self.instrument).measures[measured.name].title.say(self.language)

    def division(self, code: str) -> str:
        return self.divisions.get(code) or code

    def sizes(self, found: Mapping[str, Counter[int]]) -> list[tuple[str, Counter[int]]]:
        """Counts by size in words, from the smallest; the undetermined last, if there are any."""
        return [(size_name(size), found[size]) for size in (*SIZES, OPEN) if size in found]

    def listed(self, texts: Sequence[str]) -> str:
        return LIST[self.language].join(texts)

    @property
    def between(self) -> str:
        """What stands between two sentences."""
        return BETWEEN[self.language]

    def firms(self) -> str:
        """Who is counted in everything but progress."""
        return _("Confirmed firms whose self-assessment is submitted or accepted.")


def size_name(size: str) -> str:
    return _("Size not determined") if size == OPEN else str(SIZE_NAMES[size])


def share(part: int, whole: int) -> str:
    """A share in words: "41.5%"."""
    return percent(Fraction(part, whole) if whole else None)


def decimal(value: Fraction | None, times: Fraction | int = 1) -> Decimal | None:
    """A value with one decimal, cut, for tables."""
    return None if value is None else Decimal(int(value * times * 10)) / 10


def reached(levels: Counter[int], goal: int) -> int:
    """How many are at this level or above."""
    return sum(count for level, count in levels.items() if level >= goal)
