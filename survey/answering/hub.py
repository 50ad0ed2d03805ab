"""The hub of one submission: its sections as far as they are asked, how far each is, and where to go on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument, Section
from survey import formatting
from survey.answering import queries
from survey.answering.open_times import times_of
from survey.answering.queries import Whole
from survey.answering.returned import Returned, returned
from survey.models import Submission
from survey.organisations.industries import section_of
from survey.privacy.names import person_name
from survey.publishing import fields
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
    """The hub of one submission. `unasked` counts the sections off the firm's route, `later` those still undecided."""

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
    unasked: int
    later: int
    done: int
    resume: Row | None
    resume_text: str
    check: str
    complete: bool
    outside: str
    figures_list: str
    instrument: Instrument
    whole: Whole
    returned: Returned | None


def overview(session: Session, submission: Submission, language: str, now: datetime) -> Overview:
    campaign = submission.campaign
    instrument = instrument_in(session, campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, campaign.round.reference_year)
    rows = [_row(submission, section, whole, language) for section in instrument.sections if whole.asked(section)]
    off = whole.answers.given(instrument).off
    unasked = sum(all(item.id in off for item in section.items) for section in instrument.sections)
    times = times_of(campaign, submission.due_on)
    sent_back = returned(
        session, submission, instrument, campaign.round.reference_year, whole.cleaned.asked, now, language
    )
    unfinished = next((row for row in rows if row.kind != "done"), None)
    return Overview(
        submission=submission,
        field=instrument.field,
        in_house=fields.in_house(instrument),
        round=round_link(session, submission),
        title=instrument.title.say(language),
        basis=instrument.basis.title.say(language),
        round_title=round_title(campaign.round, language),
        closes=formatting.date(submission.due_on or campaign.closes_at),
        days=days_left(times.closes_at, now),
        rows=rows,
        unasked=unasked,
        later=len(instrument.sections) - len(rows) - unasked,
        done=sum(1 for row in rows if row.kind == "done"),
        resume=unfinished,
        resume_text=_last_saved(whole),
        check=url_for("answering.check", submission_id=submission.public_id),
        complete=unfinished is None,
        outside="" if in_scope(submission, instrument) else instrument.scope.outside.say(language),
        figures_list=_figures_list(submission, instrument),
        instrument=instrument,
        whole=whole,
        returned=sent_back,
    )


def _figures_list(submission: Submission, instrument: Instrument) -> str:
    """The sheet for the bookkeeper with this questionnaire's figures; empty where it asks for none."""
    firm, part = submission.organisation.public_id, instrument.questionnaire
    return url_for("organisations.figures_list", public_id=firm, parts=part) if instrument.figures_asked else ""


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
    return sum(map(whole.done, instrument.sections)), len(whole.cleaned.asked)


def in_scope(submission: Submission, instrument: Instrument) -> bool:
    """Whether the questionnaire is written for the firm's industry."""
    return instrument.scope.covers(section_of(submission.organisation.industry_code))


def _row(submission: Submission, section: Section, whole: Whole, language: str) -> Row:
    done, total = whole.done(section), len(whole.asked(section))
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
    return _("Last saved by %(name)s, %(time)s", name=person_name(name), time=formatting.datetime(at))


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
