"""Statements about answers and figures: met, unmet or unknown. Adding one is a class here and its line in `Statement`.

Routes, cross checks and quality notes are made of them; the scoring package adds statements about measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, model_validator

from questionnaires.exact import Rational
from questionnaires.faults import refusal
from questionnaires.given import Given
from questionnaires.needed import never_known
from questionnaires.text import Strict, Text
from questionnaires.values import Value, known

State = Literal["met", "unmet", "unknown", "manual", "not_applicable"]
"""`manual`: only a person can tell. `not_applicable`: asked of others only; it neither helps nor hinders."""


HOLDING: Final = frozenset({"met", "not_applicable"})
"""The states in which nothing stands in the way."""


class Stated(Strict):
    """What every statement may carry: `text` says it in words, `advice` what to do where it is not met."""

    text: Text | None = None
    advice: Text | None = None
    source: str | None = None
    confidence: str | None = None


class Chosen(Stated):
    """Of `any` options one is chosen, `all` are chosen, or of `none` not one is. `row` names the row of a grid."""

    kind: Literal["chosen"]
    item: str
    row: str | None = None
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Chosen:
        if sum(map(bool, (self.any, self.all, self.none))) != 1:
            raise refusal("one_of_keys", keys="any, all, none")
        return self

    def options(self) -> tuple[str, ...]:
        return self.any or self.all or self.none

    def state(self, given: Given) -> State:
        if self.item in given.off:
            return _told(bool(self.none))
        response = given.responses.get(self.item)
        if self.row is not None and isinstance(response, Mapping):
            response = response.get(self.row)
        if response is None:
            return _told(bool(self.none)) if given.answered(self.item) else "unknown"  # by figures, not by an option
        chosen = (response,) if isinstance(response, str) else tuple(response)  # type: ignore[arg-type]
        if self.any:
            return _told(any(option in chosen for option in self.any))
        if self.all:
            return _told(all(option in chosen for option in self.all))
        return _told(not any(option in chosen for option in self.none))


class Answered(Stated):
    """Nothing of the item is open. While something is, that is unknown: the answer may still be given."""

    kind: Literal["answered"]
    item: str

    def state(self, given: Given) -> State:
        if self.item in given.off:
            return "unmet"
        return "met" if given.answered(self.item) else "unknown"


class SceneAtLeast(Stated):
    """One scene stands at `level` or above."""

    kind: Literal["scene_at_least"]
    item: str
    level: int = Field(ge=0, le=4)

    def state(self, given: Given) -> State:
        if self.item in given.off:
            return "unmet"
        level = given.responses.get(self.item)
        return "unknown" if not isinstance(level, int) else _told(level >= self.level)


Holds = Callable[[Rational, Rational], bool]


class Compare(Stated):
    """A value against one or two bounds. `at_least` and `at_most` include the bound, `above` and `below` do not.

    What was not asked has no value: no comparison with it holds.
    """

    kind: Literal["compare"]
    value: Value
    at_least: Value | None = None
    above: Value | None = None
    at_most: Value | None = None
    below: Value | None = None
    equal: Value | None = None

    BOUNDS: ClassVar[Mapping[str, Holds]] = {
        "at_least": lambda value, bound: value >= bound,
        "above": lambda value, bound: value > bound,
        "at_most": lambda value, bound: value <= bound,
        "below": lambda value, bound: value < bound,
        "equal": lambda value, bound: value == bound,
    }

    @model_validator(mode="after")
    def _bounded(self) -> Compare:
        if not 1 <= len(self.bounds()) <= 2:
            raise refusal("one_or_two_keys", keys=", ".join(self.BOUNDS))
        return self

    def bounds(self) -> dict[str, Value]:
        given = {name: getattr(self, name) for name in self.BOUNDS}
        return {name: bound for name, bound in given.items() if bound is not None}

    def state(self, given: Given) -> State:
        value, states = known(self.value, given), list[State]()
        for name, bound in self.bounds().items():
            edge = known(bound, given)
            if value is not None and edge is not None:
                states.append(_told(self.BOUNDS[name](value, edge)))
            else:
                states.append("unmet" if never_known((self.value, bound), given) else "unknown")
        return all_of(states)


class Not(Stated):
    """The opposite."""

    kind: Literal["not"]
    condition: Statement

    def state(self, given: Given) -> State:
        return opposite(self.condition.state(given))


class AllOf(Stated):
    """Every one of `conditions`."""

    kind: Literal["all_of"]
    conditions: tuple[Statement, ...]

    def state(self, given: Given) -> State:
        return all_of([condition.state(given) for condition in self.conditions])


class AnyOf(Stated):
    """At least one of `conditions`."""

    kind: Literal["any_of"]
    conditions: tuple[Statement, ...]

    def state(self, given: Given) -> State:
        return any_of([condition.state(given) for condition in self.conditions])


class CountOf(Stated):
    """At least, or at most, so many of `conditions`."""

    kind: Literal["count_of"]
    conditions: tuple[Statement, ...]
    at_least: int = Field(default=0, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    def state(self, given: Given) -> State:
        return counted([condition.state(given) for condition in self.conditions], self.at_least, self.at_most)


ANSWER_STATEMENTS = Chosen | Answered | SceneAtLeast | Compare
Statement = Annotated[
    Chosen | Answered | SceneAtLeast | Compare | Not | AllOf | AnyOf | CountOf, Field(discriminator="kind")
]
for _model in (Not, AllOf, AnyOf, CountOf):
    _model.model_rebuild()


# -- three-valued logic

OPPOSITES: Final[Mapping[State, State]] = {
    "met": "unmet",
    "unmet": "met",
    "unknown": "unknown",
    "manual": "manual",
    "not_applicable": "not_applicable",
}


def opposite(state: State) -> State:
    return OPPOSITES[state]


def all_of(states: Sequence[State]) -> State:
    """ "And": one unmet decides; otherwise anything open leaves the whole open. What does not apply is left out."""
    return _first(states, ("unmet", "unknown", "manual", "met"), "met")


def any_of(states: Sequence[State]) -> State:
    """ "Or": one met decides; otherwise anything open leaves the whole open. What does not apply is left out."""
    return _first(states, ("met", "unknown", "manual", "unmet"), "unmet")


def counted(states: Sequence[State], at_least: int, at_most: int | None) -> State:
    """Whether the number met is in the range, however the open ones turn out."""
    if states and all(state == "not_applicable" for state in states):
        return "not_applicable"
    met = states.count("met")
    open_ones = states.count("unknown") + states.count("manual")
    most = len(states) if at_most is None else at_most
    if at_least <= met and met + open_ones <= most:
        return "met"
    if met + open_ones < at_least or met > most:
        return "unmet"
    return "unknown" if "unknown" in states else "manual"


def _first(states: Sequence[State], deciding: tuple[State, ...], otherwise: State) -> State:
    for state in deciding:
        if state in states:
            return state
    return "not_applicable" if states else otherwise


def _told(holds: bool) -> State:
    return "met" if holds else "unmet"


def nested(condition: Any) -> Iterator[Any]:
    """A statement and every statement inside it."""
    yield condition
    for inner in getattr(condition, "conditions", ()):
        yield from nested(inner)
    for name in ("condition", "if_", "then"):
        if (inner := getattr(condition, name, None)) is not None:
            yield from nested(inner)
