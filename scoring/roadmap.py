"""The roadmap: the cheapest set of changes that reaches the next level, by the definition's own effort per change.

A plan is never returned before the scorer has confirmed it. Of plans with the same effort the one with less work on
paper comes first, then the one with fewer changes, then the one that begins earlier in the definition.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from questionnaires.answers import Answers
from questionnaires.exact import exact
from scoring.ladder import Step as LadderStep
from scoring.roadmap_bundles import Number
from scoring.roadmap_changes import Change, Lock, Track, tracks
from scoring.roadmap_goal import Aims, Path, Requirement, plain
from scoring.roadmap_labels import Found
from scoring.roadmap_oracle import Oracle
from scoring.roadmap_reads import of_measure, routes_read
from scoring.roadmap_solving import Problem, Short, Solved
from scoring.scorer import Scorer
from scoring.standing import Standing

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a step does for one condition: exact text before, after and needed.

    `counts`: these are points or scenes, else "0" and "1" stand for unmet and met.
    `measure` is the one that the points are of; under a minimum that is a child of the one in the condition.
    """

    path: Path
    measure: str | None
    counts: bool
    before: str
    after: str
    need: str
    met: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One change, with what it adds when the steps before it are done. `points` are those of the whole."""

    change: Change
    points: str | None
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in the order they are best made, and the level they lead to once a person has decided what is open.

    `paper` is the part of the effort that is only on paper. `bound`: no plan of this kind takes less effort; `optimal`:
    this is the first of all plans in the order of cost.
    """

    steps: tuple[Step, ...]
    effort: int
    paper: int
    level: int
    optimal: bool
    bound: int

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(step.change for step in self.steps)


@dataclass(frozen=True, slots=True)
class Missing:
    """A condition that no change meets: the most that the possible changes bring, and what is needed."""

    path: Path
    measure: str | None
    counts: bool
    most: str
    need: str


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The way to `level`, the step above the sure level.

    `plan` is `None` where there is no way (`reachable` is false, `missing` says why; empty: only together) or none was
    found in time (`reachable` is `None`). `alternative` is the cheapest plan that leaves out at least one change of
    the plan. `manual` are the conditions that a person decides.
    """

    level: int
    plan: Plan | None
    alternative: Plan | None
    reachable: bool | None
    missing: tuple[Missing, ...]
    manual: tuple[Path, ...]


def never() -> bool:
    """For callers without a time limit."""
    return False


def roadmap(scorer: Scorer, answers: Answers, locks: Collection[Lock] = (), stop: Stop = never) -> Roadmap | None:
    """The roadmap of cleaned answers; `None` at the highest level, or where there are no levels.

    `locks` are what the firm calls not possible. `stop` is asked often; once it is true, what was found counts.
    """
    oracle = Oracle(scorer, answers)
    result = oracle.result(answers.responses)
    level = result.level + 1
    target = None if scorer.ladder is None else scorer.ladder.step(level)
    if scorer.ladder is None or target is None:
        return None
    steps = scorer.ladder.steps[:level] if scorer.ladder.reached == "stepwise" else (target,)
    possible = tracks(scorer.instrument, answers.responses, oracle.asked, locks)
    aims = Aims(scorer, result, frozenset(track.item for track in possible), routes_read(scorer), lenient=False)
    problem, solved = _solved(oracle, aims, steps, possible, stop)
    found = solved.found
    plans = _Plans(oracle, aims, level)
    after = oracle.after(found.changes if found else ())
    return Roadmap(
        level=level,
        plan=plans.plan(solved),
        alternative=None if found is None else plans.plan(_alternative(problem, found, stop)),
        reachable=True if found else False if solved.optimal else None,
        missing=() if found else tuple(_missing(short, scorer.unit) for short in problem.short()),
        manual=tuple(dict.fromkeys(path for path in problem.goal.aside(after) if path[0] == level)),
    )


def _solved(
    oracle: Oracle, aims: Aims, steps: Sequence[LadderStep], possible: Sequence[Track], stop: Stop
) -> tuple[Problem, Solved]:
    """What a person decides is taken for a way only where there is no other."""
    problem = Problem(oracle, aims.goal(steps), possible)
    solved = problem.solve(stop)
    if solved.found is None:
        other = Problem(oracle, replace(aims, lenient=True).goal(steps), possible)
        answer = other.solve(stop)
        if answer.found is not None:
            return other, answer
    return problem, solved


def _alternative(problem: Problem, best: Found, stop: Stop) -> Solved:
    """The cheapest plan that leaves out one of the best plan's changes, whichever."""
    other = Solved(None, 0, True)
    for tried, change in enumerate(best.changes):
        if tried and stop():
            return replace(other, optimal=False, bound=problem.cost.effort(best.cost))
        solved = problem.solve(stop, change, None if other.found is None else other.found.cost)
        proved = other.optimal and solved.optimal
        bound = min((each.bound for each in (other, solved) if each.found or not each.optimal), default=0)
        other = Solved(solved.found or other.found, bound, proved)
    return replace(other, bound=max(other.bound, problem.cost.effort(best.cost))) if other.found else other


