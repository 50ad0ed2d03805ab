"""Who is signed in, and what they may do. Deny by default: every view is marked `requires(...)` or `public`.

A permission is `thing:deed`. Roles are held in a firm, so a permission is only ever checked together with the
object it is for: `submission_or_404` and `organisation_or_404` load the object and check the right in one query.
A stranger gets the same 404 as for a missing id; a member whose role does not suffice gets 403.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from sqlalchemy.orm import contains_eager

from survey.database import reading, write
from survey.models import Campaign, Membership, Organisation, SignInSession, Submission, User
from survey.settings import Settings

log = logging.getLogger("survey.access")

View = Callable[..., Any]
Thing = TypeVar("Thing", Organisation, Submission)

ACCOUNT = "account:use"
"""What everybody who is signed in may do: own account, own list of firms, entering a new firm."""

_VIEWER = frozenset({"organisation:view", "answers:view", "report:view", "report:download"})
_EDITOR = _VIEWER | {"organisation:edit", "answers:edit"}
_OWNER = _EDITOR | {"submission:submit", "members:manage"}

GRANTS: dict[str, frozenset[str]] = {
    "owner": _OWNER,
    "editor": _EDITOR,
    "viewer": _VIEWER,
}
"""What each role may do in its firm. A new role is one row here and one word in models/organisation.py."""

PERMISSIONS = frozenset({ACCOUNT}).union(*GRANTS.values())

SEEN_STEPS = 24
"""`seen_at` is written when it is older than this part of the idle limit, so that few requests write it."""


@dataclass(frozen=True)
class Person:
    """Who is signed in. `idle_seconds` is the limit, `idle_seconds_left` what remains of it or of the whole sign-in."""

    user_id: int
    name: str
    language: str | None
    sign_in_id: int
    seen_at: datetime
    idle_seconds: int
    idle_seconds_left: int


# -- who ---------------------------------------------------------------------------------------------------------------


def cookie_name(name: str, settings: Settings) -> str:
    """The browser accepts `__Host-` cookies only from this very host, over HTTPS."""
    return f"__Host-{name}" if settings.secure_cookies else name


def sign_in_cookie() -> str:
    return cookie_name("sign-in", current_app.config["SETTINGS"])


def token_hash(token: str) -> str:
    """What the database keeps of a sign-in token: random tokens need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def person() -> Person | None:
    """Who is signed in, or None. Asks the database once in a request, with one query."""
    if "person" not in g:
        g.person = None  # first, since the query may fail and the page that says so asks again
        token = request.cookies.get(sign_in_cookie()) if has_request_context() else None
        g.person = _look_up(token, datetime.now(UTC)) if token else None
    who: Person | None = g.person
    return who


def signed_in() -> Person:
    """The person, in a view that `requires` one."""
    who = person()
    if who is None:
        abort(401)
    return who


_LOOK_UP = (
    sa.select(User.id, User.name, User.language, SignInSession.id, SignInSession.seen_at, SignInSession.ends_at)
    .join(User, User.id == SignInSession.user_id)
    .where(
        SignInSession.token_hash == sa.bindparam("hash"),
        SignInSession.ended_at.is_(None),
        User.state == "active",
    )
)


def _look_up(token: str, now: datetime) -> Person | None:
    row = reading().connection().execute(_LOOK_UP, {"hash": token_hash(token)}).one_or_none()
    if row is None:
        return None
    user_id, name, language, sign_in_id, seen_at, ends_at = row
    limit = _idle_limit()
    left = min(seen_at + limit, ends_at) - now
    if left <= timedelta(0):
        return None
    return Person(user_id, name, language, sign_in_id, seen_at, int(limit.total_seconds()), int(left.total_seconds()))


def _idle_limit() -> timedelta:
    settings: Settings = current_app.config["SETTINGS"]
    return timedelta(minutes=settings.idle_minutes)


def note_seen(who: Person, now: datetime, at_once: bool = False) -> None:
    """Move the end of the idle time, in a transaction of its own. Never called for a GET."""
    if at_once or (now - who.seen_at).total_seconds() >= who.idle_seconds / SEEN_STEPS:
        with write() as session:
            session.execute(sa.update(SignInSession).where(SignInSession.id == who.sign_in_id).values(seen_at=now))


# -- marks on views ----------------------------------------------------------------------------------------------------


def public(view: View) -> View:
    """Mark a view that everybody may open."""
    view.permission = "public"  # type: ignore[attr-defined]  # read by the test that walks all routes
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Mark a view for signed-in persons; any permission but ACCOUNT must also be checked with an object inside.

    Forgetting that check is a fault of ours: the answer is thrown away and a 500 sent instead.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission!r} is granted to nobody: add it to GRANTS")

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = person()
            if who is None:
                return _ask_to_sign_in()
            if request.method == "POST":
                note_seen(who, datetime.now(UTC))
            answer = view(*args, **kwargs)
            if permission != ACCOUNT and permission not in g.get("checked", ()):
                raise RuntimeError(f"{request.endpoint} never checked {permission} with an object")
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def wants_json() -> bool:
    """Whether one of our scripts asks, rather than a person opening a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _ask_to_sign_in() -> Any:
    if wants_json() or request.form:
        abort(401)  # a form that was typed for hours is not thrown away: the page for 401 offers to send it again
    page = "accounts.timed_out" if request.cookies.get(sign_in_cookie()) else "accounts.sign_in"
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(page, next=back), 303)


# -- what, on which object ---------------------------------------------------------------------------------------------


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


MINE = (Membership.user_id == sa.bindparam("person"), Membership.state == "confirmed")
"""Scopes a query that joins Membership to the firms of the person who is signed in."""


def row_or_404(query: sa.Select[Any], permission: str, **values: object) -> Any:
    """One row of a Core query with MINE in it whose first column is the role: for the busiest pages."""
    row = reading().connection().execute(query, {**values, "person": signed_in().user_id}).one_or_none()
    return _allowed(row, permission)


def _loaded(query: sa.Select[str, Thing], permission: str) -> Thing:
    row = reading().execute(query.where(*MINE), {"person": signed_in().user_id}).one_or_none()
    thing: Thing = _allowed(row, permission)[1]
    return thing


def _allowed(row: Any, permission: str) -> Any:
    """The row, if there is one and its role has the permission; else 404 or 403."""
    if row is None:
        _refuse(404, permission)
    if permission not in GRANTS[row[0]]:
        _refuse(403, permission)
    g.role = row[0]
    g.checked = {*g.get("checked", ()), permission}
    return row


def _refuse(status: int, permission: str) -> NoReturn:
    log.warning("access refused", extra={"status": status, "permission": permission, "route": request.endpoint})
    abort(status)


def may(permission: str) -> bool:
    """Whether the role with which this request's object was loaded has a permission: for showing or hiding a button."""
    return permission in GRANTS.get(g.get("role", ""), frozenset())


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(may=may)
