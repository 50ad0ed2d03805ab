"""What people may do. Deny by default: every view is marked `requires(...)` or `public`.

A permission is `thing:deed`. Roles are held in a firm, at an area (with everything below it) or at a provider, and come
from the account, never from the request. A permission is only ever checked together with the objects it is for:
`organisation_or_404` and `submission_or_404` for the firm's own people, `firm_in_area_or_404` for an office,
`in_my_areas` for its lists. A stranger gets the same 404 as for a missing id; somebody whose role does not suffice
gets 403.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, NoReturn, TypeVar

import sqlalchemy as sa
from flask import Flask, abort, g, redirect, request, url_for
from sqlalchemy.orm import contains_eager

from survey.database import reading
from survey.formatting import SHANGHAI
from survey.identity import Held, Person, note_seen, person, sign_in_cookie, signed_in
from survey.models import Area, Campaign, Membership, Organisation, Submission
from survey.refusals import note_refusal

log = logging.getLogger("survey.access")

View = Callable[..., Any]
Thing = TypeVar("Thing", Organisation, Submission)

ACCOUNT = "account:use"
"""What everybody who is signed in may do: own account, own list of firms, entering a new firm."""

_FILLER = frozenset({"organisation:view", "answers:view", "answers:edit", "evidence:view", "evidence:edit"})
_VIEWER = frozenset({"organisation:view", "answers:view", "report:view", "report:download", "evidence:view"})
_EDITOR = _VIEWER | {"organisation:edit", "answers:edit", "evidence:edit"}
_OWNER = _EDITOR | {"submission:submit", "members:manage", "consents:manage", "visits:comment"}

_ASSESSOR = frozenset({"visits:view", "visits:enter", "visits:check"})
_OFFICER = frozenset(
    {"firms:view", "firms:import", "firms:note", "claims:decide", "claim_codes:make", "assessors:assign",
     "submissions:review", "visits:plan", "visits:check", "bundles:make", "dashboard:view"}
)  # fmt: skip
_CITY = _OFFICER | {"areas:edit", "industries:edit", "groups:edit", "calendar:edit", "releases:make"}
_SECURITY = frozenset({"accounts:view", "accounts:manage", "roles:grant", "rights:answer"})
_AUDITOR = frozenset({"audit:read"})
_PROVIDER = frozenset({"provider:view"})

GRANTS: Final[dict[str, frozenset[str]]] = {
    # in a firm
    "owner": _OWNER,
    "editor": _EDITOR,
    "viewer": _VIEWER,
    "filler": _FILLER,
    # at an area, for it and everything below
    "officer": _OFFICER,
    "assessor": _ASSESSOR,
    # at the city
    "city_administrator": _CITY,
    "security_administrator": _SECURITY,
    "auditor": _AUDITOR,
    # at a provider
    "provider": _PROVIDER,
}
"""What each role may do. A new role is one row here and one word in models/organisation.py or models/staff.py."""

APART: Final = frozenset({"city_administrator", "security_administrator", "auditor"})
"""Running the city's content, its accounts and its audit are three people's tasks: nobody holds two of these roles."""

FIRM_PERMISSIONS: Final = frozenset(_OWNER | _FILLER)
PERMISSIONS: Final = frozenset({ACCOUNT}).union(*GRANTS.values())

AREA_PERMISSIONS: Final = frozenset(_OFFICER | _ASSESSOR)
"""Held for a part of the city: to be checked with the firm or list they are for, like a firm's."""
FRESH: Final = timedelta(minutes=10)
FRESH_TO_FINISH: Final = timedelta(minutes=20)
"""A page that wants to know afresh who it is opens so long after a proof; its form may be sent so long after it."""


# -- marks on views ----------------------------------------------------------------------------------------------------


def public(view: View) -> View:
    """Mark a view that everybody may open."""
    view.permission = "public"  # type: ignore[attr-defined]  # read by the test that walks all routes
    return view


def requires(permission: str, *, fresh: bool = False) -> Callable[[View], View]:
    """Mark a view for people with a permission; those of firms and areas must also be checked with an object inside.

    `fresh`: the person must have proved who they are a short while ago. Forgetting the check with an object is a fault
    of ours: the answer is thrown away and a 500 sent instead.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission!r} is granted to nobody: add it to GRANTS")
    with_object = permission in FIRM_PERMISSIONS | AREA_PERMISSIONS

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            sent_away = _before(permission, fresh)
            if sent_away is not None:
                return sent_away
            answer = view(*args, **kwargs)
            if with_object and permission not in g.get("checked", ()):
                raise RuntimeError(f"{request.endpoint} never checked {permission} with an object")
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.fresh = fresh  # type: ignore[attr-defined]
        return guarded

    return mark


def _before(permission: str, fresh: bool) -> Any:
    """What must hold before the view runs; where to go instead, or None."""
    who, now = person(), datetime.now(UTC)
    if who is None:
        return _ask_to_sign_in()
    if permission != ACCOUNT and permission not in FIRM_PERMISSIONS and not roles_with(permission):
        refuse(403, permission)
    if fresh and _is_stale(who, now):
        return redirect(url_for("accounts.prove", next=_page_again()), 303)
    if request.method == "POST":
        note_seen(who, now)
    return None


def _is_stale(who: Person, now: datetime) -> bool:
    return now - who.fresh_at > (FRESH if request.method == "GET" else FRESH_TO_FINISH)


def _page_again() -> str:
    """The page to come back to: this one, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path


