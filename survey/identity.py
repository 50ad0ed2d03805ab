"""Who is signed in, and in which roles outside a firm: one query for each request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import sqlalchemy as sa
from flask import abort, current_app, g, has_request_context, request

from survey.database import reading, write
from survey.models import Area, RoleGrant, SignInSession, User
from survey.protection import token_hash
from survey.settings import Settings

SEEN_STEPS = 24
"""`seen_at` is written when it is older than this part of the idle limit, so that few requests write it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that the person holds: at an area, whose `path` is the prefix of its subtree, or at a provider."""

    role: str
    area_id: int | None
    path: str | None
    provider_id: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. `idle_seconds` is the limit, `idle_seconds_left` what remains of it or of the whole sign-in.

    `roles` is empty while the sign-in has no second factor, and outside the networks of staff where such are named:
    nobody acts for an office or a provider then.
    """

    user_id: int
    public_id: str
    name: str
    language: str | None
    sign_in_id: int
    seen_at: datetime
    fresh_at: datetime
    strong: bool
    roles: tuple[Held, ...]
    idle_seconds: int
    idle_seconds_left: int


def cookie_name(name: str, settings: Settings) -> str:
    """The browser accepts `__Host-` cookies only from this very host, over HTTPS."""
    return f"__Host-{name}" if settings.secure_cookies else name


def sign_in_cookie() -> str:
    return cookie_name("sign-in", current_app.config["SETTINGS"])


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
    sa.select(
        User.id,
        User.public_id,
        User.name,
        User.language,
        SignInSession.id,
        SignInSession.seen_at,
        sa.func.coalesce(SignInSession.fresh_at, SignInSession.created_at, type_=SignInSession.created_at.type),
        SignInSession.strong,
        SignInSession.ends_at,
        RoleGrant.role,
        RoleGrant.area_id,
        Area.path,
        RoleGrant.provider_id,
    )
    .join(User, User.id == SignInSession.user_id)
    .outerjoin(RoleGrant, (RoleGrant.user_id == User.id) & RoleGrant.ended_at.is_(None))
    .outerjoin(Area, Area.id == RoleGrant.area_id)
    .where(
        SignInSession.token_hash == sa.bindparam("hash"),
        SignInSession.ended_at.is_(None),
        User.state == "active",
    )
    .order_by(RoleGrant.id)
)


def _look_up(token: str, now: datetime) -> Person | None:
    rows = reading().connection().execute(_LOOK_UP, {"hash": token_hash(token)}).all()
    if not rows:
        return None
    user_id, public_id, name, language, sign_in_id, seen_at, fresh_at, strong, ends_at = rows[0][:9]
    held = tuple(Held(row.role, row.area_id, row.path, row.provider_id) for row in rows if row.role is not None)
    limit = idle_limit(current_app.config["SETTINGS"], staff=bool(held))
    left = min(seen_at + limit, ends_at) - now
    if left <= timedelta(0):
        return None
    return Person(
        user_id=user_id,
        public_id=public_id,
        name=name,
        language=language,
        sign_in_id=sign_in_id,
        seen_at=seen_at,
        fresh_at=fresh_at,
        strong=strong,
        roles=held if strong and in_staff_networks(request.remote_addr, current_app.config["SETTINGS"]) else (),
        idle_seconds=int(limit.total_seconds()),
        idle_seconds_left=int(left.total_seconds()),
    )


def in_staff_networks(address: str | None, settings: Settings) -> bool:
    """Whether roles outside firms count from this address (G-17); from everywhere unless networks are named."""
    if not settings.staff_networks:
        return True
    try:
        from_ = ip_address(address or "")
    except ValueError:
        return False
    plain = getattr(from_, "ipv4_mapped", None) or from_
    return any(plain in network for network in settings.staff_networks)


def idle_limit(settings: Settings, *, staff: bool) -> timedelta:
    """How long a sign-in lasts without activity: shorter for people of offices and providers."""
    return timedelta(minutes=settings.staff_idle_minutes if staff else settings.idle_minutes)


def note_seen(who: Person, now: datetime, at_once: bool = False) -> None:
    """Move the end of the idle time, in a transaction of its own. Never called for a GET."""
    if at_once or (now - who.seen_at).total_seconds() >= who.idle_seconds / SEEN_STEPS:
        with write() as session:
            session.execute(sa.update(SignInSession).where(SignInSession.id == who.sign_in_id).values(seen_at=now))
