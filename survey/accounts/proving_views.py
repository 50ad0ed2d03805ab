"""Proving anew who one is, before a deed that matters: with what the person signs in with.

The sign-in then goes on under a new token; somebody who gave a code from the app has a strong one from then on.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.access import ACCOUNT, requires
from survey.accounts import actions, codes, passwords, second_factor
from survey.accounts.entering import first_page, settings, with_token
from survey.accounts.forms import ProofForm
from survey.accounts.patience import Tries
from survey.accounts.recipients import masked
from survey.accounts.sending import counted
from survey.database import reading, write
from survey.identity import signed_in
from survey.messages import outbox
from survey.models import User
from survey.redirects import local_path

PROVING = "proving"
"""Key in the browser's session: {ticket, user} of a code that was sent to somebody without a password."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What this person is asked for: a password or a code that is sent, and a code from the app if there is one."""

    user: User
    password: bool
    factor: bool
    ticket: str | None

    @property
    def form(self) -> ProofForm:
        return ProofForm(data={"next": request.args.get("next", "")}).only(
            password=self.password, sent=not self.password and self.ticket is not None, code=self.factor
        )


def _asked() -> Asked:
    user, kept = reading().get_one(User, signed_in().user_id), session.get(PROVING, {})
    ticket = kept.get("ticket") if kept.get("user") == user.id else None
    return Asked(user, user.password_hash is not None, user.totp_at is not None, ticket)


@requires(ACCOUNT)
def prove() -> str:
    asked = _asked()
    return _page(asked, asked.form)


def _page(asked: Asked, form: ProofForm) -> str:
    must_send = not asked.password and asked.ticket is None
    return render_template("accounts/prove.html", form=form, must_send=must_send, to=masked(asked.user.recipient))


@requires(ACCOUNT)
def send_proof() -> Any:
    """A code for somebody who has no password."""
    asked, now = _asked(), datetime.now(UTC)
    if not asked.password:
        user = asked.user
        with counted(user.recipient, now) as db:
            started = codes.start(db, settings(), codes.PROVE, user.recipient, {}, now)
            values = {"code": started.code or ""}
            outbox.post(db, settings(), "change", user.recipient, user.language, values, now, codes.LIFE)
            audit.record(db, audit.here(), "account.request_code", user.public_id, now=now, detail="prove")
        jobs.wake(current_app)
        session[PROVING] = {"ticket": started.ticket, "user": user.id}
    return redirect(url_for("accounts.prove", next=local_path(request.form.get("next"))), 303)


@requires(ACCOUNT)
def check_proof() -> Any:
    asked = _asked()
    form = asked.form
    if not asked.password and asked.ticket is None:
        return redirect(url_for("accounts.prove", next=local_path(form.next.data)), 303)
    if not form.validate_on_submit():
        return _page(asked, form), 422
    who, now = signed_in(), datetime.now(UTC)
    tries = Tries("account.prove", ("fresh", str(who.user_id)))
    tries.look(reading(), now)
    knows = asked.password and passwords.matches(form.password.data or "", asked.user.password_hash)
    token = None
    with write() as db:
        tries.look(db, now, lock=True)
        right = _is_right(db, asked, form, knows, now)
        if right:
            tries.succeeded(db)
            token = actions.renew_sign_in(db, who.sign_in_id, now, strong=asked.factor or who.strong)
        else:
            tries.failed(db, now)
        result, detail = "done" if right else "refused", "password" if asked.password else "code"
        audit.record(db, audit.here(), tries.action, asked.user.public_id, now=now, result=result, detail=detail)
    if token is None:
        return _refused(asked, form)
    session.pop(PROVING, None)
    return with_token(redirect(local_path(form.next.data) or first_page(who.user_id), 303), token)


def _is_right(db: Session, asked: Asked, form: ProofForm, knows: bool, now: datetime) -> bool:
    """The second code is only used up if the first thing was right."""
    first = knows if asked.password else _took_sent(db, asked, form.sent.data or "", now)
    if not first or not asked.factor:
        return first
    return second_factor.take(db, settings(), asked.user.id, form.code.data or "", now) is not None


def _took_sent(db: Session, asked: Asked, typed: str, now: datetime) -> bool:
    to, ticket = asked.user.recipient, asked.ticket or ""
    return codes.take(db, settings(), codes.PROVE, to, ticket, typed, now) is not None


def _refused(asked: Asked, form: ProofForm) -> tuple[str, int]:
    field = form.password if asked.password else form.sent
    field.errors = [
        _("This is not right. Check the password and take the code that the app shows now: each is good once")
        if asked.factor
        else _("This is not right. Check it and try again")
    ]
    return _page(asked, form), 422
