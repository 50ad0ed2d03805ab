"""The visits that an assessor and an office see, and what could be visited next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from survey.access import in_my_areas
from survey.answering.check_page import scored
from survey.models import Area, Assignment, Campaign, Organisation, Snapshot, Submission, User, Visit, VisitValue
from survey.publishing.queries import instrument as instrument_in
from survey.verification.rights import named, visits
from survey.verification.standing import OPEN

MOST = 200
"""Lines of a list; what needs somebody comes first."""
VERIFIABLE = ("submitted", "accepted")
"""States of a self-assessment that can be verified."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A firm that an assessor is asked to visit, and its visit if there is one."""

    assignment: Assignment
    visit: Visit | None


def own_visits(session: Session, user_id: int, permission: str) -> list[Asked]:
    """The firms of an assessor's open assignments with their visits; what is to be done first, by its due date."""
    query: sa.Select[Assignment] = (
        sa.select(Assignment)
        .join(Assignment.organisation)
        .join(Area, Area.id == Organisation.operating_area_id)
        .where(Assignment.user_id == user_id, Assignment.ended_at.is_(None), in_my_areas(permission))
        .options(contains_eager(Assignment.organisation).joinedload(Organisation.operating_area))
        .order_by(Assignment.assigned_at, Assignment.id)
    )
    assignments = list(session.scalars(query))
    there = list(session.scalars(visits(named(user_id), in_my_areas(permission)).where(Visit.state != "cancelled")))
    rows = [
        Asked(assignment, visit)
        for assignment in assignments
        for visit in (_of_firm(there, assignment.organisation_id) or (None,))
    ]
    return sorted(rows, key=_urgency)


def _of_firm(visits_: Sequence[Visit], firm: int) -> tuple[Visit | None, ...]:
    return tuple(each for each in visits_ if each.organisation_id == firm)


def _urgency(row: Asked) -> tuple[int, date]:
    """What is planned, then what nobody has planned yet, then what is handed in; at last what is done."""
    if row.visit is None:
        return 1, date.max
    return {"planned": 0, "entered": 2}.get(row.visit.state, 3), row.visit.due_on


def office_visits(session: Session, permission: str) -> list[Visit]:
    """The visits in the office's areas: open ones by due date, then the latest of the others."""
    query = visits(in_my_areas(permission)).options(joinedload(Visit.snapshot))
    is_open = Visit.state.in_(OPEN)
    order = (sa.case((is_open, 0), else_=1), sa.case((is_open, Visit.due_on)), Visit.id.desc())
    return list(session.scalars(query.order_by(*order).limit(MOST)))


def to_plan(session: Session, permission: str, now: datetime) -> list[Submission]:
    """Self-assessments of firms that have an assessor and no visit yet, the earliest handed in first.

    Of each questionnaire those of the newest round that has begun: nobody visits for what was stated a year ago.
    """
    newer = aliased(Campaign)
    outdated = sa.select(newer.id).where(
        newer.questionnaire == Campaign.questionnaire, newer.opens_at > Campaign.opens_at, newer.opens_at <= now
    )
    assigned = sa.select(Assignment.id).where(
        Assignment.organisation_id == Submission.organisation_id, Assignment.ended_at.is_(None)
    )
    visited = sa.select(Visit.id).where(Visit.submission_id == Submission.id, Visit.state != "cancelled")
    query = (
        sa.select(Submission)
        .join(Submission.organisation)
        .join(Area, Area.id == Organisation.operating_area_id)
        .join(Submission.campaign)
        .join(Campaign.round)
        .where(in_my_areas(permission), Submission.kind == "self", Submission.state.in_(VERIFIABLE))
        .where(assigned.exists(), ~visited.exists(), ~outdated.exists())
        .options(
            contains_eager(Submission.organisation).joinedload(Organisation.operating_area),
            contains_eager(Submission.campaign).contains_eager(Campaign.round),
        )
        .order_by(Submission.submitted_at, Submission.id)
    )
    return [each for each in session.scalars(query.limit(MOST)) if verifiable(session, each)]


def verifiable(session: Session, submission: Submission) -> bool:
    """Whether it can be verified on site: handed in, not returned, and leading to a result."""
    handed_in = submission.kind == "self" and submission.state in VERIFIABLE
    return handed_in and scored(instrument_in(session, submission.campaign.instrument_id))


def visits_of_submission(session: Session, submission_id: int) -> list[Visit]:
    """All visits of a self-assessment, the newest first."""
    return list(session.scalars(sa.select(Visit).where(Visit.submission_id == submission_id).order_by(Visit.id.desc())))


def assessors_of(session: Session, organisation_ids: set[int]) -> dict[int, list[str]]:
    """The names of the assessors of firms."""
    query = (
        sa.select(Assignment.organisation_id, User.name)
        .join(User, User.id == Assignment.user_id)
        .where(Assignment.organisation_id.in_(organisation_ids), Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
    )
    found: dict[int, list[str]] = {}
    for firm, name in session.execute(query):
        found.setdefault(firm, []).append(name)
    return found


def entered_counts(session: Session, visit_ids: set[int]) -> dict[int, int]:
    """How many items of each visit have a finding."""
    items = VisitValue.item.not_like("figure:%")
    query = sa.select(VisitValue.visit_id, sa.func.count()).where(VisitValue.visit_id.in_(visit_ids), items)
    return {visit: count for visit, count in session.execute(query.group_by(VisitValue.visit_id))}  # noqa: C416


def who_entered(session: Session, visit_id: int) -> set[int]:
    """Everybody who had a hand in the findings."""
    return set(session.scalars(sa.select(VisitValue.entered_by).where(VisitValue.visit_id == visit_id)))


def newest_snapshot(session: Session, submission_id: int) -> Snapshot:
    query = sa.select(Snapshot).where(Snapshot.submission_id == submission_id).order_by(Snapshot.number.desc()).limit(1)
    return session.scalars(query).one()
