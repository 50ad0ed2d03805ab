"""From a goal and the possible changes to the cheapest plan: by labels where changes add up, else by search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from scoring.roadmap_bundles import Bundle, Choice, NotAdditive, Number, Vector
from scoring.roadmap_changes import Change, Cost, Track, reaches
from scoring.roadmap_goal import Goal, Requirement
from scoring.roadmap_labels import Found, Stopped, cheapest, quick
from scoring.roadmap_oracle import Oracle
from scoring.roadmap_reads import items_read, routes_read
from scoring.roadmap_scenarios import Scenario, scenarios_of
from scoring.roadmap_search import Search

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Solved:
    """The cheapest changes, or none; `bound` is an effort that no plan undercuts, reached where it is `optimal`."""

    found: Found | None
    bound: int
    optimal: bool


@dataclass(frozen=True, slots=True)
class Short:
    """A requirement that no change meets: the most that can be had, and what is needed."""

    requirement: Requirement
    most: Number
    need: Number


class Problem:
    """One goal of one firm."""

    def __init__(self, oracle: Oracle, goal: Goal, tracks: Iterable[Track]) -> None:
        self.oracle, self.goal = oracle, goal
        self.result = oracle.result(oracle.responses)
        self.start = self.result.standing
        self.requirements = list(goal.requirements())
        read = frozenset().union(*(items_read(oracle.scorer, each.condition) for each in self.requirements))
        routes = routes_read(oracle.scorer)
        self.tracks = [track for track in tracks if track.item in read | routes]
        self.cost = Cost(self.tracks)
        self.ways = goal.alternatives()
        self._kept: dict[tuple[Change, ...], dict[str, list[Bundle]]] = {}
        self.scenarios = self._scenarios(self.tracks)

    def _scenarios(self, tracks: Sequence[Track]) -> list[Scenario] | None:
        """`None` where changes influence each other, or where there is too much to weigh."""
        if self.ways is None:
            return None
        try:
            return scenarios_of(self.oracle, tracks, self.requirements, self.cost)
        except NotAdditive:
            return None

    def _bundles(self, scenario: Scenario) -> dict[str, list[Bundle]]:
        """Those of a scenario with nothing left out."""
        if scenario.given not in self._kept:
            self._kept[scenario.given] = scenario.bundles(self.tracks)
        return self._kept[scenario.given]

    def solve(self, stop: Stop, without: Change | None = None, below: int | None = None) -> Solved:
        """The cheapest plan, `without` a change (and without going beyond it), and cheaper than `below`."""
        if self.scenarios is not None:
            try:
                solved = self._by_labels(self.scenarios, stop, without, below)
            except NotAdditive:
                self.scenarios = None
                return self.solve(stop, without, below)
            if solved.found is None or self.goal.holds(self.oracle.after(solved.found.changes)):
                return solved
        return self._by_search(stop, without, below)

    def _offered(self, scenario: Scenario, without: Change | None) -> list[Bundle]:
        """All bundles; of the item of a change that is left out, what remains."""
        if without is None:
            return [bundle for own in self._bundles(scenario).values() for bundle in own]
        tracks = _tracks_without(self.tracks, without)
        if without.item in scenario.deciding:
            return [bundle for own in scenario.bundles(tracks).values() for bundle in own]
        kept = [bundle for item, own in self._bundles(scenario).items() if item != without.item for bundle in own]
        return kept + scenario.of_item([track for track in tracks if track.item == without.item])

    def _by_search(self, stop: Stop, without: Change | None, below: int | None) -> Solved:
        search = Search(self.oracle, self.goal, _tracks_without(self.tracks, without), self.cost)
        searched = search.cheapest(stop, below)
        return Solved(searched.found, self.cost.effort(searched.bound), searched.finished)

    def _by_labels(
        self, scenarios: Sequence[Scenario], stop: Stop, without: Change | None, below: int | None
    ) -> Solved:
        """The best of all scenarios. When the time is up, the best so far, or what is found quickly."""
        if without is not None and scenarios and without.item in scenarios[0].deciding:
            scenarios = scenarios_of(self.oracle, _tracks_without(self.tracks, without), self.requirements, self.cost)
        best, bound, finished = Solved(None, 0, True), list[int](), True
        for scenario in scenarios:
            limit = below if best.found is None else best.found.cost
            if limit is not None and scenario.offset >= limit:
                break
            if bound and stop():
                bound, finished = [*bound, self.cost.effort(scenario.offset)], False
                break
            solved = self._in_scenario(scenario, self._offered(scenario, without), stop, limit)
            finished = finished and solved.optimal
            if solved.found is not None or not solved.optimal:
                bound.append(solved.bound)
            best = solved if solved.found is not None else best
        return Solved(best.found, min(bound, default=0), finished)

    def _in_scenario(self, scenario: Scenario, bundles: list[Bundle], stop: Stop, below: int | None) -> Solved:
        """The best over all ways to the goal."""
        best: Found | None = None
        bounds: list[int] = []
        finished = True
        for way in self.ways or ():
            own, gaps = self._of_way(scenario, bundles, way)
            limit = below if best is None else best.cost
            left = None if limit is None else limit - scenario.offset
            try:
                found = cheapest(own, gaps, self.cost, stop, left)
            except Stopped:
                found, bound = quick(own, gaps, self.cost)
                bounds, finished = [*bounds, bound + self.cost.effort(scenario.offset)], False
            if found is not None and (left is None or found.cost < left):
                best = Found(found.cost + scenario.offset, scenario.completed(found.changes))
        if best is not None:
            bounds.append(self.cost.effort(best.cost))
        return Solved(best, min(bounds, default=0), finished)

    def _of_way(
        self, scenario: Scenario, bundles: Sequence[Bundle], way: Sequence[Requirement]
    ) -> tuple[list[Bundle], Vector]:
        places = [place for place, each in enumerate(self.requirements) if each in way]
        own = [
            tuple(Choice(each.changes, each.cost, tuple(each.brings[place] for place in places)) for each in bundle)
            for bundle in bundles
        ]
        return own, tuple(self._gap(scenario, bundles, place) for place in places)

    def _gap(self, scenario: Scenario, bundles: Sequence[Bundle], place: int) -> Number:
        """What is lacking; where the number itself is not enough, less than any choice could bring is asked on top."""
        now, need = self.requirements[place].stands(scenario.start)
        if not self.requirements[place].above:
            return need - now
        numbers = [choice.brings[place] for bundle in bundles for choice in bundle]
        return need - now + Fraction(1, 2 * lcm(*(Fraction(each).denominator for each in (now, need, *numbers))))

    def short(self) -> list[Short]:
        """The requirements that stay unmet whatever is changed, on the way where they are fewest."""
        ways = self.ways or [tuple(self.requirements)]
        found = [[short for each in way for short in self._short(each)] for way in ways]
        return min(found, key=len, default=[])

    def _of_one_scenario(self) -> list[Bundle] | None:
        """All bundles, where what is asked cannot change and changes add up."""
        if self.scenarios is None or len(self.scenarios) > 1:
            return None
        try:
            return self._offered(self.scenarios[0], None)
        except NotAdditive:
            return None

    def _short(self, requirement: Requirement) -> list[Short]:
        now, need = requirement.stands(self.start)
        bundles = self._of_one_scenario()
        if bundles is not None:
            place = self.requirements.index(requirement)
            most = now + sum(max(choice.brings[place] for choice in bundle) for bundle in bundles)
        else:
            most = max(now, requirement.stands(self.oracle.after(track.changes[-1] for track in self.tracks))[0])
        return [Short(requirement, most, need)] if most < need or (requirement.above and most == need) else []


def _tracks_without(tracks: Iterable[Track], without: Change | None) -> list[Track]:
    if without is None:
        return list(tracks)
    kept = [
        Track(track.item, tuple(change for change in track.changes if not _makes(change, without))) for track in tracks
    ]
    return [track for track in kept if track.changes]


def _makes(change: Change, aim: Change) -> bool:
    """Whether a change is the aim, goes beyond it, or needs it."""
    return reaches(change, aim) or (change.item == aim.item and aim.start is None and aim.to in change.needs)
