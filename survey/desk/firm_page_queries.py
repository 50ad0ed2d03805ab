"""What hangs on one firm that was found by a scoped query: for the office's page about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from survey.models import (
    Campaign,
    Claim,
    Evidence,
    EvidenceUse,
    FirmGroup,
    FirmGroupMember,
    FirmNote,
    Review,
    ReviewFault,
    Round,
    Scorecard,
    Snapshot,
    Submission,
    User,
    Visit,
)


def campaigns(session: Session, now: datetime) -> list[Campaign]:
    """Every campaign that has begun, with its round; the newest round first."""
    query = (
        sa.select(Campaign)
        .join(Campaign.round)
        .where(Campaign.opens_at <= now)
        .options(contains_eager(Campaign.round))
        .order_by(Round.opens_on.desc(), Round.id.desc(), Campaign.id)
    )
    return list(session.scalars(query))


def submissions(session: Session, firm_id: int) -> list[Submission]:
    """Everything the firm has begun, and what was verified on site."""
    query = sa.select(Submission).where(Submission.organisation_id == firm_id)
    return list(session.scalars(query.order_by(Submission.id)))


def cards(session: Session, submissions: Iterable[Submission]) -> dict[int, Scorecard]:
    """The newest scorecards of submissions, with their snapshots, by id."""
    wanted = [each.scorecard_id for each in submissions if each.scorecard_id is not None]
    query = sa.select(Scorecard).where(Scorecard.id.in_(wanted)).options(joinedload(Scorecard.snapshot))
    return {row.id: row for row in session.scalars(query)}


def handed_in(session: Session, firm_id: int) -> list[Snapshot]:
    """Every snapshot of what the firm handed in itself, with its submission."""
    query = (
        sa.select(Snapshot)
        .join(Snapshot.submission)
        .where(Submission.organisation_id == firm_id, Submission.kind == "self")
        .options(contains_eager(Snapshot.submission).joinedload(Submission.campaign))
    )
    return list(session.scalars(query.order_by(Snapshot.submitted_at)))


def reviews(session: Session, firm_id: int) -> list[tuple[Review, int]]:
    """The decided reviews of the firm's submissions, with how many faults each named."""
    faults = sa.select(sa.func.count()).where(ReviewFault.review_id == Review.id).scalar_subquery()
    query = (
        sa.select(Review, faults)
        .join(Review.submission)
        .where(Submission.organisation_id == firm_id, Review.decided_at.is_not(None))
        .options(contains_eager(Review.submission).joinedload(Submission.campaign))
    )
    return [(review, count) for review, count in session.execute(query)]


def visits(session: Session, firm_id: int) -> list[Visit]:
    query = sa.select(Visit).where(Visit.organisation_id == firm_id).order_by(Visit.id)
    return list(session.scalars(query.options(joinedload(Visit.submission).joinedload(Submission.campaign))))


def claims(session: Session, firm_id: int) -> list[Claim]:
    """What people said to act for the firm, but for what they took back."""
    query = sa.select(Claim).where(Claim.organisation_id == firm_id, Claim.state != "withdrawn")
    return list(session.scalars(query.options(joinedload(Claim.user)).order_by(Claim.made_at.desc())))


def evidence(session: Session, firm_id: int) -> list[tuple[Evidence, int, str]]:
    """The files that prove what was handed in, the newest first; the number of answers that each proves, and one
    submission (public id) where it does. What only a draft has is nobody's but the firm's."""
    query = (
        sa.select(Evidence, sa.func.count(), sa.func.max(Submission.public_id))
        .join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
        .join(Submission, Submission.id == EvidenceUse.submission_id)
        .where(
            Evidence.organisation_id == firm_id,
            Evidence.removed_at.is_(None),
            Submission.kind == "self",
            Submission.submitted_at.is_not(None),
        )
        .group_by(Evidence.id)
        .order_by(Evidence.added_at.desc(), Evidence.id)
    )
    return [(row, count, submission) for row, count, submission in session.execute(query)]


def groups(session: Session, firm_id: int) -> list[tuple[FirmGroup, bool]]:
    """The city's chains and clusters in use, and those that hold the firm; whether it belongs to each."""
    mine = sa.select(FirmGroupMember.group_id).where(FirmGroupMember.organisation_id == firm_id)
    belongs = FirmGroup.id.in_(mine)
    query = sa.select(FirmGroup, belongs).where(sa.or_(FirmGroup.active, belongs))
    rows = session.execute(query.order_by(FirmGroup.kind, FirmGroup.position, FirmGroup.id))
    return [(row, bool(held)) for row, held in rows]


def notes(session: Session, firm_id: int) -> list[FirmNote]:
    """Call notes, the newest first."""
    query = sa.select(FirmNote).where(FirmNote.organisation_id == firm_id)
    return list(session.scalars(query.order_by(FirmNote.at.desc(), FirmNote.id.desc())))


def names(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """People's names by id."""
    query = sa.select(User.id, User.name).where(User.id.in_({each for each in user_ids if each is not None}))
    return {user_id: name for user_id, name in session.execute(query)}  # noqa: C416  # dict() over rows would not type
