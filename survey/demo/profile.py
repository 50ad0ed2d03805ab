"""What lies behind a firm's answers and figures in several questionnaires, so that they agree with each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from survey.demo.firms import Firm, dice

DIRTY: Final = 7
"""Industries with more tonnes of coal equivalent per million yuan than this have outlets and use water, mostly."""
SHOWN: Final[Mapping[int, Mapping[str, Any]]] = {
    1: {"green": 0.7, "innovation": 0.5, "wet": True, "outlets": True},
    2: {
        "green": 0.85,
        "innovation": 1.6,
        "research": 0.041,
        "rights": 3,
        "own_rights": 2,
        "segment_years": 11,
        "wet": True,
        "circulation": 2,
        "outlets": True,
        "wasteless": False,
        "investors": 0.0,
        "titles": frozenset({"innovative", "high_technology"}),
    },
}
"""What is settled about the firms of the printed accounts, by number."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`green` and `innovation` are strengths like a firm's maturity; `research` and `investors` are shares of revenue.

    `circulation` counts how far water goes round, 0 to 3. `titles` are kinds of results that the firm holds.
    """

    green: float
    innovation: float
    research: float
    rights: int
    own_rights: int
    segment_years: int
    wet: bool
    circulation: int
    outlets: bool
    wasteless: bool
    investors: float
    titles: frozenset[str]


def profile(firm: Firm, seed: int) -> Profile:
    """The same for the same seed."""
    chance = dice(seed, "profile", firm.number)
    green = 0.5 * firm.maturity + chance.gauss(-0.05, 0.65)
    innovation = 0.55 * firm.maturity + chance.gauss(0.05, 0.7)
    rights = _rights(innovation, chance)
    dirty = firm.energy > DIRTY
    drawn: dict[str, Any] = {
        "green": green,
        "innovation": innovation,
        "research": _research(innovation, chance),
        "rights": rights,
        "own_rights": sum(chance.random() < 0.75 for _ in range(rights)),
        "segment_years": min(28, 1 + int(chance.lognormvariate(math.log(7), 0.6))),
        "wet": chance.random() < (0.85 if dirty else 0.6),
        "circulation": sum(green + chance.gauss(0, 0.4) > step for step in (-0.5, 0.5, 1.5)),
        "outlets": chance.random() < (0.9 if dirty else 0.55),
        "wasteless": chance.random() < 0.05,
        "investors": chance.uniform(0.05, 0.5) if innovation > 0.8 and chance.random() < 0.15 else 0.0,
        "titles": _titles(innovation, chance),
    }
    return Profile(**(drawn | dict(SHOWN.get(firm.number, {}))))


def _rights(innovation: float, chance: Random) -> int:
    """Rights of class I: most firms have none."""
    return max(0, round(1.6 * (innovation + chance.gauss(0, 0.5)) - 0.6))


def _research(innovation: float, chance: Random) -> float:
    """R&D expense as a share of revenue; many firms book none."""
    if innovation < -0.3 and chance.random() < 0.55:
        return 0.0
    return min(0.18, chance.lognormvariate(math.log(0.02) + 0.55 * innovation, 0.45))


def _titles(innovation: float, chance: Random) -> frozenset[str]:
    steps = {"technology": 0.5, "innovative": 0.8, "high_technology": 1.0, "specialised": 1.6}
    return frozenset(kind for kind, step in steps.items() if innovation + chance.gauss(0, 0.3) > step)
