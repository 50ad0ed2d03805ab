"""Every rule at its edges, in numbers worked out by hand."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from questionnaires.exact import exact
from scoring.scorecard import MeasureScore
from tests.scoring import made
from tests.scoring.random_cases import Case, case_of
from tests.scoring.random_definitions import ASKED, TEXT, Raw, head, section
from tests.scoring.reference_scorer import Firm
from tests.scoring.test_logic import ITEMS

SOME = {"id": "some", "type": "multiple", **ASKED, "options": [
    {"id": "A", "label": TEXT, "exclusive": True}, *({"id": each, "label": TEXT} for each in "BCDE")]}  # fmt: skip
MUCH = {"id": "much", "type": "number", **ASKED, "decimals": 3}
FIGURES = {
    "id": "figures",
    "type": "figures",
    **ASKED,
    "asks": [{"fact": kind, "years": [0, -1, -2]} for kind in ("fa", "fb")],
}


def definition(rules: Mapping[str, Raw], combine: str = "minimum", **root: Any) -> Raw:
    items = [item for item in ITEMS if item["id"] not in ("some", "much", "figures")]
    raw = copy.deepcopy(head([section("s1", [*items, SOME, MUCH, FIGURES])]))
    children = [{"id": name, "title": TEXT, "rule": rule} for name, rule in rules.items()]
    raw["tree"] = {"id": "total", "title": TEXT, "maximum": 100, "combine": combine, "children": children, **root}
    step = {"level": 1, "name": TEXT, "meaning": TEXT, "source": "T", "confidence": "C",
            "conditions": [{"kind": "manual", "text": TEXT}]}  # fmt: skip
    raw["ladder"] = {"reached": "highest", "none": TEXT, "source": "T", "confidence": "C", "steps": [step]}
    return {**raw, "checks": []}


def measured(rule: Raw, firm: Firm, values: Raw | None = None) -> MeasureScore:
    """The one indicator of a definition, out of 100."""
    raw = definition({"m": rule}, not_applicable="zero")
    raw["values"] = {name: {"title": TEXT, "is": value} for name, value in (values or {}).items()}
    return case_of(raw).score(firm).measure("m")


def earned(rule: Raw, responses: Raw | None = None, facts: Sequence[Any] = (), others: Sequence[Any] = ()) -> Any:
    """Its points, or low and high where they differ. `facts` are those of this year and the years before."""
    rows = {"fa": facts, "fb": others}
    figures = {
        (kind, -back): Fraction(each) for kind, row in rows.items() for back, each in enumerate(row) if each is not None
    }
    found = measured(rule, Firm(responses or {}, figures))
    return found.points or (found.low, found.high)


@pytest.mark.parametrize(
    ("closed", "points"),
    [("upper", ["1", "1", "1", "1", "2", "2", "2", "3"]), ("lower", ["1", "1", "1", "2", "2", "2", "3", "3"])],
)
def test_a_value_on_an_edge_belongs_where_the_band_is_closed(closed: str, points: list[str]) -> None:
    rule = {"kind": "bands", "value": {"item": "much"}, "closed": closed, "edges": [0, "0.1"], "weights": [1, 2, 3]}
    values = ["-5", "-0.001", "-0", "0", "0.001", "0.099", "0.1", "0.101"]
    expected = {"-0": points[3]} | {value: point for value, point in zip(values, points, strict=True) if value != "-0"}
    assert {value: earned(rule, {"much": value}) for value in values} == expected
    assert earned(rule) == ("1", "3")


@pytest.mark.parametrize(
    ("base", "lead", "points"),
    [
        (2, 6, {"-1": "0", "2": "0", "2.001": "0.025", "3": "25", "6": "100", "7": "100"}),
        (6, 2, {"-1": "100", "2": "100", "3": "75", "5.999": "0.025", "6": "0", "7": "0"}),
        ("-1", "1", {"-1": "0", "-0.5": "25", "0": "50", "1": "100"}),
        (0, 3, {"1": "100/3", "2": "200/3"}),
    ],
)
def test_between_base_and_lead_points_are_in_proportion(base: Any, lead: Any, points: dict[str, str]) -> None:
    rule = {"kind": "linear", "value": {"item": "much"}, "base": base, "lead": lead}
    assert {value: earned(rule, {"much": value}) for value in points} == points
    assert earned(rule) == ("0", "100")


def test_the_citys_values_stand_for_base_and_lead_and_without_them_it_does_not_apply() -> None:
    rule = {"kind": "linear", "value": {"item": "much"}, "reference": "ref"}
    there = measured(rule, Firm({"much": "4"}, {}, {"ref": (Fraction(8), Fraction(3))}))
    gone = measured(rule, Firm({"much": "4"}))
    assert (there.points, there.applicable) == ("80", "yes")
    assert (gone.points, gone.applicable, gone.low, gone.high) == (None, "no", "0", "0")


@pytest.mark.parametrize(
    ("now", "then", "points"),
    [
        ("105", "100", "50"), ("105.1", "100", "90"), ("95", "100", "50"), ("94.9", "100", "10"), ("100", "100", "50"),
        ("0", "0", "50"), ("0.1", "0", "90"), ("5", None, ("10", "90")), (None, "5", ("10", "90")),
    ],
)  # fmt: skip
def test_a_change_within_the_margin_is_none(now: Any, then: Any, points: Any) -> None:
    rule = {"kind": "change", "value": {"fact": "fb"}, "up": 90, "same": 50, "down": 10, "within": "0.05"}
    assert earned(rule, others=(now, then)) == points


def test_a_change_over_two_years_and_of_negative_values() -> None:
    two = {"kind": "change", "value": {"fact": "fa"}, "years": 2, "up": 90, "same": 50, "down": 10}
    assert [earned(two, facts=row) for row in ((3, 9, 2), (3, 1, 3), (3, 1, 4))] == ["90", "50", "10"]
    loss = {"kind": "change", "value": {"difference": [{"fact": "fa"}, 100]}, "up": 90, "same": 50, "down": 10}
    assert [earned({**loss, "within": "0.1"}, facts=row) for row in ((55, 50), (56, 50), (45, 50), (44, 50))] == [
        "50", "90", "50", "10"]  # fmt: skip


@pytest.mark.parametrize(("part", "whole", "points"), [(0, 4, "0"), (1, 4, "25"), (4, 4, "100"), (5, 4, "100")])
def test_a_share_stays_within_0_and_100(part: int, whole: int, points: str) -> None:
    rule = {"kind": "share", "part": "fa", "whole": "fb", "year": -1}
    assert earned(rule, facts=(9, part), others=(1, whole)) == points


def test_a_share_of_nothing_is_not_known() -> None:
    assert earned({"kind": "share", "part": "fa", "whole": "fb"}, facts=(1,), others=(0,)) == ("0", "100")


VALUES: list[tuple[Any, Sequence[Any], str | None]] = [
    ({"growth": {"fact": "fa"}}, (6, 4), "0.5"), ({"growth": {"fact": "fa"}}, (6, 0), None),
    ({"growth": {"difference": [{"fact": "fa"}, 10]}}, (6, 4), None),
    ({"growth": {"fact": "fa"}, "years": 2}, (6, 1, 2), "2"),
    ({"growth": {"fact": "fa"}}, (0, 4), "-1"), ({"growth": {"fact": "fa"}}, (6,), None),
    ({"earlier": {"fact": "fa"}, "years": 2}, (6, 5, 4), "4"),
    ({"earlier": {"earlier": {"fact": "fa"}}}, (6, 5, 4), "4"),
    ({"earlier": {"fact": "fa", "year": -1}}, (6, 5, 4), "4"),
    ({"yearly": {"fact": "fa"}, "years": [0, -1, -2], "together": "sum"}, (6, 5, 4), "15"),
    ({"yearly": {"fact": "fa"}, "years": [0, -1, -2], "together": "mean"}, (6, 5, 4), "5"),
    ({"yearly": {"fact": "fa"}, "years": [0, -1, -2], "together": "sum"}, (6, None, 4), None),
    ({"yearly": {"fact": "fa"}, "years": [0, -1, -2], "together": "sum", "at_least": 2}, (6, None, 4), "10"),
    ({"yearly": {"fact": "fa"}, "years": [0, -1, -2], "together": "mean", "at_least": 2}, (6, None, 4), "5"),
    ({"yearly": {"fact": "fa"}, "years": [0, -1, -2], "together": "mean", "at_least": 2}, (None, None, 4), None),
    ({"earlier": {"yearly": {"fact": "fa"}, "years": [0, -1], "together": "sum"}}, (1, 2, 4), "6"),
    ({"sum": [{"fact": "fa"}, "0.5", {"fact": "fa", "year": -1}]}, (6, 5), "11.5"),
    ({"sum": [{"fact": "fa"}, {"fact": "fa", "year": -1}]}, (6,), None),
    ({"difference": [{"fact": "fa"}, 8]}, (6,), "-2"), ({"product": [{"fact": "fa"}, "1/3", 2]}, (6,), "4"),
    ({"ratio": [{"fact": "fa"}, 4]}, (6,), "1.5"), ({"ratio": [4, {"fact": "fa"}]}, (0,), None),
    ({"mean": [{"fact": "fa"}, 3, 0]}, (6,), "3"), ({"least": [{"fact": "fa"}, 3]}, (6,), "3"),
    ({"greatest": [{"fact": "fa"}, 3]}, (6,), "6"), ({"value": "first"}, (6, 4), "0.5"),
    ({"earlier": {"value": "first"}}, (9, 6, 4), "0.5"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "facts", "result"), VALUES)
def test_what_a_value_comes_to(value: Any, facts: Sequence[Any], result: str | None) -> None:
    rule = {"kind": "bands", "value": {"value": "it"}, "closed": "lower", "edges": [0], "weights": [0, 100]}
    raw = definition({"m": rule})
    raw["values"] = {"first": {"title": TEXT, "is": {"growth": {"fact": "fa"}}}, "it": {"title": TEXT, "is": value}}
    figures = {("fa", -back): Fraction(each) for back, each in enumerate(facts) if each is not None}
    assert case_of(raw).score(Firm({}, figures)).trace[0].value == result


@pytest.mark.parametrize(
    ("count", "chosen", "result"),
    [
        ({"count": "some"}, ["A"], "0"), ({"count": "some"}, ["B", "D"], "2"), ({"count": "some"}, None, None),
        ({"count": "some", "of": ["B", "C"]}, ["B", "D"], "1"), ({"count": "rows", "of": ["1"]}, None, None),
    ],
)  # fmt: skip
def test_counted_options(count: Raw, chosen: Any, result: str | None) -> None:
    rule = {"kind": "linear", "value": count, "base": 0, "lead": 4}
    firm = Firm({} if chosen is None else {"some": chosen})
    assert case_of(definition({"m": rule})).score(firm).trace[0].value == result


def test_counted_rows_are_known_when_all_are_rated() -> None:
    rule = {"kind": "linear", "value": {"count": "rows", "of": ["1"]}, "base": 0, "lead": 2}
    assert earned(rule, {"rows": {"r1": "1"}}) == ("0", "100")
    assert earned(rule, {"rows": {"r1": "1", "r2": "0"}}) == "50"


SUM = {"kind": "sum_of_options", "item": "some", "weights": {"A": 5, "B": 60, "C": 30, "D": -50, "E": 20}}


@pytest.mark.parametrize(
    ("limits", "points", "unknown"),
    [
        ({"at_least": 0, "at_most": 100}, {"A": "5", "B": "60", "D": "0", "BD": "10", "BCE": "100"}, ("0", "100")),
        ({"at_least": 10, "at_most": 80}, {"A": "10", "B": "60", "D": "10", "BCE": "80"}, ("10", "80")),
    ],
)
def test_a_sum_is_kept_within_its_limits(limits: Raw, points: dict[str, str], unknown: tuple[str, str]) -> None:
    assert {chosen: earned({**SUM, **limits}, {"some": list(chosen)}) for chosen in points} == points
    assert earned({**SUM, **limits}) == unknown


@pytest.mark.parametrize(
    ("count", "points", "unknown"),
    [
        ({"lead": 2}, {"A": "0", "B": "50", "BC": "100", "BCD": "100"}, ("0", "100")),
        ({"base": 1, "lead": 4}, {"A": "0", "B": "0", "BC": "100/3", "BCDE": "100"}, ("0", "100")),
        ({"lead": 2, "of": ["B", "C"]}, {"A": "0", "DE": "0", "BD": "50", "BCE": "100"}, ("0", "100")),
    ],
)
def test_a_count_goes_from_base_to_lead(count: Raw, points: dict[str, str], unknown: tuple[str, str]) -> None:
    rule = {"kind": "count", "item": "some", **count}
    assert {chosen: earned(rule, {"some": list(chosen)}) for chosen in points} == points
    assert earned(rule) == unknown


def test_whoever_answers_has_one_of_the_options_where_none_stands_for_nothing() -> None:
    raw = definition({"m": {"kind": "count", "item": "some", "lead": 4}})
    made.item(raw, "some")["options"].pop(0)
    assert case_of(raw).score(Firm({})).measure("m").low == "25"


def test_a_grid_is_the_weighted_mean_of_its_rows() -> None:
    rule = {
        "kind": "grid",
        "item": "rows",
        "weights": {"0": 10, "1": 90},
        "rows": {"r1": 1, "r2": 3},
        "reversed": ["r2"],
    }
    assert earned(rule, {"rows": {"r1": "0", "r2": "0"}}) == "70"
    assert earned(rule, {"rows": {"r1": "1", "r2": "0"}}) == "90"
    assert earned(rule, {"rows": {"r1": "1"}}) == ("30", "90")
    assert earned({**rule, "rows": {}, "reversed": []}, {"rows": {"r1": "1", "r2": "0"}}) == "50"


def test_the_first_case_that_holds_decides() -> None:
    b, c = ({"kind": "chosen", "item": "some", "any": [option]} for option in "BC")
    rule = {"kind": "cases", "cases": [{"if": b, "weight": 40}, {"if": c, "weight": 70}], "otherwise": 10}
    assert [earned(rule, {"some": list(chosen)}) for chosen in ("B", "C", "BC", "D")] == ["40", "70", "40", "10"]
    assert earned(rule) == ("10", "70")


TABLE = [
    {"if": {"one": "good", "some": ["few", "many"]}, "then": "high"},
    {"if": {"one": "bad", "some": "none"}, "then": "low"},
    {"if": {"one": "any"}, "then": "mid"},
]


def table() -> Case:
    values = {"one": ["bad", "good"], "some": ["none", "few", "many"]}
    rules = {"one": {"kind": "option", "item": "one", "values": {"A": "bad", "B": "good"}},
             "some": {"kind": "count", "item": "some", "lead": 2}}  # fmt: skip
    raw = definition(rules, "table", rows=TABLE)
    raw["tree"]["values"] = [
        {"id": name, "title": TEXT, "from": at} for name, at in (("low", 0), ("mid", 40), ("high", 100))
    ]
    for child in raw["tree"]["children"]:
        names = values[child["id"]]
        child.update(
            maximum=len(names) - 1, values=[{"id": n, "title": TEXT, "from": at} for at, n in enumerate(names)]
        )
    return case_of(raw)


RESULTS = {
    ("A", "A"): "low",
    ("A", "B"): "mid",
    ("A", "BC"): "mid",
    ("B", "A"): "mid",
    ("B", "B"): "high",
    ("B", "BC"): "high",
}


def test_a_table_gives_every_combination_its_row() -> None:
    for (one, some), result in RESULTS.items():
        found = table().score(Firm({"one": one, "some": list(some)})).measure("total")
        assert found.values == (result,)
        assert found.points == {"low": "0", "mid": "40", "high": "100"}[result]


@pytest.mark.parametrize(("one", "some"), list(product(("A", "B", None), ("A", "B", "BC", None))))
def test_a_table_with_open_children_allows_what_some_answer_leads_to(one: str | None, some: str | None) -> None:
    responses = {"one": one, "some": None if some is None else list(some)}
    possible = {result for (a, b), result in RESULTS.items() if one in (a, None) and some in (b, None)}
    found = table().score(Firm({name: each for name, each in responses.items() if each})).measure("total")
    assert set(found.values) == possible
    starts = sorted({"low": Fraction(0), "mid": Fraction(40), "high": Fraction(100)}[name] for name in possible)
    assert (found.low, found.high) == (exact(starts[0]), exact(starts[-1]))
