"""What changed between two versions of a questionnaire, as a list that people can read before they publish.

Every change is one of `rules` (it can move a result) or of `texts`, by the same places that the two checksums go over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from questionnaires.instrument import NAMED, PROVENANCE, Instrument
from questionnaires.text import LANGUAGES, Text, is_text

Part = Literal["rules", "texts"]
Deed = Literal["added", "removed", "changed", "reordered"]
MOST_SHOWN: Final = 90
NAMES: Final = ("short", "title", "label", "name", "text")  # what something that came or went is called by


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: at `path` there was `before` and there is `after`, as plain data; `None` is nothing there."""

    part: Part
    deed: Deed
    path: tuple[str, ...]
    before: Any
    after: Any

    def sentence(self, language: str) -> str:
        """Where it is, what was there and what is there now."""
        where, deed = place(self.path, language), DEEDS[self.deed][LANGUAGES.index(language)]
        if self.deed == "changed":
            before, after = (_shown(value, language) for value in _differing(self.before, self.after))
            return deed.format(where=where, before=before, after=after)
        return deed.format(where=where, what=_shown(self.before if self.after is None else self.after, language))


DEEDS: Final[Mapping[Deed, tuple[str, str]]] = {
    "added": ("新增 {where}：{what}", "added {where}: {what}"),
    "removed": ("删去 {where}：{what}", "removed {where}: {what}"),
    "changed": ("{where}：{before} → {after}", "{where}: {before} → {after}"),
    "reordered": ("{where}，新的顺序：{what}", "{where}, new order: {what}"),
}


def changes(before: Instrument, after: Instrument) -> tuple[Change, ...]:
    """Every difference from `before` to `after`; none exactly where both checksums are the same."""
    return tuple(_compared((), _spread(before), _spread(after), wording=False))


def only_texts(before: Instrument, after: Instrument) -> bool:
    """Whether `after` may be published as a revision of `before`, even into a running campaign."""
    return before.rules_checksum == after.rules_checksum


def _spread(instrument: Instrument) -> dict[str, Any]:
    """The instrument as plain data, with items and measures in lists of their own: one that moves stays the same."""
    data = instrument.model_dump(mode="json", by_alias=True)
    sections, tree = data.pop("sections"), data.pop("tree")
    return {
        "sections": [{key: value for key, value in section.items() if key != "items"} for section in sections],
        "items": [{"section": section["id"], **item} for section in sections for item in section["items"]],
        "tree": list(_measures(tree, "")) if tree else None,
        **data,
    }


def _measures(node: Mapping[str, Any], parent: str) -> Iterator[dict[str, Any]]:
    yield {"parent": parent, **{key: value for key, value in node.items() if key != "children"}}
    for child in node.get("children") or ():
        yield from _measures(child, str(node.get("id")))


def _compared(path: tuple[str, ...], before: Any, after: Any, wording: bool) -> Iterator[Change]:
    before, after = _given(before), _given(after)
    if before == after:
        return
    if before is None or after is None:
        deed: Deed = "added" if before is None else "removed"
        parts = set(_parts(path, after if before is None else before, wording))
        if parts:
            yield Change("rules" if "rules" in parts else "texts", deed, path, before, after)
    elif _text(path, before) and _text(path, after):
        yield Change("texts", "changed", path, before, after)
    elif isinstance(before, dict) and isinstance(after, dict) and not _text(path, before) and not _text(path, after):
        for key in dict.fromkeys((*before, *after)):
            yield from _compared((*path, key), before.get(key), after.get(key), wording or _is_wording(path, key))
    elif isinstance(before, list) and isinstance(after, list) and _nested(before) and _nested(after):
        yield from _listed(path, before, after, wording)
    else:
        yield Change("texts" if wording else "rules", "changed", path, before, after)


def _listed(path: tuple[str, ...], before: list[Any], after: list[Any], wording: bool) -> Iterator[Change]:
    """Entries with a name are the same entry wherever they stand; of others the place is the name."""
    was, now = _named(path, before), _named(path, after)
    for name in dict.fromkeys((*was, *now)):
        yield from _compared((*path, name), was.get(name), now.get(name), wording)
    kept, keeping = [name for name in was if name in now], [name for name in now if name in was]
    if kept != keeping:
        yield Change("texts" if wording else "rules", "reordered", path, kept, keeping)


def _named(path: tuple[str, ...], entries: Sequence[Any]) -> dict[str, Any]:
    key = "level" if path[-1] in ("steps", "levels") else "id"
    names = [str(entry[key]) for entry in entries if isinstance(entry, dict) and key in entry]
    if len(set(names)) < len(entries):
        names = [str(place) for place in range(1, len(entries) + 1)]
    return dict(zip(names, entries, strict=True))


def _nested(entries: list[Any]) -> bool:
    return any(isinstance(entry, dict | list) for entry in entries)


def _is_wording(path: tuple[str, ...], key: str) -> bool:
    return key in PROVENANCE and not (path and path[-1] in NAMED)


def _text(path: tuple[str, ...], value: Any) -> bool:
    """Whether it is a text; what has names for keys is not, even where they spell languages."""
    return is_text(value) and not (path and path[-1] in NAMED)


def _given(value: Any) -> Any:
    return None if value in ([], {}) else value


