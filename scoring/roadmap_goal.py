"""The goal of a roadmap: the conditions of the next step as requirements, each a number that must be reached.

Points are reached where `low` is high enough, scenes where enough of them stand there for sure; any other condition is
reached (1) or not (0). Conditions that only a person can tell are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

from pydantic import BaseModel

from questionnaires.items import may_not_apply
from scoring.conditions import AllOf, AnyOf, Judge, Manual, MeasureAtLeast, Number, ScenesAtLeast, Standing
from scoring.ladder import Step
from scoring.roadmap_oracle import judge_of
from scoring.scorer import Scorer

MOST_ALTERNATIVES: Final = 64
ADDITIVE: Final = frozenset({"weighted_mean", "mean", "sum"})
SPLIT: Final[Mapping[str, type[AllOf] | type[AnyOf]]] = {"minimum": AllOf, "maximum": AnyOf}
"""Nodes that reach some points when all, or any, of their children do."""


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """A condition with its `path` (places among the conditions, from the step down) and its judge."""

    path: tuple[int, ...]
    condition: Any
    judge: Judge

    def stands(self, standing: Standing) -> tuple[Number, Number]:
        """What there is for sure, and what is needed."""
        judged = self.judge(standing)
        if isinstance(self.condition, MeasureAtLeast | ScenesAtLeast):
            assert judged.low is not None and judged.need is not None
            return judged.low, judged.need
        return int(judged.state in ("met", "not_applicable")), 1

    def hopeless(self, standing: Standing) -> bool:
        """Whether no answers within `standing` reach it."""
        return self.judge(standing).state == "unmet"


@dataclass(frozen=True, slots=True)
class Goal:
    """`all` or `any` of `parts`; `manual` are the paths of conditions that are set aside here."""

    every: bool
    parts: tuple[Goal | Requirement, ...]
    manual: tuple[tuple[int, ...], ...] = field(default=())

    def holds(self, standing: Standing) -> bool:
        return self._kind(part.holds(standing) if isinstance(part, Goal) else _reached(part, standing)
                          for part in self.parts)  # fmt: skip

    def hopeless(self, standing: Standing) -> bool:
        """Whether no answers within `standing` make it hold."""
        found = (part.hopeless(standing) for part in self.parts)
        return any(found) if self.every else all(found)

    def _kind(self, states: Iterator[bool]) -> bool:
        return all(states) if self.every else any(states)

    def requirements(self) -> Iterator[Requirement]:
        for part in self.parts:
            yield from part.requirements() if isinstance(part, Goal) else (part,)

    def aside(self) -> Iterator[tuple[int, ...]]:
        """The paths of all conditions that a person decides."""
        yield from self.manual
        for part in self.parts:
            if isinstance(part, Goal):
                yield from part.aside()

    def alternatives(self) -> list[tuple[Requirement, ...]] | None:
        """Ways to make it hold: in each, all requirements must be reached. `None` where there are too many."""
        found = [part.alternatives() if isinstance(part, Goal) else [(part,)] for part in self.parts]
        if any(ways is None for ways in found):
            return None
        ways = [ways for ways in found if ways is not None]
        number = 1
        for each in ways:
            number = number * len(each) if self.every else number
        if number > MOST_ALTERNATIVES or sum(map(len, ways)) > MOST_ALTERNATIVES:
            return None
        if not self.every:
            return [way for each in ways for way in each]
        return [tuple(part for way in chosen for part in way) for chosen in product(*ways)]


def _reached(requirement: Requirement, standing: Standing) -> bool:
    now, need = requirement.stands(standing)
    return now >= need


def goal_of(scorer: Scorer, steps: Sequence[Step], lenient: bool) -> Goal:
    """All conditions of `steps`. `lenient`: where one of several suffices, what a person decides may be it."""
    parts = [
        _part(scorer, condition, (step.level, place), lenient)
        for step in steps
        for place, condition in enumerate(step.conditions)
    ]
    return _all(parts)


Part = Goal | Requirement | tuple[int, ...]
"""A path alone is something that a person decides."""


def _all(parts: Sequence[Part]) -> Goal:
    return Goal(
        True,
        tuple(part for part in parts if not isinstance(part, tuple)),
        tuple(part for part in parts if isinstance(part, tuple)),
    )


def _part(scorer: Scorer, condition: Any, path: tuple[int, ...], lenient: bool) -> Part:
    if isinstance(condition, Manual):
        return path
    if isinstance(condition, AllOf | AnyOf):
        inner = [_part(scorer, each, (*path, place), lenient) for place, each in enumerate(condition.conditions)]
        return _all(inner) if isinstance(condition, AllOf) else _any(inner, lenient)
    split = _split(scorer, condition)
    if split is not None:
        kind, conditions = split
        inner = [_part(scorer, each, path, lenient) for each in conditions]
        return _all(inner) if kind is AllOf else _any(inner, lenient)
    return Requirement(path, condition, judge_of(scorer, condition))


def _any(parts: Sequence[Part], lenient: bool) -> Part:
    """Without leniency a way that a person decides is a way only where there is no other."""
    open_ones = [part for part in parts if isinstance(part, tuple)]
    ways = tuple(part for part in parts if not isinstance(part, tuple))
    if open_ones and (lenient or not ways):
        return Goal(True, (), tuple(open_ones))
    return Goal(False, ways)


def _split(scorer: Scorer, condition: Any) -> tuple[type[AllOf] | type[AnyOf], list[MeasureAtLeast]] | None:
    """The points of a minimum or maximum, as points of its children; not where some may turn out not to apply."""
    if not isinstance(condition, MeasureAtLeast):
        return None
    measure = scorer.measures[condition.measure]
    kind = SPLIT.get(measure.node.combine) if measure.children else None
    if kind is None or any(may_not_apply(scorer.instrument.items[item]) for item in _below(scorer, measure.id)):
        return None
    return kind, [
        MeasureAtLeast(kind="measure_at_least", measure=child, points=condition.points) for child in measure.children
    ]


# -- what a condition looks at -----------------------------------------------------------------------------------------


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
        yield from _below(scorer, value)


def _below(scorer: Scorer, measure_id: str) -> Iterator[str]:
    """The items that the indicators of a measure look at."""
    measure = scorer.measures[measure_id]
    if measure.node.rule is not None:
        yield from _read(scorer, measure.node.rule)
    for child in measure.children:
        yield from _below(scorer, child)


def routes_read(scorer: Scorer) -> frozenset[str]:
    """Every item that decides whether something is asked."""
    sections = scorer.instrument.sections
    whens = [when for section in sections for when in (section.when, *(item.when for item in section.items)) if when]
    return frozenset(item for when in whens for item in _read(scorer, when))


def additive(scorer: Scorer, condition: Any, changeable: frozenset[str], answered: frozenset[str]) -> bool:
    """Whether changes on different items add to a requirement independently of each other."""
    if isinstance(condition, ScenesAtLeast):
        return True
    if isinstance(condition, MeasureAtLeast):
        return _sums(scorer, condition.measure, changeable, answered)
    return len(items_read(scorer, condition) & changeable) <= 1


def _sums(scorer: Scorer, measure_id: str, changeable: frozenset[str], answered: frozenset[str]) -> bool:
    measure = scorer.measures[measure_id]
    read = items_read(scorer, measure.node.rule) if measure.node.rule is not None else frozenset()
    instrument = scorer.instrument
    if any(may_not_apply(instrument.items[item]) and item not in answered for item in read & changeable):
        return False  # whether it applies would be settled by a change
    if not measure.children:
        return len(read & changeable) <= 1
    touched = frozenset(_below(scorer, measure_id)) & changeable
    if len(touched) > 1 and measure.node.combine not in ADDITIVE:
        return False
    return all(_sums(scorer, child, changeable, answered) for child in measure.children)
