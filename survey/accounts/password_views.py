"""Another password: forgotten, or due before somebody gets in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.access import public
from survey.accounts import actions, passwords, resetting, second_factor
from survey.accounts.entering import go_on, settings, start_again, tell_changed, waiting
from survey.accounts.forms import NewPasswordForm, RecipientForm, ResetForm
from survey.accounts.recipients import recipient
from survey.accounts.sending import address_of, counted
from survey.database import reading, write
from survey.errors import Problem
from survey.languages import page_language
from survey.messages import outbox
from survey.models import User
from survey.pages.navigation import site_names


def _about(user: User) -> tuple[str, ...]:
    """Words that a guesser would try first."""
    return user.name, user.mobile or "", user.email or "", *site_names().values()


# -- forgotten ---------------------------------------------------------------------------------------------------------


@public
def forgotten() -> Any:
    return render_template("accounts/forgotten.html", form=RecipientForm())


@public
def send_link() -> Any:
    """The answer is the same whether or not there is an account; the message is not."""
    form = RecipientForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten.html", form=form), 422
    kind, to = recipient(form.recipient.data or "") or abort(400)
    now = datetime.now(UTC)
    with counted(to, now) as db:
        _send_link(db, to, actions.user_for(db, kind, to), now)
    jobs.wake(current_app)
    return redirect(url_for("accounts.link_sent"), 303)


def _send_link(db: Session, to: str, user: User | None, now: datetime) -> None:
    active = user if user is not None and user.state == "active" else None
    token = resetting.start(db, active, to, now)
    if active:
        kind, values = "reset", {"address": address_of("reset", token=token)}
    elif user:
        kind, values = "locked", {}
    else:
        kind, values = "reset_unknown", {"address": address_of("register")}
    outbox.post(db, settings(), kind, to, page_language(), values, now, resetting.LIFE)
    result, detail = ("done", None) if active else ("refused", user.state if user else "unknown")
    object_id = user.public_id if user else None
    audit.record(db, audit.here(), "account.start_reset", object_id, now=now, result=result, detail=detail)


@public
def link_sent() -> str:
    return render_template("accounts/link_sent.html")


@public
def reset(token: str) -> Any:
    """Looking at the link changes nothing: programs that scan mail open links too."""
    return _reset_page(_form_for(_owner(token)), token)


@public
def choose_password(token: str) -> Any:
    form = _form_for(_owner(token))
    if not form.validate_on_submit():
        return _reset_page(form, token), 422
    password_hash, now = passwords.hashed(form.password.data or ""), datetime.now(UTC)
    with write() as db:
        user = resetting.finish(db, token, password_hash, form.end_others.data, audit.here(), now)
        if user is not None:
            tell_changed(db, user, _l("the password"), now)
    if user is None:
        raise _dead_link()
    jobs.wake(current_app)
    return redirect(url_for("accounts.password_set"), 303)


@public
def password_set() -> str:
    return render_template("accounts/password_set.html")


def _owner(token: str) -> User:
    """Whose password the link may set. Raises Problem."""
    user = resetting.owner(reading(), token, datetime.now(UTC))
    if user is None:
        raise _dead_link()
    return user


def _dead_link() -> Problem:
    text = _("A link is valid for 30 minutes and only once. Nothing was changed. Ask for a new link.")
    return Problem(404, _("This link is no longer valid"), text, url_for("accounts.forgotten"), _("Ask for a new link"))


def _form_for(user: User) -> ResetForm:
    form = ResetForm()
    form.context, form.second_factor = _about(user), second_factor.is_staff(reading(), user.id)
    return form


def _reset_page(form: ResetForm, token: str) -> str:
    return render_template("accounts/reset.html", form=form, action=url_for("accounts.choose_password", token=token))


# -- due ---------------------------------------------------------------------------------------------------------------


@public
def new_password() -> Any:
    if waiting("new_password") is None:
        return start_again()
    return render_template("accounts/new_password.html", form=_form_at_step())


@public
def change_password() -> Any:
    found = waiting("new_password")
    if found is None:
        return start_again()
    user, pending = found
    form, now = _form_at_step(), datetime.now(UTC)
    good = form.validate_on_submit()
    if good and passwords.matches(form.password.data or "", user.password_hash):
        form.password.errors, good = [_("Choose another password than the one you have")], False
    if not good:
        return render_template("accounts/new_password.html", form=form), 422
    password_hash, actor = passwords.hashed(form.password.data or ""), replace(audit.here(), user_id=user.id)
    with write() as db:
        actions.set_password(db, user.id, password_hash, now)
        audit.record(db, actor, "account.change", user.public_id, now=now, detail="password")
        tell_changed(db, user, _l("the password"), now)
    jobs.wake(current_app)
    return go_on(replace(pending, due=False))


def _form_at_step() -> NewPasswordForm:
    found = waiting("new_password") or abort(400)
    form = NewPasswordForm()
    form.context, form.second_factor = _about(found[0]), second_factor.is_staff(reading(), found[0].id)
    return form
