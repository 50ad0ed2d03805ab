"""Scenarios: where answers that can change decide what else is asked, each way of deciding it is looked at on its own.

Within a scenario what is asked is settled, so changes add up again. `given` are the cheapest changes that bring it
about; other choices with the same effect on the route are weighed against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final

from questionnaires.statements import nested
from scoring.roadmap_bundles import Bundle, Choices, NotAdditive, bundled, choices_of, weighed
from scoring.roadmap_changes import Change, Cost, Track
from scoring.roadmap_goal import Requirement
from scoring.roadmap_oracle import Oracle
from scoring.roadmap_reads import additive, items_read, routes_read, whens
from scoring.standing import Standing

MOST_SCENARIOS: Final = 128


class Scenario:
    """One way of deciding what is asked."""

    def __init__(
        self,
        oracle: Oracle,
        requirements: Sequence[Requirement],
        cost: Cost,
        given: tuple[Change, ...],
        deciding: Mapping[str, Choices],
        shared: dict[tuple[tuple[Track, ...], bool], list[Choices]],
    ) -> None:
        self.oracle, self.requirements, self.cost = oracle, requirements, cost
        self.given, self.deciding, self.offset = given, deciding, cost.of(given)
        self.shared = shared

    @cached_property
    def whole_items(self) -> frozenset[str]:
        """Items that some condition looks at as a whole."""
        single = [each.condition for each in self.requirements if not each.counts]
        return frozenset().union(*(items_read(self.oracle.scorer, condition) for condition in single))

    @cached_property
    def start(self) -> Standing:
        return self.oracle.after(self.given)

    def bundles(self, tracks: Sequence[Track]) -> dict[str, list[Bundle]]:
        """By item. Raises `NotAdditive` where changes still influence each other."""
        result = self.oracle.result_after(self.given)
        changeable = frozenset(track.item for track in tracks)
        if not all(additive(self.oracle.scorer, result, each.condition, changeable) for each in self.requirements):
            raise NotAdditive
        return {item: self.of_item([track for track in tracks if track.item == item]) for item in changeable}

    def of_item(self, tracks: Sequence[Track]) -> list[Bundle]:
        """The bundles of one item."""
        if not tracks:
            return []
        deciding = self.deciding.get(tracks[0].item)
        parted = self._parted(tuple(tracks), self.whole_items) if deciding is None else [deciding]
        return weighed(self.oracle, parted, self.requirements, self.cost, self.given)

    def _parted(self, tracks: tuple[Track, ...], whole_items: frozenset[str]) -> list[Choices]:
        """The same in every scenario."""
        key = (tracks, tracks[0].item in whole_items)
        if key not in self.shared:
            self.shared[key] = bundled(self.oracle, tracks, whole_items)
        return self.shared[key]

    def completed(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """The changes with those that bring the scenario about, where no other ones on the item do."""
        items = {change.item for change in changes}
        return (*changes, *(change for change in self.given if change.item not in items))


def scenarios_of(
    oracle: Oracle, tracks: Sequence[Track], requirements: Sequence[Requirement], cost: Cost
) -> list[Scenario]:
    """Every scenario, the cheapest first; a single one where nothing that can change decides what is asked.

    Raises `NotAdditive` where there are too many.
    """
    routes = routes_read(oracle.scorer)
    deciding = list(dict.fromkeys(track.item for track in tracks if track.item in routes))
    classes = [_classes(oracle, [track for track in tracks if track.item == item]) for item in deciding]
    if prod(map(len, classes)) > MOST_SCENARIOS:
        raise NotAdditive
    found = []
    shared: dict[tuple[tuple[Track, ...], bool], list[Choices]] = {}
    for chosen in product(*classes):
        cheapest = [min(choices, key=cost.of) for choices in chosen]
        given = tuple(change for changes in cheapest for change in changes)
        found.append(Scenario(oracle, requirements, cost, given, dict(zip(deciding, chosen, strict=True)), shared))
    return sorted(found, key=lambda scenario: scenario.offset)


def _classes(oracle: Oracle, tracks: Sequence[Track]) -> list[Choices]:
    """The choices on an item, parted by what they make of the statements that look at it."""
    item = tracks[0].item
    atoms = [each for when in whens(oracle.scorer) for each in nested(when) if _reads(oracle, each, item)]
    found: dict[tuple[Any, ...], list[tuple[Change, ...]]] = {}
    for changes in choices_of(oracle, tracks, frozenset({item})):
        given = oracle.after(changes).given
        found.setdefault(tuple(atom.state(given) for atom in atoms), []).append(changes)
    return [tuple(choices) for choices in found.values()]


def _reads(oracle: Oracle, statement: Any, item: str) -> bool:
    """Whether a statement, without others inside it, looks at the item."""
    single = not any(hasattr(statement, name) for name in ("conditions", "condition", "if_"))
    return single and item in items_read(oracle.scorer, statement)
