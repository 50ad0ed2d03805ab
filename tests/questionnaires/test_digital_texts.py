"""The words and official numbers of the 2024 digital questionnaire, read as plain YAML, apart from the loader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

import questionnaires

DEFINITIONS = Path(questionnaires.__file__).parent / "definitions"
WRITTEN = (DEFINITIONS / "digital" / "2024.yaml").read_text(encoding="utf-8")
DIGITAL: dict[str, Any] = yaml.safe_load(WRITTEN)
FACTS: list[dict[str, Any]] = yaml.safe_load((DEFINITIONS / "facts.yaml").read_text(encoding="utf-8"))["facts"]

ITEMS: dict[str, dict[str, Any]] = {item["id"]: item for section in DIGITAL["sections"] for item in section["items"]}
QUESTIONS = {key: item for key, item in ITEMS.items() if item["type"] != "scene"}
SCENES = {key: item for key, item in ITEMS.items() if item["type"] == "scene"}
BANDED = ("q2", "q3", "q11")  # their options are the same five bands

# Points of every option, taken from the official table by hand: letter by letter, A first.
POINTS = {
    "q1": "0 2 2 2 2",
    "q2": "0 1.5 3 4.5 6",
    "q3": "0 1.5 3 4.5 6",
    "q4": "0 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.7 0.9",
    "q5": "0 2.5 5 7.5 10",
    "q6": "0 1.25 1.25 1.25 1.25",
    "q7": "0 1.25 1.25 1.25 1.25",
    "q8": "0 1.5 3 4.5 6 7.5",
    "q9": "0 1.875 1.875 1.875 1.875",
    "q10": "0 1.5 1.5 1.5 1.5 1.5",
    "q11": "0 1.875 3.75 5.625 7.5",
    "q12": "0 3.5 7",
    "q13": "0 3.5 7",
    "q14": "0 1.5 3",
    "q15": "0 1.5 3",
}
SEVERAL = {"q1", "q4", "q6", "q7", "q9", "q10"}
CONSTRAINED = {"s1", "s3", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13"}
GROUPS = {
    "product_lifecycle": ["s1", "s2", "s3", "s4"],
    "production": ["s5", "s6", "s7", "s8", "s9", "s10"],
    "supply_chain": ["s11", "s12"],
    "decision": ["s13", "s14", "s15", "s16"],
}
GATE = {1: (20, 6, 3), 2: (40, 6, 3), 3: (60, 8, 5), 4: (80, 10, 6)}  # level: score, scenes, constrained scenes
CHANGES = {"q12": ("A", "C"), "q13": ("C", "A"), "q14": ("C", "A"), "q15": ("A", "C")}  # option for up, for down

CJK = r"\u4e00-\u9fff"
FULL_WIDTH = r"\u3000-\u303f\uff01-\uff65\u201c\u201d\u2018\u2019"
OFFICIAL = re.compile(r"《[^》]*》|〔\d{4}〕\d+号")  # titles and document numbers keep their own spacing
LONG_ENOUGH = {"why": 8, "evidence": 8, "hint": 8}


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text with its path, wherever it stands."""
    if isinstance(value, dict):
        if {"zh_CN", "en"} & set(value):
            yield path, value
            return
        value = value.items()
    elif isinstance(value, list):
        value = enumerate(value)
    else:
        return
    for key, entry in value:
        yield from texts(entry, f"{path}.{key}")


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("children", []):
        yield from nodes(child)


TEXTS = [*texts(DIGITAL, "digital"), *texts(FACTS, "facts")]


def faulty(wrong: Any) -> list[str]:
    return [f"{path}: {text}" for path, text in TEXTS if wrong(path, text)]


def test_every_text_is_given_in_both_languages() -> None:
    assert faulty(lambda path, text: set(text) != {"zh_CN", "en"}) == []
    assert faulty(lambda path, text: any(words != words.strip() for words in text.values())) == []


def test_no_text_is_trivially_short() -> None:
    def short(path: str, text: dict[str, str]) -> bool:
        if path.endswith(".unit"):
            return not all(text.values())
        return len(text["zh_CN"]) < LONG_ENOUGH.get(path.rsplit(".", 1)[-1], 2) or len(text["en"]) < 3

    assert faulty(short) == []


def test_every_item_says_why_and_what_evidence_is_asked() -> None:
    needed = {"short", "label", "hint", "why", "evidence", "source", "confidence"}
    assert [key for key, item in ITEMS.items() if not needed <= set(item)] == []
    assert [fact["id"] for fact in FACTS if not needed - {"short"} <= set(fact)] == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", ["label", "short", "why", "evidence", "definition"])
