"""What conditions look at, and whether changes to different items add up in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from scoring.intervals import Perhaps
from scoring.measure_conditions import MeasureAtLeast, MeasureCompare, MeasureValue, ScenesAtLeast
from scoring.scorer import Result, Scorer

ADDITIVE: Final = frozenset({"weighted_mean", "mean", "sum"})


def items_read(scorer: Scorer, thing: Any) -> frozenset[str]:
    """Every item that a condition, value or rule looks at, also through measures and named values."""
    return frozenset(_read(scorer, thing))


def _read(scorer: Scorer, thing: Any) -> Iterator[str]:
    if isinstance(thing, ScenesAtLeast):
        yield from (scene.id for scene in scorer.instrument.scenes)
    elif isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield from _read_field(scorer, name, getattr(thing, name))
    elif isinstance(thing, Mapping):
        yield from (item for value in thing.values() for item in _read(scorer, value))
    elif isinstance(thing, tuple | list):
        yield from (item for value in thing for item in _read(scorer, value))


def _read_field(scorer: Scorer, name: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield from _read(scorer, value)
    elif name in ("item", "count"):
        yield value
    elif name == "value" and value in scorer.instrument.values:
        yield from _read(scorer, scorer.instrument.values[value].calculation)
    elif name == "measure" and value in scorer.measures:
        yield from items_below(scorer, value)


def items_below(scorer: Scorer, measure_id: str) -> Iterator[str]:
    """The items that the indicators of a measure look at."""
    measure = scorer.measures[measure_id]
    if measure.node.rule is not None:
        yield from _read(scorer, measure.node.rule)
    for child in measure.children:
        yield from items_below(scorer, child)


def whens(scorer: Scorer) -> list[Any]:
    """Every statement that decides whether a section or an item is asked."""
    sections = scorer.instrument.sections
    return [when for each in sections for when in (each.when, *(item.when for item in each.items)) if when is not None]


def routes_read(scorer: Scorer) -> frozenset[str]:
    """Every item that decides whether something is asked."""
    return frozenset(item for when in whens(scorer) for item in _read(scorer, when))


def settled(scorer: Scorer, result: Result, measure_id: str) -> bool:
    """Whether it is clear, for what can be had for sure, what everything below a measure counts for.

    Where it is open whether something applies, the worst is that it does and earns nothing: that is clear as well, and
    stays so when it turns out to apply. Only where it surely earns something is the worst not the same for all changes.
    """
    outcome = result.outcomes[measure_id]
    if isinstance(outcome, Perhaps) and outcome.low != 0:
        return False
    return all(settled(scorer, result, child) for child in scorer.measures[measure_id].children)


def additive(scorer: Scorer, result: Result, condition: Any, changeable: frozenset[str]) -> bool:
    """Whether changes on different items bring the condition nearer independently of each other."""
    if isinstance(condition, ScenesAtLeast) or len(items_read(scorer, condition) & changeable) <= 1:
        return True
    if not counts_up(condition):
        return False
    return settled(scorer, result, condition.measure) and _sums(scorer, condition.measure, changeable)


def _sums(scorer: Scorer, measure_id: str, changeable: frozenset[str]) -> bool:
    if len(frozenset(items_below(scorer, measure_id)) & changeable) <= 1:
        return True
    measure = scorer.measures[measure_id]
    sums = bool(measure.children) and measure.node.combine in ADDITIVE
    return sums and all(_sums(scorer, child, changeable) for child in measure.children)


def counts_up(condition: Any) -> bool:
    """Whether it asks for so many points, or scenes, or more, and for nothing else."""
    if isinstance(condition, MeasureCompare):
        return list(condition.bounds()) in (["at_least"], ["above"])
    return isinstance(condition, MeasureAtLeast | ScenesAtLeast)


def of_measure(condition: Any) -> str | None:
    """The measure whose points a condition asks for."""
    return condition.measure if isinstance(condition, MeasureAtLeast | MeasureCompare | MeasureValue) else None
