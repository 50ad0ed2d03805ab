"""What an invented firm answers: levels with a long tail to the right, dimensions that go together but not in step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from questionnaires.answers import derive
from questionnaires.figures import Change
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item, Multiple, Response, Scene, Single
from survey.demo.figures import figures
from survey.demo.firms import Firm, dice, words
from survey.organisations.actions import FactEntry

SECTION_SPREAD: Final = 0.6
ITEM_SPREAD: Final = 0.45
OPTION_SPREAD: Final = 0.6
OPEN_SHARE: Final = 0.07
OTHERWISE_SHARE: Final = 0.12
"""Of the changes that figures speak for, so many are answered otherwise, with a reason."""

EASIER: Final[Mapping[str, float]] = {
    "foundation": 0.15, "management": -0.1, "production": -0.05, "supply_chain": 0.1, "decision": -0.05,
    "q6": 0.2, "q8": 0.4, "q10": -0.3, "s3": 0.2, "s9": -0.3, "s10": -0.6, "s12": 0.2, "s13": 0.7, "s16": -0.5,
}  # fmt: skip
"""How much easier (above 0) or harder a section or an item is than the others: finance comes first, energy last."""

SCENE_STEPS: Final = (0.4, 1.2, 1.9, 2.65)
"""The strength that each level of a scene takes."""
SINGLE_FROM, SINGLE_STEP = -0.5, 0.75
MULTIPLE_FROM, MULTIPLE_TO = -0.6, 2.8


@dataclass(frozen=True, slots=True)
class Given:
    """All that a firm answers. `open` names the items answered with "do not know yet"."""

    facts: list[FactEntry]
    responses: dict[str, Response]
    open: frozenset[str]
    reasons: dict[str, str]


def answers(firm: Firm, instrument: Instrument, year: int, seed: int) -> Given:
    """The answers of a firm; the same for the same seed."""
    chance = dice(seed, "answers", firm.number)
    facts = figures(firm, year, chance)
    unsure = _unsure(instrument, chance)
    responses = {
        item.id: response
        for section in instrument.sections
        for item, response in _section(section, firm, chance)
        if item.id not in unsure
    }
    changes, reasons = _changes(instrument, facts, year, chance)
    return Given(facts, {**responses, **changes}, unsure, reasons)


def _unsure(instrument: Instrument, chance: Random) -> frozenset[str]:
    """Few firms leave something open, and then one to three of the items that need no figures."""
    plain = [item.id for item in instrument.items.values() if getattr(item, "figures", None) is None]
    if chance.random() >= OPEN_SHARE:
        return frozenset()
    return frozenset(chance.sample(plain, chance.randint(1, 3)))


def _section(section: Section, firm: Firm, chance: Random) -> list[tuple[Item, Response]]:
    strength = firm.maturity + EASIER.get(section.id, 0) + chance.gauss(0, SECTION_SPREAD)
    return [
        (item, CHOOSE[type(item)](item, strength + EASIER.get(item.id, 0) + chance.gauss(0, ITEM_SPREAD), chance))
        for item in section.items
        if getattr(item, "figures", None) is None
    ]


def _scene(item: Scene, strength: float, chance: Random) -> Response:
    return sum(strength > step for step in SCENE_STEPS)


def _single(item: Single, strength: float, chance: Random) -> Response:
    passed = sum(strength > SINGLE_FROM + SINGLE_STEP * place for place in range(len(item.options) - 1))
    return item.options[passed].id


def _multiple(item: Multiple, strength: float, chance: Random) -> Response:
    """Each option that is not too hard; the later ones are harder. Where nothing is left, the one that says so."""
    several = [option for option in item.options if not option.exclusive]
    step = (MULTIPLE_TO - MULTIPLE_FROM) / len(several)
    reached = {
        option.id
        for place, option in enumerate(several)
        if strength + chance.gauss(0, OPTION_SPREAD) > MULTIPLE_FROM + step * place
    }
    chosen = tuple(option.id for option in several if option.id in reached and set(option.requires) <= reached)
    return chosen or tuple(option.id for option in item.options if option.exclusive)[:1]


CHOOSE: Final[Mapping[type, Callable[[Any, float, Random], Response]]] = {
    Scene: _scene,
    Single: _single,
    Multiple: _multiple,
}


def _changes(
    instrument: Instrument, facts: list[FactEntry], year: int, chance: Random
) -> tuple[dict[str, Response], dict[str, str]]:
    """Questions about a change: what the figures say, or "unchanged" with a reason. Bands follow by themselves."""
    known = {(kind, when): value for kind, when, value, _unit in facts if value is not None}
    derived = derive(instrument.items.values(), instrument, known, year)
    chosen: dict[str, Response] = {}
    reasons = {}
    for item in instrument.items.values():
        change = getattr(item, "figures", None)
        if not isinstance(change, Change):
            continue
        says = derived[item.id].option if item.id in derived else change.options.same
        otherwise = chance.random() < OTHERWISE_SHARE and says != change.options.same
        chosen[item.id] = change.options.same if otherwise else says
        if otherwise:
            reasons[item.id] = chance.choice(words()["reasons"])
    return chosen, reasons
