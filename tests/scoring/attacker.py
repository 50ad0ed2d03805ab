"""Somebody who tries to work out a firm's score from everything that releases show, by integer programming.

He knows which firms are counted where, all scores of one area, the score of a firm of his own, and what is shown. Firms
of one finest cohort with the same history are alike to him, so what he does not know is how many of each kind lie in
each bin. A firm's score is fixed if in every way to fill in these numbers all its kind lie in two neighbouring bins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from scoring.percentile import BINS

Group = tuple[str, str, int]
"""Industry, size and area; empty means all."""
CITY = 0


@dataclass(frozen=True)
class Firm:
    """`bins` are its bins in the first and in the second release, None where it does not count."""

    industry: str
    size: str
    street: int
    bins: tuple[int | None, int | None]

    @property
    def areas(self) -> tuple[int, ...]:
        return (CITY, self.street // 10, self.street)

    @property
    def groups(self) -> list[Group]:
        return [
            (industry, size, area)
            for industry in (self.industry, "")
            for size in (self.size, "")
            for area in self.areas
        ]

    @property
    def kind(self) -> tuple[object, ...]:
        """What everybody knows of it: its cohort, when it counts, whether it answered anew."""
        first, second = self.bins
        return (self.industry, self.size, self.street, first is None, second is None, first == second)


Shown = tuple[frozenset[Group], frozenset[Group]]
"""What each release shows."""
Unknown = tuple[int, int, int]
"""A kind, a release (that in which its score was first shown), a bin."""
Row = tuple[dict[Unknown, int], float, float]
"""So many times each unknown lies from here to there."""


class Attacker:
    """`shown` is what each release shows; `known` says which firms he knows, `own` is his own."""

    def __init__(self, firms: Sequence[Firm], shown: Shown, known: Callable[[Firm], bool], own: Firm | None) -> None:
        self.firms, self.shown = firms, shown
        self.known = [firm for firm in firms if known(firm) or firm is own]
        hidden = [firm for firm in firms if not known(firm) and firm is not own]
        self.kinds = sorted({firm.kind for firm in hidden}, key=repr)
        self.hidden = {at: [firm for firm in hidden if firm.kind == kind] for at, kind in enumerate(self.kinds)}
        self.places = sorted({at for firm in firms for at in firm.bins if at is not None} | {0, BINS // 2, BINS - 1})
        self.rows: list[Row] = [
            ({(at, release, place): 1 for place in self.places}, len(alike), len(alike))
            for at, alike in self.hidden.items()
            for release in self._scores(alike[0])
        ]

    def _scores(self, firm: Firm) -> list[int]:
        """The releases in which it has a score of its own: a firm that stayed as it was has none in the second."""
        first, second = firm.bins
        return [at for at, each in enumerate(firm.bins) if each is not None and not (at == 1 and first == second)]

    def look(self) -> None:
        """Take in every group of both releases: more than is ever shown, namely how many firms lie in each bin.

        All that pages say follows from that and from what he knows.
        """
        for release, groups in enumerate(self.shown):
            for group in sorted(groups):
                bins = self.of(release, group)
                for place in self.places:
                    unknown, mine = self.counted(release, group, [place])
                    self.rows.append((unknown, bins[place] - mine, bins[place] - mine))

    def counted(self, release: int, group: Group, places: Iterable[int]) -> tuple[dict[Unknown, int], int]:
        """The unknowns behind how many of the group lie in these bins, and how many of them he knows."""
        wanted = set(places)
        unknown = {
            (at, release if alike[0].bins[0] != alike[0].bins[1] else 0, place): 1
            for at, alike in self.hidden.items()
            if alike[0].bins[release] is not None and group in alike[0].groups
            for place in wanted & set(self.places)
        }
        mine = sum(firm.bins[release] in wanted for firm in self.known if group in firm.groups)
        return unknown, mine

    def of(self, release: int, group: Group) -> list[int]:
        """The true bins of a group, from which what is shown is made."""
        held = Counter(firm.bins[release] for firm in self.firms if group in firm.groups)
        return [held[place] for place in range(BINS)]

    def fixed(self) -> list[tuple[Firm, int]]:
        """Firms whose score in a release he has worked out to within two neighbouring bins."""
        return [
            (alike[0], release)
            for at, alike in self.hidden.items()
            for release in self._scores(alike[0])
            if self._is_fixed(at, release, {firm.bins[release] for firm in alike})
        ]

    def _is_fixed(self, kind: int, release: int, bins: set[int | None]) -> bool:
        places = [place for place in bins if place is not None]
        low, high = min(places), max(places)
        windows = [{at, at + 1} for at in (low - 1, low) if {low, high} <= {at, at + 1}]
        return any(not self._possible(kind, release, window) for window in windows)

    def _possible(self, kind: int, release: int, window: set[int]) -> bool:
        """Whether one of the kind may lie outside the window."""
        outside: Row = ({(kind, release, at): 1 for at in self.places if at not in window}, 1, np.inf)
        rows = [*self.rows, outside]
        names = {name: at for at, name in enumerate(sorted({name for row in rows for name in row[0]}))}
        entries = [(at, names[name], times) for at, row in enumerate(rows) for name, times in row[0].items()]
        lines, columns, values = zip(*entries, strict=True)
        matrix = csr_array((values, (lines, columns)), shape=(len(rows), len(names)))
        limits = LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows])
        found = milp(
            np.zeros(len(names)), constraints=limits, integrality=np.ones(len(names)), bounds=Bounds(0, np.inf)
        )
        assert found.status in (0, 2)
        return bool(found.status == 0)
