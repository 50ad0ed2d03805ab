"""A round as one firm sees it: one assessment with a part for each questionnaire. None of them is forced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey import formatting
from survey.access import GRANTS, may
from survey.answering import hub
from survey.answering.actions import OPEN_STATES
from survey.answering.check_page import scored
from survey.answering.queries import Task
from survey.answering.returned import RETURNED, faults, returned_word
from survey.answering.visited import NOTHING, OnSite, on_site
from survey.city.calendar import working_days_left
from survey.formatting import local_time
from survey.models import Campaign, Organisation, Round, Submission
from survey.publishing import fields
from survey.publishing.queries import instrument as instrument_in
from survey.report.queries import card_of
from survey.report.verdict import outcome


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire of the round. `kind` and `word` are its state; addresses are there where they lead somewhere.

    `result` says what came out, `count` how far the answers are.
    """

    field: str
    field_name: str
    title: str
    in_house: bool
    window: str
    kind: str = "not_started"
    word: str = ""
    count: str = ""
    result: str = ""
    start: str | None = None
    resume: str | None = None
    report: str | None = None
    proof: str | None = None
    on_site: OnSite = NOTHING


@dataclass(frozen=True, slots=True)
class Overview:
    """All parts of a round for one firm. `done` counts the reports that the person may read."""

    round: Round
    title: str
    parts: list[Part]
    done: int
    report: str
    figures: str | None

    @property
    def returned(self) -> list[Part]:
        """What the office sent back."""
        return [part for part in self.parts if part.report and part.resume]


def overview(
    session: Session, organisation: Organisation, round_id: str, language: str, now: datetime
) -> Overview | None:
    """The round as the firm sees it; None if there is no such round."""
    round_ = session.scalar(sa.select(Round).where(Round.public_id == round_id))
    if round_ is None:
        return None
    rows = sorted(_rows(session, round_.id, organisation), key=lambda row: fields.place(row.instrument.field, row.name))
    parts = [_part(session, row, language, now) for row in rows]
    address = url_for("report.rounds.page", round_id=round_id, organisation_id=organisation.public_id)
    figures = url_for("organisations.figures", public_id=organisation.public_id)
    return Overview(
        round=round_,
        title=hub.round_title(round_, language),
        parts=parts,
        done=sum(part.report is not None for part in parts),
        report=address,
        figures=figures if may("organisation:edit") else None,
    )


class Row(NamedTuple):
    """A questionnaire of the round, and what the firm has of it."""

    organisation: Organisation
    campaign: Campaign
    submission: Submission | None
    instrument: Instrument

    @property
    def name(self) -> str:
        return self.instrument.questionnaire

    @property
    def state(self) -> str:
        if self.submission is None:
            return "not_started"
        return OPEN_PARTS.get(self.submission.state, "submitted")


def _rows(session: Session, round_id: int, organisation: Organisation) -> Iterator[Row]:
    """Each campaign of the round with the firm's own submission, if it has begun one."""
    mine = (
        (Submission.campaign_id == Campaign.id)
        & (Submission.organisation_id == organisation.id)
        & (Submission.kind == "self")
    )
    query = sa.select(Campaign, Submission).outerjoin(Submission, mine).where(Campaign.round_id == round_id)
    for campaign, submission in session.execute(query.order_by(Campaign.id)):
        yield Row(organisation, campaign, submission, instrument_in(session, campaign.instrument_id))


def _part(session: Session, row: Row, language: str, now: datetime) -> Part:
    instrument = row.instrument
    part = Part(
        field=instrument.field,
        field_name=fields.name(instrument.field),
        title=instrument.title.say(language),
        in_house=fields.in_house(instrument),
        window=_window(row.campaign, now),
    )
    return STATES[row.state](session, part, row, language, now)


def _window(campaign: Campaign, now: datetime) -> str:
    if campaign.opens_at > now:
        return _("opens on %(date)s", date=formatting.date(campaign.opens_at))
    if campaign.closes_at <= now:
        return _("closed on %(date)s", date=formatting.date(campaign.closes_at))
    return _(
        "open until %(date)s, %(days)s",
        date=formatting.date(campaign.closes_at), days=hub.days_left(campaign.closes_at, now),
    )  # fmt: skip


def _not_started(session: Session, part: Part, row: Row, language: str, now: datetime) -> Part:
    firm, campaign = row.organisation.public_id, row.campaign.public_id
    address = url_for("answering.start", organisation_id=firm, campaign_id=campaign)
    startable = may("answers:edit") and row.campaign.opens_at <= now < row.campaign.closes_at
    return replace(part, word=_("Not started"), start=address if startable else None)


