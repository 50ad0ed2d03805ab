"""Signing in with a password, signing out, and the end of a sign-in."""

from datetime import UTC, datetime
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit
from survey.access import ACCOUNT, public, requires
from survey.accounts import actions, passwords, second_factor
from survey.accounts.entering import Pending, first_page, go_on, settings
from survey.accounts.forms import SignInForm
from survey.accounts.patience import Tries
from survey.accounts.recipients import recipient
from survey.database import reading, write
from survey.forms import tidy
from survey.identity import note_seen, person, sign_in_cookie, signed_in
from survey.models import User
from survey.redirects import local_path


@public
def sign_in() -> Any:
    who = person()
    if who:
        return redirect(local_path(request.args.get("next")) or first_page(who.user_id), 303)
    return _page(SignInForm(data={"next": request.args.get("next", "")}))


def _page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, late="late" in request.args)


@public
def check_sign_in() -> Any:
    """One text for every failure, and the same work for unknown accounts."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422
    typed, password, now = form.recipient.data or "", form.password.data or "", datetime.now(UTC)
    who = recipient(typed)
    name = who[1] if who else (tidy(typed) or "").lower()
    tries = Tries("account.sign_in", ("sign-in account", name), request.remote_addr or "")
    tries.look(reading(), now)
    user = actions.user_for(reading(), *who) if who else None
    right = passwords.matches(password, user.password_hash if user else None)
    if user is None or not right or user.state != "active":
        return _refuse(form, tries, user, now)
    _accept(tries, user, password, now)
    return go_on(Pending(user.id, "password", local_path(form.next.data), due=_is_due(user, password, now)))


def _accept(tries: Tries, user: User, password: str, now: datetime) -> None:
    outdated = passwords.is_outdated(user.password_hash or "")
    renewed = passwords.hashed(password) if outdated else None
    with write() as db:
        tries.look(db, now, lock=True)
        tries.succeeded(db)
        if renewed:
            actions.renew_hash(db, user.id, renewed)


def _is_due(user: User, password: str, now: datetime) -> bool:
    """Whether another password is due: by its age, or too short since no second factor is enforced any more."""
    too_old = passwords.is_too_old(settings().password_profile, user.password_at or user.created_at, now)
    return too_old or len(password) < passwords.shortest(second_factor=second_factor.is_staff(reading(), user.id))


def _refuse(form: SignInForm, tries: Tries, user: User | None, now: datetime) -> tuple[str, int]:
    detail = "password" if user is None or user.state == "active" else user.state
    with write() as db:
        tries.look(db, now, lock=True)
        tries.failed(db, now)
        object_id = user.public_id if user else None
        audit.record(db, audit.here(), tries.action, object_id, now=now, result="refused", detail=detail)
    form.password.errors = [_("Number, address or password is not right. Check both and try again")]
    return _page(form), 422


@public
def sign_out() -> Response:
    who = person()
    if who:
        with write() as db:
            actions.close_sign_in(db, who.sign_in_id, audit.here(), datetime.now(UTC))
    session.clear()
    answer = redirect(url_for("accounts.signed_out"), 303)
    answer.delete_cookie(sign_in_cookie(), httponly=True, samesite="Lax", secure=settings().secure_cookies)
    # not "cookies": that would also forget the language and the view
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@public
def signed_out() -> str:
    return render_template("accounts/signed_out.html")


@public
def timed_out() -> str:
    """Where somebody lands whose sign-in has ended: what happened to the work, and the way back to it."""
    return render_template("accounts/timed_out.html", next=local_path(request.args.get("next")))


@requires(ACCOUNT)
def still_here() -> dict[str, int]:
    """Extends the idle time, for the script that warns before its end. GETs write nothing, hence this address."""
    who = signed_in()
    note_seen(who, datetime.now(UTC), at_once=True)
    return {"seconds": who.idle_seconds}
