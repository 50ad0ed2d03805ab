"""Which questionnaires a firm answers, and how far it gets: most the digital one, few the check for a title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from survey.demo.firms import Firm, dice
from survey.demo.profile import Profile

SUBMITTED, DRAFT = "submitted", "draft"

INSTRUMENTS: Final[Mapping[str, str]] = {
    "digital": "2024",
    "green": "2026",
    "innovation": "2022",
    "specialised": "2026",
    "needs": "2026",
}
"""What is published, and the order in which firms answer."""

SHARES: Final[Mapping[str, float]] = {"digital": 0.88, "green": 0.5, "innovation": 0.52, "needs": 0.32}
NEARLY: Final = 0.5
"""Of the firms that nearly meet the conditions for the title, so many look whether they do; of the others few."""
ELSEWHERE: Final = 0.04
DRAFT_SHARE: Final = 0.15

SHOWN: Final[Mapping[int, Mapping[str, str]]] = {
    1: {"digital": DRAFT, "green": DRAFT},
    2: {"digital": SUBMITTED, "green": SUBMITTED, "innovation": SUBMITTED, "needs": SUBMITTED},
    3: {},
}
"""The firms of the printed accounts, by number."""


def parts(firm: Firm, traits: Profile, seed: int) -> Mapping[str, str]:
    """The state of each questionnaire that the firm began, in the order it did so; one of them may be a draft."""
    if firm.number in SHOWN:
        return SHOWN[firm.number]
    chance = dice(seed, "parts", firm.number)
    shares = {**SHARES, "specialised": NEARLY if _nearly_specialised(firm, traits) else ELSEWHERE}
    if not firm.industry.startswith("C"):
        shares["green"] = 0.0
    begun = [name for name in INSTRUMENTS if chance.random() < shares[name]] or ["digital"]
    last = DRAFT if chance.random() < DRAFT_SHARE else SUBMITTED
    return {name: last if name == begun[-1] else SUBMITTED for name in begun}


def _nearly_specialised(firm: Firm, traits: Profile) -> bool:
    return firm.revenue >= 12_000_000 and traits.research >= 0.025 and traits.segment_years >= 3
