"""The way in: what still has to be shown after the first factor, and the sign-in that opens when nothing is left.

Between the steps there is no sign-in: the browser holds a signed entry that says who gave which factor when. It is good
for ten minutes and worth nothing once the password, the second factor or the state of the account has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask import current_app, redirect, request, session, url_for
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey import audit
from survey.access import GRANTS
from survey.accounts import actions, second_factor
from survey.accounts.devices import device
from survey.database import reading, write
from survey.identity import person, sign_in_cookie
from survey.languages import DEFAULT, speaking
from survey.messages import outbox
from survey.models import RoleGrant, User
from survey.pages.navigation import STAFF_ENTRIES
from survey.protection import CannotOpen, opened, sealed
from survey.redirects import local_path
from survey.settings import Settings

PENDING, CODES = "pending", "recovery codes"
"""Keys in the browser's session: the entry between the steps; new recovery codes, sealed, until they are kept."""
LIFE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pending:
    """`how`: the first factor; `factor`: the second, once given; `due`: the password has to be changed first."""

    user_id: int
    how: str
    next: str | None = None
    factor: str | None = None
    due: bool = False
    at: int = 0
    stamp: str = ""
    codes: str | None = None


def settings() -> Settings:
    made: Settings = current_app.config["SETTINGS"]
    return made


# -- the steps ---------------------------------------------------------------------------------------------------------


def _wants_factor(user: User, pending: Pending) -> bool:
    return pending.factor is None and user.totp_at is not None


def _wants_set_up(user: User, pending: Pending) -> bool:
    return pending.factor is None and second_factor.is_staff(reading(), user.id)


STEPS: Final[Mapping[str, Callable[[User, Pending], bool]]] = {
    "second_step": _wants_factor,
    "set_up_second_step": _wants_set_up,
    "new_password": lambda _user, pending: pending.due,
}
"""The pages between the first factor and the sign-in, in their order, each with who must see it."""


def go_on(pending: Pending) -> Response:
    """To the next step, or in."""
    user = reading().get_one(User, pending.user_id)
    for page, is_wanted in STEPS.items():
        if is_wanted(user, pending):
            begun = pending.at or int(datetime.now(UTC).timestamp())
            session.clear()
            session[PENDING] = asdict(replace(pending, at=begun, stamp=actions.stamp(user)))
            return redirect(url_for(f"accounts.{page}"), 303)
    return _open(user, pending)


def waiting(step: str) -> tuple[User, Pending] | None:
    """Who is at this step in this browser; None if nobody is, or not any more."""
    kept = session.get(PENDING)
    if not kept:
        return None
    pending = Pending(**kept)
    user = reading().get(User, pending.user_id)
    young = datetime.now(UTC) - datetime.fromtimestamp(pending.at, UTC) < LIFE
    if user is None or not young or user.state != "active" or actions.stamp(user) != pending.stamp:
        return None
    wanted = next((page for page, is_wanted in STEPS.items() if is_wanted(user, pending)), None)
    return (user, pending) if wanted == step else None


def start_again() -> Response:
    """The way back to the first page when the entry has run out."""
    kept = session.pop(PENDING, None)
    return redirect(url_for("accounts.sign_in", next=kept["next"] if kept else None, late=1 if kept else None), 303)


def _open(user: User, pending: Pending) -> Response:
    """A new sign-in on this browser; one that was open here ends."""
    now, before = datetime.now(UTC), person()
    entry = actions.Entry(pending.how, pending.factor is not None, device(request.user_agent.string))
    with write() as db:
        if before:
            actions.close_sign_in(db, before.sign_in_id, audit.here(), now)
        token = actions.open_sign_in(db, settings(), user, entry, audit.here(), now)
    # nothing of the time before is carried over
    session.clear()
    target = local_path(pending.next) or first_page(user.id)
    if pending.codes:
        session[CODES] = {"box": pending.codes, "next": target}
        target = url_for("accounts.recovery_codes")
    return with_token(redirect(target, 303), token)


def with_token(answer: Response, token: str) -> Response:
    """The answer with the cookie of the sign-in, whose name keeps other hosts from setting it."""
    answer.set_cookie(sign_in_cookie(), token, httponly=True, samesite="Lax", secure=settings().secure_cookies)
    return answer


def first_page(user_id: int) -> str:
    """Where somebody lands who did not ask for a page: people of offices and providers in their own part."""
    held = sa.select(RoleGrant.role).where(RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None))
    permitted = frozenset[str]().union(*(GRANTS[role] for role in reading().scalars(held)))
    pages = [page for permission, page, _ in STAFF_ENTRIES if permission in permitted]
    known = [page for page in (*pages, "answering.home") if page in current_app.view_functions]
    return url_for(known[0])


# -- recovery codes ----------------------------------------------------------------------------------------------------


def boxed(user_id: int, codes: list[str]) -> str:
    """New recovery codes, readable by nobody, for the page that shows them to this person."""
    made = {"user": user_id, "codes": codes, "at": int(datetime.now(UTC).timestamp())}
    return sealed(settings(), json.dumps(made))


def show_codes(user_id: int, codes: list[str], target: str) -> Response:
    """To the page with the new recovery codes, and from there on to `target`."""
    session[CODES] = {"box": boxed(user_id, codes), "next": target}
    return redirect(url_for("accounts.recovery_codes"), 303)


def codes_to_show(user_id: int) -> list[str] | None:
    """The new recovery codes of this person, for ten minutes or until they say that they have them."""
    kept = session.get(CODES)
    try:
        made = json.loads(opened(settings(), kept["box"])) if kept else {}
    except CannotOpen:
        return None
    if made.get("user") != user_id or datetime.now(UTC).timestamp() - made["at"] > LIFE.total_seconds():
        return None
    codes: list[str] = made["codes"]
    return codes


# -- word of a change --------------------------------------------------------------------------------------------------


def tell_changed(db: Session, user: User, what: LazyString, now: datetime) -> None:
    """Tell the person what was changed, in their language; `jobs.wake` after the commit."""
    with speaking(user.language or DEFAULT):
        said = str(what)
    outbox.post(db, settings(), "changed", user.recipient, user.language, {"what": said}, now)
