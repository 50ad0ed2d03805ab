"""What two releases tell together: firms that came to a group since, or went (`scoring.suppression` says why)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from scoring.showing import UNSEEN, Block, Group, Showing


@dataclass(frozen=True, slots=True)
class Earlier(Generic[Group]):
    """An earlier release: what it shows; how many firms of each block of now counted then as now; and the blocks of
    those that count only now, and of those that counted only then.

    A firm with other scores than then is among the last two, each time with the scores of its time.
    """

    shown: Collection[Group]
    stayed: Sequence[int]
    came: Sequence[Block[Group]]
    went: Sequence[Block[Group]]


Split = Mapping[int, Sequence[int]]
"""The blocks that a group takes out of each crowd."""


class Past(Generic[Group]):
    """An earlier release while the groups of the new one (`now`) are shown one by one."""

    def __init__(self, earlier: Earlier[Group], now: Showing[Group], minimum: int) -> None:
        self.earlier = earlier
        self.came, self.went = (Showing(each, minimum) for each in (earlier.came, earlier.went))
        self.likeness = Likeness(earlier, now, self.went, minimum)

    def refuses(self, group: Group, split: Split) -> bool:
        """Whether both releases together would tell too much, once the group is shown."""
        if group in self.earlier.shown and (self.came.refusal(group) or self.went.refusal(group)):
            return True
        return self.likeness.is_near(split)

    def show(self, group: Group, split: Split, first: int) -> None:
        """`first` is the number of the first crowd that the group makes."""
        if group in self.earlier.shown:
            self.came.show(group)
            self.went.show(group)
        self.likeness.show(split, first)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near crowds of now come to a group shown earlier, if each that mostly lies in it is taken and the others are
    not: crowds that are both in large part; firms too many; firms missing; crowds of which either could be.
    """

    both: int = 0
    excess: int = 0
    missing: int = 0
    either: int = 0

    def plus(self, other: Nearness, sign: int) -> Nearness:
        return Nearness(
            self.both + sign * other.both,
            self.excess + sign * other.excess,
            self.missing + sign * other.missing,
            self.either + sign * other.either,
        )


class Likeness(Generic[Group]):
    """No set of crowds may hold nearly the same firms as a group that an earlier release shows.

    Whatever can be computed from the groups shown now is made of whole crowds: the group itself, the sum of its parts,
    all without those beside it. Less the earlier group, only the few firms that differ would be left.
    """

    def __init__(self, earlier: Earlier[Group], now: Showing[Group], went: Showing[Group], minimum: int) -> None:
        self.earlier, self.now, self.minimum = earlier, now, minimum
        self.common: dict[int, dict[Group, int]] = {}
        self.near = {group: Nearness(missing=went.firms(group)) for group in earlier.shown}

    def is_near(self, split: Split) -> bool:
        return any(self._too_near(near) for near in self._after(split).values())

    def _too_near(self, near: Nearness) -> bool:
        differs = bool(near.excess or near.missing or near.either)
        return differs and not near.both and max(near.excess, near.missing) < self.minimum

    def _after(self, split: Split) -> dict[Group, Nearness]:
        """For each earlier group that the split concerns."""
        after: dict[Group, Nearness] = {}
        for crowd, found in split.items():
            firms, left = self.now.count(found), 0 if crowd == UNSEEN else self.now.left(crowd, found)
            inside = self._shared(found)
            whole = inside if crowd == UNSEEN else self.common[crowd]
            for group, shared in whole.items():
                mine = inside.get(group, 0)
                near = after.get(group, self.near[group])
                if crowd != UNSEEN:
                    near = near.plus(self._of(shared, firms + left - shared), -1)
                    near = near.plus(self._of(shared - mine, left - shared + mine), 1)
                after[group] = near.plus(self._of(mine, firms - mine), 1)
        return after

    def _of(self, shared: int, others: int) -> Nearness:
        """What one crowd with so many firms of the group, and so many others, adds."""
        if shared >= self.minimum:
            return Nearness(both=1) if others >= self.minimum else Nearness(excess=others)
        return Nearness(missing=shared) if others >= self.minimum else Nearness(either=1)

    def _shared(self, found: Iterable[int]) -> dict[Group, int]:
        """How many firms of these blocks counted in each of the earlier groups as they do now."""
        shared: dict[Group, int] = {}
        for at in found:
            if self.earlier.stayed[at]:
                for group in self.now.blocks[at].groups:
                    if group in self.near:
                        shared[group] = shared.get(group, 0) + self.earlier.stayed[at]
        return shared

    def show(self, split: Split, first: int) -> None:
        self.near.update(self._after(split))
        for number, (crowd, found) in enumerate(split.items(), first):
            inside = self._shared(found)
            if crowd != UNSEEN:
                held = self.common[crowd]
                self.common[crowd] = {
                    group: rest for group, count in held.items() if (rest := count - inside.get(group, 0))
                }
            self.common[number] = inside