class _Plans:
    """Plans told in steps, each scored again."""

    def __init__(self, oracle: Oracle, aims: Aims, level: int) -> None:
        self.oracle = oracle
        lenient = replace(aims, lenient=True)
        ladder = oracle.scorer.ladder
        assert ladder is not None
        self.stepwise = ladder.reached == "stepwise"
        self.goals = [lenient.goal([step]) for step in ladder.steps]
        self.goal = aims.goal([ladder.steps[level - 1]])
        self.root = next(iter(oracle.scorer.measures), None)

    def plan(self, solved: Solved) -> Plan | None:
        if solved.found is None:
            return None
        changes = ordered(solved.found.changes)
        effort = sum(change.effort for change in changes)
        return Plan(
            steps=tuple(self._steps(changes)),
            effort=effort,
            paper=sum(change.paper for change in changes),
            level=self._level(changes),
            optimal=solved.optimal,
            bound=effort if solved.optimal else solved.bound,
        )

    def _steps(self, changes: Sequence[Change]) -> list[Step]:
        before = self.oracle.after(())
        steps = []
        for place, change in enumerate(changes):
            after = self.oracle.after(changes[: place + 1])
            gains = [self._gain(each, before, after) for each in self.goal.requirements()]
            steps.append(Step(change, self._points(before, after), tuple(gain for gain in gains if gain is not None)))
            before = after
        return steps

    def _points(self, before: Standing, after: Standing) -> str | None:
        if self.root is None:
            return None
        earned = plain(after.points[self.root][0]) - plain(before.points[self.root][0])
        return exact(Fraction(earned) / int(self.oracle.scorer.unit))

    def _gain(self, requirement: Requirement, before: Standing, after: Standing) -> Gain | None:
        old, need = requirement.stands(before)
        new, _ = requirement.stands(after)
        if old == new:
            return None
        old_text, new_text, need_text = (_text(requirement, each, self.oracle.scorer.unit) for each in (old, new, need))
        return Gain(
            requirement.path,
            of_measure(requirement.condition),
            requirement.counts,
            old_text,
            new_text,
            need_text,
            requirement.holds(after) and not requirement.holds(before),
        )

    def _level(self, changes: Sequence[Change]) -> int:
        """The level with the changes made, where what a person decides is taken as given."""
        standing = self.oracle.after(changes)
        holds = [goal.holds(standing) for goal in self.goals]
        if self.stepwise:
            return holds.index(False) if False in holds else len(holds)
        return max((level for level, held in enumerate(holds, 1) if held), default=0)


def ordered(changes: Iterable[Change]) -> list[Change]:
    """Practice before paper, little effort before much, and what an option needs before the option."""
    waiting = sorted(changes, key=lambda change: (change.work == "paper", change.effort, change.place))
    done: list[Change] = []
    while waiting:
        made = {(change.item, change.to) for change in waiting}
        free = next(each for each in waiting if not any((each.item, need) in made for need in each.needs))
        waiting.remove(free)
        done.append(free)
    return done


def _missing(short: Short, unit: int) -> Missing:
    most, need = (_text(short.requirement, number, unit) for number in (short.most, short.need))
    return Missing(
        short.requirement.path, of_measure(short.requirement.condition), short.requirement.counts, most, need
    )


def _text(requirement: Requirement, number: Number, unit: int) -> str:
    return exact(Fraction(number) / (int(unit) if requirement.counts and of_measure(requirement.condition) else 1))
