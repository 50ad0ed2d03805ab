"""Pages around the account: registration, code, sign-in, sign-out."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import ACCOUNT, public, requires
from survey.accounts import actions, passwords
from survey.accounts.forms import CodeForm, RegisterForm, SignInForm
from survey.accounts.recipients import masked, recipient
from survey.database import reading, write
from survey.errors import Problem
from survey.identity import note_seen, person, sign_in_cookie, signed_in
from survey.languages import page_language
from survey.messages import outbox
from survey.models import User
from survey.pages.navigation import site_names
from survey.pages.privacy import NOTICE_VERSION
from survey.redirects import local_path
from survey.settings import Settings

bp = Blueprint("accounts", __name__)

REGISTERING = "registering"
"""Key in the browser's session: {recipient, ticket} of a registration that waits for its code."""


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.get("/register")
@public
def register() -> Any:
    if person():
        return redirect(_home(), 303)
    return render_template("accounts/register.html", form=RegisterForm())


@bp.post("/register")
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
    try:
        with write() as db:
            started = actions.start_registration(db, wish, _settings().secret_key, now)
            _send_code(db, to, started.code, now)
    except actions.TooManyCodes:
        text = _("Five codes were sent to this number or address within an hour. Wait an hour, then start again.")
        raise Problem(429, _("Too many codes"), text) from None
    jobs.wake(current_app)
    session[REGISTERING] = {"recipient": to, "ticket": started.ticket}
    return redirect(url_for("accounts.code"), 303)


def _send_code(db: Session, to: str, code: str | None, now: datetime) -> None:
    """The code, or word that there is an account already."""
    kind, values = ("register", {"code": code}) if code else ("register_known", {"address": _address("sign_in")})
    outbox.post(db, _settings(), kind, to, page_language(), values, now, actions.CODE_LIFE)


def _address(view: str) -> str:
    """For messages: made from the configured address, never from the request."""
    return _settings().base_url + url_for(f"accounts.{view}")


@bp.get("/register/code")
@public
def code() -> Any:
    if REGISTERING not in session:
        return redirect(url_for("accounts.register"), 303)
    return _code_page(CodeForm())


def _code_page(form: CodeForm) -> str:
    return render_template("accounts/code.html", form=form, recipient=masked(session[REGISTERING]["recipient"]))


@bp.post("/register/code")
@public
def confirm() -> Any:
    if REGISTERING not in session:
        return redirect(url_for("accounts.register"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    waiting, secret, now = session[REGISTERING], _settings().secret_key, datetime.now(UTC)
    with write() as db:
        user = actions.confirm_registration(
            db, waiting["recipient"], waiting["ticket"], form.code.data or "", secret, audit.here(), now
        )
        token = actions.open_sign_in(db, user.id, _settings().absolute_hours, audit.here(), now) if user else None
    if token is None:
        form.code.errors = [_("The code is not right or no longer valid. Check it, or start again to get a new one")]
        return _code_page(form), 422
    return _signed_in(token, _home())


@bp.get("/sign-in")
@public
def sign_in() -> Any:
    if person():
        return redirect(_home(), 303)
    return render_template("accounts/sign_in.html", form=SignInForm(data={"next": request.args.get("next", "")}))


@bp.post("/sign-in")
@public
def check_sign_in() -> Any:
    """One text for every failure, and the same work for unknown accounts."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    who, password = recipient(form.recipient.data or ""), form.password.data or ""
    user = actions.user_for(reading(), *who) if who else None
    right = passwords.matches(password, user.password_hash if user else None)
    if not user or not right or user.state != "active":
        return _refuse_sign_in(form, user)
    return _signed_in(_open_sign_in(user, password), local_path(form.next.data) or _home())


def _open_sign_in(user: User, password: str) -> str:
    """A new sign-in on this browser; one that was open here ends."""
    now, before = datetime.now(UTC), person()
    outdated = passwords.is_outdated(user.password_hash or "")
    with write() as db:
        if outdated:
            actions.renew_hash(db, user.id, password)
        if before:
            actions.close_sign_in(db, before.sign_in_id, audit.here(), now)
        return actions.open_sign_in(db, user.id, _settings().absolute_hours, audit.here(), now)


def _refuse_sign_in(form: SignInForm, user: User | None) -> tuple[str, int]:
    with write() as db:
        object_id = user.public_id if user else None
        audit.record(db, audit.here(), "account.sign_in", object_id, now=datetime.now(UTC), result="refused")
    form.password.errors = [_("Number, address or password is not right. Check both and try again")]
    return render_template("accounts/sign_in.html", form=form), 422


def _signed_in(token: str, target: str) -> Response:
    """Nothing of the time before the sign-in is carried over."""
    session.clear()
    answer = redirect(target, 303)
    answer.set_cookie(sign_in_cookie(), token, httponly=True, samesite="Lax", secure=_settings().secure_cookies)
    return answer


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    who = person()
    if who:
        with write() as db:
            actions.close_sign_in(db, who.sign_in_id, audit.here(), datetime.now(UTC))
    session.clear()
    answer = redirect(url_for("accounts.signed_out"), 303)
    answer.delete_cookie(sign_in_cookie(), httponly=True, samesite="Lax", secure=_settings().secure_cookies)
    # not "cookies": that would also forget the language and the view
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/signed-out")
@public
def signed_out() -> str:
    return render_template("accounts/signed_out.html")


@bp.get("/timed-out")
@public
def timed_out() -> str:
    """Where somebody lands whose sign-in has ended: what happened to the work, and the way back to it."""
    return render_template("accounts/timed_out.html", next=local_path(request.args.get("next")))


@bp.post("/still-here")
@requires(ACCOUNT)
def still_here() -> dict[str, int]:
    """Extends the idle time, for the script that warns before its end. GETs write nothing, hence this address."""
    who = signed_in()
    note_seen(who, datetime.now(UTC), at_once=True)
    return {"seconds": who.idle_seconds}


def _home() -> str:
    """The first page after signing in."""
    return url_for("answering.home" if "answering.home" in current_app.view_functions else "pages.start")
