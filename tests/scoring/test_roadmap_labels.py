"""What a search by labels leaves out, and how near the bound comes that it gives when the time is up."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from questionnaires.answers import Answers
from scoring import Scorer
from scoring.roadmap import roadmap
from scoring.roadmap_labels import FRONTS, MOST_COMPARED, _Many
from tests.scoring import made
from tests.scoring.roadmaps import asked, definition, node, option

TOTAL = {"kind": "measure_at_least", "measure": "total"}


@pytest.mark.parametrize("needs", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(20))
def test_a_label_is_new_unless_one_before_it_brings_as_much_to_every_need(needs: int, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # made-up labels, no secrets
    front = FRONTS.get(needs, _Many)()
    kept: list[tuple[int, ...]] = []
    for _ in range(60):
        has = tuple(dice.randint(0, 7) for _ in range(needs))
        outdone = any(all(theirs >= mine for theirs, mine in zip(other, has, strict=True)) for other in kept)
        assert front.is_new(has) is not outdone
        kept.append(has)
    assert MOST_COMPARED >= 60


def single(*efforts: int, **weights: int) -> Scorer:
    """One item of which 55 points are needed; `efforts` and `weights` of its options after the first."""
    options = [option("a"), *(option(name, effort) for name, effort in zip(weights, efforts, strict=True))]
    tree = node("total", maximum=100, rule={"kind": "option", "item": "one", "weights": {"a": 0, **weights}})
    return made.scorer_of(definition([asked("one", "single", options=options)], tree, [[TOTAL | {"points": "55"}]]))


def stopped(scorer: Scorer, responses: Any) -> tuple[int, int, bool]:
    """Effort and bound of the plan of somebody who does not wait at all, and whether it is known to be the best."""
    found = roadmap(scorer, Answers(responses), stop=lambda: True)
    assert found is not None
    assert found.plan is not None, "a plan is found however little time there is"
    return found.plan.effort, found.plan.bound, found.plan.optimal


@pytest.mark.parametrize(
    ("scorer", "bound"),
    [
        (single(7, b=55), 7),  # no less than all of the only way
        (single(10, 1, b=10, c=100), 7),  # 55 of the 100 points that 11 bring: 6.05 at least
        (single(1, 10, b=50, c=60), 6),  # 1 for 50, then 5 of the 10 points that 10 bring
    ],
)
def test_the_bound_is_what_the_changes_would_take_could_they_be_done_in_part(scorer: Scorer, bound: int) -> None:
    effort, found, optimal = stopped(scorer, {"one": "a"})
    assert (found, optimal) == (bound, False)
    whole = roadmap(scorer, Answers({"one": "a"}))
    assert whole is not None
    assert whole.plan is not None
    assert bound <= whole.plan.effort == effort
