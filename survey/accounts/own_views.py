"""The pages of one's own account: name, password, second factor, sign-ins, language; number and address in
`own_contact_views`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import ACCOUNT, requires
from survey.accounts import own_actions, own_contact_views, own_queries, passwords, second_factor
from survey.accounts.entering import settings, show_codes
from survey.accounts.forms import NewPasswordForm
from survey.accounts.own_actions import CONTACTS
from survey.accounts.own_forms import LanguageForm, NameForm
from survey.database import reading, write
from survey.errors import Problem
from survey.identity import signed_in
from survey.languages import DEFAULT, NAMES, page_language
from survey.models import User
from survey.pages.navigation import site_names

bp = Blueprint("account", __name__, url_prefix="/account")
own_contact_views.add_to(bp)


def _me() -> User:
    return reading().get_one(User, signed_in().user_id)


def _home() -> Response:
    return redirect(url_for("account.home"), 303)


@bp.get("")
@requires(ACCOUNT)
def home() -> str:
    """Everything about the account on one page."""
    who, user, session, now = signed_in(), _me(), reading(), datetime.now(UTC)
    return render_template(
        "account/home.html",
        user=user,
        left=request.args.get("left") == "1",
        contacts=[(kind, name, getattr(user, kind)) for kind, name in CONTACTS.items()],
        language=NAMES[user.language or DEFAULT],
        password=own_queries.password_age(user, now),
        factor=own_queries.factor_state(session, user),
        staff=second_factor.is_staff(session, user.id),
        rights=own_queries.rights(session, user.id, page_language(), now),
        sign_ins=own_queries.sign_ins(session, settings(), user.id, who.sign_in_id, now),
        privacy=url_for("privacy.mine") if "privacy.mine" in current_app.view_functions else None,
    )


# -- name and language -------------------------------------------------------------------------------------------------


@bp.get("/name")
@requires(ACCOUNT)
def name() -> str:
    return render_template("account/name.html", form=NameForm(data={"name": _me().name}))


@bp.post("/name")
@requires(ACCOUNT)
def change_name() -> Any:
    form = NameForm()
    if not form.validate_on_submit():
        return render_template("account/name.html", form=form), 422
    return _set("name", form.name.data or "")


@bp.get("/language")
@requires(ACCOUNT)
def language() -> str:
    return render_template("account/language.html", form=_language_form(_me().language or DEFAULT))


def _language_form(chosen: str | None = None) -> LanguageForm:
    form = LanguageForm(data={"language": chosen}) if chosen else LanguageForm()
    form.offer()
    return form


@bp.post("/language")
@requires(ACCOUNT)
def change_language() -> Any:
    """The language of messages, and of pages on devices where none was chosen."""
    form = _language_form()
    if not form.validate_on_submit():
        return render_template("account/language.html", form=form), 422
    return _set("language", form.language.data)


def _set(what: str, value: str) -> Response:
    with write() as session:
        own_actions.set_field(session, signed_in().user_id, what, value, audit.here(), datetime.now(UTC))
    return _home()


# -- password ----------------------------------------------------------------------------------------------------------


@bp.get("/password")
@requires(ACCOUNT, fresh=True)
def password() -> str:
    return _password_page(_password_form())


def _password_form() -> NewPasswordForm:
    user, form = _me(), NewPasswordForm()
    form.context = (user.name, user.mobile or "", user.email or "", *site_names().values())
    form.second_factor = second_factor.is_staff(reading(), user.id)
    return form


def _password_page(form: NewPasswordForm) -> str:
    return render_template("account/password.html", form=form)


@bp.post("/password")
@requires(ACCOUNT, fresh=True)
def change_password() -> Any:
    form, who, user = _password_form(), signed_in(), _me()
    good = form.validate_on_submit()
    if good and passwords.matches(form.password.data or "", user.password_hash):
        form.password.errors, good = [_("Choose another password than the one you have")], False
    if not good:
        return _password_page(form), 422
    password_hash, now = passwords.hashed(form.password.data or ""), datetime.now(UTC)
    with write() as session:
        own_actions.set_password(session, settings(), who.user_id, password_hash, who.sign_in_id, audit.here(), now)
    jobs.wake(current_app)
    return _home()


# -- second factor -----------------------------------------------------------------------------------------------------


@bp.get("/recovery-codes")
@requires(ACCOUNT, fresh=True)
def recovery_codes() -> str:
    if _me().totp_at is None:
        abort(404)
    return render_template("account/recovery_codes.html")


@bp.post("/recovery-codes")
@requires(ACCOUNT, fresh=True)
def new_recovery_codes() -> Response:
    if _me().totp_at is None:
        abort(404)
    user_id, now = signed_in().user_id, datetime.now(UTC)
    with write() as session:
        made = own_actions.new_recovery_codes(session, settings(), user_id, audit.here(), now)
    jobs.wake(current_app)
    return show_codes(user_id, made, url_for("account.home"))


@bp.get("/second-factor/remove")
@requires(ACCOUNT, fresh=True)
def factor() -> str:
    if second_factor.is_staff(reading(), signed_in().user_id):
        raise _still_needed()
    return render_template("account/remove_factor.html")


@bp.post("/second-factor/remove")
@requires(ACCOUNT, fresh=True)
def remove_factor() -> Response:
    try:
        with write() as session:
            own_actions.remove_factor(session, settings(), signed_in().user_id, audit.here(), datetime.now(UTC))
    except second_factor.StillNeeded:
        raise _still_needed() from None
    jobs.wake(current_app)
    return _home()


def _still_needed() -> Problem:
    return Problem(
        409,
        _("Your role needs the second factor"),
        _("People of offices and providers always sign in with it. You can move it to another phone instead."),
        url_for("accounts.set_up_factor"),
        _("Move it to another phone"),
    )


# -- sign-ins ----------------------------------------------------------------------------------------------------------


@bp.post("/sign-ins/end")
@requires(ACCOUNT)
def end_sign_ins() -> Response:
    """End one of the own sign-ins, named by `which`, or all others."""
    who, which, now = signed_in(), request.form.get("which", ""), datetime.now(UTC)
    rows = own_queries.open_sign_ins(reading(), settings(), who.user_id, now)
    one = next((row.id for row in rows if row.token_hash[: own_queries.KEY] == which), None)
    if one is None and which != "others":
        return _home()  # it has ended by itself in the meantime
    with write() as session:
        if one is None:
            own_actions.end_other_sign_ins(session, who.user_id, who.sign_in_id, audit.here(), now)
        else:
            own_actions.end_sign_in(session, who.user_id, one, audit.here(), now)
    return _home()
