"""Faults of a definition that no single field shows: names used twice or not known, bands that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from questionnaires.facts import UNITS
from questionnaires.faults import Fault, some
from questionnaires.figures import Bands, Figures
from questionnaires.instrument import Instrument, Quality
from questionnaires.items import FigureItem, Grid, Item, Multiple, Number, Scene, Single
from questionnaires.needed import figures_needed
from questionnaires.reach import unreachable
from questionnaires.references import listed, statement_faults, value_faults
from questionnaires.value_kinds import NamedValue
from questionnaires.values import Value, inside


def faults_in(instrument: Instrument) -> Iterator[Fault]:
    """Every fault, each with its path."""
    yield from twice("sections", (section.id for section in instrument.sections))
    yield from twice("items", (item.id for section in instrument.sections for item in section.items))
    yield from twice("facts", (kind.id for kind in instrument.facts))
    yield from twice("references", (reference.id for reference in instrument.references))
    for kind in instrument.facts:
        whole = [kind.part_of] if kind.part_of else []
        yield from listed(f"facts.{kind.id}.part_of", whole, "facts", instrument.fact_kinds)
        yield from known(f"facts.{kind.id}.unit", [kind.unit], UNITS)
    yield from _values(instrument)
    sound = list(_sections(instrument))
    yield from sound
    yield from _cross_checks(instrument)
    yield from _quality(instrument.quality or Quality(), instrument)
    if not sound:
        yield from unreachable(instrument)


def _values(instrument: Instrument) -> Iterator[Fault]:
    """Derived values; one may use only those before it, so that none ever leads back to itself."""
    before, told = set[str](), set[str]()
    uses = {name: _named_in(derivation.calculation) for name, derivation in instrument.values.items()}
    for name, derivation in instrument.values.items():
        path = f"values.{name}.is"
        for part in inside(derivation.calculation):
            if isinstance(part, NamedValue) and part.value in instrument.values and part.value not in before:
                if (loop := _way(part.value, name, uses)) is None:
                    yield Fault(path, "later_value", {"name": part.value})
                elif not told.issuperset(loop):
                    told.update(loop)
                    yield Fault(path, "value_cycle", {"loop": " → ".join([name, *loop])})
        yield from value_faults(path, derivation.calculation, instrument)
        before.add(name)


def _named_in(value: Value) -> list[str]:
    return [part.value for part in inside(value) if isinstance(part, NamedValue)]


def _way(start: str, end: str, uses: Mapping[str, list[str]]) -> list[str] | None:
    """The names that lead from one value to another, both included; `None` where none do."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        onward = [name for name in uses.get(way[-1], ()) if name not in seen]
        seen.update(onward)
        ways.extend([*way, name] for name in onward)
    return None


def never_asked(path: str, value: Value, instrument: Instrument) -> Iterator[Fault]:
    """Figures a value needs that no item asks for: it could never be known."""
    named = {name: derivation.calculation for name, derivation in instrument.values.items()}
    for kind, year in sorted(set(figures_needed(value, named))):
        if kind in instrument.fact_kinds and (kind, year) not in instrument.figures_asked:
            yield Fault(path, "not_asked", {"name": kind, "year": f"{year:+d}"})


def _sections(instrument: Instrument) -> Iterator[Fault]:
    before: list[str] = []
    for section in instrument.sections:
        if section.when is not None:
            yield from statement_faults(f"sections.{section.id}.when", section.when, instrument, before)
        for item in section.items:
            path = f"sections.{section.id}.{item.id}"
            if item.when is not None:
                yield from statement_faults(f"{path}.when", item.when, instrument, before)
            yield from listed(f"{path}.source", [item.source] if item.source else [], "sources", instrument.sources)
            yield from ITEM_FAULTS[type(item)](path, item, instrument)
            before.append(item.id)


def _cross_checks(instrument: Instrument) -> Iterator[Fault]:
    yield from twice("cross_checks", (check.id for check in instrument.cross_checks))
    for check in instrument.cross_checks:
        yield from known(f"cross_checks.{check.id}.item", [check.item], instrument.items)
        yield from statement_faults(f"cross_checks.{check.id}.fails_if", check.fails_if, instrument)


