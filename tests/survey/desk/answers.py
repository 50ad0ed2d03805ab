"""What firms handed in, written as it stands, for the lists that read it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from survey.models import Campaign, Organisation, Score, Scorecard, Snapshot, Submission

MILLION = 1_000_000


def hand_in(
    session: Session, firm: Organisation, campaign: Campaign, *, gaps: Mapping[str, int] | None = None, **values: Any
) -> Submission:
    """A self-assessment, submitted yesterday unless told otherwise; `gaps` are points of dimensions."""
    at = datetime.now(UTC) - timedelta(days=1)
    given = {"state": "submitted", "submitted_at": at, "reference": f"R{firm.id}", "quality_signs": 0, **values}
    made = Submission(
        organisation_id=firm.id, campaign_id=campaign.id, created_at=at, created_by=firm.created_by, **given
    )
    session.add(made)
    session.flush()
    card = _scorecard(session, made, campaign, at)
    made.scorecard_id = card.id
    for measure, points in (gaps or {}).items():
        session.add(
            Score(
                scorecard_id=card.id, measure=measure, points_e6=points * MILLION, low_e6=points * MILLION,
                high_e6=points * MILLION, organisation_id=firm.id, campaign_id=campaign.id,
                area_id=firm.operating_area_id, industry_division=firm.industry_code[:3],
            )
        )  # fmt: skip
    return made


def _scorecard(session: Session, submission: Submission, campaign: Campaign, at: datetime) -> Scorecard:
    snapshot = Snapshot(
        submission_id=submission.id, number=1, instrument_id=campaign.instrument_id, reference_year=2025, responses={},
        facts=[], reference_values={}, quality_notes=[], organisation={}, commitment="", submitted_at=at,
        content_hash="0" * 64,
    )  # fmt: skip
    session.add(snapshot)
    session.flush()
    card = Scorecard(
        snapshot_id=snapshot.id, engine_version="1", level=0, possible_level=0, total_e6=0, card={}, created_at=at
    )
    session.add(card)
    session.flush()
    return card
