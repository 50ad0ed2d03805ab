"""The checking page: every answer as it was handed in, with what stands out, what changed, and the faults found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import Answers, derive
from questionnaires.instrument import Instrument
from questionnaires.items import Item
from questionnaires.routes import asked
from scoring.quality import Note
from survey.answering import queries as answering
from survey.answering.figures import echoes
from survey.answering.queries import Kept, responses_from
from survey.evidence import keeping
from survey.models import Snapshot, SnapshotNote, Submission
from survey.organisations.figures import Asked, Key, label, said
from survey.organisations.sources import SOURCES, TYPED
from survey.publishing.queries import instrument as instrument_in
from survey.publishing.references import thawed
from survey.reviews import queries
from survey.reviews.faults import KINDS, about_name, figure_key, figures_of, home_of, item_name
from survey.reviews.queries import Fault


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure behind an answer. `source`: where it comes from, empty if the firm has changed it since."""

    key: str
    label: str
    value: str
    source: str
    before: str | None


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault, ready for the page."""

    public_id: str
    about: str
    kind: str
    text: str
    by: str
    at: Any


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `before` is what was answered the time before, where that differs; None where it does not.

    `asked_before` is what the office asked to be mended there.
    """

    item: str
    name: str
    question: str
    answers: list[str]
    echoes: list[str]
    reason: str
    figures: list[FigureLine]
    notes: list[str]
    faults: list[FaultLine]
    asked_before: list[FaultLine]
    before: list[str] | None
    evidence: int

    @property
    def changed(self) -> bool:
        """Whether the answer or a figure differs from the time before."""
        return self.before is not None or any(each.before is not None for each in self.figures)

    @property
    def stands_out(self) -> bool:
        return bool(self.faults or self.asked_before or self.changed)


@dataclass(frozen=True)
class Handed:
    """What one snapshot holds, by item."""

    snapshot: Snapshot
    instrument: Instrument
    reasons: Mapping[str, str]

    @cached_property
    def facts(self) -> dict[Key, int]:
        return {(fact["id"], int(fact["year"])): int(fact["value"]) for fact in self.snapshot.facts}

    @cached_property
    def answers(self) -> Answers:
        responses = responses_from({"responses": self.snapshot.responses})
        references = thawed(self.snapshot.reference_values)
        return Answers(responses, self.facts, self.snapshot.reference_year, self.reasons, references)

    @cached_property
    def given(self) -> Any:
        return self.answers.given(self.instrument)

    @cached_property
    def asked(self) -> frozenset[str]:
        return asked(self.given)

    @cached_property
    def derived(self) -> Any:
        return derive(self.instrument.items.values(), self.instrument, self.facts, self.snapshot.reference_year)

    def words(self, item: Item, language: str) -> list[str]:
        response = self.answers.responses.get(item.id)
        return item.words(response, language) if response is not None else []


def handed(session: Session, snapshot: Snapshot) -> Handed:
    query = sa.select(SnapshotNote.item, SnapshotNote.text).where(SnapshotNote.snapshot_id == snapshot.id)
    reasons = {item: text for item, text in session.execute(query)}  # noqa: C416  # rows unpack, dict() would not type
    return Handed(snapshot, instrument_in(session, snapshot.instrument_id), reasons)


@dataclass(frozen=True)
class Page:
    """Sections with title and lines; `general` are faults about the whole, or about what is not asked any more."""

    sections: list[tuple[str, list[Line]]]
    general: list[FaultLine]
    general_before: list[FaultLine]
    notes: list[tuple[str, list[Line]]]

    @property
    def lines(self) -> list[Line]:
        return [line for _title, lines in self.sections for line in lines]

    @property
    def first(self) -> list[Line]:
        """What to look at first, besides what raises a question."""
        return [line for line in self.lines if line.stands_out]


