"""The crowds of some firms while groups are shown one by one (`scoring.suppression` says what crowds are)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Generic, TypeVar

from scoring.crowds import City, Crowd, Part, Tally, fault

Group = TypeVar("Group", bound=Hashable)

UNSEEN: Final = -1
"""The crowd of firms that are in nothing shown so far: nothing is known of them."""

REASONS: Final[Mapping[str, str]] = {"concentrated": "concentrated"}
"""Checks of `scoring.crowds` that are a reason of their own; for the others it is the side that is left too small."""


@dataclass(frozen=True, slots=True)
class Block(Generic[Group]):
    """Firms that belong to the same `groups` and lie in the same area: `areas` leads from the city down to it.

    `bins` alternates between place and count, place being measure times BINS plus bin; the measures are numbered.
    """

    groups: Sequence[Group]
    areas: Sequence[int]
    firms: int
    bins: Sequence[int]


class Showing(Generic[Group]):
    """Blocks are named by their place in the list."""

    def __init__(self, blocks: Sequence[Block[Group]], minimum: int) -> None:
        self.blocks = blocks
        self.city = _city(blocks, minimum)
        self.members: dict[Group, list[int]] = {}
        for at, block in enumerate(blocks):
            for group in block.groups:
                self.members.setdefault(group, []).append(at)
        self.crowd_of = [UNSEEN] * len(blocks)
        self.crowds: list[Crowd] = []

    def firms(self, group: Group) -> int:
        return self.count(self.members.get(group, ()))

    def count(self, members: Iterable[int]) -> int:
        return sum(self.blocks[at].firms for at in members)

    def refusal(self, group: Group) -> str:
        """Why the group must not be shown, or nothing: every crowd that it splits has to stay safe."""
        parts = self.split(group)
        return self._few(parts) or self._unsafe(parts)

    def split(self, group: Group) -> dict[int, list[int]]:
        """The firms of the group by crowd; not those crowds that it holds whole."""
        parts: dict[int, list[int]] = {}
        for at in self.members.get(group, ()):
            parts.setdefault(self.crowd_of[at], []).append(at)
        return {crowd: found for crowd, found in parts.items() if crowd == UNSEEN or self.left(crowd, found)}

    def left(self, crowd: int, members: Iterable[int]) -> int:
        return self.crowds[crowd][self.city.top].firms - self.count(members)

    def _few(self, parts: Mapping[int, Sequence[int]]) -> str:
        """A quick look at bare numbers, which settles most."""
        if any(self.count(found) < self.city.minimum for found in parts.values()):
            return "difference"
        split = (self.left(crowd, found) for crowd, found in parts.items() if crowd != UNSEEN)
        return "sibling" if any(left < self.city.minimum for left in split) else ""

    def _unsafe(self, parts: Mapping[int, Sequence[int]]) -> str:
        """The whole rule, for each part inside the group and for what its crowd keeps outside."""
        for crowd, found in parts.items():
            inside = self._counted(found)
            name = fault(Part(inside), self.city)
            if name:
                return REASONS.get(name, "difference")
            name = "" if crowd == UNSEEN else fault(Part(self.crowds[crowd], inside), self.city)
            if name:
                return REASONS.get(name, "sibling")
        return ""

    def _counted(self, members: Iterable[int]) -> Crowd:
        crowd: Crowd = {}
        for at in members:
            block = self.blocks[at]
            for area in block.areas:
                crowd.setdefault(area, Tally()).add(block.firms, block.bins)
        return crowd

    def show(self, group: Group) -> None:
        """The parts become crowds of their own."""
        for crowd, found in self.split(group).items():
            inside = self._counted(found)
            if crowd != UNSEEN:
                for area, tally in inside.items():
                    self.crowds[crowd][area].remove(tally)
            self.crowds.append(inside)
            for at in found:
                self.crowd_of[at] = len(self.crowds) - 1


def _city(blocks: Sequence[Block[Group]], minimum: int) -> City:
    below: dict[int, dict[int, None]] = {}
    for areas in {tuple(block.areas) for block in blocks}:
        for above, area in pairwise(areas):
            below.setdefault(above, {})[area] = None
    top = blocks[0].areas[0] if blocks else 0
    return City(top, {area: sorted(found) for area, found in below.items()}, minimum)
