"""All that is to be verified on a visit: each item on the route, what was stated, what speaks for it, what was found.

Items are numbered through, in the order of the questionnaire, so that a printed form is typed in quickly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.answers import Answers, Cleaned, is_answered
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item, Response, Scene, figures_asked
from scoring import quality
from survey.answering.figures import asked_by
from survey.evidence import keeping
from survey.models import Evidence, Snapshot, SnapshotNote, Visit, VisitValue
from survey.organisations.figures import UNIT_NAMES, Figure, first_unit, in_unit, label
from survey.publishing.queries import instrument as instrument_in
from survey.reviews.queries import remarks_for_verification
from survey.verification.overlay import Found, Key, figure_name, overlaid, stated


@dataclass(frozen=True)
class Case:
    """A visit with everything it is about: the questionnaire, what the firm stated, what was found so far."""

    visit: Visit
    instrument: Instrument
    stated: Answers
    findings: Mapping[str, Found]
    notes: tuple[quality.Note, ...] = ()
    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)
    remarks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def result(self) -> Cleaned:
        """The answers that hold as far as was found."""
        return overlaid(self.instrument, self.stated, self.findings)

    @cached_property
    def stated_items(self) -> frozenset[str]:
        """What was asked of the firm, by its own answers."""
        return overlaid(self.instrument, self.stated, {}).asked

    def asked(self, section: Section) -> list[Item]:
        """The items of a section that are to be verified, by what holds so far."""
        return [item for item in section.items if item.id in self.result.asked]

    @cached_property
    def sections(self) -> list[Section]:
        return [section for section in self.instrument.sections if self.asked(section)]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each item's place on the route."""
        items = (item.id for section in self.sections for item in self.asked(section))
        return {item: place for place, item in enumerate(items, 1)}

    @cached_property
    def homes(self) -> dict[Key, str]:
        """The first item that asks for each figure: its finding is that of the figure as well."""
        found: dict[Key, str] = {}
        for section in self.sections:
            for item in self.asked(section):
                for kind, offset in figures_asked(item):
                    found.setdefault((kind, self.stated.reference_year + offset), item.id)
        return found

    @property
    def missing(self) -> list[str]:
        """The items on the route that have no finding yet."""
        return [item for item in self.numbers if item not in self.findings]

    def done(self, section: Section) -> int:
        return sum(item.id in self.findings for item in self.asked(section))

    def is_new(self, item: str) -> bool:
        """Whether it is asked only because of what was found."""
        return item not in self.stated_items


def case(session: Session, visit: Visit) -> Case:
    """The visit as it stands, with quality signs and evidence."""
    snapshot = visit.snapshot
    return Case(
        visit,
        instrument_in(session, snapshot.instrument_id),
        stated(snapshot, reasons_of(session, snapshot)),
        findings(session, visit.id),
        tuple(quality.Note.model_validate(note) for note in snapshot.quality_notes or ()),
        keeping.of_submission(session, visit.submission_id),
        remarks(session, visit.submission_id),
    )


def remarks(session: Session, submission_id: int) -> dict[str, list[str]]:
    """What the office noted for who visits when it accepted, by item; not for the firm. Under "" about the whole."""
    found: dict[str, list[str]] = {}
    for each in remarks_for_verification(session, submission_id):
        found.setdefault(each.about or "", []).append(each.text)
    return found


def reasons_of(session: Session, snapshot: Snapshot) -> dict[str, str]:
    """The firm's own words, by item."""
    query = sa.select(SnapshotNote.item, SnapshotNote.text).where(SnapshotNote.snapshot_id == snapshot.id)
    return {item: text for item, text in session.execute(query)}  # noqa: C416  # rows unpack, dict() would not type


def findings(session: Session, visit_id: int) -> dict[str, Found]:
    rows = session.scalars(sa.select(VisitValue).where(VisitValue.visit_id == visit_id))
    return {row.item: Found(row.finding, row.value, tuple(row.seen or ()), row.reason or "") for row in rows}


# -- in words ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `stated` and `found` are answers in words; `signs` the questions that the answers raise here.

    `remarks` are the office's, for who visits and who checks alone.
    """

    item: str
    number: int
    own_number: str
    name: str
    label: str
    stated: list[str]
    found: list[str]
    finding: Found | None
    reason: str
    signs: list[str]
    evidence: Sequence[Evidence]
    new: bool
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Group:
    """One section of the questionnaire with its items; `done` of them have a finding."""

    id: str
    title: str
    lines: list[Line]
    done: int


def groups(told: Case, language: str) -> list[Group]:
    """Everything to be verified, by section."""
    return [
        Group(
            section.id,
            section.title.say(language),
            [line(told, item, language) for item in told.asked(section)],
            told.done(section),
        )
        for section in told.sections
    ]


def line(told: Case, item: Item, language: str) -> Line:
    return Line(
        item=item.id,
        number=told.numbers[item.id],
        own_number=_("Scene %(number)s", number=item.number) if isinstance(item, Scene) else item.number,
        name=item.short.say(language),
        label=item.label.say(language),
        stated=[] if told.is_new(item.id) else words(item, told.stated, told.instrument, language),
        found=words(item, told.result.answers, told.instrument, language) if item.id in told.findings else [],
        finding=told.findings.get(item.id),
        reason=told.stated.reasons.get(item.id, ""),
        signs=[note.sentence(language) for note in told.notes if item.id in note.items],
        evidence=told.evidence.get(item.id, ()),
        new=told.is_new(item.id),
        remarks=[text for name in (item.id, *figure_names(told, item.id)) for text in told.remarks.get(name, ())],
    )


def words(item: Item, answers: Answers, instrument: Instrument, language: str) -> list[str]:
    """An answer with the figures behind it; says so where something is left open."""
    response: Response | None = answers.responses.get(item.id)
    said = list(item.words(response, language)) if response is not None else []
    said += list(_figures(item, answers, instrument, language))
    return said if is_answered(item, answers) else [*said, _("left open")]


def _figures(item: Item, answers: Answers, instrument: Instrument, language: str) -> Iterator[str]:
    for group in asked_by(item, instrument, answers.reference_year).values():
        for asked in group:
            value = answers.facts.get(asked.key)
            if value is not None:
                unit = first_unit(asked.kind)
                amount = f"{in_unit(asked.kind, Figure(value, unit))} {UNIT_NAMES[unit]}"
                yield _("%(name)s: %(value)s", name=label(asked, language), value=amount)


def figure_names(told: Case, item: str) -> list[str]:
    """The figures whose finding is given with this item."""
    return [figure_name(key) for key, home in told.homes.items() if home == item]
