"""All addresses around the account: registering, signing in and out, second factor, passwords, proofs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from survey import audit
from survey.accounts import (
    code_views,
    password_views,
    proving_views,
    registration_views,
    second_factor_views,
    sign_in_views,
)
from survey.accounts.patience import MustWait
from survey.database import write
from survey.redirects import local_path

bp = Blueprint("accounts", __name__)

ADDRESSES: Final = (
    ("GET", "/register", registration_views.register),
    ("POST", "/register", registration_views.start),
    ("GET", "/register/code", registration_views.code),
    ("POST", "/register/code", registration_views.confirm),
    ("GET", "/sign-in", sign_in_views.sign_in),
    ("POST", "/sign-in", sign_in_views.check_sign_in),
    ("GET", "/sign-in/code", code_views.ask_code),
    ("POST", "/sign-in/code", code_views.send_code),
    ("GET", "/sign-in/code/enter", code_views.enter_code),
    ("POST", "/sign-in/code/enter", code_views.check_code),
    ("GET", "/sign-in/second-step", second_factor_views.second_step),
    ("POST", "/sign-in/second-step", second_factor_views.check_second_step),
    ("GET", "/sign-in/second-step/set-up", second_factor_views.set_up_second_step),
    ("POST", "/sign-in/second-step/set-up", second_factor_views.confirm_second_step),
    ("GET", "/sign-in/new-password", password_views.new_password),
    ("POST", "/sign-in/new-password", password_views.change_password),
    ("GET", "/second-factor", second_factor_views.set_up_factor),
    ("POST", "/second-factor", second_factor_views.confirm_factor),
    ("GET", "/second-factor/recovery-codes", second_factor_views.recovery_codes),
    ("POST", "/second-factor/recovery-codes", second_factor_views.recovery_codes_kept),
    ("GET", "/forgotten", password_views.forgotten),
    ("POST", "/forgotten", password_views.send_link),
    ("GET", "/forgotten/sent", password_views.link_sent),
    ("GET", "/reset/<token>", password_views.reset),
    ("POST", "/reset/<token>", password_views.choose_password),
    ("GET", "/password-set", password_views.password_set),
    ("GET", "/confirm", proving_views.prove),
    ("POST", "/confirm", proving_views.check_proof),
    ("POST", "/confirm/code", proving_views.send_proof),
    ("POST", "/sign-out", sign_in_views.sign_out),
    ("GET", "/signed-out", sign_in_views.signed_out),
    ("GET", "/timed-out", sign_in_views.timed_out),
    ("POST", "/still-here", sign_in_views.still_here),
)
"""Each view has the endpoint `accounts.` with its own name."""

for method, rule, view in ADDRESSES:
    bp.add_url_rule(rule, view.__name__, view, methods=[method])


@bp.errorhandler(MustWait)
def must_wait(refusal: MustWait) -> Response:
    """The same page for known and unknown accounts, right and wrong answers: only how long it takes."""
    with write() as db:
        now = datetime.now(UTC)
        audit.record(db, audit.here(), refusal.action, None, now=now, result="refused", detail="wait")
    page = render_template("accounts/wait.html", seconds=refusal.seconds, back=_form_page())
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _form_page() -> str:
    """The page with the form that was sent: it has the same address."""
    return url_for(request.endpoint or "accounts.sign_in", next=local_path(request.form.get("next")))
