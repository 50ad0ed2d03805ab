"""One account, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.access import acting, requires
from survey.accounts.role_names import ROLE_NAMES
from survey.administration import actions, queries
from survey.administration.actions import LastAdministrator, OwnAccount
from survey.administration.forms import CheckForm, LockForm
from survey.administration.queries import Account
from survey.administration.shown import listed, role_at
from survey.administration.words import DONE
from survey.database import reading, write
from survey.errors import Problem
from survey.identity import signed_in
from survey.languages import page_language

bp = Blueprint("account", __name__, url_prefix="/accounts/<public_id>")

MANAGE = "accounts:manage"


@bp.get("")
@requires("accounts:view")
def one(public_id: str) -> str:
    return _page(account_or_404(public_id), LockForm())


@bp.post("/lock")
@requires(MANAGE)
def lock(public_id: str) -> Any:
    account, form = account_or_404(public_id), LockForm()
    if not form.validate_on_submit():
        return _page(account, form), 422
    settings, reason = current_app.config["SETTINGS"], form.reason.data
    return done(
        account, lambda db, actor, now: actions.lock(db, settings, account.user.id, reason, actor, now), said="lock"
    )


@bp.post("/unlock")
@requires(MANAGE)
def unlock(public_id: str) -> Any:
    account, settings = account_or_404(public_id), current_app.config["SETTINGS"]
    return done(
        account, lambda db, actor, now: actions.unlock(db, settings, account.user.id, actor, now), said="unlock"
    )


@bp.post("/end-sign-ins")
@requires(MANAGE)
def end_sign_ins(public_id: str) -> Any:
    account = account_or_404(public_id)
    return done(
        account, lambda db, actor, now: actions.end_all_of(db, account.user.id, actor, now), said="end_sign_ins"
    )


@bp.post("/reset")
@requires(MANAGE)
def reset(public_id: str) -> Any:
    """Send the person a link for a new password."""
    account, settings = account_or_404(public_id), current_app.config["SETTINGS"]
    return done(
        account, lambda db, actor, now: actions.send_reset(db, settings, account.user.id, actor, now), said="reset"
    )


@bp.get("/second-factor")
@requires(MANAGE, fresh=True)
def ask_for_check(public_id: str) -> str:
    account = account_or_404(public_id)
    return render_template("administration/second_factor.html", user=account.user, form=CheckForm())


@bp.post("/second-factor")
@requires(MANAGE, fresh=True)
def reset_second_factor(public_id: str) -> Any:
    account, form, settings = account_or_404(public_id), CheckForm(), current_app.config["SETTINGS"]
    if not form.validate_on_submit():
        return render_template("administration/second_factor.html", user=account.user, form=form), 422
    user_id, check = account.user.id, form.check.data
    return done(
        account,
        lambda db, actor, now: actions.reset_second_factor(db, settings, user_id, check, actor, now),
        said="factor",
    )


def account_or_404(public_id: str) -> Account:
    return queries.account(reading(), public_id) or abort(404)


def done(
    account: Account,
    deed: Callable[[Session, audit.Actor, datetime], object],
    permission: str = MANAGE,
    *,
    said: str | None = None,
) -> Any:
    """Do it, wake the worker for what the person is told, and go back to the account, which says so (key of DONE)."""
    try:
        with write() as session:
            deed(session, audit.here(acting(permission)), datetime.now(UTC))
    except OwnAccount:
        raise Problem(403, _("This is your own account"), _("Another security administrator has to do this.")) from None
    except LastAdministrator:
        text = _("Nobody could administer accounts any more. Give the role to somebody else first.")
        raise Problem(409, _("This is the last security administrator"), text) from None
    jobs.wake(current_app)
    return redirect(url_for("administration.account.one", public_id=account.user.public_id, done=said), 303)


def _page(account: Account, form: LockForm) -> str:
    session, language, now = reading(), page_language(), datetime.now(UTC)
    return render_template(
        "administration/account.html",
        form=form,
        user=account.user,
        row=listed([account], language)[0],
        grants=[(grant, role_at(grant, language)) for grant in account.grants],
        firms=[(name, ROLE_NAMES[role]) for name, role in queries.memberships(session, account.user.id)],
        sign_ins=queries.open_sign_ins(session, account.user.id, now),
        own=account.user.id == signed_in().user_id,
        did=DONE.get(request.args.get("done", "")),
    )