def _parts(path: tuple[str, ...], value: Any, wording: bool) -> Iterator[Part]:
    """Which of rules and texts something that came or went holds."""
    if isinstance(value, list):
        for entry in value:
            yield from _parts(path, entry, wording)
    elif isinstance(value, dict) and not _text(path, value):
        for key, entry in value.items():
            yield from _parts((*path, key), entry, wording or _is_wording(path, key))
    elif value is not None:
        yield "texts" if wording or _text(path, value) else "rules"


# -- words


def place(path: Sequence[str], language: str) -> str:
    """A path in words: `item q1, option B, label`."""
    steps, words = list(path), list[str]()
    while steps:
        step = steps.pop(0)
        known = PLACES.get(step)
        if known and steps:
            words.append(f"{known[LANGUAGES.index(language)]} {steps.pop(0)}")
        else:
            words.append((known or FIELDS.get(step, (step, step)))[LANGUAGES.index(language)])
    return {"zh_CN": "，", "en": ", "}[language].join(words)


def _differing(before: Any, after: Any) -> tuple[Any, Any]:
    """Of two texts only the languages that differ."""
    if not (is_text(before) and is_text(after)):
        return before, after
    changed = [language for language in LANGUAGES if before.get(language) != after.get(language)]
    return {name: before.get(name) for name in changed}, {name: after.get(name) for name in changed}


def _shown(value: Any, language: str) -> str:
    if is_text(value):
        return " / ".join(f"“{_brief(text or '')}”" for text in value.values())
    if isinstance(value, dict):
        named = next((value[key] for key in NAMES if is_text(value.get(key))), None)
        return _plain(value) if named is None else f"“{Text.model_validate(named).say(language)}”"
    if isinstance(value, list) and not _nested(value):
        return ", ".join(str(entry) for entry in value)
    return _brief(value) if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str:
    """Plain data on one line, without what is not given."""
    return _brief(json.dumps(_without_nothing(value), ensure_ascii=False))


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(entry) for key, entry in value.items() if _given(entry) is not None}
    return [_without_nothing(entry) for entry in value] if isinstance(value, list) else value


def _brief(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


# Lists and mappings whose entries have names, and what one of them is called.
PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "sections": ("栏目", "section"),
    "items": ("题目", "item"),
    "options": ("选项", "option"),
    "levels": ("档", "level"),
    "rows": ("行", "row"),
    "asks": ("所问数据", "figure asked"),
    "tree": ("指标", "measure"),
    "steps": ("等级", "level"),
    "conditions": ("条件", "condition"),
    "checks": ("申报条件", "check"),
    "facts": ("数据项", "figure"),
    "values": ("计算值", "value"),
    "references": ("行业参考值", "reference value"),
    "cross_checks": ("核对规则", "cross check"),
    "contradictions": ("前后矛盾", "contradiction"),
    "plausible": ("合理范围", "plausible range"),
    "groups": ("场景分组", "group"),
    "sources": ("来源", "source"),
    "conflicts": ("口径分歧", "conflict"),
    "weights": ("分值", "weight"),
    "cases": ("情形", "case"),
}

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "about": ("说明", "about"),
    "advice": ("建议", "advice"),
    "at_least": ("下限", "at least"),
    "at_most": ("上限", "at most"),
    "bands": ("分档", "bands"),
    "closed": ("边界归属", "closed end"),
    "combine": ("合并方式", "combine"),
    "confidence": ("可信度", "confidence"),
    "constrained": ("约束性", "constrained"),
    "count": ("个数", "count"),
    "decimals": ("小数位", "decimals"),
    "edges": ("分界", "edges"),
    "effort": ("工作量", "effort"),
    "evidence": ("佐证材料", "evidence"),
    "exclusive": ("单独选择", "exclusive"),
    "fails_if": ("不通过的情形", "fails if"),
    "field": ("领域", "field"),
    "figures": ("数字口径", "figures"),
    "hint": ("提示", "hint"),
    "if": ("条件", "if"),
    "is": ("算法", "is"),
    "item": ("题目", "item"),
    "kind": ("种类", "kind"),
    "label": ("文字", "label"),
    "ladder": ("等级判定", "ladder"),
    "maximum": ("满分", "maximum"),
    "meaning": ("含义", "meaning"),
    "message": ("提示语", "message"),
    "name": ("名称", "name"),
    "not_applicable": ("不适用", "not applicable"),
    "note": ("备注", "note"),
    "number": ("编号", "number"),
    "parent": ("上级", "parent"),
    "points": ("分数线", "points"),
    "quality": ("填报质量提示", "answer quality"),
    "question": ("问句", "question"),
    "reached": ("达级方式", "reached"),
    "requires": ("须先选", "requires"),
    "rule": ("计分规则", "rule"),
    "scope": ("适用范围", "scope"),
    "section": ("所在栏目", "section"),
    "severity": ("严重程度", "severity"),
    "short": ("简称", "short name"),
    "source": ("来源", "source"),
    "text": ("文字", "text"),
    "title": ("标题", "title"),
    "type": ("题型", "type"),
    "unit": ("单位", "unit"),
    "version": ("版本", "version"),
    "weight": ("权重", "weight"),
    "when": ("出现条件", "asked when"),
    "why": ("为什么问", "why"),
}
