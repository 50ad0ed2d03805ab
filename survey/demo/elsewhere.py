"""What an invented firm holds from elsewhere: titles that run out, some of them soon, and results of assessments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from survey.demo.firms import Firm, dice, words
from survey.demo.profile import Profile
from survey.organisations.outside_actions import Said
from survey.organisations.outside_kinds import ORDER

TERM: Final = timedelta(days=3 * 365)
RECORDED: Final = 0.8
"""Of their titles firms have entered so many."""
SMART_SHARE: Final = 0.12
SOON: Final = {2: ("innovative", timedelta(days=47))}
"""A title of the firm with reports that must be reviewed soon."""


def held_elsewhere(firm: Firm, traits: Profile, today: date, seed: int) -> Iterator[tuple[str, Said]]:
    """Each result with its kind; the same for the same seed and day."""
    chance = dice(seed, "elsewhere", firm.number)
    for kind in sorted(traits.titles):
        left = timedelta(days=chance.randint(-40, TERM.days - 30))
        if chance.random() < RECORDED or firm.number in SOON:
            yield kind, _title(firm, kind, today + _left(firm, kind, left))
    if firm.maturity > 0.3 and chance.random() < SMART_SHARE:
        yield "smart_manufacturing", _smart(firm, today, chance)


def _left(firm: Firm, kind: str, drawn: timedelta) -> timedelta:
    soon, left = SOON.get(firm.number, ("", drawn))
    return left if kind == soon else max(drawn, timedelta(days=200)) if soon else drawn


def _title(firm: Firm, kind: str, until: date) -> Said:
    given = until - TERM
    texts: Any = words()["elsewhere"]
    number = f"{texts['number']}{given.year}{ORDER.index(kind):02}{firm.number:04}"
    return Said(None, None, None, number, texts["issuer"], given, until, texts["proof"])


def _smart(firm: Firm, today: date, chance: Random) -> Said:
    """A self-diagnosis of the last year; the level goes with the score."""
    score = min(4.2, max(0.4, 0.9 + 0.6 * firm.maturity + chance.gauss(0, 0.2)))
    texts: Any = words()["elsewhere"]
    level = sum(score >= edge for edge in (0.8, 1.8, 2.8, 3.8, 4.8))
    issued = today - timedelta(days=chance.randint(30, 360))
    number = f"{texts['number']}ZN{issued.year}{firm.number:04}"
    return Said(str(level), f"{score:.2f}", None, number, texts["smart_issuer"], issued, None, texts["smart_proof"])
