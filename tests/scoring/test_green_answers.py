"""What the green self-diagnosis refuses and asks about, and its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from questionnaires import answers, catalogue
from scoring import quality
from tests.questionnaires.test_digital_texts import CJK, FULL_WIDTH, OFFICIAL, texts
from tests.scoring.green import BEST, INSTRUMENT, WORST, YEAR, figures

# -- answers that do not fit ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("responses", "changed", "check"),
    [
        ({"products": "2", "products_footprint": "3"}, {}, "responses.products_footprint"),
        ({"products_footprint": "0"}, {}, "responses.products_footprint"),
        ({}, {("solid_waste", 0): "0", ("solid_waste_used", 0): "0"}, "responses.waste_figure"),
        ({}, {("water_intake", 0): "0", ("water_reused", 0): "0"}, "responses.water_figure"),
        ({}, {("renewable_energy", 0): "0"}, "responses.renewables"),
        ({}, {("renewable_energy", 0): "100.01"}, "facts.renewable_energy.2025"),
        ({"water_circulation": "A"}, {}, "responses.water_circulation"),
        ({}, {("carbon", 0): "0"}, "responses.carbon_account"),
    ],
)
def test_it_refuses_what_contradicts_itself(responses: Any, changed: Any, check: str) -> None:
    raw = {"responses": {**BEST, **responses}, "facts": figures(changed), "reference_year": YEAR}
    assert [fault.path for fault in answers.clean(INSTRUMENT, raw).faults] == [check]


def test_it_says_everywhere_that_it_is_in_house_and_never_speaks_of_levels() -> None:
    assert INSTRUMENT.basis.standing == "in-house"
    assert "不是官方评价" in INSTRUMENT.basis.title.say("zh_CN")
    ladder: Any = INSTRUMENT.ladder
    for said in (ladder["none_meaning"], *(step["meaning"] for step in ladder["steps"])):
        assert "不是官方评价" in said["zh_CN"]
        assert "no official rating" in said["en"]
    for step in ladder["steps"]:
        assert step["source"] == "OURS"
        assert step["name"]["zh_CN"].endswith("阶段")
    assert "等级" not in str(ladder) + str(INSTRUMENT.checks)


# -- questions before submitting ---------------------------------------------------------------------------------------


def asked_about(responses: Mapping[str, Any], changed: Mapping[tuple[str, int], str | None] | None = None) -> set[str]:
    raw = {"responses": {**BEST, **responses}, "facts": figures(changed), "reference_year": YEAR}
    found = quality.notes(INSTRUMENT, answers.clean(INSTRUMENT, raw).answers)
    return {note.id for note in found if note.kind in ("contradiction", "plausible")}


@pytest.mark.parametrize(
    ("responses", "note"),
    [
        ({"metering": "A", "systems": ["B"], "platform": ["E"]}, "analysis_without_meters"),
        ({"carbon_account": "A", "platform": ["I"]}, "carbon_in_system_never_counted"),
        ({"footprint": "A", "platform": ["J"]}, "footprint_in_system_not_begun"),
        ({"metering": "A", "systems": ["D"], "platform": ["B"]}, "energy_system_without_meters"),
        ({"permit": "D"}, "no_permit_with_outlets"),
        ({"renewables": ["A"], "land_use": ["D"]}, "roof_solar_not_used"),
        ({"material_saving": ["D"], "waste": "E"}, "rejects_reused_without_waste"),
    ],
)
def test_it_asks_about_answers_that_contradict_each_other(responses: Any, note: str) -> None:
    assert asked_about(responses) == {note}


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({("energy", 0): "20000.01", ("carbon", 0): "20000"}, "energy_per_output"),
        ({("carbon", 0): "2000.01"}, "carbon_per_energy"),
        ({("water_intake", 0): "10000000.01"}, "water_per_output"),
        ({("land_area", 0): "0.99"}, "output_per_land"),
        ({("land_area", 0): "1000000.01"}, "output_per_land"),
        ({("solid_waste", 0): "400.01"}, "waste_per_material"),
    ],
)
def test_it_asks_about_figures_that_cannot_be(changed: Any, note: str) -> None:
    assert asked_about({}, changed) == {note}


def test_it_asks_nothing_about_figures_at_the_bounds_and_sound_answers() -> None:
    at_the_bounds = {("energy", 0): "20000", ("carbon", 0): "400000", ("water_intake", 0): "10000000"}
    assert asked_about({}) == set()
    assert asked_about({}, {**at_the_bounds, ("land_area", 0): "1", ("solid_waste", 0): "400"}) == set()


def test_it_asks_where_six_answers_in_a_row_say_nothing_yet() -> None:
    def rows(responses: Mapping[str, Any]) -> list[tuple[str, ...]]:
        raw = {"responses": responses, "facts": figures(), "reference_year": YEAR}
        found = quality.notes(INSTRUMENT, answers.clean(INSTRUMENT, raw).answers)
        return [note.items for note in found if note.kind == "lowest"]

    six = ("metering", "saving", "carbon_account", "renewables", "platform", "material_saving")
    assert rows(WORST) == [six]
    assert rows({**WORST, "platform": ["B"]}) == []


# -- words -------------------------------------------------------------------------------------------------------------

WRITTEN: Any = yaml.safe_load((catalogue.DEFINITIONS / "green" / "2026.yaml").read_text(encoding="utf-8"))
TEXTS = list(texts(WRITTEN))
ASKED = [item for section in WRITTEN["sections"] for item in section["items"]]


def test_chinese_and_english_are_set_as_elsewhere() -> None:
    mark = re.compile(rf"[{CJK}{FULL_WIDTH}] ?[,;:!?()]|[,;:!?()] ?[{CJK}{FULL_WIDTH}]|['\"]|\.$|  ")
    joined = re.compile(rf"[{CJK}][A-Za-z0-9]|[A-Za-z0-9%][{CJK}]")
    avoided = re.compile("成熟度|零级|不合格|认证结果|黑名单|造假|排名|等级|！")
    for path, said in TEXTS:
        chinese, english = said["zh_CN"], said["en"]
        assert not mark.search(chinese), path
        assert not joined.search(OFFICIAL.sub("", chinese)), path
        assert not avoided.search(chinese), path
        assert chinese == chinese.encode("gb2312", "ignore").decode("gb2312"), f"{path}: not in the printed font"
        assert english.isascii(), path


def test_every_item_tells_why_and_every_change_what_to_do() -> None:
    for item in ASKED:
        assert {"short", "label", "why", "evidence", "source", "confidence"} <= set(item), item["id"]
        for option in item.get("options", ()):
            assert ("effort" in option) == ("work" in option) == ("advice" in option), (item["id"], option["id"])
            assert 1 <= option.get("effort", 1) <= 13
    assert [item["number"] for item in ASKED] == [str(place + 1) for place in range(len(ASKED))]