def wants_json() -> bool:
    """Whether one of our scripts asks, rather than a person opening a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _ask_to_sign_in() -> Any:
    if wants_json() or request.form:
        abort(401)  # a form that was typed for hours is not thrown away: the page for 401 offers to send it again
    page = "accounts.timed_out" if request.cookies.get(sign_in_cookie()) else "accounts.sign_in"
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(page, next=back), 303)


# -- in a firm ---------------------------------------------------------------------------------------------------------


def organisation_or_404(public_id: str, permission: str) -> Organisation:
    """The firm, if the person is a confirmed member whose role has the permission."""
    query = (
        sa.select(Membership.role, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.public_id == public_id)
    )
    return _loaded(query, permission)


def submission_or_404(public_id: str, permission: str) -> Submission:
    """The submission with its firm, if the person is a confirmed member of that firm whose role has the permission."""
    query = (
        sa.select(Membership.role, Submission)
        .join(Submission, Submission.organisation_id == Membership.organisation_id)
        .join(Submission.organisation)
        .join(Submission.campaign)
        .join(Campaign.round)
        .where(Submission.public_id == public_id)
        .options(
            contains_eager(Submission.organisation), contains_eager(Submission.campaign).contains_eager(Campaign.round)
        )
    )
    return _loaded(query, permission)


def rights_of(user_id: Any, today: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Scopes a query that joins Membership to the firms in which a person has a right on this day."""
    return (
        Membership.user_id == user_id,
        Membership.state == "confirmed",
        sa.or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
    )


MINE = rights_of(sa.bindparam("person"), sa.bindparam("today", type_=sa.Date()))
"""Scopes a query that joins Membership to the firms of the person who is signed in."""


def mine() -> dict[str, Any]:
    """The values for MINE."""
    return {"person": signed_in().user_id, "today": datetime.now(SHANGHAI).date()}


def row_or_404(query: sa.Select[Any], permission: str, **values: object) -> Any:
    """One row of a Core query with MINE in it whose first column is the role: for the busiest pages."""
    row = reading().connection().execute(query, {**values, **mine()}).one_or_none()
    return _allowed(row, permission)


def _loaded(query: sa.Select[str, Thing], permission: str) -> Thing:
    row = reading().execute(query.where(*MINE), mine()).one_or_none()
    thing: Thing = _allowed(row, permission)[1]
    return thing


def _allowed(row: Any, permission: str) -> Any:
    """The row, if there is one and its role has the permission; else 404 or 403."""
    if row is None:
        refuse(404, permission)
    if permission not in GRANTS[row[0]]:
        refuse(403, permission)
    g.role = row[0]
    _checked(permission)
    return row


# -- at an area, a provider, the city ----------------------------------------------------------------------------------


def roles_with(permission: str) -> list[Held]:
    """The roles outside a firm in which the person who is signed in has the permission."""
    who = person()
    return [held for held in who.roles if permission in GRANTS[held.role]] if who else []


def acting(permission: str) -> Held:
    """The role in which the person acts, the widest where there are several: for the record."""
    held = roles_with(permission)
    if not held:
        refuse(403, permission)
    return min(held, key=lambda each: len(each.path or ""))


def in_my_areas(permission: str, path: Any = Area.path) -> sa.ColumnElement[bool]:
    """Scopes a query that joins Area to the subtrees where the person has the permission; to nothing if nowhere."""
    _checked(permission)
    return sa.or_(sa.false(), *(path.startswith(held.path, autoescape=True) for held in roles_with(permission)))


def firm_in_area_or_404(public_id: str, permission: str) -> Organisation:
    """The firm, if it operates in an area where the person has the permission."""
    query = (
        sa.select(Organisation)
        .join(Area, Area.id == Organisation.operating_area_id)
        .where(Organisation.public_id == public_id, in_my_areas(permission))
        .options(contains_eager(Organisation.operating_area))
    )
    firm = reading().scalars(query).one_or_none()
    if firm is None:
        refuse(404, permission)
    return firm


def submission_in_area_or_404(public_id: str, permission: str) -> Submission:
    """The submission with its firm, if the firm operates in an area where the person has the permission."""
    query = (
        sa.select(Submission)
        .join(Submission.organisation)
        .join(Area, Area.id == Organisation.operating_area_id)
        .join(Submission.campaign)
        .join(Campaign.round)
        .where(Submission.public_id == public_id, in_my_areas(permission))
        .options(
            contains_eager(Submission.organisation).contains_eager(Organisation.operating_area),
            contains_eager(Submission.campaign).contains_eager(Campaign.round),
        )
    )
    submission = reading().scalars(query).one_or_none()
    if submission is None:
        refuse(404, permission)
    return submission


def _checked(permission: str) -> None:
    g.checked = {*g.get("checked", ()), permission}


def refuse(status: int, permission: str) -> NoReturn:
    log.warning("access refused", extra={"status": status, "permission": permission, "route": request.endpoint})
    note_refusal(permission)
    abort(status)


def may(permission: str) -> bool:
    """Whether the person may, in the role of this request's firm or in one outside firms: to show or hide a button."""
    return permission in GRANTS.get(g.get("role", ""), frozenset()) or bool(roles_with(permission))


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(may=may)
