"""The report's part about points: dimensions and their groups, and what does not apply among them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from questionnaires.exact import shown
from scoring.scorecard import MeasureScore
from scoring.scorer import Scorer
from scoring.tree import Measure
from survey.report import content
from survey.report.points import Points
from survey.report.queries import Record


def dimensions(
    record: Record, scorer: Scorer, points: Mapping[str, Points], language: str
) -> tuple[content.Dimension, ...]:
    """The two ranks below the total; nothing without a tree."""
    scores = {score.id: score for score in record.card.measures}

    def dimension(measure_id: str, *, deeper: bool) -> content.Dimension:
        measure, score = scorer.measures[measure_id], scores[measure_id]
        return content.Dimension(
            title=measure.title.say(language),
            meaning=measure.node.meaning.say(language) if measure.node.meaning else "",
            points=points[measure_id],
            groups=tuple(dimension(child, deeper=False) for child in measure.children) if deeper else (),
            applies=score.applicable != "no",
            moved=_moved(score),
            value=_value(measure, score, language),
        )

    root = next(iter(scorer.measures.values()), None)
    return tuple(dimension(child, deeper=True) for child in root.children) if root else ()


def _moved(score: MeasureScore) -> str:
    """The points that come from redistribution, where there are any."""
    moved = Fraction(score.redistributed or 0)
    return shown(moved, 3) if moved else ""


def _value(measure: Measure, score: MeasureScore, language: str) -> str:
    """The name of the range its points lie in, once that is sure."""
    if len(score.values) != 1:
        return ""
    return next((value.title.say(language) for value in measure.node.values if value.id == score.values[0]), "")
