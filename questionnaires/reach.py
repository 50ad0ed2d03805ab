"""Items that nobody can ever be asked, because their route contradicts itself.

Every combination of the answers that a route speaks of is tried, as far as there are few enough of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, product
from math import prod
from typing import Any, Final

from questionnaires.faults import Fault
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Grid, Item, Multiple, Scene, Single
from questionnaires.references import items_in
from questionnaires.routes import asked, travelled
from questionnaires.statements import Chosen, Compare, nested

MOST_COMBINATIONS: Final = 20_000


def unreachable(instrument: Instrument) -> Iterator[Fault]:
    """Every item whose route, together with its section's, can never hold."""
    if not instrument.has_routes:
        return
    for section in instrument.sections:
        for item in section.items:
            if (section.when or item.when) and _never(section, item, instrument):
                yield Fault(f"sections.{section.id}.{item.id}.when", "unreachable")


def _never(section: Section, item: Item, instrument: Instrument) -> bool:
    """Whether no combination of answers leads to the item. What cannot be tried in full counts as reachable."""
    read = _read_before(section, item, instrument)
    if read is None:
        return False
    domains = [_domain(instrument.items[name], instrument) for name in read]
    if prod(map(len, domains)) > MOST_COMBINATIONS:
        return False
    for answers in product(*domains):
        responses = {name: answer for name, answer in zip(read, answers, strict=True) if answer is not None}
        if item.id in asked(travelled(instrument, responses, {}, 0)):
            return False
    return True


def _read_before(section: Section, item: Item, instrument: Instrument) -> list[str] | None:
    """The items that decide, directly or through the routes of others; `None` where figures or numbers do as well."""
    waiting, found = [section.when, item.when], list[str]()
    homes = {each.id: (home, each) for home in instrument.sections for each in home.items}
    while waiting:
        statement = waiting.pop()
        for part in () if statement is None else nested(statement):
            if isinstance(part, Compare):
                return None
            for name in items_in(part, instrument):
                if name in homes and name not in found:
                    found.append(name)
                    home, each = homes[name]
                    waiting += [home.when, each.when]
    return found


def _domain(item: Item, instrument: Instrument) -> list[Any]:
    """The answers that can make a difference; `None` is no answer."""
    if isinstance(item, Single):
        return [None, *(option.id for option in item.options)]
    if isinstance(item, Scene):
        return [None, *range(len(item.levels))]
    if isinstance(item, Multiple):
        named = sorted(_options_named(item.id, instrument))
        sets = chain.from_iterable(combinations(named, count) for count in range(len(named) + 1))
        allowed = (item.clean("", list(chosen)) for chosen in sets if chosen)
        return [None, (), *(chosen for chosen in allowed if isinstance(chosen, tuple))]
    if isinstance(item, Grid):
        return [None, *({row.id: option.id} for row in item.rows for option in item.options)]
    return [None, "none"]


def _options_named(item_id: str, instrument: Instrument) -> set[str]:
    """The options of an item that some route speaks of."""
    statements: Iterable[Any] = (
        when
        for section in instrument.sections
        for when in (section.when, *(item.when for item in section.items))
        if when is not None
    )
    return {
        option
        for statement in statements
        for part in nested(statement)
        if isinstance(part, Chosen) and part.item == item_id
        for option in part.options()
    }
