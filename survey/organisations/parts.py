"""The questionnaires that a firm is asked to answer, with the figures each of them uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from questionnaires.catalogue import fact_kinds
from questionnaires.facts import FactKind
from questionnaires.instrument import Instrument
from survey.answering.open_times import times_of
from survey.models import Campaign, Submission
from survey.organisations.queries import FIGURES, Key
from survey.publishing.queries import instrument as instrument_in

OPEN_STATES: Final = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire of a round. `submission` is None until the firm has begun it."""

    campaign: Campaign
    instrument: Instrument
    submission: Submission | None
    open: bool

    @property
    def name(self) -> str:
        return self.instrument.questionnaire

    @property
    def year(self) -> int:
        return self.campaign.round.reference_year

    def figures(self) -> frozenset[Key]:
        """Every figure it may ask, by kind and year."""
        return frozenset((kind, self.year + offset) for kind, offset in self.instrument.figures_asked)

    @property
    def fixed(self) -> bool:
        """Submitted: nothing that is entered later changes it."""
        return self.submission is not None and self.submission.state not in OPEN_STATES


def parts(session: Session, organisation_id: int, now: datetime) -> list[Part]:
    """Every campaign that is open, or that the firm has begun, in the order they were opened."""
    query = (
        sa.select(Campaign, Submission)
        .outerjoin(
            Submission,
            (Submission.campaign_id == Campaign.id)
            & (Submission.organisation_id == organisation_id)
            & (Submission.kind == "self"),
        )
        .where(((Campaign.opens_at <= now) & (Campaign.closes_at > now)) | Submission.id.is_not(None))
        .options(joinedload(Campaign.round))
        .order_by(Campaign.id)
    )
    return [
        Part(campaign, instrument_in(session, campaign.instrument_id), submission, _is_open(campaign, submission, now))
        for campaign, submission in session.execute(query)
    ]


def _is_open(campaign: Campaign, submission: Submission | None, now: datetime) -> bool:
    return times_of(campaign, submission.due_on if submission else None).hold(now)


def kinds_of(asking: Iterable[Part]) -> Mapping[str, FactKind]:
    """Every kind of figure by id: of the shared dictionary, and what questionnaires bring along."""
    own = {kind.id: kind for part in asking for kind in part.instrument.facts}
    return {**own, **fact_kinds()}


def asked(asking: Iterable[Part], year: int) -> set[Key]:
    """The figures that open questionnaires use, and those that the firm's size is judged by."""
    size = {(kind, when) for kind in FIGURES for when in (year, year - 1)}
    return size.union(*(part.figures() for part in asking if part.open))


def touched(asking: Iterable[Part], keys: Collection[Key]) -> list[Part]:
    """The parts the firm has begun that use one of these figures."""
    return [part for part in asking if part.submission is not None and not part.figures().isdisjoint(keys)]
