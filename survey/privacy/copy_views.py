"""A copy of one's own data, without anybody in between; and requests that need somebody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey import audit, limits
from survey.access import ACCOUNT, requires
from survey.city.calendar import all_named_days
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.privacy import copies, downloads, rights
from survey.privacy.forms import RequestForm
from survey.privacy.own_parts import OWN

bp = Blueprint("own", __name__, url_prefix="/mine")


@bp.get("/copy")
@requires(ACCOUNT, fresh=True)
def copy() -> str:
    return render_template("privacy/copy.html", parts=OWN)


@bp.post("/copy")
@requires(ACCOUNT, fresh=True)
def make_copy() -> Any:
    who, now, ending = signed_in(), datetime.now(UTC), request.form.get("format", "")
    if ending not in downloads.FORMATS:
        abort(400)
    with write() as db:
        if not limits.count(db, "data copies", who.public_id, now):
            raise too_many_copies()
        audit.record(db, audit.here(), "data.copy", who.public_id, now=now, detail=ending)
    return downloads.sent(copies.filled(reading(), OWN, who.user_id), ending, _("Your data"), "my-data", now)


def too_many_copies() -> Problem:
    return Problem(429, _("Too many copies today"), _("Ten copies a day can be made. Take the next one tomorrow."))


@bp.get("/request")
@requires(ACCOUNT)
def new_request() -> str:
    return _request_page(RequestForm())


def _request_page(form: RequestForm) -> str:
    today = local_time(datetime.now(UTC)).date()
    named = all_named_days(reading())
    due = {kind: rights.due_on(named, kind, today) for kind in ("close", "other")}
    return render_template("privacy/request.html", form=form, due=due)


@bp.post("/request")
@requires(ACCOUNT)
def ask() -> Any:
    form = RequestForm()
    if not form.validate_on_submit():
        return _request_page(form), 422
    try:
        with write() as db:
            rights.ask(db, form.kind.data, form.text.data or None, audit.here(), datetime.now(UTC))
    except rights.TooManyOpen:
        text = _("Ten requests are open already. They are answered by the day shown with each.")
        raise Problem(429, _("Too many open requests"), text, url_for("privacy.mine"), _("Your data")) from None
    return redirect(url_for("privacy.mine", _anchor="requests"), 303)
