"""Indicators ready to score: what they read, whether they apply, and their points in whole units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from questionnaires.exact import Rational
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.items import FigureItem, figures_asked, may_not_apply, not_applicable
from scoring.figure_rules import LinearRule
from scoring.intervals import Interval, Number, Outcome, Perhaps, whole
from scoring.item_rules import OptionRule, Reader, SumOfOptionsRule, points_of
from scoring.tree import Measure

Applies = Literal["yes", "no", "open"]
Absence = Literal["answer", "route", "reference"]
"""Why an indicator does not apply: the firm says so, it was not asked, or the city has no values for its industry."""


Applying = Callable[[Given], Applies]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator ready to score. `names` lists, for each thing it reads, the items that may give it, if all
    of them may not apply; `sources` tell for each of these whether it does.
    """

    measure: str
    rule: Any
    maximum: Rational
    items: tuple[str, ...]
    bounds: Interval
    read: Reader
    names: tuple[tuple[str, ...], ...]
    sources: tuple[tuple[Applying, ...], ...]
    reference: str | None
    points: Mapping[str, Number]  # of each option, under a rule that looks options up

    @property
    def item(self) -> str | None:
        """The one item behind it, if there is one."""
        return self.items[0] if len(self.items) == 1 else None

    def reader(self) -> Callable[[Given], Outcome]:
        """The quickest function that gives its outcome."""
        if not self.sources:
            return self.read if self.reference is None else self.outcome
        if self.reference is not None or len(self.sources) > 1 or len(self.sources[0]) > 1:
            return self.outcome
        read, applies = self.read, self.sources[0][0]

        def outcome(given: Given) -> Outcome:
            state = applies(given)
            return read(given) if state == "yes" else None if state == "no" else Perhaps(*read(given))

        return outcome

    def outcome(self, given: Given) -> Outcome:
        """Its points; `None` where it does not apply."""
        if self.reference is not None and self.reference not in given.references:
            return None
        applies = self.applies(given)
        if applies == "yes":
            return self.read(given)
        return None if applies == "no" else Perhaps(*self.read(given))

    def applies(self, given: Given) -> Applies:
        """Whether everything it reads is asked of the firm, by at least one of the items that give it."""
        open_ones = False
        for source in self.sources:
            found = [applies(given) for applies in source]
            if "yes" not in found:
                if "open" not in found:
                    return "no"
                open_ones = True
        return "open" if open_ones else "yes"

    def absence(self, given: Given) -> Absence | None:
        """Why it does not apply; `None` where it does, or where that is open."""
        if self.outcome(given) is not None:
            return None
        if self.reference is not None and self.reference not in given.references:
            return "reference"
        gone = [names for names, source in zip(self.names, self.sources, strict=True) if _gone(source, given)]
        return "route" if all(item in given.off for items in gone for item in items) else "answer"


def _gone(source: tuple[Applying, ...], given: Given) -> bool:
    return all(applies(given) == "no" for applies in source)


def applying(item_id: str, instrument: Instrument) -> Applying:
    """A function that says whether an item applies to a firm: it is on the route, and no answer says otherwise."""
    item = instrument.items[item_id]
    may = may_not_apply(item)
    figures = tuple(figures_asked(item)) if isinstance(item, FigureItem) else None

    def applies(given: Given) -> Applies:
        if item_id in given.off:
            return "no"
        response = given.responses.get(item_id)
        if may and response is not None and not_applicable(item, response):
            return "no"
        if item_id in given.undecided:
            return "open"
        if response is not None or not may:
            return "yes"
        if figures is None:
            return "open"
        facts, year = given.facts, given.year
        return "yes" if all((kind, year + offset) in facts for kind, offset in figures) else "open"

    return applies


def sources_of(rule: Any, instrument: Instrument) -> Iterator[tuple[str, ...]]:
    """For each item or figure that a rule cannot do without, the items that give it, if they may not apply."""
    if rule.kind == "cases":  # its statements say themselves what holds off the route
        return
    wanted: list[tuple[str, ...]] = [(item,) for item in rule.items_read(instrument)]
    wanted += [instrument.asking.get(figure, ()) for figure in rule.figures(instrument)]
    for items in dict.fromkeys(wanted):
        if items and all(item in instrument.doubtful for item in items):
            yield items


def may_be_absent(rule: Any, instrument: Instrument) -> bool:
    """Whether an indicator with that rule may not apply to some firm."""
    has_reference = isinstance(rule, LinearRule) and rule.reference is not None
    return has_reference or any(True for _ in sources_of(rule, instrument))


def leaf_of(measure: Measure, instrument: Instrument, unit: int) -> Leaf:
    """The leaf of an indicator. The definition must be free of faults."""
    rule: Any = measure.node.rule
    scale = measure.maximum * unit / 100
    low, high = rule.bounds(instrument)
    reads = rule.items_read(instrument)
    figures = set(rule.figures(instrument))
    items = reads or tuple(
        item.id
        for item in instrument.items.values()
        if isinstance(item, FigureItem) and figures.intersection(figures_asked(item))
    )
    names = tuple(sources_of(rule, instrument))
    return Leaf(
        measure=measure.id,
        rule=rule,
        maximum=measure.maximum,
        items=items,
        bounds=(whole(low * scale), whole(high * scale)),
        read=rule.reader(scale, instrument),
        names=names,
        sources=tuple(tuple(applying(item, instrument) for item in items) for items in names),
        reference=rule.reference if isinstance(rule, LinearRule) else None,
        points=points_of(rule.weights, scale) if isinstance(rule, OptionRule | SumOfOptionsRule) else {},
    )


def with_named_values(measure: Measure) -> Measure:
    """An option rule whose options stand for named values, with the weights that these come to."""
    rule = measure.node.rule
    if not isinstance(rule, OptionRule) or not rule.values:
        return measure
    starts = {each.id: each.from_ for each in measure.node.values}
    weights = {option: 100 * starts[value] / measure.maximum for option, value in rule.values.items()}
    node = measure.node.model_copy(update={"rule": rule.model_copy(update={"weights": weights})})
    return Measure(node, measure.parent, measure.depth, measure.maximum, measure.children, measure.policy)
