"""Faults of a definition that no single field shows: names used twice or not known, bands that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaires.facts import UNITS
from questionnaires.faults import Fault
from questionnaires.figures import Bands, Figures
from questionnaires.instrument import Instrument
from questionnaires.items import Item, Multiple, Scene, Single


def faults_in(instrument: Instrument) -> Iterator[Fault]:
    """Every fault, each with its path."""
    yield from _twice("sections", (section.id for section in instrument.sections))
    yield from _twice("items", (item.id for section in instrument.sections for item in section.items))
    yield from _twice("facts", (kind.id for kind in instrument.facts))
    for kind in instrument.facts:
        yield from _known(f"facts.{kind.id}.part_of", [kind.part_of] if kind.part_of else [], instrument.fact_kinds)
        yield from _known(f"facts.{kind.id}.unit", [kind.unit], UNITS)
        yield from _known(f"facts.{kind.id}.source", [kind.source], instrument.sources)
    for section in instrument.sections:
        for item in section.items:
            yield from _item(f"sections.{section.id}.{item.id}", item, instrument)


def _item(path: str, item: Item, instrument: Instrument) -> Iterator[Fault]:
    yield from _known(f"{path}.source", [item.source], instrument.sources)
    if isinstance(item, Scene):
        yield from _known(f"{path}.group", [item.group], instrument.groups)
        if [level.level for level in item.levels] != [0, 1, 2, 3, 4]:
            yield Fault(f"{path}.levels", "scene_levels")
        return
    ids = [option.id for option in item.options]
    yield from _twice(f"{path}.options", ids)
    if not ids:
        yield Fault(f"{path}.options", "no_options")
    if isinstance(item, Multiple):
        for option in item.options:
            yield from _known(f"{path}.options.{option.id}.requires", option.requires, ids)
    if isinstance(item, Single) and item.figures is not None:
        yield from _figures(f"{path}.figures", item.figures, ids, instrument)


def _figures(path: str, figures: Figures, ids: list[str], instrument: Instrument) -> Iterator[Fault]:
    yield from _known(f"{path}.options", figures.option_ids(), ids)
    for quantity in figures.quantities():
        yield from _known(path, quantity.facts(), instrument.fact_kinds)
    if isinstance(figures, Bands):
        bands = figures.bands
        if len(bands.options) != len(bands.edges) + 1:
            counts = {"edges": len(bands.edges), "needed": len(bands.edges) + 1, "options": len(bands.options)}
            yield Fault(f"{path}.bands", "band_count", counts)
        if any(low >= high for low, high in zip(bands.edges, bands.edges[1:], strict=False)):
            yield Fault(f"{path}.bands.edges", "band_order")


def _twice(path: str, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield Fault(path, "twice", {"name": name})
        seen.add(name)


def _known(path: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    allowed = list(known)
    for name in names:
        if name not in allowed:
            yield Fault(path, "unknown_name", {"name": name, "known": ", ".join(allowed)})
