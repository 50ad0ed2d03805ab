"""What the report on a round is made from.

It is named by a scorecard: that of what the firm submitted last in the round. So a newer submission has a report of its
own, and one that is made again holds what it held before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey.models import Campaign, OutsideResult, Round, Scorecard, Snapshot, Submission
from survey.organisations.outside_queries import outside_results
from survey.publishing import fields
from survey.publishing.queries import instrument
from survey.report.queries import Record, record

ROUND = "round"
"""The kind of job that makes such a PDF; its items work on the scorecard that names it."""


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """The frozen rows behind one report: what was submitted by then, and the parts that were not.

    `held` are results from elsewhere that hold on the day `on`.
    """

    scorecard_id: int
    public_id: str
    records: tuple[Record, ...]
    undone: tuple[Instrument, ...]
    held: tuple[OutsideResult, ...]
    on: date
    rounds: Mapping[str, str]


def round_scorecard(session: Session, round_id: str, organisation_id: int) -> int | None:
    """The scorecard that names the firm's newest report on a round; None while nothing was submitted."""
    query = _scorecards(sa.func.max(Scorecard.id), organisation_id).join(Round, Round.id == Campaign.round_id)
    return session.scalar(query.where(Round.public_id == round_id))


def _scorecards(column: Any, organisation_id: int) -> sa.Select[Any]:
    return (
        sa.select(column)
        .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
        .join(Submission, Submission.id == Snapshot.submission_id)
        .join(Campaign, Campaign.id == Submission.campaign_id)
        .where(Submission.organisation_id == organisation_id, Submission.kind == "self")
    )


def round_record(session: Session, scorecard_id: int, on: date) -> RoundRecord | None:
    """Everything that report needs, or None if there is no such scorecard. Results from elsewhere are those of `on`."""
    last = session.get(Scorecard, scorecard_id)
    if last is None:
        return None
    submission = last.snapshot.submission
    round_, firm = submission.campaign.round, submission.organisation_id
    ids = session.scalars(
        _scorecards(Scorecard.id, firm)
        .where(Campaign.round_id == round_.id, Scorecard.id <= scorecard_id)
        .order_by(Submission.id, Snapshot.number, Scorecard.id)
    )
    found = [made for each in ids if (made := record(session, each)) is not None]
    newest = {each.snapshot.submission_id: each for each in found}  # of one submission the last one stays
    records = sorted(newest.values(), key=lambda each: _place(each.instrument))
    return RoundRecord(
        scorecard_id,
        last.snapshot.public_id,
        tuple(records),
        tuple(_undone(session, round_.id, {each.instrument.questionnaire for each in records})),
        tuple(outside_results(session, firm, on)),
        on,
        {"zh_CN": round_.title_zh, "en": round_.title_en},
    )


def _place(each: Instrument) -> tuple[int, str]:
    return fields.place(each.field, each.questionnaire)


def _undone(session: Session, round_id: int, done: set[str]) -> list[Instrument]:
    """The other questionnaires of the round."""
    campaigns = session.execute(
        sa.select(Campaign.questionnaire, Campaign.instrument_id).where(Campaign.round_id == round_id)
    )
    others = (instrument(session, number) for questionnaire, number in campaigns if questionnaire not in done)
    return sorted(others, key=_place)


def parts_of_round(session: Session, round_id: int) -> int:
    """How many questionnaires a round has."""
    return session.scalar(sa.select(sa.func.count()).where(Campaign.round_id == round_id)) or 0
