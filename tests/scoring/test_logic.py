"""Met, unmet, unknown, for a person to decide, not applicable: what statements make of each other, and of answers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from questionnaires.statements import State, all_of, any_of, counted, opposite
from scoring.conditions import OnlyIf
from tests.scoring.random_cases import YEAR, Case, case_of
from tests.scoring.random_definitions import ASKED, TEXT, Raw, head, section
from tests.scoring.reference_scorer import Firm

STATES: tuple[State, ...] = ("met", "unmet", "unknown", "manual", "not_applicable")
M, U, Q, P, N = STATES

ALL: dict[tuple[State, State], State] = {
    (M, M): M, (M, U): U, (M, Q): Q, (M, P): P, (M, N): M, (U, U): U, (U, Q): U, (U, P): U, (U, N): U,
    (Q, Q): Q, (Q, P): Q, (Q, N): Q, (P, P): P, (P, N): P, (N, N): N,
}  # fmt: skip
ANY: dict[tuple[State, State], State] = {
    (M, M): M, (M, U): M, (M, Q): M, (M, P): M, (M, N): M, (U, U): U, (U, Q): Q, (U, P): P, (U, N): U,
    (Q, Q): Q, (Q, P): Q, (Q, N): Q, (P, P): P, (P, N): P, (N, N): N,
}  # fmt: skip


@pytest.mark.parametrize("pair", ALL)
def test_and_and_or_of_two(pair: tuple[State, State]) -> None:
    assert all_of(pair) == all_of(pair[::-1]) == ALL[pair]
    assert any_of(pair) == any_of(pair[::-1]) == ANY[pair]


def test_and_of_nothing_holds_and_or_of_nothing_does_not() -> None:
    assert (all_of([]), any_of([])) == ("met", "unmet")


def test_the_opposite_of_what_is_open_is_open() -> None:
    assert [opposite(state) for state in STATES] == [U, M, Q, P, N]


@pytest.mark.parametrize(
    ("states", "at_least", "at_most", "state"),
    [
        ([M, M, U], 2, None, M), ([M, M, U], 3, None, U), ([M, Q, U], 2, None, Q), ([M, P, U], 2, None, P),
        ([M, P, Q], 3, None, Q), ([M, Q, Q], 1, None, M), ([M, U, U], 0, 1, M), ([M, M, U], 0, 1, U),
        ([M, Q, U], 0, 1, Q), ([U, Q, U], 0, 1, M), ([M, M, Q], 2, 2, Q), ([M, M, N], 2, 2, M), ([M, N, N], 2, None, U),
        ([N, N], 1, None, N), ([Q, N], 1, None, Q), ([M, N], 0, 1, M),
    ],
)  # fmt: skip
def test_how_many_hold(states: list[State], at_least: int, at_most: int | None, state: State) -> None:
    assert counted(states, at_least, at_most) == state


ONLY_IF = OnlyIf.model_validate(
    {"kind": "only_if", "if": {"kind": "manual", "text": TEXT}, "then": {"kind": "manual", "text": TEXT}}
)
ASKED_OF = {
    M: {M: M, U: U, Q: Q, P: P, N: N},
    U: dict.fromkeys(STATES, N),
    Q: {M: Q, U: Q, Q: Q, P: Q, N: N},
    P: {M: P, U: P, Q: P, P: P, N: N},
    N: dict.fromkeys(STATES, N),
}


@pytest.mark.parametrize(("asked", "then"), list(product(STATES, repeat=2)))
def test_a_condition_for_some_firms_only(asked: State, then: State) -> None:
    """While it is open whether it is asked of the firm, it is open: left out, it would leave others to decide."""
    assert ONLY_IF.together([asked, then]) == ASKED_OF[asked][then]


# -- statements about answers, by the state of a check


ITEMS: list[Raw] = [
    {"id": "one", "type": "single", **ASKED, "options": [{"id": each, "label": TEXT} for each in "AB"]},
    {"id": "some", "type": "multiple", **ASKED, "options": [{"id": each, "label": TEXT} for each in "BCD"]},
    {"id": "rows", "type": "grid", **ASKED, "rows": [{"id": each, "label": TEXT} for each in ("r1", "r2")],
     "options": [{"id": each, "label": TEXT} for each in "01"]},
    {"id": "scene", "type": "scene", **ASKED, "constrained": True, "group": "all",
     "levels": [{"level": level, "label": TEXT} for level in range(5)]},
    {"id": "much", "type": "number", **ASKED, "decimals": 1, "minimum": -10, "maximum": 10},
    {"id": "figures", "type": "figures", **ASKED, "asks": [{"fact": "fa", "years": [0, -1]}], "none": {"label": TEXT}},
]  # fmt: skip


def checked(condition: Raw, route: Raw | None = None) -> Case:
    """A definition with that condition as its one check; with `route`, all but the first item stand behind it."""
    raw = head([section("s1", ITEMS[:1]), {**section("s2", ITEMS[1:]), **({"when": route} if route else {})}])
    leaf = {"id": "m", "title": TEXT, "rule": {"kind": "option", "item": "one", "weights": {"A": 0, "B": 100}}}
    raw["tree"] = {"id": "total", "title": TEXT, "maximum": 100, "combine": "mean", "children": [leaf]}
    step = {"level": 1, "name": TEXT, "meaning": TEXT, "source": "T", "confidence": "C",
            "conditions": [{"kind": "measure_at_least", "measure": "total", "points": 1}]}  # fmt: skip
    raw["ladder"] = {"reached": "highest", "none": TEXT, "source": "T", "confidence": "C", "steps": [step]}
    raw["checks"] = [
        {"id": "c", "title": TEXT, "about": TEXT, "source": "T", "confidence": "C", "conditions": [condition]}
    ]
    return case_of(raw)


def state(condition: Raw, responses: Mapping[str, Any], facts: Any = (), route: Raw | None = None) -> str:
    figures = {("fa", -back): Fraction(amount) for back, amount in enumerate(facts) if amount is not None}
    return checked(condition, route).score(Firm(responses, figures)).checks[0].state


@pytest.mark.parametrize(
    ("condition", "responses", "expected"),
    [
        ({"item": "one", "any": ["B"]}, {}, Q), ({"item": "one", "any": ["B"]}, {"one": "B"}, M),
        ({"item": "one", "any": ["B"]}, {"one": "A"}, U), ({"item": "one", "none": ["B"]}, {"one": "A"}, M),
        ({"item": "one", "none": ["B"]}, {"one": "B"}, U), ({"item": "one", "none": ["B"]}, {}, Q),
        ({"item": "some", "any": ["B", "C"]}, {"some": ["C"]}, M), ({"item": "some", "any": ["B"]}, {"some": ["C"]}, U),
        ({"item": "some", "all": ["B", "C"]}, {"some": ["C"]}, U),
        ({"item": "some", "all": ["B", "C"]}, {"some": ["B", "C", "D"]}, M),
        ({"item": "some", "none": ["B", "C"]}, {"some": ["C", "D"]}, U),
        ({"item": "some", "none": ["B", "C"]}, {"some": ["D"]}, M),
        ({"item": "rows", "row": "r1", "any": ["1"]}, {"rows": {"r1": "1"}}, M),
        ({"item": "rows", "row": "r1", "any": ["1"]}, {"rows": {"r2": "1"}}, Q),
        ({"item": "rows", "row": "r1", "none": ["1"]}, {"rows": {"r1": "1", "r2": "0"}}, U),
        ({"item": "figures", "any": ["none"]}, {"figures": "none"}, M), ({"item": "figures", "any": ["none"]}, {}, Q),
    ],
)  # fmt: skip
def test_what_is_chosen(condition: Raw, responses: Raw, expected: str) -> None:
    assert state({"kind": "chosen", **condition}, responses) == expected


@pytest.mark.parametrize(
    ("item", "responses", "facts", "expected"),
    [
        ("one", {"one": "A"}, (), M), ("one", {}, (), Q), ("scene", {"scene": 0}, (), M),
        ("much", {"much": "0"}, (), M),
        ("rows", {"rows": {"r1": "1"}}, (), Q), ("rows", {"rows": {"r1": "1", "r2": "0"}}, (), M),
        ("figures", {}, (1,), Q), ("figures", {}, (None, 1), Q), ("figures", {}, (1, 0), M),
        ("figures", {"figures": "none"}, (), M),
    ],
)  # fmt: skip
def test_an_item_is_answered_when_nothing_of_it_is_open(item: str, responses: Raw, facts: Any, expected: str) -> None:
    assert state({"kind": "answered", "item": item}, responses, facts) == expected


@pytest.mark.parametrize(("way", "expected"), [("any", U), ("all", U), ("none", M)])
def test_a_firm_with_all_its_figures_does_not_say_none(way: str, expected: str) -> None:
    assert state({"kind": "chosen", "item": "figures", way: ["none"]}, {}, (1, 0)) == expected


@pytest.mark.parametrize(
    ("bounds", "states"),
    [
        ({"at_least": 2}, (U, M, M)), ({"above": 2}, (U, U, M)), ({"at_most": 2}, (M, M, U)), ({"below": 2}, (M, U, U)),
        ({"equal": 2}, (U, M, U)), ({"at_least": 2, "below": "2.1"}, (U, M, U)),
        ({"above": "1.9", "at_most": 2}, (U, M, U)),
    ],
)  # fmt: skip
def test_a_comparison_at_its_bound(bounds: Raw, states: tuple[str, ...]) -> None:
    compare = {"kind": "compare", "value": {"item": "much"}, **bounds}
    assert tuple(state(compare, {"much": typed}) for typed in ("1.9", "2", "2.1")) == states
    assert state(compare, {}) == Q


@pytest.mark.parametrize(("level", "expected"), [(1, U), (2, M), (3, M)])
def test_a_scene_at_its_bound(level: int, expected: str) -> None:
    assert state({"kind": "scene_at_least", "item": "scene", "level": 2}, {"scene": level}) == expected


ROUTE = {"kind": "chosen", "item": "one", "any": ["B"]}
OFF = [
    ({"kind": "chosen", "item": "some", "any": ["B"]}, U),
    ({"kind": "chosen", "item": "some", "none": ["B"]}, M),
    ({"kind": "answered", "item": "some"}, U),
    ({"kind": "scene_at_least", "item": "scene", "level": 0}, U),
    ({"kind": "compare", "value": {"item": "much"}, "at_most": 5}, U),
    ({"kind": "compare", "value": {"count": "some"}, "at_least": 0}, U),
    ({"kind": "compare", "value": 1, "below": {"sum": [{"item": "much"}, 3]}}, U),
    ({"kind": "not", "condition": {"kind": "compare", "value": {"item": "much"}, "at_most": 5}}, M),
]


@pytest.mark.parametrize(("condition", "expected"), OFF)
def test_what_was_not_asked_is_decided_and_answers_to_it_do_not_count(condition: Raw, expected: str) -> None:
    there = {"some": ["B"], "scene": 4, "much": "2"}
    assert state(condition, {"one": "A", **there}, route=ROUTE) == expected
    assert state(condition, {"one": "A"}, route=ROUTE) == expected
    assert state(condition, there, route=ROUTE) == Q, "it is not decided whether it is asked"
    assert state(condition, {"one": "B", **there}, route=ROUTE) == (U if expected == M else M)


def test_figures_of_an_item_that_may_not_be_asked_do_not_answer_it() -> None:
    answered = {"kind": "answered", "item": "figures"}
    assert [state(answered, {"one": one} if one else {}, (1, 1), ROUTE) for one in ("B", "A", "")] == [M, U, Q]


def test_the_year_is_the_reference_year() -> None:
    compare = {"kind": "compare", "value": {"fact": "fa", "year": -1}, "equal": 7}
    assert (state(compare, {}, (5, 7)), state(compare, {}, (7, 5)), YEAR) == (M, U, 2025)