def page(
    session: Session, submission: Submission, snapshots: Sequence[Snapshot], faults: Sequence[Fault], language: str
) -> Page:
    """The last of these snapshots, beside the one before it where there is one."""
    now = handed(session, snapshots[-1])
    before = handed(session, snapshots[-2]) if len(snapshots) > 1 else None
    known = answering.figures(session, submission.organisation_id)
    earlier = queries.faults(session, snapshots[-2].id) if before else []
    evidence, notes = keeping.counts(session, submission.id), _notes(now, language)
    lines = _Lines(now, before, known, faults, earlier, notes, evidence, language)
    sections = [
        (section.title.say(language), [lines.line(item) for item in section.items if item.id in now.asked])
        for section in now.instrument.sections
    ]
    shown = [line for _title, found in sections for line in found]
    homes = {line.item for line in shown}
    return Page(
        sections=[(title, found) for title, found in sections if found],
        general=[lines.fault(each) for each in faults if lines.home(each) not in homes],
        general_before=[lines.fault(each) for each in earlier if lines.home(each) not in homes],
        notes=[(text, [line for line in shown if line.item in items]) for items, text in notes],
    )


def _notes(now: Handed, language: str) -> list[tuple[tuple[str, ...], str]]:
    """What stood out when it was handed in: the items and the question."""
    kept = [Note.model_validate(each) for each in now.snapshot.quality_notes or ()]
    return [(note.items, note.sentence(language)) for note in kept]


@dataclass(frozen=True)
class _Lines:
    """Makes the lines of one page."""

    now: Handed
    earlier: Handed | None
    known: Mapping[Key, Kept]
    faults: Sequence[Fault]
    mended: Sequence[Fault]
    notes: Sequence[tuple[tuple[str, ...], str]]
    evidence: Mapping[str, int]
    language: str

    def line(self, item: Item) -> Line:
        return Line(
            item=item.id,
            name=item_name(item, self.language),
            question=item.label.say(self.language),
            answers=self.now.words(item, self.language),
            echoes=echoes(item, self.now.given, self.now.derived.get(item.id), self.language),
            reason=self.now.reasons.get(item.id, ""),
            figures=[self.figure(key) for key in figures_of(item, self.now.snapshot.reference_year) if self.has(key)],
            notes=[text for items, text in self.notes if item.id in items],
            faults=[self.fault(each) for each in self.faults if self.home(each) == item.id],
            asked_before=[self.fault(each) for each in self.mended if self.home(each) == item.id],
            before=self.before(item),
            evidence=self.evidence.get(item.id, 0),
        )

    def has(self, key: Key) -> bool:
        return key in self.now.facts or (self.earlier is not None and key in self.earlier.facts)

    def before(self, item: Item) -> list[str] | None:
        """What was answered the time before: empty where it was left open or not asked, None where nothing changed."""
        if self.earlier is None:
            return None
        words = self.earlier.words(item, self.language)
        return None if words == self.now.words(item, self.language) else words

    def figure(self, key: Key) -> FigureLine:
        kind, value = self.now.instrument.fact_kinds[key[0]], self.now.facts.get(key)
        before = None
        if self.earlier is not None and self.earlier.facts.get(key) != value:
            before = said(kind, self.earlier.facts.get(key))
        name = label(Asked(kind, key[1]), self.language)
        return FigureLine(figure_key(*key), name, said(kind, value), self._source(key), before)

    def _source(self, key: Key) -> str:
        stored = self.known.get(key)
        if stored is None or stored.value != self.now.facts.get(key) or stored.source in ("", TYPED):
            return ""
        return str(SOURCES.get(stored.source, stored.source))

    def home(self, fault: Fault) -> str:
        return home_of(fault.about, self.now.instrument, self.now.snapshot.reference_year)

    def fault(self, fault: Fault) -> FaultLine:
        about = about_name(fault.about, self.now.instrument, self.language)
        return FaultLine(fault.public_id, about, str(KINDS.get(fault.kind, fault.kind)), fault.text, fault.by, fault.at)
