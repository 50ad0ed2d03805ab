"""Bins, ranks, medians and quartiles against a plain count over all firms; what is told of small groups."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.percentile import BINS, at_share, bin_of, edges, rank, rounded, standing, without

POINTS = st.lists(st.integers(0, 1000), min_size=1, max_size=60)


def bins_of(points: list[int], maximum: int = 1000) -> list[int]:
    bins = [0] * BINS
    for each in points:
        bins[bin_of(each, maximum)] += 1
    return bins


@pytest.mark.parametrize(
    ("points", "maximum", "place"),
    [(0, 100, 0), ("1.99", 100, 0), (2, 100, 1), ("59.999", 100, 29), (60, 100, 30), (100, 100, 49), (98, 100, 49),
     (15, 30, 25), (30, 30, 49), (Fraction(2, 3), Fraction(100, 3), 1), ("0.3999999", 20, 0), ("0.4", 20, 1)],
)  # fmt: skip
def test_it_puts_points_into_bins_of_two_of_a_hundred(points: int | str, maximum: int, place: int) -> None:
    assert bin_of(points, maximum) == place
    low, high = edges(place, maximum)
    assert low <= Fraction(points)
    assert Fraction(points) < high or place == BINS - 1


@pytest.mark.parametrize(("points", "maximum"), [(-1, 100), (101, 100), (0, 0)])
def test_it_refuses_points_out_of_range(points: int, maximum: int) -> None:
    with pytest.raises(ValueError):
        bin_of(points, maximum)


@settings(max_examples=60, deadline=None)
@given(POINTS, st.integers(0, 1000))
def test_it_ranks_as_a_count_over_all_firms_does(points: list[int], own: int) -> None:
    mine, places = bin_of(own, 1000), [bin_of(each, 1000) for each in points]
    below, ties = sum(place < mine for place in places), sum(place == mine for place in places)
    assert rank(bins_of(points), mine) == Fraction(2 * below + ties, 2 * len(points))


@settings(max_examples=60, deadline=None)
@given(POINTS)
def test_its_median_and_quartiles_are_firms_of_the_group(points: list[int]) -> None:
    places = sorted(bin_of(each, 1000) for each in points)
    for numerator, denominator in ((1, 4), (1, 2), (3, 4)):
        at = -(-len(places) * numerator // denominator)
        assert at_share(bins_of(points), numerator, denominator) == places[at - 1]


def test_it_leaves_the_firm_itself_out() -> None:
    assert without([0, 2, 1], 1) == [0, 1, 1]
    assert without([0, 2, 1], None) == [0, 2, 1]
    with pytest.raises(ValueError):
        without([0, 2, 1], 0)


def test_the_number_of_firms_is_rounded_down() -> None:
    assert [rounded(count) for count in (10, 14, 15, 99)] == [10, 10, 15, 95]


def group(count: int) -> list[int]:
    """So many firms, spread evenly over the bins from the lowest."""
    bins = [0] * BINS
    for firm in range(count):
        bins[firm * BINS // count] += 1
    return bins


def test_it_tells_nothing_of_fewer_than_the_minimum() -> None:
    assert standing(group(9), 0, 10) is None
    assert standing([0] * BINS, None, 0) is None


@pytest.mark.parametrize(("own", "word"), [(10, "below_middle"), (23, "middle"), (40, "above_middle")])
def test_ten_firms_give_a_median_and_a_half(own: int, word: str) -> None:
    told = standing(group(19), own, 10)
    assert told is not None
    assert (told.firms, told.quartiles, told.word, told.percent) == (15, None, word, None)


@pytest.mark.parametrize(("own", "word"), [(0, "quarter_1"), (20, "quarter_2"), (30, "quarter_3"), (49, "quarter_4")])
def test_twenty_firms_give_quartiles_and_a_quarter(own: int, word: str) -> None:
    told = standing(group(29), own, 10)
    assert told is not None
    assert told.quartiles is not None
    assert (told.firms, told.word, told.percent) == (25, word, None)


@pytest.mark.parametrize(
    ("own", "word", "percent"),
    [
        (0, "under_percent", None),
        (3, "percent", 7),
        (31, "percent", 63),
        (46, "percent", 93),
        (49, "over_percent", None),
    ],
)
def test_thirty_firms_give_a_percent_within_five_and_ninety_five(own: int, word: str, percent: int | None) -> None:
    told = standing(group(50), own, 10)
    assert told is not None
    assert (told.word, told.percent) == (word, percent)


def test_a_firm_without_points_still_sees_the_group() -> None:
    told = standing(group(30), None, 10)
    assert told is not None
    assert told.word is None
    assert told.median == 23
