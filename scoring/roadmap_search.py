"""The cheapest changes where they influence each other: every set of changes in the order of its cost, by the scorer.

Tracks are decided one after the other. While some are open, they count as not answered: if the goal is out of reach
even then, nothing that follows has to be looked at. What is found first is the cheapest; when the time is up before,
the cost that the search had come to is a bound, and a plan found greedily stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from scoring.roadmap_changes import Change, Cost, Track, changed, complete
from scoring.roadmap_goal import Goal
from scoring.roadmap_labels import Found
from scoring.roadmap_oracle import Oracle

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Searched:
    """The best plan met, the cost that no plan undercuts, and whether everything was looked at."""

    found: Found | None
    bound: int
    finished: bool


class Search:
    """One goal, over tracks in an order in which options follow those that they need."""

    def __init__(self, oracle: Oracle, goal: Goal, tracks: Sequence[Track], cost: Cost) -> None:
        self.oracle, self.goal, self.cost = oracle, goal, cost
        self.tracks = sorted(tracks, key=lambda track: len(track.changes[0].needs))
        self.open = [self._shut(self.tracks[place:]) for place in range(len(self.tracks) + 1)]

    def _shut(self, tracks: Sequence[Track]) -> list[tuple[str, str | None]]:
        """The items, and rows of grids, that are still open."""
        return list({(track.item, track.changes[0].row) for track in tracks})

    def _holds(self, changes: Sequence[Change]) -> bool:
        return self.goal.holds(self.oracle.after(changes))

    def _hopeless(self, changes: Sequence[Change], place: int) -> bool:
        responses: dict[str, Any] = changed(self.oracle.scorer.instrument, self.oracle.responses, changes)
        for item, row in self.open[place]:
            _reopen(responses, item, row)
        return self.goal.hopeless(self.oracle.result(responses).standing)

    def cheapest(self, stop: Stop, below: int | None = None) -> Searched:
        """The cheapest plan, of those cheaper than `below`."""
        if self._holds(()):
            return Searched(Found(0, ()), 0, True)
        best = self._greedy(stop)
        limit = min(
            (each for each in (below, None if best is None else best.cost + 1) if each is not None), default=None
        )
        waiting: list[tuple[int, int, int, tuple[Change, ...], bool]] = [(0, 0, 0, (), False)]
        tick = 0
        while waiting:
            cost, _, place, changes, fresh = heappop(waiting)
            if fresh and self._holds(changes):
                return Searched(Found(cost, changes), cost, True)
            if stop():
                return Searched(best, cost, False)
            if place == len(self.tracks) or self._hopeless(changes, place):
                continue
            for more in (None, *self.tracks[place].changes):
                after = changes if more is None else (*changes, more)
                price = cost if more is None else cost + self.cost.of((more,))
                if (more is None or complete(after)) and (limit is None or price < limit):
                    tick += 1
                    heappush(waiting, (price, -tick, place + 1, after, more is not None))
        return Searched(None, 0, True)

    def _greedy(self, stop: Stop) -> Found | None:
        """Everything that can be changed, then less and less: the dearest change that can be spared goes first."""
        chosen = {track.key: track.changes[-1] for track in self.tracks}
        if not self._holds(self._made(chosen)):
            return None
        for track in sorted(self.tracks, key=lambda track: -self.cost.of((track.changes[-1],))):
            for change in (None, *track.changes[:-1]):
                if stop():
                    return self._found(chosen)
                fewer = {key: each for key, each in chosen.items() if key != track.key}
                if change is not None:
                    fewer[track.key] = change
                if complete(fewer.values()) and self._holds(self._made(fewer)):
                    chosen = fewer
                    break
        return self._found(chosen)

    def _made(self, chosen: Mapping[Any, Change]) -> tuple[Change, ...]:
        return tuple(sorted(chosen.values(), key=lambda change: change.place))

    def _found(self, chosen: Mapping[Any, Change]) -> Found:
        changes = self._made(chosen)
        return Found(self.cost.of(changes), changes)


def _reopen(responses: dict[str, Any], item: str, row: str | None) -> None:
    if row is None:
        responses.pop(item, None)
    elif item in responses:
        responses[item] = {each: option for each, option in responses[item].items() if each != row}
        if not responses[item]:
            del responses[item]
