"""Claiming a firm: by code, or by a letter that an office approves.

What these pages say is the same for firms on the list, firms that somebody holds and firms nobody has heard of.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from survey import audit, jobs
from survey.access import ACCOUNT, requires
from survey.city.calendar import all_named_days
from survey.claims import actions, letters, queries
from survey.claims.actions import MustWait, Outcome, TooManyClaims
from survey.claims.forms import CodeForm, LetterForm, WithdrawForm
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.models import Claim
from survey.organisations import industries
from survey.organisations.actions import CreditCodeTaken, Details
from survey.organisations.queries import area_by_public_id, is_member
from survey.settings import Settings

bp = Blueprint("claims", __name__, url_prefix="/claim")

CLAIMING = "claiming"
"""Key in the browser's session: what was typed when a firm was entered that needs a claim."""
KIBIBYTE = 1024


@bp.url_value_preprocessor
def _allow_a_letter(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The one form with a file; said before anything reads the form."""
    if endpoint == "claims.send_letter":
        request.max_content_length = letters.MOST_BYTES + 64 * KIBIBYTE


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.get("")
@requires(ACCOUNT)
def home() -> str:
    return _home_page(CodeForm(data=session.get(CLAIMING)))


@bp.get("/needed")
@requires(ACCOUNT)
def needed() -> str:
    """Where entering a firm leads that must be claimed."""
    return _home_page(CodeForm(data=session.get(CLAIMING)), needed=True)


def _home_page(form: CodeForm, *, needed: bool = False) -> str:
    mine = queries.own_claims(reading(), signed_in().user_id)
    return render_template("claims/home.html", form=form, mine=mine, needed=needed)


@bp.post("")
@requires(ACCOUNT)
def with_code() -> Any:
    form = CodeForm()
    if not form.validate_on_submit():
        return _home_page(form), 422
    assert form.code is not None
    now = datetime.now(UTC)
    try:
        with write() as db:
            outcome = actions.claim_by_code(
                db, _settings(), form.code.text, form.claim_code.data or "", audit.here(), now
            )
    except MustWait as refused:
        form.claim_code.errors = [_wait(refused)]
        return _home_page(form), 429
    if outcome is None:
        form.claim_code.errors = [
            _(
                "The two codes do not go together, or the claim code was used or is older than 30 days. Check both; "
                "your district's office can make a new one"
            )
        ]
        return _home_page(form), 422
    return _led_to(outcome)


def _wait(refused: MustWait) -> str:
    minutes = int(refused.wait.total_seconds() // 60) + 1
    return ngettext(
        "Too many wrong codes. Wait %(num)d minute, then try again",
        "Too many wrong codes. Wait %(num)d minutes, then try again",
        minutes,
    )


def _led_to(outcome: Outcome) -> Any:
    """To the firm, or to the page of the claim that waits."""
    jobs.wake(current_app)
    session.pop(CLAIMING, None)
    if outcome.firm is not None:
        return redirect(url_for("organisations.firm", public_id=outcome.firm.public_id, claimed="1"), 303)
    assert outcome.claim is not None
    return redirect(url_for("claims.own", public_id=outcome.claim.public_id), 303)


# -- by a letter -------------------------------------------------------------------------------------------------------


@bp.get("/letter")
@requires(ACCOUNT)
def letter() -> str:
    form = LetterForm(data=session.get(CLAIMING))
    form.offer_areas()
    return _letter_page(form)


def _letter_page(form: LetterForm) -> str:
    return render_template("claims/letter.html", form=form, most=industries.MOST_MATCHES)


@bp.get("/letter/template")
@requires(ACCOUNT)
def template() -> str:
    """The wording of the letter, one page to print, fill in and seal."""
    return render_template("claims/template.html", name=signed_in().name)


@bp.post("/letter")
@requires(ACCOUNT)
def send_letter() -> Any:
    form = LetterForm()
    form.offer_areas()
    if not form.validate_on_submit():
        return _letter_page(form), 422
    try:
        kept = letters.keep(_settings(), form.letter.data.filename, form.letter.data.read(letters.MOST_BYTES + 1))
    except letters.Refused as refused:
        form.letter.errors = [letters.FAULTS[refused.why]]
        return _letter_page(form), 422
    used = False
    try:
        outcome = _claim(form, kept)
        used = outcome.claim is not None and outcome.claim.letter_file == kept.file
    finally:
        if not used:
            letters.remove(_settings(), kept.file)
    return _led_to(outcome)


def _claim(form: LetterForm, kept: letters.Kept) -> Outcome:
    assert form.code is not None
    area = area_by_public_id(reading(), form.area.data)
    assert area is not None  # the form offers only areas that are there
    details = Details(form.name.data or "", area.id, form.industry_code)
    typed = {"name": details.name, "area": area.public_id, "industry": details.industry_code}
    remark, now = form.remark.data or None, datetime.now(UTC)
    try:
        with write() as db:
            return actions.claim_by_letter(
                db, _settings(), form.code, details, typed, remark, kept, audit.here(), now
            )  # fmt: skip
    except TooManyClaims:
        text = _("You have claimed ten firms within a day. Go on tomorrow, or ask your district's office.")
        raise Problem(429, _("Too many requests"), text) from None
    except CreditCodeTaken:
        text = _("Nothing was saved. Go back and send the form again.")
        raise Problem(409, _("Somebody entered the same firm at this moment"), text) from None


# -- what became of it -------------------------------------------------------------------------------------------------


@bp.get("/<public_id>")
@requires(ACCOUNT)
def own(public_id: str) -> str:
    claim = _own_or_404(public_id)
    firm = claim.organisation
    mine = claim.state == "approved" and is_member(
        reading(), firm.id, signed_in().user_id, local_time(datetime.now(UTC)).date()
    )
    shown = queries.shown(claim, all_named_days(reading()))
    return render_template(
        "claims/own.html", claim=shown, firm_id=firm.public_id if mine else None, form=WithdrawForm()
    )


@bp.post("/<public_id>/withdraw")
@requires(ACCOUNT)
def withdraw(public_id: str) -> Any:
    claim, now = _own_or_404(public_id), datetime.now(UTC)
    with write() as db:
        file = actions.withdraw(db, claim.id, audit.here(), now)
    letters.remove(_settings(), file)
    return redirect(url_for("claims.own", public_id=public_id), 303)


def _own_or_404(public_id: str) -> Claim:
    return queries.own_claim(reading(), public_id, signed_in().user_id) or abort(404)


def _today() -> date:
    return local_time(datetime.now(UTC)).date()
