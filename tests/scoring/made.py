"""Small definitions for tests: plain data that a test changes in one place, read by the real loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from questionnaires import catalogue
from questionnaires.faults import DefinitionError
from questionnaires.instrument import Instrument
from scoring import Scorer, scorer_for

DEFINITIONS = Path(__file__).parent / "definitions"


def plain(name: str) -> dict[str, Any]:
    """A definition of this folder as plain data."""
    raw: dict[str, Any] = yaml.safe_load((DEFINITIONS / f"{name}.yaml").read_text(encoding="utf-8"))
    return raw


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def text(raw: dict[str, Any]) -> str:
    """The definition as YAML."""
    return yaml.dump(raw, Dumper=_Plain, allow_unicode=True, sort_keys=False)


def loaded(raw: dict[str, Any]) -> Instrument:
    """The instrument, written as YAML and read by the loader."""
    return catalogue.parse(text(raw))


def scorer(name: str) -> Scorer:
    return scorer_for(catalogue.load(DEFINITIONS / f"{name}.yaml"))


def scorer_of(raw: dict[str, Any]) -> Scorer:
    return scorer_for(loaded(raw))


def faults(raw: dict[str, Any]) -> dict[str, str]:
    """Path and code of every fault of a definition, by the loader or else by the scorer."""
    try:
        scorer_for(loaded(raw))
    except DefinitionError as error:
        return {fault.path: fault.code for fault in error.faults}
    return {}


def item(raw: dict[str, Any], item_id: str) -> dict[str, Any]:
    return next(item for section in raw["sections"] for item in section["items"] if item["id"] == item_id)


def node(raw: dict[str, Any], node_id: str) -> dict[str, Any]:
    waiting = [raw["tree"]]
    while waiting:
        found: dict[str, Any] = waiting.pop()
        if found["id"] == node_id:
            return found
        waiting.extend(found.get("children", []))
    raise KeyError(node_id)
