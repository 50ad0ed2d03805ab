"""Registering: what somebody types, and the code that proves the number or the address."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.access import public
from survey.accounts import actions, codes, passwords
from survey.accounts.entering import Pending, first_page, go_on, settings
from survey.accounts.forms import CodeForm, RegisterForm
from survey.accounts.patience import Tries
from survey.accounts.recipients import masked, recipient
from survey.accounts.sending import address_of, counted
from survey.database import reading, write
from survey.identity import person
from survey.languages import page_language
from survey.messages import outbox
from survey.pages.navigation import site_names
from survey.pages.privacy import NOTICE_VERSION
from survey.redirects import local_path

REGISTERING = "registering"
"""Key in the browser's session: {recipient, ticket, next} of a registration that waits for its code."""


@public
def register() -> Any:
    who = person()
    if who:
        return redirect(local_path(request.args.get("next")) or first_page(who.user_id), 303)
    return render_template("accounts/register.html", form=RegisterForm(data={"next": request.args.get("next", "")}))


@public
def start() -> Any:
    """Send a code. The answer is the same whether or not the recipient has an account; the message is not."""
    form = RegisterForm()
    form.context = tuple(site_names().values())
    if not form.validate_on_submit():
        return render_template("accounts/register.html", form=form), 422
    kind, to = recipient(form.recipient.data or "") or abort(400)
    wish = actions.Registration(
        form.name.data or "", kind, to, passwords.hashed(form.password.data or ""), page_language(), NOTICE_VERSION
    )
    now = datetime.now(UTC)
    with counted(to, now) as db:
        started = actions.start_registration(db, settings(), wish, now)
        _send(db, to, started.code, now)
    jobs.wake(current_app)
    session[REGISTERING] = {"recipient": to, "ticket": started.ticket, "next": local_path(form.next.data)}
    return redirect(url_for("accounts.code"), 303)


def _send(db: Session, to: str, code: str | None, now: datetime) -> None:
    """The code, or word that there is an account already."""
    kind, values = ("register", {"code": code}) if code else ("register_known", {"address": address_of("sign_in")})
    outbox.post(db, settings(), kind, to, page_language(), values, now, codes.LIFE)


@public
def code() -> Any:
    if REGISTERING not in session:
        return redirect(url_for("accounts.register"), 303)
    return _page(CodeForm())


def _page(form: CodeForm) -> str:
    waiting = session[REGISTERING]
    return render_template(
        "accounts/code.html",
        form=form,
        recipient=masked(waiting["recipient"]),
        action=url_for("accounts.confirm"),
        again=url_for("accounts.register", next=waiting["next"]),
    )


@public
def confirm() -> Any:
    if REGISTERING not in session:
        return redirect(url_for("accounts.register"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    waiting, now = session[REGISTERING], datetime.now(UTC)
    to = waiting["recipient"]
    tries = Tries("account.register", ("sign-in code", f"register {to}"), request.remote_addr or "")
    tries.look(reading(), now)
    with write() as db:
        tries.look(db, now, lock=True)
        typed = form.code.data or ""
        user = actions.confirm_registration(db, settings(), to, waiting["ticket"], typed, audit.here(), now)
        if user is None:
            tries.failed(db, now)
            audit.record(db, audit.here(), tries.action, None, now=now, result="refused", detail="code")
    if user is None:
        form.code.errors = [_("The code is not right or no longer valid. Check it, or start again to get a new one")]
        return _page(form), 422
    return go_on(Pending(user.id, "register", waiting["next"]))
