"""Making scorers: a definition is checked as a whole, every fault is listed, and only then can anything be scored."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from questionnaires import catalogue
from questionnaires.answers import Answers
from questionnaires.exact import Rational, shown
from questionnaires.faults import DefinitionError, Fault
from questionnaires.instrument import Instrument
from questionnaires.places import named
from questionnaires.shape import read_as
from scoring.cells import only_measure, spread
from scoring.intervals import whole
from scoring.ladder import Check, Ladder, ladder_faults
from scoring.scorer import Scorer
from scoring.standing import Standing
from scoring.tree import Node, measures_of
from scoring.tree_faults import placed_faults, tree_faults

Model = TypeVar("Model", bound=BaseModel)


def scorer_for(instrument: Instrument) -> Scorer:
    """The scorer for an instrument. Raises one `DefinitionError` that lists every fault with its path."""
    return _cached(_Key(instrument))


class _Key:
    """Instruments are equal for scoring when both checksums are."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.sums = (instrument.rules_checksum, instrument.texts_checksum)

    def __hash__(self) -> int:
        return hash(self.sums)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.sums == other.sums


def scorer_from(path: Path) -> Scorer:
    """The scorer for a definition file. Raises one `DefinitionError` with the faults of every part of the file."""
    _instrument, scorer, faults = looked_into(catalogue.read(path))
    if scorer is None:
        raise DefinitionError(faults)
    return scorer


def looked_into(raw: object) -> tuple[Instrument | None, Scorer | None, list[Fault]]:
    """What is in the plain data of a definition, as far as there is one, and the faults of every part."""
    instrument, faults = catalogue.validated(raw)
    if instrument is None:
        if isinstance(raw, dict):
            _parts(raw.get("tree"), raw.get("ladder"), raw.get("checks"), faults)
        return None, None, faults
    if faults:  # what is wrong inside would stop a scorer from being made at all
        return instrument, None, [*faults, *_checked(instrument)[0]]
    try:
        return instrument, scorer_for(instrument), []
    except DefinitionError as error:
        return instrument, None, list(error.faults)


Parsed = tuple[Node | None, Ladder | None, tuple[Check, ...]]


@cache
def _cached(key: _Key) -> Scorer:
    faults, (root, ladder, checks) = _checked(key.instrument)
    if faults:
        raise DefinitionError(faults)
    scorer = Scorer(key.instrument, root, ladder, checks)
    if faults := list(_level_faults(scorer)):
        raise DefinitionError(faults)
    return scorer


def _checked(instrument: Instrument) -> tuple[list[Fault], Parsed]:
    """Every fault of tree, ladder and checks, as far as they can be told without scoring; and the three."""
    faults = list[Fault]()
    root, ladder, checks = _parts(instrument.tree, instrument.ladder, instrument.checks, faults)
    if root is not None:
        faults.extend(tree_faults(root, instrument))
    codes = {fault.code for fault in faults}
    measures = measures_of(root) if root is not None else {}
    more = [] if codes & UNPLACED else list(placed_faults(measures, instrument))
    more += ladder_faults(ladder, checks, instrument, measures)
    unread = root is None and instrument.tree is not None  # its measures are not known
    faults += (
        fault
        for fault in more
        if not (codes & MOVES_MAXIMA and fault.code in BY_MAXIMUM) and not (unread and fault.path.endswith(".measure"))
    )
    return faults, (root, ladder, checks)


UNPLACED: Final = frozenset({"twice", "too_fine", "tables_too_large"})
"""With these a measure may stand below itself, or placing all of them takes too long."""
BY_MAXIMUM: Final = frozenset({"over_maximum", "maximum_differs"})
MOVES_MAXIMA: Final = frozenset(
    {
        "key_like",
        "key_unknown",
        "maximum_missing",
        "rule_or_children",
        "weight_below_0",
        "weight_missing",
        "weight_sum",
        "weights_total",
    }
)
"""Those may only follow from these."""


def _level_faults(scorer: Scorer) -> Iterator[Fault]:
    """Levels that nobody reaches: already out of reach when everything is open; and levels that end too early."""
    if scorer.ladder is None:
        return
    open_answers = scorer.evaluate(Answers({}))
    for step, state in zip(scorer.ladder.steps, open_answers.states, strict=True):
        if state == "unmet":
            yield Fault(f"ladder.steps.{step.level}", "never_reached")
    yield from _drops(scorer, scorer.ladder, open_answers.standing)


def _drops(scorer: Scorer, ladder: Ladder, standing: Standing) -> Iterator[Fault]:
    """A gap between the bands of levels: more points of the one measure that decides, and a lower level."""
    measure = only_measure([each for step in ladder.steps for each in step.conditions])
    if measure is None or not scorer.bounded:
        return
    before = 0
    top = whole(scorer.measures[measure].maximum * scorer.unit)
    for point in spread((0, top), scorer.bounded[measure]):
        level, _ = scorer.levels_at(standing, {measure: (point, point)})
        if level < before:
            values = {"points": shown(Rational(point) / scorer.unit), "level": level, "before": before}
            yield Fault(f"ladder.steps.{before}", "level_drops", values)
            return
        before = level


def _parts(tree: object, ladder: object, checks: object, faults: list[Fault]) -> Parsed:
    """Tree, ladder and checks out of plain data, as far as they have the right shape."""
    listed = enumerate(checks if isinstance(checks, list | tuple) else ())
    found = [_parsed(Check, named("checks", raw, place), raw, faults) for place, raw in listed]
    known = tuple(check for check in found if check is not None)
    root = None if tree is None else _parsed(Node, named("tree", tree), tree, faults)
    return root, None if ladder is None else _parsed(Ladder, "ladder", ladder, faults), known


def _parsed(model: type[Model], path: str, raw: object, faults: list[Fault]) -> Model | None:
    found, wrong = read_as(model, raw, path)
    faults.extend(wrong)
    return found
