"""Changes parted into bundles that do not influence each other, with what each choice of a bundle brings.

Within a bundle every combination is asked of the scorer; what several bundles bring adds up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Final

from scoring.roadmap_changes import Change, Cost, Key, Track, complete
from scoring.roadmap_goal import Requirement
from scoring.roadmap_oracle import Oracle
from scoring.standing import Standing

MOST_CHOICES: Final = 4096
Number = int | Fraction
Vector = tuple[Number, ...]
Choices = tuple[tuple[Change, ...], ...]


class NotAdditive(Exception):
    """The changes cannot be parted into bundles that are small enough."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Changes made together, their cost, and what they bring to each requirement."""

    changes: tuple[Change, ...]
    cost: int
    brings: Vector


Bundle = tuple[Choice, ...]


# -- bundles -----------------------------------------------------------------------------------------------------------


def bundled(
    oracle: Oracle, tracks: Iterable[Track], whole_items: frozenset[str]
) -> list[tuple[tuple[Change, ...], ...]]:
    """The choices of each bundle: tracks of an item stay together where its parts do not simply add up.

    `whole_items` are items that some condition looks at as a whole. Raises `NotAdditive` where a bundle is too large.
    """
    by_item: dict[str, list[Track]] = {}
    for track in tracks:
        by_item.setdefault(track.item, []).append(track)
    return [
        choices_of(oracle, group, whole_items)
        for item, own in by_item.items()
        for group in (_groups(own) if _parts_add_up(oracle, item, whole_items) else [own])
    ]


def _parts_add_up(oracle: Oracle, item: str, whole_items: frozenset[str]) -> bool:
    """Whether every rule on the item only sums its parts, and nothing is lost or won by the first of them."""
    return item not in whole_items and all(_sums_parts(oracle, item, rule) for rule in oracle.rules[item])


def _sums_parts(oracle: Oracle, item: str, rule: Any) -> bool:
    if rule.kind != "sum_of_options":
        return bool(rule.kind == "grid")
    if getattr(rule, "at_least", None) is not None or getattr(rule, "at_most", None) is not None:
        return False
    found = oracle.scorer.instrument.items[item]
    alone = [option.id for option in getattr(found, "options", ()) if option.exclusive]
    given: Any = oracle.responses.get(item)
    return (
        min(rule.weights.values()) == 0
        if given is None
        else not any(rule.weights[each] for each in alone if each in given)
    )


def _groups(tracks: Sequence[Track]) -> Iterator[list[Track]]:
    """Options that need each other stay together; anything else stands alone."""
    waiting = {track.key: track for track in tracks}
    needs = {key: {(track.item, need) for need in track.changes[0].needs} for key, track in waiting.items()}
    while waiting:
        group: set[Key] = {next(iter(waiting))}
        while more := {key for key in waiting if key not in group and _joined(key, group, needs)}:
            group |= more
        yield [waiting.pop(key) for key in list(waiting) if key in group]


def _joined(key: Key, group: set[Key], needs: Mapping[Key, set[tuple[str, str]]]) -> bool:
    return bool(needs[key] & group) or any(key in needs[other] for other in group)


def choices_of(oracle: Oracle, tracks: Sequence[Track], whole_items: frozenset[str]) -> Choices:
    """Every way of making changes on the tracks, beginning with none; of changes that are alike, the first ones."""
    ways = [[(), *((change,) for change in track.changes)] for track in tracks]
    if tracks[0].item not in whole_items and all(track.changes[0].start is None for track in tracks):
        alike: dict[object, list[Change]] = {}
        for track in tracks:
            alike.setdefault(_role(oracle, tracks, track.changes[0]), []).append(track.changes[0])
        ways = [[tuple(group[:count]) for count in range(len(group) + 1)] for group in alike.values()]
    if math.prod(map(len, ways)) > MOST_CHOICES:
        raise NotAdditive
    sets = (tuple(change for part in way for change in part) for way in product(*ways))
    return tuple(changes for changes in sets if complete(changes))


def _role(oracle: Oracle, tracks: Sequence[Track], change: Change) -> object:
    """The same for options that no rule tells apart; options that others need, or that need others, are like none."""
    needed = {need for track in tracks for need in track.changes[0].needs}
    told = [ROLES[rule.kind](rule, change.to) for rule in oracle.rules[change.item] if rule.kind in ROLES]
    if change.needs or change.to in needed or len(told) < len(oracle.rules[change.item]):
        return change
    return change.effort, change.paper, tuple(told)


ROLES: Final[Mapping[str, Callable[[Any, Any], object]]] = {
    "sum_of_options": lambda rule, option: rule.weights[option],
    "count": lambda rule, option: rule.of is None or option in rule.of,
}


def weighed(
    oracle: Oracle,
    bundles: Iterable[Choices],
    requirements: Sequence[Requirement],
    cost: Cost,
    given: Sequence[Change] = (),
) -> list[Bundle]:
    """What each choice brings, by asking the scorer; choices that another one of the bundle outdoes are left out.

    Where changes are `given`, a choice takes the place of those on its item, and is weighed against them.
    """
    start = _stands(oracle.after(given), requirements)
    found = []
    for choices in bundles:
        item = next((change.item for changes in choices for change in changes), "")
        rest = [change for change in given if change.item != item]
        spent = cost.of(change for change in given if change.item == item)
        bundle = []
        for changes in choices:
            now = _stands(oracle.after((*rest, *changes)), requirements)
            brings = tuple(new - old for new, old in zip(now, start, strict=True))
            bundle.append(Choice(changes, cost.of(changes) - spent, brings))
        found.append(_best(bundle))
    return [bundle for bundle in found if len(bundle) > 1]


def _stands(standing: Standing, requirements: Sequence[Requirement]) -> Vector:
    return tuple(requirement.stands(standing)[0] for requirement in requirements)


def _best(bundle: Sequence[Choice]) -> Bundle:
    kept: list[Choice] = []
    for choice in sorted(bundle, key=lambda choice: choice.cost):
        if not any(_covers(other.brings, choice.brings) for other in kept):
            kept.append(choice)
    return tuple(kept)


def _covers(one: Vector, other: Vector) -> bool:
    return all(mine >= theirs for mine, theirs in zip(one, other, strict=True))
