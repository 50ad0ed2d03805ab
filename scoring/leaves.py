"""Indicators ready to score: what they read, whether they apply, and their points in whole units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from questionnaires.exact import Rational
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.items import FigureItem, denials, figures_asked
from scoring.figure_rules import LinearRule
from scoring.intervals import Number, Outcome, Perhaps
from scoring.item_rules import OptionRule, Reader, SumOfOptionsRule, points_of
from scoring.tree import Measure

Applies = Literal["yes", "no", "open"]
Absence = Literal["answer", "route", "reference"]
"""Why an indicator does not apply: the firm says so, it was not asked, or the city has no values for its industry."""


Applying = Callable[[Given], Applies]
Outcomes = Callable[[Given], Outcome]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator ready to score. `names` lists, for each thing it reads, the items that may give it, if all
    of them may not apply; `sources` tell for each of these whether it does.
    """

    measure: str
    rule: Any
    maximum: Rational
    items: tuple[str, ...]
    read: Reader  # its points where it applies
    outcome: Outcomes  # its points; `None` where it does not apply
    names: tuple[tuple[str, ...], ...]
    sources: tuple[Applying, ...]
    reference: str | None
    points: Mapping[str, Number]  # of each option, under a rule that looks options up

    @property
    def item(self) -> str | None:
        """The one item behind it, if there is one."""
        return self.items[0] if len(self.items) == 1 else None

    def absence(self, given: Given) -> Absence | None:
        """Why it does not apply; `None` where it does, or where that is open."""
        if self.outcome(given) is not None:
            return None
        if self.reference is not None and self.reference not in given.references:
            return "reference"
        gone = [names for names, source in zip(self.names, self.sources, strict=True) if source(given) == "no"]
        return "route" if all(item in given.off for items in gone for item in items) else "answer"


def outcome_of(
    read: Reader, reference: str | None, names: tuple[tuple[str, ...], ...], instrument: Instrument
) -> Outcomes:
    """The quickest function that gives an indicator's points; mostly the route alone tells whether it applies."""
    if reference is None and not names:
        return read
    route = frozenset(each[0] for each in names if len(each) == 1 and not denials(instrument.items[each[0]]))
    telling = sources_at([each for each in names if not route.issuperset(each)], instrument)

    def outcome(given: Given) -> Outcome:
        if (reference is not None and reference not in given.references) or not given.off.isdisjoint(route):
            return None
        surely = given.undecided.isdisjoint(route)
        for applies in telling:
            state = applies(given)
            if state == "no":
                return None
            surely = surely and state == "yes"
        return read(given) if surely else Perhaps(*read(given))

    return outcome


def sources_at(names: Sequence[tuple[str, ...]], instrument: Instrument) -> tuple[Applying, ...]:
    """For each thing read, whether at least one of the items that give it applies."""
    return tuple(either([applying(item, instrument) for item in items]) for items in names)


def either(items: Sequence[Applying]) -> Applying:
    if len(items) == 1:
        return items[0]

    def applies(given: Given) -> Applies:
        found = [each(given) for each in items]
        return "yes" if "yes" in found else "open" if "open" in found else "no"

    return applies


def applying(item_id: str, instrument: Instrument) -> Applying:
    """A function that says whether an item applies to a firm: it is on the route, and no answer says otherwise."""
    item = instrument.items[item_id]
    saying_no = denials(item)
    there = _figures_there(item) if isinstance(item, FigureItem) else None

    def applies(given: Given) -> Applies:
        if item_id in given.off:
            return "no"
        response = given.responses.get(item_id)
        if saying_no and response in saying_no:
            return "no"
        if item_id in given.undecided:
            return "open"
        if response is not None or not saying_no:
            return "yes"
        return "yes" if there is not None and there(given) else "open"

    return applies


def _figures_there(item: FigureItem) -> Callable[[Given], bool]:
    figures = tuple(figures_asked(item))

    def there(given: Given) -> bool:
        facts, year = given.facts, given.year
        for kind, offset in figures:  # noqa: SIM110  # twice as fast as `all`
            if (kind, year + offset) not in facts:
                return False
        return True

    return there


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
    reads = rule.items_read(instrument)
    figures = set(rule.figures(instrument))
    items = reads or tuple(
        item.id
        for item in instrument.items.values()
        if isinstance(item, FigureItem) and figures.intersection(figures_asked(item))
    )
    names = tuple(sources_of(rule, instrument))
    read, reference = rule.reader(scale, instrument), rule.reference if isinstance(rule, LinearRule) else None
    return Leaf(
        measure=measure.id,
        rule=rule,
        maximum=measure.maximum,
        items=items,
        read=read,
        outcome=outcome_of(read, reference, names, instrument),
        names=names,
        sources=sources_at(names, instrument),
        reference=reference,
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
