"""What an invented firm answers: levels with a long tail to the right, dimensions that go together but not in step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from questionnaires.answers import derive
from questionnaires.figures import Change
from questionnaires.instrument import Instrument, Section
from questionnaires.items import NONE, FigureItem, Item, Multiple, Response, Scene, Single, figures_asked
from questionnaires.routes import asked, travelled
from survey.demo.firms import STARRING, Firm, dice, words
from survey.demo.profile import Profile
from survey.demo.said import SAID, Case
from survey.organisations.actions import FactEntry

SECTION_SPREAD: Final = 0.6
ITEM_SPREAD: Final = 0.45
OPTION_SPREAD: Final = 0.6
OPEN_SHARE: Final = 0.07
OTHERWISE_SHARE: Final = 0.12
"""Of the changes that figures speak for, so many are answered otherwise, with a reason."""

EASIER: Final[Mapping[str, Mapping[str, float]]] = {
    "digital": {
        "foundation": 0.15, "management": -0.1, "production": -0.05, "supply_chain": 0.1, "decision": -0.05,
        "q6": 0.2, "q8": 0.4, "q10": -0.3, "s3": 0.2, "s9": -0.3, "s10": -0.6, "s12": 0.2, "s13": 0.7, "s16": -0.5,
    },
    "green": {"systems": 0.2, "metering": 0.5, "saving": 0.4, "platform": -0.6, "renewables": -0.2, "catalogue": -0.3,
        "carbon_account": -0.1, "footprint": -0.5, "treatment": 0.9, "green_design": -0.1, "land_use": 0.1},
    "innovation": {"p2": -0.2, "p3": 0.1, "p4": -0.2, "p6": -0.4},
}  # fmt: skip
"""How much easier (above 0) or harder a section or an item is than the others: finance comes first, energy last."""

STRENGTH: Final[Mapping[str, Callable[[Firm, Profile], float]]] = {
    "digital": lambda firm, traits: firm.maturity,
    "green": lambda firm, traits: traits.green,
    "innovation": lambda firm, traits: traits.innovation,
    "specialised": lambda firm, traits: traits.innovation,
    "needs": lambda firm, traits: 0.0,
}
"""What decides where options are harder and harder."""

SCENE_STEPS: Final = (0.4, 1.2, 1.9, 2.65)
"""The strength that each level of a scene takes."""
SINGLE_FROM, SINGLE_STEP = -0.5, 0.75
MULTIPLE_FROM, MULTIPLE_TO = -0.6, 2.8

Known = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Given:
    """All that a firm answers to one questionnaire, on its route. `open` names what it does not know yet."""

    responses: dict[str, Response]
    open: frozenset[str]
    reasons: dict[str, str]
    asked: frozenset[str]


def answers(
    firm: Firm, traits: Profile, instrument: Instrument, facts: Iterable[FactEntry], year: int, seed: int
) -> Given:
    """The answers of a firm; the same for the same seed."""
    chance = dice(seed, "answers", instrument.questionnaire, firm.number)
    known = {(kind, when): value for kind, when, value, _unit in facts if value is not None}
    chosen: dict[str, Response] = {}
    for section in instrument.sections:
        _answer(section, instrument, Case(firm, traits, chosen, chance), chosen)
    changes, reasons = _changes(instrument, known, year, chance)
    chosen |= changes | _without(instrument, known, year)
    unsure = _unsure(instrument, known, year, chosen, 0 if firm.number in STARRING else OPEN_SHARE, chance)
    kept = {item: response for item, response in chosen.items() if item not in unsure}
    route = travelled(instrument, kept, known, year)
    on_route = asked(route)
    reasons = {item: text for item, text in reasons.items() if item in kept}
    return Given(dict(route.responses), unsure & on_route, reasons, on_route)


def _answer(section: Section, instrument: Instrument, case: Case, chosen: dict[str, Response]) -> None:
    """Add the answers of a section to `chosen`, also to what is not asked in the end."""
    said = SAID.get(instrument.questionnaire, {})
    easier = EASIER.get(instrument.questionnaire, {})
    strength = STRENGTH[instrument.questionnaire](case.firm, case.traits) + easier.get(section.id, 0)
    strength += case.chance.gauss(0, SECTION_SPREAD)
    for item in section.items:
        if item.id in said:
            response = said[item.id](case, item)
        elif type(item) in CHOOSE and getattr(item, "figures", None) is None:
            here = strength + easier.get(item.id, 0) + case.chance.gauss(0, ITEM_SPREAD)
            response = CHOOSE[type(item)](item, here, case.chance)
        else:
            continue
        if response is not None:
            chosen[item.id] = response


def _without(instrument: Instrument, known: Known, year: int) -> dict[str, Response]:
    """Figures that the firm has none of, where that may be said."""
    return {
        item.id: NONE
        for item in instrument.items.values()
        if isinstance(item, FigureItem) and item.none is not None and not _have(item, known, year)
    }


def _have(item: Item, known: Known, year: int) -> bool:
    return all((kind, year + back) in known for kind, back in figures_asked(item))


def _unsure(
    instrument: Instrument, known: Known, year: int, chosen: Mapping[str, Response], share: float, chance: Random
) -> frozenset[str]:
    """Figures that nobody can find; and few firms leave one to three other things open."""
    figures = frozenset(
        item.id
        for item in instrument.items.values()
        if isinstance(item, FigureItem) and item.id not in chosen and not _have(item, known, year)
    )
    settled = SAID.get(instrument.questionnaire, {})
    plain = [item.id for item in instrument.items.values() if type(item) in CHOOSE and item.id not in settled]
    plain = [name for name in plain if getattr(instrument.items[name], "figures", None) is None]
    if not plain or chance.random() >= share:
        return figures
    return figures | frozenset(chance.sample(plain, min(len(plain), chance.randint(1, 3))))


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
    instrument: Instrument, known: Known, year: int, chance: Random
) -> tuple[dict[str, Response], dict[str, str]]:
    """Questions about a change: what the figures say, or "unchanged" with a reason. Bands follow by themselves."""
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
