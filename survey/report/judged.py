"""The report's part about what was judged: the steps of the ladder, what can be applied for, and every condition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from scoring.condition_words import condition_words
from scoring.conditions import parts_of
from scoring.phrases import say
from scoring.scorecard import CheckScore, ConditionScore, StepScore
from scoring.scorer import Scorer
from survey.report import content
from survey.report.verdict import step_name

MARKS: Final = {False: "count", True: "constrained"}


def level(number: int, scorer: Scorer, language: str) -> content.Level:
    """A step of the ladder; without a ladder it has no name."""
    if scorer.ladder is None:
        return content.Level(0, "")
    step = scorer.ladder.step(number)
    title = step.title if step else None
    meaning = step.meaning if step else scorer.ladder.none_meaning
    return content.Level(
        number=number,
        name=step_name(number, scorer, language),
        title=title.say(language) if title else "",
        meaning=meaning.say(language) if meaning else "",
    )


def step(score: StepScore, scorer: Scorer, language: str) -> content.Step:
    assert scorer.ladder is not None
    return content.Step(
        level=level(score.level, scorer, language),
        state=score.state,
        word=say(score.state, language),
        conditions=_conditions(score.conditions, scorer.ladder.steps[score.level - 1].conditions, scorer, language),
    )


def check(score: CheckScore, scorer: Scorer, language: str) -> content.Check:
    asked = next(check for check in scorer.checks if check.id == score.id)
    return content.Check(
        title=asked.title.say(language),
        about=asked.about.say(language),
        state=score.state,
        word=say(score.state, language),
        conditions=_conditions(score.conditions, asked.conditions, scorer, language),
    )


def _conditions(
    scores: Sequence[ConditionScore], rules: Sequence[Any], scorer: Scorer, language: str
) -> tuple[content.Condition, ...]:
    return tuple(_condition(score, rule, scorer, language) for score, rule in zip(scores, rules, strict=True))


def _condition(score: ConditionScore, rule: Any, scorer: Scorer, language: str) -> content.Condition:
    words = condition_words(score, rule, scorer, language)
    mark, most = _mark(rule, scorer)
    advice = getattr(rule, "advice", None)
    return content.Condition(
        kind=score.kind,
        mark=mark,
        what="" if _shown_by_parts(rule) else words.what,
        need="" if score.kind == "manual" else words.need,  # its state says so
        now=_level_now(score, scorer, language) if score.kind == "level_at_least" else words.now,
        state=score.state,
        word=words.state,
        missing=words.missing if score.state != "met" else "",
        low=Fraction(score.low or 0),
        high=Fraction(score.high or 0),
        asked=Fraction(score.need or 0),
        most=most,
        parts=_parts(score, rule, scorer, language),
        advice=advice.say(language) if advice else "",
    )


def _parts(score: ConditionScore, rule: Any, scorer: Scorer, language: str) -> tuple[content.Condition, ...]:
    """What it is made of. Whom it does not concern need not read it, nor why it is asked of those whom it does."""
    if score.state == "not_applicable":
        return ()
    parts = _conditions(score.conditions, parts_of(rule), scorer, language)
    return parts[1:] if score.kind == "only_if" and parts[0].state == "met" else parts


def _shown_by_parts(rule: Any) -> bool:
    """Whether the parts below it say all: a made sentence would only list them once more."""
    return rule.text is None and rule.kind in ("all_of", "any_of")


def _mark(rule: Any, scorer: Scorer) -> tuple[str, Fraction]:
    """How progress is drawn, and where its scale ends."""
    if rule.kind == "measure_at_least":
        return "points", Fraction(str(scorer.measures[rule.measure].maximum))
    if rule.kind == "scenes_at_least":
        most = sum(scene.constrained or not rule.constrained for scene in scorer.instrument.scenes)
        return MARKS[rule.constrained], Fraction(most)
    return "", Fraction(0)


def _level_now(score: ConditionScore, scorer: Scorer, language: str) -> str:
    """Levels by their names, not by their numbers. Of a single step the state says whether it is reached."""
    if scorer.ladder is not None and len(scorer.ladder.steps) == 1:
        return ""
    low, high = (step_name(int(number or 0), scorer, language) for number in (score.low, score.high))
    return low if low == high else say("range", language, low=low, high=high)
