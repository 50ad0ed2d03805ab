"""The size class by the rule of 2011, against a table written down from another print of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.size_class import SIZES, explain, figure, size_class
from scoring.size_table import ROWS, row_for

# One industry per row: code; X staff, Y revenue, Z assets: the lower ends of small, medium and large, as statistics
# print them ("20≤X<300"). A firm must reach the lower ends of all measures, otherwise it moves down.
TABLE = """
A0111 Y 50 500 20000
C3911 X 20 300 1000   Y 300 2000 40000
E4710 Y 300 6000 80000   Z 300 5000 80000
F5111 X 5 20 200   Y 1000 5000 40000
F5211 X 10 50 300   Y 100 500 20000
G5411 X 20 300 1000   Y 200 3000 30000
G5920 X 20 100 200   Y 100 1000 30000
G6010 X 20 300 1000   Y 100 2000 30000
H6110 X 10 100 300   Y 100 2000 10000
H6210 X 10 100 300   Y 100 2000 10000
I6311 X 10 100 2000   Y 100 1000 100000
I6513 X 10 100 300   Y 50 1000 10000
K7010 Y 100 1000 200000   Z 2000 5000 10000
K7020 X 100 300 1000   Y 500 1000 5000
L7111 X 10 100 300   Z 100 8000 120000
M7310 X 10 100 300
"""
MEASURES = {"X": "staff", "Y": "revenue", "Z": "assets"}
HUGE = 10**9


def _limits(words: list[str]) -> dict[str, list[int]]:
    return {MEASURES[words[at]]: [int(word) for word in words[at + 1 : at + 4]] for at in range(0, len(words), 4)}


PRINT = {line.split()[0]: _limits(line.split()[1:]) for line in TABLE.strip().splitlines()}
EDGES = [(code, measure, step) for code, row in PRINT.items() for measure in row for step in range(3)]


def of(code: str, **figures: Fraction | int | None) -> str | None:
    return size_class(code, figures.get("staff"), figures.get("revenue"), figures.get("assets")).size  # type: ignore[arg-type]


def rank(code: str, figures: dict[str, int]) -> int:
    """By the print: how many lower ends the weakest measure reaches."""
    return min(sum(figures[measure] >= end for end in ends) for measure, ends in PRINT[code].items())


def test_the_print_has_all_rows() -> None:
    assert {row.id for code in PRINT if (row := row_for(code))} == set(ROWS)
    assert len(PRINT) == 16


@pytest.mark.parametrize(("code", "measure", "step"), EDGES)
def test_each_limit_belongs_to_the_larger_class(code: str, measure: str, step: int) -> None:
    others = dict.fromkeys(PRINT[code], HUGE)
    limit = PRINT[code][measure][step]
    smallest_gap = 1 if measure == "staff" else Fraction(1, 10**6)  # a fen is a millionth of 万元
    assert of(code, **{**others, measure: limit}) == SIZES[step + 1]
    assert of(code, **{**others, measure: limit - smallest_gap}) == SIZES[step]


def test_the_examples_of_the_rule() -> None:
    assert of("C3911", staff=350, revenue=1800) == "small"
    assert of("C3911", staff=1200, revenue=30000) == "medium"
    assert of("C3911", staff=1200, revenue=1800) == "small"
    assert of("C3911", staff=1000, revenue=40000) == "large"
    assert of("C3911", staff=19, revenue=HUGE) == "micro"


codes = st.sampled_from(sorted(PRINT))
amounts = st.one_of(st.integers(0, 250_000), st.sampled_from([0, 10, 20, 100, 300, 1000, 2000, 5000, 40_000, HUGE]))
firms = st.fixed_dictionaries(dict.fromkeys(MEASURES.values(), amounts))


@given(codes, firms)
def test_it_is_the_class_of_the_weakest_measure(code: str, figures: dict[str, int]) -> None:
    assert of(code, **figures) == SIZES[rank(code, figures)]


@given(codes, firms, st.sampled_from(sorted(MEASURES.values())), amounts)
def test_a_larger_figure_never_makes_a_smaller_class(
    code: str, figures: dict[str, int], measure: str, more: int
) -> None:
    larger = {**figures, measure: figures[measure] + more}
    assert SIZES.index(str(of(code, **figures))) <= SIZES.index(str(of(code, **larger)))


@given(codes, firms, st.sets(st.sampled_from(sorted(MEASURES.values()))))
def test_missing_figures_leave_exactly_the_classes_they_could_still_give(
    code: str, figures: dict[str, int], unknown: set[str]
) -> None:
    given_figures = {measure: None if measure in unknown else value for measure, value in figures.items()}
    found = size_class(code, given_figures["staff"], given_figures["revenue"], given_figures["assets"])
    ends = sorted({0, *(end for row in PRINT[code].values() for end in row)})
    reachable = [figures]
    for measure in unknown:
        reachable = [{**one, measure: end} for one in reachable for end in ends]
    assert found.possible == tuple(SIZES[step] for step in sorted({rank(code, one) for one in reachable}))
    assert set(found.missing) == unknown & set(PRINT[code])


def test_a_class_may_be_sure_before_all_figures_are_known() -> None:
    assert of("C3911", staff=12, revenue=None) == "micro"
    assert of("C3911", staff=12) == "micro"
    assert size_class("C3911", 350, None, None).possible == ("micro", "small", "medium")


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("C39", "industry"),
        ("39", "industry"),
        ("0610", "industry"),
        ("D4620", "industry"),
        ("01", "farming"),
        ("A0519", "farming"),
        ("E50", "building"),
        ("51", "wholesale"),
        ("52", "retail"),
        ("54", "transport"),
        ("G58", "transport"),
        ("I64", "telecom"),
        ("K701", "property"),
        ("7020", "premises"),
        ("L72", "business"),
        ("M75", "other"),
        ("N79", "other"),
        ("O82", "other"),
        ("Q85", "other"),
        ("R90", "other"),
        ("G53", None),
        ("J66", None),
        ("K70", None),
        ("K703", None),
        ("P83", None),
        ("Q84", None),
        ("S92", None),
        ("T97", None),
        ("C", None),
        ("", None),
        ("C39111", None),
        ("99", None),
    ],
)
def test_an_industry_has_its_row_or_none(code: str, row: str | None) -> None:
    found = row_for(code)
    assert (found.id if found else None) == row


def test_without_a_row_nothing_is_claimed() -> None:
    size = size_class("J66", 10, 100, 100)
    assert (size.size, size.possible) == (None, ())
    assert "没有给出这个行业的标准" in explain(size, "zh_CN")[0]
    assert explain(size, "en")[0].startswith("The size classification rule")
    assert "中类" in explain(size_class("K70", 1, 1, 1), "zh_CN")[0]


def test_it_names_rule_row_limits_and_what_decides() -> None:
    basis, _large, medium, small, result = explain(size_class("C3911", 350, 1800, None), "zh_CN")
    assert "300号" in basis
    assert "“工业”" in basis
    assert "从业人员 350 人，达到 300 人；营业收入 1,800 万元，未达到 2,000 万元。须全部达到" in medium
    assert "营业收入 1,800 万元，达到 300 万元" in small
    assert result == "所以是小型企业。"
    assert "revenue 18,000,000 yuan is below 20,000,000 yuan" in explain(size_class("39", 350, 1800, None), "en")[2]


def test_it_says_what_is_missing() -> None:
    open_size = size_class("C3911", 350, None, None)
    assert explain(open_size, "zh_CN")[-1] == "还缺营业收入，可能是微型企业、小型企业或中型企业。"
    assert explain(open_size, "en")[-1] == (
        "Still missing: revenue. It may be a micro firm, small firm or medium-sized firm."
    )


def test_a_shown_figure_never_crosses_a_limit() -> None:
    assert figure(Fraction(1999999999, 10**6)) == "1,999.99"
    assert figure(2000) == "2,000"
    below = size_class("C3911", 350, Fraction(1999999999, 10**6), None)
    assert "1,999.99 万元，未达到 2,000 万元" in explain(below, "zh_CN")[2]


def test_every_row_is_sourced_and_named_in_both_languages() -> None:
    for row in ROWS.values():
        assert row.source
        assert row.confidence in ("A", "B", "C")
        assert not row.name.missing()
