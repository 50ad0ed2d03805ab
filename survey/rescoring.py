"""Scoring again what was submitted, to see that the frozen scorecards still hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import Answers
from scoring import scorer_for
from scoring.scorecard import Scorecard as Card
from survey.answering.queries import responses_from
from survey.models import Scorecard, Snapshot, Submission, canonical
from survey.publishing.queries import instrument
from survey.publishing.references import thawed

MADE_BY = "engine"
"""The only part of a card that may differ: which version of the engine made it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One scorecard, scored again. `differences` name each part that differs: what is stored, and what comes now."""

    scorecard_id: int
    reference: str | None
    differences: tuple[str, ...]


def rescored(session: Session) -> Iterator[Checked]:
    """Every scorecard, in the order of their making. Reads one at a time: there may be very many."""
    query = sa.select(Scorecard.id).order_by(Scorecard.id)
    for scorecard_id in session.scalars(query).all():
        row = (
            sa.select(Scorecard, Snapshot, Submission.reference)
            .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
            .join(Submission, Submission.id == Snapshot.submission_id)
            .where(Scorecard.id == scorecard_id)
        )
        scorecard, snapshot, reference = session.execute(row).one()
        yield Checked(scorecard_id, reference, tuple(_differences(scorecard, _score(session, snapshot))))
        session.expunge_all()


def _score(session: Session, snapshot: Snapshot) -> Card:
    facts = {(fact["id"], fact["year"]): fact["value"] for fact in snapshot.facts}
    responses = responses_from({"responses": snapshot.responses})
    return scorer_for(instrument(session, snapshot.instrument_id)).score(
        Answers(responses, facts, snapshot.reference_year, references=thawed(snapshot.reference_values))
    )


def _differences(stored: Scorecard, now: Card) -> Iterator[str]:
    fresh = now.model_dump(mode="json")
    for part in sorted((set(stored.card) | set(fresh)) - {MADE_BY}):
        if canonical(stored.card.get(part)) != canonical(fresh.get(part)):
            yield f"card.{part}: stored {_brief(stored.card.get(part))}, now {_brief(fresh.get(part))}"
    for name in ("level", "possible_level"):
        if getattr(stored, name) != getattr(now, name):
            yield f"{name}: stored {getattr(stored, name)}, now {getattr(now, name)}"


def _brief(value: object) -> str:
    text = canonical(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
