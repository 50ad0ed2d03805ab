"""The report's part about scenes: how each is rated, and which are nearest to the next level."""

from __future__ import annotations

from collections.abc import Sequence

from questionnaires.choices import SceneLevel
from questionnaires.items import Scene
from scoring.scorecard import SceneScore, StepScore
from scoring.scorer import Scorer
from survey.report import content
from survey.report.queries import Record
from survey.report.verdict import step_name


def scene_groups(record: Record, scorer: Scorer, language: str) -> tuple[content.SceneGroup, ...]:
    scores = {score.item: score for score in record.card.scenes}
    groups: dict[str, list[content.Scene]] = {}
    for item in record.instrument.scenes:
        if item.id in scores:  # else it was not asked
            groups.setdefault(item.group, []).append(_scene(item, scores[item.id], scorer, language))
    titles = record.instrument.groups
    return tuple(content.SceneGroup(titles[group].say(language), tuple(scenes)) for group, scenes in groups.items())


def _scene(item: Scene, score: SceneScore, scorer: Scorer, language: str) -> content.Scene:
    def text(level: SceneLevel | None) -> str:
        return level.label.say(language) if level else ""

    level = score.level
    following = item.levels[level + 1] if level is not None and level + 1 < len(item.levels) else None
    return content.Scene(
        number=item.number,
        name=item.short.say(language),
        constrained=item.constrained,
        level=level,
        level_name="" if level is None else step_name(level, scorer, language),
        now="" if level is None else text(item.levels[level]),
        next_name=step_name(following.level, scorer, language) if following else "",
        next=text(following),
    )


def nearest(waiting: StepScore, scorer: Scorer, groups: Sequence[content.SceneGroup]) -> tuple[content.Scene, ...]:
    """Where scenes are missing for the next level: those one level below it, constrained ones first."""
    assert scorer.ladder is not None
    rules = scorer.ladder.steps[waiting.level - 1].conditions
    asked = {
        rule.level
        for rule, score in zip(rules, waiting.conditions, strict=True)
        if rule.kind == "scenes_at_least" and score.state != "met"
    }
    found = [
        scene for group in groups for scene in group.scenes if scene.level is not None and scene.level + 1 in asked
    ]
    return tuple(sorted(found, key=lambda scene: not scene.constrained))
