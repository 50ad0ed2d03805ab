"""From what was submitted and scored to what the report says. Data flow one way: answers, score, report."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from questionnaires.instrument import Instrument
from questionnaires.items import Scene as SceneItem
from questionnaires.items import SceneLevel
from scoring.conditions import Condition as Rule
from scoring.conditions import MeasureAtLeast, ScenesAtLeast
from scoring.scorecard import CheckScore, ConditionScore, MeasureScore, SceneScore, StepScore
from scoring.scorer import Scorer, scorer_for
from scoring.sentences import condition_words, say
from survey.models import Scorecard
from survey.report import content
from survey.report.answered import answers, figures, losses
from survey.report.queries import Record

MARKS: Final = {("scenes_at_least", False): "count", ("scenes_at_least", True): "constrained"}
SUFFIX: Final = {"zh_CN": "zh", "en": "en"}


def build(record: Record, language: str) -> content.Report:
    """The whole report in `language` ("zh_CN" or "en")."""
    card, instrument = record.card, record.instrument
    scorer = scorer_for(instrument)
    steps = [_step(score, scorer, language) for score in card.ladder]
    groups = _scene_groups(record, scorer, language)
    waiting = card.next_step()
    points = {measure.id: points_of(measure) for measure in card.measures}
    years, figured = figures(record, language)
    return content.Report(
        language=language,
        field=instrument.field,
        firm=_firm(record, language),
        round=record.rounds[language],
        reference_year=record.snapshot.reference_year,
        level=_level(card.level, scorer, language),
        possible=_level(card.possible_level, scorer, language),
        total=points[card.total.id],
        steps=tuple(steps),
        next=steps[card.level] if waiting else None,
        nearest=_nearest(waiting, scorer, groups) if waiting else (),
        checks=tuple(_check(score, scorer, language) for score in card.checks),
        dimensions=_dimensions(scorer, points, language),
        losses=losses(card.trace, scorer, language),
        scene_groups=groups,
        answers=answers(record, scorer, points, language),
        years=years,
        figures=figured,
        conflicts=_conflicts(record, language),
        provenance=_provenance(record, language),
        open_answers=sum(trace.response is None for trace in card.trace),
    )


def listed(row: tuple[Scorecard, Instrument], language: str) -> dict[str, Any]:
    """A line of the list of reports: public_id, firm, title, round, level by its name, submitted_at."""
    scorecard, instrument = row
    snapshot, titles = scorecard.snapshot, scorecard.snapshot.submission.campaign.round
    return {
        "public_id": snapshot.submission.public_id,
        "firm": snapshot.organisation["name"],
        "title": instrument.title.say(language),
        "round": getattr(titles, f"title_{SUFFIX[language]}"),
        "level": scorer_for(instrument).ladder.level_name(int(scorecard.level or 0)).say(language),
        "submitted_at": snapshot.submitted_at,
    }


def points_of(measure: MeasureScore) -> content.Points:
    return content.Points(Fraction(measure.low), Fraction(measure.high), Fraction(measure.maximum))


# -- firm and origin ---------------------------------------------------------------------------------------------------


def _firm(record: Record, language: str) -> content.Firm:
    told: dict[str, Any] = record.snapshot.organisation
    suffix = SUFFIX[language]
    outside = record.instrument.scope.outside.say(language)
    industry = told.get(f"industry_{suffix}") or told.get("industry_zh") or ""
    return content.Firm(
        name=told["name"],
        masked_code=masked(told["credit_code"]),
        area=told.get(f"area_{suffix}") or "",
        industry=f"{told.get('industry_code') or ''} {industry}".strip(),
        size=told.get("size_class") or "",
        size_explained=told.get(f"size_class_explained_{suffix}") or "",
        outside=None if told.get("in_scope", True) else outside,
    )


def masked(code: str) -> str:
    """A credit code with its middle hidden: the report gets passed on."""
    return code[:6] + "*" * max(len(code) - 8, 0) + code[-2:]


def _provenance(record: Record, language: str) -> content.Provenance:
    instrument, snapshot = record.instrument, record.snapshot
    return content.Provenance(
        questionnaire=instrument.title.say(language),
        edition=f"{instrument.questionnaire} {instrument.version}.{record.revision}",
        basis=instrument.basis.title.say(language),
        basis_number=instrument.basis.number,
        engine=record.card.engine,
        rules_checksum=instrument.rules_checksum,
        texts_checksum=instrument.texts_checksum,
        content_hash=snapshot.content_hash,
        reference=record.reference,
        submitted_at=snapshot.submitted_at,
    )


def _conflicts(record: Record, language: str) -> tuple[content.Conflict, ...]:
    return tuple(
        content.Conflict(conflict.about.say(language), conflict.decided.say(language), conflict.confidence)
        for conflict in record.instrument.conflicts
    )


# -- level and conditions ----------------------------------------------------------------------------------------------


def _level(number: int, scorer: Scorer, language: str) -> content.Level:
    step, ladder = scorer.ladder.step(number), scorer.ladder
    name = ladder.level_name(number).say(language)
    title = step.title if step else None
    meaning = step.meaning if step else ladder.none_meaning
    return content.Level(number, name, title.say(language) if title else "", meaning.say(language) if meaning else "")


def _step(score: StepScore, scorer: Scorer, language: str) -> content.Step:
    step = scorer.ladder.steps[score.level - 1]
    return content.Step(
        level=_level(score.level, scorer, language),
        state=score.state,
        word=say(score.state, language),
        conditions=_conditions(score.conditions, step.conditions, scorer, language),
    )


def _check(score: CheckScore, scorer: Scorer, language: str) -> content.Check:
    check = next(check for check in scorer.checks if check.id == score.id)
    return content.Check(
        title=check.title.say(language),
        about=check.about.say(language),
        state=score.state,
        word=say(score.state, language),
        conditions=_conditions(score.conditions, check.conditions, scorer, language),
    )


def _conditions(
    scores: Sequence[ConditionScore], rules: Sequence[Rule], scorer: Scorer, language: str
) -> tuple[content.Condition, ...]:
    return tuple(_condition(score, rule, scorer, language) for score, rule in zip(scores, rules, strict=True))


def _condition(score: ConditionScore, rule: Rule, scorer: Scorer, language: str) -> content.Condition:
    words = condition_words(score, rule, scorer, language)
    mark, most = _mark(rule, scorer)
    return content.Condition(
        kind=score.kind,
        mark=mark,
        what=words.what,
        need=words.need,
        now=_level_now(score, scorer, language) if score.kind == "level_at_least" else words.now,
        state=score.state,
        word=words.state,
        missing=words.missing if score.state != "met" else "",
        low=Fraction(score.low or 0),
        high=Fraction(score.high or 0),
        asked=Fraction(score.need or 0),
        most=most,
    )


def _mark(rule: Rule, scorer: Scorer) -> tuple[str, Fraction]:
    """How progress is drawn, and where its scale ends."""
    if isinstance(rule, MeasureAtLeast):
        return "points", scorer.measures[rule.measure].maximum
    if isinstance(rule, ScenesAtLeast):
        most = sum(scene.constrained or not rule.constrained for scene in scorer.instrument.scenes)
        return MARKS[rule.kind, rule.constrained], Fraction(most)
    return "", Fraction(0)


def _level_now(score: ConditionScore, scorer: Scorer, language: str) -> str:
    """Levels by their names, not by their numbers."""
    low, high = (scorer.ladder.level_name(int(number or 0)).say(language) for number in (score.low, score.high))
    return low if low == high else say("range", language, low=low, high=high)


# -- dimensions and scenes ---------------------------------------------------------------------------------------------


def _dimensions(scorer: Scorer, points: dict[str, content.Points], language: str) -> tuple[content.Dimension, ...]:
    def dimension(measure_id: str, deeper: bool) -> content.Dimension:
        measure = scorer.measures[measure_id]
        groups = tuple(dimension(child, False) for child in measure.children) if deeper else ()
        meaning = measure.node.meaning.say(language) if measure.node.meaning else ""
        return content.Dimension(measure.title.say(language), meaning, points[measure_id], groups)

    root = next(iter(scorer.measures.values()))
    return tuple(dimension(child, True) for child in root.children)


def _scene_groups(record: Record, scorer: Scorer, language: str) -> tuple[content.SceneGroup, ...]:
    scores = {score.item: score for score in record.card.scenes}
    groups: dict[str, list[content.Scene]] = {}
    for item in record.instrument.scenes:
        groups.setdefault(item.group, []).append(_scene(item, scores[item.id], scorer, language))
    titles = record.instrument.groups
    return tuple(content.SceneGroup(titles[group].say(language), tuple(scenes)) for group, scenes in groups.items())


def _scene(item: SceneItem, score: SceneScore, scorer: Scorer, language: str) -> content.Scene:
    def text(level: SceneLevel | None) -> str:
        return level.label.say(language) if level else ""

    level = score.level
    following = item.levels[level + 1] if level is not None and level + 1 < len(item.levels) else None
    return content.Scene(
        number=item.number,
        name=item.short.say(language),
        constrained=item.constrained,
        level=level,
        level_name="" if level is None else scorer.ladder.level_name(level).say(language),
        now="" if level is None else text(item.levels[level]),
        next_name=scorer.ladder.level_name(following.level).say(language) if following else "",
        next=text(following),
    )


def _nearest(waiting: StepScore, scorer: Scorer, groups: Sequence[content.SceneGroup]) -> tuple[content.Scene, ...]:
    """Where scenes are missing for the next level: those one level below it, constrained ones first."""
    rules = scorer.ladder.steps[waiting.level - 1].conditions
    asked = {
        rule.level
        for rule, score in zip(rules, waiting.conditions, strict=True)
        if isinstance(rule, ScenesAtLeast) and score.state != "met"
    }
    found = [
        scene for group in groups for scene in group.scenes if scene.level is not None and scene.level + 1 in asked
    ]
    return tuple(sorted(found, key=lambda scene: not scene.constrained))
