"""The official 2024 questionnaire as tests use it: the worked example, best and worst answers, and answers drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from questionnaires import catalogue
from questionnaires.answers import clean
from questionnaires.instrument import Instrument
from questionnaires.items import Item, Multiple, Scene, Single
from scoring import Scorer, scorer_for
from scoring.scorecard import Scorecard

INSTRUMENT = catalogue.builtin("digital", "2024")
SCORER = scorer_for(INSTRUMENT)
SCENES = [scene.id for scene in INSTRUMENT.scenes]
CONSTRAINED = [scene.id for scene in INSTRUMENT.scenes if scene.constrained]
FREE = [scene.id for scene in INSTRUMENT.scenes if not scene.constrained]

WORKED: dict[str, Any] = {
    "q1": ["B", "C"], "q2": "C", "q3": "B", "q4": ["B", "C", "D", "E", "F"], "q5": "C", "q6": ["B", "C"], "q7": ["B"],
    "q8": "D", "q9": ["B", "C"], "q10": ["B", "D"], "q11": "A", "q12": "C", "q13": "B", "q14": "C", "q15": "C",
}  # fmt: skip
BEST: dict[str, Any] = {
    "q1": ["B", "C", "D", "E"], "q2": "E", "q3": "E", "q4": list("BCDEFGHIJKLMNO"), "q5": "E", "q6": list("BCDE"),
    "q7": list("BCDE"), "q8": "F", "q9": list("BCDE"), "q10": list("BCDEF"), "q11": "E", "q12": "C", "q13": "C",
    "q14": "C", "q15": "C",
}  # fmt: skip
NONE: dict[str, Any] = {
    question: ["A"] if isinstance(answer, list) else "A" for question, answer in BEST.items()
}  # fmt: skip


def scored(responses: Mapping[str, Any], scorer: Scorer = SCORER, **more: Any) -> Scorecard:
    """The scorecard of answers that must be clean."""
    cleaned = clean(scorer.instrument, {"responses": dict(responses), **more})
    assert not cleaned.faults
    return scorer.score(cleaned.answers)


def rated(constrained: int, free: int, level: int, others: int = 0) -> dict[str, int]:
    """Answers to all scenes: so many constrained and free ones at `level`, the rest at `others`."""
    at = {*CONSTRAINED[:constrained], *FREE[:free]}
    return {scene: level if scene in at else others for scene in SCENES}


def answer(item: Item) -> st.SearchStrategy[Any]:
    """Any answer that an item allows."""
    if isinstance(item, Scene):
        return st.integers(0, len(item.levels) - 1)
    if isinstance(item, Single):
        return st.sampled_from([option.id for option in item.options])
    return _several(item)


def _several(item: Multiple) -> st.SearchStrategy[list[str]]:
    alone = [option.id for option in item.options if option.exclusive]
    free = [option.id for option in item.options if not option.exclusive]
    needs = {option.id: set(option.requires) for option in item.options}

    def allowed(chosen: list[str]) -> list[str]:
        return [option for option in chosen if needs[option] <= set(chosen)] or [free[0]]

    several = st.lists(st.sampled_from(free), min_size=1, unique=True).map(allowed)
    return st.one_of(several, st.sampled_from(alone).map(lambda option: [option])) if alone else several


def answers(instrument: Instrument, *, complete: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Allowed answers to all items, or to any of them."""
    given = {item.id: answer(item) for item in instrument.items.values()}
    return st.fixed_dictionaries(given) if complete else st.fixed_dictionaries({}, optional=given)
