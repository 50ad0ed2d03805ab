"""The goal of a roadmap: the conditions of the next step as requirements, each a number that must be reached.

Points are reached where `low` is high enough, scenes where enough of them stand there for sure; any other condition is
reached (1) or not (0). Conditions that only a person can tell are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod
from typing import Any, Final

from scoring.conditions import AllOf, AnyOf, CountOf, OnlyIf
from scoring.intervals import Number
from scoring.ladder import Step
from scoring.measure_conditions import Manual, MeasureAtLeast, MeasureCompare
from scoring.roadmap_reads import counts_up, items_read, settled
from scoring.scorer import Result, Scorer
from scoring.standing import Judge, Standing

MOST_ALTERNATIVES: Final = 64
Path = tuple[int, ...]
"""A condition: the level of its step, its place there, and for parts of a combined one the places inside."""


def plain(number: Number) -> int | Fraction:
    """The same number as Python's own, whichever kind the scorer reckons with."""
    if type(number) is int:
        return number
    exact = Fraction(int(number.numerator), int(number.denominator))
    return exact.numerator if exact.denominator == 1 else exact


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """A condition with its `path` and its judge. As one way of several, one that does not apply is none.

    `fixed`: no change has to do with it, so that it stays as it is.
    """

    path: Path
    condition: Any
    judge: Judge
    fixed: bool
    enough: tuple[str, ...] = ("met", "not_applicable", "manual")

    @property
    def above(self) -> bool:
        """Whether reaching the number itself is not enough."""
        return isinstance(self.condition, MeasureCompare) and self.condition.above is not None and self.counts

    @property
    def counts(self) -> bool:
        return counts_up(self.condition)

    def stands(self, standing: Standing) -> tuple[int | Fraction, int | Fraction]:
        """What there is for sure, and what is needed."""
        judged = self.judge(standing)
        if self.counts:
            assert judged.low is not None
            assert judged.need is not None
            return plain(judged.low), plain(judged.need)
        return int(judged.state in self.enough), 1

    def holds(self, standing: Standing) -> bool:
        return self.judge(standing).state in self.enough

    def hopeless(self, standing: Standing) -> bool:
        """Whether no answers within `standing` reach it; what is open and stays open is never reached."""
        state = self.judge(standing).state
        return state == "unmet" or (self.fixed and state not in self.enough)

    def aside(self, standing: Standing) -> Iterator[Path]:
        if self.judge(standing).state == "manual":
            yield self.path

    def requirements(self) -> Iterator[Requirement]:
        yield self

    def alternatives(self) -> list[tuple[Requirement, ...]] | None:
        return [(self,)]


@dataclass(frozen=True, slots=True)
class Goal:
    """Every one of `parts`, or any. `manual` are the paths of conditions that are set aside here."""

    every: bool
    parts: tuple[Goal | Requirement, ...]
    manual: tuple[Path, ...] = field(default=())

    def holds(self, standing: Standing) -> bool:
        states = (part.holds(standing) for part in self.parts)
        return all(states) if self.every else any(states)

    def hopeless(self, standing: Standing) -> bool:
        """Whether no answers within `standing` make it hold."""
        states = (part.hopeless(standing) for part in self.parts)
        return any(states) if self.every else all(states)

    def requirements(self) -> Iterator[Requirement]:
        for part in self.parts:
            yield from part.requirements()

    def aside(self, standing: Standing) -> Iterator[Path]:
        """The paths of all conditions that a person decides."""
        yield from self.manual
        if not (not self.every and self.holds(standing)):
            for part in self.parts:
                yield from part.aside(standing)

    def alternatives(self) -> list[tuple[Requirement, ...]] | None:
        """Ways to make it hold: in each, all requirements must be reached. `None` where there are too many."""
        found = [part.alternatives() for part in self.parts]
        ways = [ways for ways in found if ways is not None]
        number = prod(map(len, ways)) if self.every else sum(map(len, ways))
        if len(ways) < len(found) or number > MOST_ALTERNATIVES:
            return None
        if not self.every:
            return [way for each in ways for way in each]
        return [tuple(dict.fromkeys(part for way in chosen for part in way)) for chosen in product(*ways)]


Part = Goal | Requirement | Path
"""A path alone is something that a person decides."""


