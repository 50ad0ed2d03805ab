"""Changes a firm could make: what each costs, which belong together, and the answers after them.

A *track* is a place where one change at most is made: a single item, a scene, a row of a grid, one option of a multiple
item. Going further on a track is another change on it, which costs more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from questionnaires.choices import Improvable, Option
from questionnaires.instrument import Instrument
from questionnaires.items import Grid, Item, Multiple, Response, Scene, Single

Lock = str | tuple[str, str | int]
"""An item, or an item with an option, a scene's level or a grid's row, that the firm calls not possible."""


Key = tuple[str, str | int | None]
"""A track by its item and, where an item has several, its row or option."""


@dataclass(frozen=True, slots=True)
class Change:
    """One answer moved to a better one: from `start` (`None`: the option `to` is added) to `to`.

    `effort` is the sum over what is passed through, `paper` the part of it that exists only on paper. `place` counts
    all changes in the definition's order. `assumed`: the item is not answered, so it is taken to stand at its worst.
    """

    item: str
    row: str | None
    start: str | int | None
    to: str | int
    effort: int
    paper: int
    place: int
    assumed: bool
    needs: tuple[str, ...] = ()

    @property
    def work(self) -> str:
        return "paper" if self.paper == self.effort else "practice"


@dataclass(frozen=True, slots=True)
class Track:
    """Changes of which one at most is made, the smallest first."""

    item: str
    changes: tuple[Change, ...]

    @property
    def key(self) -> Key:
        first = self.changes[0]
        return self.item, first.row if first.start is not None else first.to


class Cost:
    """A plan's cost as one whole number: effort, then paper, then how many changes, then their order.

    Numbers of that kind may be added, and comparing sums compares plans; Python's whole numbers have no limit.
    """

    def __init__(self, tracks: Iterable[Track]) -> None:
        changes = [change for track in tracks for change in track.changes]
        self.bits: Final = max((change.place for change in changes), default=0) + 1
        self._many = len(changes) + 1
        self._paper = sum(change.paper for change in changes) + 1

    def of(self, changes: Iterable[Change]) -> int:
        """The earlier in the definition, the higher the bit that is taken off."""
        return sum(
            (self.least(change.effort) + (change.paper * self._many + 1 << self.bits))
            - (1 << self.bits - 1 - change.place)
            for change in changes
        )

    def least(self, effort: int) -> int:
        """What a plan of that effort costs apart from paper, number and order."""
        return effort * self._paper * self._many << self.bits

    def effort(self, cost: int) -> int:
        """The effort in a cost."""
        return (cost + (1 << self.bits) - 1 >> self.bits) // (self._paper * self._many)


def tracks(
    instrument: Instrument, responses: Mapping[str, Response], asked: Collection[str], locks: Collection[Lock] = ()
) -> tuple[Track, ...]:
    """Every track with a change on it, in the definition's order. Only what is surely `asked` can be changed."""
    locked = frozenset(lock if isinstance(lock, str) else (lock[0], str(lock[1])) for lock in locks)
    found: list[Track] = []
    place = 0
    for item in instrument.items.values():
        if item.id not in asked or item.id in locked:
            continue
        shut = frozenset(lock[1] for lock in locked if not isinstance(lock, str) and lock[0] == item.id)
        for changes in _of_item(item, responses.get(item.id), shut):
            placed = [_placed(change, place + offset) for offset, change in enumerate(changes)]
            place += len(placed)
            found.append(Track(item.id, tuple(placed)))
    return tuple(found)


def _placed(change: dict[str, Any], place: int) -> Change:
    return Change(**change, place=place)


def _of_item(item: Item, response: Any, shut: frozenset[str]) -> Iterator[list[dict[str, Any]]]:
    if isinstance(item, Single):
        yield from _upwards(item.id, None, _named(item.options), response, shut)
    elif isinstance(item, Scene):
        yield from _upwards(item.id, None, [(level.level, level) for level in item.levels], response, shut)
    elif isinstance(item, Grid):
        for row in item.rows:
            if row.id not in shut:
                yield from _upwards(item.id, row.id, _named(item.options), (response or {}).get(row.id), shut)
    elif isinstance(item, Multiple):
        yield from _additions(item, response, shut)


def _named(options: Sequence[Option]) -> list[tuple[str | int, Improvable]]:
    return [(option.id, option) for option in options]


