"""Whatever is sent, cleaning never fails, lets nothing through that the instrument does not allow, and names places."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import catalogue
from questionnaires.answers import KEYS, Cleaned, clean, percent_text
from questionnaires.facts import MOST_DIGITS, FactKind
from questionnaires.faults import Fault, sentence
from questionnaires.items import Multiple, Scene, Single
from questionnaires.text import LANGUAGES, Text

INSTRUMENT = catalogue.builtin("digital", "2024")
ITEMS = sorted(INSTRUMENT.items)
KINDS = sorted(INSTRUMENT.fact_kinds)

names = st.sampled_from([*ITEMS, *KINDS, *KEYS, "id", "year", "value", "unit", "A", "B", "C", "O", "yuan", "wan_yuan"])
texts = st.one_of(
    names, st.text(st.characters(), max_size=8), st.sampled_from(["１２", "1,000", "12万", "\x00", "\ud800"])
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-1, 5), st.integers(2020, 2026), st.floats(), texts,
    st.decimals(allow_nan=False, allow_infinity=False),
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
a_fact = st.fixed_dictionaries(
    {"id": st.one_of(st.sampled_from(KINDS), anything), "year": st.one_of(st.integers(2022, 2026), anything)},
    optional={"value": anything, "unit": anything},
)
nearly_right = st.fixed_dictionaries(
    {"responses": st.one_of(st.dictionaries(st.one_of(st.sampled_from(ITEMS), texts), anything, max_size=8), anything)},
    optional={
        "facts": st.one_of(st.lists(a_fact, max_size=6), anything),
        "reference_year": st.one_of(st.integers(2022, 2026), anything),
        "reasons": st.one_of(st.dictionaries(st.one_of(st.sampled_from(ITEMS), texts), anything, max_size=3), anything),
    },
)


def faults(raw: Any) -> dict[str, str]:
    return {fault.path: fault.code for fault in clean(INSTRUMENT, raw).faults}


def allowed(cleaned: Cleaned) -> bool:
    """Whether only what the instrument allows is left."""
    answers = cleaned.answers
    for item_id, response in answers.responses.items():
        item = INSTRUMENT.items[item_id]
        match item:
            case Scene():
                assert type(response) is int
                assert 0 <= response <= 4
            case Single():
                assert response in {option.id for option in item.options}
            case Multiple():
                assert isinstance(response, tuple)
                ids = [option.id for option in item.options]
                assert list(response) == [option for option in ids if option in response]
                assert response
                assert response == ("A",) or "A" not in response
    for (kind, year), value in answers.facts.items():
        assert type(value) is int
        assert INSTRUMENT.fact_kinds[kind].minimum * INSTRUMENT.fact_kinds[kind].scale <= value < 10**MOST_DIGITS
        assert 1900 <= year <= 2200
    assert type(answers.reference_year) is int
    for item_id, reason in answers.reasons.items():
        assert item_id in INSTRUMENT.items
        assert 0 < len(reason.encode("utf-8").decode()) <= 500
        assert "\x00" not in reason
    return True


@given(st.one_of(anything, nearly_right))
def test_no_payload_makes_it_fail_and_nothing_foreign_passes(raw: Any) -> None:
    cleaned = clean(INSTRUMENT, raw)
    assert allowed(cleaned)
    for fault in cleaned.faults:
        for language in LANGUAGES:
            assert sentence(fault, language).encode("utf-8")
        assert len(fault.path.encode("utf-8")) < 400


@given(st.one_of(anything, nearly_right))
def test_what_passed_once_passes_again_unchanged(raw: Any) -> None:
    answers = clean(INSTRUMENT, raw).answers
    facts = [
        {"id": kind, "year": year, "value": str(Decimal(value).scaleb(-INSTRUMENT.fact_kinds[kind].decimals))}
        for (kind, year), value in answers.facts.items()
    ]
    again = clean(
        INSTRUMENT,
        json.loads(
            json.dumps(
                {"responses": dict(answers.responses), "facts": facts, "reasons": dict(answers.reasons)}
                | ({"reference_year": answers.reference_year} if answers.reference_year else {})
            )
        ),
    )
    assert again.answers == answers


def test_deep_nesting_is_named_and_not_followed() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    assert faults({"responses": {"q1": deep, "q2": deep}, "facts": [{"id": deep}], "reference_year": 2025}) == {
        "responses.q1[0]": "unknown_option", "responses.q2": "not_one_option", "facts[0].id": "unknown_fact",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("item", "given", "path", "code"),
    [
        ("q2", "Z", "responses.q2", "unknown_option"),
        ("q2", ["A"], "responses.q2", "not_one_option"),
        ("q2", True, "responses.q2", "not_one_option"),
        ("q2", "a", "responses.q2", "unknown_option"),
        ("q6", "B", "responses.q6", "not_a_list"),
        ("q6", ["B", "Z"], "responses.q6[1]", "unknown_option"),
        ("q6", ["B", None], "responses.q6[1]", "unknown_option"),
        ("q6", ["B", "B"], "responses.q6[1]", "option_twice"),
        ("q6", ["B", "A"], "responses.q6", "exclusive"),
        ("q1", ["E"], "responses.q1", "requires"),
        ("q1", ["B", "C", "E"], "responses.q1", "requires"),
        ("s1", 5, "responses.s1", "not_a_level"),
        ("s1", -1, "responses.s1", "not_a_level"),
        ("s1", True, "responses.s1", "not_a_level"),
        ("s1", "2", "responses.s1", "not_a_level"),
        ("s1", 2.0, "responses.s1", "not_a_level"),
        ("q99", "A", "responses.q99", "unknown_item"),
    ],
)
def test_a_wrong_answer_is_named_with_its_place_and_dropped(item: str, given: Any, path: str, code: str) -> None:
    cleaned = clean(INSTRUMENT, {"responses": {item: given, "q5": "C"}})
    assert [(fault.path, fault.code) for fault in cleaned.faults] == [(path, code)]
    assert cleaned.answers.responses == {"q5": "C"}


def test_what_is_missing_among_required_options_is_named_by_its_label() -> None:
    fault = clean(INSTRUMENT, {"responses": {"q1": ["E", "C"]}}).faults[0]
    q1 = INSTRUMENT.items["q1"]
    assert isinstance(q1, Multiple)
    for language in LANGUAGES:
        for option, is_named in (("B", True), ("C", False), ("D", True), ("E", True)):
            assert (q1.option(option).label.say(language) in sentence(fault, language)) is is_named


def test_options_are_kept_in_the_order_of_the_definition() -> None:
    assert clean(INSTRUMENT, {"responses": {"q1": ["E", "D", "C", "B"]}}).answers.responses["q1"] == (
        "B",
        "C",
        "D",
        "E",
    )


@pytest.mark.parametrize("nothing", [None, []])
def test_nothing_chosen_is_no_answer_and_no_fault(nothing: Any) -> None:
    cleaned = clean(INSTRUMENT, {"responses": {"q1": nothing, "q2": None, "s1": None}})
    assert (cleaned.answers.responses, cleaned.faults) == ({}, ())


def band(part: Any, whole: Any, chosen: str | None = None) -> Cleaned:
    facts = [
        {"id": "equipment_digital", "year": 2025, "value": part},
        {"id": "equipment", "year": 2025, "value": whole},
    ]
    return clean(INSTRUMENT, {"responses": {"q2": chosen}, "facts": facts, "reference_year": 2025})


@pytest.mark.parametrize(
    ("part", "whole", "option"),
    [
        (0, 10, "A"), (1, 10, "A"), (100000000, 1000000000, "A"), (100000001, 1000000000, "B"), (2, 10, "B"),
        (200001, 1000000, "C"), (4, 10, "C"), (400001, 1000000, "D"), (6, 10, "D"), (600001, 1000000, "E"),
        (10, 10, "E"), (1, 3, "C"),
    ],
)  # fmt: skip
def test_a_share_on_the_edge_belongs_to_the_band_below(part: int, whole: int, option: str) -> None:
    cleaned = band(part, whole)
    assert (cleaned.faults, cleaned.answers.responses) == ((), {"q2": option})
    assert cleaned.derived["q2"].option == option
    assert band(part, whole, option).faults == ()


@pytest.mark.parametrize("chosen", ["A", "B", "D", "E"])
def test_a_choice_that_contradicts_the_figures_is_a_fault_of_that_question(chosen: str) -> None:
    (fault,) = band(3, 10, chosen).faults
    assert (fault.path, fault.code) == ("responses.q2", "band_disagrees")
    assert "30.0%" in sentence(fault, "zh_CN")
    assert "30.0%" in sentence(fault, "en")


def test_three_years_are_added_before_they_are_divided_and_fewer_are_enough() -> None:
    def option(*years: tuple[int, str, str]) -> str | None:
        facts = [
            {"id": kind, "year": year, "value": value, "unit": "wan_yuan"}
            for year, spending, revenue in years
            for kind, value in (("digital_spending", spending), ("revenue", revenue))
        ]
        found = clean(INSTRUMENT, {"responses": {}, "facts": facts, "reference_year": 2025})
        response = found.answers.responses.get("q11")
        assert response is None or isinstance(response, str)
        return response

    assert option((2025, "10", "100")) == "A"
    assert option((2025, "10", "100"), (2024, "10.01", "100"), (2023, "10", "100")) == "B"
    assert option((2025, "90", "100"), (2024, "0", "900")) == "A"  # 9 % in all, though the yearly shares average 45 %
    assert option((2022, "90", "100")) is None


def change(before: str, after: str, chosen: str | None, reason: str = "") -> Cleaned:
    facts = [
        {"id": "energy", "year": 2024, "value": before}, {"id": "energy", "year": 2025, "value": after},
        {"id": "revenue", "year": 2024, "value": "1000000"}, {"id": "revenue", "year": 2025, "value": "1000000"},
    ]  # fmt: skip
    raw = {"responses": {"q12": chosen}, "facts": facts, "reference_year": 2025, "reasons": {"q12": reason}}
    return clean(INSTRUMENT, raw)


def test_a_change_against_the_figures_needs_a_reason_and_no_tolerance_hides_it() -> None:
    assert change("10.00", "9.99", "C").faults == ()
    (fault,) = change("10.00", "9.99", "B").faults
    assert (fault.path, fault.code) == ("responses.q12", "needs_reason")
    assert change("10.00", "9.99", "B", " \n ").faults != ()
    assert change("10.00", "9.99", "B", "新厂房").faults == ()
    assert change("10.00", "10.00", "B").faults == ()


def test_figures_do_not_choose_a_change_for_the_firm() -> None:
    cleaned = change("10.00", "9.99", None)
    assert "q12" not in cleaned.answers.responses
    assert cleaned.derived["q12"].option == "C"


def test_a_part_never_exceeds_its_whole_and_a_whole_of_0_is_named() -> None:
    assert {fault.path: fault.code for fault in band(11, 10).faults} == {
        "facts.equipment_digital.2025": "part_over_whole"
    }
    assert {fault.path: fault.code for fault in band(0, 0).faults} == {"facts.equipment.2025": "whole_is_zero"}


def kind(unit: str = "yuan", decimals: int = 2, minimum: int = 0, maximum: int | None = None) -> FactKind:
    said = Text(zh_CN="金额", en="Amount")
    return FactKind(
        id="amount", label=said, unit=unit, decimals=decimals, minimum=minimum, maximum=maximum, hint=said, why=said,
        evidence=said, source="TEST", confidence="C",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "unit", "stored"),
    [
        ("12.50", None, 1250), ("１２．５０", None, 1250), ("１，２３４", None, 123400), ("1,234.5", None, 123450),
        (" 1 234 ", None, 123400), ("1\u00a0234", None, 123400), ("1_0", None, 1000), ("12.5", "wan_yuan", 12500000),
        ("0.000001", "wan_yuan", 1), ("7", "thousand_yuan", 700000), (3, None, 300), (Decimal("3.25"), None, 325),
        (Decimal("1E+2"), None, 10000), ("+5", None, 500), (".5", None, 50), ("5.", None, 500), ("-0", None, 0),
        ("9999999999999999.99", None, 999999999999999999),
    ],
)  # fmt: skip
def test_it_understands_how_people_type_numbers(typed: Any, unit: str | None, stored: int) -> None:
    assert kind().read("p", typed, unit) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "not_a_number"), (" ", "not_a_number"), ("12万", "not_a_number"), ("1,5", "not_a_number"),
        ("1,23,456", "not_a_number"), ("10²", "not_a_number"), ("٣", "not_a_number"), ("nan", "not_a_number"),
        ("inf", "not_a_number"), ("0x10", "not_a_number"), ("1.2.3", "not_a_number"), ("--1", "not_a_number"),
        (True, "not_a_number"), (None, "not_a_number"), (1.5, "not_a_number"), ([], "not_a_number"),
        ("1e999999", "not_a_number"), (Decimal("1E-999999"), "not_a_number"), ("0" * 250 + "5", "not_a_number"),
        ("0.001", "too_precise"), ("1.0000000000000000000000000000001", "too_precise"), ("-1", "too_small"),
        ("−1", "too_small"), ("10000000000000000", "not_finite"), ("9" * 60, "not_finite"), (10**30, "not_finite"),
    ],
)  # fmt: skip
def test_it_refuses_what_it_would_have_to_guess_or_round(typed: Any, code: str) -> None:
    fault = kind().read("p", typed)
    assert isinstance(fault, Fault)
    assert (fault.path, fault.code) == ("p", code)


def test_it_keeps_to_the_least_and_the_most() -> None:
    percent = kind("percent", maximum=100)
    assert percent.read("p", "100") == 10000
    assert getattr(percent.read("p", "100.01"), "code", None) == "too_big"


@pytest.mark.parametrize("unit", ["kg", "wan", "", [], 3, {}])
def test_it_refuses_units_it_does_not_know(unit: Any) -> None:
    assert getattr(kind().read("p", "1", unit), "code", None) == "unknown_unit"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, {"responses": "not_an_object"}),
        ([], {"": "not_an_object"}),
        ({"responses": {}, "extra": 1}, {"extra": "unknown_key"}),
        ({"responses": {}, "facts": {}}, {"facts": "not_a_list"}),
        ({"responses": {}, "reference_year": "2025"}, {"reference_year": "not_a_year"}),
        ({"responses": {}, "reference_year": True}, {"reference_year": "not_a_year"}),
        ({"responses": {}, "facts": [1]}, {"facts[0]": "not_an_object", "reference_year": "no_reference_year"}),
        (
            {"responses": {}, "reference_year": 2025, "facts": [{"id": "staff", "year": 2025, "value": 1, "note": 2}]},
            {"facts[0].note": "unknown_key"},
        ),
        (
            {"responses": {}, "reference_year": 2025, "facts": [{"id": "staff", "year": 2025, "value": "1"}] * 2},
            {"facts[1]": "fact_twice"},
        ),
        ({"responses": {}, "reasons": {"q12": "x" * 501}}, {"reasons.q12": "reason_too_long"}),
        ({"responses": {}, "reasons": {"nobody": "x"}}, {"reasons.nobody": "unknown_item"}),
        ({"responses": {}, "reasons": []}, {"reasons": "not_an_object"}),
    ],
)
def test_what_is_wrong_around_the_answers_is_named_too(raw: Any, expected: dict[str, str]) -> None:
    assert faults(raw) == expected


def test_a_reason_loses_only_signs_that_cannot_be_kept() -> None:
    cleaned = clean(INSTRUMENT, {"responses": {}, "reasons": {"q12": " 停产\x00两个月\n\ud800检修🙂\r\n"}})
    assert cleaned.answers.reasons == {"q12": "停产两个月\n检修🙂"}


@pytest.mark.parametrize(
    ("share", "text"),
    [("24/86", "27.9%"), ("1999/2000", "99.9%"), ("1", "100.0%"), ("0", "0.0%"), ("-1/1000", "-0.1%")],
)
def test_a_share_is_cut_and_never_rounded_up(share: str, text: str) -> None:
    assert percent_text(Fraction(share)) == text
