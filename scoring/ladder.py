"""The ladder of maturity levels, and eligibility checks, which are ladders with one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.references import placed
from questionnaires.statements import HOLDING, State
from questionnaires.text import Strict, Text
from scoring.conditions import Condition, condition_faults
from scoring.measure_conditions import LevelAtLeast, MeasureAtLeast, ScenesAtLeast
from scoring.tree import Measure
from scoring.tree_faults import numbers_in, too_fine


class Step(Strict):
    """One level and all the conditions that must hold for it."""

    level: int
    name: Text
    title: Text | None = None
    title_confidence: str | None = None
    meaning: Text = Text()
    source: str = ""
    confidence: str = ""
    conditions: tuple[Condition, ...]


class Ladder(Strict):
    """`highest`: the level is the highest step that holds. `stepwise`: every step below must hold as well."""

    reached: Literal["highest", "stepwise"]
    none: Text = Text()
    none_meaning: Text | None = None
    source: str = ""
    confidence: str = ""
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
    about: Text = Text()
    source: str = ""
    confidence: str = ""
    conditions: tuple[Condition, ...]


def levels(ladder: Ladder, states: Sequence[State]) -> tuple[int, int]:
    """The sure and the possible level, from the state of each step. 0 is none."""
    return _reached(ladder, states, HOLDING), _reached(ladder, states, POSSIBLE)


POSSIBLE: Final = HOLDING | {"unknown", "manual"}


def _reached(ladder: Ladder, states: Sequence[State], holding: frozenset[str]) -> int:
    holds = [state in holding for state in states]
    if ladder.reached == "stepwise":
        return holds.index(False) if False in holds else len(holds)
    return max((level for level, held in enumerate(holds, 1) if held), default=0)


def ladder_faults(
    ladder: Ladder | None, checks: Sequence[Check], instrument: Instrument, measures: Mapping[str, Measure]
) -> Iterator[Fault]:
    """Every fault of the ladder and the checks, each with its path."""
    if too_fine(numbers_in((ladder, *checks))):
        yield Fault("ladder", "too_fine")
        return
    if ladder is not None:
        found = list(_step_faults(ladder, instrument, measures))
        yield from found or passed_over(ladder)
    seen: set[str] = set()
    for check in checks:
        if check.id in seen:
            yield Fault("checks", "twice", {"name": check.id})
        seen.add(check.id)
        yield from condition_faults(f"checks.{check.id}", check.conditions, instrument, measures)


def _step_faults(ladder: Ladder, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
    if not ladder.steps or [step.level for step in ladder.steps] != list(range(1, len(ladder.steps) + 1)):
        yield Fault("ladder.steps", "levels_order")
    for step in ladder.steps:
        path = f"ladder.steps.{step.level}"
        yield from condition_faults(path, step.conditions, instrument, measures)
        for place, condition in enumerate(step.conditions):
            for here, part in placed(f"{path}.conditions[{place}]", condition):
                if isinstance(part, LevelAtLeast):
                    yield Fault(f"{here}.kind", "own_level")


def passed_over(ladder: Ladder) -> Iterator[Fault]:
    """Steps that are never the result, since whoever meets them meets a higher one as well."""
    if ladder.reached == "stepwise":
        return
    for place, step in enumerate(ladder.steps):
        for higher in ladder.steps[place + 1 :]:
            if all(any(_implies(own, asked) for own in step.conditions) for asked in higher.conditions):
                yield Fault(f"ladder.steps.{step.level}", "passed_over", {"level": higher.level})
                break


def _implies(own: Condition, asked: Condition) -> bool:
    """Whether meeting `own` surely means meeting `asked`. Only simple conditions are compared."""
    if isinstance(own, MeasureAtLeast) and isinstance(asked, MeasureAtLeast):
        return own.measure == asked.measure and own.points >= asked.points
    if isinstance(own, ScenesAtLeast) and isinstance(asked, ScenesAtLeast):
        stricter = own.constrained or not asked.constrained
        return stricter and own.level >= asked.level and own.count >= asked.count
    return own == asked
