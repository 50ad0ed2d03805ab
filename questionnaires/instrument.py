"""An instrument: one immutable version of a questionnaire, with its two checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any, Final, Literal

from pydantic import Field

from questionnaires.exact import Exact, Rational
from questionnaires.facts import FactKind
from questionnaires.items import Item, Scene, figures_asked, may_not_apply
from questionnaires.ready import Ready, ready
from questionnaires.statements import Statement
from questionnaires.text import Strict, Text, is_text
from questionnaires.values import Value

# What lies under these keys cannot change a result, and no text can; everything else can.
PROVENANCE: Final = frozenset(
    {
        "basis",
        "confidence",
        "effort",
        "number",
        "quality",
        "requires_confidence",
        "requires_source",
        "source",
        "title_confidence",
        "work",
    }
)
# The keys below these are names out of the definition, whatever they spell.
NAMED: Final = frozenset({"if", "rows", "values", "weights"})


class Basis(Strict):
    """The document a questionnaire rests on; `standing` says whether it is official or made in-house."""

    title: Text
    number: str = ""
    date: str = ""
    standing: Literal["official", "in-house"]
    source: str = ""
    confidence: str = ""


class Scope(Strict):
    """For which industries (GB/T 4754 section letters) it is written, and what others are told."""

    industries: tuple[str, ...] = ()
    outside: Text = Text()
    source: str = ""
    confidence: str = ""

    def covers(self, industry_section: str) -> bool:
        return not self.industries or industry_section in self.industries


class Conflict(Strict):
    """Where sources disagree and what this file follows."""

    about: Text
    decided: Text
    source: str
    confidence: str


class Derivation(Strict):
    """A value worked out from answers and figures, under a name; shown `times` its size, in `unit`."""

    title: Text
    unit: Text | None = None
    times: Exact = Rational(1)
    calculation: Value = Field(alias="is")


class ReferenceAsked(Strict):
    """A pair of values, base and lead, that the city enters for each industry."""

    id: str
    title: Text
    unit: Text
    better: Literal["lower", "higher"]
    about: Text | None = None
    source: str
    confidence: str


class CrossCheck(Strict):
    """Answers and figures that do not fit together. An `error` must be mended, a `warning` needs a reason at `item`."""

    id: str
    item: str
    fails_if: Statement
    severity: Literal["error", "warning"]
    message: Text


class Contradiction(Strict):
    """Answers that are possible but odd: put to the firm as a question before it submits."""

    id: str
    items: tuple[str, ...]
    if_: Statement = Field(alias="if")
    question: Text


class Plausible(Strict):
    """A value that is mostly wrong where it lies outside the bounds."""

    id: str
    value: Value
    at_least: Exact | None = None
    at_most: Exact | None = None
    question: Text


class StraightLining(Strict):
    """How many items in a row may be answered alike before it is asked about."""

    longest: int = Field(ge=2)


class Quality(Strict):
    """What is asked about before submitting, and kept for reviewers. It never changes a score."""

    contradictions: tuple[Contradiction, ...] = ()
    plausible: tuple[Plausible, ...] = ()
    straight_lining: StraightLining | None = None


class Section(Strict):
    """A page for people. With `when`, it is asked only where that holds."""

    id: str
    title: Text
    about: Text = Text()
    when: Statement | None = None
    items: tuple[Item, ...]


class Instrument(Strict):
    """One version of a questionnaire. `tree`, `ladder` and `checks` are plain data that the scoring package reads.

    Without `tree` nothing earns points, without `ladder` there is no level.
    """

    schema_version: Literal[1] = Field(alias="schema")
    questionnaire: str
    version: str
    title: Text
    field: str
    basis: Basis
    scope: Scope = Scope()
    sources: dict[str, Text] = Field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    facts: tuple[FactKind, ...] = ()
    groups: dict[str, Text] = Field(default_factory=dict)
    values: dict[str, Derivation] = Field(default_factory=dict)
    references: tuple[ReferenceAsked, ...] = ()
    sections: tuple[Section, ...]
    cross_checks: tuple[CrossCheck, ...] = ()
    quality: Quality | None = None
    tree: dict[str, Any] | None = None
    ladder: dict[str, Any] | None = None
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

    @cached_property
    def has_routes(self) -> bool:
        """Whether anything is asked of some firms only."""
        return any(section.when or any(item.when for item in section.items) for section in self.sections)

    @cached_property
    def route_plan(self) -> tuple[tuple[Ready | None, tuple[tuple[Ready | None, tuple[str, ...]], ...]], ...]:
        """For each section its `when`, and those of the items that it asks of some only, ready to be judged.

        Items one after the other with the same `when` stand together: it speaks of nothing but what is before them.
        """
        plan = []
        for section in self.sections:
            some = groupby((item for item in section.items if section.when or item.when), lambda item: item.when)
            together = tuple((self._ready(when), tuple(item.id for item in items)) for when, items in some)
            if together:
                plan.append((self._ready(section.when), together))
        return tuple(plan)

    def _ready(self, when: Statement | None) -> Ready | None:
        return None if when is None else ready(when, self)

    @cached_property
    def figures_asked(self) -> frozenset[tuple[str, int]]:
        """Every figure that an item asks for: kind, and offset of the year."""
        return frozenset(figure for item in self.items.values() for figure in figures_asked(item))

    @cached_property
    def asking(self) -> Mapping[tuple[str, int], tuple[str, ...]]:
        """By figure (kind, and offset of the year) the items that ask for it."""
        found: dict[tuple[str, int], dict[str, None]] = {}
        for item in self.items.values():
            for figure in figures_asked(item):
                found.setdefault(figure, {})[item.id] = None
        return {figure: tuple(items) for figure, items in found.items()}

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The items that may not apply to a firm: those not asked of all, and those it may say so of."""
        return frozenset(
            item.id
            for section in self.sections
            for item in section.items
            if section.when or item.when or may_not_apply(item)
        )

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
        elif isinstance(value, dict) and ((names := path.rpartition("/")[2] in NAMED) or not is_text(value)):
            waiting.extend(
                (f"{path}/{key}", entry, wording or (key in PROVENANCE and not names)) for key, entry in value.items()
            )
        elif value is not None:
            yield path, value, wording or is_text(value)
