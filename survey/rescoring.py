"""Scoring again what was submitted, to see that the frozen scorecards still hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import Answers
from scoring import ENGINE_VERSION, scorer_for
from scoring.scorecard import Scorecard as Card
from survey.answering.queries import responses_from
from survey.models import Scorecard, Snapshot, Submission, canonical
from survey.publishing.queries import instrument
from survey.publishing.references import thawed

MADE_BY = "engine"
"""The only part of a card that may differ: which version of the engine made it."""
AT_ONCE = 500  # scorecards read in one transaction


@dataclass(frozen=True, slots=True)
class Checked:
    """One scorecard, scored again. `differences` name each part that differs: what is stored, and what comes now."""

    scorecard_id: int
    reference: str | None
    differences: tuple[str, ...]


def rescored(session: Session) -> Iterator[Checked]:
    """Every scorecard, in the order of their making. Reads one at a time: there may be very many."""
    query = sa.select(Scorecard.id).order_by(Scorecard.id)
    for number, scorecard_id in enumerate(session.scalars(query).all(), 1):
        row = (
            sa.select(Scorecard, Snapshot, Submission.reference)
            .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
            .join(Submission, Submission.id == Snapshot.submission_id)
            .where(Scorecard.id == scorecard_id)
        )
        scorecard, snapshot, reference = session.execute(row).one()
        yield Checked(scorecard_id, reference, tuple(_differences(scorecard, _score(session, snapshot))))
        session.expunge_all()
        if number % AT_ONCE == 0:
            session.rollback()  # a transaction of hours would keep the database from tidying up


def _score(session: Session, snapshot: Snapshot) -> Card:
    facts = {(fact["id"], fact["year"]): fact["value"] for fact in snapshot.facts}
    responses = responses_from({"responses": snapshot.responses})
    return scorer_for(instrument(session, snapshot.instrument_id)).score(
        Answers(responses, facts, snapshot.reference_year, references=thawed(snapshot.reference_values))
    )


def _differences(stored: Scorecard, now: Card) -> Iterator[str]:
    card, fresh = dict(stored.card), now.model_dump(mode="json")
    if stored.engine_version != ENGINE_VERSION:
        fresh = _as_far_as(card, fresh)
    for part in sorted((set(card) | set(fresh)) - {MADE_BY}):
        if canonical(card.get(part)) != canonical(fresh.get(part)):
            yield f"card.{part}: stored {_brief(card.get(part))}, now {_brief(fresh.get(part))}"
    for name in ("level", "possible_level"):
        if getattr(stored, name) != getattr(now, name):
            yield f"{name}: stored {getattr(stored, name)}, now {getattr(now, name)}"


def _as_far_as(stored: Any, fresh: Any) -> Any:
    """What is there now, without what an earlier engine did not record: everything that it did record must hold."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        return {key: _as_far_as(stored[key], fresh.get(key)) for key in stored}
    if isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        return [_as_far_as(one, other) for one, other in zip(stored, fresh, strict=True)]
    return fresh


def _brief(value: object) -> str:
    text = canonical(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
