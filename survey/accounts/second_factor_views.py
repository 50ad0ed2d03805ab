"""The second step of signing in, setting up the app that makes its codes, and the recovery codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import segno
from flask import current_app, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import ACCOUNT, public, requires
from survey.accounts import actions, second_factor
from survey.accounts.entering import (
    CODES,
    boxed,
    codes_to_show,
    first_page,
    go_on,
    settings,
    show_codes,
    start_again,
    tell_changed,
    waiting,
    with_token,
)
from survey.accounts.forms import FactorForm
from survey.accounts.patience import Tries
from survey.database import reading, write
from survey.identity import signed_in
from survey.models import User
from survey.pages.navigation import site_names
from survey.redirects import local_path

SETTING_UP = "setting up"
"""Key in the browser's session: the new secret, sealed, until its first code has come."""

ACTIONS = {"totp": "account.second_factor", "recovery": "account.use_recovery_code"}
"""What is recorded for each kind of code."""


# -- the second step ---------------------------------------------------------------------------------------------------


@public
def second_step() -> Any:
    if waiting("second_step") is None:
        return start_again()
    return render_template("accounts/second_step.html", form=FactorForm())


@public
def check_second_step() -> Any:
    found = waiting("second_step")
    if found is None:
        return start_again()
    form = FactorForm()
    if not form.validate_on_submit():
        return render_template("accounts/second_step.html", form=form), 422
    user, pending = found
    factor = _take(user, form.code.data or "", datetime.now(UTC))
    if factor is None:
        form.code.errors = [_("The code is not right or was used already. Wait until the app shows the next one")]
        return render_template("accounts/second_step.html", form=form), 422
    return go_on(replace(pending, factor=factor))


def _take(user: User, typed: str, now: datetime) -> str | None:
    """Use the code up and record it; None if it is wrong."""
    tries = Tries("account.second_factor", ("second factor", str(user.id)))
    tries.look(reading(), now)
    actor = replace(audit.here(), user_id=user.id)
    with write() as db:
        tries.look(db, now, lock=True)
        factor = second_factor.take(db, settings(), user.id, typed, now)
        if factor:
            tries.succeeded(db)
            audit.record(db, actor, ACTIONS[factor], user.public_id, now=now, detail=factor)
        else:
            tries.failed(db, now)
            audit.record(db, actor, tries.action, user.public_id, now=now, result="refused", detail=_kind(typed))
        if factor == "recovery":
            tell_changed(db, user, _l("a recovery code was used to sign in"), now)
    jobs.wake(current_app)
    return factor


def _kind(typed: str) -> str:
    return "recovery" if len(typed) == second_factor.RECOVERY_DIGITS else "totp"


# -- setting up --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page stands: on the way in, or in the account of somebody who is in."""

    user: User
    action: str
    on_the_way: bool


@public
def set_up_second_step() -> Any:
    found = waiting("set_up_second_step")
    if found is None:
        return start_again()
    return _set_up_page(FactorForm(), Place(found[0], url_for("accounts.confirm_second_step"), True))


@public
def confirm_second_step() -> Any:
    found = waiting("set_up_second_step")
    if found is None:
        return start_again()
    user, pending = found
    place = Place(user, url_for("accounts.confirm_second_step"), True)
    form = FactorForm()
    codes = _confirmed(form, place)
    if codes is None:
        return _set_up_page(form, place), 422
    return go_on(replace(pending, factor="totp", codes=boxed(user.id, codes)))


@requires(ACCOUNT, fresh=True)
def set_up_factor() -> Any:
    """By choice, or to move to another phone."""
    user = reading().get_one(User, signed_in().user_id)
    return _set_up_page(FactorForm(), Place(user, url_for("accounts.confirm_factor"), False))


@requires(ACCOUNT, fresh=True)
def confirm_factor() -> Any:
    who, now = signed_in(), datetime.now(UTC)
    place = Place(reading().get_one(User, who.user_id), url_for("accounts.confirm_factor"), False)
    form = FactorForm()
    codes = _confirmed(form, place)
    if codes is None:
        return _set_up_page(form, place), 422
    with write() as db:
        token = actions.renew_sign_in(db, who.sign_in_id, now, strong=True)
    return with_token(show_codes(who.user_id, codes, _account_page()), token)


def _account_page() -> str:
    return url_for("account.home" if "account.home" in current_app.view_functions else "accounts.sign_in")


def _set_up_page(form: FactorForm, place: Place) -> str:
    """With the same secret until it is confirmed, so that a reloaded page still fits the app."""
    user = place.user
    secret = second_factor.secret_in(settings(), user.id, session.get(SETTING_UP, ""))
    if secret is None:
        session[SETTING_UP] = second_factor.begin(settings(), user.id)
        secret = second_factor.secret_in(settings(), user.id, session[SETTING_UP]) or ""
    address = second_factor.address(secret, user.recipient, site_names()["platform_name"])
    return render_template(
        "accounts/set_up_factor.html",
        form=form,
        place=place,
        staff=second_factor.is_staff(reading(), user.id),
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#1b2733", light="#fff"),
        secret=[secret[start : start + 4] for start in range(0, len(secret), 4)],
    )


def _confirmed(form: FactorForm, place: Place) -> list[str] | None:
    """The recovery codes, if the first code of the app was right."""
    if not form.validate_on_submit():
        return None
    now, user = datetime.now(UTC), place.user
    with write() as db:
        codes = _set_up(db, place, form.code.data or "", now)
        if codes:
            tell_changed(db, user, _l("the second factor was set up"), now)
    jobs.wake(current_app)
    if codes is None:
        form.code.errors = [
            _("The code is not right. Check that the phone shows the right time, and enter the code it shows now")
        ]
    else:
        session.pop(SETTING_UP, None)
    return codes


def _set_up(db: Session, place: Place, code: str, now: datetime) -> list[str] | None:
    user, box, replaced = place.user, session.get(SETTING_UP, ""), not place.on_the_way
    done = second_factor.confirm(db, settings(), user.id, box, code, now, replace=replaced)
    actor = replace(audit.here(), user_id=user.id)
    result = "done" if done else "refused"
    audit.record(db, actor, "account.second_factor", user.public_id, now=now, result=result, detail="set_up")
    return second_factor.new_recovery_codes(db, settings(), user.id, now) if done else None


# -- recovery codes ----------------------------------------------------------------------------------------------------


@requires(ACCOUNT)
def recovery_codes() -> Any:
    codes = codes_to_show(signed_in().user_id)
    if codes is None:
        return _leave_codes()
    grouped = [" ".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]
    return render_template("accounts/recovery_codes.html", codes=grouped)


@requires(ACCOUNT)
def recovery_codes_kept() -> Response:
    return _leave_codes()


def _leave_codes() -> Response:
    kept = session.pop(CODES, None)
    target = local_path(kept["next"]) if kept else None
    return redirect(target or first_page(signed_in().user_id), 303)
