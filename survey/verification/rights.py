"""Loading a visit together with the right to it: for the office, for who visits, who checks, and for the firm."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from survey.access import MINE, in_my_areas, refuse, roles_with, row_or_404
from survey.accounts.conflicts import CONFLICTS, why_not_verifier
from survey.database import reading
from survey.errors import Problem
from survey.identity import signed_in
from survey.models import Area, Assignment, Campaign, Membership, Organisation, Submission, Visit
from survey.refusals import note_refusal

PLAN, VIEW, ENTER, COMMENT, CHECK = (f"visits:{deed}" for deed in ("plan", "view", "enter", "comment", "check"))


def named(user_id: int) -> sa.ColumnElement[bool]:
    """Scopes a query that joins Organisation to the firms that this person is asked to visit."""
    asked = sa.select(Assignment.id).where(
        Assignment.organisation_id == Organisation.id, Assignment.user_id == user_id, Assignment.ended_at.is_(None)
    )
    return asked.exists()


def visits(*where: sa.ColumnElement[bool]) -> sa.Select[Visit]:
    """Visits with firm, area, submission, campaign and round."""
    firm = contains_eager(Visit.organisation).contains_eager(Organisation.operating_area)
    campaign = contains_eager(Visit.submission).contains_eager(Submission.campaign)
    return (
        sa.select(Visit)
        .join(Visit.organisation)
        .join(Area, Area.id == Organisation.operating_area_id)
        .join(Visit.submission)
        .join(Submission.campaign)
        .join(Campaign.round)
        .where(*where)
        .options(firm, campaign.contains_eager(Campaign.round))
    )


def office_visit_or_404(public_id: str, permission: str) -> Visit:
    """The visit, if the firm operates in an area of the person's office."""
    return _one(public_id, permission, in_my_areas(permission))


def assessor_visit_or_404(public_id: str, permission: str) -> Visit:
    """The visit, if the person is named in an open assignment of the firm and is neutral to it."""
    found = _one(public_id, permission, in_my_areas(permission), named(signed_in().user_id))
    return neutral(found, permission)


def visit_to_check_or_404(public_id: str, permission: str) -> Visit:
    """The visit, for an officer of the area or another assessor of the firm who is neutral to it."""
    asked = named(signed_in().user_id)
    reach = (
        Area.path.startswith(held.path, autoescape=True) & (asked if held.role == "assessor" else sa.true())
        for held in roles_with(permission)
    )
    return neutral(_one(public_id, permission, in_my_areas(permission), sa.or_(sa.false(), *reach)), permission)


def firm_visit_or_404(public_id: str, permission: str) -> Visit:
    """The visit, if the person's right in the firm has the permission."""
    query: Any = (
        sa.select(Membership.role, Visit.id)
        .join(Visit, Visit.organisation_id == Membership.organisation_id)
        .where(Visit.public_id == sa.bindparam("visit"), *MINE)
    )
    row = row_or_404(query, permission, visit=public_id)
    return reading().scalars(visits(Visit.id == row[1])).one()


def _one(public_id: str, permission: str, *where: sa.ColumnElement[bool]) -> Visit:
    found = reading().scalars(visits(Visit.public_id == public_id, *where)).one_or_none()
    if found is None:
        refuse(404, permission)
    return found


def neutral(visit: Visit, permission: str) -> Visit:
    """The visit; refused, and that on record, for who filled in, acts for the firm or sells to firms."""
    why = why_not_verifier(reading(), signed_in().user_id, visit.organisation_id)
    if why is not None:
        note_refusal(permission)
        raise Problem(403, str(CONFLICTS[why]), "")
    return visit
