"""Handing in: what was checked is frozen, scored and queued for its report in one durable transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from scoring import quality, scorer_for
from scoring import size_class as sizes
from scoring.scorecard import MeasureScore
from scoring.scorecard import Scorecard as Card
from survey import audit, jobs
from survey.answering import hub, queries
from survey.answering.actions import OPEN_STATES
from survey.answering.commitment import COMMITMENT
from survey.answering.queries import Whole
from survey.languages import TAGS
from survey.models import (
    Area,
    Organisation,
    Score,
    Scorecard,
    Snapshot,
    SnapshotNote,
    SnapshotPerson,
    Submission,
    canonical,
)
from survey.organisations import industries
from survey.organisations.queries import facts_of, size_of
from survey.publishing import references
from survey.publishing.queries import instrument as instrument_in
from survey.report.actions import order_round

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that submitting writes, worked out beforehand. `mark` tells the state it was worked out from."""

    submission_id: int
    instrument: Instrument
    instrument_id: int
    whole: Whole
    mark: str
    card: Card
    organisation: dict[str, Any]
    faults: tuple[Fault, ...]


def prepare(session: Session, submission: Submission) -> Prepared:
    """Read, clean and score a submission. `faults` names what still stands in the way."""
    campaign = submission.campaign
    instrument = instrument_in(session, campaign.instrument_id)
    whole = queries.whole(session, submission, instrument, campaign.round.reference_year)
    missing = tuple(Fault(f"responses.{item}", "unanswered") for item in whole.missing(instrument))
    return Prepared(
        submission_id=submission.id,
        instrument=instrument,
        instrument_id=campaign.instrument_id,
        whole=whole,
        mark=hub.mark(whole, instrument),
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
    return {
        "name": firm.name,
        "credit_code": firm.credit_code,
        "area_zh": area.name_zh,
        "area_en": area.name_en,
        "industry_code": code,
        "industry_zh": industries.names(session, [code], "zh_CN")[code],
        "industry_en": industries.names(session, [code], "en")[code],
        "size_class": size.size,
        "size_class_explained_zh": "".join(sizes.explain(size, "zh_CN")),
        "size_class_explained_en": " ".join(sizes.explain(size, "en")),
        "in_scope": instrument.scope.covers(industries.section_of(code)),
    }


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
    query = sa.select(Submission).where(Submission.id == prepared.submission_id)
    submission = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    if submission.state not in OPEN_STATES:
        return True
    if checked != prepared.mark or _mark_now(session, submission, prepared) != prepared.mark:
        return False
    snapshot = _freeze(session, submission, prepared, actor, now)
    scorecard = _store_card(session, submission, snapshot, prepared, now)
    submission.state = "submitted"
    submission.submitted_at = now
    submission.reference = submission.reference or reference(submission, prepared.instrument)
    submission.rev += 1
    if languages:
        jobs.order(session, "report", scorecard.id, languages, actor.user_id, now, jobs.WAITING)
        order_round(session, scorecard, languages, actor, now)
    organisation_id = submission.organisation_id
    audit.record(session, actor, "submission.submit", submission.public_id, now=now, organisation_id=organisation_id)
    return True


def _mark_now(session: Session, submission: Submission, prepared: Prepared) -> str:
    campaign = submission.campaign
    instrument = instrument_in(session, campaign.instrument_id)
    return hub.mark(queries.whole(session, submission, instrument, campaign.round.reference_year), instrument)


def reference(submission: Submission, instrument: Instrument) -> str:
    """The number on receipt and report: questionnaire, year, wave and a running number."""
    year = submission.campaign.round.opens_on.year
    return f"{instrument.questionnaire[:1].upper()}-{year}-{submission.wave}-{submission.id:07d}"


def _freeze(
    session: Session, submission: Submission, prepared: Prepared, actor: audit.Actor, now: datetime
) -> Snapshot:
    """The snapshot: coded answers, the figures used and the firm, hashed; reasons and person beside it, erasable."""
    answers = prepared.whole.answers
    number = session.scalar(sa.select(sa.func.count()).where(Snapshot.submission_id == submission.id)) or 0
    snapshot = Snapshot(
        submission_id=submission.id,
        number=number + 1,
        instrument_id=prepared.instrument_id,
        reference_year=answers.reference_year,
        responses=dict(answers.responses),
        facts=[{"id": kind, "year": year, "value": value} for (kind, year), value in sorted(answers.facts.items())],
        reference_values=references.frozen(prepared.whole.references),
        quality_notes=[note.model_dump(mode="json") for note in quality.notes(prepared.instrument, answers)],
        organisation=prepared.organisation,
        commitment=COMMITMENT,
        submitted_at=now,
    )
    snapshot.content_hash = content_hash(snapshot, prepared.instrument)
    session.add(snapshot)
    session.flush()
    session.add_all(
        SnapshotNote(snapshot_id=snapshot.id, item=item, text=text) for item, text in answers.reasons.items()
    )
    if actor.user_id is not None:
        session.add(SnapshotPerson(snapshot_id=snapshot.id, user_id=actor.user_id))
    return snapshot


def content_hash(snapshot: Snapshot, instrument: Instrument) -> str:
    """SHA-256 in hex over the canonical JSON (UTF-8, keys sorted, no spaces) of what was submitted.

    Anybody who has the snapshot and its instrument can work it out again. Hashed are exactly: `instrument` (a list of
    rules and texts checksum), `reference_year`, `responses` (by item; an item that is not there was left open),
    `facts` (in the order stored, values in the smallest unit), `organisation` (the firm as it was), `commitment`, and
    `reference_values` (the city's values by reference, as stored) only where there are any: snapshots made before there
    were such values keep the hash they have.
    Not hashed are reasons and persons, which may be erased, the quality notes, which follow from the rest, and the
    time.
    """
    content = {
        "instrument": [instrument.rules_checksum, instrument.texts_checksum],
        "reference_year": snapshot.reference_year,
        "responses": snapshot.responses,
        "facts": snapshot.facts,
        "organisation": snapshot.organisation,
        "commitment": snapshot.commitment,
    }
    if snapshot.reference_values:
        content["reference_values"] = snapshot.reference_values
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _store_card(
    session: Session, submission: Submission, snapshot: Snapshot, prepared: Prepared, now: datetime
) -> Scorecard:
    card = prepared.card
    scorecard = Scorecard(
        snapshot_id=snapshot.id,
        engine_version=card.engine,
        level=card.level,
        possible_level=card.possible_level,
        total_e6=_e6(card.total.points) if card.total else None,
        card=card.model_dump(mode="json"),
        created_at=now,
    )
    session.add(scorecard)
    session.flush()
    cohort = {
        "organisation_id": submission.organisation_id,
        "campaign_id": submission.campaign_id,
        "area_id": submission.organisation.operating_area_id,
        "industry_division": prepared.organisation["industry_code"][:3],
        "size_class": prepared.organisation["size_class"],
    }
    if card.measures:
        session.execute(sa.insert(Score), [_score(scorecard.id, measure) | cohort for measure in card.measures])
    return scorecard


def _score(scorecard_id: int, measure: MeasureScore) -> dict[str, Any]:
    return {
        "scorecard_id": scorecard_id,
        "measure": measure.id,
        "points_e6": _e6(measure.points),
        "low_e6": _e6(measure.low),
        "high_e6": _e6(measure.high),
    }


def _e6(points: str | None) -> int | None:
    """Millionths of a point, cut: for sorting only."""
    return None if points is None else int(Fraction(points) * MILLION)


def latest_snapshot(session: Session, submission: Submission) -> Snapshot:
    """What was submitted last."""
    query = sa.select(Snapshot).where(Snapshot.submission_id == submission.id).order_by(Snapshot.number.desc()).limit(1)
    return session.scalars(query).one()


def wake_reports() -> None:
    """Tell the worker that there is something to do; it looks by itself soon if this fails."""
    jobs.wake(current_app)
