"""Claims to decide: the list, one claim with its letter, the decision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import acting, requires
from survey.city.calendar import all_named_days
from survey.claims import deciding, letters
from survey.claims.actions import decided_already
from survey.claims.deciding import InvolvedYourself
from survey.claims.due import due_on
from survey.claims.queries import HOWS
from survey.database import reading, write
from survey.desk import claim_queries as queries
from survey.desk.claim_forms import DecisionForm
from survey.desk.claim_queries import DECIDE
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Claim
from survey.settings import Settings

bp = Blueprint("claim", __name__, url_prefix="/claims")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@requires(DECIDE)
def listed() -> str:
    """Registered as `desk.claims`."""
    today = local_time(datetime.now(UTC)).date()
    lines, count = queries.lines(reading(), today, page_language())
    return render_template("desk/claims.html", lines=lines, count=count)


@bp.get("/<public_id>")
@requires(DECIDE)
def page(public_id: str) -> str:
    claim = queries.claim_or_404(reading(), public_id)
    form = DecisionForm(data={"dispute": str(claim.dispute)})
    form.offer(deciding.choices(claim), claim.how)
    return _page(claim, form)


def _page(claim: Claim, form: DecisionForm) -> str:
    session, language = reading(), page_language()
    return render_template(
        "desk/claims_one.html",
        claim=claim,
        form=form,
        how=HOWS[claim.how],
        state=queries.state_of(claim),
        due=due_on(all_named_days(session), claim.made_at),
        comparison=queries.comparison(session, claim, language),
        holders=queries.holders(session, claim),
        involved=deciding.is_involved(session, claim, signed_in().user_id),
        has_letter=bool(claim.letter_file and letters.path_of(_settings(), claim.letter_file)),
    )


@bp.post("/<public_id>")
@requires(DECIDE)
def decide(public_id: str) -> Any:
    claim = queries.claim_or_404(reading(), public_id)
    actor, now = audit.here(acting(DECIDE)), datetime.now(UTC)
    if deciding.is_involved(reading(), claim, signed_in().user_id):
        raise _involved(claim, actor, now)
    form = DecisionForm()
    form.offer(deciding.choices(claim), claim.how)
    seen = form.dispute.data == "True"
    _still_open(claim, seen)
    if not form.validate_on_submit():
        return _page(claim, form), 422
    try:
        with write() as session:
            deciding.decide(
                session, _settings(), claim.id, form.choice.data, form.reason.data or None, seen, actor, now
            )
    except InvolvedYourself:
        raise _involved(claim, actor, now) from None
    jobs.wake(current_app)
    return redirect(url_for("desk.claim.page", public_id=public_id), 303)


def _still_open(claim: Claim, seen_dispute: bool) -> None:
    """The claim is as it was on the page; `decide` looks once more, with the firm held."""
    if claim.state != "waiting":
        raise decided_already()
    if claim.dispute != seen_dispute:
        raise deciding.changed()


def _involved(claim: Claim, actor: audit.Actor, now: datetime) -> Problem:
    """The attempt is on record even though nothing was decided."""
    with write() as session:
        deciding.refuse_involved(session, claim, actor, now)
    return Problem(
        403,
        _("A colleague must decide this"),
        _("You belong or belonged to this firm, or have claimed it. Nothing was changed; the attempt is on record."),
    )


@bp.post("/<public_id>/letter")
@requires(DECIDE)
def letter(public_id: str) -> Response:
    """The letter as a download. It is put on record who took it, hence no GET."""
    claim = queries.claim_or_404(reading(), public_id)
    path = letters.path_of(_settings(), claim.letter_file) if claim.letter_file else None
    if path is None or claim.letter_type is None:
        abort(404)
    with write() as session:
        audit.record(
            session, audit.here(acting(DECIDE)), "claim.letter", claim.public_id, now=datetime.now(UTC),
            organisation_id=claim.organisation_id,
        )  # fmt: skip
    name = _("Letter of authorisation %(code)s", code=claim.organisation.credit_code) + path.suffix
    return send_file(path, claim.letter_type, as_attachment=True, download_name=name, max_age=0)
