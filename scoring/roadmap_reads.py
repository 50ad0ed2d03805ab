"""What conditions look at, and whether changes to different items add up in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from questionnaires.items import may_not_apply
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


def routes_read(scorer: Scorer) -> frozenset[str]:
    """Every item that decides whether something is asked."""
    sections = scorer.instrument.sections
    whens = [when for section in sections for when in (section.when, *(item.when for item in section.items)) if when]
    return frozenset(item for when in whens for item in _read(scorer, when))


def settled(scorer: Scorer, result: Result, measure_id: str, changeable: frozenset[str]) -> bool:
    """Whether everything below a measure surely applies, or surely does not, whatever is changed."""
    measure = scorer.measures[measure_id]
    doubtful = [item for item in _read(scorer, measure.node.rule) if may_not_apply(scorer.instrument.items[item])]
    if isinstance(result.outcomes[measure_id], Perhaps) or any(
        item in changeable and item not in result.standing.given.responses for item in doubtful
    ):
        return False
    return all(settled(scorer, result, child, changeable) for child in measure.children)


def additive(scorer: Scorer, result: Result, condition: Any, changeable: frozenset[str]) -> bool:
    """Whether changes on different items bring the condition nearer independently of each other."""
    if isinstance(condition, ScenesAtLeast) or len(items_read(scorer, condition) & changeable) <= 1:
        return True
    if not counts_up(condition):
        return False
    return settled(scorer, result, condition.measure, changeable) and _sums(scorer, condition.measure, changeable)


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
