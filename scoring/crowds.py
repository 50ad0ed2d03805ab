"""Crowds of firms that nothing shown tells apart, and when a crowd keeps the score of each of its firms.

`scoring.suppression` says why: an attacker learns of a crowd how many of its firms lie in each bin, and nothing of one
firm, as long as the crowd is large enough and its firms differ, also for somebody who knows those of one area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scoring.percentile import BINS


@dataclass(slots=True)
class Tally:
    """How many firms, and how many in each bin of each measure."""

    firms: int = 0
    bins: dict[int, dict[int, int]] = field(default_factory=dict)

    def add(self, firms: int, bins: Sequence[int]) -> None:
        """`bins` alternates between place (measure times BINS plus bin) and count."""
        self.firms += firms
        for place, count in zip(bins[::2], bins[1::2], strict=True):
            measure, at = divmod(place, BINS)
            held = self.bins.setdefault(measure, {})
            held[at] = held.get(at, 0) + count

    def remove(self, other: Tally) -> None:
        """Take away what was added before."""
        self.firms -= other.firms
        for measure, bins in other.bins.items():
            held = self.bins[measure]
            for at, count in bins.items():
                held[at] -= count


Crowd = dict[int, Tally]
"""Firms by area, each counted in its own and in all above it."""

NOBODY: Final = Tally()


@dataclass(frozen=True, slots=True)
class Part:
    """A crowd without some of its firms, worked out only where somebody looks."""

    whole: Crowd
    less: Crowd = field(default_factory=dict)

    def firms(self, area: int) -> int:
        return self.whole.get(area, NOBODY).firms - self.less.get(area, NOBODY).firms

    def count(self, area: int, measure: int, at: int) -> int:
        held, gone = (each.get(area, NOBODY).bins.get(measure, {}).get(at, 0) for each in (self.whole, self.less))
        return held - gone


@dataclass(frozen=True, slots=True)
class City:
    """The tree of areas as far as firms are there, and the least number of firms."""

    top: int
    below: Mapping[int, Sequence[int]]
    minimum: int


def few(part: Part, city: City, known: int | None) -> bool:
    """Whether fewer than the minimum are left beside the area that is known."""
    return part.firms(city.top) - (0 if known is None else part.firms(known)) < city.minimum


def concentrated(part: Part, city: City, known: int | None) -> bool:
    """Whether, beside the area that is known, all firms but one lie in two neighbouring bins of some measure."""
    return any(_narrow(part, city.top, known, measure) for measure in part.whole[city.top].bins)


def _narrow(part: Part, top: int, known: int | None, measure: int) -> bool:
    filled: dict[int, int] = {}
    for at in part.whole[top].bins[measure]:
        count = part.count(top, measure, at) - (0 if known is None else part.count(known, measure, at))
        if count:
            filled[at] = count
        if len(filled) > 3:  # whichever two are left out, two others hold a firm each
            return False
    widest = max((count + filled.get(at + 1, 0) for at, count in filled.items()), default=0)
    return bool(filled) and sum(filled.values()) - widest < 2


CHECKS: Final[Mapping[str, Callable[[Part, City, int | None], bool]]] = {"few": few, "concentrated": concentrated}
"""What must not hold of a crowd."""


def outside(part: Part, city: City) -> Iterable[int | None]:
    """What somebody may know: nothing, or the firms of an area; a smaller one only where all lie in the one above."""
    yield None
    everybody, at = part.firms(city.top), city.top
    while at in city.below:
        within = None
        for area in city.below[at]:
            here = part.firms(area)
            if here == everybody:
                within = area
            elif here:
                yield area
        if within is None:
            return
        at = within


def fault(part: Part, city: City) -> str:
    """The check that a crowd fails, also beside the firms of any one area; or nothing. An empty one is safe."""
    if not part.firms(city.top):
        return ""
    for known in outside(part, city):
        for name, fails in CHECKS.items():
            if fails(part, city, known):
                return name
    return ""
