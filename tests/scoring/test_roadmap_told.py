"""A roadmap told: which level and how far beyond, what each change adds and in which order, what a lock names."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires.answers import Answers
from scoring import Scorer
from scoring.roadmap import roadmap
from scoring.roadmap_sentences import PlanWords, RoadmapWords, lock_words, told
from tests.scoring import made
from tests.scoring.roadmaps import asked, definition, node, option, say

TOTAL = {"kind": "measure_at_least", "measure": "total"}
SCENES = {"kind": "scenes_at_least", "level": 1, "count": 1}


def mixed(*steps: list[Any], **more: Any) -> Scorer:
    """A single item, options 0, 40 and 100, and a scene of which each level brings a quarter."""
    levels = [{"level": level, "label": say(f"stage {level}"), **({"effort": 2, "work": "practice"} if level else {})}
              for level in range(5)]  # fmt: skip
    items = [asked("x", "single", options=[option("a"), option("b", 1), option("c", 1)]),
             asked("s", "scene", constrained=False, group="work", levels=levels)]  # fmt: skip
    children = [node("m_x", rule={"kind": "option", "item": "x", "weights": {"a": 0, "b": 40, "c": 100}}),
                node("m_s", rule={"kind": "scene", "item": "s", "weights": [0, 25, 50, 75, 100]})]  # fmt: skip
    tree = node("total", maximum=100, combine="mean", children=children)
    return made.scorer_of(definition(items, tree, list(steps), **more))


def words(scorer: Scorer, responses: dict[str, Any], language: str = "en", *locks: Any) -> RoadmapWords:
    result = roadmap(scorer, Answers(responses), locks)
    assert result is not None
    return told(result, scorer, language)


def plan(scorer: Scorer, responses: dict[str, Any], language: str = "en") -> PlanWords:
    found = words(scorer, responses, language).plan
    assert found is not None
    return found


LOW: dict[str, Any] = {"x": "a", "s": 0}


def test_the_one_level_there_is_stands_in_quotes_and_one_of_several_does_not() -> None:
    one = mixed([TOTAL | {"points": "50"}])
    two = mixed([TOTAL | {"points": "50"}], [TOTAL | {"points": "90"}])
    assert [words(scorer, LOW).level for scorer in (one, two)] == ["“L1”", "L1"]
    assert plan(one, LOW).summary.startswith("Reaching “L1” takes")
    assert plan(two, LOW).summary.startswith("Reaching L1 takes")


@pytest.mark.parametrize(("points", "beyond"), [("50", True), ("51", False)])
def test_a_plan_that_leads_beyond_the_next_level_says_so(points: str, beyond: bool) -> None:
    """The one change that suffices for level 1 brings 50 points at once."""
    scorer = mixed([{"kind": "chosen", "item": "x", "any": ["c"]}], [TOTAL | {"points": points}])
    assert ("With these changes the result is L2." in plan(scorer, LOW).summary) is beyond
    assert ("做完这些会到L2。" in plan(scorer, LOW, "zh_CN").summary) is beyond


def test_where_only_scenes_are_asked_for_the_points_of_the_whole_come_first() -> None:
    (step,) = plan(mixed([SCENES]), LOW).steps
    points, scenes, met = step.adds
    assert points == "total +12.5 points"
    assert scenes.endswith("+1")
    assert met.startswith("met: ")
    assert step.number == "Scene s"


def test_where_points_are_asked_for_they_are_said_once() -> None:
    (step,) = plan(mixed([TOTAL | {"points": "50"}]), LOW).steps
    assert step.adds == ("total +50 points", "met: total at least 50 points")
    assert step.number == "Question x"


@pytest.mark.parametrize(
    ("lock", "english", "chinese"),
    [
        ("x", "Question x short x", "第 x 题 short x"),
        ("x:b", "Question x short x: b", "第 x 题 short x：b"),
        ("s", "Scene s short s", "场景 s short s"),
        ("s:2", "Scene s short s: stage 2", "场景 s short s：stage 2"),
    ],
)
def test_what_is_called_not_possible_is_named(lock: str, english: str, chinese: str) -> None:
    scorer = mixed([SCENES])
    assert (lock_words(lock, scorer, "en"), lock_words(lock, scorer, "zh_CN")) == (english, chinese)
