"""An instrument: one immutable version of a questionnaire, with its two checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from questionnaires.facts import FactKind
from questionnaires.items import Item, Scene
from questionnaires.text import Strict, Text, is_text

# What changes a result when it changes; everything else is wording or provenance.
PROVENANCE = {"source", "confidence", "requires_source", "requires_confidence", "title_confidence", "number"}


class Basis(Strict):
    """The document a questionnaire rests on; `standing` says whether it is official or made in-house."""

    title: Text
    number: str
    date: str
    standing: Literal["official", "in-house"]
    source: str
    confidence: str


class Scope(Strict):
    """For which industries (GB/T 4754 section letters) it is written, and what others are told."""

    industries: tuple[str, ...]
    outside: Text
    source: str
    confidence: str

    def covers(self, industry_section: str) -> bool:
        return not self.industries or industry_section in self.industries


class Conflict(Strict):
    """Where sources disagree and what this file follows."""

    about: Text
    decided: Text
    source: str
    confidence: str


class Section(Strict):
    """A page for people."""

    id: str
    title: Text
    about: Text
    items: tuple[Item, ...]


class Instrument(Strict):
    """One version of a questionnaire. `tree`, `ladder` and `checks` are plain data that the scoring package reads."""

    schema_version: Literal[1] = Field(alias="schema")
    questionnaire: str
    version: str
    title: Text
    field: str
    basis: Basis
    scope: Scope
    sources: dict[str, Text]
    conflicts: tuple[Conflict, ...] = ()
    facts: tuple[FactKind, ...] = ()
    groups: dict[str, Text] = Field(default_factory=dict)
    sections: tuple[Section, ...]
    tree: dict[str, Any]
    ladder: dict[str, Any]
    checks: tuple[dict[str, Any], ...] = ()

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """All items by id, in the order they are asked."""
        return {item.id: item for section in self.sections for item in section.items}

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        return tuple(item for item in self.items.values() if isinstance(item, Scene))

    @cached_property
    def fact_kinds(self) -> Mapping[str, FactKind]:
        return {kind.id: kind for kind in self.facts}

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)

    def to_json(self) -> str:
        """Canonical JSON: the same instrument always gives the same text."""
        return _canonical(self.model_dump(mode="json", by_alias=True))

    @cached_property
    def rules_checksum(self) -> str:
        """SHA-256 over ids, routes, points and conditions: everything that can change a result."""
        return _checksum(_without(self.model_dump(mode="json", by_alias=True), texts=False))

    @cached_property
    def texts_checksum(self) -> str:
        """SHA-256 over all wording and its provenance."""
        return _checksum(_without(self.model_dump(mode="json", by_alias=True), texts=True))


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _checksum(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


def _without(value: Any, *, texts: bool) -> Any:
    """The same structure with only the texts and their provenance (`texts`), or with all but these."""
    if isinstance(value, list):
        return [_without(entry, texts=texts) for entry in value]
    if not isinstance(value, dict) or is_text(value):
        return value if is_text(value) == texts else None
    return {
        key: entry if key in PROVENANCE else _without(entry, texts=texts)
        for key, entry in value.items()
        if (key not in PROVENANCE or texts) and (texts or not is_text(entry))
    }
