"""The cheapest choices from bundles that add up: exact, by labels.

A label is what the choices so far bring to each requirement, and the least cost of bringing it. Labels that another one
outdoes are dropped, as are those that cannot reach a need or cost too much whatever follows; what goes beyond a need
counts as the need.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Final

from scoring.roadmap_bundles import Bundle, Choice, Number, Vector
from scoring.roadmap_changes import Change, Cost

Stop = Callable[[], bool]
MOST_COMPARED: Final = 64
"""Labels that a label is compared with where there are three needs or more; comparing fewer only costs memory."""


class Stopped(Exception):
    """The time was up."""


@dataclass(frozen=True, slots=True)
class Found:
    """The cheapest changes and what they cost."""

    cost: int
    changes: tuple[Change, ...]


Label = tuple[Vector, int, "Label | None", Choice | None]
"""What is brought, its cost, the label it was made from, the choice that was added."""


def cheapest(bundles: Sequence[Bundle], gaps: Vector, cost: Cost, stop: Stop, below: int | None = None) -> Found | None:
    """The cheapest choices that close all `gaps`; `None` where there are none (or none cheaper than `below`).

    Needs that share no bundle are met separately. Raises `Stopped`.
    """
    falling, live = _live(bundles, gaps)
    found = Found(0, ())
    for needs, own in _components(bundles, live):
        left = None if below is None else below - found.cost
        part = _Component(own, needs, gaps, falling, cost).solve(stop, left)
        if part is None:
            return None
        found = Found(found.cost + part.cost, found.changes + part.changes)
    return found


def quick(bundles: Sequence[Bundle], gaps: Vector, cost: Cost) -> tuple[Found | None, int]:
    """Changes that close all gaps, found without much looking, and an effort that no plan undercuts."""
    found: Found | None = Found(0, ())
    bound = 0
    falling, live = _live(bundles, gaps)
    for needs, own in _components(bundles, live):
        component = _Component(own, needs, gaps, falling, cost)
        part, bound = component.greedy(), bound + component.bound()
        found = None if part is None or found is None else Found(found.cost + part.cost, found.changes + part.changes)
    return found, bound


def _live(bundles: Sequence[Bundle], gaps: Vector) -> tuple[set[int], list[int]]:
    """The needs that some choice makes worse, and all that have to be looked at."""
    falling = {at for at in range(len(gaps)) if any(choice.brings[at] < 0 for bundle in bundles for choice in bundle)}
    return falling, [at for at, gap in enumerate(gaps) if gap > 0 or at in falling]


def _components(bundles: Sequence[Bundle], live: Sequence[int]) -> Iterator[tuple[list[int], list[Bundle]]]:
    """Needs with the bundles that bring anything to them, parted where no bundle brings to both."""
    touched = {id(bundle): {at for at in live if any(choice.brings[at] for choice in bundle)} for bundle in bundles}
    waiting = set(live)
    while waiting:
        needs = {min(waiting)}
        while more := set().union(*(each for each in touched.values() if each & needs)) - needs:
            needs |= more
        waiting -= needs
        yield sorted(needs), [bundle for bundle in bundles if touched[id(bundle)] & needs]


Own = list[tuple[Choice, Vector]]


class _Rate:
    """Steps of effort and what they bring, the most useful first."""

    def __init__(self, steps: Sequence[tuple[int, Number]]) -> None:
        self.steps = steps
        self.spent = [0, *accumulate(effort for effort, _ in steps)]
        self.brought: list[Number] = [0, *accumulate(brings for _, brings in steps)]

    def least(self, need: Number) -> int:
        """No less effort brings so much. `need` is more than nothing and not more than all steps bring."""
        at = bisect_left(self.brought, need) - 1
        effort, brings = self.steps[at]
        exact = self.spent[at] + Fraction(need - self.brought[at]) * effort / brings
        return math.ceil(exact)


def _flatter(one: tuple[int, Number], middle: tuple[int, Number], last: tuple[int, Number]) -> bool:
    """Whether the middle one lies on or below the line from the first to the last."""
    return (middle[1] - one[1]) * (last[0] - one[0]) <= (last[1] - one[1]) * (middle[0] - one[0])


class _Component:
    """Needs that hang together, in positions of their own."""

    def __init__(
        self, bundles: Sequence[Bundle], needs: Sequence[int], gaps: Vector, falling: set[int], cost: Cost
    ) -> None:
        self.cost = cost
        self.gaps = tuple(gaps[at] for at in needs)
        self.capped = [at not in falling for at in needs]
        own = [[(choice, tuple(choice.brings[at] for at in needs)) for choice in bundle] for bundle in bundles]
        self.bundles = sorted(own, key=self._touches)
        self.most = self._most()
        self.rates = self._rates()

    def _touches(self, bundle: Own) -> tuple[list[bool], int]:
        """Bundles that bring to the same needs follow each other, so that labels meet early; large ones first."""
        used = [any(brings[at] for _, brings in bundle) for at in range(len(self.gaps))]
        return used, -self.cost.effort(bundle[-1][0].cost)

    def _most(self) -> list[Vector]:
        """For each position, the most that the bundles from there on can bring."""
        found: list[Vector] = [(0,) * len(self.gaps)]
        for bundle in reversed(self.bundles):
            tops = (max(brings[at] for _, brings in bundle) for at in range(len(self.gaps)))
            found.append(tuple(top + rest for top, rest in zip(tops, found[-1], strict=True)))
        return found[::-1]

    def _rates(self) -> list[list[_Rate]]:
        """For each position and need, how little effort the bundles from there on need, were they divisible."""
        steps = [
            sorted(
                (Fraction(effort) / brings, place, effort, brings)
                for place, bundle in enumerate(self.bundles)
                for effort, brings in self._hull(bundle, at)
            )
            for at in range(len(self.gaps))
        ]
        return [
            [_Rate([(effort, brings) for _, where, effort, brings in each if where >= place]) for each in steps]
            for place in range(len(self.bundles) + 1)
        ]

    def _hull(self, bundle: Own, at: int) -> list[tuple[int, Number]]:
        """The choices of a bundle as steps of falling use: more effort, what it brings."""
        points: list[tuple[int, Number]] = [(0, 0)]
        for effort, brings in sorted((self.cost.effort(choice.cost), brings[at]) for choice, brings in bundle):
            if brings <= points[-1][1]:
                continue
            while len(points) > 1 and _flatter(points[-2], points[-1], (effort, brings)):
                points.pop()
            points.append((effort, brings))
        return [(new[0] - old[0], new[1] - old[1]) for old, new in pairwise(points)]

    def solve(self, stop: Stop, below: int | None) -> Found | None:
        greedy = self.greedy()
        limit = below if greedy is None or (below is not None and below <= greedy.cost) else greedy.cost + 1
        labels: list[Label] = [(tuple(0 for _ in self.gaps), 0, None, None)]
        for place, bundle in enumerate(self.bundles):
            if stop():
                raise Stopped
            labels = self._undominated(self._extended(labels, bundle, place + 1, limit))
        ends = [label for label in labels if all(has >= gap for has, gap in zip(label[0], self.gaps, strict=True))]
        if not ends:
            return None
        best = min(ends, key=lambda label: label[1])
        return Found(best[1], _made(best))

    def _extended(self, labels: list[Label], bundle: Own, place: int, limit: int | None) -> dict[Vector, Label]:
        found: dict[Vector, Label] = {}
        for label in labels:
            for choice, brings in bundle:
                cost = label[1] + choice.cost
                if limit is not None and cost >= limit:
                    break  # choices come in the order of their cost
                has = self._kept(label[0], brings)
                other = found.get(has)
                if (other is None or cost < other[1]) and self._may(has, cost, place, limit):
                    found[has] = (has, cost, label, choice)
        return found

    def _kept(self, has: Vector, brings: Vector) -> Vector:
        parts = zip(has, brings, self.gaps, self.capped, strict=True)
        return tuple(gap if capped and now + more > gap else now + more for now, more, gap, capped in parts)

    def _may(self, has: Vector, cost: int, place: int, limit: int | None) -> bool:
        """Whether the bundles from `place` on can close what is left for less than `limit`."""
        effort = 0
        for at, gap in enumerate(self.gaps):
            left = gap - has[at]
            if left > self.most[place][at]:
                return False
            if left > 0 and limit is not None:
                effort = max(effort, self.rates[place][at].least(left))
        return limit is None or cost + self.cost.least(effort) < limit + (1 << self.cost.bits)

    def bound(self) -> int:
        """Effort that no plan can do without."""
        parts = ((gap, at) for at, gap in enumerate(self.gaps) if 0 < gap <= self.most[0][at])
        return max((self.rates[0][at].least(gap) for gap, at in parts), default=0)

    def _undominated(self, found: Mapping[Vector, Label]) -> list[Label]:
        labels = sorted(found.values(), key=lambda label: label[1])
        is_new = FRONTS.get(len(self.gaps), _Many)().is_new
        return [label for label in labels if is_new(label[0])]

    def greedy(self) -> Found | None:
        """A plan that may not be the cheapest, to measure others by: most for the effort, again and again."""
        taken: dict[int, tuple[Choice, Vector]] = {}
        while True:
            has = tuple(sum((brings[at] for _, brings in taken.values()), 0) for at in range(len(self.gaps)))
            left = [gap - now for gap, now in zip(self.gaps, has, strict=True)]
            if all(each <= 0 for each in left):
                changes = tuple(change for choice, _ in taken.values() for change in choice.changes)
                return Found(sum(choice.cost for choice, _ in taken.values()), changes)
            best = max(self._offers(taken, left), key=lambda offer: offer[0], default=None)
            if best is None or best[0] <= 0:
                return None
            taken[best[1]] = best[2]

    def _offers(
        self, taken: Mapping[int, tuple[Choice, Vector]], left: Sequence[Number]
    ) -> Iterator[tuple[float, int, tuple[Choice, Vector]]]:
        for place, bundle in enumerate(self.bundles):
            spent, has = (taken[place][0].cost, taken[place][1]) if place in taken else (0, (0,) * len(left))
            for choice, brings in bundle:
                if choice.cost > spent:
                    more = zip(brings, has, left, self.gaps, strict=True)
                    use = sum(float(min(new - old, want) / max(gap, 1)) for new, old, want, gap in more if want > 0)
                    yield use / (self.cost.effort(choice.cost) - self.cost.effort(spent) or 1), place, (choice, brings)


class _One:
    """What was brought to one need so far, for less."""

    def __init__(self) -> None:
        self.best: Number | None = None

    def is_new(self, has: Vector) -> bool:
        if self.best is not None and has[0] <= self.best:
            return False
        self.best = has[0]
        return True


class _Two:
    """What was brought to two needs so far, for less: a staircase, the first rising and the second falling."""

    def __init__(self) -> None:
        self.first: list[Number] = []
        self.second: list[Number] = []

    def is_new(self, has: Vector) -> bool:
        at = bisect_left(self.first, has[0])
        if at < len(self.first) and self.second[at] >= has[1]:
            return False
        end = at + (at < len(self.first) and self.first[at] == has[0])
        begin = at
        while begin and self.second[begin - 1] <= has[1]:
            begin -= 1
        self.first[begin:end], self.second[begin:end] = [has[0]], [has[1]]
        return True


class _Many:
    """What was brought to several needs so far, for less, as far as it is remembered."""

    def __init__(self) -> None:
        self.last: deque[Vector] = deque(maxlen=MOST_COMPARED)

    def is_new(self, has: Vector) -> bool:
        if any(all(theirs >= mine for theirs, mine in zip(other, has, strict=True)) for other in self.last):
            return False
        self.last.append(has)
        return True


FRONTS: Final[Mapping[int, type[_One] | type[_Two]]] = {1: _One, 2: _Two}


def _made(label: Label | None) -> tuple[Change, ...]:
    found: list[Change] = []
    while label is not None:
        found.extend(label[3].changes if label[3] is not None else ())
        label = label[2]
    return tuple(found)
