"""Two scorecards of one firm side by side: what may be compared, and what became of it.

Versions of a questionnaire differ. A measure may be compared when nothing differs that can change it: its own rules and
those below it, the items they look at, and everything that decides whether those are asked. A level may be compared
when the ladder and all that it looks at is the same. Where not, `Reason` says why; no number is put beside another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from questionnaires.changes import Change, changes
from questionnaires.instrument import Instrument
from scoring.making import scorer_for
from scoring.roadmap_reads import items_below, items_read, whens
from scoring.scorecard import MeasureScore, Scorecard
from scoring.scorer import Scorer

Reason = Literal["", "rules", "new", "gone", "another"]
"""Nothing stands against it; its rules differ; it was not there before, or is no more; another questionnaire."""

HARMLESS: Final = frozenset({"ladder", "checks", "cross_checks", "version", "title", "basis", "scope", "quality"})
"""Parts of a definition that change no measure; the ladder is looked at by itself."""


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """One measure then and now; a score is given wherever there is one, the `difference` only where both are sure."""

    id: str
    before: MeasureScore | None
    after: MeasureScore | None
    reason: Reason

    @property
    def difference(self) -> Fraction | None:
        """Points now less points then, exact; None where they may not be compared or are not sure."""
        if self.reason or not (self.before and self.after) or self.before.points is None or self.after.points is None:
            return None
        return Fraction(self.after.points) - Fraction(self.before.points)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels with the reason why not (empty: comparable), and the measures of the later scorecard, then those gone."""

    level: Reason
    before_level: int
    after_level: int
    measures: tuple[MeasureChange, ...]

    @property
    def comparable(self) -> bool:
        """Whether anything may be compared."""
        return not self.level or any(not each.reason for each in self.measures)


def compare(before: Scorecard, earlier: Instrument, after: Scorecard, later: Instrument) -> Comparison:
    """`before` was scored by `earlier`, `after` by `later`."""
    if earlier.questionnaire != later.questionnaire:
        return Comparison("another", before.level, after.level, ())
    touched = _Touched(earlier, later)
    was, now = ({score.id: score for score in card.measures} for card in (before, after))
    return Comparison(
        "rules" if touched.ladder() else "",
        before.level,
        after.level,
        tuple(
            MeasureChange(name, was.get(name), now.get(name), _reason(name, was, now, touched))
            for name in dict.fromkeys((*now, *was))
        ),
    )


def _reason(name: str, was: Mapping[str, MeasureScore], now: Mapping[str, MeasureScore], touched: _Touched) -> Reason:
    if name not in was:
        return "new"
    if name not in now:
        return "gone"
    return "rules" if was[name].maximum != now[name].maximum or touched.measure(name) else ""


class _Touched:
    """What the differences of two versions reach."""

    def __init__(self, earlier: Instrument, later: Instrument) -> None:
        self.scorers = (scorer_for(earlier), scorer_for(later))
        found = [] if earlier.rules_checksum == later.rules_checksum else list(changes(earlier, later))
        self.changes = [change for change in found if change.part == "rules"]
        self.items = set(self._items())
        self.everything = any(_reaches_all(change) for change in self.changes)

    def _items(self) -> Iterator[str]:
        """Items that differ, and those asked under a section's condition that differs."""
        for change in self.changes:
            if change.path[0] == "items":
                yield from change.path[1:2]
            elif change.path[0] == "sections" and len(change.path) > 1:
                for scorer in self.scorers:
                    section = scorer.instrument.section(change.path[1])
                    yield from (item.id for item in section.items) if section else ()

    def measure(self, name: str) -> bool:
        return bool(self.changes) and (self.everything or any(self._in(scorer, name) for scorer in self.scorers))

    def _in(self, scorer: Scorer, name: str) -> bool:
        below = set(_subtree(scorer, name))
        own = [change for change in self.changes if change.path[0] == "tree" and len(change.path) > 1]
        if any(change.path[1] in below and not _only_weight_above(change, name) for change in own):
            return True
        if any(change.path[2:3] == ("not_applicable",) and name in _subtree(scorer, change.path[1]) for change in own):
            return True  # what does not apply is handed down
        read = set(items_below(scorer, name))
        return bool(read & self.items) or self._route_differs(scorer, read)

    def _route_differs(self, scorer: Scorer, read: set[str]) -> bool:
        """Whether what decides on asking these items looks at an item that differs."""
        if not read & scorer.instrument.doubtful:
            return False
        return any(items_read(scorer, when) & self.items for when in whens(scorer))

    def ladder(self) -> bool:
        if not self.changes:
            return False
        if self.everything or any(change.path[0] == "ladder" for change in self.changes):
            return True
        return any(self._ladder_reads(scorer) for scorer in self.scorers)

    def _ladder_reads(self, scorer: Scorer) -> bool:
        steps = scorer.ladder.steps if scorer.ladder else ()
        if any(items_read(scorer, step) & self.items for step in steps):
            return True
        root = next(iter(scorer.measures), None)
        return root is not None and self.measure(root)


def _subtree(scorer: Scorer, name: str) -> Iterator[str]:
    if name in scorer.measures:
        yield name
        for child in scorer.measures[name].children:
            yield from _subtree(scorer, child)


def _only_weight_above(change: Change, name: str) -> bool:
    """A measure's own weight or place matters to what is above it, not to itself."""
    return change.path[1:] in ((name, "weight"), (name, "parent"))


def _reaches_all(change: Change) -> bool:
    """Named values, facts and the city's values may be behind anything: a difference there stops every comparison."""
    return change.path[0] not in HARMLESS | {"items", "sections", "tree"}
