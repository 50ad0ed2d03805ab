"""Items that nobody can ever be asked, because their route contradicts itself.

Every combination of the answers that a route speaks of is tried, as far as there are few enough of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product
from math import prod
from typing import Any, Final

from questionnaires.faults import Fault
from questionnaires.instrument import Instrument, Section
from questionnaires.items import FigureItem, Grid, Item, Multiple, Scene, Single
from questionnaires.references import items_in
from questionnaires.routes import asked, travelled
from questionnaires.statements import Chosen, Compare, nested

MOST_COMBINATIONS: Final = 20_000  # of one item's route
MOST_TRIED: Final = 100_000  # of all routes together: trying is no reason to wait
MOST_NAMED: Final = 12  # options of one item that a route may speak of
Homes = Mapping[str, tuple[Section, Item]]


def unreachable(instrument: Instrument) -> Iterator[Fault]:
    """Every item whose route, together with its section's, can never hold; what cannot be tried in full may hold."""
    if not instrument.has_routes:
        return
    homes = {item.id: (section, item) for section in instrument.sections for item in section.items}
    named, tried = _options_named(instrument), 0
    for section, item in homes.values():
        read = _read_before(section, item, instrument, homes) if section.when or item.when else None
        if read is None:
            continue
        domains = [_domain(homes[name][1], named.get(name, set())) for name in read]
        many = prod(map(len, domains))
        work = many * (len(read) + 1)
        if many <= MOST_COMBINATIONS and tried + work <= MOST_TRIED:
            tried += work
            if _never(item, read, domains, _only(instrument, {*read, item.id}, homes)):
                yield Fault(f"sections.{section.id}.{item.id}.when", "unreachable")


def _never(item: Item, read: list[str], domains: list[list[Any]], small: Instrument) -> bool:
    """Whether no combination of answers leads to the item."""
    for answers in product(*domains):
        responses = {name: answer for name, answer in zip(read, answers, strict=True) if answer is not None}
        if item.id in asked(travelled(small, responses, {}, 0)):
            return False
    return True


def _only(instrument: Instrument, items: set[str], homes: Homes) -> Instrument:
    """The instrument with these items alone: all that matters for the route of one of them."""
    kept: dict[str, list[Item]] = {}
    for name, (section, item) in homes.items():
        if name in items:
            kept.setdefault(section.id, []).append(item)
    sections = [section for section in instrument.sections if section.id in kept]
    small = [section.model_copy(update={"items": tuple(kept[section.id])}) for section in sections]
    fields: dict[str, Any] = {"sections": tuple(small), "facts": instrument.facts, "values": instrument.values}
    return Instrument.model_construct(**fields)


def _read_before(section: Section, item: Item, instrument: Instrument, homes: Homes) -> list[str] | None:
    """The items that decide, directly or through the routes of others; `None` where figures or numbers do as well."""
    waiting, found = [section.when, item.when], dict[str, None]()
    while waiting:
        statement = waiting.pop()
        for part in () if statement is None else nested(statement):
            if isinstance(part, Compare) or _by_figures(part, homes):
                return None
            for name in items_in(part, instrument):
                if name in homes and name not in found:
                    found[name] = None
                    home, each = homes[name]
                    waiting += [home.when, each.when]
    return list(found)


def _by_figures(statement: Any, homes: Homes) -> bool:
    """Whether figures may decide it: then it cannot be tried."""
    home = homes.get(getattr(statement, "item", ""))
    return home is not None and isinstance(home[1], FigureItem)


def _domain(item: Item, named: set[str]) -> list[Any]:
    """The answers that can make a difference, where a route speaks of the options `named`; `None` is no answer."""
    if isinstance(item, Single):
        return [None, *(option.id for option in item.options)]
    if isinstance(item, Scene):
        return [None, *range(len(item.levels))]
    if isinstance(item, Multiple):
        return [None, *_choices(item, _with_required(item, named))]
    if isinstance(item, Grid):
        return [None, *_ratings(item)]
    return [None, "0"]  # a number: only whether there is one can make a difference here


TOO_MANY: Final[list[Any]] = [None] * (MOST_COMBINATIONS + 1)


def _choices(item: Multiple, named: list[str]) -> list[Any]:
    """Every choice among `named` options; the first stands for any of the others."""
    if len(named) > MOST_NAMED:
        return TOO_MANY
    sets = chain.from_iterable(combinations(named, count) for count in range(1, len(named) + 1))
    allowed = (item.clean("", list(chosen)) for chosen in sets)
    return [(), *(chosen for chosen in allowed if isinstance(chosen, tuple))]


def _with_required(item: Multiple, named: set[str]) -> list[str]:
    """The options and all those without which they cannot be chosen."""
    options, waiting, found = {option.id: option for option in item.options}, sorted(named), dict[str, None]()
    while waiting:
        name = waiting.pop()
        if name in options and name not in found:
            found[name] = None
            waiting.extend(options[name].requires)
    return sorted(found)


def _ratings(item: Grid) -> list[Any]:
    """Every rating of the rows, open ones among them."""
    options = [None, *(option.id for option in item.options)]
    if len(options) ** len(item.rows) > MOST_COMBINATIONS:
        return TOO_MANY
    ratings = product(options, repeat=len(item.rows))
    return [{row.id: each for row, each in zip(item.rows, rating, strict=True) if each} for rating in ratings]


def _options_named(instrument: Instrument) -> dict[str, set[str]]:
    """The options of each item that some route speaks of."""
    found: dict[str, set[str]] = {}
    for section in instrument.sections:
        for when in (section.when, *(item.when for item in section.items)):
            for part in () if when is None else nested(when):
                if isinstance(part, Chosen):
                    found.setdefault(part.item, set()).update(part.options())
    return found
