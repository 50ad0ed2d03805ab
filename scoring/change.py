"""What two releases tell together: firms that came to a group since, or went (`scoring.suppression` says why)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic

from scoring.showing import Block, Group, Showing


@dataclass(frozen=True, slots=True)
class Earlier(Generic[Group]):
    """An earlier release: what it shows, which firms counted then as now, which count only now, and which only then.

    A firm with other scores than then is among the last two, each time with the scores of its time.
    """

    shown: Collection[Group]
    stayed: Sequence[Block[Group]]
    came: Sequence[Block[Group]]
    went: Sequence[Block[Group]]


class Past(Generic[Group]):
    """An earlier release while the groups of the new one are shown one by one."""

    def __init__(self, earlier: Earlier[Group], minimum: int) -> None:
        self.shown, self.minimum = earlier.shown, minimum
        self.stayed, self.came, self.went = (
            Showing(each, minimum) for each in (earlier.stayed, earlier.came, earlier.went)
        )

    def refuses(self, group: Group, firms: int) -> bool:
        """Whether both releases together would tell too much, once the group is shown with so many firms."""
        if group in self.shown:
            return bool(self.came.refusal(group) or self.went.refusal(group))
        return self._nearly_the_same(group, firms)

    def _nearly_the_same(self, group: Group, firms: int) -> bool:
        """Whether another group then shown held the same firms but for a few."""
        common: dict[Group, int] = {}
        for at in self.stayed.members.get(group, ()):
            block = self.stayed.blocks[at]
            for other in block.groups:
                if other in self.shown:
                    common[other] = common.get(other, 0) + block.firms
        for other, both in common.items():
            then = self.stayed.firms(other) + self.went.firms(other)
            if 0 < max(firms - both, then - both) < self.minimum:
                return True
        return False

    def show(self, group: Group) -> None:
        if group in self.shown:
            self.came.show(group)
            self.went.show(group)
