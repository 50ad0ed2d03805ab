"""One's own mobile number and e-mail address: a new one is proved by a code that is sent there; one of both stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, current_app, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import ACCOUNT, requires
from survey.accounts import own_actions
from survey.accounts.entering import settings
from survey.accounts.forms import CodeForm
from survey.accounts.own_actions import CONTACTS
from survey.accounts.own_forms import ContactForm
from survey.accounts.recipients import masked
from survey.accounts.sending import counted
from survey.database import reading, write
from survey.errors import Problem
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import User

CHANGING = "changing"
"""Key in the browser's session: {recipient, ticket, kind} of a change that waits for its code."""

NEW: Final = {"mobile": _l("New mobile number"), "email": _l("New e-mail address")}


def _me() -> User:
    return reading().get_one(User, signed_in().user_id)


def _form(kind: str) -> ContactForm:
    if kind not in CONTACTS:
        abort(404)
    form = ContactForm()
    form.become(kind, NEW[kind], getattr(_me(), kind))
    return form


def _contact_page(kind: str, form: ContactForm) -> str:
    user = _me()
    removable = bool(user.mobile and user.email)
    return render_template(
        "account/contact.html", form=form, kind=kind, name=CONTACTS[kind], before=form.before, removable=removable
    )


@requires(ACCOUNT, fresh=True)
def contact(kind: str) -> str:
    return _contact_page(kind, _form(kind))


@requires(ACCOUNT, fresh=True)
def send_code(kind: str) -> Any:
    """The answer is the same whether or not the number or address belongs to another account."""
    form, now = _form(kind), datetime.now(UTC)
    if not form.validate_on_submit():
        return _contact_page(kind, form), 422
    user = _me()
    with counted(form.to, now) as db:
        ticket = own_actions.start_contact(db, settings(), user, kind, form.to, page_language(), now)
    jobs.wake(current_app)
    session[CHANGING] = {"recipient": form.to, "ticket": ticket, "kind": kind}
    return redirect(url_for("account.code", kind=kind), 303)


def _waiting(kind: str) -> dict[str, str] | None:
    kept: dict[str, str] | None = session.get(CHANGING)
    return kept if kept and kept["kind"] == kind else None


def _code_page(kind: str, form: CodeForm, to: str) -> str:
    return render_template(
        "accounts/code.html",
        form=form,
        recipient=masked(to),
        action=url_for("account.confirm", kind=kind),
        again=url_for("account.contact", kind=kind),
    )


@requires(ACCOUNT, fresh=True)
def code(kind: str) -> Any:
    waiting = _waiting(kind)
    if waiting is None:
        return redirect(url_for("account.contact", kind=kind), 303)
    return _code_page(kind, CodeForm(), waiting["recipient"])


@requires(ACCOUNT, fresh=True)
def confirm(kind: str) -> Any:
    waiting, form = _waiting(kind), CodeForm()
    if waiting is None:
        return redirect(url_for("account.contact", kind=kind), 303)
    if form.validate_on_submit() and not _is_right(waiting, form.code.data or ""):
        form.code.errors = [_("The code is not right or no longer valid. Check it, or start again to get a new one")]
    if form.errors or form.code.errors:
        return _code_page(kind, form, waiting["recipient"]), 422
    session.pop(CHANGING)
    jobs.wake(current_app)
    return redirect(url_for("account.home"), 303)


def _is_right(waiting: dict[str, str], typed: str) -> bool:
    who, now = signed_in(), datetime.now(UTC)
    try:
        with write() as db:
            return own_actions.confirm_contact(
                db, settings(), who.user_id, waiting["recipient"], waiting["ticket"], typed, audit.here(), now
            )
    except (own_actions.Taken, IntegrityError):
        return False  # somebody else was quicker to prove that it is theirs


@requires(ACCOUNT, fresh=True)
def removing(kind: str) -> str:
    user = _me()
    if kind not in CONTACTS or getattr(user, kind) is None:
        abort(404)
    if not (user.mobile and user.email):
        raise _only_one()
    return render_template("account/remove_contact.html", kind=kind, name=CONTACTS[kind], before=getattr(user, kind))


@requires(ACCOUNT, fresh=True)
def remove(kind: str) -> Response:
    if kind not in CONTACTS:
        abort(404)
    try:
        with write() as db:
            own_actions.remove_contact(db, settings(), signed_in().user_id, kind, audit.here(), datetime.now(UTC))
    except own_actions.OnlyOne:
        raise _only_one() from None
    jobs.wake(current_app)
    return redirect(url_for("account.home"), 303)


def _only_one() -> Problem:
    text = _("With it you sign in and get messages. Add the other one first, then this one can be removed.")
    return Problem(409, _("A number or an address has to stay"), text, url_for("account.home"), _("To my account"))


ROUTES = (
    ("GET", "", contact),
    ("POST", "", send_code),
    ("GET", "/code", code),
    ("POST", "/code", confirm),
    ("GET", "/remove", removing),
    ("POST", "/remove", remove),
)
"""Below /account/mobile and /account/email; each view has the endpoint `account.` with its own name."""


def add_to(bp: Blueprint) -> None:
    for method, path, view in ROUTES:
        bp.add_url_rule(f"/<kind>{path}", view.__name__, view, methods=[method])
