"""What came out, in a few words: the name of the step that was reached, and the points."""

from __future__ import annotations

from fractions import Fraction

from questionnaires.instrument import Instrument
from scoring.making import scorer_for
from scoring.phrases import say
from scoring.scorecard import Scorecard as Card
from scoring.scorer import Scorer
from survey.report.points import Points

BETWEEN = " · "


def verdict(card: Card, scorer: Scorer, language: str) -> str:
    """The step reached, by its name; empty without a ladder.

    A ladder of one step asks whether the firm is eligible: while that is open, neither name would be true.
    """
    if not card.ladder:
        return ""
    only = card.ladder[0]
    if len(card.ladder) == 1 and only.state not in ("met", "unmet"):
        return say(only.state, language)
    return step_name(card.level, scorer, language)


def step_name(level: int, scorer: Scorer, language: str) -> str:
    return "" if scorer.ladder is None else scorer.ladder.level_name(level).say(language)


def total_of(card: Card) -> Points:
    """The total; 0 out of 0 where nothing is scored."""
    if not card.measures:
        return Points(Fraction(0), Fraction(0), Fraction(0))
    total = card.measures[0]
    return Points(Fraction(total.low), Fraction(total.high), Fraction(total.maximum))


def outcome(card: Card, instrument: Instrument, language: str) -> str:
    """For lists: "Level 1 · 48.5 / 100"; one of the two, or nothing, where there is no more."""
    points = total_of(card)
    told = [verdict(card, scorer_for(instrument), language)]
    if points.maximum:
        told.append(f"{points.short} / {points.maximum_text}")
    return BETWEEN.join(text for text in told if text)
