"""What an invented firm says in a round, and what it said in the round before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Final

from questionnaires.instrument import Instrument
from questionnaires.items import Item
from survey.database import Database
from survey.demo.answers import Given, answers
from survey.demo.figures import figures
from survey.demo.firms import STARRING, Firm, dice
from survey.demo.parts import SUBMITTED, parts
from survey.demo.profile import Profile, profile
from survey.organisations.actions import FactEntry
from survey.settings import Settings

BEFORE: Final = frozenset({2})
"""The firms of the printed accounts that took part in the round before."""
BEFORE_SHARE, AGAIN_SHARE = 0.4, 0.6
"""How many firms took part then, and how many of the parts of now other than the digital one they did then."""
GROWTH: Final = (0.35, 0.3)
"""By how much a firm gets on in a year, and how differently."""
HALF: Final[Mapping[str, int]] = {"digital": 4, "green": 2}
"""Sections that the firm of the printed owner has begun; the last of them in part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire of the round."""

    campaign_id: int
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class Site:
    """A round: where and when firms act. `nobody` is the hash of a password that nobody knows."""

    database: Database
    parts: Mapping[str, Part]
    year: int
    opens: datetime
    now: datetime
    seed: int
    settings: Settings
    nobody: str
    earlier: Site | None = None

    @property
    def beginning(self) -> datetime:
        """When the first round began."""
        return (self.earlier or self).opens


@dataclass(frozen=True, slots=True)
class Life:
    """A firm with all that it says and does in a round. `pages` are the items answered, by questionnaire and section.

    `before`: it is the earlier round.
    """

    firm: Firm
    traits: Profile
    facts: list[FactEntry]
    pages: Mapping[str, Mapping[str, tuple[Item, ...]]]
    given: Mapping[str, Given]
    states: Mapping[str, str]
    before: bool = False


def life_now(site: Site, firm: Firm) -> Life:
    traits = profile(firm, site.seed)
    return _made(site, firm, traits, figures(firm, traits, site.year, site.seed), parts(firm, traits, site.seed))


def life_before(site: Site, now: Life) -> Life | None:
    """The same firm a year earlier, a little less far and with the figures of that year; None if it was not there.

    Figures that it gave then and gives again are the same.
    """
    chance = dice(site.seed, "before", now.firm.number)
    if now.firm.number in STARRING and now.firm.number not in BEFORE:
        return None
    if chance.random() >= BEFORE_SHARE and now.firm.number not in BEFORE:
        return None
    growth = chance.gauss(*GROWTH)
    firm = replace(now.firm, maturity=now.firm.maturity - growth)
    traits = replace(now.traits, green=now.traits.green - growth, innovation=now.traits.innovation - growth / 2)
    known = {entry[:2]: entry for entry in now.facts if entry[1] <= site.year}
    facts = {entry[:2]: entry for entry in figures(firm, traits, site.year, site.seed)} | known
    states = {name: SUBMITTED for name in now.states if name == "digital" or chance.random() < AGAIN_SHARE}
    return replace(_made(site, firm, traits, list(facts.values()), states), before=True) if states else None


def _made(site: Site, firm: Firm, traits: Profile, facts: list[FactEntry], states: Mapping[str, str]) -> Life:
    chance = dice(site.seed, "pages", firm.number, site.year)
    given = {name: answers(firm, traits, site.parts[name].instrument, facts, site.year, site.seed) for name in states}
    pages = {
        name: _pages(site.parts[name].instrument, given[name], firm, state, chance) for name, state in states.items()
    }
    return Life(firm, traits, facts, pages, given, states)


def _pages(instrument: Instrument, given: Given, firm: Firm, state: str, chance: Random) -> dict[str, tuple[Item, ...]]:
    """The items answered on each page. A draft stops somewhere on the way, in the middle of a page."""
    sections = [(each.id, tuple(item for item in each.items if item.id in given.asked)) for each in instrument.sections]
    every = [(section, items) for section, items in sections if items]
    if state == SUBMITTED:
        return dict(every)
    stops = HALF[instrument.questionnaire] if firm.number in STARRING else chance.randint(1, max(1, len(every) - 1))
    *whole, (last, items) = every[:stops]
    return {**dict(whole), last: items[: max(1, len(items) // 2)]}
