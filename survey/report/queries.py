"""What a report is made from, and how its PDF stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from questionnaires.instrument import Instrument
from scoring.scorecard import Scorecard as Card
from survey.access import GRANTS, rights_of
from survey.benchmark.queries import Comparison, comparison
from survey.languages import page_language
from survey.models import (
    Campaign,
    DraftChange,
    Job,
    JobItem,
    Membership,
    PublishedInstrument,
    Scorecard,
    Snapshot,
    SnapshotNote,
    Submission,
)
from survey.publishing.queries import instrument
from survey.report.beside import Beside, beside_of
from survey.report.stored import card_from
from survey.report.waves import Past, past_of

REPORT = "report"
"""The kind of job that makes a PDF; its items work on a scorecard."""


@dataclass(frozen=True, slots=True)
class Record:
    """The frozen rows behind one report: who and what was submitted, and what it was worth."""

    snapshot: Snapshot
    card: Card
    instrument: Instrument
    revision: int
    reference: str
    rounds: Mapping[str, str]  # the round's title by language
    reasons: Mapping[str, str]  # the firm's own words, by item
    helpers: tuple[str, ...] = ()  # bodies whose people filled in any of it
    past: tuple[Past, ...] = ()  # the same questionnaire in earlier rounds
    compared: Comparison | None = None  # in the language of the page; None while there is no release
    beside: Beside | None = None  # the on-site assessment of it, or the self-assessment that it verifies


def record(session: Session, scorecard_id: int) -> Record | None:
    """Everything a report needs, or None if there is no such scorecard."""
    scorecard = session.get(Scorecard, scorecard_id)
    if scorecard is None:
        return None
    snapshot = scorecard.snapshot
    submission = snapshot.submission
    titles = submission.campaign.round
    notes = session.execute(
        sa.select(SnapshotNote.item, SnapshotNote.text).where(SnapshotNote.snapshot_id == snapshot.id)
    )
    return Record(
        snapshot,
        card_from(scorecard.card),
        instrument(session, snapshot.instrument_id),
        session.scalars(
            sa.select(PublishedInstrument.revision).where(PublishedInstrument.id == snapshot.instrument_id)
        ).one(),
        submission.reference or "",
        {"zh_CN": titles.title_zh, "en": titles.title_en},
        {item: text for item, text in notes},  # noqa: C416  # rows unpack, dict() over them would not type
        helpers(session, snapshot),
        past_of(session, snapshot),
        comparison(session, scorecard_id, page_language()),
        beside_of(session, snapshot),
    )


def helpers(session: Session, snapshot: Snapshot) -> tuple[str, ...]:
    """The other bodies whose authorised people changed any answer before this was submitted, in that order."""
    submission = snapshot.submission
    query = (
        sa.select(Membership.body)
        .join(DraftChange, DraftChange.changed_by == Membership.user_id)
        .where(
            Membership.organisation_id == submission.organisation_id,
            Membership.body.is_not(None),
            DraftChange.submission_id == submission.id,
            DraftChange.changed_at <= snapshot.submitted_at,
        )
        .group_by(Membership.body)
        .order_by(sa.func.min(DraftChange.id))
    )
    return tuple(body for body in session.scalars(query) if body)


def scorecard_id(session: Session, submission_id: int) -> int | None:
    """The scorecard of what was submitted last; None while nothing was."""
    return session.scalar(
        sa.select(Scorecard.id)
        .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
        .where(Snapshot.submission_id == submission_id)
        .order_by(Snapshot.number.desc(), Scorecard.id.desc())
        .limit(1)
    )


def card_of(session: Session, submission_id: int) -> Card | None:
    """What was submitted last was worth this; None while nothing was."""
    found = scorecard_id(session, submission_id)
    return None if found is None else card_from(session.get_one(Scorecard, found).card)


def newest_item(session: Session, scorecard: int, language: str, kind: str = REPORT) -> JobItem | None:
    """The newest order of that PDF."""
    return session.scalar(
        sa.select(JobItem)
        .join(Job, Job.id == JobItem.job_id)
        .where(Job.kind == kind, JobItem.subject_id == scorecard, JobItem.language == language)
        .order_by(JobItem.id.desc())
        .limit(1)
    )


MAY_READ = tuple(role for role, granted in GRANTS.items() if "report:view" in granted)


def submitted(session: Session, user_id: int, today: date) -> list[tuple[Scorecard, Instrument]]:
    """The newest scorecard of everything submitted by firms whose reports the person may read, newest first, with its
    instrument."""
    newest = (
        sa.select(sa.func.max(Scorecard.id))
        .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
        .where(Snapshot.submission_id == Submission.id)
        .scalar_subquery()
    )
    campaign = joinedload(Scorecard.snapshot).joinedload(Snapshot.submission).joinedload(Submission.campaign)
    rows = session.scalars(
        sa.select(Scorecard)
        .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
        .join(Submission, Submission.id == Snapshot.submission_id)
        .join(Membership, Membership.organisation_id == Submission.organisation_id)
        .where(*rights_of(user_id, today), Membership.role.in_(MAY_READ), Scorecard.id == newest)
        .options(campaign.joinedload(Campaign.round))
        .order_by(Snapshot.submitted_at.desc(), Scorecard.id.desc())
    )
    return [(row, instrument(session, row.snapshot.instrument_id)) for row in rows]