def _open(session: Session, part: Part, row: Row, language: str, now: datetime) -> Part:
    assert row.submission is not None
    done, total = hub.progress(session, row.submission)
    return replace(
        part,
        kind="in_progress",
        word=_("In progress"),
        count=_("%(done)s of %(total)s answered", done=done, total=total),
        resume=url_for("answering.sections", submission_id=row.submission.public_id),
        proof=_proof(row),
    )


def _proof(row: Row) -> str | None:
    """Where the photos and papers are that prove the answers; questionnaires without a result want none."""
    assert row.submission is not None
    address = url_for("evidence.page", submission_id=row.submission.public_id)
    return address if scored(row.instrument) else None


def _returned(session: Session, part: Part, row: Row, language: str, now: datetime) -> Part:
    """Sent back by the office: what was handed in first can be read until it is handed in again."""
    assert row.submission is not None
    assert row.submission.due_on is not None
    count = len(faults(session, row.submission.id))
    day, left = row.submission.due_on, working_days_left(session, local_time(now).date(), row.submission.due_on)
    before = _submitted(session, part, row, language, now)
    return replace(
        before,
        kind="warning",
        word=returned_word(count, day, left),
        window="",
        resume=url_for("answering.sections", submission_id=row.submission.public_id),
    )


def _submitted(session: Session, part: Part, row: Row, language: str, now: datetime) -> Part:
    assert row.submission is not None
    submitted = replace(
        part,
        kind="done",
        word=_("Submitted %(date)s", date=formatting.date(row.submission.submitted_at)),
        proof=_proof(row),
    )
    if not may("report:view"):
        return submitted
    card = card_of(session, row.submission.id)
    return replace(
        submitted,
        result=outcome(card, row.instrument, language) if card else "",
        report=url_for("report.page", submission_id=row.submission.public_id),
        on_site=on_site(session, row.submission, row.instrument, language, now),
    )


OPEN_PARTS: Final[Mapping[str, str]] = {"draft": "open", "returned": "returned"}
"""The states of a submission in which its part can be filled in."""

STATES: Final[Mapping[str, Callable[[Session, Part, Row, str, datetime], Part]]] = {
    "not_started": _not_started,
    "open": _open,
    "returned": _returned,
    "submitted": _submitted,
}


# -- the list of rounds ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One part in the list of rounds."""

    field: str
    title: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Card:
    """One firm in one round, with its parts."""

    organisation: str
    round_title: str
    closes: str
    days: str
    href: str
    begun: bool
    parts: list[Line]


def cards(session: Session, tasks: list[Task], language: str, now: datetime) -> list[Card]:
    """What there is to fill in, by firm and round; rounds that opened last come first."""
    in_order = sorted(tasks, key=lambda task: (task.organisation.id, -task.campaign.round.id))
    groups = groupby(in_order, key=lambda task: (task.organisation.id, task.campaign.round.id))
    return [_card(session, list(group), language, now) for _key, group in groups]


def _card(session: Session, tasks: list[Task], language: str, now: datetime) -> Card:
    organisation, round_ = tasks[0].organisation, tasks[0].campaign.round
    closes = max(task.campaign.closes_at for task in tasks)
    lines = sorted(
        ((instrument_in(session, task.campaign.instrument_id), task) for task in tasks),
        key=lambda pair: fields.place(pair[0].field, pair[0].questionnaire),
    )
    return Card(
        organisation=organisation.name,
        round_title=hub.round_title(round_, language),
        closes=formatting.date(closes),
        days=hub.days_left(closes, now),
        href=url_for("answering.round_page", round_id=round_.public_id, organisation_id=organisation.public_id),
        begun=any(task.submission for task in tasks) or "answers:edit" not in GRANTS[tasks[0].role],
        parts=[_line(instrument, task, language) for instrument, task in lines],
    )


def _line(instrument: Instrument, task: Task, language: str) -> Line:
    title, submission = instrument.title.say(language), task.submission
    if submission is None:
        return Line(instrument.field, title, "not_started", _("Not started"))
    if submission.state == RETURNED:
        return Line(instrument.field, title, "warning", _("Returned, to be mended"))
    if submission.state in OPEN_STATES:
        return Line(instrument.field, title, "in_progress", _("In progress"))
    word = _("Submitted %(date)s", date=formatting.date(submission.submitted_at))
    return Line(instrument.field, title, "done", word)
