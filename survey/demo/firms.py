"""Invented firms: names, places, industries and sizes that could be a city's. The same seed gives the same firms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

MOST_FIRMS: Final = 5000
"""Their credit codes are numbered with four digits."""

# Share of a class, then the span of its staff.
SIZES: Final = ((0.36, 6, 19), (0.46, 20, 260), (0.18, 300, 880))
SIZE_EFFECT: Final = 0.36
"""By how much maturity grows when staff grows to e times as many; 1 is the spread of firms of one size."""
SPREAD: Final = 0.78
OFFSET: Final = -0.35
AHEAD_SHARE, AHEAD = 0.12, 1.5
"""Some firms of every size are far ahead of their like: the long tail."""

REGISTERED_ELSEWHERE: Final = 0.08


@dataclass(frozen=True, slots=True)
class Place:
    """Where firms operate. `code` is the district's number, also for a zone within it."""

    area_id: int
    code: str
    weight: int


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented firm. `revenue` is in yuan; `maturity` is about -2 to 3, most firms near 0."""

    number: int
    name: str
    owner: str
    area_id: int
    registered: str
    industry: str
    energy: float
    staff: int
    revenue: int
    maturity: float


STARRING: Final[dict[int, dict[str, Any]]] = {
    1: {"staff": 86, "revenue": 61_200_000, "maturity": 0.9},
    2: {"staff": 142, "revenue": 118_000_000, "maturity": 1.25},
    3: {"staff": 34, "revenue": 21_500_000, "maturity": 0.0},
}
"""The firms of the accounts that are printed, by number; everything else about them is drawn like the others."""
STARRING_INDUSTRY: Final = "C3484"


@cache
def words() -> Any:
    """What names are made of: see words.yaml."""
    return yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))


def dice(*seed: object) -> Random:
    """Chance that is the same on every machine for the same seed."""
    return Random(":".join(map(str, seed)))  # noqa: S311 -- invented data, nothing secret


@cache
def brands() -> tuple[str, ...]:
    """All brands that may be given."""
    made = (one + two for one in words()["first"] for two in words()["second"] if one != two)
    return tuple(brand for brand in made if brand not in words()["never"])


def firms(seed: int, count: int, places: Sequence[Place]) -> Iterator[Firm]:
    """The first `count` firms of this seed; more firms never change the earlier ones."""
    order = dice(seed, "brands").sample(brands(), len(brands()))
    for number in range(1, count + 1):
        cycle, place = divmod(number - 1, len(order))
        yield _firm(number, (order[place], words()["ends"][cycle]), dice(seed, "firm", number), places)


def _firm(number: int, called: tuple[str, str], chance: Random, places: Sequence[Place]) -> Firm:
    place, industry = _place(number, places, chance), _industry(number, chance)
    staff = _staff(chance) if industry["code"].startswith("C") else chance.randint(6, 120)
    drawn: dict[str, Any] = {
        "staff": staff,
        "revenue": _revenue(staff, chance),
        "maturity": _maturity(staff, chance),
    }
    brand, end = called
    trade, mark = chance.choice(industry["trades"]), words()["mark"]
    name = words()["pattern"].format(brand=brand, trade=trade, end=end, mark=mark)
    elsewhere = chance.random() < REGISTERED_ELSEWHERE
    return Firm(
        number=number,
        name=name,
        owner=words()["person"].format(surname=chance.choice(words()["surnames"])),
        area_id=place.area_id,
        registered=chance.choice(places).code if elsewhere else place.code,
        industry=industry["code"],
        energy=industry["energy"],
        **(drawn | STARRING.get(number, {})),
    )


def _place(number: int, places: Sequence[Place], chance: Random) -> Place:
    """Every fourth firm goes round the places in turn, so that none stays empty; the others go where industry is."""
    if number % 4 == 0:
        return places[number // 4 % len(places)]
    return chance.choices(places, [place.weight for place in places])[0]


def _industry(number: int, chance: Random) -> Any:
    known = words()["industries"]
    if number in STARRING:
        return next(each for each in known if each["code"] == STARRING_INDUSTRY)
    return chance.choices(known, [each["share"] for each in known])[0]


def _staff(chance: Random) -> int:
    _share, least, most = chance.choices(SIZES, [share for share, _least, _most in SIZES])[0]
    # The product of two draws lies nearer the lower end, as in any city.
    return int(least * (most / least) ** (chance.random() ** 1.3))


def _maturity(staff: int, chance: Random) -> float:
    ahead = AHEAD if chance.random() < AHEAD_SHARE else 0
    return OFFSET + SIZE_EFFECT * math.log(staff / 40) + chance.gauss(0, SPREAD) + ahead


def _revenue(staff: int, chance: Random) -> int:
    """Yuan; between 250,000 and 2,000,000 per head, most near 700,000."""
    per_head = min(max(chance.lognormvariate(math.log(700_000), 0.4), 250_000), 2_000_000)
    return round(staff * per_head / 1000) * 1000
