"""Signing in with a code that is sent, instead of a password."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.access import public
from survey.accounts import actions, codes
from survey.accounts.entering import Pending, first_page, go_on, settings
from survey.accounts.forms import CodeForm, RecipientForm
from survey.accounts.patience import Tries
from survey.accounts.recipients import masked, recipient
from survey.accounts.sending import address_of, counted
from survey.database import reading, write
from survey.identity import person
from survey.languages import page_language
from survey.messages import outbox
from survey.models import User
from survey.redirects import local_path

SIGNING_IN = "signing in"
"""Key in the browser's session: {recipient, ticket, next} of a sign-in that waits for its code."""


@public
def ask_code() -> Any:
    who = person()
    if who:
        return redirect(local_path(request.args.get("next")) or first_page(who.user_id), 303)
    return render_template("accounts/ask_code.html", form=RecipientForm(data={"next": request.args.get("next", "")}))


@public
def send_code() -> Any:
    """The answer is the same whether or not there is an account; the message is not."""
    form = RecipientForm()
    if not form.validate_on_submit():
        return render_template("accounts/ask_code.html", form=form), 422
    kind, to = recipient(form.recipient.data or "") or abort(400)
    now = datetime.now(UTC)
    with counted(to, now) as db:
        user = actions.user_for(db, kind, to)
        active = user is not None and user.state == "active"
        started = codes.start(db, settings(), codes.SIGN_IN, to, {}, now, usable=active)
        _send(db, to, user, started.code, now)
    jobs.wake(current_app)
    session[SIGNING_IN] = {"recipient": to, "ticket": started.ticket, "next": local_path(form.next.data)}
    return redirect(url_for("accounts.enter_code"), 303)


def _send(db: Session, to: str, user: User | None, code: str | None, now: datetime) -> None:
    """The code, or why there is none: only who owns the number or address reads it."""
    if code:
        kind, values = "sign_in", {"code": code}
    elif user:
        kind, values = "locked", {}
    else:
        kind, values = "sign_in_unknown", {"address": address_of("register")}
    outbox.post(db, settings(), kind, to, page_language(), values, now, codes.LIFE)
    detail = "sign_in" if code else user.state if user else "unknown"
    object_id = user.public_id if user else None
    result = "done" if code else "refused"
    audit.record(db, audit.here(), "account.request_code", object_id, now=now, result=result, detail=detail)


@public
def enter_code() -> Any:
    if SIGNING_IN not in session:
        return redirect(url_for("accounts.ask_code"), 303)
    return _page(CodeForm())


def _page(form: CodeForm) -> str:
    waiting = session[SIGNING_IN]
    return render_template(
        "accounts/code.html",
        form=form,
        recipient=masked(waiting["recipient"]),
        action=url_for("accounts.check_code"),
        again=url_for("accounts.ask_code", next=waiting["next"]),
    )


@public
def check_code() -> Any:
    if SIGNING_IN not in session:
        return redirect(url_for("accounts.ask_code"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    waiting, now = session[SIGNING_IN], datetime.now(UTC)
    tries = Tries("account.sign_in", ("sign-in code", waiting["recipient"]), request.remote_addr or "")
    tries.look(reading(), now)
    with write() as db:
        tries.look(db, now, lock=True)
        user = _take(db, tries, waiting, form.code.data or "", now)
    if user is None:
        form.code.errors = [_("The code is not right or no longer valid. Check it, or start again to get a new one")]
        return _page(form), 422
    return go_on(Pending(user.id, "code", waiting["next"]))


def _take(db: Session, tries: Tries, waiting: dict[str, str], code: str, now: datetime) -> User | None:
    """The person, if the code is right and the account may still be used."""
    to = waiting["recipient"]
    payload = codes.take(db, settings(), codes.SIGN_IN, to, waiting["ticket"], code, now)
    user = actions.user_for(db, *(recipient(to) or abort(400)))
    if payload is not None and user is not None and user.state == "active":
        tries.succeeded(db)
        return user
    tries.failed(db, now)
    object_id = user.public_id if user else None
    detail = "code" if user is None or user.state == "active" else user.state
    audit.record(db, audit.here(), tries.action, object_id, now=now, result="refused", detail=detail)
    return None
