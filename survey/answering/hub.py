"""The pages around the sections: the hub of one submission, the check before submitting."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from questionnaires.faults import sentence
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item, Scene, Single
from survey import formatting
from survey.answering import queries
from survey.answering.figures import derived_echo
from survey.answering.queries import Whole
from survey.models import Submission
from survey.organisations.industries import section_of
from survey.publishing.queries import instrument as instrument_in
from survey.report.round_queries import parts_of_round

STATUS = {"not_started": lambda: _("Not started"), "in_progress": lambda: _("In progress"), "done": lambda: _("Done")}


def round_title(round_: Any, language: str) -> str:
    title: str = round_.title_zh if language == "zh_CN" else round_.title_en
    return title


def days_left(closes_at: datetime, now: datetime) -> str:
    days = (closes_at - now).days
    if closes_at <= now:
        return _("closed")
    return ngettext("%(num)d day left", "%(num)d days left", days) if days > 0 else _("last day")


@dataclass(frozen=True, slots=True)
class Row:
    """One section in the hub."""

    href: str
    name: str
    text: str
    count: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The hub of one submission."""

    submission: Submission
    field: str
    in_house: bool
    round: str | None
    title: str
    basis: str
    round_title: str
    closes: str
    days: str
    rows: list[Row]
    done: int
    resume: Row | None
    resume_text: str
    check: str
    complete: bool
    outside: str


def overview(session: Session, submission: Submission, language: str, now: datetime) -> Overview:
    campaign = submission.campaign
    instrument = instrument_in(session, campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, campaign.round.reference_year)
    rows = [_row(submission, section, whole, language) for section in instrument.sections]
    unfinished = next((row for row in rows if row.kind != "done"), None)
    return Overview(
        submission=submission,
        field=instrument.field,
        in_house=instrument.basis.standing == "in-house",
        round=round_link(session, submission),
        title=instrument.title.say(language),
        basis=instrument.basis.title.say(language),
        round_title=round_title(campaign.round, language),
        closes=formatting.date(campaign.closes_at),
        days=days_left(campaign.closes_at, now),
        rows=rows,
        done=sum(1 for row in rows if row.kind == "done"),
        resume=unfinished,
        resume_text=_last_saved(whole),
        check=url_for("answering.check", submission_id=submission.public_id),
        complete=unfinished is None,
        outside="" if in_scope(submission, instrument) else instrument.scope.outside.say(language),
    )


def round_link(session: Session, submission: Submission) -> str | None:
    """To the other parts of the round, if there are any."""
    round_, firm = submission.campaign.round, submission.organisation
    if parts_of_round(session, round_.id) == 1:
        return None
    return url_for("answering.round_page", round_id=round_.public_id, organisation_id=firm.public_id)


def progress(session: Session, submission: Submission) -> tuple[int, int]:
    """How many questions have been dealt with, of how many."""
    campaign = submission.campaign
    instrument = instrument_in(session, campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, campaign.round.reference_year)
    return sum(map(whole.done, instrument.sections)), len(instrument.items)


def in_scope(submission: Submission, instrument: Instrument) -> bool:
    """Whether the questionnaire is written for the firm's industry."""
    return instrument.scope.covers(section_of(submission.organisation.industry_code))


def _row(submission: Submission, section: Section, whole: Whole, language: str) -> Row:
    done, total = whole.done(section), len(section.items)
    kind = "done" if done == total else "in_progress" if done or section.id in whole.pages else "not_started"
    return Row(
        href=url_for("answering.section", submission_id=submission.public_id, section_id=section.id),
        name=section.title.say(language),
        text=section.about.say(language),
        count=f"{done} / {total}",
        kind=kind,
        word=STATUS[kind](),
    )


def _last_saved(whole: Whole) -> str:
    saved = [page for page in whole.pages.values() if page.saved_at is not None]
    if not saved:
        return ""
    at, name = max((page.saved_at, page.saved_by or "") for page in saved if page.saved_at is not None)
    return _("Last saved by %(name)s, %(time)s", name=name, time=formatting.datetime(at))


@dataclass(frozen=True, slots=True)
class Line:
    """One item on the check page."""

    item: str
    number: str
    name: str
    answers: list[str]
    echo: str
    open: bool
    missing: bool
    fault: str | None
    href: str


@dataclass(frozen=True, slots=True)
class Check:
    """All answers by section, and whether they can be submitted. `mark` tells this state from any later one."""

    sections: list[tuple[str, str, list[Line]]]
    missing: int
    faulty: int
    open: int
    mark: str
    outside: str

    @property
    def ready(self) -> bool:
        return not self.missing and not self.faulty

    @property
    def first(self) -> str:
        """Where the first thing to do is."""
        lines = (line for _title, _href, lines in self.sections for line in lines)
        return next((line.href for line in lines if line.missing or line.fault), "")


def check(session: Session, submission: Submission, language: str) -> Check:
    instrument = instrument_in(session, submission.campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, submission.campaign.round.reference_year)
    faults = faults_by_item(whole, instrument, language)
    listed = [
        (
            section.title.say(language),
            url_for("answering.section", submission_id=submission.public_id, section_id=section.id),
            [_line(submission, section, item, whole, faults, language) for item in section.items],
        )
        for section in instrument.sections
    ]
    lines = [line for _title, _href, lines in listed for line in lines]
    return Check(
        sections=listed,
        missing=sum(line.missing for line in lines),
        faulty=sum(line.fault is not None for line in lines),
        open=sum(line.open for line in lines),
        mark=mark(whole, instrument),
        outside="" if in_scope(submission, instrument) else instrument.scope.outside.say(language),
    )


def mark(whole: Whole, instrument: Instrument) -> str:
    """A checksum of the answers, figures and reasons as they stand, and of the wording they were read in."""
    answers = whole.answers
    state = (
        instrument.texts_checksum,
        sorted(answers.responses.items()),
        sorted(answers.facts.items()),
        sorted(answers.reasons.items()),
        sorted(whole.open),
    )
    return hashlib.sha256(repr(state).encode()).hexdigest()


def faults_by_item(whole: Whole, instrument: Instrument, language: str) -> dict[str, str]:
    """What is wrong, by the item where it can be mended; for a figure that is the first item that asks it."""
    found: dict[str, str] = {}
    for fault in whole.cleaned.faults:
        _kind, _dot, rest = fault.path.partition(".")
        item = rest if rest in instrument.items else _first_asking(instrument, rest.partition(".")[0])
        found.setdefault(item, sentence(fault, language))
    return found


def _first_asking(instrument: Instrument, kind: str) -> str:
    for item in instrument.items.values():
        figures = getattr(item, "figures", None)
        if figures and any(kind in quantity.facts() for quantity in figures.quantities()):
            return item.id
    return next(iter(instrument.items))


def _line(
    submission: Submission,
    section: Section,
    item: Item,
    whole: Whole,
    faults: Mapping[str, str],
    language: str,
) -> Line:
    response = whole.answers.responses.get(item.id)
    page = url_for("answering.section", submission_id=submission.public_id, section_id=section.id)
    unsure = item.id in whole.open and response is None
    return Line(
        item=item.id,
        number=_("Scene %(number)s", number=item.number) if isinstance(item, Scene) else item.number,
        name=item.short.say(language),
        answers=item.words(response, language) if response is not None else [],
        echo=derived_echo(item, whole.derived.get(item.id), language) if isinstance(item, Single) else "",
        open=unsure,
        missing=response is None and not unsure,
        fault=faults.get(item.id),
        href=f"{page}#q-{item.id}",
    )
