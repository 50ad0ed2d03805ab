"""From a goal and the changes that are possible to the cheapest plan: by labels where changes add up, else by search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scoring.conditions import MeasureAtLeast, Number, ScenesAtLeast
from scoring.roadmap_bundles import Bundle, Choice, NotAdditive, Vector, bundled, weighed
from scoring.roadmap_changes import Change, Cost, Track, reaches
from scoring.roadmap_goal import Goal, Requirement, additive, items_read, routes_read
from scoring.roadmap_labels import Found, Stopped, cheapest, quick
from scoring.roadmap_oracle import Oracle
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
        self.requirements = list(goal.requirements())
        read = frozenset().union(*(items_read(oracle.scorer, each.condition) for each in self.requirements))
        routes = routes_read(oracle.scorer)
        self.tracks = [track for track in tracks if track.item in read | routes]
        self.cost = Cost(self.tracks)
        self.ways = goal.alternatives()
        self.bundles = self._bundles(frozenset(track.item for track in self.tracks), routes)
        self.start = oracle.after(())

    def _bundles(self, changeable: frozenset[str], routes: frozenset[str]) -> list[Bundle] | None:
        """`None` where changes influence each other."""
        scorer, answered = self.oracle.scorer, frozenset(self.oracle.responses)
        conditions = [each.condition for each in self.requirements]
        sums = all(additive(scorer, condition, changeable, answered) for condition in conditions)
        if self.ways is None or routes & changeable or not sums:
            return None
        single = [each for each in conditions if not isinstance(each, MeasureAtLeast | ScenesAtLeast)]
        whole_items = frozenset().union(*(items_read(scorer, condition) for condition in single))
        try:
            parted = bundled(self.oracle, self.tracks, whole_items)
        except NotAdditive:
            return None
        return weighed(self.oracle, parted, self.requirements, self.cost)

    def solve(self, stop: Stop, without: Change | None = None, below: int | None = None) -> Solved:
        """The cheapest plan, `without` a change (and without going beyond it), and cheaper than `below`."""
        if self.bundles is not None:
            solved = self._by_labels(self.bundles, stop, without, below)
            if solved.found is None or self.goal.holds(self.oracle.after(solved.found.changes)):
                return solved
        return self._by_search(stop, without, below)

    def _by_search(self, stop: Stop, without: Change | None, below: int | None) -> Solved:
        searched = Search(self.oracle, self.goal, _tracks_without(self.tracks, without), self.cost).cheapest(stop, below)
        return Solved(searched.found, self.cost.effort(searched.bound), searched.finished)

    def _by_labels(self, bundles: list[Bundle], stop: Stop, without: Change | None, below: int | None) -> Solved:
        """The best over all ways to the goal. When the time is up, the best so far, or what is found quickly."""
        bundles = [_bundle_without(bundle, without) for bundle in bundles]
        best: Found | None = None
        bounds: list[int] = []
        finished = True
        for way in self.ways or ():
            own, gaps = self._of_way(bundles, way)
            limit = min((each for each in (below, None if best is None else best.cost) if each is not None), default=None)
            try:
                found = cheapest(own, gaps, self.cost, stop, limit)
            except Stopped:
                found, bound = quick(own, gaps, self.cost)
                bounds, finished = [*bounds, bound], False
            if found is not None and (limit is None or found.cost < limit):
                best = found
        if best is not None:
            bounds.append(self.cost.effort(best.cost))
        return Solved(best, min(bounds, default=0), finished)

    def _of_way(self, bundles: Sequence[Bundle], way: Sequence[Requirement]) -> tuple[list[Bundle], Vector]:
        places = [place for place, each in enumerate(self.requirements) if each in way]
        stands = [self.requirements[place].stands(self.start) for place in places]
        own = [
            tuple(Choice(each.changes, each.cost, tuple(each.brings[place] for place in places)) for each in bundle)
            for bundle in bundles
        ]
        return own, tuple(need - now for now, need in stands)

    def short(self) -> list[Short]:
        """The requirements that stay unmet whatever is changed, on the way where they are fewest."""
        found = [[short for each in way for short in self._short(each)] for way in self.ways or [tuple(self.requirements)]]
        return min(found, key=len, default=[])

    def _short(self, requirement: Requirement) -> list[Short]:
        now, need = requirement.stands(self.start)
        if self.bundles is not None:
            place = self.requirements.index(requirement)
            most = now + sum(max(choice.brings[place] for choice in bundle) for bundle in self.bundles)
        else:
            most = max(now, requirement.stands(self.oracle.after(track.changes[-1] for track in self.tracks))[0])
        return [Short(requirement, most, need)] if most < need else []


def _tracks_without(tracks: Iterable[Track], without: Change | None) -> list[Track]:
    if without is None:
        return list(tracks)
    kept = [
        Track(track.item, tuple(change for change in track.changes if not _makes(change, without))) for track in tracks
    ]
    return [track for track in kept if track.changes]


def _bundle_without(bundle: Bundle, without: Change | None) -> Bundle:
    if without is None:
        return bundle
    return tuple(choice for choice in bundle if not any(_makes(change, without) for change in choice.changes))


def _makes(change: Change, aim: Change) -> bool:
    """Whether a change is the aim, goes beyond it, or needs it."""
    return reaches(change, aim) or (change.item == aim.item and aim.start is None and aim.to in change.needs)
