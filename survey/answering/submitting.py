"""Handing in: what was checked is frozen, scored and queued for its report in one durable transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session, contains_eager

from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from scoring import scorer_for
from scoring import size_class as sizes
from scoring.scorecard import Scorecard as Card
from survey import audit, jobs
from survey.answering import hub, queries
from survey.answering.actions import OPEN_STATES
from survey.answering.commitment import COMMITMENT
from survey.answering.freezing import Material, freeze
from survey.answering.queries import Versions, Whole
from survey.languages import TAGS
from survey.models import (
    Area,
    Campaign,
    Organisation,
    Scorecard,
    Snapshot,
    Submission,
)
from survey.organisations import industries
from survey.organisations.queries import facts_of, size_of
from survey.publishing.queries import instrument as instrument_in
from survey.report.actions import order_round


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that submitting writes, worked out beforehand.

    `mark` tells the answers it was worked out from, `versions` the saves that hold them.
    """

    submission_id: int
    instrument: Instrument
    instrument_id: int
    whole: Whole
    mark: str
    versions: Versions
    card: Card
    organisation: dict[str, Any]
    faults: tuple[Fault, ...]


def prepare(session: Session, submission: Submission) -> Prepared:
    """Read, clean and score a submission. `faults` names what still stands in the way."""
    campaign = submission.campaign
    instrument = instrument_in(session, campaign.instrument_id)
    versions = queries.versions(session, submission)  # first: what is saved in between is found later
    whole = queries.whole(session, submission, instrument, campaign.round.reference_year)
    missing = tuple(Fault(f"responses.{item}", "unanswered") for item in whole.missing(instrument))
    return Prepared(
        submission_id=submission.id,
        instrument=instrument,
        instrument_id=campaign.instrument_id,
        whole=whole,
        mark=hub.mark(whole, instrument),
        versions=versions,
        card=scorer_for(instrument).score(whole.answers),
        organisation=organisation_as_at_submit(session, submission, instrument),
        faults=whole.cleaned.faults + missing,
    )


def organisation_as_at_submit(session: Session, submission: Submission, instrument: Instrument) -> dict[str, Any]:
    """The firm as the report will describe it, for good."""
    firm = session.get_one(Organisation, submission.organisation_id)
    area = session.get_one(Area, firm.operating_area_id)
    year = submission.campaign.round.reference_year
    size = size_of(firm, facts_of(session, firm.id), year)
    code = firm.industry_code
    industry = industries.names_in(session, [code], TAGS)[code]
    return {
        "name": firm.name,
        "credit_code": firm.credit_code,
        "area_zh": area.name_zh,
        "area_en": area.name_en,
        "industry_code": code,
        "industry_zh": industry["zh_CN"],
        "industry_en": industry["en"],
        "size_class": size.size,
        "size_class_explained_zh": "".join(sizes.explain(size, "zh_CN")),
        "size_class_explained_en": " ".join(sizes.explain(size, "en")),
        "in_scope": instrument.scope.covers(industries.section_of(code)),
    }


_LOCKED = (
    sa.select(Submission)
    .join(Submission.organisation)
    .join(Submission.campaign)
    .join(Campaign.round)
    .where(Submission.id == sa.bindparam("submission"))
    .with_for_update(of=Submission)
    .options(
        contains_eager(Submission.organisation), contains_eager(Submission.campaign).contains_eager(Campaign.round)
    )
    .execution_options(populate_existing=True)
)


def submit(
    session: Session,
    prepared: Prepared,
    checked: str,
    actor: audit.Actor,
    now: datetime,
    languages: tuple[str, ...] = tuple(TAGS),
) -> bool:
    """Freeze, score and queue the reports. False, and nothing written, if an answer changed since `checked`.

    Submitting what is submitted already is fine and changes nothing: both receive the same receipt.
    """
    submission = session.scalars(_LOCKED, {"submission": prepared.submission_id}).one()
    if submission.state not in OPEN_STATES:
        return True
    if checked != prepared.mark or not _as_prepared(session, submission, prepared):
        return False
    scorecard = hand_over(session, submission, prepared, actor, now)
    if languages:
        jobs.order(session, "report", scorecard.id, languages, actor.user_id, now, jobs.WAITING)
        order_round(session, submission.campaign.round_id, scorecard.id, languages, actor, now)
    return True


def hand_over(
    session: Session, submission: Submission, prepared: Prepared, actor: audit.Actor, now: datetime
) -> Scorecard:
    """Freeze what was prepared. The caller knows that the submission is open and still as it was then."""
    scorecard = freeze(session, submission, material(prepared), actor.user_id, now)
    submission.state = "submitted"
    submission.due_on = None
    submission.submitted_at = now
    submission.reference = submission.reference or reference(submission, prepared.instrument)
    submission.rev += 1
    organisation_id = submission.organisation_id
    audit.record(session, actor, "submission.submit", submission.public_id, now=now, organisation_id=organisation_id)
    return scorecard


def material(prepared: Prepared) -> Material:
    return Material(
        instrument=prepared.instrument,
        instrument_id=prepared.instrument_id,
        answers=prepared.whole.answers,
        references=prepared.whole.references,
        card=prepared.card,
        organisation=prepared.organisation,
        commitment=COMMITMENT,
    )


def _as_prepared(session: Session, submission: Submission, prepared: Prepared) -> bool:
    """Whether all that was given is still what was prepared; read again in full only if something was saved since."""
    campaign = submission.campaign
    if campaign.instrument_id == prepared.instrument_id and queries.versions(session, submission) == prepared.versions:
        return True
    instrument = instrument_in(session, campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, campaign.round.reference_year)
    return hub.mark(whole, instrument) == prepared.mark


def reference(submission: Submission, instrument: Instrument) -> str:
    """The number on receipt and report: questionnaire, year, wave and a running number."""
    year = submission.campaign.round.opens_on.year
    return f"{instrument.questionnaire[:1].upper()}-{year}-{submission.wave}-{submission.id:07d}"


def latest_snapshot(session: Session, submission: Submission) -> Snapshot:
    """What was submitted last."""
    query = sa.select(Snapshot).where(Snapshot.submission_id == submission.id).order_by(Snapshot.number.desc()).limit(1)
    return session.scalars(query).one()


def wake_reports() -> None:
    """Tell the worker that there is something to do; it looks by itself soon if this fails."""
    jobs.wake(current_app)
