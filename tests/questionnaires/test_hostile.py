"""Definitions made to do harm: each is refused within a second, with a message that is short enough to read."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoring.__main__ import main
from tests.scoring import made

SECONDS = 1.0  # of the processor, so that a busy machine does not matter
T = {"zh_CN": "甲", "en": "A"}
SMALL = made.plain("small")
SINGLE = made.item(SMALL, "weak")
Raw = dict[str, Any]


def asked(number: int, **changes: Any) -> Raw:
    return {**SINGLE, "id": f"n{number}", "number": str(number), **changes}


def changed(change: Callable[[Raw], object]) -> Callable[[], str]:
    """The small definition with a change, as JSON, which is YAML."""

    def text() -> str:
        raw = copy.deepcopy(SMALL)
        change(raw)
        return json.dumps(raw, ensure_ascii=False)

    return text


def lone_tree(raw: Raw, **tree: Any) -> None:
    raw["tree"] = {"id": "total", "title": T, "maximum": 100, **tree}
    raw["ladder"]["steps"] = raw["ladder"]["steps"][:1]


def rated(name: str, values: int) -> Raw:
    ranges = [{"id": f"v{place}", "title": T, "from": place} for place in range(values)]
    rule = {"kind": "option", "item": "weak", "values": {"A": "v0", "B": "v1"}}
    return {"id": name, "title": T, "maximum": values, "values": ranges, "rule": rule}


def table(raw: Raw, children: int, values: int, rows: int) -> None:
    listed = [rated(f"t{place}", values) for place in range(children)]
    never = [{"if": {"t0": "v0", "t1": "v0", "t2": "v1"}, "then": "v1"}] * rows
    lone_tree(raw, combine="table", values=listed[0]["values"], rows=[*never, {"then": "v0"}], children=listed)


def doubling(raw: Raw) -> None:
    """Each value is twice the one before, sixty times over."""
    raw["values"] = {"v0": {"title": T, "is": {"fact": "revenue"}}}
    for place in range(1, 60):
        before = {"value": f"v{place - 1}"}
        raw["values"][f"v{place}"] = {"title": T, "is": {"sum": [before, before]}}
    raw["ladder"]["steps"][0]["conditions"].append({"kind": "compare", "value": {"value": "v59"}, "above": 0})


def years_of_years(raw: Raw) -> None:
    value: Raw = {"fact": "revenue"}
    for _layer in range(4):
        value = {"yearly": value, "years": list(range(60)), "together": "sum"}
    raw["ladder"]["steps"][0]["conditions"].append({"kind": "compare", "value": value, "above": 0})


def primes(raw: Raw) -> None:
    """Weights whose common denominator has thousands of digits."""
    found = [each for each in range(10_001, 40_001, 2) if all(each % part for part in range(3, 200, 2))][:1_000]
    rule = {"kind": "option", "item": "weak", "weights": {"A": 0, "B": 100}}
    lone_tree(raw, children=[{"id": f"k{each}", "title": T, "weight": f"1/{each}", "rule": rule} for each in found])


def routes(raw: Raw) -> None:
    """Three hundred routes that never hold, each over five questions: more to try than there is time for."""
    items = raw["sections"][0]["items"]
    options = [{"id": f"o{place}", "label": T} for place in range(5)]
    items += [asked(place, options=options) for place in range(5)]
    both: list[Raw] = [{"kind": "chosen", "item": f"n{place}", "any": ["o4"]} for place in range(5)]
    both.append({"kind": "chosen", "item": "n0", "any": ["o1"]})
    items += [asked(100 + place, when={"kind": "all_of", "conditions": both}) for place in range(300)]


def wide_route(raw: Raw) -> None:
    """A route over a choice with 2 to the 40th answers, and a fault elsewhere so that it is refused."""
    options = [{"id": f"o{place}", "label": T} for place in range(40)]
    every = {"kind": "chosen", "item": "n1", "all": [option["id"] for option in options]}
    raw["sections"][0]["items"] += [asked(1, type="multiple", options=options), asked(2, when=every)]
    raw["checks"][0]["conditions"][0]["level"] = 9


def cycle(raw: Raw) -> None:
    made.item(raw, "weak")["when"] = {"kind": "answered", "item": "strong"}
    made.item(raw, "strong")["when"] = {"kind": "answered", "item": "weak"}


def maximum(number: Any) -> Callable[[], str]:
    return lambda: made.text(SMALL).replace("maximum: 100", f"maximum: {number}", 1)


def alias_bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    return "\n".join([*lines, *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))])


def nested_not(raw: Raw) -> None:
    condition: Raw = {"kind": "manual", "text": T}
    for _layer in range(80):
        condition = {"kind": "not", "condition": condition}
    raw["checks"][0]["conditions"] = [condition]


EDGES = ("figures", "bands", "edges")
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "aliases that stand for gigabytes": (alias_bomb, "aliases (*) are not allowed"),
    "a merge key": (lambda: "a: &a {x: 1}\nb: {<<: *a}\n", "aliases (*) are not allowed"),
    "a key given twice": (lambda: "a: 1\na: 2\n", "line 2: “a” is given twice"),
    "a key given 400,000 times": (lambda: "a: 1\n" * 400_000, "“a” is given twice"),
    "a key that is a mapping": (lambda: "? {a: b}\n: c\n", "a key must be a plain name"),
    "two million brackets": (lambda: "a: " + "[" * 2_000_000, "more than 60 levels deep"),
    "conditions 80 deep": (changed(nested_not), "more than 60 levels deep"),
    "a file that is too large": (lambda: "# " + "x" * 5_100_000, "is larger than 5 MB"),
    "an object to be made": (lambda: "a: !!python/object/apply:os.system ['true']", "is not known"),
    "not a text": (lambda: "\x00\x01", "is not valid YAML"),
    "5,001 items": (
        changed(lambda raw: raw["sections"][0]["items"].extend(asked(place) for place in range(5_001))),
        "has more than 5000 items",
    ),
    "values in a circle": (
        changed(lambda raw: raw.update(values={"a": {"title": T, "is": {"value": "b"}},
                                               "b": {"title": T, "is": {"value": "a"}}})),
        "these values lead back to each other: a → b → a",
    ),
    "values that double": (changed(doubling), "takes more than 1000 steps"),
    "years of years": (changed(years_of_years), "takes more than 1000 steps"),
    "routes in a circle": (changed(cycle), "“strong” comes later"),
    "a route with too many answers to try": (changed(wide_route), "a level is a whole number"),
    "an exponent": (maximum("1e999999"), "is not a number"),
    "an exponent with a point": (maximum("1.0e+999999"), "is not a number"),
    "31 digits": (maximum("9" * 31), "is not a number"),
    "4,200 digits": (maximum("9" * 4_200), "is not a number"),
    "an edge with an exponent": (
        lambda: made.text(SMALL).replace("'0.10'", "1.0e+999999999", 1), "no more than 60 digits",
    ),
    "a unit with an exponent": (
        changed(lambda raw: made.item(raw, "growth")["figures"].update(shown={"times": "1e999999999", "unit": T})),
        "no more than 60 digits",
    ),
    "decimal places without end": (
        changed(lambda raw: raw["sections"][0]["items"].append({**asked(1, type="number", decimals=10**9)})),
        "cannot be more than 9",
    ),
    "a count beyond all conditions": (
        changed(lambda raw: raw["checks"][0].update(conditions=[
            {"kind": "count_of", "at_least": 10**12, "conditions": [{"kind": "answered", "item": "weak"}] * 5_000}])),
        "asks for 1000000000000, but there are only 5000 conditions",
    ),
    "a table of 20 by 20": (changed(lambda raw: table(raw, 20, 20, 1)), "combinations, more than 20000"),
    "a table with 5,000 rows": (changed(lambda raw: table(raw, 3, 27, 5_000)), "split them into levels"),
    "weights without a common denominator": (changed(primes), "no common denominator of a usable size"),
    "thousands of faults": (
        changed(lambda raw: raw["sections"][0]["items"].extend(asked(place, source="NO") for place in range(1_500))),
        "1000 more faults are not listed",
    ),
}  # fmt: skip


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str, float]]:
    answers = tmp_path / "answers.json"
    answers.write_text('{"responses": {}}', encoding="utf-8")

    def run(text: str) -> tuple[int, str, float]:
        file = tmp_path / "hostile.yaml"
        file.write_text(text, encoding="utf-8")
        begin = time.process_time()
        code = main([str(file), str(answers)])
        return code, capsys.readouterr().err, time.process_time() - begin

    return run


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_within_a_second(name: str, refused: Callable[[str], tuple[int, str, float]]) -> None:
    make, message = HOSTILE[name]
    code, said, seconds = refused(make())
    assert code == 2
    assert message in said
    assert seconds < SECONDS
    assert len(said) < 60_000, "nobody reads more"


def test_routes_that_cannot_all_be_tried_take_no_time(refused: Callable[[str], tuple[int, str, float]]) -> None:
    code, said, seconds = refused(changed(routes)())
    assert seconds < SECONDS
    assert (code, "no answers ever lead to this item" in said) == (2, True), "those that were tried are named"
