"""Planning a visit, changing the plan, calling it off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, formatting, jobs
from survey.accounts.conflicts import why_not_verifier
from survey.claims import standing
from survey.desk import assessor_actions
from survey.errors import Problem
from survey.languages import TAGS
from survey.models import Submission, User, Visit
from survey.settings import Settings
from survey.verification.queries import newest_snapshot, verifiable
from survey.verification.standing import OPEN
from survey.verification.telling import address, tell, tell_firm

FORM = "visit_form"
"""The kind of job that makes the printed form; its items work on a visit."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When, by when at the latest, and by whom (ids of users)."""

    planned_on: date | None
    due_on: date
    assessors: frozenset[int]


def plan(
    session: Session, settings: Settings, submission_id: int, wanted: Plan, actor: audit.Actor, now: datetime
) -> tuple[Visit | None, Mapping[int, str]]:
    """Plan a visit and tell the firm and the assessors; the visit, or whom a conflict keeps from it and why."""
    assert actor.user_id is not None
    submission = session.get_one(Submission, submission_id)
    standing.locked(session, submission.organisation_id)
    session.refresh(submission)
    _plannable(session, submission)
    refused = name_assessors(session, submission.organisation_id, wanted.assessors, actor, now)
    if refused:
        return None, refused
    snapshot = newest_snapshot(session, submission.id)
    visit = Visit(
        organisation_id=submission.organisation_id, submission_id=submission.id, snapshot_id=snapshot.id,
        planned_on=wanted.planned_on, due_on=wanted.due_on, created_at=now, created_by=actor.user_id,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    audit.record(
        session, actor, "visit.plan", visit.public_id, now=now, organisation_id=submission.organisation_id
    )  # fmt: skip
    _announce(session, settings, visit, wanted.assessors, now)
    jobs.order(session, FORM, visit.id, TAGS, actor.user_id, now)
    return visit, {}


def change(
    session: Session, settings: Settings, visit_id: int, wanted: Plan, actor: audit.Actor, now: datetime
) -> Mapping[int, str]:
    """Another day, due date or other people; whom a conflict keeps from it and why, and nothing changed then."""
    visit = locked(session, visit_id)
    if visit.state not in OPEN:
        raise over()
    refused = name_assessors(session, visit.organisation_id, wanted.assessors, actor, now)
    if refused:
        return refused
    visit.planned_on, visit.due_on, visit.rev = wanted.planned_on, wanted.due_on, visit.rev + 1
    audit.record(
        session, actor, "visit.plan", visit.public_id, now=now, organisation_id=visit.organisation_id, detail="changed"
    )  # fmt: skip
    if visit.state == "planned":
        _announce(session, settings, visit, wanted.assessors, now)
    return {}


def cancel(session: Session, settings: Settings, visit_id: int, reason: str, actor: audit.Actor, now: datetime) -> None:
    """Call the visit off and tell everybody why. What was entered stays for the record and counts for nothing."""
    visit = locked(session, visit_id)
    if visit.state not in OPEN:
        raise over()
    visit.state, visit.sent_back, visit.rev = "cancelled", reason, visit.rev + 1
    audit.record(session, actor, "visit.cancel", visit.public_id, now=now, organisation_id=visit.organisation_id)
    tell_firm(session, settings, visit, "visit_cancelled", lambda _language: {"reason": reason}, now)
    people = [each.user_id for each in assessor_actions.assigned(session, visit.organisation_id)]
    tell(session, settings, visit, "visit_cancelled", people, lambda _language: {"reason": reason}, now)


def locked(session: Session, visit_id: int) -> Visit:
    """The visit with its firm locked, as it is now."""
    visit = session.get_one(Visit, visit_id)
    standing.locked(session, visit.organisation_id)
    session.refresh(visit)
    return visit


def over() -> Problem:
    return Problem(
        409, _("This visit is over"), _("Nothing was changed. Open the list of visits to see how it stands.")
    )


def name_assessors(
    session: Session, firm_id: int, people: Collection[int], actor: audit.Actor, now: datetime
) -> dict[int, str]:
    """Make these the firm's assessors. Where a conflict keeps anybody from it nothing changes but the record."""
    refused = {each: why for each in people if (why := why_not_verifier(session, each, firm_id)) is not None}
    for user_id in refused or people:
        assessor_actions.assign(session, firm_id, user_id, actor, now)  # puts also the refusal on record
    if not refused:
        for row in assessor_actions.assigned(session, firm_id):
            if row.user_id not in people:
                assessor_actions.end(session, row.id, actor, now)
    return refused


def _plannable(session: Session, submission: Submission) -> None:
    """Refuse what is not handed in, is no self-assessment, or has a visit under way."""
    under_way = sa.select(Visit.id).where(Visit.submission_id == submission.id, Visit.state.in_(OPEN))
    if not verifiable(session, submission):
        raise Problem(
            409,
            _("This assessment cannot be verified now"),
            _("Only what a firm has handed in, and what was not returned to it, can be verified on site."),
        )
    if session.scalar(under_way.limit(1)) is not None:
        raise Problem(
            409,
            _("A visit for this assessment is under way"),
            _("Nothing was planned twice. Change that visit, or cancel it first."),
        )


def _announce(session: Session, settings: Settings, visit: Visit, assessors: Collection[int], now: datetime) -> None:
    names = [session.get_one(User, each).name for each in sorted(assessors)]

    def to_firm(language: str) -> dict[str, str]:
        return {
            "day": _day(visit),
            "who": _(", ").join(names),
            "ready": _("documents, systems and places that the answers speak of, and who knows them"),
            "address": address(settings, visit, "/comment"),
        }

    tell_firm(session, settings, visit, "visit_planned", to_firm, now)
    tell(
        session, settings, visit, "visit_asked", sorted(assessors),
        lambda _language: {"day": _day(visit), "address": address(settings, visit)}, now,
    )  # fmt: skip


def _day(visit: Visit) -> str:
    if visit.planned_on is None:
        return _("to be agreed, by %(date)s", date=formatting.date(visit.due_on))
    return formatting.date(visit.planned_on)
