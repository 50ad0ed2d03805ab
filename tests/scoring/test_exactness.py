"""Nothing is rounded: thirds, sevenths and thresholds right beside what can be reached; how numbers are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from questionnaires.exact import Exact, exact, fixed, shown
from tests.scoring import made
from tests.scoring.digital import scored

THIRDS = made.scorer("thirds")
SEVEN = list("BCDEFGH")
fractions = st.fractions(min_value=-200, max_value=200, max_denominator=10**6)


@pytest.mark.parametrize(
    ("answers", "total", "level"),
    [
        ({"a": "C", "b": "A", "c": ["A"]}, "100/3", 1),
        ({"a": "B", "b": "A", "c": ["B", "C", "D"]}, "650/21", 0),
        ({"a": "A", "b": "A", "c": SEVEN}, "100/3", 1),
        ({"a": "C", "b": "C", "c": ["A"]}, "60", 2),
        ({"a": "C", "b": "B", "c": ["A"]}, "1799999999999999999/30000000000000000", 1),
        ({"a": "C", "b": "A", "c": SEVEN}, "200/3", 3),
        ({"a": "C", "b": "C", "c": SEVEN}, "280/3", 3),
    ],
)
def test_it_adds_thirds_and_sevenths_exactly(answers: dict[str, object], total: str, level: int) -> None:
    card = scored(answers, THIRDS)
    assert Fraction(card.total.points or "0") == Fraction(total)
    assert card.level == level


def test_a_total_next_to_60_is_neither_counted_nor_shown_as_60() -> None:
    card = scored({"a": "C", "b": "B", "c": ["A"]}, THIRDS)
    total = Fraction(card.total.points or "0")
    assert 0 < 60 - total < Fraction(1, 10**15)
    assert float(total) == 60.0  # which is why no float is used
    assert shown(total) == "59.99"
    assert [step.state for step in card.ladder] == ["met", "unmet", "unmet"]


@given(fractions)
def test_exact_text_reads_back_as_the_same_number(number: Fraction) -> None:
    assert Fraction(exact(number)) == number
    assert TypeAdapter(Exact).validate_python(exact(number)) == number


@given(st.integers(-(10**6), 10**6), st.integers(0, 9))
def test_exact_text_of_a_decimal_is_that_decimal(digits: int, places: int) -> None:
    text = exact(Fraction(digits, 10**places))
    assert "/" not in text
    assert Decimal(text) == Decimal(digits).scaleb(-places)
    assert not text.endswith(".")
    assert not ("." in text and text.endswith("0"))


@given(fractions, fractions, st.integers(0, 4))
def test_a_shown_number_never_crosses_a_threshold(number: Fraction, threshold: Fraction, places: int) -> None:
    threshold = Fraction(int(threshold * 10**places), 10**places)  # thresholds have no more places than are shown
    assume(number >= 0)
    assert (Fraction(shown(number, places)) >= threshold) == (number >= threshold) or threshold < 0
    assert Fraction(shown(number, places)) == Fraction(fixed(number, places))
    assert 0 <= number - Fraction(shown(number, places)) < Fraction(1, 10**places)


@pytest.mark.parametrize(
    ("number", "text"),
    [("59.975", "59.97"), ("59.999999", "59.99"), ("60", "60"), ("100", "100"), ("97/3", "32.33"), ("0.001", "0"),
     ("-0.001", "0"), ("-1.5", "-1.5"), ("10", "10")],
)  # fmt: skip
def test_it_cuts_what_it_shows(number: str, text: str) -> None:
    assert shown(number) == text


@pytest.mark.parametrize("value", [True, 1.5, None, [], "x", "1e9", "1/0", "", " 1", "1_000", "٣", Decimal("NaN"),
                                   Decimal("Infinity"), Decimal("1e999999999"), "9" * 31, "1/" + "9" * 31])  # fmt: skip
def test_it_refuses_what_is_not_a_plain_number(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Exact).validate_python(value)
