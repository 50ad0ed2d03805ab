"""One section of a submission as it stands, with as much of the rest as its page depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from flask import abort

from questionnaires.answers import derive, settled
from questionnaires.figures import Change, Facts
from questionnaires.given import Given
from questionnaires.instrument import CrossCheck, Instrument, Section
from questionnaires.items import Item, Response, Single, figures_asked
from questionnaires.needed import figures_needed
from questionnaires.references import items_in
from questionnaires.routes import asked, travelled
from questionnaires.statements import Compare, nested
from survey.answering import queries
from survey.answering.queries import Begun, Kept, Page
from survey.database import reading
from survey.publishing.queries import instrument_with


@dataclass(frozen=True)
class Work:
    """A section of a submission as it stands. `others` are the responses of the other sections, where they matter."""

    submission: Begun
    instrument: Instrument
    section: Section
    page: Page
    known: dict[tuple[str, int], Kept] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    others: Mapping[str, Response] = field(default_factory=dict)

    @classmethod
    def load(cls, public_id: str, section_id: str, permission: str) -> Work:
        """Reads what the page needs; 404 for a section that the questionnaire does not have."""
        submission, page = queries.begun_page(public_id, section_id, permission)
        checksums = (submission.rules_checksum, submission.texts_checksum)
        instrument = instrument_with(reading(), submission.instrument_id, *checksums)
        section = instrument.section(section_id) or abort(404)
        needs = ties(instrument)
        return cls(
            submission=submission,
            instrument=instrument,
            section=section,
            page=page,
            known=queries.figures(reading(), submission.organisation_id) if section.id in needs.figures else {},
            notes=queries.notes(reading(), submission.id) if section.id in needs.reasons else {},
            others=_others(submission.id, section.id) if section.id in needs.others else {},
        )

    @property
    def year(self) -> int:
        return self.submission.reference_year

    @property
    def data(self) -> dict[str, Any]:
        """The section as it is stored."""
        return queries.page_data(self.page.responses, self.page.open)

    def given(self, responses: Mapping[str, Response], facts: Facts) -> Given:
        """Everything on the route, with these responses in this section and these figures."""
        derived = derive(self.instrument.items.values(), self.instrument, facts, self.year) if facts else {}
        both = settled(self.instrument, {**self.others, **responses}, derived)
        return travelled(self.instrument, both, facts, self.year)

    @cached_property
    def before(self) -> Given:
        """Everything on the route as it is stored."""
        return self.given(self.page.responses, queries.values(self.known))

    @property
    def ties(self) -> Ties:
        return ties(self.instrument)

    @cached_property
    def items(self) -> frozenset[str]:
        return frozenset(item.id for item in self.section.items)

    @property
    def seen(self) -> frozenset[str]:
        """The items of this section that were asked as it is stored."""
        return self.shown(self.before) if self.instrument.has_routes else self.items

    def shown(self, given: Given) -> frozenset[str]:
        """The items of this section that are asked."""
        return self.items & asked(given) if self.instrument.has_routes else self.items


def _others(submission_id: int, section: str) -> dict[str, Response]:
    stored = queries.pages(reading(), submission_id)
    return {
        item: response for name, page in stored.items() if name != section for item, response in page.responses.items()
    }


# -- what depends on what ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ties:
    """What the pages of an instrument depend on. The first three hold ids of sections, the others of items.

    `figures`, `reasons`, `others`: sections whose page needs figures, reasons, answers of other sections.
    `steered`: items whose route depends on something that is asked on their own page; `steering`: what does so.
    `explained`: items at which a reason may be asked for. `anchored`: cross checks by the section of their item;
    `here`: those of them that can be decided and mended on that page alone.
    """

    figures: frozenset[str]
    reasons: frozenset[str]
    others: frozenset[str]
    steered: frozenset[str]
    steering: frozenset[str]
    explained: frozenset[str]
    anchored: Mapping[str, tuple[CrossCheck, ...]]
    here: Mapping[str, tuple[CrossCheck, ...]]


_ties: Final[dict[str, Ties]] = {}


def ties(instrument: Instrument) -> Ties:
    """Worked out once for each instrument."""
    if instrument.rules_checksum not in _ties:
        _ties[instrument.rules_checksum] = _worked_out(instrument)
    return _ties[instrument.rules_checksum]


def _worked_out(instrument: Instrument) -> Ties:
    sections = instrument.sections
    checked = {check.item for check in instrument.cross_checks}
    explained = {check.item for check in instrument.cross_checks if check.severity == "warning"}
    explained |= {item.id for item in instrument.items.values() if _questions_a_choice(item)}
    tied = {section.id for section in sections if instrument.has_routes or _has(section, checked)}
    steered, steering = set[str](), set[str]()
    for section in sections:
        for item in section.items:
            by = _steering(item, section, instrument)
            steered.update({item.id} if by else ())
            steering |= by
    return Ties(
        figures=frozenset({section.id for section in sections if _figures_of(section)} | tied),
        reasons=frozenset(section.id for section in sections if _has(section, explained)),
        others=frozenset(tied),
        steered=frozenset(steered),
        steering=frozenset(steering),
        explained=frozenset(explained),
        anchored={
            section.id: tuple(check for check in instrument.cross_checks if _has(section, {check.item}))
            for section in sections
        },
        here={section.id: tuple(_spoken_of_here(section, instrument)) for section in sections},
    )


def _has(section: Section, items: set[str]) -> bool:
    return any(item.id in items for item in section.items)


def _figures_of(section: Section) -> set[tuple[str, int]]:
    return {figure for item in section.items for figure in figures_asked(item)}


def _questions_a_choice(item: Item) -> bool:
    return isinstance(item, Single) and isinstance(item.figures, Change)


def _steering(item: Item, section: Section, instrument: Instrument) -> set[str]:
    """The items of its own page that decide whether an item is asked, by their answers or by their figures."""
    if item.when is None:
        return set()
    items, figures = _read(item.when, instrument)
    return {each.id for each in section.items if each.id in items or figures.intersection(figures_asked(each))}


def _spoken_of_here(section: Section, instrument: Instrument) -> Iterator[CrossCheck]:
    """The checks that can be decided on this page, and mended there."""
    mine, asked_here = {item.id for item in section.items}, _figures_of(section)
    for check in instrument.cross_checks:
        items, figures = _read(check.fails_if, instrument)
        if check.item in mine and items <= mine and figures <= asked_here:
            yield check


def _read(statement: Any, instrument: Instrument) -> tuple[set[str], set[tuple[str, int]]]:
    """The items whose answers a statement looks at, and the figures: kind, and offset of the year."""
    named = {name: derivation.calculation for name, derivation in instrument.values.items()}
    items, figures = set[str](), set[tuple[str, int]]()
    for part in nested(statement):
        items.update(items_in(part, instrument))
        if isinstance(part, Compare):
            for value in (part.value, *part.bounds().values()):
                figures.update(figures_needed(value, named))
    return items, figures
