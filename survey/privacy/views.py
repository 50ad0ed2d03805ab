"""Privacy: notices, one's own data, requests, closing; what a firm permits and what left it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for

from survey import audit
from survey.access import ACCOUNT, GRANTS, public, requires
from survey.database import reading, write
from survey.formatting import local_time
from survey.identity import signed_in
from survey.privacy import asking, closing_views, copy_views, firm_views, notices, rights
from survey.privacy.asking import ASKED
from survey.privacy.own import firms_of
from survey.redirects import local_path

bp = Blueprint("privacy", __name__, url_prefix="/privacy")
for _part in (copy_views.bp, closing_views.bp, firm_views.bp):
    bp.register_blueprint(_part)
bp.app_context_processor(asking.for_templates)


@bp.get("/<version>")
@public
def older(version: str) -> Any:
    """One version of the notice, also one that is no longer in force."""
    found = notices.notice(version) or abort(404)
    current = notices.NOTICES[0].version
    return render_template("pages/privacy.html", notice=found, current=current, notices=notices.NOTICES)


@bp.post("/accept")
@requires(ACCOUNT)
def accept() -> Any:
    """The person has read the version in force; or "later", which hides the question until the next sign-in."""
    if request.form.get("then") != "later":
        with write() as db:
            version = notices.NOTICES[0].version
            notices.accept(db, signed_in().user_id, version, audit.here(), datetime.now(UTC))
    session[ASKED] = notices.NOTICES[0].version
    return redirect(local_path(request.form.get("next")) or url_for("privacy.mine"), 303)


@bp.get("/mine")
@requires(ACCOUNT)
def mine() -> str:
    """Everything a person can do about the own data."""
    who, db = signed_in(), reading()
    return render_template(
        "privacy/mine.html",
        accepted=notices.accepted(db, who.user_id),
        firms=firms_of(db),
        grants=GRANTS,
        requests=rights.requests_of(db, who.user_id),
        kinds=rights.KINDS,
        states=rights.STATES,
        overdue=rights.overdue,
        today=local_time(datetime.now(UTC)).date(),
    )
