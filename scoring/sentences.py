"""A whole scorecard in sentences: how each indicator got its points, and how each condition stands.

The scorecard stores no text; page, PDF and command line all ask here and in `explanations` and `condition_words`, so
they say the same in both languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scoring.condition_words import condition_words
from scoring.conditions import Condition
from scoring.explanations import explain
from scoring.scorecard import ConditionScore, Scorecard
from scoring.scorer import Scorer


def told(card: Scorecard, scorer: Scorer, language: str) -> dict[str, Any]:
    """A whole scorecard in sentences: the level, the conditions of each step and check, and each indicator."""
    ladder = scorer.ladder
    steps = zip(card.ladder, ladder.steps if ladder else (), strict=True)
    checks = zip(card.checks, scorer.checks, strict=True)
    return {
        "level": ladder.level_name(card.level).say(language) if ladder else None,
        "possible_level": ladder.level_name(card.possible_level).say(language) if ladder else None,
        "ladder": {
            step.name.say(language): _sentences(score.conditions, step.conditions, scorer, language)
            for score, step in steps
        },
        "checks": {
            check.title.say(language): _sentences(score.conditions, check.conditions, scorer, language)
            for score, check in checks
        },
        "indicators": {trace.measure: explain(trace, scorer, language) for trace in card.trace},
    }


def _sentences(
    scores: Sequence[ConditionScore], conditions: Sequence[Condition], scorer: Scorer, language: str
) -> list[str]:
    pairs = zip(scores, conditions, strict=True)
    return [condition_words(score, condition, scorer, language).sentence(language) for score, condition in pairs]
