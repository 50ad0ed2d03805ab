"""The engine over definitions drawn at random, against a second scorer that shares no code with it.

`ENGINE_EXAMPLES=2000 pytest tests/scoring/test_engine_properties.py` draws more, and others each time.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import given, reject
from hypothesis import strategies as st

from questionnaires.answers import Answers, clean
from questionnaires.exact import exact
from scoring.scorecard import ConditionScore, Scorecard
from scoring.sentences import told as in_words
from tests.scoring.random_cases import (
    YEAR,
    Case,
    Raw,
    all_facts,
    case_of,
    cases,
    completions,
    drawn,
    expected,
    firms,
    intervals,
    nodes,
    told,
)
from tests.scoring.reference_scorer import Firm

# -- against the second scorer


@drawn
@given(data=st.data())
def test_complete_answers_earn_what_the_second_scorer_says(data: st.DataObject) -> None:
    case = data.draw(cases(requires=False))  # what options need is left out of account while a route is open
    firm = data.draw(firms(case, complete=True))
    card, reference = case.score(firm), case.judged(firm)
    assert told(card) == expected(reference)
    assert [step.state for step in card.ladder] == reference.steps
    assert (card.level, card.possible_level) == (reference.level, reference.possible_level)
    assert {check.id: check.state for check in card.checks} == reference.checks
    assert {each.id: set(each.values) for each in card.measures if each.values} == reference.names


@drawn
@given(data=st.data())
def test_partial_answers_leave_exactly_what_the_second_scorer_finds_by_trying(data: st.DataObject) -> None:
    case = data.draw(cases(own=True, requires=False))
    firm = data.draw(firms(case, complete=False))
    assert told(case.score(firm)) == expected(case.judged(firm))


# -- what is unknown


@drawn
@given(data=st.data())
def test_however_open_answers_turn_out_it_was_foreseen(data: st.DataObject) -> None:
    case = data.draw(cases())
    firm, facts = data.draw(firms(case, complete=False)), data.draw(all_facts())
    before = case.score(firm)
    first = {each.id: each for each in before.measures}
    for whole in completions(case, firm, facts):
        after = case.score(whole)
        for each in after.measures:
            assert first[each.id].applicable in ("open", each.applicable)
            if each.applicable == "yes":
                low, high = Fraction(first[each.id].low), Fraction(first[each.id].high)
                assert low <= Fraction(each.low) <= Fraction(each.high) <= high
            assert set(each.values) <= set(first[each.id].values)
        assert before.level <= after.level <= after.possible_level <= before.possible_level
        for earlier, later in zip(_states(before), _states(after), strict=True):
            assert earlier in ("unknown", later)


def _states(card: Scorecard) -> Iterator[str]:
    """Every state of the card: of steps, checks, and each condition inside them."""
    for owner in (*card.ladder, *card.checks):
        yield owner.state
        yield from (state for condition in owner.conditions for state in _inside(condition))


def _inside(condition: ConditionScore) -> Iterator[str]:
    yield condition.state
    yield from (state for part in condition.conditions for state in _inside(part))


@drawn
@given(data=st.data())
def test_no_interval_is_wider_than_what_is_possible(data: st.DataObject) -> None:
    """Where each indicator reads an item of its own, some answers earn the lowest points, and some the highest."""
    case = data.draw(cases(own=True, requires=False, routes=False))
    firm = data.draw(firms(case, complete=False))
    outcomes: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for whole in completions(case, firm, {}):
        for each in case.score(whole).measures:
            if each.applicable == "yes":
                outcomes.setdefault(each.id, []).append((Fraction(each.low), Fraction(each.high)))
    for measure, (low, high) in intervals(case.score(firm)).items():
        if measure in outcomes:
            assert low == min(least for least, _ in outcomes[measure])
            assert high == max(most for _, most in outcomes[measure])


# -- what changes nothing


@drawn
@given(data=st.data())
def test_the_order_of_parts_and_items_changes_nothing(data: st.DataObject) -> None:
    case = data.draw(cases(routes=False))
    firm = data.draw(firms(case, complete=False))
    turned = copy.deepcopy(case.raw)
    for node in nodes(turned["tree"]):
        node["children"] = data.draw(st.permutations(node.get("children", [])))
    for section in turned["sections"]:
        section["items"] = data.draw(st.permutations(section["items"]))
        for item in (each for each in section["items"] if each["type"] != "scene"):
            item.update({key: item[key][::-1] for key in ("options", "rows") if key in item})
    turned["sections"] = turned["sections"][::-1]
    other = Firm(
        dict(reversed(firm.responses.items())),
        dict(reversed(firm.facts.items())),  # type: ignore[call-overload]  # a dict
        firm.references,
    )
    one, two = case.score(firm), case_of(turned).score(other)
    assert told(one) == told(two)
    assert list(_states(one)) == list(_states(two))
    assert (one.level, one.possible_level) == (two.level, two.possible_level)


@drawn
@given(data=st.data(), factor=st.sampled_from([Fraction(10), Fraction(1, 3), Fraction(7, 100)]))
def test_weights_count_in_proportion_only(data: st.DataObject, factor: Fraction) -> None:
    case = data.draw(cases(combines=("weighted_mean", "minimum", "sum")))
    firm = data.draw(firms(case, complete=False))
    scaled = copy.deepcopy(case.raw)
    for node in nodes(scaled["tree"]):
        if node.get("combine") == "weighted_mean":
            for child in node["children"]:
                child["weight"] = exact(Fraction(child["weight"]) * factor)
            node["weights_total"] = exact(sum((Fraction(child["weight"]) for child in node["children"]), Fraction(0)))
    one, two = case.score(firm), case_of(scaled).score(firm)
    assert told(one) == told(two)
    assert list(_states(one)) == list(_states(two))


@drawn
@given(data=st.data())
def test_answers_off_the_route_never_matter(data: st.DataObject) -> None:
    case = data.draw(cases(often=1))
    firm = data.draw(firms(case, complete=True))
    off = {name for name, on in case.judged(firm).route.items() if on is False}
    if not off:
        reject()
    kept = {name: response for name, response in firm.responses.items() if name not in off}
    others = data.draw(firms(case, complete=True)).responses
    changed = {**kept, **{name: others[name] for name in off if name in others}}
    card = case.score(firm)
    for responses in (kept, changed):
        assert case.score(Firm(responses, firm.facts, firm.references)) == card
    facts = [{"id": kind, "year": YEAR + year, "value": exact(amount)} for (kind, year), amount in firm.facts.items()]
    cleaned = clean(case.scorer.instrument, {"responses": firm.responses, "facts": facts, "reference_year": YEAR})
    assert not off & set(cleaned.answers.responses)
    assert not cleaned.faults


# -- what does not apply


@drawn
@given(data=st.data())
def test_sharing_out_is_as_if_what_does_not_apply_were_not_there(data: st.DataObject) -> None:
    case = data.draw(
        cases(often=2, kinds=("single", "scene"), combines=("weighted_mean", "mean", "minimum", "maximum"))
    )
    raw = copy.deepcopy(case.raw)
    raw["ladder"]["steps"] = [{**raw["ladder"]["steps"][0], "conditions": [{"kind": "manual", "text": raw["title"]}]}]
    raw["checks"] = []
    for node in nodes(raw["tree"]):
        node.pop("not_applicable", None)
        if "weight" in node:
            node["weight"] = max(1, node["weight"])
    raw["tree"]["not_applicable"] = "redistribute"
    case = case_of(raw)
    firm = data.draw(firms(case, complete=True))
    card = case.score(firm)
    gone = {each.id for each in card.measures if each.applicable == "no"}
    if not gone or "total" in gone or any(each.applicable == "open" for each in card.measures):
        reject()
    without = copy.deepcopy(raw)
    for node in list(nodes(without["tree"])):
        if "children" in node:
            node["children"] = [child for child in node["children"] if child["id"] not in gone]
    left = {each.id: each for each in case_of(without).score(firm).measures}
    for each in card.measures:
        if each.id not in gone:
            other = left[each.id]
            assert Fraction(each.low) / Fraction(each.maximum) == Fraction(other.low) / Fraction(other.maximum)
            assert Fraction(each.high) / Fraction(each.maximum) == Fraction(other.high) / Fraction(other.maximum)


def _is_below(name: str, above: str, parents: dict[str, str | None]) -> bool:
    while (name := parents[name] or "") and name != above:
        pass
    return name == above


@drawn
@given(data=st.data())
def test_own_points_and_redistributed_ones_add_up(data: st.DataObject) -> None:
    case = data.draw(cases(combines=("weighted_mean", "mean", "sum")))
    card = case.score(data.draw(firms(case, complete=True)))
    parents = {each.id: each.parent for each in card.measures}
    earned = {trace.measure: Fraction(trace.low) for trace in card.trace}
    for each in card.measures:
        below = [name for name in earned if _is_below(name, each.id, parents)]
        own = sum((earned[name] for name in below), Fraction(0))
        if each.redistributed is not None:
            assert any(child.applicable == "no" for child in card.measures if _is_below(child.id, each.id, parents))
            assert own + Fraction(each.redistributed) == Fraction(each.points or "nothing")
        elif each.points is not None and below:
            assert own == Fraction(each.points)


# -- more is better, and nothing fails


@drawn
@given(data=st.data())
def test_a_better_answer_never_lowers_a_measure(data: st.DataObject) -> None:
    case = data.draw(
        cases(
            own=True,
            routes=False,
            absent=False,
            requires=False,
            combines=("weighted_mean", "mean", "sum", "minimum", "maximum"),
        )
    )
    raw = copy.deepcopy(case.raw)
    for node in nodes(raw["tree"]):
        if "rule" in node:
            _rising(node["rule"])
    case, firm = case_of(raw), data.draw(firms(case, complete=True))
    name = data.draw(st.sampled_from(sorted(firm.responses)))
    better = Firm({**firm.responses, name: _better(case.items[name], firm.responses[name])}, firm.facts)
    one, two = intervals(case.score(firm)), intervals(case.score(better))
    assert all(one[measure] <= two[measure] for measure in one)


def _rising(rule: Raw) -> None:
    rule.pop("reversed", None)
    if rule["kind"] == "scene":
        rule["weights"] = sorted(rule["weights"], key=Fraction)
    elif "weights" in rule:
        weights = sorted((max(each, "0") for each in rule["weights"].values()), key=Fraction)
        rule["weights"] = dict(zip(rule["weights"], weights, strict=True))


def _better(item: Raw, response: Any) -> Any:
    options = [option["id"] for option in item.get("options", []) if not option.get("exclusive")]
    if item["type"] == "scene":
        return min(4, response + 1)
    if item["type"] == "multiple":
        return response if response == ["A"] else options
    if item["type"] == "grid":
        return {**response, "r2": options[-1]}
    return options[-1] if item["type"] == "single" else response


@drawn
@given(data=st.data())
def test_whatever_loads_scores_any_answers_and_says_why(data: st.DataObject) -> None:
    case = data.draw(cases())
    firm = data.draw(firms(case, complete=False))
    card = case.score(firm)
    for each in card.measures:
        assert 0 <= Fraction(each.low) <= Fraction(each.high) <= Fraction(each.maximum)
        assert (each.points is not None) == (each.applicable == "yes" and each.low == each.high)
    assert 0 <= card.level <= card.possible_level <= len(card.ladder)
    assert Scorecard.model_validate_json(card.model_dump_json()) == card
    assert all(in_words(card, case.scorer, language) for language in ("zh_CN", "en"))
    _stored_answers_score_the_same(case, firm, card)


def _stored_answers_score_the_same(case: Case, firm: Firm, card: Scorecard) -> None:
    answers = case.answers(firm)
    stored = json.loads(json.dumps(answers.responses))
    assert case.scorer.score(Answers(stored, answers.facts, YEAR, {}, answers.references)).measures == card.measures
    result = case.scorer.evaluate(answers)
    assert (result.level, result.possible_level) == (card.level, card.possible_level)