@dataclass(frozen=True, slots=True)
class Aims:
    """Makes goals out of the conditions of steps.

    `lenient`: where one of several suffices, what a person decides may be it. `result` is the firm as it stands,
    `changeable` are the items of which a change is possible, `routes` those that decide what is asked.
    """

    scorer: Scorer
    result: Result
    changeable: frozenset[str]
    routes: frozenset[str]
    lenient: bool

    def goal(self, steps: Sequence[Step]) -> Goal:
        """All conditions of `steps`."""
        placed = [(each, (step.level, place)) for step in steps for place, each in enumerate(step.conditions)]
        return _every([self._part(condition, path) for condition, path in placed])

    def _part(self, condition: Any, path: Path) -> Part:
        if isinstance(condition, Manual):
            return path
        if isinstance(condition, AllOf):
            return _every(self._inner(condition, path))
        if isinstance(condition, AnyOf):
            return self._any(self._inner(condition, path))
        if isinstance(condition, CountOf) and condition.at_most is None and condition.at_least:
            return self._count(condition, path)
        if isinstance(condition, OnlyIf) and self._stays(condition.if_):
            return self._only_if(condition, path)
        return self._split(condition, path) or self._requirement(condition, path)

    def _inner(self, condition: Any, path: Path) -> list[Part]:
        return [self._part(each, (*path, place)) for place, each in enumerate(condition.conditions)]

    def _requirement(self, condition: Any, path: Path) -> Requirement:
        return Requirement(path, condition, self.scorer.judge(condition), fixed=self._stays(condition))

    def _stays(self, condition: Any) -> bool:
        """Whether no change has to do with it, not even by what is asked."""
        return not (items_read(self.scorer, condition) | self.routes) & self.changeable

    def _any(self, parts: Sequence[Part]) -> Part:
        """Without leniency a way that a person decides is a way only where there is no other."""
        open_ones = tuple(part for part in parts if isinstance(part, tuple))
        ways = tuple(self._way(part) for part in parts if not isinstance(part, tuple))
        if open_ones and (self.lenient or not ways):
            return Goal(True, (), open_ones)
        return Goal(False, ways)

    def _way(self, part: Goal | Requirement) -> Goal | Requirement:
        if isinstance(part, Goal):
            return part
        enough = ("met", "manual") if self.lenient else ("met",)
        return replace(part, enough=enough)

    def _count(self, condition: CountOf, path: Path) -> Part:
        """So many of several are any of the ways to take so many; where those are too many, one requirement."""
        parts = self._inner(condition, path)
        least = condition.at_least
        if least > len(parts) or comb(len(parts), least) > MOST_ALTERNATIVES or any(type(p) is tuple for p in parts):
            return self._requirement(condition, path)
        ways = [part if isinstance(part, Goal) else self._way(part) for part in parts if not isinstance(part, tuple)]
        return Goal(False, tuple(Goal(True, chosen) for chosen in combinations(ways, least)))

    def _only_if(self, condition: OnlyIf, path: Path) -> Part:
        """Whether it is asked cannot change."""
        state = self.scorer.judge(condition.if_)(self.result.standing).state
        if state == "met":
            return self._part(condition.then, (*path, 1))
        return Goal(True, ()) if state in ("unmet", "not_applicable") else self._requirement(condition, path)

    def _split(self, condition: Any, path: Path) -> Part | None:
        """The points of a minimum or maximum, as points of its children."""
        if not isinstance(condition, MeasureAtLeast):
            return None
        measure = self.scorer.measures[condition.measure]
        if not measure.children or measure.node.combine not in ("minimum", "maximum"):
            return None
        if self.routes & self.changeable:  # which children apply may change
            return None
        children = [child for child in measure.children if self.result.outcomes[child] is not None]
        if len(children) < len(measure.children) and measure.policy != "redistribute":
            return None
        if not settled(self.scorer, self.result, measure.id):
            return None
        parts = [self._part(condition.model_copy(update={"measure": child}), path) for child in children]
        return _every(parts) if measure.node.combine == "minimum" else self._any(parts)


def _every(parts: Sequence[Part]) -> Goal:
    return Goal(
        True,
        tuple(part for part in parts if not isinstance(part, tuple)),
        tuple(part for part in parts if isinstance(part, tuple)),
    )
