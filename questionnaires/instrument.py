"""An instrument: one immutable version of a questionnaire, with its two checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field

from questionnaires.facts import FactKind
from questionnaires.items import Item, Scene
from questionnaires.text import Strict, Text, is_text

# What lies under these keys cannot change a result, and no text can; everything else can.
PROVENANCE: Final = frozenset(
    {
        "basis",
        "confidence",
        "number",
        "requires_confidence",
        "requires_source",
        "source",
        "title_confidence",
    }
)


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
        return _checksum(self, wording=False)

    @cached_property
    def texts_checksum(self) -> str:
        """SHA-256 over all wording and its provenance."""
        return _checksum(self, wording=True)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _checksum(instrument: Instrument, *, wording: bool) -> str:
    """Over every value with its place, those that are wording or all others; what is not given has no place."""
    places = [(path, value) for path, value, is_wording in _values(instrument) if is_wording is wording]
    return hashlib.sha256(_canonical(sorted(places, key=lambda place: place[0])).encode()).hexdigest()


def _values(instrument: Instrument) -> Iterator[tuple[str, Any, bool]]:
    """Every text, number and name, its path, and whether it is wording or provenance."""
    waiting: list[tuple[str, Any, bool]] = [("", instrument.model_dump(mode="json", by_alias=True), False)]
    while waiting:
        path, value, wording = waiting.pop()
        if isinstance(value, list):
            waiting.extend((f"{path}/{place}", entry, wording) for place, entry in enumerate(value))
        elif isinstance(value, dict) and not is_text(value):
            waiting.extend((f"{path}/{key}", entry, wording or key in PROVENANCE) for key, entry in value.items())
        elif value is not None:
            yield path, value, wording or is_text(value)
