"""Giving a role outside firms: the only place where a `RoleGrant` is made, so that no rule about roles is passed by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import audit
from survey.access import APART
from survey.accounts import actions
from survey.accounts.role_names import STAFF_ROLE_NAMES, place_name
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import Area, RoleGrant, User
from survey.models.staff import CITY_ROLES, PROVIDER_ROLES, STAFF_ROLES
from survey.settings import Settings

REFUSALS: Final[Mapping[str, LazyString]] = {
    "apart": _l(
        "Running the city's content, its accounts and its record are three people's tasks: "
        "this person holds one of these roles already and cannot hold a second."
    ),
    "held": _l("This person holds this role here already."),
    "self": _l("You invited yourself. Another security administrator has to give you this role."),
    "inactive": _l("This account is locked or closed."),
}
"""Why a role is not given, for the page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role is held: exactly one of the two is set."""

    area_id: int | None = None
    provider_id: int | None = None


def grant_role(
    session: Session,
    settings: Settings,
    user_id: int,
    role: str,
    place: Place,
    actor: audit.Actor,
    now: datetime,
    *,
    keep_sign_in: int | None = None,
    granted_by: int | None = None,
) -> str | None:
    """Give a role at a place; None when it is given, else a key of REFUSALS. Both are recorded: commit in either case.

    The person is told, and their sign-ins end (but the one with the id `keep_sign_in`, in which they accept an
    invitation), so that nobody goes on with rights that a sign-in was not made for. `granted_by` is who decided, where
    that is not the actor. Raises ValueError for a role that is not held at such a place.
    """
    _check_place(session, role, place)
    user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    refusal = "self" if granted_by == user.id else _why_not(session, user, role, place)
    if refusal is not None:
        audit.record(session, actor, "role.grant", user.public_id, now=now, result="refused", detail=refusal)
        return refusal
    session.add(
        RoleGrant(
            user_id=user.id,
            role=role,
            area_id=place.area_id,
            provider_id=place.provider_id,
            granted_at=now,
            granted_by=granted_by or actor.user_id,
        )
    )
    actions.end_sign_ins(session, user.id, now, but=keep_sign_in)
    audit.record(session, actor, "role.grant", user.public_id, now=now, detail=role)
    _tell(session, settings, user, role, place, now)
    return None


def why_not_role(session: Session, user_id: int, role: str, place: Place) -> str | None:
    """What `grant_role` would refuse, to be said before anybody is invited: a key of REFUSALS or None."""
    return _why_not(session, session.get_one(User, user_id), role, place)


def _why_not(session: Session, user: User, role: str, place: Place) -> str | None:
    if user.state != "active":
        return "inactive"
    open_grants = sa.select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))
    held = list(session.scalars(open_grants))
    if any((each.role, each.area_id, each.provider_id) == (role, place.area_id, place.provider_id) for each in held):
        return "held"
    return "apart" if role in APART and any(each.role in APART - {role} for each in held) else None


def _check_place(session: Session, role: str, place: Place) -> None:
    at_provider = role in PROVIDER_ROLES
    if role not in STAFF_ROLES or (place.area_id is None) != at_provider or (place.provider_id is None) == at_provider:
        raise ValueError(f"{role!r} is not held at {place}")
    if role in CITY_ROLES and session.get_one(Area, place.area_id).parent_id is not None:
        raise ValueError(f"{role!r} is held at the city alone")


def _tell(session: Session, settings: Settings, user: User, role: str, place: Place, now: datetime) -> None:
    language = user.language or DEFAULT
    with speaking(language):
        values = {
            "role": str(STAFF_ROLE_NAMES[role]),
            "place": place_name(session, place.area_id, place.provider_id, language),
        }
    outbox.post(session, settings, "role_changed", user.recipient, user.language, values, now)
