"""Two scorecards side by side: exact where the rules are the same, and silent, with the reason, where they are not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from questionnaires import catalogue
from questionnaires.answers import Answers
from questionnaires.instrument import Instrument
from scoring.comparison import Comparison, compare
from scoring.making import scorer_for

DIGITAL = catalogue.builtin("digital", "2024")
Edit = Callable[[dict[str, Any]], None]


def changed(edit: Edit) -> Instrument:
    data = copy.deepcopy(json.loads(DIGITAL.to_json()))
    edit(data)
    return catalogue.from_json(json.dumps(data))


def answers(instrument: Instrument, level: int) -> Answers:
    """Every scene at `level`, every single choice as good as that."""
    responses: dict[str, Any] = {scene.id: level for scene in instrument.scenes}
    for item in instrument.items.values():
        options = getattr(item, "options", ())
        if type(item).__name__ == "Single":
            responses[item.id] = options[min(level, len(options) - 1)].id
    return Answers(responses, {}, 2025)


def against(later: Instrument, before: int = 1, after: int = 2) -> Comparison:
    first = scorer_for(DIGITAL).score(answers(DIGITAL, before))
    return compare(first, DIGITAL, scorer_for(later).score(answers(later, after)), later)


def reasons(found: Comparison) -> dict[str, str]:
    return {each.id: each.reason for each in found.measures}


def item(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for section in data["sections"] for each in section["items"] if each["id"] == name)


def node(data: dict[str, Any], name: str) -> dict[str, Any]:
    waiting = [data["tree"]]
    while waiting:
        found = waiting.pop()
        if found["id"] == name:
            return found  # type: ignore[no-any-return]
        waiting += found.get("children") or []
    raise KeyError(name)


def test_the_same_rules_are_compared_in_every_measure() -> None:
    found = against(DIGITAL)
    assert not found.level
    assert set(reasons(found).values()) == {""}
    for each in found.measures:
        if each.before and each.after and None not in (each.before.points, each.after.points):
            assert each.difference == Fraction(each.after.points or 0) - Fraction(each.before.points or 0)
    assert any(each.difference for each in found.measures)


def test_wording_is_no_difference() -> None:
    def edit(data: dict[str, Any]) -> None:
        item(data, "q8")["label"]["en"] += " (reworded)"

    assert set(reasons(against(changed(edit))).values()) == {""}


def test_other_points_stop_the_measures_above_them_and_no_others() -> None:
    measures = scorer_for(DIGITAL).measures
    above, name = set[str](), "equipment_digital"
    while name:
        above.add(name)
        name = measures[name].parent or ""
    found = against(changed(lambda data: node(data, "equipment_digital")["rule"]["weights"].update(B=30)))
    assert {name for name, why in reasons(found).items() if why == "rules"} == above
    assert found.level == "rules", "the ladder asks for a total"


def test_another_route_stops_what_is_asked_on_it() -> None:
    def edit(data: dict[str, Any]) -> None:
        item(data, "q2")["when"] = {"kind": "chosen", "item": "q1", "any": ["B"]}
        node(data, "equipment_systems")["not_applicable"] = "zero"

    found = reasons(against(changed(edit)))
    assert found["equipment_digital"] == found["total"] == "rules"
    assert found["network"] == "rules", "what does not apply is handed down by the node above"
    assert found["collection"] == ""


def test_another_weight_stops_what_is_above_and_what_it_rescales() -> None:
    def edit(data: dict[str, Any]) -> None:
        one, other = node(data, "foundation"), node(data, "management")
        one["weight"], other["weight"] = other["weight"], one["weight"]

    found = reasons(against(changed(edit)))
    assert found["total"] == found["foundation"] == found["management"] == "rules"
    assert found["effect"] == ""


def test_another_ladder_stops_the_level_alone() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["ladder"]["steps"].pop()

    found = against(changed(edit))
    assert found.level == "rules"
    assert set(reasons(found).values()) == {""}


def test_another_questionnaire_is_never_compared() -> None:
    green = catalogue.builtin("green", "2026")
    card = scorer_for(green).score(Answers({}, {}, 2025))
    found = compare(scorer_for(DIGITAL).score(answers(DIGITAL, 1)), DIGITAL, card, green)
    assert (found.level, found.measures, found.comparable) == ("another", (), False)


def test_open_answers_give_no_difference() -> None:
    first = scorer_for(DIGITAL).score(Answers({}, {}, 2025))
    found = compare(first, DIGITAL, scorer_for(DIGITAL).score(answers(DIGITAL, 2)), DIGITAL)
    assert {each.difference for each in found.measures if each.before and each.before.points is None} <= {None}
