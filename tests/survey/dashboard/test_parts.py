"""The parts without a database: counts, comparability, and Plotly's files."""

from __future__ import annotations

import hashlib
import json
import re
import statistics
from collections import Counter
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from questionnaires import catalogue
from survey.dashboard.figures import BINS, Figures, Key, Wanted, bin_of, median, quantile
from survey.dashboard.gathering import places_below
from survey.dashboard.measured import parts
from tests.survey.dashboard.made import INSTRUMENT

PLOTLY = Path(__file__).parents[3] / "survey" / "static" / "plotly"
SCRIPT = PLOTLY / "plotly-cartesian-4.1.1.min.js"


@given(st.lists(st.integers(0, BINS), min_size=2, max_size=30))
def test_medians_and_quartiles_are_those_of_all_values(values: list[int]) -> None:
    bins = Counter(values)
    assert median(bins) == Fraction(statistics.median([Fraction(value) for value in values])) / BINS
    low, _middle, high = statistics.quantiles([Fraction(value) for value in values], n=4, method="inclusive")
    assert (quantile(bins, Fraction(1, 4)), quantile(bins, Fraction(3, 4))) == (low / BINS, high / BINS)


def test_nobody_has_no_median() -> None:
    assert median(Counter()) is None


def test_a_point_on_the_edge_belongs_above_it_although_what_is_stored_is_cut() -> None:
    third = Fraction(100, 3)
    assert bin_of(int(third / 2 * 1_000_000), third) == BINS // 2
    assert bin_of(int(third * 1_000_000), third) == BINS
    assert bin_of(0, third) == 0
    assert bin_of(499_999, Fraction(100)) == 1, "less than a millionth below half a point"
    assert bin_of(499_998, Fraction(100)) == 0


def test_counts_survive_being_kept() -> None:
    figures = Figures()
    for key in (Key("5", "C34", "2", "small"), Key("", "C13", "", "open")):
        figures.add("levels", key, 3)
        figures.add("levels", key, 1, 4)
    kept = Figures.from_json(json.loads(json.dumps(figures.to_json())))
    assert kept.counted == figures.counted
    assert kept.sum("levels", Wanted("s:2")) == Counter({3: 1, 1: 4})
    assert kept.by("size", "levels", Wanted("C13")) == {"open": Counter({3: 1, 1: 4})}
    assert not kept.sum("levels", Wanted("s:3", "small"))


def test_each_area_is_counted_under_the_one_next_below_the_chosen() -> None:
    paths = [(2, "/1/2/"), (5, "/1/2/5/"), (7, "/1/2/5/7/"), (6, "/1/2/6/")]
    assert places_below(2, paths) == {2: 2, 5: 5, 7: 5, 6: 6}


def test_other_rules_are_not_set_beside_the_round_before() -> None:
    same = parts(INSTRUMENT, INSTRUMENT)
    assert same.levels
    assert same.total is not None
    assert same.total.before == 100
    raw = json.loads(INSTRUMENT.to_json())
    raw["ladder"]["steps"][0]["conditions"][0] = {"kind": "measure_at_least", "measure": "total", "points": "1"}
    other_ladder = catalogue.from_json(json.dumps(raw))
    changed = parts(INSTRUMENT, other_ladder)
    assert not changed.levels
    assert changed.total is not None
    assert changed.total.before == 100
    assert parts(INSTRUMENT, None).total.before is None  # type: ignore[union-attr]
    assert parts(INSTRUMENT, catalogue.builtin("green", "2026")).total.before is None  # type: ignore[union-attr]


def test_a_questionnaire_without_points_has_nothing_to_count() -> None:
    needs = catalogue.builtin("needs", "2026")
    assert parts(needs, needs).total is None


# -- Plotly's files ----------------------------------------------------------------------------------------------------


def test_the_script_is_the_one_that_was_checked() -> None:
    for line in (PLOTLY / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        checksum, name = line.split()
        assert hashlib.sha256((PLOTLY / name).read_bytes()).hexdigest() == checksum, name


def test_the_stylesheet_holds_the_rules_that_the_script_would_add() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    start = script.index('={"X,X div":') + 1
    pairs = re.findall(
        r"""(?:"([^"]*)"|\b(Y)\b):("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", script[start : script.index("};", start)]
    )
    rules = [
        f"{(name or other).replace('X', '.js-plotly-plot .plotly').replace('Y', '.plotly-notifier')} {{{rule[1:-1]}}}"
        for name, other, rule in pairs
    ]
    assert len(rules) > 50
    assert (PLOTLY / "plotly.css").read_text(encoding="utf-8").splitlines() == rules


def test_the_script_still_looks_for_the_mark_on_the_stylesheet() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    assert '"plotly.js-style-"' in script
    assert ".no-inline-styles" in script
