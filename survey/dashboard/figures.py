"""Counts of firms, split as finely as any filter of a dashboard asks; everything a dashboard shows is a sum of these.

Points are counted in bins of half a percent of the maximum, cut, so that counts of any number of firms stay small. The
medians and quartiles of dashboards are those of the cut values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, Final, NamedTuple

BINS: Final = 200
"""How many bins there are from 0 to the maximum; who has all points is in a last one of its own."""
MILLION: Final = 1_000_000
PAIR: Final = 100
"""Two levels are counted as one number: `PAIR * first + second`."""
OPEN: Final = "open"
"""The size of a firm that could not be determined."""
OWN: Final = "s:"
"""Before the id of one of the city's own industries."""

STAGES: Final = ("listed", "claimed", "started", "submitted", "returned", "accepted", "verified")
"""How far a firm has come: nobody's yet, claimed, filling in, handed in, sent back, accepted, verified on site."""


class Key(NamedTuple):
    """What was counted together: an area below the chosen one (by id), a division, an own industry (by id), a size."""

    place: str = ""
    division: str = ""
    own: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to narrow to; empty narrows nothing. `industry` is a division ("C34") or an own industry ("s:12")."""

    industry: str = ""
    size: str = ""

    def fits(self, key: Key) -> bool:
        return self._fits_industry(key) and self.size in ("", key.size)

    def _fits_industry(self, key: Key) -> bool:
        if self.industry.startswith(OWN):
            return key.own == self.industry.removeprefix(OWN)
        return self.industry in ("", key.division)


class Figures:
    """Counters by what is counted ("stages", "levels", "points:total" …) and by key."""

    def __init__(self) -> None:
        self.counted: dict[str, dict[Key, Counter[int]]] = {}

    def add(self, what: str, key: Key, value: int, count: int = 1) -> None:
        self.counted.setdefault(what, {}).setdefault(key, Counter())[value] += count

    def sum(self, what: str, wanted: Wanted) -> Counter[int]:
        """The counts of all keys that fit."""
        return merged(counter for _key, counter in self._fitting(what, wanted))

    def by(self, part: str, what: str, wanted: Wanted) -> dict[str, Counter[int]]:
        """The same, split by one part of the key."""
        found: dict[str, list[Counter[int]]] = {}
        for key, counter in self._fitting(what, wanted):
            found.setdefault(getattr(key, part), []).append(counter)
        return {name: merged(counters) for name, counters in sorted(found.items())}

    def _fitting(self, what: str, wanted: Wanted) -> Iterator[tuple[Key, Counter[int]]]:
        return (each for each in self.counted.get(what, {}).items() if wanted.fits(each[0]))

    def to_json(self) -> dict[str, Any]:
        """Plain data: for each key its parts, then values and counts in turn."""
        return {
            what: [[list(key), list(chain.from_iterable(sorted(counter.items())))] for key, counter in groups.items()]
            for what, groups in self.counted.items()
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Figures:
        made = cls()
        for what, groups in data.items():
            made.counted[what] = {
                Key(*key): Counter(dict(zip(flat[::2], flat[1::2], strict=True))) for key, flat in groups
            }
        return made


def merged(counters: Iterable[Counter[int]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for counter in counters:
        for value, count in counter.items():
            found[value] += count
    return found


def bin_of(points_e6: int, maximum: Fraction) -> int:
    """The bin of points as they are stored: millionths, cut. What was cut off is less than one, so one is added."""
    place = (points_e6 + 1) * BINS * maximum.denominator // (maximum.numerator * MILLION)
    return min(place, BINS)


def quantile(bins: Counter[int], share: Fraction) -> Fraction | None:
    """The value below which `share` of the firms lie, as a share of the maximum; None without firms.

    Between two firms in proportion, so that the median of an even number lies in the middle of the two.
    """
    total = bins.total()
    if not total:
        return None
    place = (total - 1) * share
    below = int(place)
    first, second = _at(bins, below), _at(bins, min(below + 1, total - 1))
    return (first + (second - first) * (place - below)) / BINS


def median(bins: Counter[int]) -> Fraction | None:
    return quantile(bins, Fraction(1, 2))


def _at(bins: Counter[int], place: int) -> Fraction:
    """The bin of the firm at this place, counted from 0, if all stood in a row."""
    passed = 0
    for value, count in sorted(bins.items()):
        passed += count
        if passed > place:
            return Fraction(value)
    raise IndexError(place)
