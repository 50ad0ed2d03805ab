"""What changed between two versions: every difference, on the side of the checksum that notices it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from questionnaires import catalogue
from questionnaires.changes import changes, only_texts
from questionnaires.instrument import Instrument
from questionnaires.text import LANGUAGES
from tests.scoring import made

PLAIN: dict[str, Any] = yaml.load(
    (catalogue.DEFINITIONS / "digital" / "2024.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
DIGITAL = Instrument.model_validate({**PLAIN, "facts": list(catalogue.fact_kinds().values())})


def varied(change: Callable[[dict[str, Any]], object]) -> Instrument:
    raw = made.plain("small")
    change(raw)
    return made.loaded(raw)


SMALL = varied(lambda raw: None)


def told(change: Callable[[dict[str, Any]], object], language: str = "en") -> list[tuple[str, str]]:
    return [(each.part, each.sentence(language)) for each in changes(SMALL, varied(change))]


def test_the_same_has_no_changes() -> None:
    assert told(lambda raw: None) == []
    assert only_texts(SMALL, varied(lambda raw: None))


MEASURES = ["total", "figures", "growth_points", "share_points", "measures", "chain", "weak_points", "strong_points"]
CASES: dict[str, tuple[Callable[[dict[str, Any]], object], list[tuple[str, str]]]] = {
    "a text": (
        lambda raw: made.item(raw, "weak")["label"].update(en="Better?"),
        [("texts", "item weak, label: “Question weak?” → “Better?”")],
    ),
    "a text that was not there": (
        lambda raw: made.item(raw, "weak").update(hint={"zh_CN": "看", "en": "Look"}),
        [("texts", "added item weak, hint: “看” / “Look”")],
    ),
    "a source": (
        lambda raw: made.item(raw, "weak").update(source="S-API"),
        [("texts", "item weak, source: TEST → S-API")],
    ),
    "a weight": (
        lambda raw: made.node(raw, "weak_points")["rule"]["weights"].update(B=90),
        [("rules", "measure weak_points, rule, weight B: 100 → 90")],
    ),
    "a threshold": (
        lambda raw: raw["ladder"]["steps"][0]["conditions"][0].update(points=31),
        [("rules", "ladder, level 1, condition 1, points: 30 → 31")],
    ),
    "a condition": (
        lambda raw: raw["checks"][0]["conditions"].append({"kind": "manual", "text": {"zh_CN": "甲", "en": "A"}}),
        [("rules", "added check grant, condition 2: “A”")],
    ),
    "an option": (
        lambda raw: made.item(raw, "share")["options"][0].update(exclusive=True),
        [("rules", "item share, option A, exclusive: false → true")],
    ),
    "an item that goes": (
        lambda raw: (raw["sections"][0]["items"].pop(7), raw["ladder"]["steps"].pop()),
        [("rules", "removed item z: “Item z”"), ("rules", "removed ladder, level 3: “Level 3”")],
    ),
    "an item that moves": (
        lambda raw: raw["sections"][0]["items"].insert(0, raw["sections"][0]["items"].pop(1)),
        [("rules", "item, new order: growth, share, several, weak, strong, x, y, z")],
    ),
    "a measure that moves": (
        lambda raw: made.node(raw, "figures")["children"].reverse(),
        [("rules", f"measure, new order: {', '.join(MEASURES)}")],
    ),
    "a route": (
        lambda raw: made.item(raw, "z").update(when={"kind": "answered", "item": "share"}),
        [("rules", 'added item z, asked when: {"kind": "answered", "item": "share"}')],
    ),
    "effort": (
        lambda raw: made.item(raw, "weak")["options"][1].update(effort=3),
        [("texts", "added item weak, option B, effort: 3")],
    ),
    "a kind of figure": (
        lambda raw: raw["facts"].append("cost"),
        [("rules", "added figure cost: “Cost of sales”")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_change_is_told_with_its_place(name: str) -> None:
    change, expected = CASES[name]
    assert told(change) == expected
    assert only_texts(SMALL, varied(change)) == (expected[0][0] == "texts")


def test_it_speaks_chinese_as_well() -> None:
    change = CASES["a threshold"][0]
    assert told(change, "zh_CN") == [("rules", "ladder，等级 1，条件 1，分数线：30 → 31".replace("ladder", "等级判定"))]


def test_a_section_that_is_split_moves_its_items_and_keeps_them() -> None:
    def split(raw: dict[str, Any]) -> None:
        [section] = raw["sections"]
        raw["sections"].append({**section, "id": "more", "items": section["items"][5:]})
        section["items"] = section["items"][:5]

    assert [sentence for _part, sentence in told(split)] == [
        "added section more: “All”", *(f"item {name}, section: main → more" for name in "xyz")
    ]  # fmt: skip


# -- by the same places as the checksums


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every leaf with the container it stands in."""
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(entry, dict | list):
            yield from places(entry)
            yield value, key
        else:
            yield value, key


def spoil(dice: random.Random, data: dict[str, Any]) -> None:
    """Change, take away, double or swap one thing, wherever it is."""
    container, key = dice.choice(list(places(data)))
    entry = container[key]
    if isinstance(container, list) and dice.random() < 0.6:
        dice.choice([lambda: container.pop(key), lambda: container.reverse()])()
    elif isinstance(entry, str):
        container[key] = f"{entry}*"
    elif isinstance(entry, bool):
        container[key] = not entry
    elif isinstance(entry, int):
        container[key] = entry + 1
    elif isinstance(container, dict):
        container[key] = None


@pytest.mark.parametrize("seed", range(12))
def test_rules_and_texts_change_exactly_when_their_checksums_do(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # no secret
    plain = DIGITAL.model_dump(mode="json", by_alias=True)
    for _try in range(20):
        data = copy.deepcopy(plain)
        for _spoilt in range(dice.choice((1, 1, 1, 3))):
            spoil(dice, data)
        try:
            other = Instrument.model_validate(data)
        except ValueError:
            continue
        found = changes(DIGITAL, other)
        parts = {each.part for each in found}
        assert ("rules" in parts) == (DIGITAL.rules_checksum != other.rules_checksum), found
        if "rules" not in parts:
            assert bool(parts) == (DIGITAL.texts_checksum != other.texts_checksum), found
        assert all(each.sentence(language) for each in found for language in LANGUAGES)