def test_no_two_items_say_the_same(kind: str, language: str) -> None:
    said = Counter(item[kind][language] for item in ITEMS.values() if kind in item)
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", ["label", "why", "hint"])
def test_no_two_figures_say_the_same(kind: str, language: str) -> None:
    assert max(Counter(fact[kind][language] for fact in FACTS).values()) == 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_two_choices_say_the_same(language: str) -> None:
    levels = [level["label"][language] for scene in SCENES.values() for level in scene["levels"]]
    options = [
        option["label"][language] for key, item in QUESTIONS.items() if key not in BANDED for option in item["options"]
    ]
    bands = [[option["label"][language] for option in QUESTIONS[key]["options"]] for key in BANDED]
    assert [text for text, times in Counter(levels + options).items() if times > 1] == []
    assert bands == [bands[0]] * len(BANDED)
    assert len(set(bands[0])) == 5


@pytest.mark.parametrize("kind", ["note", "meaning", "about", "decided"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_two_explanations_of_one_kind_are_equal(kind: str, language: str) -> None:
    said = Counter(text[language] for path, text in TEXTS if path.rsplit(".", 1)[-1] == kind)
    assert said
    assert [text for text, times in said.items() if times > 1] == []


def test_chinese_has_chinese_punctuation() -> None:
    ascii_mark = re.compile(rf"[{CJK}{FULL_WIDTH}] ?[,;:!?()]|[,;:!?()] ?[{CJK}{FULL_WIDTH}]|['\"]|\.$|  ")
    assert faulty(lambda path, text: ascii_mark.search(text["zh_CN"])) == []


def test_chinese_keeps_a_space_between_words_and_figures() -> None:
    joined = re.compile(rf"[{CJK}][A-Za-z0-9]|[A-Za-z0-9%][{CJK}]")
    assert faulty(lambda path, text: joined.search(OFFICIAL.sub("", text["zh_CN"]))) == []


def test_chinese_uses_only_characters_of_the_printed_font() -> None:
    assert faulty(lambda path, text: text["zh_CN"].encode("gb2312", "ignore").decode("gb2312") != text["zh_CN"]) == []


def test_english_is_plain_ascii() -> None:
    assert faulty(lambda path, text: not text["en"].isascii() or "  " in text["en"]) == []


def test_words_that_officials_avoid_do_not_occur() -> None:
    avoided = re.compile("成熟度|零级|不合格|认证结果|黑名单|造假|排名|赋能|验证码|温馨提示|！")
    assert faulty(lambda path, text: avoided.search(text["zh_CN"])) == []


def test_texts_fit_where_they_are_printed() -> None:
    def width(text: str) -> float:
        return sum(1 if ord(sign) > 0x2000 else 0.5 for sign in text)

    levels = [level["label"]["zh_CN"] for scene in SCENES.values() for level in scene["levels"]]
    names = [scene["short"]["zh_CN"] for scene in SCENES.values()]
    shorts = [item["short"]["zh_CN"] for item in QUESTIONS.values()]
    assert [text for text in levels if width(text) > 36] == []
    assert sum(width(text) > 32 for text in levels) <= 2
    assert [text for text in names if width(text) > 6] == []
    assert [text for text in shorts if width(text) > 10] == []


def test_every_question_is_scored_by_the_official_points() -> None:
    found = {}

    def walk(node: dict[str, Any], points: Fraction) -> None:
        for child in node.get("children", []):
            walk(child, points * child["weight"] / 100)
        if "rule" in node:
            rule = node["rule"]
            found[rule["item"]] = {key: points * weight / 100 for key, weight in rule["weights"].items()}

    walk(DIGITAL["tree"], Fraction(DIGITAL["tree"]["maximum"]))
    official = {
        question: dict(zip("ABCDEFGHIJKLMNO", map(Fraction, row.split()), strict=False))
        for question, row in POINTS.items()
    }
    assert found == official


def test_every_option_has_its_weight_and_the_none_option_excludes_the_rest() -> None:
    rules = {node["rule"]["item"]: node["rule"] for node in nodes(DIGITAL["tree"]) if "rule" in node}
    assert list(QUESTIONS) == list(POINTS)
    for key, item in QUESTIONS.items():
        ids = [option["id"] for option in item["options"]]
        exclusive = [option["id"] for option in item["options"] if option.get("exclusive")]
        assert ids == list(rules[key]["weights"]), key
        assert (item["type"] == "multiple") == (key in SEVERAL), key
        assert rules[key]["kind"] == ("sum_of_options" if key in SEVERAL else "option"), key
        assert exclusive == (["A"] if key in SEVERAL else []), key
    assert QUESTIONS["q1"]["options"][-1]["requires"] == ["B", "C", "D"]


def test_the_weights_under_every_node_make_100() -> None:
    for node in nodes(DIGITAL["tree"]):
        if "children" in node:
            assert sum(child["weight"] for child in node["children"]) == 100, node["id"]
    ids = [node["id"] for node in nodes(DIGITAL["tree"])]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("question", BANDED)
def test_shares_fall_into_bands_closed_at_the_upper_edge(question: str) -> None:
    bands = QUESTIONS[question]["figures"]["bands"]
    edges = [Fraction(edge) * 100 for edge in bands["edges"]]
    assert (bands["closed"], edges, bands["options"]) == ("upper", [10, 20, 40, 60], list("ABCDE"))
    said = [
        [int(figure) for figure in re.findall(r"\d+", option["label"]["zh_CN"])]
        for option in QUESTIONS[question]["options"]
    ]
    assert said == [[10], [10, 20], [20, 40], [40, 60], [60]]


@pytest.mark.parametrize("question", CHANGES)
def test_a_change_for_the_better_earns_the_most(question: str) -> None:
    chosen = QUESTIONS[question]["figures"]["options"]
    assert (chosen["up"], chosen["same"], chosen["down"]) == (CHANGES[question][0], "B", CHANGES[question][1])


def test_the_questionnaire_lists_exactly_the_figures_it_uses() -> None:
    kinds = {fact["id"]: fact for fact in FACTS}
    used = {
        quantity[role]
        for item in QUESTIONS.values()
        for quantity in item.get("figures", {}).values()
        if isinstance(quantity, dict)
        for role in ("of", "per")
        if role in quantity
    }
    assert used == set(DIGITAL["facts"])
    assert used | {kinds[kind]["part_of"] for kind in used if "part_of" in kinds[kind]} == used
    assert len(DIGITAL["facts"]) == len(used)


def test_sixteen_scenes_have_five_levels_each_in_their_groups() -> None:
    assert [scene["number"] for scene in SCENES.values()] == [str(number) for number in range(1, 17)]
    assert {key for key, scene in SCENES.items() if scene["constrained"]} == CONSTRAINED
    for name in DIGITAL["groups"]:
        assert [key for key, scene in SCENES.items() if scene["group"] == name] == GROUPS[name]
    for scene in SCENES.values():
        assert [level["level"] for level in scene["levels"]] == [0, 1, 2, 3, 4], scene["id"]


def test_a_level_needs_score_and_scenes_and_constrained_scenes() -> None:
    found = {}
    for step in DIGITAL["ladder"]["steps"]:
        score, scenes, constrained = step["conditions"]
        assert (score["kind"], score["measure"]) == ("measure_at_least", "total")
        assert (scenes["kind"], constrained["kind"]) == ("scenes_at_least", "scenes_at_least")
        assert ("constrained" in scenes, constrained["constrained"]) == (False, True)
        assert scenes["level"] == constrained["level"] == step["level"]
        found[step["level"]] = (int(score["points"]), scenes["count"], constrained["count"])
    assert found == GATE
    assert DIGITAL["ladder"]["reached"] == "highest"


def test_every_number_carries_a_known_source_and_no_recollection() -> None:
    bands = [QUESTIONS[question]["figures"]["bands"] for question in BANDED]
    ladder = DIGITAL["ladder"]
    numbered = [*ITEMS.values(), *nodes(DIGITAL["tree"]), *bands, ladder, *ladder["steps"], *DIGITAL["checks"]]
    for record in [*numbered, DIGITAL["basis"], DIGITAL["scope"], *DIGITAL["conflicts"]]:
        assert record["source"] in DIGITAL["sources"], record
        assert record["confidence"] in {"A", "B", "C"}, record
    needing = [option for item in QUESTIONS.values() for option in item["options"] if "requires" in option]
    assert [(option["requires_source"], option["requires_confidence"]) for option in needing] == [("S-TOOL", "B")]
    assert [step["title_confidence"] for step in ladder["steps"]] == ["B", "B", "A", "B"]
    assert {fact["confidence"] for fact in FACTS} <= {"A", "B", "C"}


def test_ids_are_strings_and_never_yaml_booleans() -> None:
    ids = [option["id"] for item in QUESTIONS.values() for option in item["options"]]
    numbers = [item["number"] for item in ITEMS.values()]
    assert {type(name) for name in [*ids, *numbers, DIGITAL["version"], DIGITAL["basis"]["date"]]} == {str}
    assert re.findall(r"\bid: [A-Z]\b", WRITTEN) == []  # some readers of YAML take a bare N for "no"


def test_the_disagreements_between_sources_are_on_record() -> None:
    record = " ".join(conflict["about"]["en"] + conflict["decided"]["en"] for conflict in DIGITAL["conflicts"])
    for matter in ("constrained scenes", "levels 3 and 4", "13 links", "Question 8", "Question 11", "does not apply"):
        assert matter in record, matter