def _quality(quality: Quality, instrument: Instrument) -> Iterator[Fault]:
    ids = [each.id for each in quality.contradictions] + [each.id for each in quality.plausible]
    yield from twice("quality", ids)
    for contradiction in quality.contradictions:
        path = f"quality.contradictions.{contradiction.id}"
        yield from known(f"{path}.items", contradiction.items, instrument.items)
        yield from statement_faults(f"{path}.if", contradiction.if_, instrument)
    for plausible in quality.plausible:
        path = f"quality.plausible.{plausible.id}"
        yield from value_faults(f"{path}.value", plausible.value, instrument)
        if plausible.at_least is None and plausible.at_most is None:
            yield Fault(path, "no_bounds")


def _scene(path: str, item: Scene, instrument: Instrument) -> Iterator[Fault]:
    yield from known(f"{path}.group", [item.group], instrument.groups)
    if [level.level for level in item.levels] != [0, 1, 2, 3, 4]:
        yield Fault(f"{path}.levels", "scene_levels")


def _options(path: str, item: Single | Multiple | Grid, instrument: Instrument) -> Iterator[Fault]:
    ids = [option.id for option in item.options]
    yield from twice(f"{path}.options", ids)
    if not ids:
        yield Fault(f"{path}.options", "no_options")
    for option in item.options:
        yield from known(f"{path}.options.{option.id}.requires", option.requires, ids)
        if option.not_applicable and not isinstance(item, Single):
            yield Fault(f"{path}.options.{option.id}.not_applicable", "only_single")


def _single(path: str, item: Single, instrument: Instrument) -> Iterator[Fault]:
    yield from _options(path, item, instrument)
    if item.figures is not None:
        yield from _figures(f"{path}.figures", item.figures, [option.id for option in item.options], instrument)


def _grid(path: str, item: Grid, instrument: Instrument) -> Iterator[Fault]:
    yield from _options(path, item, instrument)
    yield from twice(f"{path}.rows", (row.id for row in item.rows))


def _number(path: str, item: Number, instrument: Instrument) -> Iterator[Fault]:
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        yield Fault(f"{path}.maximum", "too_small", {"minimum": item.minimum})


def _figure_item(path: str, item: FigureItem, instrument: Instrument) -> Iterator[Fault]:
    yield from listed(f"{path}.asks", (asked.fact for asked in item.asks), "facts", instrument.fact_kinds)


ITEM_FAULTS: Final[Mapping[type[Item], Callable[[str, Any, Instrument], Iterator[Fault]]]] = {
    Single: _single,
    Multiple: _options,
    Scene: _scene,
    Number: _number,
    Grid: _grid,
    FigureItem: _figure_item,
}


def _figures(path: str, figures: Figures, ids: list[str], instrument: Instrument) -> Iterator[Fault]:
    yield from known(f"{path}.options", figures.option_ids(), ids)
    for quantity in figures.quantities():
        yield from listed(path, quantity.facts(), "facts", instrument.fact_kinds)
    if isinstance(figures, Bands):
        yield from band_faults(f"{path}.bands", figures.bands.edges, len(figures.bands.options))


def band_faults(path: str, edges: tuple[Any, ...], bands: int, code: str = "band_count") -> Iterator[Fault]:
    """Bands without gap or overlap: rising edges, and one band more than edges."""
    if bands != len(edges) + 1:
        yield Fault(path, code, {"edges": len(edges), "needed": len(edges) + 1, "bands": bands})
    if any(low >= high for low, high in pairwise(edges)):
        yield Fault(f"{path}.edges", "band_order")


def twice(path: str, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield Fault(path, "twice", {"name": name})
        seen.add(name)


def known(path: str, names: Iterable[str], allowed: Iterable[str]) -> Iterator[Fault]:
    there = allowed if isinstance(allowed, Collection) else list(allowed)
    for name in names:
        if name not in there:
            yield Fault(path, "unknown_name", {"name": name, "known": some(there)})
