"""Freezing a set of answers and what it is worth: one snapshot, one scorecard, its scores; and the row that repeats it.

Used for what a firm submits and for what was verified on site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import Answers
from questionnaires.instrument import Instrument
from scoring import quality
from scoring.scorecard import MeasureScore
from scoring.scorecard import Scorecard as Card
from survey.city.own_industries import sub_industry_of
from survey.models import Organisation, Score, Scorecard, Snapshot, SnapshotNote, SnapshotPerson, Submission, canonical
from survey.publishing import references
from survey.publishing.references import Held

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Material:
    """What is frozen: cleaned answers, what they are worth, the city's values they were scored with, the firm now."""

    instrument: Instrument
    instrument_id: int
    answers: Answers
    references: Mapping[str, Held]
    card: Card
    organisation: Mapping[str, Any]
    commitment: str


def freeze(
    session: Session, submission: Submission, material: Material, user_id: int | None, now: datetime
) -> Scorecard:
    """Add the next snapshot of a submission with its scorecard and scores, and note the result in the submission's row.

    The caller has locked the submission and sets its state.
    """
    snapshot = _snapshot(session, submission, material, user_id, now)
    scorecard = _scorecard(session, snapshot, material.card, now)
    if material.card.measures:
        cohort = _cohort(session, submission, material)
        rows = [_score(scorecard.id, measure) | cohort for measure in material.card.measures]
        session.execute(sa.insert(Score), rows)
    submission.scorecard_id = scorecard.id
    submission.level = scorecard.level
    submission.possible_level = scorecard.possible_level
    submission.total_e6 = scorecard.total_e6
    submission.quality_signs = len(snapshot.quality_notes or ())
    submission.size_class = material.organisation["size_class"]
    return scorecard


def _snapshot(
    session: Session, submission: Submission, material: Material, user_id: int | None, now: datetime
) -> Snapshot:
    """Coded answers, the figures used and the firm, hashed; reasons and person beside it, erasable."""
    answers = material.answers
    number = session.scalar(sa.select(sa.func.count()).where(Snapshot.submission_id == submission.id)) or 0
    snapshot = Snapshot(
        submission_id=submission.id,
        number=number + 1,
        instrument_id=material.instrument_id,
        reference_year=answers.reference_year,
        responses=dict(answers.responses),
        facts=[{"id": kind, "year": year, "value": value} for (kind, year), value in sorted(answers.facts.items())],
        reference_values=references.frozen(material.references),
        quality_notes=[note.model_dump(mode="json") for note in quality.notes(material.instrument, answers)],
        organisation=dict(material.organisation),
        commitment=material.commitment,
        submitted_at=now,
    )
    snapshot.content_hash = content_hash(snapshot, material.instrument)
    session.add(snapshot)
    session.flush()
    session.add_all(
        SnapshotNote(snapshot_id=snapshot.id, item=item, text=text) for item, text in answers.reasons.items()
    )
    if user_id is not None:
        session.add(SnapshotPerson(snapshot_id=snapshot.id, user_id=user_id))
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


def _scorecard(session: Session, snapshot: Snapshot, card: Card, now: datetime) -> Scorecard:
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
    return scorecard


def _cohort(session: Session, submission: Submission, material: Material) -> dict[str, Any]:
    """Whom the firm is compared with, as it is now."""
    firm = session.get_one(Organisation, submission.organisation_id)
    own = sub_industry_of(session, firm)
    return {
        "organisation_id": firm.id,
        "campaign_id": submission.campaign_id,
        "area_id": firm.operating_area_id,
        "industry_division": material.organisation["industry_code"][:3],
        "size_class": material.organisation["size_class"],
        "sub_industry_id": own.id if own else None,
    }


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
