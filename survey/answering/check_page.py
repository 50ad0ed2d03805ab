"""The check before submitting: all answers that count, what is missing or does not fit, and what looks odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.answers import is_answered
from questionnaires.facts import FactKind
from questionnaires.faults import sentence
from questionnaires.given import Given
from questionnaires.instrument import Instrument
from questionnaires.items import FigureItem, Item, Scene, figures_asked
from scoring import quality
from survey.answering import figures, queries
from survey.answering.hub import in_scope, mark
from survey.answering.queries import Whole
from survey.answering.returned import Returned, returned
from survey.models import Submission
from survey.organisations.figures import UNIT_NAMES, Figure, first_unit, in_unit, label
from survey.publishing.queries import instrument as instrument_in


@dataclass(frozen=True, slots=True)
class Line:
    """One item on the check page."""

    item: str
    number: str
    name: str
    answers: list[str]
    echoes: list[str]
    reason: str
    open: bool
    missing: bool
    fault: str | None
    href: str


@dataclass(frozen=True, slots=True)
class Note:
    """One question about the answers, with links (name, address) to the items it is about."""

    text: str
    links: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Check:
    """All answers by section, and whether they can be submitted. `mark` tells this state from any later one.

    `unasked` counts the questions that are not asked of this firm; `scored`: whether points or a level come out.
    """

    sections: list[tuple[str, str, list[Line]]]
    missing: int
    faulty: int
    open: int
    unasked: int
    notes: list[Note]
    scored: bool
    field: str
    mark: str
    outside: str
    returned: Returned | None = None

    @property
    def ready(self) -> bool:
        return not self.missing and not self.faulty

    @property
    def first(self) -> str:
        """Where the first thing to do is."""
        lines = (line for _title, _href, lines in self.sections for line in lines)
        return next((line.href for line in lines if line.missing or line.fault), "")


def check(session: Session, submission: Submission, language: str) -> Check:
    """The page as the answers stand; only what is asked of the firm is on it."""
    instrument = instrument_in(session, submission.campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, submission.campaign.round.reference_year)
    given = whole.answers.given(instrument)
    listed = _listed(submission, given, whole, language)
    lines = [line for _title, _href, lines in listed for line in lines]
    return Check(
        sections=listed,
        missing=sum(line.missing for line in lines),
        faulty=sum(line.fault is not None for line in lines),
        open=sum(line.open for line in lines),
        unasked=len(given.off),
        notes=_notes(instrument, whole, {line.item: line for line in lines}, language),
        scored=scored(instrument),
        field=instrument.field,
        mark=mark(whole, instrument),
        outside="" if in_scope(submission, instrument) else instrument.scope.outside.say(language),
        returned=returned(
            session, submission, instrument, given.year, whole.cleaned.asked, datetime.now(UTC), language
        ),
    )


def scored(instrument: Instrument) -> bool:
    """Whether answers lead to points, a level or a verdict at all."""
    return bool(instrument.tree or instrument.ladder or instrument.checks)


def _listed(submission: Submission, given: Given, whole: Whole, language: str) -> list[tuple[str, str, list[Line]]]:
    """Title, address and lines of each section that asks anything."""
    faults, found = faults_by_item(whole, given.instrument, language), []
    for section in given.instrument.sections:
        href = url_for("answering.section", submission_id=submission.public_id, section_id=section.id)
        lines = [_line(href, item, whole, given, faults, language) for item in whole.asked(section)]
        if lines:
            found.append((section.title.say(language), href, lines))
    return found


def faults_by_item(whole: Whole, instrument: Instrument, language: str) -> dict[str, str]:
    """What is wrong, by the item where it can be mended; for a figure that is the first item that asks it."""
    found: dict[str, str] = {}
    for fault in whole.cleaned.faults:
        _kind, _dot, rest = fault.path.partition(".")
        item = rest if rest in instrument.items else _first_asking(whole, instrument, rest.partition(".")[0])
        text = sentence(fault, language)
        found.setdefault(item, text[:1].upper() + text[1:])
    return found


def _first_asking(whole: Whole, instrument: Instrument, kind: str) -> str:
    asking = (item.id for item in instrument.items.values() if any(kind == fact for fact, _year in figures_asked(item)))
    return next((item for item in asking if item in whole.cleaned.asked), next(iter(instrument.items)))


def _line(page: str, item: Item, whole: Whole, given: Given, faults: Mapping[str, str], language: str) -> Line:
    response = whole.answers.responses.get(item.id)
    answers = item.words(response, language) if response is not None else []
    if isinstance(item, FigureItem) and response is None:
        answers += _figures(item, given, language)
    dealt_with = whole.dealt_with(item)
    return Line(
        item=item.id,
        number=_("Scene %(number)s", number=item.number) if isinstance(item, Scene) else item.number,
        name=item.short.say(language),
        answers=answers,
        echoes=figures.echoes(item, given, whole.derived.get(item.id), language),
        reason=whole.answers.reasons.get(item.id, ""),
        open=item.id in whole.open and not is_answered(item, whole.answers),
        missing=not dealt_with,
        fault=faults.get(item.id),
        href=f"{page}#q-{item.id}",
    )


def _figures(item: FigureItem, given: Given, language: str) -> list[str]:
    """The figures an item asks for, as far as they are known and it does not say that there are none."""
    asked = (each for group in figures.asked_by(item, given.instrument, given.year).values() for each in group)
    return [
        _("%(name)s: %(value)s", name=label(each, language), value=_said(each.kind, given.facts[each.key]))
        for each in asked
        if each.key in given.facts
    ]


def _said(kind: FactKind, value: int) -> str:
    """A figure with all its decimals and its usual unit."""
    unit = first_unit(kind)
    return f"{in_unit(kind, Figure(value, unit))} {UNIT_NAMES[unit]}"


def _notes(instrument: Instrument, whole: Whole, lines: Mapping[str, Line], language: str) -> list[Note]:
    """What looks odd, put as questions: nothing of it stands in the way."""
    return [
        Note(
            note.sentence(language),
            [(f"{lines[item].number} {lines[item].name}", lines[item].href) for item in note.items if item in lines],
        )
        for note in quality.notes(instrument, whole.answers)
    ]
