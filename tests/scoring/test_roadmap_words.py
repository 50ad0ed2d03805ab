"""A roadmap in words: lines of a grid by their names, and a level that only a person stands before."""

from __future__ import annotations

import pytest

from questionnaires.answers import Answers
from questionnaires.catalogue import parse
from scoring import Scorer, scorer_for
from scoring.roadmap import roadmap
from scoring.roadmap_sentences import lock_words, told

DEFINITION = """
schema: 1
questionnaire: words
version: "1"
title: {en: Words, zh_CN: 词}
field: digital
basis: {title: {en: Ours, zh_CN: 自拟}, standing: in-house}
sections:
  - id: all
    title: {en: All, zh_CN: 全部}
    items:
      - id: g
        number: "7"
        type: grid
        label: {en: Grid, zh_CN: 矩阵}
        rows: [{id: r1, label: {en: Upper, zh_CN: 上行}}, {id: r2, label: {en: Lower, zh_CN: 下行}}]
        options:
          - {id: a, label: {en: Not, zh_CN: 没有}}
          - {id: b, label: {en: Done, zh_CN: 做到}, effort: 2, work: practice}
tree: {id: total, title: {en: Total, zh_CN: 总分}, maximum: 10, rule: {kind: grid, item: g, weights: {a: 0, b: 100}}}
ladder:
  reached: highest
  none: {en: None, zh_CN: 无}
  steps:
    - level: 1
      name: {en: Level one, zh_CN: 一级}
      conditions:
        - {kind: measure_at_least, measure: total, points: 10}
        - {kind: manual, text: {en: Seen on site, zh_CN: 现场看过}}
"""


@pytest.fixture
def scorer() -> Scorer:
    return scorer_for(parse(DEFINITION))


@pytest.mark.parametrize(
    ("language", "name", "lock"), [("en", "Lower", "Grid: Lower"), ("zh_CN", "下行", "矩阵：下行")]
)
def test_a_line_of_a_grid_is_called_by_its_name(scorer: Scorer, language: str, name: str, lock: str) -> None:
    found = roadmap(scorer, Answers({"g": {"r1": "b", "r2": "a"}}))
    assert found is not None
    plan = told(found, scorer, language).plan
    assert plan is not None
    assert [(name in step.name, step.effort) for step in plan.steps] == [(True, 2)]
    assert lock_words("g:r2", scorer, language).endswith(lock)


@pytest.mark.parametrize(("language", "summary"), [("en", "a person decides the rest"), ("zh_CN", "剩下的由人来核定")])
def test_where_nothing_is_to_be_changed_it_says_that_a_person_decides(
    scorer: Scorer, language: str, summary: str
) -> None:
    found = roadmap(scorer, Answers({"g": {"r1": "b", "r2": "b"}}))
    assert found is not None
    words = told(found, scorer, language)
    assert words.plan is not None
    assert summary in words.plan.summary
    assert words.plan.steps == ()
