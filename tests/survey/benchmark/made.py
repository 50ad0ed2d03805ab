"""Firms with scores in bulk, written as the site stores them, without answering anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.credit_code import make_credit_code
from survey.models import Area, Campaign, Consent, Organisation, Score, Scorecard, Snapshot, Submission, User
from survey.privacy.consent_texts import TEXTS
from tests.cast import make_campaign

MOST = {"total": 100, "foundation": 50, "management": 30, "effect": 20}
"""The measures of the digital questionnaire that are compared, with their maxima."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Firm:
    """`share` is the share of all points in thousandths; `area` the code of a district."""

    share: int = 500
    division: str = "C34"
    size: str | None = "small"
    area: str = "120110"
    state: str = "confirmed"
    permits: bool = True
    submission: str = "submitted"
    open_measures: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def campaign_of(session: Session) -> Campaign:
    found = session.scalar(sa.select(Campaign))
    return found or make_campaign(session)


def somebody(session: Session) -> int:
    found = session.scalar(sa.select(User.id).order_by(User.id).limit(1))
    if found is None:
        user = User(name="Li Wei", mobile="13900139000", created_at=datetime.now(UTC))
        session.add(user)
        session.flush()
        found = user.id
    return found


def add_firms(session: Session, firms: Iterable[Firm]) -> list[int]:
    """The ids of the firms, each with a self-assessment in the campaign, made if need be."""
    campaign, user, now = campaign_of(session), somebody(session), datetime.now(UTC)
    areas = dict(session.execute(sa.select(Area.code, Area.id)).all())
    first = (session.scalar(sa.select(sa.func.count()).select_from(Organisation)) or 0) + 1
    ids = []
    for number, firm in enumerate(firms, first):
        row = Organisation(
            credit_code=make_credit_code("120110", number), name=f"Firm {number}", operating_area_id=areas[firm.area],
            industry_code=f"{firm.division}84", created_at=now, created_by=user, state=firm.state, **firm.values,
        )  # fmt: skip
        session.add(row)
        session.flush()
        ids.append(row.id)
        if firm.permits:
            permit(session, row.id, user, now)
        submit(session, campaign, row.id, firm, user, now)
    return ids


def permit(session: Session, organisation_id: int, user: int, now: datetime, **values: Any) -> None:
    given = {"text_version": TEXTS["benchmark"].version, **values}
    session.add(
        Consent(organisation_id=organisation_id, kind="benchmark", fields=[], purpose="comparison", given_at=now,
                given_by=user, **given)
    )  # fmt: skip


def submit(session: Session, campaign: Campaign, firm_id: int, firm: Firm, user: int, now: datetime) -> Submission:
    submission = Submission(
        organisation_id=firm_id, campaign_id=campaign.id, state=firm.submission, reference=f"R{firm_id}",
        created_at=now, created_by=user, submitted_at=now,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    score(session, submission, firm)
    return submission


def score(session: Session, submission: Submission, firm: Firm) -> int:
    """A further snapshot with this share of the points; its scorecard counts from now on."""
    number = session.scalar(sa.select(sa.func.count()).where(Snapshot.submission_id == submission.id)) or 0
    at = submission.submitted_at
    snapshot = Snapshot(
        submission_id=submission.id, number=number + 1, instrument_id=campaign_of(session).instrument_id,
        reference_year=2025, responses={}, facts=[], organisation={}, commitment="", content_hash="", submitted_at=at,
    )  # fmt: skip
    session.add(snapshot)
    session.flush()
    card = Scorecard(snapshot_id=snapshot.id, engine_version="1", level=0, possible_level=0, card={}, created_at=at)
    session.add(card)
    session.flush()
    area_id = session.scalars(sa.select(Area.id).where(Area.code == firm.area)).one()
    session.execute(sa.insert(Score), [_score(card.id, name, submission, firm, area_id) for name in MOST])
    submission.scorecard_id = card.id
    return card.id


def _score(card: int, name: str, submission: Submission, firm: Firm, area_id: int) -> dict[str, Any]:
    points = MOST[name] * MILLION * firm.share // 1000
    is_open = name in firm.open_measures
    return {
        "scorecard_id": card, "measure": name, "points_e6": None if is_open else points,
        "low_e6": 0 if is_open else points, "high_e6": points, "organisation_id": submission.organisation_id,
        "campaign_id": submission.campaign_id, "area_id": area_id, "industry_division": firm.division,
        "size_class": firm.size, "sub_industry_id": None,
    }  # fmt: skip
