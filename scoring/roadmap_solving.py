"""From a goal and the possible changes to the cheapest plan: by labels where changes add up, else by search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from scoring.roadmap_bundles import Bundle, Choice, NotAdditive, Number, Vector, bundled, weighed
from scoring.roadmap_changes import Change, Cost, Track, reaches
from scoring.roadmap_goal import Goal, Requirement
from scoring.roadmap_labels import Found, Stopped, cheapest, quick
from scoring.roadmap_oracle import Oracle
from scoring.roadmap_reads import additive, items_read, routes_read
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
        self.bundles = self._all_bundles(routes)

    def _all_bundles(self, routes: frozenset[str]) -> dict[str, list[Bundle]] | None:
        """By item; `None` where changes influence each other."""
        changeable = frozenset(track.item for track in self.tracks)
        scorer = self.oracle.scorer
        sums = all(additive(scorer, self.result, each.condition, changeable) for each in self.requirements)
        if self.ways is None or routes & changeable or not sums:
            return None
        try:
            return {item: self._bundles([track for track in self.tracks if track.item == item]) for item in changeable}
        except NotAdditive:
            return None

    def _bundles(self, tracks: Sequence[Track]) -> list[Bundle]:
        """Those of one item."""
        single = [each.condition for each in self.requirements if not each.counts]
        whole_items = frozenset().union(*(items_read(self.oracle.scorer, condition) for condition in single))
        parted = bundled(self.oracle, tracks, whole_items)
        return weighed(self.oracle, parted, self.requirements, self.cost)

    def solve(self, stop: Stop, without: Change | None = None, below: int | None = None) -> Solved:
        """The cheapest plan, `without` a change (and without going beyond it), and cheaper than `below`."""
        if self.bundles is not None:
            solved = self._by_labels(self._offered(self.bundles, without), stop, below)
            if solved.found is None or self.goal.holds(self.oracle.after(solved.found.changes)):
                return solved
        return self._by_search(stop, without, below)

    def _offered(self, bundles: Mapping[str, list[Bundle]], without: Change | None) -> list[Bundle]:
        """All bundles; of the item of a change that is left out, what remains."""
        kept = [bundle for item, own in bundles.items() if without is None or item != without.item for bundle in own]
        if without is None:
            return kept
        tracks = [track for track in _tracks_without(self.tracks, without) if track.item == without.item]
        return kept + self._bundles(tracks)

    def _by_search(self, stop: Stop, without: Change | None, below: int | None) -> Solved:
        search = Search(self.oracle, self.goal, _tracks_without(self.tracks, without), self.cost)
        searched = search.cheapest(stop, below)
        return Solved(searched.found, self.cost.effort(searched.bound), searched.finished)

    def _by_labels(self, bundles: list[Bundle], stop: Stop, below: int | None) -> Solved:
        """The best over all ways to the goal. When the time is up, the best so far, or what is found quickly."""
        best: Found | None = None
        bounds: list[int] = []
        finished = True
        for way in self.ways or ():
            own, gaps = self._of_way(bundles, way)
            limit = below if best is None else best.cost
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
        own = [
            tuple(Choice(each.changes, each.cost, tuple(each.brings[place] for place in places)) for each in bundle)
            for bundle in bundles
        ]
        return own, tuple(self._gap(bundles, place) for place in places)

    def _gap(self, bundles: Sequence[Bundle], place: int) -> Number:
        """What is lacking; where the number itself is not enough, less than any choice could bring is asked on top."""
        now, need = self.requirements[place].stands(self.start)
        if not self.requirements[place].above:
            return need - now
        numbers = [choice.brings[place] for bundle in bundles for choice in bundle]
        return need - now + Fraction(1, 2 * lcm(*(Fraction(each).denominator for each in (now, need, *numbers))))

    def short(self) -> list[Short]:
        """The requirements that stay unmet whatever is changed, on the way where they are fewest."""
        ways = self.ways or [tuple(self.requirements)]
        found = [[short for each in way for short in self._short(each)] for way in ways]
        return min(found, key=len, default=[])

    def _short(self, requirement: Requirement) -> list[Short]:
        now, need = requirement.stands(self.start)
        if self.bundles is not None:
            place = self.requirements.index(requirement)
            most = now + sum(
                max(choice.brings[place] for choice in bundle) for own in self.bundles.values() for bundle in own
            )
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
