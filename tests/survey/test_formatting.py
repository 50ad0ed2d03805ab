from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from flask import Flask

from survey import formatting
from survey.languages import speaking


@pytest.mark.parametrize(
    ("exact", "headline", "fixed"),
    [
        ("97/2", "48.5", "48.50"),
        ("48.5", "48.5", "48.50"),
        (100, "100", "100.00"),
        (0, "0", "0.00"),
        ("59.975", "59.97", "59.97"),
        ("59.999999", "59.99", "59.99"),
        (Fraction(2, 3), "0.66", "0.66"),
        (Fraction(-1, 3), "−0.33", "−0.33"),
        ("1234.5", "1,234.5", "1,234.50"),
        (None, "–", "–"),
    ],
)
def test_it_never_shows_points_that_cross_a_threshold(exact: object, headline: str, fixed: str) -> None:
    assert formatting.points(exact) == headline
    assert formatting.points(exact, fixed=True) == fixed


def test_it_rounds_other_figures_half_up() -> None:
    assert formatting.number("1234567") == "1,234,567"
    assert formatting.number("0.125", 2) == "0.13"
    assert formatting.number("-0.125", 2) == "−0.13"
    assert formatting.number(None) == "–"
    assert formatting.percent(Fraction(1, 3)) == "33.3%"
    assert formatting.percent("0.5") == "50%"
    assert formatting.percent("0.99999") == "99.9%"


def test_it_shows_times_on_the_clock_of_shanghai(app: Flask) -> None:
    moment = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)
    with app.app_context():
        with speaking("en"):
            assert formatting.datetime(moment) == "21 November 2026 00:05"
            assert formatting.date(date(2026, 1, 2)) == "2 January 2026"
        with speaking("zh_CN"):
            assert formatting.date(moment) == "2026年11月21日"
            assert formatting.datetime(None) == "–"
