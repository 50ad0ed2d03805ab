"""What must hold for any answers to any instrument: bounds, order, unknown answers, storing and reading."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import catalogue
from questionnaires.answers import Answers, clean
from scoring import Scorer
from scoring.scorecard import Scorecard
from tests.scoring import digital, made
from tests.scoring.digital import answers, scored

SCORERS = {"digital": digital.SCORER, "small": made.scorer("small"), "thirds": made.scorer("thirds")}
each_scorer = pytest.mark.parametrize("name", SCORERS)


def interval(card: Scorecard) -> dict[str, tuple[Fraction, Fraction]]:
    return {measure.id: (Fraction(measure.low), Fraction(measure.high)) for measure in card.measures}


def some(data: st.DataObject, scorer: Scorer, *, complete: bool) -> dict[str, Any]:
    return dict(data.draw(answers(scorer.instrument, complete=complete)))


@each_scorer
@given(data=st.data())
def test_points_lie_between_0_and_the_maximum(name: str, data: st.DataObject) -> None:
    card = scored(some(data, SCORERS[name], complete=False), SCORERS[name])
    for measure in card.measures:
        assert 0 <= Fraction(measure.low) <= Fraction(measure.high) <= Fraction(measure.maximum)
        assert measure.points == (measure.low if measure.low == measure.high else None)
        assert 0 <= Fraction(measure.answered) <= 1
    assert 0 <= card.level <= card.possible_level <= len(card.ladder)


@each_scorer
@given(data=st.data())
def test_an_unknown_answer_is_never_counted_as_zero(name: str, data: st.DataObject) -> None:
    scorer = SCORERS[name]
    truth = some(data, scorer, complete=True)
    known = {item: truth[item] for item in data.draw(st.sets(st.sampled_from(sorted(truth))))}
    partly, fully = scored(known, scorer), scored(truth, scorer)
    for measure, (low, high) in interval(partly).items():
        true_low, true_high = interval(fully)[measure]
        assert low <= true_low == true_high <= high
    assert partly.level <= fully.level <= fully.possible_level <= partly.possible_level
    for before, after in zip(partly.ladder, fully.ladder, strict=True):
        assert before.state == after.state or before.state == "unknown"


@each_scorer
@given(data=st.data())
def test_every_answer_decides_and_narrows(name: str, data: st.DataObject) -> None:
    card = scored(some(data, SCORERS[name], complete=True), SCORERS[name])
    assert all(measure.low == measure.high and measure.answered == "1" for measure in card.measures)
    assert "unknown" not in {step.state for step in card.ladder}


@each_scorer
def test_no_answers_leave_everything_from_least_to_most(name: str) -> None:
    card = scored({}, SCORERS[name])
    least = {"digital": "0", "small": "0", "thirds": "0"}[name]
    most = {"digital": "100", "small": "100", "thirds": "280/3"}[name]
    assert (card.total.low, card.total.high, card.total.answered) == (least, most, "0")
    assert (card.level, card.possible_level) == (0, len(card.ladder))
    for trace in card.trace:
        worth = [Fraction(points) for points in _worth(SCORERS[name], trace.measure)]
        assert Fraction(trace.low) == min(worth)
        assert Fraction(trace.high) == (max(worth) if trace.rule == "option" else sum(worth))


def _worth(scorer: Scorer, measure: str) -> list[Fraction]:
    leaf = next(leaf for leaf in scorer.leaves if leaf.measure == measure)
    return [Fraction(points) / scorer.unit for points in leaf.points.values()]


@each_scorer
@given(data=st.data())
def test_a_better_answer_never_lowers_points_or_level(name: str, data: st.DataObject) -> None:
    scorer = SCORERS[name]
    before = some(data, scorer, complete=True)
    item = data.draw(st.sampled_from(sorted(before)))
    after = {**before, item: data.draw(digital.answer(scorer.instrument.items[item]))}
    worse, better = sorted((scored(before, scorer), scored(after, scorer)), key=lambda card: _of(card, item, scorer))
    for measure, (low, _) in interval(worse).items():
        assert low <= interval(better)[measure][0]
    assert worse.level <= better.level
    assert worse.possible_level <= better.possible_level


def _of(card: Scorecard, item: str, scorer: Scorer) -> Fraction:
    levels = {scene.item: Fraction(scene.level or 0) for scene in card.scenes}
    return levels[item] if item in levels else next(Fraction(t.low) for t in card.trace if t.item == item)


@each_scorer
@given(data=st.data())
def test_the_order_of_answers_and_of_chosen_options_does_not_matter(name: str, data: st.DataObject) -> None:
    scorer = SCORERS[name]
    given_answers = some(data, scorer, complete=False)
    turned = {
        item: data.draw(st.permutations(value)) if isinstance(value, list) else value
        for item, value in data.draw(st.permutations(list(given_answers.items())))
    }
    assert scored(turned, scorer) == scored(given_answers, scorer)


@each_scorer
@given(data=st.data())
def test_a_stored_scorecard_reads_back_the_same(name: str, data: st.DataObject) -> None:
    card = scored(some(data, SCORERS[name], complete=False), SCORERS[name])
    assert Scorecard.model_validate_json(card.model_dump_json()) == card
    assert Scorecard.model_validate(json.loads(json.dumps(card.model_dump(mode="json")))) == card


@each_scorer
@given(data=st.data())
def test_stored_answers_give_the_level_of_the_scorecard(name: str, data: st.DataObject) -> None:
    """Rescoring many reads lists from JSON, where cleaning made tuples."""
    scorer = SCORERS[name]
    responses = clean(scorer.instrument, {"responses": some(data, scorer, complete=False)}).answers.responses
    result = scorer.evaluate(Answers(json.loads(json.dumps(responses))))
    card = scored(responses, scorer)
    assert (result.level, result.possible_level) == (card.level, card.possible_level)
    low, high = result.standing.points[card.total.id]
    assert (Fraction(low) / scorer.unit, Fraction(high) / scorer.unit) == interval(card)[card.total.id]


@each_scorer
def test_a_stored_instrument_reads_back_the_same(name: str) -> None:
    instrument = SCORERS[name].instrument
    again = catalogue.from_json(instrument.to_json())
    assert again.to_json() == instrument.to_json()
    assert (again.rules_checksum, again.texts_checksum) == (instrument.rules_checksum, instrument.texts_checksum)
    assert again.sections == instrument.sections