def _upwards(
    item: str, row: str | None, rungs: Sequence[tuple[str | int, Improvable]], now: Any, shut: frozenset[str]
) -> Iterator[list[dict[str, Any]]]:
    """The later options or levels in the listed order, as far as none on the way is not possible.

    One without an effort can be passed, at no cost, but is no aim; what does not apply is neither.
    """
    at = 0 if now is None else next((place for place, rung in enumerate(rungs) if rung[0] == now), len(rungs))
    if at >= len(rungs) or _beside(rungs[at][1]):
        return
    changes: list[dict[str, Any]] = []
    effort = paper = 0
    for name, rung in rungs[at + 1 :]:
        if str(name) in shut:
            break
        if rung.effort is None or _beside(rung):
            continue
        effort += rung.effort
        paper += rung.effort if rung.work == "paper" else 0
        changes.append({"item": item, "row": row, "start": rungs[at][0], "to": name, "effort": effort, "paper": paper,
                        "assumed": now is None})  # fmt: skip
    if changes:
        yield changes


def states_effort(instrument: Instrument) -> bool:
    """Whether any option or level says what it takes; without that there is no change to propose."""
    rungs = (getattr(item, "options", ()) or getattr(item, "levels", ()) for item in instrument.items.values())
    return any(rung.effort is not None for each in rungs for rung in each)


def _beside(rung: Improvable) -> bool:
    """Whether it stands outside the order: "does not apply"."""
    return isinstance(rung, Option) and bool(rung.not_applicable)


def _additions(item: Multiple, response: Any, shut: frozenset[str]) -> Iterator[list[dict[str, Any]]]:
    chosen = frozenset(response or ())
    possible = {
        option.id: option
        for option in item.options
        if option.id not in chosen and option.effort and not option.exclusive and option.id not in shut
    }
    for option in possible.values():
        needs = tuple(needed for needed in _needed(item, option.id) if needed not in chosen)
        if all(needed in possible for needed in needs):
            assert option.effort is not None
            paper = option.effort if option.work == "paper" else 0
            yield [{"item": item.id, "row": None, "start": None, "to": option.id, "effort": option.effort,
                    "paper": paper, "assumed": response is None, "needs": needs}]  # fmt: skip


def _needed(item: Multiple, option_id: str) -> list[str]:
    """The options an option requires, and those that they require."""
    found: list[str] = []
    waiting = list(item.option(option_id).requires)
    while waiting:
        needed = waiting.pop()
        if needed not in found and needed != option_id:
            found.append(needed)
            waiting.extend(item.option(needed).requires)
    return found


def changed(
    instrument: Instrument, responses: Mapping[str, Response], changes: Iterable[Change]
) -> dict[str, Response]:
    """The answers after the changes; an option added takes "none of these" away."""
    after: dict[str, Any] = dict(responses)
    for change in changes:
        item = instrument.items[change.item]
        if isinstance(item, Grid):
            given = {**(after.get(item.id) or {}), str(change.row): change.to}
            after[item.id] = {row.id: given[row.id] for row in item.rows if row.id in given}
        elif isinstance(item, Multiple):
            chosen = {*(after.get(item.id) or ()), change.to}
            after[item.id] = tuple(each.id for each in item.options if each.id in chosen and not each.exclusive)
        else:
            after[item.id] = change.to
    return {item: after[item] for item in instrument.items if item in after}


def complete(changes: Iterable[Change]) -> bool:
    """Whether every option added has those that it needs beside it."""
    made = {(change.item, change.to) for change in changes}
    return all((change.item, needed) in made for change in changes for needed in change.needs)


def reaches(change: Change, aim: Change) -> bool:
    """Whether `change` is `aim`, or goes beyond it on the same track."""
    same = (change.item, change.row) == (aim.item, aim.row)
    return same and (change.to == aim.to if aim.start is None else change.place >= aim.place)


def written(change: Change) -> str:
    """A change as text that `read_lock` reads: `q5:D`, `s1:2`, of a grid's row `g1:r2`."""
    return f"{change.item}:{change.to if change.row is None else change.row}"


def read_lock(text: str, instrument: Instrument) -> Lock | None:
    """What somebody calls not possible: an item (`q5`), or one of its options, levels or rows; `None` if unknown."""
    item_id, colon, name = text.partition(":")
    item: Any = instrument.items.get(item_id)
    if item is None:
        return None
    if not colon:
        return item_id
    if isinstance(item, Scene):
        known = {str(level.level) for level in item.levels}
    else:
        known = {each.id for each in (*getattr(item, "options", ()), *getattr(item, "rows", ()))}
    return (item_id, name) if name in known else None


def can_improve(instrument: Instrument) -> bool:
    """Whether the definition says of any change what it takes."""
    rungs = (rung for item in instrument.items.values() for rung in _rungs(item))
    return any(rung.effort is not None for rung in rungs)


def _rungs(item: Any) -> Sequence[Improvable]:
    found: Sequence[Improvable] = item.levels if isinstance(item, Scene) else getattr(item, "options", ())
    return found
