"""The needs questionnaire: every task of the plan has its row, details follow only what is wanted, nothing is scored.

The wording of all four definitions of the innovation field and of needs is checked here as well, as plain YAML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import questionnaires
from questionnaires import catalogue
from questionnaires.answers import clean
from questionnaires.items import Grid, Multiple, figures_asked
from scoring import scorer_for
from scoring.quality import notes

NEEDS = catalogue.builtin("needs", "2026")
CHAINS = {"n1": range(1, 6), "n2": range(6, 10), "n3": range(10, 12), "n4": range(12, 15), "n5": range(15, 18)}
HOW_SOON = ("soon", "year", "later", "none")

FOLDER = Path(questionnaires.__file__).parent / "definitions"
FILES = ("innovation/2022", "specialised/2022", "specialised/2026", "needs/2026")
WRITTEN = {name: (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in FILES}
PLAIN: dict[str, dict[str, Any]] = {name: yaml.safe_load(text) for name, text in WRITTEN.items()}


def grid(name: str) -> Grid:
    item = NEEDS.items[name]
    assert isinstance(item, Grid)
    return item


def kinds(name: str) -> Multiple:
    item = NEEDS.items[f"{name}_kinds"]
    assert isinstance(item, Multiple)
    return item


def asked(**responses: Any) -> set[str]:
    cleaned = clean(NEEDS, {"responses": responses})
    assert not cleaned.faults
    return set(cleaned.asked)


def unwanted(name: str) -> dict[str, str]:
    return {row.id: "none" for row in grid(name).rows}


ALWAYS = set(CHAINS)
NOTHING = {name: unwanted(name) for name in CHAINS}


def test_the_seventeen_tasks_are_the_rows_of_their_five_chains() -> None:
    found = {name: [int(row.id[1:3]) for row in grid(name).rows] for name in CHAINS}
    assert found == {name: list(tasks) for name, tasks in CHAINS.items()}
    assert [section.title.say("zh_CN") for section in NEEDS.sections][:5] == [
        "创新链", "产业链", "供应链", "数据链", "资金链",
    ]  # fmt: skip
    assert {tuple(option.id for option in grid(name).options) for name in CHAINS} == {HOW_SOON}


def test_every_task_has_at_least_two_kinds_of_help_and_every_kind_a_task() -> None:
    for name, tasks in CHAINS.items():
        counted = Counter(option.id[1:3] for option in kinds(name).options if option.id != "other")
        assert set(counted) == {f"{task:02}" for task in tasks}
        assert min(counted.values()) >= 2, counted


def test_a_firm_that_needs_nothing_answers_five_questions() -> None:
    assert asked(**NOTHING) == ALWAYS


@pytest.mark.parametrize("how_soon", HOW_SOON[:3])
def test_one_wanted_task_of_any_chain_opens_its_kinds_and_the_last_section(how_soon: str) -> None:
    last = {item.id for item in NEEDS.sections[-1].items}
    for name in CHAINS:
        for row in grid(name).rows:
            wanted = NOTHING | {name: unwanted(name) | {row.id: how_soon}}
            assert asked(**wanted) == ALWAYS | {f"{name}_kinds"} | last, row.id


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("t01_problem", {"n1_field"}),
        ("t02_test", set()),
        ("t06_source", {"n2_gap"}),
        ("t08_lean", set()),
        ("t10_customers", {"n3_customer"}),
        ("t11_logistics", set()),
        ("t13_system", {"n4_area"}),
        ("t14_mark", set()),
        ("t15_loan", {"n5_amount", "n5_use"}),
        ("t16_equity", {"n5_amount", "n5_use"}),
        ("t17_confirm", {"n5_amount", "n5_use"}),
    ],
)
def test_details_are_asked_only_of_those_who_ticked_the_need(kind: str, detail: set[str]) -> None:
    name = next(name for name, tasks in CHAINS.items() if int(kind[1:3]) in tasks)
    row = next(row.id for row in grid(name).rows if row.id[:3] == kind[:3])
    wanted = NOTHING | {name: unwanted(name) | {row: "soon"}}
    opened = asked(**wanted, **{f"{name}_kinds": [kind]}) - asked(**wanted)
    assert opened == detail


def test_a_need_that_is_taken_back_takes_its_details_off_the_route() -> None:
    details = {"n5_kinds": ["t15_loan"], "n5_amount": "up_to_5"}
    cleaned = clean(NEEDS, {"responses": NOTHING | details})
    assert set(cleaned.answers.responses) == ALWAYS


def test_an_empty_questionnaire_opens_nothing_for_sure() -> None:
    assert asked() == ALWAYS


def test_nothing_is_scored_and_there_is_no_level() -> None:
    assert (NEEDS.tree, NEEDS.ladder, NEEDS.checks, NEEDS.facts) == (None, None, (), ())
    scored = scorer_for(NEEDS).score(clean(NEEDS, {"responses": NOTHING}).answers)
    assert (scored.measures, scored.ladder, scored.checks, scored.level) == ((), (), (), 0)


@pytest.mark.parametrize("name", CHAINS)
def test_help_for_a_task_that_is_not_needed_is_asked_about(name: str) -> None:
    rows = [row.id for row in grid(name).rows]
    for place, row in enumerate(rows):
        others = {other: "soon" if position != place else "none" for position, other in enumerate(rows)}
        kind = next(option.id for option in kinds(name).options if option.id[:3] == row[:3])
        fits = next(option.id for option in kinds(name).options if option.id[:3] != row[:3])
        odd = clean(NEEDS, {"responses": {name: others, f"{name}_kinds": [kind]}}).answers
        right = clean(NEEDS, {"responses": {name: others, f"{name}_kinds": [fits]}}).answers
        assert [note.items for note in notes(NEEDS, odd)] == [(name, f"{name}_kinds")]
        assert notes(NEEDS, right) == ()


# -- the words of all four files --------------------------------------------------------------

CJK = r"\u4e00-\u9fff"
FULL_WIDTH = r"\u3000-\u303f\uff01-\uff65\u201c\u201d\u2018\u2019"
OFFICIAL = re.compile(r"《[^》]*》|〔\d{4}〕\d+号")


def texts(value: Any, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(value, dict) and {"zh_CN", "en"} & set(value):
        yield path, value
    elif isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(entry, f"{path}.{key}")


TEXTS = [found for name, plain in PLAIN.items() for found in texts(plain, name)]


def faulty(wrong: Any) -> list[str]:
    return [f"{path}: {text}" for path, text in TEXTS if wrong(text)]


def test_every_text_is_given_in_both_languages() -> None:
    assert faulty(lambda text: set(text) != {"zh_CN", "en"} or any(not said.strip() for said in text.values())) == []


def test_chinese_has_chinese_punctuation_and_spaces_around_figures() -> None:
    ascii_mark = re.compile(rf"[{CJK}{FULL_WIDTH}] ?[,;:!?()]|[,;:!?()] ?[{CJK}{FULL_WIDTH}]|['\"]|\.$|  ")
    joined = re.compile(rf"[{CJK}][A-Za-z0-9]|[A-Za-z0-9%][{CJK}]")
    assert faulty(lambda text: ascii_mark.search(text["zh_CN"])) == []
    assert faulty(lambda text: joined.search(OFFICIAL.sub("", text["zh_CN"]))) == []


def test_every_character_is_in_the_printed_font_and_english_is_plain() -> None:
    assert faulty(lambda text: text["zh_CN"].encode("gb2312", "ignore").decode("gb2312") != text["zh_CN"]) == []
    assert faulty(lambda text: not text["en"].isascii() or "  " in text["en"]) == []


def test_words_that_officials_avoid_do_not_occur() -> None:
    avoided = re.compile("成熟度|零级|不合格|黑名单|造假|排名|赋能|验证码|温馨提示|！")
    assert faulty(lambda text: avoided.search(text["zh_CN"])) == []


@pytest.mark.parametrize("name", FILES)
def test_every_item_explains_itself_and_no_two_ask_the_same(name: str) -> None:
    items = [item for section in PLAIN[name]["sections"] for item in section["items"]]
    needed = {"short", "label", "hint", "why", "evidence", "source", "confidence", "number"}
    assert [item["id"] for item in items if not needed <= set(item)] == []
    assert [item["number"] for item in items] == [str(number) for number in range(1, len(items) + 1)]
    for kind in ("label", "short", "why"):
        for language in ("zh_CN", "en"):
            said = Counter(item[kind][language] for item in items)
            assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_every_number_carries_a_known_source_and_no_recollection(name: str) -> None:
    def sourced(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if "source" in value and "confidence" in value:
                yield value
            value = list(value.values())
        for entry in value if isinstance(value, list) else ():
            yield from sourced(entry)

    found = list(sourced(PLAIN[name]))
    assert len(found) > 20
    assert [each for each in found if each["source"] not in PLAIN[name]["sources"]] == []
    assert {each["confidence"] for each in found} <= {"A", "B", "C"}


@pytest.mark.parametrize("name", FILES)
def test_a_questionnaire_lists_exactly_the_figures_it_asks_for(name: str) -> None:
    instrument = catalogue.builtin(*name.split("/"))
    assert {kind for kind, _ in instrument.figures_asked} == set(PLAIN[name].get("facts", []))


@pytest.mark.parametrize("name", FILES)
def test_no_two_questions_of_a_questionnaire_ask_for_the_same_figure(name: str) -> None:
    items = catalogue.builtin(*name.split("/")).items.values()
    times = Counter(figure for item in items for figure in figures_asked(item))
    assert [figure for figure, count in times.items() if count > 1] == []


def test_figures_are_shared_facts_and_only_points_given_by_others_are_typed_here() -> None:
    """The same kind and year in two questionnaires is one figure, entered once."""
    shared = catalogue.fact_kinds()
    for name in FILES:
        assert set(PLAIN[name].get("facts", [])) <= set(shared)
    numbers = [item for plain in PLAIN.values() for section in plain["sections"] for item in section["items"]]
    assert {item["id"] for item in numbers if item["type"] == "number"} == {"l1", "e2", "e3"}  # points given by others
