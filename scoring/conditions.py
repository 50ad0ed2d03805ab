"""Conditions of levels and checks. Adding one is a class and its line in `Condition`.

`judge_of(condition, unit, measures)` gives a function that judges a `Standing`: the points of every measure as an
interval, how many scenes have reached each level, the answers themselves, and, for checks, the level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from questionnaires.checks import never_asked
from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.references import CHECKED, count_faults, placed
from questionnaires.statements import (
    Answered,
    Chosen,
    Compare,
    SceneAtLeast,
    State,
    Stated,
    all_of,
    any_of,
    counted,
    opposite,
)
from questionnaires.values import known
from scoring.measure_conditions import (
    LevelAtLeast,
    Manual,
    MeasureAtLeast,
    MeasureCompare,
    MeasureValue,
    ScenesAtLeast,
)
from scoring.standing import Judge, Judged, Standing
from scoring.tree import Measure


class Combined(Stated):
    """A condition made of others, its `parts`."""

    @property
    def parts(self) -> tuple[Condition, ...]:
        raise NotImplementedError

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        return iter(())

    def together(self, states: Sequence[State]) -> State:
        """The state of the whole from those of its parts."""
        raise NotImplementedError


class Group(Combined):
    """Several conditions of equal standing."""

    conditions: tuple[Condition, ...]

    @property
    def parts(self) -> tuple[Condition, ...]:
        return self.conditions

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        if not self.conditions:
            yield Fault(f"{path}.conditions", "no_conditions")


class AllOf(Group):
    """Every one of `conditions`."""

    kind: Literal["all_of"]

    def together(self, states: Sequence[State]) -> State:
        return all_of(states)


class AnyOf(Group):
    """At least one of `conditions`."""

    kind: Literal["any_of"]

    def together(self, states: Sequence[State]) -> State:
        return any_of(states)


class CountOf(Group):
    """At least, or at most, so many of `conditions`."""

    kind: Literal["count_of"]
    at_least: int = Field(default=0, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    def faults(self, path: str, instrument: Instrument, measures: Mapping[str, Measure]) -> Iterator[Fault]:
        yield from super().faults(path, instrument, measures)
        yield from count_faults(path, self, instrument)

    def together(self, states: Sequence[State]) -> State:
        return counted(states, self.at_least, self.at_most)


class Not(Combined):
    """The opposite."""

    kind: Literal["not"]
    condition: Condition

    @property
    def parts(self) -> tuple[Condition, ...]:
        return (self.condition,)

    def together(self, states: Sequence[State]) -> State:
        return opposite(states[0])


class OnlyIf(Combined):
    """Asked only of those of whom `if` holds; of others the condition is not applicable."""

    kind: Literal["only_if"]
    if_: Condition = Field(alias="if")
    then: Condition

    @property
    def parts(self) -> tuple[Condition, ...]:
        return (self.if_, self.then)

    def together(self, states: Sequence[State]) -> State:
        asked, then = states
        if asked in ("unmet", "not_applicable") or then == "not_applicable":
            return "not_applicable"
        return then if asked == "met" else asked  # even where `then` is met: it may yet be left out beside others


Condition = Annotated[
    MeasureAtLeast
    | MeasureCompare
    | MeasureValue
    | ScenesAtLeast
    | LevelAtLeast
    | Manual
    | AllOf
    | AnyOf
    | CountOf
    | Not
    | OnlyIf
    | Chosen
    | Answered
    | SceneAtLeast
    | Compare,
    Field(discriminator="kind"),
]
ANSWER_STATEMENTS: Final = (Chosen, Answered, SceneAtLeast, Compare)
for _model in (AllOf, AnyOf, CountOf, Not, OnlyIf):
    _model.model_rebuild()


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a combined one is made of."""
    return condition.parts if isinstance(condition, Combined) else ()


def judge_of(condition: Condition, unit: int, measures: Mapping[str, Measure]) -> Judge:
    """The function that judges a condition."""
    if isinstance(condition, Combined):
        judges, together = [judge_of(part, unit, measures) for part in condition.parts], condition.together
        return lambda standing: Judged(together([judge(standing).state for judge in judges]))
    if isinstance(condition, ANSWER_STATEMENTS):
        return _judge_answers(condition)
    return condition.judge(unit, measures)


def _judge_answers(statement: Any) -> Judge:
    """A statement about answers; a comparison tells its value and its first bound as well."""
    if not isinstance(statement, Compare):
        return lambda standing: Judged(statement.state(standing.given))
    bound = next(iter(statement.bounds().values()))

    def judge(standing: Standing) -> Judged:
        value, need = known(statement.value, standing.given), known(bound, standing.given)
        return Judged(statement.state(standing.given), value, value, need)

    return judge


def condition_faults(
    path: str, conditions: Sequence[Condition], instrument: Instrument, measures: Mapping[str, Measure]
) -> Iterator[Fault]:
    """Every fault of a list of conditions. An empty one would always hold."""
    if not conditions:
        yield Fault(f"{path}.conditions", "no_conditions")
    for place, condition in enumerate(conditions):
        for here, part in placed(f"{path}.conditions[{place}]", condition):
            check = CHECKED.get(type(part))
            found = list(check(here, part, instrument) if check else part.faults(here, instrument, measures))
            yield from found
            if isinstance(part, Compare) and not found:
                for value in (part.value, *part.bounds().values()):
                    yield from never_asked(here, value, instrument)
