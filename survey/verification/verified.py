"""The verified submission: what was found laid over what was stated, scored by the same rules, frozen beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import Answers
from scoring import scorer_for
from survey import audit, jobs
from survey.answering.freezing import Material, freeze
from survey.answering.submitting import organisation_as_at_submit
from survey.languages import TAGS
from survey.models import Fact, Scorecard, Submission
from survey.organisations.actions import FactEntry, save_facts
from survey.organisations.figures import first_unit
from survey.organisations.queries import facts_of
from survey.organisations.sources import VERIFIED
from survey.publishing.references import Held
from survey.report.actions import order_anew
from survey.verification.overlay import FIGURE, figure_key
from survey.verification.sheet import Case

COMMITMENT: Final = "verified-1"
"""In place of the firm's commitment: this was found on site and confirmed by a second person."""


def make_verified(session: Session, told: Case, actor: audit.Actor, now: datetime) -> tuple[Submission, Scorecard]:
    """The verified submission with its new snapshot and scorecard; figures are marked, reports ordered."""
    assert actor.user_id is not None
    visit, answers = told.visit, told.result.answers
    save_verified_figures(session, told, actor, now)
    submission = _beside(session, visit.submission, actor.user_id, now)
    scorecard = freeze(session, submission, _material(session, told, answers), actor.user_id, now)
    submission.state, submission.submitted_at, submission.rev = "accepted", now, submission.rev + 1
    _order_reports(session, visit.submission, scorecard, actor, now)
    return submission, scorecard


def _beside(session: Session, stated: Submission, user_id: int, now: datetime) -> Submission:
    """The verified submission of the same campaign: there from an earlier visit, or made now."""
    there = sa.select(Submission).where(
        Submission.organisation_id == stated.organisation_id,
        Submission.campaign_id == stated.campaign_id,
        Submission.kind == "verified",
    )
    found = session.scalars(there.with_for_update()).one_or_none()
    if found is not None:
        return found
    made = Submission(
        organisation_id=stated.organisation_id, campaign_id=stated.campaign_id, kind="verified", state="accepted",
        reference=f"{stated.reference}-V", wave=stated.wave, created_at=now, created_by=user_id, submitted_at=now,
        verifies_id=stated.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _material(session: Session, told: Case, answers: Answers) -> Material:
    snapshot = told.visit.snapshot
    return Material(
        instrument=told.instrument,
        instrument_id=snapshot.instrument_id,
        answers=answers,
        references={name: Held(**kept) for name, kept in (snapshot.reference_values or {}).items()},
        card=scorer_for(told.instrument).score(answers),
        organisation=organisation_as_at_submit(session, told.visit.submission, told.instrument),
        commitment=COMMITMENT,
    )


def _order_reports(
    session: Session, stated: Submission, scorecard: Scorecard, actor: audit.Actor, now: datetime
) -> None:
    """The verified report, and those of the self-assessment and the round again: both results stand in them now."""
    jobs.order(session, "report", scorecard.id, TAGS, actor.user_id, now, jobs.WAITING)
    order_anew(session, stated, TAGS, actor, now)


# -- figures -----------------------------------------------------------------------------------------------------------


def save_verified_figures(session: Session, told: Case, actor: audit.Actor, now: datetime) -> None:
    """What was found of figures becomes the firm's figures, marked as verified.

    A figure of which nothing was shown stays the firm's own, unverified; it counts for nothing in the result.
    """
    assert actor.user_id is not None
    firm, stored = told.visit.organisation_id, facts_of(session, told.visit.organisation_id)
    keys = [
        figure_key(name)
        for name, found in told.findings.items()
        if name.startswith(FIGURE) and found.finding != "not_shown"
    ]
    facts = told.result.answers.facts
    entries = [_entry(told, key, facts[key], stored.get(key)) for key in keys if key in facts]
    sources = {entry[:2]: VERIFIED for entry in entries}
    save_facts(session, firm, entries, actor.user_id, now, sources=sources, actor=actor)
    for kind, year in sources:
        same = (Fact.organisation_id == firm, Fact.kind == kind, Fact.year == year)
        session.execute(sa.update(Fact).where(*same).values(verified=True))


def _entry(told: Case, key: tuple[str, int], value: int, stored: Fact | None) -> FactEntry:
    """A figure in the unit the firm typed it in, where it did."""
    unit = stored.unit if stored is not None else first_unit(told.instrument.fact_kinds[key[0]])
    return (*key, value, unit)
