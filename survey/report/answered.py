"""The report's part about single answers: points and reasons, where points were lost, the figures behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from questionnaires.exact import shown
from questionnaires.facts import FactKind
from questionnaires.items import Item, Multiple, Scene, Single
from scoring.explanations import explain
from scoring.leaves import Leaf
from scoring.scorecard import Trace
from scoring.scorer import Scorer
from survey.report import content
from survey.report.points import Points, column
from survey.report.queries import Record

MOST_LOSSES: Final = 3
WAN: Final = 10_000
LOOKED_UP: Final = ("option", "sum_of_options")


def answers(
    record: Record, scorer: Scorer, points: Mapping[str, Points], language: str
) -> tuple[content.AnswerGroup, ...]:
    """Every scored answer by dimension, then by section what was answered and earns no points."""
    return (*_scored(record, scorer, points, language), *_others(record, language))


def _scored(
    record: Record, scorer: Scorer, points: Mapping[str, Points], language: str
) -> Iterator[content.AnswerGroup]:
    groups: dict[str, list[content.Answer]] = {}
    for trace in record.card.trace:
        if trace.absent is None:
            groups.setdefault(_dimension(trace.measure, scorer), []).append(_answer(trace, record, scorer, language))
    for measure, found in groups.items():
        yield content.AnswerGroup(scorer.measures[measure].title.say(language), points[measure], tuple(found))


def _dimension(measure_id: str, scorer: Scorer) -> str:
    """The measure just below the total that an indicator counts for."""
    measure = scorer.measures[measure_id]
    return measure_id if measure.depth <= 1 or measure.parent is None else _dimension(measure.parent, scorer)


def _answer(trace: Trace, record: Record, scorer: Scorer, language: str) -> content.Answer:
    """An indicator's answer; one that reads several answers, or figures alone, goes by its own name."""
    items = record.instrument.items
    item = items[trace.item] if trace.item else None
    return content.Answer(
        number=", ".join(items[each].number for each in trace.items),
        name=item.short.say(language) if item else scorer.measures[trace.measure].title.say(language),
        label=item.label.say(language) if item else "",
        chosen=tuple(text for each in trace.items for text in _words(record, items[each], language)),
        points=Points(Fraction(trace.low), Fraction(trace.high), Fraction(trace.maximum)),
        sentence=explain(trace, scorer, language),
        reason=" ".join(record.reasons[each] for each in trace.items if each in record.reasons),
        by_figures=not trace.open and not any(each in record.snapshot.responses for each in trace.items),
    )


def _others(record: Record, language: str) -> Iterator[content.AnswerGroup]:
    """Answers that earn no points; scenes have a section of their own, figures a table."""
    read = {item for trace in record.card.trace if trace.absent is None for item in trace.items}
    for section in record.instrument.sections:
        found = [
            content.Answer(item.number, item.short.say(language), item.label.say(language), words,
                           reason=record.reasons.get(item.id, ""))
            for item in section.items
            if item.id not in read and not isinstance(item, Scene) and (words := _words(record, item, language))
        ]  # fmt: skip
        if found:
            yield content.AnswerGroup(section.title.say(language), None, tuple(found))


def _words(record: Record, item: Item, language: str) -> tuple[str, ...]:
    """An answer in words. What a snapshot holds is on the route: nothing else was submitted."""
    response = record.snapshot.responses.get(item.id)
    if response is None:
        return ()
    return tuple(item.words(tuple(response) if isinstance(response, list) else response, language))


# -- what was not scored -----------------------------------------------------------------------------------------------


def not_scored(record: Record, scorer: Scorer, language: str) -> tuple[content.NotScored, ...]:
    """Indicators that do not apply. Those that are off the route were never asked: nobody needs to read of them."""
    return tuple(
        content.NotScored(
            title=scorer.measures[trace.measure].title.say(language),
            why=explain(trace, scorer, language),
            maximum=shown(Fraction(trace.maximum), 3),
        )
        for trace in record.card.trace
        if trace.absent is not None and trace.absent != "route"
    )


# -- lost points -------------------------------------------------------------------------------------------------------


def losses(record: Record, scorer: Scorer, language: str) -> tuple[content.Loss, ...]:
    """Where most points were lost for sure, most first; what is not answered is open, not lost."""
    traces = [trace for trace in record.card.trace if trace.absent is None and not trace.open]
    lost = [(Fraction(trace.maximum) - Fraction(trace.high), trace) for trace in traces]
    most = sorted((entry for entry in lost if entry[0]), key=lambda entry: -entry[0])[:MOST_LOSSES]
    leaves = {leaf.measure: leaf for leaf in scorer.leaves}
    return tuple(_loss(points, trace, leaves[trace.measure], scorer, language) for points, trace in most)


def _loss(lost: Fraction, trace: Trace, leaf: Leaf, scorer: Scorer, language: str) -> content.Loss:
    item = scorer.instrument.items[trace.item] if trace.item else None
    gain = _gain(trace, leaf, item, scorer, language) if isinstance(item, Single | Multiple) else None
    return content.Loss(
        number=item.number if item else "",
        name=item.short.say(language) if item else scorer.measures[trace.measure].title.say(language),
        lost=column(lost),
        gain=gain,
        sentence=explain(trace, scorer, language),
    )


def _gain(trace: Trace, leaf: Leaf, item: Single | Multiple, scorer: Scorer, language: str) -> content.Gain | None:
    """What other options would add; None under a rule that does not simply look up what an option is worth."""
    if trace.rule not in LOOKED_UP or not leaf.points:
        return None
    worth = {option: Fraction(str(points)) / int(scorer.unit) for option, points in leaf.points.items()}
    several, gains = isinstance(trace.response, tuple), _gains(worth, trace)
    if not gains:
        return None
    named = list(gains) if several else [min(gains, key=lambda option: gains[option])]
    return content.Gain(
        options=tuple(item.option(option).label.say(language) for option in named),
        each=shown(min(gains.values()), 3),
        best=shown(max(gains.values()), 3),
        several=several,
    )


def _gains(worth: Mapping[str, Fraction], trace: Trace) -> dict[str, Fraction]:
    """What each option would add, at most what is lost: those not yet chosen, or those better than the chosen one."""
    now, room = Fraction(trace.low), Fraction(trace.maximum) - Fraction(trace.low)
    if isinstance(trace.response, tuple):
        more = {option: points for option, points in worth.items() if points > 0 and option not in trace.response}
        return {option: min(points, room) for option, points in more.items()}
    return {option: points - now for option, points in worth.items() if points > now}


# -- figures -----------------------------------------------------------------------------------------------------------


def figures(record: Record, language: str) -> tuple[tuple[int, ...], tuple[content.Figure, ...]]:
    """The years that figures were given for, and the figures by kind."""
    given = {(fact["id"], int(fact["year"])): int(fact["value"]) for fact in record.snapshot.facts}
    years = tuple(sorted({year for _, year in given}))
    used = {kind for kind, _ in given}
    return years, tuple(
        content.Figure(
            label=kind.label.say(language),
            unit=kind.unit,
            values=tuple(_value(kind, given.get((kind.id, year))) for year in years),
            definition=kind.hint.say(language),
        )
        for kind in record.instrument.facts
        if kind.id in used
    )


def _value(kind: FactKind, value: int | None) -> str:
    """With separators; amounts of money in 万元, to the yuan."""
    if value is None:
        return ""
    amount = kind.amount(value)
    whole, _, rest = shown(amount / WAN if kind.unit == "yuan" else amount, 4).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")
