"""The report's part about single answers: points and reasons, where points were lost, the figures behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from questionnaires.exact import shown
from questionnaires.facts import FactKind
from questionnaires.items import Multiple, Single
from scoring.scorecard import Trace
from scoring.scorer import Leaf, Scorer
from scoring.sentences import explain
from survey.report import content
from survey.report.queries import Record

MOST_LOSSES = 3
WAN = 10_000


def answers(
    record: Record, scorer: Scorer, points: Mapping[str, content.Points], language: str
) -> tuple[content.AnswerGroup, ...]:
    """Every scored answer, by dimension."""
    groups: dict[str, list[content.Answer]] = {}
    for trace in record.card.trace:
        groups.setdefault(_dimension(trace.measure, scorer), []).append(_answer(trace, record, scorer, language))
    return tuple(
        content.AnswerGroup(scorer.measures[measure].title.say(language), points[measure], tuple(found))
        for measure, found in groups.items()
    )


def _dimension(measure_id: str, scorer: Scorer) -> str:
    """The measure just below the total that an indicator counts for."""
    measure = scorer.measures[measure_id]
    return measure_id if measure.depth <= 1 or measure.parent is None else _dimension(measure.parent, scorer)


def _answer(trace: Trace, record: Record, scorer: Scorer, language: str) -> content.Answer:
    item = record.instrument.items[trace.item]
    return content.Answer(
        number=item.number,
        name=item.short.say(language),
        label=item.label.say(language),
        chosen=() if trace.response is None else tuple(item.words(trace.response, language)),
        points=content.Points(Fraction(trace.low), Fraction(trace.high), Fraction(trace.maximum)),
        sentence=explain(trace, scorer, language),
        reason=record.reasons.get(trace.item, ""),
    )


# -- lost points -------------------------------------------------------------------------------------------------------


def losses(traces: Iterable[Trace], scorer: Scorer, language: str) -> tuple[content.Loss, ...]:
    """Where most points were lost for sure, most first; what is not answered is open, not lost."""
    leaves = {leaf.measure: leaf for leaf in scorer.leaves}
    lost = [(Fraction(trace.maximum) - Fraction(trace.high), trace) for trace in traces if trace.response is not None]
    most = sorted((entry for entry in lost if entry[0]), key=lambda entry: -entry[0])[:MOST_LOSSES]
    return tuple(_loss(points, trace, leaves[trace.measure], scorer, language) for points, trace in most)


def _loss(lost: Fraction, trace: Trace, leaf: Leaf, scorer: Scorer, language: str) -> content.Loss:
    item = scorer.instrument.items[trace.item]
    assert isinstance(item, Single | Multiple)
    several = isinstance(trace.response, tuple)
    worth = {option: Fraction(points) / scorer.unit for option, points in leaf.points.items()}
    gains = _gains(worth, trace)
    named = list(gains) if several else [min(gains, key=lambda option: gains[option])]
    return content.Loss(
        number=item.number,
        name=item.short.say(language),
        lost=content.column(lost),
        gain=content.Gain(
            options=tuple(item.option(option).label.say(language) for option in named),
            each=shown(min(gains.values()), 3),
            best=shown(max(gains.values()), 3),
            several=several,
        ),
    )


def _gains(worth: Mapping[str, Fraction], trace: Trace) -> dict[str, Fraction]:
    """What each option would add: those not yet chosen, or those better than the chosen one."""
    if isinstance(trace.response, tuple):
        return {option: points for option, points in worth.items() if points and option not in trace.response}
    now = Fraction(trace.low)
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
