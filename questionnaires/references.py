"""Whether the names inside values and statements stand for something, and for something of the right type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from questionnaires.exact import Rational
from questionnaires.faults import Fault, some
from questionnaires.instrument import Instrument
from questionnaires.items import FigureItem, Grid, Item, Multiple, Number, Scene, Single
from questionnaires.needed import items_of
from questionnaires.statements import Answered, Chosen, Compare, CountOf, SceneAtLeast
from questionnaires.value_kinds import CountValue, FactValue, ItemValue, NamedValue
from questionnaires.value_years import Earlier, Growth, Yearly
from questionnaires.values import Value, inside

MOST_STEPS: Final = 1_000
MOST_NAMED: Final = 50  # named values that lead from one to the next


def statement_faults(
    path: str, statement: Any, instrument: Instrument, before: Collection[str] | None = None
) -> Iterator[Fault]:
    """Every fault of a statement about answers. With `before`, it may speak of those items only."""
    for place, part in placed(path, statement):
        check = CHECKED.get(type(part))
        if check is not None:
            yield from check(place, part, instrument)
        if hasattr(part, "conditions") and not part.conditions:
            yield Fault(f"{place}.conditions", "no_conditions")
        if before is not None:
            read = dict.fromkeys(items_in(part, instrument))
            later = (name for name in read if name in instrument.items and name not in before)
            yield from (Fault(place, "later_item", {"name": name}) for name in later)


def placed(path: str, condition: Any) -> Iterator[tuple[str, Any]]:
    """A statement and all those inside it, each with its path."""
    yield path, condition
    for place, inner in enumerate(getattr(condition, "conditions", ())):
        yield from placed(f"{path}.conditions[{place}]", inner)
    for name, key in (("condition", "condition"), ("if_", "if"), ("then", "then")):
        if (inner := getattr(condition, name, None)) is not None:
            yield from placed(f"{path}.{key}", inner)


def items_in(statement: Any, instrument: Instrument) -> Iterator[str]:
    """The items that one statement reads, also through named values; not those of statements inside it."""
    if isinstance(statement, Chosen | Answered | SceneAtLeast):
        yield statement.item
    elif isinstance(statement, Compare):
        for value in (statement.value, *statement.bounds().values()):
            yield from items_of(value, instrument)


def value_faults(path: str, value: Value, instrument: Instrument) -> Iterator[Fault]:
    """Every fault of a value."""
    if steps(value, instrument, frozenset(), MOST_STEPS) > MOST_STEPS:
        yield Fault(path, "too_costly", {"most": MOST_STEPS})
        return
    for part in inside(value):
        if isinstance(part, FactValue):
            yield from listed(path, [part.fact], "facts", instrument.fact_kinds)
        elif isinstance(part, NamedValue):
            yield from _known(path, [part.value], instrument.values)
        elif isinstance(part, ItemValue):
            yield from item_faults(path, part.item, (Number,), instrument)
        elif isinstance(part, CountValue):
            yield from _count(path, part, instrument)


def steps(value: Value, instrument: Instrument, above: frozenset[str], most: int) -> int:
    """How many steps working a value out takes, named values and years included; counted up to just over `most`."""
    if isinstance(value, NamedValue):
        if value.value in above or value.value not in instrument.values:
            return 1  # a fault of its own
        if len(above) >= MOST_NAMED:
            return most + 1
        return steps(instrument.values[value.value].calculation, instrument, above | {value.value}, most)
    times = len(value.offsets()) if isinstance(value, Growth | Earlier | Yearly) else 1
    taken = 1
    for part in value.parts() if hasattr(value, "parts") else ():
        if taken <= most:
            taken += times * steps(part, instrument, above, most - taken)
    return taken


def _count(path: str, value: CountValue, instrument: Instrument) -> Iterator[Fault]:
    yield from item_faults(path, value.count, (Multiple, Grid), instrument)
    item = instrument.items.get(value.count)
    if isinstance(item, Multiple | Grid):
        known = [option.id for option in item.options if isinstance(item, Grid) or option.id in item.counted]
        yield from _known(f"{path}.of", value.of or (), known)


def item_faults(path: str, item_id: str, needed: tuple[type[Any], ...], instrument: Instrument) -> Iterator[Fault]:
    """Nothing where the item is there and of one of the `needed` types."""
    item = instrument.items.get(item_id)
    if item is None:
        yield from _known(path, [item_id], instrument.items)
    elif not isinstance(item, needed):
        names = " / ".join(TYPE_NAMES[each] for each in needed)
        yield Fault(path, "wrong_type", {"name": item_id, "type": item.type, "needed": names})


TYPE_NAMES: Final[Mapping[type[Any], str]] = {
    Single: "single",
    Multiple: "multiple",
    Scene: "scene",
    Number: "number",
    Grid: "grid",
    FigureItem: "figures",
}


def _chosen(path: str, statement: Chosen, instrument: Instrument) -> Iterator[Fault]:
    item: Item | None = instrument.items.get(statement.item)
    needed = (Grid,) if statement.row is not None else (Single, Multiple, FigureItem)
    asked = next(name for name in ("any", "all", "none") if getattr(statement, name))
    yield from item_faults(f"{path}.item", statement.item, needed, instrument)
    if isinstance(item, Grid) and statement.row is not None:
        yield from _known(f"{path}.row", [statement.row], (row.id for row in item.rows))
    if isinstance(item, Single | Multiple | Grid):
        yield from _known(f"{path}.{asked}", statement.options(), (option.id for option in item.options))
    elif isinstance(item, FigureItem):
        yield from _known(f"{path}.{asked}", statement.options(), ("none",) if item.none else ())


def _answered(path: str, statement: Answered, instrument: Instrument) -> Iterator[Fault]:
    yield from _known(f"{path}.item", [statement.item], instrument.items)


def _scene(path: str, statement: SceneAtLeast, instrument: Instrument) -> Iterator[Fault]:
    yield from item_faults(f"{path}.item", statement.item, (Scene,), instrument)


def bounds_faults(path: str, bounds: Mapping[str, Any]) -> Iterator[Fault]:
    """Bounds that no number can be within, as far as they are numbers."""
    fixed = {name: bound for name, bound in bounds.items() if isinstance(bound, Rational)}
    lows = [(fixed[name], name == "above") for name in ("at_least", "above", "equal") if name in fixed]
    highs = [(fixed[name], name == "below") for name in ("at_most", "below", "equal") if name in fixed]
    for low, open_low in lows:
        if any(low > high or (low == high and (open_low or open_high)) for high, open_high in highs):
            yield Fault(path, "never_holds")
            return


def _compare(path: str, statement: Compare, instrument: Instrument) -> Iterator[Fault]:
    yield from value_faults(f"{path}.value", statement.value, instrument)
    for name, bound in statement.bounds().items():
        yield from value_faults(f"{path}.{name}", bound, instrument)
    yield from bounds_faults(path, statement.bounds())


def count_faults(path: str, statement: Any, instrument: Instrument) -> Iterator[Fault]:
    most = len(statement.conditions)
    if not statement.at_least and statement.at_most is None:
        yield Fault(path, "no_bounds")
    if statement.at_least > most:
        yield Fault(f"{path}.at_least", "over_conditions", {"count": statement.at_least, "most": most})
    if statement.at_most is not None and statement.at_most < statement.at_least:
        yield Fault(f"{path}.at_most", "too_small", {"minimum": statement.at_least})


CHECKED: Final[Mapping[type[Any], Callable[[str, Any, Instrument], Iterator[Fault]]]] = {
    Chosen: _chosen,
    Answered: _answered,
    SceneAtLeast: _scene,
    Compare: _compare,
    CountOf: count_faults,
}


def _known(path: str, names: Iterable[str], allowed: Iterable[str]) -> Iterator[Fault]:
    there = allowed if isinstance(allowed, Collection) else list(allowed)
    for name in names:
        if name not in there:
            yield Fault(path, "unknown_name", {"name": name, "known": some(there)})


def listed(path: str, names: Iterable[str], under: str, there: Collection[str]) -> Iterator[Fault]:
    """Sources and figures that the definition does not list, though it uses them."""
    for name in names:
        if name not in there:
            yield Fault(path, "unlisted", {"name": name, "under": under, "known": some(there)})
