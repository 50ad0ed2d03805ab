"""Two checksums: one over everything that can change a result, one over wording; no change touches the wrong one."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires import catalogue
from tests.scoring import made
from tests.scoring.made import item, node

SMALL = made.loaded(made.plain("small"))
SAID = {"zh_CN": "别的话", "en": "Other words"}

WORDING: dict[str, Any] = {
    "a label": lambda raw: item(raw, "weak").update(label=SAID),
    "one language": lambda raw: item(raw, "weak")["label"].update(en="Other words"),
    "a language less": lambda raw: item(raw, "weak")["label"].pop("en"),
    "a hint added": lambda raw: item(raw, "weak").update(hint=SAID),
    "a note added": lambda raw: item(raw, "weak")["options"][0].update(note=SAID),
    "a meaning added": lambda raw: node(raw, "chain").update(meaning=SAID),
    "a title of a measure": lambda raw: node(raw, "chain").update(title=SAID),
    "a name of a level": lambda raw: raw["ladder"]["steps"][0].update(name=SAID),
    "a text for a person to decide": lambda raw: raw["ladder"]["steps"][2]["conditions"][1].update(text=SAID),
    "a conflict added": lambda raw: raw.update(
        conflicts=[{"about": SAID, "decided": SAID, "source": "TEST", "confidence": "C"}]
    ),
    "a source added": lambda raw: raw["sources"].update(MORE=SAID),
    "a confidence mark": lambda raw: item(raw, "weak").update(confidence="B"),
    "a number of an item": lambda raw: item(raw, "weak").update(number="4a"),
    "the date of the document": lambda raw: raw["basis"].update(date="2026-02-01"),
    "a name of a group": lambda raw: raw["groups"].update(work=SAID),
}
RULES: dict[str, Any] = {
    "a weight of an option": lambda raw: node(raw, "weak_points")["rule"]["weights"].update(A=1),
    "a weight of a measure": lambda raw: node(raw, "chain").update(weight=11),
    "the maximum": lambda raw: raw["tree"].update(maximum=200),
    "a way to combine": lambda raw: node(raw, "chain").update(combine="sum"),
    "a threshold": lambda raw: raw["ladder"]["steps"][0]["conditions"][0].update(points="30.001"),
    "a count of scenes": lambda raw: raw["ladder"]["steps"][1]["conditions"][1].update(count=2),
    "how levels are reached": lambda raw: raw["ladder"].update(reached="highest"),
    "an edge of a band": lambda raw: item(raw, "share")["figures"]["bands"].update(edges=["0.10", "0.51"]),
    "the closed end of a band": lambda raw: item(raw, "share")["figures"]["bands"].update(closed="upper"),
    "a year more": lambda raw: item(raw, "share")["figures"]["value"].update(years=[0, -1]),
    "how many years are enough": lambda raw: item(raw, "share")["figures"]["value"].update(at_least=1),
    "an option that stands alone": lambda raw: item(raw, "several")["options"][0].update(exclusive=False),
    "what an option requires": lambda raw: item(raw, "several")["options"][3].update(requires=["B"]),
    "a constrained scene": lambda raw: item(raw, "z").update(constrained=True),
    "the level a check asks for": lambda raw: raw["checks"][0]["conditions"][0].update(level=1),
    "a name of an option": lambda raw: (
        item(raw, "weak")["options"][1].update(id="Z"),
        node(raw, "weak_points")["rule"].update(weights={"A": 0, "Z": 100}),
    ),
}


def sums(change: Any) -> tuple[bool, bool]:
    """Whether the rules and whether the texts are still the same after a change."""
    raw = made.plain("small")
    change(raw)
    changed = made.loaded(raw)
    return changed.rules_checksum == SMALL.rules_checksum, changed.texts_checksum == SMALL.texts_checksum


@pytest.mark.parametrize("change", WORDING)
def test_wording_changes_the_texts_and_not_the_rules(change: str) -> None:
    assert sums(WORDING[change]) == (True, False)


@pytest.mark.parametrize("change", RULES)
def test_a_rule_changes_the_rules_and_not_the_texts(change: str) -> None:
    assert sums(RULES[change]) == (False, True)


def test_reading_the_same_again_changes_neither() -> None:
    assert sums(lambda raw: None) == (True, True)


def test_the_order_of_keys_does_not_matter() -> None:
    assert sums(lambda raw: raw.update(ladder=dict(reversed(raw["ladder"].items())))) == (True, True)


def test_the_rules_of_the_released_edition_never_change() -> None:
    """Scorecards and published instruments name this sum; texts may be corrected, rules may not."""
    released = "938b7af4063e19355fa88cb1b3b47ec406fb91590ba8426cb53f1b693fa0ccfb"
    assert catalogue.builtin("digital", "2024").rules_checksum == released
