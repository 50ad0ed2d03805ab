"""Reading definitions: what YAML would let pass silently is refused, and every fault is listed at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from questionnaires import catalogue
from questionnaires.faults import DefinitionError, sentence
from tests.scoring import made
from tests.scoring.made import item

SMALL = (made.DEFINITIONS / "small.yaml").read_text(encoding="utf-8")


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as error:
        catalogue.parse(text)
    return [(fault.path, fault.code) for fault in error.value.faults]


def spoiled(change: Any) -> dict[str, str]:
    raw = made.plain("small")
    change(raw)
    return dict(faults(made.text(raw)))


@pytest.mark.parametrize("path", [*catalogue.shipped()], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_definition_loads(path: Path) -> None:
    instrument = catalogue.load(path)
    assert (instrument.questionnaire, instrument.version) == (path.parent.name, path.stem)


def test_it_lists_every_key_given_twice_with_its_line() -> None:
    text = "a: 1\nb: {c: 1, c: 2}\na: 3\n"
    assert sorted(faults(text)) == [("line 2", "twice"), ("line 3", "twice")]


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: &x [1]\n", "a: &a [*a]\n"])
def test_it_refuses_anchors_and_aliases(text: str) -> None:
    assert faults(text) == [("line 1", "anchors")]


def test_it_refuses_a_heap_of_aliases_before_building_it() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert faults("\n".join(lines)) == [("line 1", "anchors")]


@pytest.mark.parametrize(
    "text",
    ["a: [", "a: .inf", "a: .nan", "a: 1:30.5", "a: 2024-13-45", "? [a, b]\n: c", "? {a: b}\n: c", "a: \x01",
     "a: \ud800", "a: 1\n---\nb: 2", "a: !!python/name:os.system", "a: !!int x", "a: !!bool x", "a: !!timestamp 5",
     "a: !!binary x", "a: " + "1" * 5000],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_plain_yaml_is_one_fault_and_no_crash(text: str) -> None:
    assert [code for _, code in faults(text)] == ["yaml"]


@pytest.mark.parametrize("text", ["[" * 1_000_000, "a: " + "{b: " * 61, "- " * 61])
def test_endless_nesting_is_refused_at_once(text: str) -> None:
    assert faults(text) == [("", "too_deep")]


@pytest.mark.parametrize("text", ["", "3", "[]", "a: 1", "~"])
def test_what_is_no_definition_is_refused(text: str) -> None:
    assert {code for _, code in faults(text)} in ({"needs_keys"}, {"key_missing", "key_unknown"})


def test_numbers_with_decimals_are_exact() -> None:
    assert catalogue.read_yaml("a: 0.1\nb: 59.975\nc: 1_000.5\nd: 1e2\n") == {
        "a": Decimal("0.1"), "b": Decimal("59.975"), "c": Decimal("1000.5"), "d": "1e2",
    }  # fmt: skip
    assert isinstance(catalogue.read_yaml("0.1"), Decimal)


def test_an_unquoted_no_is_not_taken_for_a_text_or_an_id() -> None:
    text = SMALL.replace('{id: "B", label', "{id: no, label", 1)
    assert text != SMALL
    assert faults(text) == [("sections.main.share.options[1].id", "bool_text")]
    text = SMALL.replace('{zh_CN: "题 weak", en: "Item weak"}', "{zh_CN: 题, en: no}")
    assert faults(text) == [("sections.main.weak.short.en", "bool_text")]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("# " + "x" * 5_000_000, encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        catalogue.load(path)
    assert [(fault.path, fault.code) for fault in error.value.faults] == [("large.yaml", "too_large")]


def test_too_many_items_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    count = len(catalogue.parse(SMALL).items)
    monkeypatch.setattr(catalogue, "MOST_ITEMS", count)
    assert catalogue.parse(SMALL)
    monkeypatch.setattr(catalogue, "MOST_ITEMS", count - 1)
    assert faults(SMALL) == [("sections", "too_many_items")]


def test_a_missing_language_loads_and_is_known_to_be_missing() -> None:
    raw = made.plain("small")
    item(raw, "weak")["label"] = {"zh_CN": "只有中文"}
    item(raw, "strong")["hint"] = {"en": "English only"}
    instrument = made.loaded(raw)
    weak, strong = instrument.items["weak"], instrument.items["strong"]
    assert (weak.label.missing(), weak.label.say("en")) == (["en"], "只有中文")
    assert strong.hint is not None
    assert (strong.hint.missing(), strong.hint.say("zh_CN")) == (["zh_CN"], "English only")


SPOILED: dict[str, tuple[Any, str, str]] = {
    "unknown key": (lambda raw: item(raw, "weak").update(wyh=1), "sections.main.weak.wyh", "key_unknown"),
    "no label": (lambda raw: item(raw, "weak").pop("label"), "sections.main.weak", "key_missing"),
    "unknown type": (lambda raw: item(raw, "weak").update(type="slider"), "sections.main.weak.type", "unknown_name"),
    "item twice": (lambda raw: item(raw, "weak").update(id="strong"), "items", "twice"),
    "option twice": (
        lambda raw: item(raw, "weak")["options"][0].update(id="B"), "sections.main.weak.options", "twice"),
    "no options": (lambda raw: item(raw, "weak").update(options=[]), "sections.main.weak.options", "no_options"),
    "unknown source": (lambda raw: item(raw, "weak").update(source="?"), "sections.main.weak.source", "unlisted"),
    "unknown group": (lambda raw: item(raw, "x").update(group="?"), "sections.main.x.group", "unknown_name"),
    "scene without a level": (lambda raw: item(raw, "x")["levels"].pop(), "sections.main.x.levels", "scene_levels"),
    "unknown required option": (
        lambda raw: item(raw, "several")["options"][3].update(requires=["Z"]),
        "sections.main.several.options.D.requires", "unknown_name"),
    "band without an option": (
        lambda raw: item(raw, "share")["figures"]["bands"].update(edges=["0.10"]),
        "sections.main.share.figures.bands", "band_count"),
    "edges that fall": (
        lambda raw: item(raw, "share")["figures"]["bands"].update(edges=["0.5", "0.5"]),
        "sections.main.share.figures.bands.edges", "band_order"),
    "band with an unknown option": (
        lambda raw: item(raw, "share")["figures"]["bands"].update(options=["A", "B", "Z"]),
        "sections.main.share.figures.options", "unknown_name"),
    "unknown figure": (
        lambda raw: item(raw, "share")["figures"]["value"].update(of="love"), "sections.main.share.figures",
        "unlisted"),
}  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILED)
def test_it_names_the_fault_and_its_place(spoil: str) -> None:
    change, path, code = SPOILED[spoil]
    assert spoiled(change) == {path: code}


def test_it_lists_every_fault_at_once() -> None:
    together = ("option twice", "unknown source", "unknown group", "edges that fall", "unknown required option")

    def all_of_them(raw: dict[str, Any]) -> None:
        for spoil in together:
            SPOILED[spoil][0](raw)

    assert spoiled(all_of_them) == {SPOILED[spoil][1]: SPOILED[spoil][2] for spoil in together}


# What is done to a definition of the right shape: path, code, and what a rubric author reads.
SHAPES: dict[str, tuple[Any, str, str, str]] = {
    "misspelt key": (
        lambda raw: item(raw, "several")["options"][3].update(exclusiv=True),
        "sections.main.several.options.D.exclusiv", "key_like", "did you mean “exclusive”?"),
    "misspelt key beside the right one": (
        lambda raw: item(raw, "several")["options"][3].update(id="D", idd="E"),
        "sections.main.several.options.D.idd", "key_unknown", "known are: effort"),
    "misspelt type": (
        lambda raw: item(raw, "several").update(tpye=item(raw, "several").pop("type")), "sections.main.several.tpye",
        "key_like", "did you mean “type”?"),
    "strange key": (
        lambda raw: item(raw, "several")["options"][3].update(zzz=True), "sections.main.several.options.D.zzz",
        "key_unknown", "known are: effort, work, advice, id, label, note"),
    "no id": (
        lambda raw: item(raw, "several")["options"][1].pop("id"), "sections.main.several.options[1]", "key_missing",
        "needs the key “id”"),
    "no type": (
        lambda raw: item(raw, "several").pop("type"), "sections.main.several", "tag_missing",
        "needs the key “type”, one of: single, multiple, scene, number, grid, figures"),
    "strange type": (
        lambda raw: item(raw, "several").update(type="radio"), "sections.main.several.type", "unknown_name",
        "there is no “radio”; known are: single, multiple"),
    "true as a text": (
        lambda raw: item(raw, "several")["label"].update(en=False), "sections.main.several.label.en", "bool_text",
        "put it in quotes"),
    "a text without its language": (
        lambda raw: item(raw, "several").update(label="Which?"), "sections.main.several.label", "needs_languages",
        "must be a text by language: {zh_CN: …, en: …}"),
    "a list as a text": (
        lambda raw: item(raw, "several").update(number=[1]), "sections.main.several.number", "needs_text", "be text"),
    "a text as options": (
        lambda raw: item(raw, "several").update(options="A"), "sections.main.several.options", "needs_list", "a list"),
    "a number as an item": (
        lambda raw: raw["sections"][0]["items"].append(3), "sections.main.items[8]", "needs_keys", "keys and values"),
    "no years": (
        lambda raw: item(raw, "share")["figures"]["value"].update(years=[]), "sections.main.share.figures.value.years",
        "too_few", "needs at least 1 entries"),
    "a misspelt key where two shapes are possible": (
        lambda raw: item(raw, "share")["figures"]["value"].update(att_least=1),
        "sections.main.share.figures.value.att_least", "key_like", "did you mean “at_least”?"),
    "a word as a whole number": (
        lambda raw: item(raw, "share")["figures"]["value"].update(at_least="all"),
        "sections.main.share.figures.value.at_least", "needs_whole", "must be a whole number"),
    "a word as true or false": (
        lambda raw: item(raw, "several")["options"][0].update(exclusive="perhaps"),
        "sections.main.several.options.A.exclusive", "needs_bool", "must be true or false"),
    "a strange value": (
        lambda raw: raw.update(values={"a": {"title": {"en": "A"}, "is": {"growht": 1}}}), "values.a.is", "not_a_value",
        "write a number or one of: fact, item"),
    "one part of a ratio": (
        lambda raw: raw.update(values={"a": {"title": {"en": "A"}, "is": {"ratio": [1]}}}), "values.a.is.ratio",
        "too_few", "needs at least 2 entries"),
    "three parts of a ratio": (
        lambda raw: raw.update(values={"a": {"title": {"en": "A"}, "is": {"ratio": [1, 2, 3]}}}), "values.a.is.ratio",
        "too_many", "can have at most 2 entries"),
    "a misspelt key of growth": (
        lambda raw: raw.update(values={"a": {"title": {"en": "A"}, "is": {"growth": {"fact": "staff"}, "yeers": 1}}}),
        "values.a.is.yeers", "key_like", "did you mean “years”?"),
    "a number with an exponent": (
        lambda raw: raw.update(values={"a": {"title": {"en": "A"}, "is": {"sum": [1, "1e2"]}}}), "values.a.is.sum[1]",
        "not_exact", "“1e2” is not a number; write it out"),
    "a strange standing": (
        lambda raw: raw["basis"].update(standing="inhouse"), "basis.standing", "unknown_name", "official, in-house"),
    "any and all": (
        lambda raw: item(raw, "several").update(when={"kind": "chosen", "item": "weak", "any": ["A"], "all": ["B"]}),
        "sections.main.several.when", "one_of_keys", "needs exactly one of any, all, none"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_fault_of_shape_has_the_path_of_any_other_and_a_plain_sentence(name: str) -> None:
    change, path, code, said = SHAPES[name]
    raw = made.plain("small")
    change(raw)
    with pytest.raises(DefinitionError) as error:
        catalogue.parse(made.text(raw))
    assert [(fault.path, fault.code) for fault in error.value.faults] == [(path, code)]
    fault = error.value.faults[0]
    assert said in sentence(fault, "en")
    assert sentence(fault, "zh_CN") != sentence(fault, "en")


def test_unquoted_yes_and_no_are_one_fault_where_they_are_keys() -> None:
    raw = made.plain("small")
    raw["sources"] = {True: {"en": "A"}, False: {"en": "B"}}
    assert faults(made.text(raw)) == [("sources", "bool_text")]


def test_a_misspelt_key_hides_no_fault_of_meaning() -> None:
    raw = made.plain("small")
    SPOILED["unknown key"][0](raw)
    SPOILED["unknown source"][0](raw)
    raw["sections"][0]["titel"] = raw["sections"][0].pop("title")
    assert sorted(faults(made.text(raw))) == [
        ("sections.main.titel", "key_like"),
        ("sections.main.weak.source", "unlisted"),
        ("sections.main.weak.wyh", "key_unknown"),
    ]


def test_a_key_that_is_near_another_one_by_chance_is_read_without() -> None:
    raw = made.plain("small")
    raw["sections"][0].update(zzz={"deep": [1]}, whem={"kind": "nothing"})
    SPOILED["unknown group"][0](raw)
    assert dict(faults(made.text(raw))) == {
        "sections.main.zzz": "key_unknown",
        "sections.main.whem": "key_like",
        "sections.main.x.group": "unknown_name",
    }


def test_of_many_faults_of_shape_the_first_are_named_and_the_others_counted() -> None:
    raw = made.plain("small")
    raw["sources"] = {f"k{number}": 3 for number in range(1_000)}
    with pytest.raises(DefinitionError) as error:
        catalogue.parse(made.text(raw))
    assert len(error.value.faults) == 401
    assert sentence(error.value.faults[-1], "en") == "600 more faults are not listed"


def test_a_tab_and_what_is_no_yaml_come_with_their_line() -> None:
    assert faults("a: 1\nb:\n\tc: 2\n") == [("line 3", "yaml_tab")]
    assert faults("a: 1\nb: [\n") == [("line 3", "yaml")]
    assert faults("a: 1\nb: &x 1\n") == [("line 2", "anchors")]


def test_the_source_of_a_figure_need_not_be_listed_to_try_a_definition() -> None:
    raw = made.plain("small")
    own_figure(raw, source="?")
    assert made.loaded(raw).fact_kinds["output"].source == "?"


def test_values_that_lead_back_to_each_other_are_named_in_their_order() -> None:
    raw = made.plain("small")
    title = {"en": "A"}
    leads = {"a": "b", "b": "c", "c": "a", "d": "e", "e": None}
    raw["values"] = {name: {"title": title, "is": {"value": to} if to else 1} for name, to in leads.items()}
    with pytest.raises(DefinitionError) as error:
        catalogue.parse(made.text(raw))
    assert [(fault.path, sentence(fault, "en")) for fault in error.value.faults] == [
        ("values.a.is", "these values lead back to each other: a → b → c → a"),
        ("values.d.is", "“e” must stand before this value"),
    ]


def test_it_lists_every_fault_of_shape_at_once() -> None:
    def both(raw: dict[str, Any]) -> None:
        SPOILED["unknown key"][0](raw)
        SPOILED["no label"][0](raw)

    assert set(spoiled(both)) == {"sections.main.weak.wyh", "sections.main.weak"}


def own_figure(raw: dict[str, Any], **change: Any) -> None:
    said = {"zh_CN": "产量", "en": "Output"}
    figure = {"id": "output", "label": said, "unit": "tce", "decimals": 2, "hint": said, "why": said, "evidence": said}
    raw["facts"].append({**figure, "source": "TEST", "confidence": "C", **change})


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"unit": "kg"}, "facts.output.unit"),
        ({"part_of": "love"}, "facts.output.part_of"),
        ({"id": "staff"}, "facts"),
        ({"decimals": -1}, "facts.output.decimals"),
    ],
)
def test_a_figure_of_its_own_is_checked_too(change: dict[str, Any], path: str) -> None:
    raw = made.plain("small")
    own_figure(raw)
    assert "output" in made.loaded(raw).fact_kinds
    assert list(spoiled(lambda raw: own_figure(raw, **change))) == [path]


def test_a_figure_that_nobody_defined_is_refused() -> None:
    assert list(spoiled(lambda raw: raw["facts"].append("love"))) == ["facts.love"]
