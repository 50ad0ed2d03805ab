"""The ladder of maturity levels, and eligibility checks, which are ladders with one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.text import Strict, Text
from scoring.conditions import Condition, LevelAtLeast, State, condition_faults, nested
from scoring.tree import Measure


class Step(Strict):
    """One level and all the conditions that must hold for it."""

    level: int
    name: Text
    title: Text | None = None
    title_confidence: str | None = None
    meaning: Text
    source: str
    confidence: str
    conditions: tuple[Condition, ...]


class Ladder(Strict):
    """`highest`: the level is the highest step that holds. `stepwise`: every step below must hold as well."""

    reached: Literal["highest", "stepwise"]
    none: Text
    none_meaning: Text | None = None
    source: str
    confidence: str
    steps: tuple[Step, ...]

    def step(self, level: int) -> Step | None:
        return self.steps[level - 1] if 1 <= level <= len(self.steps) else None

    def level_name(self, level: int) -> Text:
        step = self.step(level)
        return self.none if step is None else step.name


class Check(Strict):
    """Something a firm can apply for, and what it takes."""

    id: str
    title: Text
    about: Text
    source: str
    confidence: str
    conditions: tuple[Condition, ...]


def levels(ladder: Ladder, states: Sequence[State]) -> tuple[int, int]:
    """The sure and the possible level, from the state of each step. 0 is none."""
    return _reached(ladder, states, {"met"}), _reached(ladder, states, {"met", "unknown", "manual"})


def _reached(ladder: Ladder, states: Sequence[State], holding: set[str]) -> int:
    holds = [state in holding for state in states]
    if ladder.reached == "stepwise":
        return holds.index(False) if False in holds else len(holds)
    return max((level for level, held in enumerate(holds, 1) if held), default=0)


def ladder_faults(
    ladder: Ladder, checks: Sequence[Check], instrument: Instrument, measures: Mapping[str, Measure]
) -> Iterator[Fault]:
    """Every fault of the ladder and the checks, each with its path."""
    if not ladder.steps or [step.level for step in ladder.steps] != list(range(1, len(ladder.steps) + 1)):
        yield Fault("ladder.steps", "levels_order")
    for step in ladder.steps:
        path = f"ladder.steps.{step.level}"
        yield from condition_faults(path, step.conditions, instrument, measures)
        for place, condition in nested(path, step.conditions):
            if isinstance(condition, LevelAtLeast):
                yield Fault(f"{place}.kind", "own_level")
    seen: set[str] = set()
    for check in checks:
        if check.id in seen:
            yield Fault("checks", "twice", {"name": check.id})
        seen.add(check.id)
        yield from condition_faults(f"checks.{check.id}", check.conditions, instrument, measures)
