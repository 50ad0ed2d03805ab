"""Questions about answers: what is odd is asked about in both languages, and no score ever moves."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires.answers import clean
from questionnaires.text import LANGUAGES
from scoring import scorer_for
from scoring.quality import Note, notes
from tests.scoring import made

ODD = {"zh_CN": "两题对得上吗？", "en": "Do the two fit?"}
QUALITY: dict[str, Any] = {
    "contradictions": [
        {"id": "odd", "items": ["weak", "strong"], "question": ODD, "if": {
            "kind": "all_of", "conditions": [{"kind": "chosen", "item": "weak", "any": ["B"]},
                                             {"kind": "chosen", "item": "strong", "any": ["A"]}]}},
    ],
    "plausible": [
        {"id": "head", "value": {"value": "per_head"}, "at_least": "1000", "at_most": "2000000",
         "question": {"zh_CN": "人均营业收入对吗？", "en": "Is revenue per head right?"}},
    ],
    "straight_lining": {"longest": 2},
}  # fmt: skip
PER_HEAD = {
    "title": {"zh_CN": "人均", "en": "Per head"}, "unit": {"zh_CN": "万元", "en": "wan yuan"}, "times": "0.0001",
    "is": {"ratio": [{"fact": "revenue"}, {"fact": "staff"}]},
}  # fmt: skip


def definition(**quality: Any) -> dict[str, Any]:
    raw = made.plain("small")
    return {**raw, "quality": {**QUALITY, **quality}, "values": {"per_head": PER_HEAD}}


def noted(responses: dict[str, Any], *facts: tuple[str, int, str], raw: dict[str, Any] | None = None) -> list[Note]:
    instrument = made.loaded(raw or definition())
    given = [{"id": kind, "year": year, "value": value} for kind, year, value in facts]
    cleaned = clean(instrument, {"responses": responses, "facts": given, "reference_year": 2025, "reasons": REASONS})
    assert not cleaned.faults
    return list(notes(instrument, cleaned.answers))


REASONS = {"growth": "told"}


def kinds(found: list[Note]) -> list[tuple[str, str]]:
    return [(note.kind, note.id) for note in found]


def test_plain_answers_raise_no_question() -> None:
    assert noted({"weak": "A", "strong": "B", "x": 1, "y": 2, "z": 3}) == []
    assert noted({}) == []


def test_a_contradiction_is_asked_in_the_words_of_the_definition() -> None:
    [note] = noted({"weak": "B", "strong": "A"})
    assert (note.kind, note.id, note.items) == ("contradiction", "odd", ("weak", "strong"))
    assert [note.sentence(language) for language in LANGUAGES] == [ODD["zh_CN"], ODD["en"]]


def test_a_contradiction_needs_both_answers() -> None:
    assert noted({"weak": "B"}) == []


@pytest.mark.parametrize(
    ("revenue", "odd"), [("9999.99", True), ("10000", False), ("20000000", False), ("20000000.01", True)]
)
def test_a_value_outside_its_bounds_is_shown_in_its_unit(revenue: str, odd: bool) -> None:
    found = noted({}, ("revenue", 2025, revenue), ("staff", 2025, "10"))
    assert kinds(found) == ([("plausible", "head")] if odd else [])
    if revenue == "20000000.01":
        assert found[0].sentence("en") == "Is revenue per head right? (now 200 wan yuan)"
        assert found[0].sentence("zh_CN") == "人均营业收入对吗？（现在是 200 万元）"
        assert found[0].values["value"] == "2000000.001"
        assert found[0].values["at_most"] == "2000000"
        assert found[0].items == ("growth",)
    elif odd:
        assert found[0].sentence("en") == "Is revenue per head right? (now 0.0999 wan yuan)"


def test_the_longest_run_of_answers_alike_is_named_with_all_its_items() -> None:
    [note] = noted({"x": 2, "y": 2, "z": 2})
    assert (note.kind, note.items, note.values["count"]) == ("alike", ("x", "y", "z"), "3")
    assert note.sentence("en").startswith("From “Item x” to “Item z”, 3 answers in a row are the same.")
    assert "题 x" in note.sentence("zh_CN")


@pytest.mark.parametrize("responses", [{"x": 2, "y": 2}, {"x": 2, "y": 2, "z": 3}, {"x": 2, "z": 2}, {"strong": "B"}])
def test_a_short_or_broken_run_is_nothing_to_ask_about(responses: dict[str, Any]) -> None:
    assert noted(responses) == []


def test_choices_run_on_only_among_the_same_options() -> None:
    raw = definition(straight_lining={"longest": 2}, contradictions=[])
    made.item(raw, "several")["options"][0]["exclusive"] = False
    assert noted({"share": "B", "growth": "B", "weak": "B", "strong": "B"}, raw=raw) == [], "two and two"
    raw["sections"][0]["items"].sort(key=lambda item: item["id"] != "several")
    for name in ("weak", "strong"):
        made.item(raw, name)["options"].append({"id": "C", "label": {"zh_CN": "丙", "en": "C"}})
        made.node(raw, f"{name}_points")["rule"]["weights"] = {"A": 0, "B": 50, "C": 100}
    [note] = noted({"share": "B", "growth": "B", "weak": "B", "strong": "B"}, raw=raw)
    assert (note.kind, note.items) == ("alike", ("share", "growth", "weak", "strong"))


def test_the_lowest_answers_run_across_types() -> None:
    """Least points, none of these, and a scene at 0 all say: nothing yet."""
    responses = {"share": "A", "growth": "A", "several": ["A"], "weak": "A", "strong": "A", "x": 0, "y": 0, "z": 0}
    [note] = noted(responses)
    assert (note.kind, note.items) == ("lowest", tuple(responses))
    assert "8 answers in a row are the lowest" in note.sentence("en")


def test_rows_of_a_grid_count_one_by_one() -> None:
    raw = definition()
    grid = {**made.item(raw, "weak"), "id": "grid", "number": "9", "type": "grid", "rows": [
        {"id": str(number), "label": {"zh_CN": "行", "en": "Row"}} for number in range(4)]}  # fmt: skip
    raw["sections"][0]["items"].append(grid)
    [note] = noted({"grid": {"0": "B", "1": "B", "2": "B", "3": "A"}}, raw=raw)
    assert (note.items, note.values["count"]) == (("grid",), "3")
    assert noted({"grid": {"0": "B", "1": "B", "3": "B"}}, raw=raw) == [], "an open row ends the run"


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [("100000", "1000000", "rise"), ("100000", "999999.99", None), ("1000000", "100000", "fall"),
     ("1000000", "100000.01", None), ("1000000", "0", "fall"), ("0", "1000000", None)],
)  # fmt: skip
def test_a_figure_that_jumps_tenfold_is_asked_about(before: str, now: str, kind: str | None) -> None:
    raw = definition(plausible=[])
    found = noted({}, ("revenue", 2024, before), ("revenue", 2025, now), raw=raw)
    assert kinds(found) == ([(kind, "revenue")] if kind else [])
    for note in found:
        assert note.items == ("growth",)


def test_a_jump_shows_both_figures_with_their_years() -> None:
    [note] = noted({}, ("revenue", 2024, "100000"), ("revenue", 2025, "12500000"), raw=definition(plausible=[]))
    assert note.sentence("en") == (
        "“Revenue”: 12,500,000 for 2025, 100,000 for 2024, 125 times as much. Are number and unit right?"
    )
    assert "约为上一年的 125 倍" in note.sentence("zh_CN")


def test_what_is_off_the_route_is_never_asked_about() -> None:
    raw = definition(plausible=[])
    raw["tree"]["not_applicable"] = "zero"
    for name in ("y", "z", "growth", "strong"):
        made.item(raw, name)["when"] = {"kind": "chosen", "item": "share", "any": ["C"]}
    answers = {"share": "A", "weak": "B", "strong": "A", "x": 2, "y": 2, "z": 2}
    figures = (("revenue", 2024, "1"), ("revenue", 2025, "100"))
    assert noted(answers, *figures, raw=raw) == []
    on = noted({**answers, "share": "C"}, *figures, raw=raw)
    assert kinds(on) == [("contradiction", "odd"), ("alike", "straight_lining"), ("rise", "revenue")]


def test_no_question_moves_a_score_or_a_rule() -> None:
    plain, asking = made.loaded({**definition(), "quality": None}), made.loaded(definition())
    assert plain.rules_checksum == asking.rules_checksum
    answers = clean(asking, {"responses": {"weak": "B", "strong": "A", "x": 2, "y": 2, "z": 2}}).answers
    before = scorer_for(asking).score(answers)
    assert len(notes(asking, answers)) == 2
    assert scorer_for(asking).score(answers) == before == scorer_for(plain).score(answers)


def test_a_note_is_kept_and_read_back() -> None:
    for note in noted(
        {"weak": "B", "strong": "A", "x": 2, "y": 2, "z": 2}, ("revenue", 2024, "1"), ("staff", 2024, "1")
    ):
        assert Note.model_validate(note.model_dump(mode="json")) == note


def test_the_words_ask_and_never_accuse() -> None:
    found = noted({"weak": "B", "strong": "A", "x": 2, "y": 2, "z": 2})
    for note in found:
        assert note.sentence("zh_CN").endswith("？")
        assert note.sentence("en").endswith("?")
